"""One article on a terminal, its statements marked by stance and listed beneath."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console, Group
from rich.table import Table
from rich.text import Text

from sayso.records import STANCES, Article, Statement
from sayso.summary import STANCE_STYLES, WITHHELD

__all__ = ["marked_text", "show_article", "statement_table"]


def show_article(console: Console, article: Article, statements: Sequence[Statement]) -> None:
    """Print an article and its statements."""
    heading = Text(article.title or article.id, style="bold")
    about = " · ".join(part for part in (article.outlet, article.published) if part)
    console.print(Group(heading, Text(about, style="dim"), Text()))
    console.print(marked_text(article, statements))
    console.print()
    console.print(statement_table(statements))


def marked_text(article: Article, statements: Sequence[Statement]) -> Text:
    """The article's text: contents in their stance's colour, nested ones underlined, sources bold,
    cues italic; a number before each content leads to the list.
    """
    text = Text(_printable(article.text))
    for statement in statements:
        nested = " underline" if statement.parent_id else ""
        for span in statement.content_spans:
            text.stylize(_style(statement) + nested, span.start, span.end)
    for statement in statements:
        for span in statement.source_spans:
            text.stylize("bold", span.start, span.end)
        for span in statement.cue_spans:
            text.stylize("italic", span.start, span.end)
    marks = sorted(
        ((s.content_spans[0].start, n) for n, s in enumerate(statements, 1) if s.content_spans),
        reverse=True,
    )
    for start, number in marks:
        style = f"dim {_style(statements[number - 1])}"
        text = Text.assemble(text[:start], (f"[{number}]", style), text[start:])
    return text


def statement_table(statements: Sequence[Statement]) -> Table:
    """One row a statement: number, stance with its probability, source, cue, content."""
    table = Table(box=None, pad_edge=False, header_style="dim", expand=True)
    table.add_column("", justify="right", style="dim", no_wrap=True, min_width=2)
    table.add_column("stance", no_wrap=True, min_width=11)
    table.add_column("p", justify="right", no_wrap=True, min_width=4)
    table.add_column("source", max_width=24, overflow="ellipsis", no_wrap=True)
    table.add_column("cue", max_width=14, overflow="ellipsis", no_wrap=True, style="italic")
    table.add_column("content", overflow="ellipsis", no_wrap=True, ratio=1)
    numbers = {statement.statement_id: n for n, statement in enumerate(statements, 1)}
    for number, statement in enumerate(statements, 1):
        inside = numbers.get(statement.parent_id or "")
        content = _printable(" ".join((statement.content_text or "").split()))
        table.add_row(
            f"{number}",
            Text(statement.stance or WITHHELD, style=_style(statement)),
            f"{max(getattr(statement, f'p_{stance}') for stance in STANCES):.2f}",
            Text(_printable(_source(statement))),
            Text(_printable(statement.cue_text or "–")),
            Text(f"↳ in {inside}: {content}" if inside else content),
        )
    return table


def _style(statement: Statement) -> str:
    return STANCE_STYLES[statement.stance or WITHHELD]


def _source(statement: Statement) -> str:
    written, entity = statement.source_text, statement.source_entity
    if written is None:
        return "–"
    return f"{entity} ({written})" if entity and entity not in written else entity or written


def _printable(text: str) -> str:
    """Control characters and lone surrogates as U+FFFD, so that a text cannot drive a terminal."""
    return "".join(c if c == "\n" or c == "\t" or c.isprintable() else "\ufffd" for c in text)

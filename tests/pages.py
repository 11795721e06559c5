"""Small corpora for the report: articles, statements, and the tables of a profiled corpus."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from sayso.profiles.schema import CLAIMS, OUTLETS, SAID, SOURCES
from sayso.records import STANCES, Article, Span, Statement, join_pieces
from sayso.table import encodable, statements_to_table

HOSTILE = (
    "</script><script>window.hacked=1</script>",
    "<img src=x onerror='window.hacked=1'>",
    '"><svg onload="window.hacked=1">',
    "javascript:window.hacked=1",
    "<!--<script>window.hacked=1//",
    "</style></textarea></title>&lt;b&gt;&amp;",
    "a\u2028b\u2029c",
    "gpj.\u202eexe",
    "lone \ud800 half",
    "nul \x00 and \x1b[31m",
    "__proto__",
    "constructor",
    "x" * 300,
    "#/../%E0%A4%A ?&",
    "${window.hacked=1} {{7*7}}",
    "\U0001f5de \U0001d54f paper",
)
"""What an article may hold that means harm, or trouble."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A statement to be found in an article.

    Attributes:
        article: its id.
        source, cue, content: as they stand in the text, found from the first on; None if unwritten.
        stance: one of `STANCES`.
        claim: its claim.
        inside, denies: which statement of all, by number.
    """

    article: str
    source: str | None
    cue: str | None
    content: str
    stance: str
    claim: str
    inside: int | None = None
    denies: int | None = None


@dataclass(frozen=True, slots=True)
class Corpus:
    """Articles, the statements in them, and the four tables made of those."""

    articles: Sequence[Article]
    statements: pa.Table
    sources: pa.Table
    outlets: pa.Table
    claims: pa.Table
    said: pa.Table


def corpus(articles: Sequence[Article], marks: Sequence[Mark], **columns: Any) -> Corpus:
    """A corpus with what is marked in it; `columns` go into each source's and outlet's row."""
    texts = {article.id: article for article in articles}
    numbers: Counter[str] = Counter()
    ids: list[str] = []
    statements = []
    for mark in marks:
        article = texts[mark.article]
        ids.append(f"{article.id}#{numbers[article.id]}")
        numbers[article.id] += 1
        statements.append(_statement(article, mark, ids))
    rows = list(zip(statements, marks, strict=True))
    return Corpus(
        articles,
        statements_to_table(statements),
        _table(SOURCES, _profiles(rows, "source", columns)),
        _table(OUTLETS, _profiles(rows, "outlet", columns)),
        _table(CLAIMS, _claims(rows)),
        _table(SAID, [_said(row, mark, ids) for row, mark in rows]),
    )


def demo(sources: int = 120) -> Corpus:
    """Two outlets on a bridge, with nested statements and denials, and a list of many witnesses."""
    texts = {
        "bridge": "The mayor, Ada Brink, said the bridge was safe. The union said that Brink had "
        "denied the report of cracks.\n\nEngineer Tom Vale said it may be unsafe. “It is not "
        "safe,” said Ivo Lund.",
        "bridge-2": "Ada Brink now denies that the bridge was safe 🌉. Perhaps it will close, said "
        "Tom Vale.",
    }
    texts["road"] = "\n".join(f"Witness {n} said road {n} was shut." for n in range(sources))
    articles = [
        Article("bridge", texts["bridge"], "Is the bridge safe?", "Harbour Wire", "2025-03-04"),
        Article(
            "bridge-2", texts["bridge-2"], None, "Ledger", "2025-04-06", "https://example.org/"
        ),
        Article("road", texts["road"], "Roads", "Ledger", "in spring"),
    ]
    marks = [
        Mark("bridge", "Ada Brink", "said", "the bridge was safe", "assertion", "safe"),
        Mark("bridge", "The union", "said", "that Brink had denied the report of cracks",
             "assertion", "told"),
        Mark("bridge", "Brink", "denied", "the report of cracks", "denial", "cracks", inside=1),
        Mark("bridge", "Tom Vale", "said", "it may be unsafe", "hedge", "unsafe"),
        Mark("bridge", "Ivo Lund", "said", "“It is not safe,”", "denial", "safe", denies=0),
        Mark("bridge-2", "Ada Brink", "denies", "that the bridge was safe 🌉", "denial", "safe"),
        Mark("bridge-2", "Tom Vale", "said", "Perhaps it will close", "speculation", "safe"),
    ]  # fmt: skip
    marks += [
        Mark("road", f"Witness {n}", "said", f"road {n} was shut", "assertion", f"road {n}")
        for n in range(sources)
    ]
    return corpus(articles, marks, reasons=["Two of its claims are spoken about by others."])


def hostile() -> Corpus:
    """A corpus in which every text that a user can give is hostile."""
    articles, marks = [], []
    for number, text in enumerate(HOSTILE):
        articles.append(
            Article(
                f"{number} {text}", f"{text} said that {text} was {text}.", text, text, text, text
            )
        )
        marks.append(
            Mark(articles[-1].id, text, "said", f"that {text} was {text}", "denial", f"c{number}")
        )
        marks.append(Mark(articles[-1].id, None, None, text, "hedge", f"c{number}", inside=0))
    long = Article("long", "word " * 200_000 + "Ann said so.", HOSTILE[12] * 10)
    marks.append(Mark("long", "Ann", "said", "so", "speculation", "c0"))
    return corpus([*articles, long], marks, reasons=list(HOSTILE), aliases=list(HOSTILE))


def _statement(article: Article, mark: Mark, ids: Sequence[str]) -> Statement:
    def spans(piece: str | None) -> tuple[Span, ...]:
        if piece is None:
            return ()
        start = article.text.index(piece, max(article.text.find(mark.content) - 40, 0))
        return (Span(start, start + len(piece)),)

    found = {"source": spans(mark.source), "cue": spans(mark.cue), "content": spans(mark.content)}
    return Statement(
        article_id=article.id,
        statement_id=ids[-1],
        source_spans=found["source"],
        cue_spans=found["cue"],
        content_spans=found["content"],
        source_text=join_pieces(article.text, found["source"]),
        cue_text=join_pieces(article.text, found["cue"]),
        content_text=join_pieces(article.text, found["content"]),
        form="indirect",
        stance=mark.stance,
        **{f"p_{stance}": 0.7 if stance == mark.stance else 0.1 for stance in STANCES},
        p_statement=0.9,
        source_entity=mark.source,
        source_kind="person" if mark.source else "unnamed",
        parent_id=None if mark.inside is None else ids[mark.inside],
        outlet=article.outlet,
        published=article.published,
        model="stub",
    )


def _profiles(
    rows: Sequence[tuple[Statement, Mark]], what: str, columns: dict[str, Any]
) -> list[dict[str, Any]]:
    groups: dict[str, list[tuple[Statement, Mark]]] = defaultdict(list)
    for row, mark in rows:
        name = row.outlet if what == "outlet" else row.source_entity
        if name:
            groups[name].append((row, mark))
    out = []
    for name, group in sorted(groups.items(), key=lambda item: (-len(item[1]), item[0])):
        stances = Counter(row.stance for row, _ in group)
        out.append(
            {
                "id": f"{what} {name}",
                "name": name,
                "kind": group[0][0].source_kind,
                "statements": len(group),
                "articles": len({row.article_id for row, _ in group}),
                "outlets": len({row.outlet for row, _ in group}),
                "sources": len({row.source_entity for row, _ in group}),
                "first": group[0][0].published,
                "last": group[-1][0].published,
                **{f"share_{stance}": stances[stance] / len(group) for stance in STANCES},
                "claims": len({mark.claim for _, mark in group}),
                "shared": len(group) - 1,
                "reliability": 0.71 if len(group) > 1 else 0.6,
                "reliability_low": 0.55 if len(group) > 1 else 0.2,
                "reliability_high": 0.83 if len(group) > 1 else 0.9,
                "prior": 0.6,
                "checked": float(len(group) - 1),
                "letter": "B" if len(group) > 1 else "F",
                "evidence": [row.statement_id for row, _ in group][:10],
                **columns,
            }
        )
    return out


def _claims(rows: Sequence[tuple[Statement, Mark]]) -> list[dict[str, Any]]:
    groups: dict[str, list[Statement]] = defaultdict(list)
    for row, mark in rows:
        groups[mark.claim].append(row)
    out = []
    for name, group in groups.items():
        latest = {row.source_entity: row.stance for row in group}
        stances = Counter(latest.values())
        out.append(
            {
                "id": f"claim {name}",
                "text": group[0].content_text,
                "statement": group[0].statement_id,
                "statements": len(group),
                "articles": len({row.article_id for row in group}),
                "outlets": len({row.outlet for row in group}),
                "sources": len(latest),
                "asserting": stances["assertion"],
                "denying": stances["denial"],
                "hedging": stances["hedge"],
                "speculating": stances["speculation"],
                "contested": len(stances) > 1 and stances["denial"] > 0,
                "p_true": 0.4 if len(latest) > 1 else None,
                "digit": "4" if len(latest) > 1 else "6",
                "reasons": [f"{len(latest)} sources speak about it."],
            }
        )
    return sorted(out, key=lambda row: (-row["sources"], row["id"]))


def _said(row: Statement, mark: Mark, ids: Sequence[str]) -> dict[str, Any]:
    against = row.stance == "denial"
    return {
        "statement_id": row.statement_id,
        "article_id": row.article_id,
        "outlet_id": f"outlet {row.outlet}" if row.outlet else None,
        "source_id": f"source {row.source_entity}" if row.source_entity else None,
        "claim_id": f"claim {mark.claim}",
        "position": "against" if against else "open" if row.stance == "speculation" else "for",
        "denies": None if mark.denies is None else ids[mark.denies],
        "digit": "6",
    }


def _table(schema: pa.Schema, rows: Sequence[dict[str, Any]]) -> pa.Table:
    def plain(value: Any) -> Any:
        if isinstance(value, list):
            return [plain(one) for one in value]
        return encodable(value) if isinstance(value, str) else value

    return pa.Table.from_pylist(
        [{name: plain(row.get(name)) for name in schema.names} for row in rows], schema
    )

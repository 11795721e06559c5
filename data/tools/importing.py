"""Labels made in a tool → labelled articles, with all that could not be read named."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from data.records import Convention, LabelledArticle, Origin
from data.rows import convention_of, read_article
from data.save import article_row
from data.tools.argilla import read_argilla
from data.tools.doccano import read_doccano
from data.tools.drafts import Draft, Seen
from data.tools.jsonfile import json_rows
from data.tools.labelstudio import read_label_studio
from data.tools.prodigy import read_prodigy
from data.tools.regions import Marking
from data.tools.rejected import Rejected
from data.tools.sheet import read_sheet
from data.tools.standoff import read_standoff
from sayso.articles import article_from_values
from sayso.errors import InputError, UsageError
from sayso.rejects import RejectWriter, rejects_path
from sayso.write import whole_file

__all__ = ["Imported", "import_labels", "own_rows", "save_labels"]

READERS: Mapping[str, Callable[[Path, Rejected], Iterator[Marking]]] = {
    "label-studio": read_label_studio,
    "doccano": read_doccano,
    "prodigy": read_prodigy,
    "argilla": read_argilla,
    "brat": read_standoff,
    "csv": read_sheet,
}
"""The tools' formats; our own, `jsonl`, is read as it is."""

_JOINED = ("prodigy", "argilla", "csv")
"""Formats in which several rows by one person may make an article."""


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import wrote.

    Attributes:
        articles: rows written, each an article as one person marked it.
        statements: in them.
        rejects: named in the file of rejects.
        stances: statements by stance; None where none was chosen.
        annotators: articles by annotator; None where not known.
        skipped: what was passed over by design, such as cancelled annotations, and how often.
    """

    articles: int
    statements: int
    rejects: int
    stances: Mapping[str | None, int]
    annotators: Mapping[str | None, int]
    skipped: Mapping[str, int]


def save_labels(
    path: Path,
    tool: str,
    out: Path,
    *,
    marked: str | None = None,
    annotator: str | None = None,
    today: date | None = None,
) -> Imported:
    """Import a file and write `load_labels`' rows to another, and the rejects beside it.

    Args:
        path: a file, or a folder of brat's.
        tool: one of `data.tools.formats.FORMATS`.
        out: the file to write; both are written whole or not at all.
        marked: see `import_labels`.
        annotator: see `import_labels`.
        today: see `import_labels`.

    Raises:
        InputError: the file cannot be read at all.
        UsageError: the output cannot be written, or is the input.
    """
    if out.is_dir() or (out.exists() and out.resolve() == path.resolve()):
        raise UsageError(f"expected an output file other than the input, found {out}")
    statements, stances, annotators = 0, Counter[str | None](), Counter[str | None]()
    try:
        with RejectWriter(rejects_path(str(out))) as rejects, whole_file(out) as fresh:
            rejected = Rejected(str(path), rejects)
            with fresh.open("w", encoding="utf-8", errors="backslashreplace") as handle:
                for article in import_labels(
                    path, tool, rejected, marked=marked, annotator=annotator, today=today
                ):
                    handle.write(json.dumps(article_row(article), ensure_ascii=False) + "\n")
                    statements += len(article.statements)
                    stances.update(one.stance for one in article.statements)
                    annotators[article.annotator] += 1
    except OSError as error:
        raise UsageError(f"expected a file to write, found {error}") from error
    return Imported(
        annotators.total(), statements, rejected.count, stances, annotators, rejected.skipped
    )


def import_labels(
    path: Path,
    tool: str,
    rejected: Rejected,
    *,
    marked: str | None = None,
    annotator: str | None = None,
    today: date | None = None,
) -> Iterator[LabelledArticle]:
    """Stream the articles of a file as they were marked.

    Of an article that the same person marked twice only the first is given, but rows of Prodigy,
    Argilla and CSV are put together. What makes no statement is rejected, and its article is
    `PARTIAL` then.

    Args:
        path: a file, or a folder of brat's.
        tool: one of `data.tools.formats.FORMATS`.
        rejected: is told what could not be read.
        marked: a `Convention`; if left out `PARTIAL` for CSV, what each row says for JSONL, and
            `FULL` for the rest.
        annotator: who marked what does not say so.
        today: the date of labels that have none; by the clock if left out.

    Raises:
        InputError: the file cannot be read at all.
    """
    day = (today or date.today()).isoformat()
    if tool == "jsonl":
        for article in own_rows(path, rejected, marked=marked):
            yield _with_origin(article, annotator, Origin(path.name, tool, day))
        return
    convention = marked or (Convention.PARTIAL if tool == "csv" else Convention.FULL)
    joined: dict[tuple[str, str | None], Draft] = {}
    seen = Seen()
    for marking in READERS[tool](path, rejected):
        name, who = marking.article.id, marking.annotator or annotator
        draft = joined.get((name, who)) or Draft(marking.article, who)
        try:
            seen.check(name, marking.article.text, who, again=tool in _JOINED)
        except InputError as error:
            rejected(marking.line, name, error.reason, file=marking.file)
            continue
        origin = Origin(Path(marking.file or path).name, tool, marking.date or day)
        draft.add(marking, origin, rejected)
        if tool in _JOINED:
            joined[name, who] = draft
        else:
            yield draft.finished(convention)
    for draft in joined.values():
        yield draft.finished(convention)


def own_rows(
    path: Path, rejected: Rejected, *, marked: str | None = None
) -> Iterator[LabelledArticle]:
    """Stream rows of our own; what is wrong in one is rejected by line.

    Args:
        path: what `data.loaders.load_labels` reads.
        rejected: is told what could not be read.
        marked: a `Convention`, whatever the rows say.

    Raises:
        InputError: the file cannot be read at all.
    """
    seen = Seen()
    for row in json_rows(path, rejected):
        try:
            article_from_values({key: row.values.get(key) for key in ("id", "text")})
            if "attributions" not in row.values:
                raise InputError("expected attributions, which may be empty, found none")
            convention = marked or convention_of(row.values, path, row.line)
            found = read_article(row.values, path, row.line, convention)
            if found.article is None:
                raise InputError("; ".join(error.reason for error in found.errors))
            _check_parents(found.article)
            article = found.article
            seen.check(article.id, article.text, article.annotator, again=False)
        except InputError as error:
            rejected(row.line, row.values.get("id"), error.reason)
        else:
            yield article


def _with_origin(
    article: LabelledArticle, annotator: str | None, origin: Origin
) -> LabelledArticle:
    """The article with what its rows do not say."""
    who = article.annotator or annotator
    statements = tuple(
        replace(one, annotator=one.annotator or who, origin=one.origin or origin)
        for one in article.statements
    )
    return replace(article, annotator=who, statements=statements)


def _check_parents(article: LabelledArticle) -> None:
    places = {one.id: n for n, one in enumerate(article.statements)}
    parents = [places.get(one.parent or "") for one in article.statements]
    done: set[int | None] = {None}
    for start in range(len(parents)):
        path: dict[int | None, None] = {}
        at: int | None = start
        while at is not None and at not in done:
            if at in path:
                raise InputError(f"expected parents without a circle, found one at {at}")
            path[at] = None
            at = parents[at]
        done |= path.keys()

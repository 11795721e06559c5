"""Rows of label files → records, and all that is wrong in a row, by file and line."""

from __future__ import annotations

import gzip
import json
import math
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from operator import index
from pathlib import Path
from typing import Any

from data.records import LABELS, Convention, LabelledArticle, LabelledStatement, Origin
from sayso.errors import InputError
from sayso.records import Span

__all__ = [
    "ReadArticle",
    "article_of",
    "check_spans",
    "convention_of",
    "parse_line",
    "read_article",
    "read_lines",
    "read_rows",
    "statement_of",
]


@dataclass(frozen=True, slots=True)
class ReadArticle:
    """What a row of articles holds.

    Attributes:
        line: where the row stands, from 1.
        article: None where the row cannot be read.
        errors: all that keeps it from being read, in the row's order.
    """

    line: int
    article: LabelledArticle | None
    errors: tuple[InputError, ...] = ()


def read_lines(path: Path) -> Iterator[tuple[int, bytes]]:
    """The lines that are not blank, each with its number from 1; `.gz` is unpacked.

    Raises:
        InputError: the file cannot be read.
    """
    try:
        whole = path.read_bytes()
        lines = (gzip.decompress(whole) if path.suffix == ".gz" else whole).split(b"\n")
    except (OSError, EOFError, zlib.error) as error:
        raise InputError(f"expected a file to read, found {error}", file=str(path)) from error
    yield from ((line, raw) for line, raw in enumerate(lines, 1) if raw.strip())


def read_rows(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """The JSON objects of a file, each with its line.

    Raises:
        InputError: the file cannot be read, or a line is no JSON object.
    """
    for line, raw in read_lines(path):
        yield line, parse_line(raw, path, line)


def parse_line(raw: bytes, path: Path, line: int) -> dict[str, Any]:
    """The JSON object that a line holds.

    Raises:
        InputError: it holds none.
    """
    try:
        row = json.loads(raw.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise InputError(
            f"expected a JSON object in UTF-8, found {error}", file=str(path), line=line
        ) from error
    if not isinstance(row, dict):
        raise InputError(
            f"expected a JSON object, found {type(row).__name__}", file=str(path), line=line
        )
    return row


def convention_of(row: Mapping[str, Any], path: Path, line: int) -> str:
    """How the article of a row was marked: its `convention`, or else `full`.

    Raises:
        InputError: it is no `Convention`.
    """
    found = row.get("convention", Convention.FULL)
    if found not in (Convention.FULL, Convention.FLAT, Convention.PARTIAL):
        raise InputError(
            f"expected convention to be full, flat or partial, found {found!r:.60}",
            file=str(path),
            line=line,
        )
    return str(found)


def article_of(row: Mapping[str, Any], path: Path, line: int, convention: str) -> LabelledArticle:
    """The article of a row.

    Raises:
        InputError: the first of what is wrong in it.
    """
    found = read_article(row, path, line, convention)
    if found.article is None:
        raise found.errors[0]
    return found.article


def read_article(row: Mapping[str, Any], path: Path, line: int, convention: str) -> ReadArticle:
    """The article of a row, or all that is wrong in the row."""
    errors = []
    try:
        _check_article(row, path, line)
    except InputError as error:
        return ReadArticle(line, None, (error,))
    statements = []
    marks = row.get("attributions", [])
    for number, mark in enumerate(marks):
        try:
            named = {**mark, "id": f"{row['id']}#{number}", "doc": row["id"]}
            linked = named | _links(mark, row["id"], len(marks), path, line)
            statements.append(statement_of(linked, row["text"], path, line))
        except InputError as error:
            errors.append(error)
    if errors:
        return ReadArticle(line, None, tuple(errors))
    article = LabelledArticle(
        id=row["id"],
        text=row["text"],
        title=row.get("title"),
        outlet=row.get("outlet") or row.get("publisher"),
        published=row.get("published"),
        convention=convention,
        statements=tuple(statements),
        annotator=row.get("annotator"),
    )
    return ReadArticle(line, article)


def statement_of(
    row: Mapping[str, Any], text: str | None, path: Path, line: int
) -> LabelledStatement:
    """The statement of a row or of one of an article's attributions.

    Args:
        row: has `id` and `doc`, and ids as `parent` and `denies`.
        text: the article's, if it is known; spans have to stand in it.
        path: the file.
        line: where the row stands.

    Raises:
        InputError: it is malformed.
    """
    stance = row.get("stance")
    if stance is not None and stance not in LABELS:
        raise InputError(
            f"expected stance to be one of {', '.join(LABELS)}, found {stance!r:.60}",
            file=str(path),
            line=line,
        )
    try:
        spans = {
            role: tuple(sorted(Span(index(start), index(end)) for start, end in row[role]))
            for role in ("source", "cue", "content")
        }
        name, doc = str(row["id"]), str(row["doc"])
        weight = _weight(row.get("weight", 1.0))
    except (KeyError, TypeError, ValueError, OverflowError) as error:
        raise InputError(
            "expected id, doc, source, cue and content as lists of [start, end], and a number as "
            f"weight, found {error!r}",
            file=str(path),
            line=line,
        ) from error
    if text is not None:
        pieces = [piece for role in spans.values() for piece in role]
        check_spans(pieces, text, name, file=str(path), line=line)
    _check_texts(row, ("annotator", "form", "entity", "kind", "parent", "denies"), path, line)
    return LabelledStatement(
        id=name,
        doc=doc,
        source=spans["source"],
        cue=spans["cue"],
        content=spans["content"],
        stance=stance,
        sure=bool(row.get("sure", True)),
        weight=weight,
        annotator=row.get("annotator"),
        form=row.get("form"),
        entity=row.get("entity"),
        kind=row.get("kind"),
        parent=row.get("parent"),
        denies=row.get("denies"),
        origin=_origin(row.get("origin"), path, line),
    )


def check_spans(
    spans: Sequence[Span], text: str, name: str, *, file: str | None = None, line: int | None = None
) -> None:
    """Raise unless all spans are some of the text.

    Raises:
        InputError: one is not.
    """
    for span in spans:
        if not 0 <= span.start < span.end <= len(text):
            raise InputError(
                f"{name}: expected 0 <= start < end <= {len(text)}, found "
                f"[{span.start}, {span.end}]",
                file=file,
                line=line,
            )


def _check_article(row: Mapping[str, Any], path: Path, line: int) -> None:
    for key in ("id", "text"):
        if not isinstance(row.get(key), str):
            raise InputError(
                f"expected a string {key!r}, found {row.get(key)!r:.60}", file=str(path), line=line
            )
    _check_texts(row, ("title", "outlet", "publisher", "published", "annotator"), path, line)
    marks = row.get("attributions", [])
    if not isinstance(marks, list) or not all(isinstance(mark, dict) for mark in marks):
        raise InputError(
            f"expected attributions as a list of objects, found {marks!r:.60}",
            file=str(path),
            line=line,
        )


def _check_texts(row: Mapping[str, Any], names: Sequence[str], path: Path, line: int) -> None:
    for name in names:
        if not isinstance(row.get(name), str | None):
            raise InputError(
                f"expected {name} as text, found {row[name]!r:.60}", file=str(path), line=line
            )


def _links(
    mark: Mapping[str, Any], article: str, count: int, path: Path, line: int
) -> dict[str, str]:
    """The ids of the attributions that a mark names by their place."""
    out = {}
    for name in ("parent", "denies"):
        other = mark.get(name)
        if isinstance(other, int):
            if not 0 <= other < count:
                raise InputError(
                    f"expected {name} to be one of {count} attributions, found {other}",
                    file=str(path),
                    line=line,
                )
            out[name] = f"{article}#{int(other)}"
    return out


def _weight(found: Any) -> float:
    weight = float(found)
    if not (math.isfinite(weight) and weight >= 0):
        raise ValueError(f"a weight of {weight}")
    return weight


def _origin(found: Any, path: Path, line: int) -> Origin | None:
    if found is None:
        return None
    try:
        origin = Origin(**found)
    except TypeError:
        origin = None
    texts = () if origin is None else (origin.file, origin.tool, origin.date or "")
    if not texts or not all(isinstance(text, str) for text in texts):
        raise InputError(
            f"expected origin as an object of file, tool and date, found {found!r:.80}",
            file=str(path),
            line=line,
        )
    return origin

"""A file's rows by our names of the fields, whatever kind of file it is."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sayso.csvrows import csv_rows
from sayso.errors import InputError
from sayso.fuse import Fuse
from sayso.html import read_html
from sayso.inputs import CSV, HTML, JSONL, PARQUET, TSV, Input
from sayso.lines import Line, json_object, open_bytes, text_lines
from sayso.parquetrows import parquet_rows

__all__ = ["FieldMap", "Row", "read_rows"]

MAX_FILE = 16 * 2**20
"""Most bytes of one text or HTML file, and of one line."""

FIELDS = ("id", "text", "title", "outlet", "published", "url")

OnDamage = Callable[[int | None, str], None]


@dataclass(frozen=True, slots=True)
class FieldMap:
    """The input's names for an article's fields."""

    id: str = "id"
    text: str = "text"
    title: str = "title"
    outlet: str = "outlet"
    published: str = "published"
    url: str = "url"

    def values(self, row: Mapping[str, Any]) -> dict[str, object]:
        """An article's values by our names; fields that the row lacks are left out."""
        pairs = ((name, getattr(self, name)) for name in FIELDS)
        return {name: row[theirs] for name, theirs in pairs if theirs in row}

    def names(self) -> list[str]:
        """The input's names, in the order of ours."""
        return [getattr(self, name) for name in FIELDS]


@dataclass(frozen=True, slots=True)
class Row:
    """What may be an article.

    Attributes:
        line: its line or row, from 1; None where the file is the article.
        values: by our names of the fields.
    """

    line: int | None
    values: dict[str, object]


def read_rows(source: Input, fields: FieldMap, on_damage: OnDamage, fuse: Fuse) -> Iterator[Row]:
    """Stream the rows of a file.

    Args:
        source: the file.
        fields: its names for an article's fields.
        on_damage: called with line (None for the file) and reason for what cannot be read.
        fuse: is told of each article by the caller; ends bombs early.
    """
    try:
        if source.kind == PARQUET:
            yield from _parquet(source, fields, on_damage)
        elif source.kind == JSONL:
            yield from _jsonl(source, fields, on_damage, fuse)
        elif source.kind in (CSV, TSV):
            yield from _csv(source, fields, on_damage, fuse)
        else:
            yield _page(source)
    except InputError as error:
        on_damage(None, error.reason)
    except (OSError, EOFError, ValueError, zlib.error) as error:
        on_damage(None, f"expected a readable file, found {error}")


def _lines(source: Input, on_damage: OnDamage, fuse: Fuse, *, whole: bool) -> Iterator[Line]:
    with source.open() as stored:
        watched = fuse.watch(stored) if source.packed else stored
        with open_bytes(source.path, watched) as handle:
            yield from text_lines(handle, MAX_FILE, on_damage, whole=whole, fuse=fuse)
        if source.packed and not fuse.stored:
            raise InputError("expected packed data, found an empty file")


def _jsonl(source: Input, fields: FieldMap, on_damage: OnDamage, fuse: Fuse) -> Iterator[Row]:
    for line in _lines(source, on_damage, fuse, whole=False):
        try:
            row = json_object(line.text)
        except InputError as error:
            on_damage(line.number, error.reason)
        else:
            yield Row(line.number, fields.values(row))


def _csv(source: Input, fields: FieldMap, on_damage: OnDamage, fuse: Fuse) -> Iterator[Row]:
    delimiter = "\t" if source.kind == TSV else ","
    lines = _lines(source, on_damage, fuse, whole=True)
    header: list[str] | None = None
    for row in csv_rows(lines, delimiter, on_damage):
        if header is None:
            header = row.fields
            _check_columns(header, fields)
            continue
        values = fields.values(dict(zip(header, row.fields, strict=True)))
        yield Row(row.line, {k: v for k, v in values.items() if v != "" or k == "text"})


def _parquet(source: Input, fields: FieldMap, on_damage: OnDamage) -> Iterator[Row]:
    with source.open() as handle:
        for number, row in parquet_rows(handle, fields.names(), fields.text, on_damage):
            yield Row(number, fields.values(row))


def _page(source: Input) -> Row:
    with source.open() as handle:
        raw = handle.read(MAX_FILE + 1)
    if len(raw) > MAX_FILE:
        raise InputError(f"expected at most {MAX_FILE} bytes, found more")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(f"expected UTF-8, found {error}") from error
    values = read_html(text) if source.kind == HTML else {"text": text}
    return Row(None, {"id": source.page, **values})


def _check_columns(names: list[str], fields: FieldMap) -> None:
    if fields.text not in names:
        found = ", ".join(name[:60] for name in names[:20])
        raise InputError(f"expected a column {fields.text!r} in the first line, found {found}")

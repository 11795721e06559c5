"""Readers: JSONL, Parquet, CSV, text and HTML, streamed; what cannot be read is named."""

from __future__ import annotations

import csv
import hashlib
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sayso.errors import InputError, UsageError
from sayso.html import read_html
from sayso.lines import Line, json_object, open_bytes, text_lines
from sayso.records import Article
from sayso.rejects import Reject
from sayso.table import article_from_values

__all__ = ["FieldMap", "Placed", "check_inputs", "read_articles", "read_placed"]

_JSONL = (".jsonl", ".ndjson", ".json")
_CSV = (".csv", ".tsv")
_PARQUET = (".parquet", ".pq")
_PAGES = (".html", ".htm")
_PACKED = (".gz", ".zst")
_FIELDS = ("id", "text", "title", "outlet", "published", "url")
MAX_FILE = 64 * 2**20
"""Most bytes of one text or HTML file, and of one line."""

OnReject = Callable[[Reject], None]


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
        pairs = ((name, getattr(self, name)) for name in _FIELDS)
        return {name: row[theirs] for name, theirs in pairs if theirs in row}


@dataclass(frozen=True, slots=True)
class Placed:
    """An article and where it stands.

    Attributes:
        article: as it was read.
        file: the file's name as given, or its path in a folder; `-` for standard input.
        line: its line or row, from 1; None where the file is the article.
    """

    article: Article
    file: str
    line: int | None


def check_inputs(inputs: Iterable[str]) -> None:
    """See that each input exists and is of a kind that can be read.

    Raises:
        UsageError: one does not or is not.
    """
    for name in inputs:
        if name == "-":
            continue
        path = Path(name)
        if not path.exists():
            raise UsageError(f"expected an input file or folder, found no {name}")
        if path.is_file():
            _reader(path)


def read_articles(
    inputs: Iterable[str], *, fields: FieldMap | None = None, on_reject: OnReject
) -> Iterator[Article]:
    """Stream the articles of files, folders (in order of their names) and `-` (JSONL on stdin).

    An article without an id gets its place for one: `FILE:LINE`, or the path of its own file.

    Args:
        inputs: what to read, in order.
        fields: the input's names for an article's fields.
        on_reject: called for each row or file that cannot be read, and for each repeated id.

    Raises:
        UsageError: an input does not exist or is of no kind that can be read.
    """
    for placed in read_placed(inputs, fields=fields, on_reject=on_reject):
        yield placed.article


def read_placed(
    inputs: Iterable[str], *, fields: FieldMap | None = None, on_reject: OnReject
) -> Iterator[Placed]:
    """As `read_articles`, each article with its place.

    Args:
        inputs: what to read, in order.
        fields: the input's names for an article's fields.
        on_reject: called for each row or file that cannot be read, and for each repeated id.

    Raises:
        UsageError: an input does not exist or is of no kind that can be read.
    """
    fields = fields or FieldMap()
    seen: set[bytes] = set()
    for name in inputs:
        for file, line, values in _rows(name, fields, on_reject):
            place = f"{file}:{line}" if line else file
            try:
                article = article_from_values({"id": place, **values})
            except InputError as error:
                found = values.get("id")
                on_reject(Reject(file, line, None if found is None else str(found), error.reason))
                continue
            key = hashlib.blake2b(
                article.id.encode("utf-8", "surrogatepass"), digest_size=16
            ).digest()
            if key in seen:
                reason = f"expected an id used once, found {article.id!r} again"
                on_reject(Reject(file, line, article.id, reason))
                continue
            seen.add(key)
            yield Placed(article, file, line)


Row = tuple[str, int | None, dict[str, object]]


def _rows(name: str, fields: FieldMap, on_reject: OnReject) -> Iterator[Row]:
    if name == "-":
        yield from _jsonl("-", fields, on_reject)
        return
    path = Path(name)
    if path.is_dir():
        files = sorted(p for p in path.rglob("*") if p.suffix.lower() in (".txt", *_PAGES))
        if not files:
            on_reject(Reject(name, None, None, "expected .txt or .html files, found none"))
        for file in files:
            for at, line, values in _page(str(file), fields, on_reject):
                yield at, line, {"id": file.relative_to(path).as_posix(), **values}
        return
    yield from _reader(path)(name, fields, on_reject)


def _reader(path: Path) -> Callable[[str, FieldMap, OnReject], Iterator[Row]]:
    suffixes = [suffix.lower() for suffix in path.suffixes]
    packed = bool(suffixes) and suffixes[-1] in _PACKED
    kind = suffixes[-2] if packed and len(suffixes) > 1 else suffixes[-1] if suffixes else ""
    if kind in _JSONL:
        return _jsonl
    if kind in _CSV:
        return _csv
    if kind in _PARQUET and not packed:
        return _parquet
    if kind in (".txt", *_PAGES) and not packed:
        return _page
    raise UsageError(
        "expected .jsonl, .ndjson, .json, .csv, .tsv (each also .gz, .zst), .parquet, .txt, "
        f".html or a folder, found {path}"
    )


def _jsonl(name: str, fields: FieldMap, on_reject: OnReject) -> Iterator[Row]:
    for line in _lines(name, on_reject):
        try:
            yield name, line.number, fields.values(json_object(line.text))
        except InputError as error:
            on_reject(Reject(name, line.number, None, error.reason))


def _csv(name: str, fields: FieldMap, on_reject: OnReject) -> Iterator[Row]:
    delimiter = "\t" if ".tsv" in Path(name).suffixes else ","
    csv.field_size_limit(MAX_FILE)
    current = [0]

    def lines() -> Iterator[str]:
        for line in _lines(name, on_reject):
            current[0] = line.number
            yield line.text + "\n"

    reader = csv.DictReader(lines(), delimiter=delimiter, strict=True)
    while True:
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            on_reject(Reject(name, current[0], None, f"expected a row of CSV, found {error}"))
            continue
        width = len(reader.fieldnames or ())
        if None in row or None in row.values():
            found = f"expected {width} fields as in the first line, found another number"
            on_reject(Reject(name, current[0], row.get(fields.id), found))
            continue
        yield (
            name,
            current[0],
            {k: v for k, v in fields.values(row).items() if v != "" or k == "text"},
        )


def _parquet(name: str, fields: FieldMap, on_reject: OnReject) -> Iterator[Row]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    number = 0
    try:
        with pq.ParquetFile(name) as file:
            names = [
                n for n in file.schema_arrow.names if n in {getattr(fields, f) for f in _FIELDS}
            ]
            for batch in file.iter_batches(batch_size=256, columns=names):
                for row in batch.to_pylist():
                    number += 1
                    yield name, number, fields.values(row)
    except (OSError, pa.ArrowException, UnicodeDecodeError) as error:
        reason = f"expected a Parquet file, found {error}"
        on_reject(Reject(name, number + 1 if number else None, None, reason))


def _page(name: str, fields: FieldMap, on_reject: OnReject) -> Iterator[Row]:
    path = Path(name)
    try:
        if path.stat().st_size > MAX_FILE:
            raise InputError(f"expected at most {MAX_FILE} bytes, found {path.stat().st_size}")
        raw = path.read_bytes()
        text = raw.decode("utf-8-sig")
        values = read_html(text) if path.suffix.lower() in _PAGES else {"text": text}
    except UnicodeDecodeError as error:
        on_reject(Reject(name, None, None, f"expected UTF-8, found {error}"))
    except (OSError, InputError) as error:
        reason = (
            error.reason if isinstance(error, InputError) else f"expected a file, found {error}"
        )
        on_reject(Reject(name, None, None, reason))
    else:
        yield name, None, dict(values)


def _lines(name: str, on_reject: OnReject) -> Iterator[Line]:
    """The whole lines of a file; what cannot be decoded or unpacked is rejected."""
    try:
        with open_bytes(name, sys.stdin.buffer if name == "-" else None) as handle:
            yield from text_lines(
                handle, MAX_FILE, lambda at, why: on_reject(Reject(name, at, None, why))
            )
    except OSError as error:
        on_reject(Reject(name, None, None, f"expected a readable file, found {error}"))

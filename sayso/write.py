"""Writers of statements: Parquet or JSONL, whole under their name or not there at all."""

from __future__ import annotations

import gzip
import json
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import IO, Protocol

import pyarrow as pa
import pyarrow.parquet as pq

from sayso.errors import UsageError
from sayso.records import Statement
from sayso.table import STATEMENT_SCHEMA, statements_to_table

__all__ = ["StatementWriter", "check_output", "json_line", "open_writer"]

ROW_GROUP = 16_384
"""Statements in a Parquet row group: what is held in memory before it is written."""

_ENDINGS = (".parquet", ".jsonl", ".jsonl.gz", ".jsonl.zst")


class StatementWriter(Protocol):
    """Takes statements in order."""

    def write(self, statements: Sequence[Statement]) -> None:
        """Add statements after those written before."""


def check_output(output: str, inputs: Sequence[str] = ()) -> None:
    """See that an output can be written and is none of the inputs.

    Raises:
        UsageError: its ending is unknown, its folder is not there, or it is also read from.
    """
    if output == "-":
        return
    path = Path(output)
    if not path.name.lower().endswith(_ENDINGS):
        raise UsageError(f"expected an output ending in {', '.join(_ENDINGS)} or -, found {output}")
    if path.is_dir() or not path.absolute().parent.is_dir():
        raise UsageError(f"expected an output file in a folder that is there, found {output}")
    for name in inputs:
        if name != "-" and path.exists() and Path(name).exists() and path.samefile(name):
            raise UsageError(f"expected an output other than the input, found {output}")


@contextmanager
def open_writer(output: str) -> Iterator[StatementWriter]:
    """Write to `output`: JSONL or Parquet by its ending, `-` for JSONL on standard output.

    A file is written under a temporary name beside it, synced to disk and renamed when the block
    ends well; after an exception or an interruption the name is as it was.

    Raises:
        UsageError: see `check_output`.
    """
    check_output(output)
    if output == "-":
        yield _JsonLines(sys.stdout.buffer)
        sys.stdout.buffer.flush()
        return
    path = Path(output)
    fresh = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        with _opened(fresh, path.name.lower()) as writer:
            yield writer
        with fresh.open("rb") as handle:
            os.fsync(handle.fileno())
        os.replace(fresh, path)
    finally:
        fresh.unlink(missing_ok=True)


def json_line(statement: Statement) -> bytes:
    """A statement as one line of JSON in UTF-8; lone surrogates are escaped, all else readable."""
    text = json.dumps(asdict(statement), ensure_ascii=False)
    try:
        return text.encode("utf-8") + b"\n"
    except UnicodeEncodeError:
        pieces = (f"\\u{ord(c):04x}" if "\ud800" <= c <= "\udfff" else c for c in text)
        return "".join(pieces).encode("utf-8") + b"\n"


class _JsonLines:
    def __init__(self, handle: IO[bytes]) -> None:
        self._handle = handle

    def write(self, statements: Sequence[Statement]) -> None:
        for statement in statements:
            self._handle.write(json_line(statement))


class _Parquet:
    def __init__(self, writer: pq.ParquetWriter) -> None:
        self._writer = writer
        self._rows: list[Statement] = []

    def write(self, statements: Sequence[Statement]) -> None:
        self._rows.extend(statements)
        while len(self._rows) >= ROW_GROUP:
            self._flush(ROW_GROUP)

    def close(self) -> None:
        if self._rows:
            self._flush(len(self._rows))

    def _flush(self, count: int) -> None:
        self._writer.write_table(statements_to_table(self._rows[:count]), row_group_size=ROW_GROUP)
        del self._rows[:count]


@contextmanager
def _opened(fresh: Path, name: str) -> Iterator[StatementWriter]:
    if name.endswith(".parquet"):
        with pq.ParquetWriter(fresh, STATEMENT_SCHEMA, compression="zstd") as file:
            parquet = _Parquet(file)
            yield parquet
            parquet.close()
    elif name.endswith(".gz"):
        with (
            fresh.open("wb") as raw,
            gzip.GzipFile("", "wb", compresslevel=6, fileobj=raw, mtime=0) as handle,
        ):
            yield _JsonLines(handle)  # type: ignore[arg-type]
    elif name.endswith(".zst"):
        with pa.OSFile(str(fresh), "wb") as raw, pa.CompressedOutputStream(raw, "zstd") as packed:
            yield _JsonLines(packed)
    else:
        with fresh.open("wb") as handle:
            yield _JsonLines(handle)

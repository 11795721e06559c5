"""Writers of statements: Parquet or JSONL, whole under their name or not there at all."""

from __future__ import annotations

import contextlib
import gzip
import io
import json
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import IO, TYPE_CHECKING, Protocol

from sayso.errors import UsageError
from sayso.records import Statement

if TYPE_CHECKING:
    import pyarrow as pa
    import pyarrow.parquet as pq

__all__ = [
    "StatementWriter",
    "check_output",
    "is_folder",
    "is_parquet",
    "json_line",
    "open_rows",
    "open_writer",
    "pack_rows",
    "whole_file",
]

ROW_GROUP = 4_096
"""Statements in a Parquet row group: what is held in memory before it is written."""

COPIED_ROWS = 1_024
"""Statements of a Parquet file that are copied at a time."""

BLOCK = 2**20
"""Bytes of JSONL that are packed at a time, so that the packed bytes do not depend on how they
came."""

_ENDINGS = (".parquet", ".jsonl", ".jsonl.gz", ".jsonl.zst")


class StatementWriter(Protocol):
    """Takes statements in order.

    The same statements give the same file, however they are divided among calls.
    """

    def write(self, statements: Sequence[Statement]) -> None:
        """Add statements after those written before."""

    def add(self, packed: bytes) -> None:
        """Add statements as `pack_rows` packed them for the same kind of file."""

    def copy(self, path: Path) -> None:
        """Add all of a file: Parquet to Parquet, `.jsonl.zst` to JSONL of any packing."""


def is_folder(output: str) -> bool:
    """Whether an output is a folder of Parquet files: it is one, or its name ends in a slash."""
    return output.endswith(("/", os.sep)) or (output != "-" and Path(output).is_dir())


def is_parquet(output: str) -> bool:
    """Whether an output's rows are Parquet; else they are JSONL."""
    return is_folder(output) or output.lower().endswith(".parquet")


def check_output(output: str, inputs: Sequence[str] = ()) -> None:
    """See that an output can be written, is none of the inputs and stands in none of them.

    Args:
        output: a file, `-` for standard output, or a folder (see `is_folder`).
        inputs: what is read.

    Raises:
        UsageError: its ending is unknown, the folder that it stands in is not there, or it is also
            read from.
    """
    if output == "-":
        return
    path = Path(output)
    if not is_folder(output) and not path.name.lower().endswith(_ENDINGS):
        raise UsageError(
            f"expected an output ending in {', '.join(_ENDINGS)} or / for a folder, or -, "
            f"found {output}"
        )
    if not path.absolute().parent.is_dir() or (is_folder(output) and path.is_file()):
        raise UsageError(f"expected an output in a folder that is there, found {output}")
    for name in inputs:
        if name != "-" and path.exists() and Path(name).exists() and path.samefile(name):
            raise UsageError(f"expected an output other than the input, found {output}")
        if os.path.isdir(name) and Path(name).resolve() in path.resolve().parents:
            raise UsageError(
                f"expected an output apart from the input, found {output} in {name}: the next run "
                "would read it"
            )


@contextmanager
def whole_file(path: Path, *, fresh: Path | None = None) -> Iterator[Path]:
    """A temporary name to write a file under: synced and renamed if the block ends well.

    After an exception or an interruption the file is as it was and the temporary one is gone.

    Args:
        path: the file.
        fresh: the temporary name, on the same file system; beside the file if left out.
    """
    fresh = fresh or path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        yield fresh
        _sync(fresh)
        os.replace(fresh, path)
        with contextlib.suppress(OSError):  # not every file system syncs folders
            _sync(path.parent)
    finally:
        fresh.unlink(missing_ok=True)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def open_writer(output: str) -> Iterator[StatementWriter]:
    """Write to a file: JSONL or Parquet by its ending; `-` is JSONL on standard output.

    A file is written under a temporary name beside it, synced to disk and renamed when the block
    ends well; after an exception or an interruption the name is as it was.

    Raises:
        UsageError: see `check_output`; or it is a folder.
    """
    check_output(output)
    if is_folder(output):
        raise UsageError(f"expected an output file, found the folder {output}")
    if output == "-":
        lines = _JsonLines(sys.stdout.buffer)
        yield lines
        lines.close()
        sys.stdout.buffer.flush()
        return
    path = Path(output)
    with whole_file(path) as fresh, open_rows(fresh, path.name) as writer:
        yield writer


@contextmanager
def open_rows(path: Path, name: str) -> Iterator[StatementWriter]:
    """Write rows to `path` as they are in a file called `name`, by its ending."""
    name = name.lower()
    if name.endswith(".parquet"):
        import pyarrow.parquet as pq

        from sayso.table import STATEMENT_SCHEMA

        with pq.ParquetWriter(path, STATEMENT_SCHEMA, compression="zstd") as file:
            parquet = _Parquet(file)
            yield parquet
            parquet.close()
    else:
        with _packed(path, name) as handle:
            lines = _JsonLines(handle)
            yield lines
            lines.close()


@contextmanager
def _packed(path: Path, name: str) -> Iterator[IO[bytes]]:
    if name.endswith(".gz"):
        with (
            path.open("wb") as raw,
            gzip.GzipFile("", "wb", compresslevel=6, fileobj=raw, mtime=0) as handle,
        ):
            yield handle  # type: ignore[misc]
    elif name.endswith(".zst"):
        import pyarrow as pa

        with pa.OSFile(str(path), "wb") as raw, pa.CompressedOutputStream(raw, "zstd") as packed:
            yield packed
    else:
        with path.open("wb") as handle:
            yield handle


def pack_rows(statements: Sequence[Statement], *, parquet: bool) -> bytes:
    """Statements as bytes that `StatementWriter.add` takes: an Arrow stream, or lines of JSON."""
    if not statements:
        return b""
    if not parquet:
        return b"".join(map(json_line, statements))
    import pyarrow as pa

    from sayso.table import statements_to_table

    table = statements_to_table(statements)
    out = io.BytesIO()
    with pa.ipc.new_stream(out, table.schema) as stream:
        stream.write_table(table)
    return out.getvalue()


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
        self._held = bytearray()

    def write(self, statements: Sequence[Statement]) -> None:
        self.add(pack_rows(statements, parquet=False))

    def add(self, packed: bytes) -> None:
        self._held += packed
        while len(self._held) >= BLOCK:
            self._handle.write(bytes(self._held[:BLOCK]))
            del self._held[:BLOCK]

    def copy(self, path: Path) -> None:
        import pyarrow as pa

        with pa.OSFile(str(path)) as raw, pa.CompressedInputStream(raw, "zstd") as plain:
            while block := plain.read(BLOCK):
                self.add(block)

    def close(self) -> None:
        self._handle.write(bytes(self._held))
        self._held.clear()


class _Parquet:
    def __init__(self, writer: pq.ParquetWriter) -> None:
        self._writer = writer
        self._tables: list[pa.Table] = []
        self._rows = 0

    def write(self, statements: Sequence[Statement]) -> None:
        from sayso.table import statements_to_table

        self._add(statements_to_table(statements))

    def add(self, packed: bytes) -> None:
        if packed:
            import pyarrow as pa

            with pa.ipc.open_stream(packed) as stream:
                self._add(stream.read_all())

    def copy(self, path: Path) -> None:
        import pyarrow as pa
        import pyarrow.parquet as pq

        from sayso.table import STATEMENT_SCHEMA

        with pq.ParquetFile(path, pre_buffer=False) as file:
            for batch in file.iter_batches(COPIED_ROWS, use_threads=False):
                self._add(pa.Table.from_batches([batch]).cast(STATEMENT_SCHEMA))

    def _add(self, table: pa.Table) -> None:
        self._tables.append(table)
        self._rows += len(table)
        while self._rows >= ROW_GROUP:
            self._flush(ROW_GROUP)

    def close(self) -> None:
        if self._rows:
            self._flush(self._rows)

    def _flush(self, count: int) -> None:
        import pyarrow as pa

        table = pa.concat_tables(self._tables)
        self._writer.write_table(table.slice(0, count).combine_chunks(), row_group_size=count)
        rest = table.slice(count)
        self._tables = [rest.combine_chunks()] if len(rest) else []
        self._rows = len(rest)

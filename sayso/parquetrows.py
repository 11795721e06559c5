"""Rows of Parquet in bounded memory; a damaged row group takes no others with it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from typing import IO, Any

__all__ = ["parquet_rows"]

ROWS = 64
"""Most rows that are held at a time."""

BYTES = 4 * 2**20
"""About as many bytes are held at a time."""

WIDEST = 16 * 2**20
"""Most bytes of a row, on average over a row group."""

_BUFFER = 2**18

OnDamage = Callable[[int | None, str], None]


def parquet_rows(
    handle: IO[bytes], wanted: Collection[str], needed: str, on_damage: OnDamage
) -> Iterator[tuple[int, dict[str, Any]]]:
    """Stream rows with their numbers, from 1.

    Args:
        handle: the file, which can be sought in.
        wanted: names of the columns that are read; those that are not there are left out.
        needed: name of the column without which there is nothing to read.
        on_damage: called with row (None for the file) and reason for what cannot be read.
    """
    import pyarrow.parquet as pq

    try:
        file = pq.ParquetFile(
            handle, pre_buffer=False, buffer_size=_BUFFER, page_checksum_verification=True
        )
        names = [name for name in file.schema_arrow.names if name in wanted]
        sizes = [file.metadata.row_group(n).num_rows for n in range(file.num_row_groups)]
    except Exception as error:
        on_damage(None, f"expected a Parquet file, found {_said(error)}")
        return
    if needed not in names:
        found = ", ".join(name[:60] for name in file.schema_arrow.names[:20])
        on_damage(None, f"expected a column {needed!r}, found {found or 'none'}")
        return
    first = 1
    for group, size in enumerate(sizes):
        at = first
        try:
            for batch in _batches(file, group, names):
                yield from _rows(batch, at, on_damage)
                at += len(batch)
        except _DamagedError as error:
            left = f"{at} to {first + size - 1}" if at < first + size - 1 else f"{at}"
            on_damage(at, f"expected rows of Parquet, found {error}: rows {left} are lost")
        first += size


class _DamagedError(Exception):
    """A row group cannot be read further."""


def _batches(file: Any, group: int, names: list[str]) -> Iterator[Any]:
    """A row group's batches; whatever Arrow raises on damaged or hostile data becomes one error."""
    try:
        meta = file.metadata.row_group(group)
        columns = [meta.column(n) for n in range(meta.num_columns)]
        size = sum(
            column.total_uncompressed_size
            for column in columns
            if column.path_in_schema.partition(".")[0] in names
        )
        average = size // max(meta.num_rows, 1)
        if average > WIDEST:
            raise ValueError(f"rows of {average} bytes, {WIDEST} at most expected")
        count = max(1, min(ROWS, BYTES // max(average, 1)))
        batches = file.iter_batches(count, row_groups=[group], columns=names, use_threads=False)
    except Exception as error:
        raise _DamagedError(_said(error)) from error
    while True:
        try:
            batch = next(batches, None)
        except Exception as error:
            raise _DamagedError(_said(error)) from error
        if batch is None:
            return
        yield batch


def _rows(batch: Any, first: int, on_damage: OnDamage) -> Iterator[tuple[int, dict[str, Any]]]:
    """Rows of a batch; where one has no Python value, it alone is left out."""
    try:
        yield from enumerate(batch.to_pylist(), first)
        return
    except Exception:
        pass
    for n in range(len(batch)):
        try:
            (row,) = batch.slice(n, 1).to_pylist()
        except Exception as error:
            on_damage(first + n, f"expected a row that can be read, found {_said(error)}")
        else:
            yield first + n, row


def _said(error: Exception) -> str:
    return f"{str(error).strip() or type(error).__name__:.500}"

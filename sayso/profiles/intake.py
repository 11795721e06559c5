"""Scored statements into the working database, as `sayso score` wrote them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from sayso.errors import InputError, UsageError
from sayso.inputs import JSONL, PARQUET, Input, check_input, find_inputs
from sayso.lines import json_object, open_bytes, text_lines
from sayso.profiles.store import Store
from sayso.records import FORMS, KINDS, STANCES
from sayso.rejects import Reject
from sayso.rows import MAX_FILE
from sayso.table import STATEMENT_SCHEMA, encodable

__all__ = ["Intake", "OnReject", "take_statements"]

BATCH = 32_768
"""Statements taken at a time."""

LONGEST = 2**30
"""Code points of the longest text of which offsets are taken."""

OnReject = Callable[[Reject], None]

_CONTENT = "content_spans"
_IDS = ("article_id", "statement_id")
_CHOICES = {"stance": STANCES, "form": FORMS, "source_kind": KINDS}
_TAKEN = pa.schema(
    [
        pa.field("n", pa.int64()),
        pa.field("file", pa.string()),
        pa.field("line", pa.int64()),
        *STATEMENT_SCHEMA,
        pa.field("content_start", pa.int32()),
        pa.field("content_end", pa.int32()),
    ]
)


@dataclass(frozen=True, slots=True)
class Intake:
    """What was taken.

    Attributes:
        statements: how many rows.
        models: ids of the bundles that made the rows, sorted.
    """

    statements: int
    models: tuple[str, ...]


def take_statements(store: Store, inputs: Sequence[str], on_reject: OnReject) -> Intake:
    """Read inputs into the table `raw`: n, file, line and the columns of a statement.

    `content_start` and `content_end` are the ends of the content, from first piece to last.

    Args:
        store: the working database.
        inputs: Parquet or JSONL (also .gz, .zst) files, folders of them, URIs, or `-` for JSONL.
        on_reject: told each row and file that holds no scored statements, and why. Of rows with
            one `statement_id` the first is kept.

    Raises:
        UsageError: an input is not there, or all of them hold no statement.
    """
    for name in inputs:
        check_input(name)
    store.run(f"CREATE TABLE raw ({', '.join(map(_declared, _TAKEN))})")
    taken = 0
    for name in inputs:
        skipped = _skipped(on_reject)
        for source in find_inputs(name, skipped):
            for batch in _read(source, on_reject):
                numbered = batch.add_column(0, _TAKEN.field("n"), _count(taken, batch.num_rows))
                store.run("INSERT INTO raw SELECT * FROM numbered", numbered=numbered)
                taken += batch.num_rows
    doubles = store.table(_DOUBLE)
    for row in doubles.to_pylist():
        reason = f"expected a statement_id of its own, found it a second time: {row['id'][:200]}"
        on_reject(Reject(row["file"], row["line"], row["id"][:200], reason))
    if len(doubles):
        store.run("DELETE FROM raw WHERE n IN (SELECT n FROM doubles)", doubles=doubles)
    kept = int(store.value("SELECT count(*) FROM raw"))
    if not kept:
        found = f"none in {', '.join(inputs)}"
        raise UsageError(
            f"expected scored statements (sayso score INPUT -o STATEMENTS), found {found}"
        )
    models = store.table("SELECT DISTINCT model FROM raw ORDER BY 1").column(0).to_pylist()
    return Intake(kept, tuple(models))


_DOUBLE = """
SELECT n, file, line, statement_id AS id FROM raw JOIN (
  SELECT statement_id, min(n) AS first FROM raw GROUP BY 1 HAVING count(*) > 1
) USING (statement_id) WHERE n > first ORDER BY n
"""


def _declared(field: pa.Field) -> str:
    names = {pa.int64(): "BIGINT", pa.int32(): "INTEGER", pa.float32(): "FLOAT"}
    spans = 'STRUCT("start" INTEGER, "end" INTEGER)[]'
    return f"{field.name} {spans if _is_spans(field) else names.get(field.type, 'VARCHAR')}"


def _is_spans(field: pa.Field) -> bool:
    return bool(pa.types.is_list(field.type))


def _skipped(reject: OnReject) -> Callable[[str, str], None]:
    return lambda name, reason: reject(Reject(name, None, None, reason))


def _count(first: int, rows: int) -> pa.Array:
    return pa.array(np.arange(first, first + rows))


def _read(source: Input, reject: OnReject) -> Iterator[pa.Table]:
    """A file's statements, checked, in tables of `_TAKEN` but for `n`."""
    try:
        if source.kind == PARQUET:
            yield from _parquet(source, reject)
        elif source.kind == JSONL:
            yield from _jsonl(source, reject)
        else:
            reject(Reject(source.name, None, None, "expected Parquet or JSONL, found another kind"))
    except InputError as error:
        reject(Reject(source.name, error.line, None, error.reason))
    except (OSError, EOFError, ValueError, pa.ArrowException) as error:
        reason = f"expected readable statements, found {str(error).splitlines()[0][:300]}"
        reject(Reject(source.name, None, None, reason))


def _parquet(source: Input, reject: OnReject) -> Iterator[pa.Table]:
    with source.open() as handle, pq.ParquetFile(handle) as file:
        names = file.schema_arrow.names
        missing = [name for name in STATEMENT_SCHEMA.names if name not in names]
        if missing:
            found = ", ".join(names[:20])
            raise InputError(
                f"expected a column {missing[0]!r} of scored statements, found {found}"
            )
        first = 1
        for batch in file.iter_batches(BATCH, columns=STATEMENT_SCHEMA.names):
            table = (
                pa.Table.from_batches([batch])
                .select(STATEMENT_SCHEMA.names)
                .cast(_loose(STATEMENT_SCHEMA))
            )
            yield _checked(table, source.name, np.arange(first, first + len(table)), reject)
            first += len(table)


def _jsonl(source: Input, reject: OnReject) -> Iterator[pa.Table]:
    rows: list[dict[str, Any]] = []
    lines: list[int] = []

    def damaged(line: int, reason: str) -> None:
        reject(Reject(source.name, line, None, reason))

    with source.open() as stored, open_bytes(source.path, stored) as handle:
        for line in text_lines(handle, MAX_FILE, damaged):
            try:
                rows.append(_row(json_object(line.text)))
            except InputError as error:
                damaged(line.number, error.reason)
                continue
            lines.append(line.number)
            if len(rows) == BATCH:
                yield _checked(_tabled(rows), source.name, np.array(lines), reject)
                rows, lines = [], []
    if rows:
        yield _checked(_tabled(rows), source.name, np.array(lines), reject)


def _tabled(rows: list[dict[str, Any]]) -> pa.Table:
    return pa.Table.from_pylist(rows, schema=_loose(STATEMENT_SCHEMA))


def _loose(schema: pa.Schema) -> pa.Schema:
    """The schema with nulls allowed, so that a null is named by its row."""
    return pa.schema([pa.field(field.name, field.type) for field in schema])


def _row(values: dict[str, Any]) -> dict[str, Any]:
    """A JSON object as a row of `STATEMENT_SCHEMA`.

    Raises:
        InputError: a column is missing or holds a value of another type.
    """
    row: dict[str, Any] = {}
    for field in STATEMENT_SCHEMA:
        if field.name not in values:
            raise InputError(f"expected a scored statement with {field.name!r}, found none")
        value = values[field.name]
        if _is_spans(field):
            row[field.name] = _spans(field.name, value)
            continue
        number = field.type == pa.float32()
        wanted = (int, float) if number else str
        if isinstance(value, bool) or not (value is None or isinstance(value, wanted)):
            expected = "a number" if number else "text or null"
            raise InputError(f"expected {field.name} as {expected}, found {value!r:.80}")
        row[field.name] = encodable(value) if isinstance(value, str) else value
    return row


def _spans(name: str, value: object) -> list[dict[str, int]]:
    try:
        spans = [{"start": int(one["start"]), "end": int(one["end"])} for one in value]  # type: ignore[attr-defined]
    except (TypeError, KeyError, ValueError, OverflowError) as error:
        raise InputError(f"expected {name} as {{start, end}}s, found {value!r:.80}") from error
    if any(not 0 <= place < 2**31 for one in spans for place in one.values()):
        raise InputError(f"expected {name} within a text, found {value!r:.80}")
    return spans


def _checked(table: pa.Table, file: str, lines: Any, reject: OnReject) -> pa.Table:
    """The rows that are sound, with where they stand; the others are told to `reject`."""
    sound = np.ones(len(table), dtype=bool)
    for name, expected, wrong in _faults(table):
        for at in np.flatnonzero(wrong & sound):
            reason = f"expected {name} as {expected}, found {table[name][int(at)].as_py()!r:.80}"
            reject(Reject(file, int(lines[at]), None, reason))
        sound &= ~wrong
    starts, ends = _ends(table.column(_CONTENT).combine_chunks())
    table = table.append_column("content_start", starts).append_column("content_end", ends)
    table = table.add_column(0, "line", pa.array(lines, pa.int64()))
    table = table.add_column(0, "file", pa.array([file] * len(table), pa.string()))
    return table if sound.all() else table.filter(pa.array(sound))


def _faults(table: pa.Table) -> Iterator[tuple[str, str, npt.NDArray[np.bool_]]]:
    """Column, what it should hold, and in which rows it does not."""
    for field in STATEMENT_SCHEMA:
        column = table.column(field.name)
        if not field.nullable:
            yield field.name, "a value", _mask(pc.is_null(column))
        if field.name in _IDS:
            yield field.name, "an id", _mask(pc.equal(column, ""))
        elif field.name in _CHOICES:
            known = pc.is_in(column, pa.array(_CHOICES[field.name]))
            wrong = pc.and_(pc.is_valid(column), pc.invert(known))
            yield field.name, " or ".join(_CHOICES[field.name]), _mask(wrong)
        elif field.type == pa.float32():
            inside = pc.and_(pc.greater_equal(column, 0), pc.less_equal(column, 1.001))
            yield field.name, "a probability", _mask(pc.invert(inside))
        elif _is_spans(field):
            yield field.name, "spans that end after they start", _turned(column.combine_chunks())


def _mask(wrong: Any) -> npt.NDArray[np.bool_]:
    return np.asarray(pc.fill_null(wrong, False), dtype=bool)


def _turned(spans: Any) -> npt.NDArray[np.bool_]:
    """Which lists hold a span that is outside any text, or ends before it begins."""
    offsets = np.asarray(spans.offsets)
    values = spans.values.slice(offsets[0], offsets[-1] - offsets[0])
    starts = np.asarray(pc.fill_null(values.field("start"), -1))
    ends = np.asarray(pc.fill_null(values.field("end"), -1))
    rows = np.repeat(np.arange(len(spans)), np.diff(offsets))
    wrong = np.zeros(len(spans), dtype=bool)
    wrong[rows[(starts < 0) | (ends < starts) | (ends > LONGEST)]] = True
    return wrong


def _ends(spans: Any) -> tuple[pa.Array, pa.Array]:
    """First start and last end of lists of spans; null where a list is empty."""
    offsets = np.asarray(spans.offsets)
    values = spans.values
    first, last = offsets[:-1], offsets[1:] - 1
    empty = last < first
    starts = np.asarray(values.field("start").to_numpy(zero_copy_only=False))
    ends = np.asarray(values.field("end").to_numpy(zero_copy_only=False))
    safe = np.where(empty, 0, 1)
    pick = np.zeros(1, np.int32)
    starts = np.concatenate([pick, starts])[(first + 1) * safe]
    ends = np.concatenate([pick, ends])[(last + 1) * safe]
    return pa.array(starts, pa.int32(), mask=empty), pa.array(ends, pa.int32(), mask=empty)

"""Scored statements → one vector of counts an article, streamed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from sayso.errors import InputError, UsageError
from sayso.inputs import JSONL, PARQUET, Input, find_inputs
from sayso.lines import json_object, open_bytes, text_lines
from sayso.read import MAX_FILE
from sayso.records import FORMS, KINDS, STANCES
from sayso.summary import WITHHELD
from sayso.table import STATEMENT_SCHEMA, encodable

__all__ = ["COUNTS", "EDGES", "LOW", "Counted", "count_statements", "place_of"]

FloatArray = npt.NDArray[np.float64]

EDGES = (0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95, 0.98, 0.99)
"""Between these lie the columns of the histogram of confidence."""

LOW = 0.6
"""Under this a stance is not sure; one of `EDGES`."""

_NO_KIND = "none"
_STANCES = (*STANCES, WITHHELD)
_KINDS = (*KINDS, _NO_KIND)
_BINS = tuple(f"confidence.{n}" for n in range(len(EDGES) + 1))

COUNTS = (
    "articles", "speaking", "words", "different", "unknown",
    "statements", "nested", "without_source",
    *(f"stance.{name}" for name in _STANCES),
    *(f"kind.{name}" for name in _KINDS),
    *(f"form.{name}" for name in FORMS),
    "confidence", "p_statement", *_BINS,
)  # fmt: skip
"""What is counted of an article: 1; 1 if it has a statement; of the text, if it is there, words,
different ones, and those of them that another corpus lacks; statements, and those of each sort;
sums of the probability of the stance and of `p_statement`."""

_PROBABILITIES = tuple(f"p_{name}" for name in STANCES)
_COLUMNS = (
    "article_id", "source_text", "form", "stance", *_PROBABILITIES, "p_statement", "source_kind",
    "parent_id", "outlet", "published", "model",
)  # fmt: skip
_SCHEMA = pa.schema([STATEMENT_SCHEMA.field(name).with_nullable(True) for name in _COLUMNS])
_ROWS = 16_384

_MOST = 1.001
"""A probability may be over 1 by what rounding does."""


def place_of(name: str) -> int:
    """Where a count stands in a vector."""
    return COUNTS.index(name)


@dataclass(frozen=True, slots=True)
class Counted:
    """Articles with their counts, in the order of the statements.

    Attributes:
        ids, outlets, published: [articles] as in the statements.
        counts: [articles, counts] in the order of `COUNTS`.
        models: ids of the bundles that made the rows.
    """

    ids: Sequence[str]
    outlets: Sequence[str | None]
    published: Sequence[str | None]
    counts: FloatArray
    models: frozenset[str]


def count_statements(name: str) -> Iterator[Counted]:
    """Stream the articles of a corpus of statements, some thousands at a time.

    Args:
        name: what `sayso score` wrote: a Parquet or JSONL file (also .gz, .zst) or a folder of
            them. The rows of an article stand together.

    Raises:
        InputError: a row is no scored statement (names the file, and the line of JSONL).
        UsageError: there is no such file.
    """
    held: Counted | None = None
    for batch in _batches(name):
        counted = _counted(batch)
        if held is not None:
            counted = _joined(held, counted)
        yield _part(counted, 0, len(counted.ids) - 1)
        held = _part(counted, len(counted.ids) - 1, len(counted.ids))
    if held is not None:
        yield held


def _part(counted: Counted, low: int, high: int) -> Counted:
    return Counted(
        counted.ids[low:high],
        counted.outlets[low:high],
        counted.published[low:high],
        counted.counts[low:high],
        counted.models,
    )


def _joined(last: Counted, rest: Counted) -> Counted:
    """The article that a batch ended in, with those of the next one."""
    models = last.models | rest.models
    if last.ids[0] != rest.ids[0]:
        return Counted(
            [*last.ids, *rest.ids],
            [*last.outlets, *rest.outlets],
            [*last.published, *rest.published],
            np.concatenate([last.counts, rest.counts]),
            models,
        )
    counts = rest.counts.copy()
    counts[0] += last.counts[0]
    counts[0, : place_of("words")] = 1.0
    return Counted(rest.ids, rest.outlets, rest.published, counts, models)


def _counted(batch: pa.RecordBatch) -> Counted:
    """Count a batch of one row or more."""
    ids = batch["article_id"].to_numpy(zero_copy_only=False)
    starts = np.flatnonzero(np.r_[True, ids[1:] != ids[:-1]])
    rows = np.zeros((len(ids), len(COUNTS)))
    four = np.stack([_numbers(batch[name]) for name in _PROBABILITIES], axis=1)
    sure = four.max(axis=1)
    rows[:, place_of("statements")] = 1
    rows[:, place_of("nested")] = _present(batch["parent_id"])
    rows[:, place_of("without_source")] = ~_present(batch["source_text"])
    rows[:, place_of("confidence")] = sure
    rows[:, place_of("p_statement")] = _numbers(batch["p_statement"])
    for name, values in (("stance", _STANCES), ("source_kind", _KINDS), ("form", FORMS)):
        first = place_of(f"{name.removeprefix('source_')}.{values[0]}")
        chosen = pc.fill_null(pc.index_in(batch[name], pa.array(values)), len(values) - 1)
        rows[np.arange(len(ids)), first + chosen.to_numpy(zero_copy_only=False)] = 1
    bins = np.searchsorted(EDGES, sure, side="right")
    rows[np.arange(len(ids)), place_of(_BINS[0]) + bins] = 1
    counts = np.add.reduceat(rows, starts, axis=0)
    counts[:, : place_of("words")] = 1
    outlets, published = (
        batch[name].take(pa.array(starts)).to_pylist() for name in ("outlet", "published")
    )
    models = frozenset(pc.unique(batch["model"]).to_pylist())
    return Counted(ids[starts].tolist(), outlets, published, counts, models)


def _numbers(column: pa.Array) -> FloatArray:
    return np.asarray(column.to_numpy(zero_copy_only=False), np.float64)


def _present(column: pa.Array) -> npt.NDArray[np.bool_]:
    return np.asarray(column.is_valid().to_numpy(zero_copy_only=False), np.bool_)


def _batches(name: str) -> Iterator[pa.RecordBatch]:
    def skip(file: str, reason: str) -> None:
        raise InputError(reason, file=file)

    for source in find_inputs(name, skip):
        batches = _parquet(source) if source.kind == PARQUET else _jsonl(source)
        for batch in batches:
            if len(batch):
                _check(batch, source.name)
                yield batch


def _check(batch: pa.RecordBatch, file: str) -> None:
    for name in ("article_id", "model", "p_statement", *_PROBABILITIES):
        if batch[name].null_count:
            raise InputError(f"expected {name} in every row, found one without", file=file)
    for name in ("p_statement", *_PROBABILITIES):
        values = _numbers(batch[name])
        wrong = values[~((values >= 0) & (values <= _MOST))]
        if len(wrong):
            raise InputError(f"expected {name} from 0 to 1, found {wrong[0]:g}", file=file)
    known = pc.is_in(batch["stance"], pa.array([*STANCES, None]))
    if not pc.all(known).as_py():
        other = batch["stance"].filter(pc.invert(known))[0]
        raise InputError(f"expected one of {', '.join(STANCES)}, found stance {other}", file=file)


def _parquet(source: Input) -> Iterator[pa.RecordBatch]:
    try:
        with source.open() as handle, pq.ParquetFile(handle) as file:
            missing = [name for name in _COLUMNS if name not in file.schema_arrow.names]
            if missing:
                raise InputError(
                    f"expected the columns of scored statements, found no {missing[0]}",
                    file=source.name,
                )
            for batch in file.iter_batches(_ROWS, columns=list(_COLUMNS)):
                yield batch.select(list(_COLUMNS)).cast(_SCHEMA)
    except (OSError, pa.ArrowException) as error:
        raise InputError(f"expected scored statements, found {error}", file=source.name) from error


def _jsonl(source: Input) -> Iterator[pa.RecordBatch]:
    if source.kind != JSONL:
        raise UsageError(f"expected Parquet or JSONL of scored statements, found {source.name}")

    def damaged(line: int, reason: str) -> None:
        raise InputError(reason, file=source.name, line=line)

    try:
        with source.open() as stored, open_bytes(source.path, stored) as handle:
            lines = text_lines(handle, MAX_FILE, damaged)
            while some := list(islice(lines, _ROWS)):
                rows = [_row(line.text, source.name, line.number) for line in some]
                yield pa.RecordBatch.from_pylist(rows, schema=_SCHEMA)
    except (OSError, pa.ArrowException) as error:
        raise InputError(f"expected scored statements, found {error}", file=source.name) from error


def _row(text: str, file: str, line: int) -> dict[str, Any]:
    try:
        row = json_object(text)
    except InputError as error:
        raise InputError(error.reason, file=file, line=line) from error
    missing = [name for name in _COLUMNS if name not in row]
    if missing:
        raise InputError(
            f"expected a scored statement, found no {missing[0]}", file=file, line=line
        )
    return {
        name: encodable(value) if isinstance(value := row[name], str) else value
        for name in _COLUMNS
    }

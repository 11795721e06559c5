"""Scored statements read back from Parquet or JSONL."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from sayso.errors import InputError, UsageError
from sayso.lines import json_object, open_bytes, text_lines
from sayso.read import MAX_FILE
from sayso.records import Span, Statement
from sayso.table import table_to_statements

__all__ = ["read_statements"]


def read_statements(name: str) -> Iterator[Statement]:
    """Stream the rows that `sayso score` wrote.

    Args:
        name: a Parquet or JSONL file (also .gz, .zst).

    Raises:
        InputError: a row is not a scored statement (names file and line).
        UsageError: the file is not there.
    """
    if not Path(name).is_file():
        raise UsageError(f"expected a file of scored statements, found no {name}")
    try:
        if name.endswith(".parquet"):
            with pq.ParquetFile(name) as file:
                for batch in file.iter_batches():
                    yield from table_to_statements(pa.Table.from_batches([batch]))
        else:
            yield from _json_statements(name)
    except (OSError, pa.ArrowException) as error:
        raise InputError(f"expected scored statements, found {error}", file=name) from error


def _json_statements(name: str) -> Iterator[Statement]:
    def damaged(line: int, reason: str) -> None:
        raise InputError(reason, file=name, line=line)

    with open_bytes(name) as handle:
        for line in text_lines(handle, MAX_FILE, damaged):
            try:
                yield _statement(json_object(line.text))
            except (InputError, KeyError, TypeError) as error:
                reason = f"expected a scored statement, found {error}"
                raise InputError(reason, file=name, line=line.number) from error


def _statement(row: dict[str, Any]) -> Statement:
    spans = {
        f"{role}_spans": tuple(Span(s["start"], s["end"]) for s in row[f"{role}_spans"])
        for role in ("source", "cue", "content")
    }
    return Statement(**{**row, **spans})

"""The tables as files of rows: Parquet, CSV or lines of JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq

import sayso
from sayso.errors import UsageError
from sayso.profiles.schema import Profiled
from sayso.write import whole_file

__all__ = ["ENDINGS", "FORMULA", "TABLES", "write_flat"]

TABLES = ("sources", "outlets", "claims", "said")
"""The tables, each in a file of its name."""

ENDINGS = (".parquet", ".csv", ".jsonl")
"""Kinds of file."""

FORMULA = r"^[=+\-@\t\r\n\x{FF1D}\x{FF0B}\x{FF0D}\x{FF20}]"
"""How a cell begins that a spreadsheet could run as a formula (OWASP, *CSV Injection*), the
full-width forms of `=+-@` included; in the syntax of RE2."""

_ROWS = 16_384


def write_flat(
    profiles: Profiled,
    folder: Path,
    *,
    ending: str = ".parquet",
    settings: Mapping[str, object] | None = None,
) -> list[Path]:
    """Write each table to a file: `sources.csv` and so on.

    In CSV a list is JSON text, null an empty cell and an empty text `""`, and a text that begins
    as a formula does has a `'` before it, which spreadsheets take off and do not show: `'=1+1`.
    Whoever reads CSV by program takes it off; Parquet and JSON have every text as it is.

    Args:
        profiles: the tables.
        folder: where the files go; made if need be.
        ending: one of `ENDINGS`.
        settings: kept in the Parquet files' schema metadata as JSON under `sayso.settings`, beside
            `sayso.version`.

    Returns:
        The files.

    Raises:
        UsageError: the ending is unknown, or the folder cannot be made.
    """
    if ending not in ENDINGS:
        raise UsageError(f"expected an ending {', '.join(ENDINGS)}, found {ending}")
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(f"expected a folder to write to, found {folder}: {error}") from error
    paths = []
    for name in TABLES:
        path = folder / f"{name}{ending}"
        with whole_file(path) as fresh:
            _write(getattr(profiles, name), fresh, ending, settings or {})
        paths.append(path)
    return paths


def _write(table: pa.Table, path: Path, ending: str, settings: Mapping[str, object]) -> None:
    if ending == ".parquet":
        about = {
            "sayso.version": sayso.__version__,
            "sayso.settings": json.dumps(dict(settings), sort_keys=True, default=str),
        }
        table = table.replace_schema_metadata({**(table.schema.metadata or {}), **about})
        pq.write_table(table, path, compression="zstd")
    elif ending == ".csv":
        schema = pa.schema([pa.field(one.name, _csv_type(one.type)) for one in table.schema])
        with pa_csv.CSVWriter(path, schema) as writer:
            for batch in table.to_batches(max_chunksize=_ROWS):
                columns = [_csv_column(column) for column in batch.columns]
                writer.write_batch(pa.record_batch(columns, schema=schema))
    else:
        with path.open("wb") as handle:
            for line in _json_lines(table):
                handle.write(line)


def _csv_type(kind: pa.DataType) -> pa.DataType:
    return pa.string() if pa.types.is_list(kind) else kind


def _csv_column(column: pa.Array) -> pa.Array:
    if pa.types.is_list(column.type):
        values = (None if one is None else _json(one) for one in column.to_pylist())
        return pa.array(values, pa.string())
    if pa.types.is_string(column.type):
        harmful = pc.match_substring_regex(column, FORMULA)
        return pc.if_else(harmful, pc.binary_join_element_wise("'", column, ""), column)
    return _numbers(column)


def _numbers(column: pa.Array) -> pa.Array:
    """Null for fractions that are no number."""
    if not pa.types.is_floating(column.type):
        return column
    return pc.if_else(pc.is_finite(column), column, None)


def _json_lines(table: pa.Table) -> Iterator[bytes]:
    """Rows, fractions to six decimals and null where they are no number."""
    for batch in table.to_batches(max_chunksize=_ROWS):
        columns = [_json_column(column) for column in batch.columns]
        for values in zip(*columns, strict=True):
            row = dict(zip(table.column_names, values, strict=True))
            yield (_json(row) + "\n").encode()


def _json_column(column: pa.Array) -> list[object]:
    if pa.types.is_floating(column.type):
        column = pc.round(column.cast(pa.float64()), 6)
    values: list[object] = _numbers(column).to_pylist()
    return values


_json = json.JSONEncoder(ensure_ascii=False, allow_nan=False).encode

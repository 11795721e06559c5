"""The tables that a page is made of, checked and put side by side."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from sayso.errors import InputError
from sayso.profiles.dates import days
from sayso.profiles.schema import CLAIMS, OUTLETS, SAID, SOURCES, Profiled
from sayso.table import STATEMENT_SCHEMA

__all__ = ["NOWHERE", "IntArray", "Tables", "places"]

IntArray = npt.NDArray[np.int64]

NOWHERE = -1
"""Stands for a row that is in no table, or for no row at all."""


@dataclass(frozen=True, slots=True)
class Tables:
    """The four tables and the statements, N of them, in the statements' order.

    Attributes:
        sources, outlets, claims: see `sayso.profiles.schema`.
        said: its rows in the order of `statements`.
        statements: see `sayso.records.Statement`.
        source, outlet, claim: [N] rows of those tables, `NOWHERE` where there is none.
        day: [N] days of publication since 1970-01-01; -1 where unknown.
    """

    sources: pa.Table
    outlets: pa.Table
    claims: pa.Table
    said: pa.Table
    statements: pa.Table
    source: IntArray
    outlet: IntArray
    claim: IntArray
    day: IntArray

    @classmethod
    def of(cls, profiles: Profiled, statements: pa.Table) -> Tables:
        """Check the columns of all tables and bring `said` into the order of the statements.

        Raises:
            InputError: a column is missing, or a statement is not in `said`.
        """
        statements = _checked(statements, STATEMENT_SCHEMA, "statements")
        sources = _checked(profiles.sources, SOURCES, "sources")
        outlets = _checked(profiles.outlets, OUTLETS, "outlets")
        claims = _checked(profiles.claims, CLAIMS, "claims")
        said = _aligned(_checked(profiles.said, SAID, "said"), statements)
        return cls(
            sources=sources,
            outlets=outlets,
            claims=claims,
            said=said,
            statements=statements,
            source=places(said["source_id"], sources["id"]),
            outlet=places(said["outlet_id"], outlets["id"]),
            claim=places(said["claim_id"], claims["id"]),
            day=days(statements["published"]).astype(np.int64),
        )


def places(wanted: pa.ChunkedArray, among: pa.ChunkedArray) -> IntArray:
    """Where each of `wanted` first stands in `among`; `NOWHERE` where it is null or not there."""
    if not len(among):
        return np.full(len(wanted), NOWHERE, np.int64)
    found = pc.index_in(wanted, value_set=among, skip_nulls=True)
    out: IntArray = pc.fill_null(found, NOWHERE).to_numpy().astype(np.int64)
    return out


def _checked(table: pa.Table, schema: pa.Schema, name: str) -> pa.Table:
    for column in schema.names:
        if column not in table.column_names:
            raise InputError(f"expected a column {column!r} in the table of {name}, found none")
    return table.select(schema.names)


def _aligned(said: pa.Table, statements: pa.Table) -> pa.Table:
    ids = statements["statement_id"]
    if said["statement_id"].equals(ids):
        return said
    rows = places(ids, said["statement_id"])
    if (rows == NOWHERE).any():
        missing = ids[int(np.argmax(rows == NOWHERE))].as_py()
        raise InputError(f"expected a profile of every statement, found none of {missing!r}")
    return said.take(pa.array(rows))

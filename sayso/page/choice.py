"""Which rows go into a page, and what is said of those that do not."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from sayso.page.limits import Limits
from sayso.page.tables import NOWHERE, IntArray, Tables, places
from sayso.profiles.schema import POSITIONS

__all__ = ["Choice", "choose", "renumbered"]

_CONTESTED, _SHARED, _PROFILED, _OTHER = range(4)
_SIDES = 2  # for and against: the first two of `POSITIONS`


@dataclass(frozen=True, slots=True)
class Choice:
    """Rows that go into a page, in the order in which it shows them.

    Attributes:
        sources, outlets, claims, statements: rows of the tables.
        left_out: what stays out, in words.
    """

    sources: IntArray
    outlets: IntArray
    claims: IntArray
    statements: IntArray
    left_out: tuple[str, ...]


def choose(tables: Tables, limits: Limits) -> Choice:
    """The rows that go into a page; see `Limits` for which come first."""
    sources = _sorted(tables.sources, statements=False, name=True)[: limits.sources]
    outlets = _sorted(tables.outlets, statements=False, name=True)[: limits.outlets]
    claims = _by_contest(tables)[: limits.claims]
    statements = _statements(tables, sources, claims, limits)
    kept = (
        ("sources", len(sources), tables.sources.num_rows, "those with the most statements"),
        ("outlets", len(outlets), tables.outlets.num_rows, "those with the most statements"),
        (
            "claims",
            len(claims),
            tables.claims.num_rows,
            "the most contested first, then those with the most sources",
        ),
        (
            "statements",
            len(statements),
            tables.statements.num_rows,
            "those on contested claims first, then on claims that several sources speak about, "
            f"and of one source at most about {limits.per_source:,}",
        ),
    )
    left_out = tuple(
        f"{count:,} of {whole:,} {name} are in this page: {which}."
        for name, count, whole, which in kept
        if count < whole
    )
    return Choice(sources, outlets, claims, statements, left_out)


def renumbered(rows: IntArray, kept: IntArray, size: int) -> IntArray:
    """Rows of a table of `size` as places in `kept`; `NOWHERE` where a row is not kept."""
    new = np.full(size + 1, NOWHERE, np.int64)
    new[kept] = np.arange(len(kept))
    return new[rows]  # NOWHERE, -1, takes the last, which is NOWHERE


def _by_contest(tables: Tables) -> IntArray:
    """Claims: contested ones by the size of the smaller side, then all by their sources."""
    claims = tables.claims
    smaller = np.where(_flags(claims["contested"]), _sides(tables).min(axis=1), NOWHERE)
    order = _sorted(claims, contested=False, sources=False, statements=False, id=True)
    return order[np.argsort(-smaller[order], kind="stable")]


def _sides(tables: Tables) -> IntArray:
    """[claims, 2] how many sources are for and against each claim.

    A source counts once a side, one without a profile once a statement; near-copies do not count.
    """
    size, people = tables.claims.num_rows, tables.sources.num_rows
    rows = np.arange(tables.statements.num_rows)
    speaker = np.where(tables.source == NOWHERE, people + rows, tables.source)
    position = pc.index_in(tables.said["position"], value_set=pa.array(POSITIONS))
    side = pc.fill_null(position, NOWHERE).to_numpy().astype(np.int64)
    own = pc.is_null(tables.said["copy_of"]).to_numpy()
    use = (side >= 0) & (side < _SIDES) & (tables.claim != NOWHERE) & own
    width = people + len(rows)
    keys = np.unique((tables.claim[use] * _SIDES + side[use]) * max(width, 1) + speaker[use])
    return np.bincount(keys // max(width, 1), minlength=size * _SIDES).reshape(size, _SIDES)


def _sorted(table: pa.Table, **ascending: bool) -> IntArray:
    keys = [(name, "ascending" if up else "descending") for name, up in ascending.items()]
    plain = table.select([name for name, _ in keys])
    for name, _ in keys:
        if pa.types.is_boolean(plain.schema.field(name).type):
            place = plain.schema.get_field_index(name)
            plain = plain.set_column(place, name, plain[name].cast(pa.int8()))
    out: IntArray = pc.sort_indices(plain, sort_keys=keys).to_numpy().astype(np.int64)
    return out


def _statements(tables: Tables, sources: IntArray, claims: IntArray, limits: Limits) -> IntArray:
    """Rows of the statements that go in, in their order."""
    size = tables.statements.num_rows
    rank = np.full(size, _OTHER)
    source = renumbered(tables.source, sources, tables.sources.num_rows)
    claim = renumbered(tables.claim, claims, tables.claims.num_rows)
    rank[source != NOWHERE] = _PROFILED
    shared = np.append(pc.fill_null(tables.claims["sources"], 0).to_numpy() > 1, False)
    contested = np.append(_flags(tables.claims["contested"]), False)
    on = np.where(claim == NOWHERE, -1, tables.claim)
    rank[shared[on]] = _SHARED
    rank[contested[on]] = _CONTESTED
    stands = tables.claims.take(pa.array(claims))["statement"]
    evidence = pc.list_flatten(tables.sources.take(pa.array(sources))["evidence"])
    for ids in (stands, evidence):
        rows = places(ids, tables.statements["statement_id"])
        rank[rows[rows != NOWHERE]] = _CONTESTED
    order = np.lexsort((np.arange(size), rank, tables.source))
    nth = _nth(tables.source[order])
    kept = order[
        (nth < limits.per_source) | (tables.source[order] == NOWHERE) | (rank[order] == _CONTESTED)
    ]
    kept = kept[np.lexsort((kept, rank[kept]))][: limits.statements]
    return np.sort(kept)


def _nth(groups: IntArray) -> IntArray:
    """How many of its like stand before each, in a sorted array."""
    starts = np.flatnonzero(np.append(True, groups[1:] != groups[:-1])[: len(groups)])
    lengths = np.diff(np.append(starts, len(groups)))
    return np.arange(len(groups)) - np.repeat(starts, lengths)


def _flags(column: pa.ChunkedArray) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    out: np.ndarray[tuple[int], np.dtype[np.bool_]] = pc.fill_null(column, False).to_numpy()
    return out

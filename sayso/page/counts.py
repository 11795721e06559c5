"""What is counted over all statements for a page, those that do not go in too."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from sayso.page.choice import Choice, renumbered
from sayso.page.tables import IntArray, Tables
from sayso.records import FORMS, KINDS, STANCES

__all__ = ["DIGITS", "LETTERS", "UNITS", "counts", "stance_codes"]

LETTERS = tuple("ABCDEF")
"""The Admiralty scale's reliability of a source."""

DIGITS = tuple("123456")
"""The Admiralty scale's credibility of information."""

UNITS = ("day", "month", "year")
"""What a bar of the charts over time stands for."""

_MOST_DAYS, _MOST_MONTHS = 62, 72
_STANCES = len(STANCES) + 1  # the last: withheld


def stance_codes(tables: Tables) -> IntArray:
    """[N] places in `STANCES`, their number where the stance was left out."""
    return _codes(tables.statements["stance"], STANCES)


def counts(tables: Tables, choice: Choice) -> dict[str, Any]:
    """Counts for the overview, and stances over time of each source and outlet that goes in.

    Returns:
        `totals`; `stances`, `forms`, `kinds` (each kind by stance), `periods` (`unit`, and rows of
        period and stances; a period is a count of days, months or years since 1970); `grid`
        (letters A to F and none, by digits 1 to 6); `undated`; `source_periods` and
        `outlet_periods` (for each that is kept, flat triples of period, stance and count).
    """
    stance = stance_codes(tables)
    kind = _codes(tables.statements["source_kind"], KINDS)
    unit, period = _periods(tables.day)
    dated = tables.day >= 0
    outlets = tables.outlets.num_rows
    return {
        "totals": _totals(tables),
        "stances": np.bincount(stance, minlength=_STANCES).tolist(),
        "forms": np.bincount(_codes(tables.statements["form"], FORMS), minlength=3)[:3].tolist(),
        "kinds": _table(kind, stance, len(KINDS) + 1, _STANCES),
        "unit": unit,
        "periods": _by_period(period[dated], stance[dated]),
        "undated": int((~dated).sum()),
        "grid": _grid(tables),
        "source_periods": _each(
            renumbered(tables.source, choice.sources, tables.sources.num_rows),
            period,
            stance,
            dated,
            len(choice.sources),
        ),
        "outlet_periods": _each(
            renumbered(tables.outlet, choice.outlets, outlets),
            period,
            stance,
            dated,
            len(choice.outlets),
        ),
    }


def _totals(tables: Tables) -> dict[str, int]:
    contested = tables.claims["contested"]
    return {
        "statements": tables.statements.num_rows,
        "articles": pc.count_distinct(tables.statements["article_id"]).as_py(),
        "sources": tables.sources.num_rows,
        "outlets": tables.outlets.num_rows,
        "claims": tables.claims.num_rows,
        "shared": int(pc.sum(pc.greater(tables.claims["sources"], 1)).as_py() or 0),
        "contested": int(pc.sum(contested).as_py() or 0),
        "outcomes": len(contested) - tables.claims["outcome"].null_count,
        "nested": tables.statements.num_rows - tables.statements["parent_id"].null_count,
    }


def _codes(column: pa.ChunkedArray, names: tuple[str, ...]) -> IntArray:
    found = pc.index_in(column, value_set=pa.array(names))
    out: IntArray = pc.fill_null(found, len(names)).to_numpy().astype(np.int64)
    return out


def _table(rows: IntArray, columns: IntArray, height: int, width: int) -> list[list[int]]:
    flat = np.bincount(rows * width + columns, minlength=height * width)
    table: list[list[int]] = flat.reshape(height, width).tolist()
    return table


def _periods(day: IntArray) -> tuple[str, IntArray]:
    """The unit of time that suits the span of the corpus, and each day in it."""
    known = day[day >= 0]
    months = day.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
    if not len(known) or known.max() - known.min() < _MOST_DAYS:
        return "day", day
    inside = months[day >= 0]
    if inside.max() - inside.min() < _MOST_MONTHS:
        return "month", months
    return "year", months // 12


def _by_period(period: IntArray, stance: IntArray) -> list[list[int]]:
    if not len(period):
        return []
    names, places = np.unique(period, return_inverse=True)
    table = _table(places, stance, len(names), _STANCES)
    return [[int(name), *row] for name, row in zip(names, table, strict=True)]


def _each(
    row: IntArray, period: IntArray, stance: IntArray, dated: np.ndarray[Any, Any], size: int
) -> list[list[int]]:
    """For each of `size` rows, flat triples of period, stance and count in order of time."""
    use = dated & (row >= 0)
    out: list[list[int]] = [[] for _ in range(size)]
    if not use.any():
        return out
    first = int(period[use].min())
    width = int(period[use].max()) - first + 1
    keys = (row[use] * width + period[use] - first) * _STANCES + stance[use]
    names, found = np.unique(keys, return_counts=True)
    rest, stances = np.divmod(names, _STANCES)
    rows, periods = np.divmod(rest, width)
    triples = np.stack([periods + first, stances, found], axis=1)
    for place, triple in zip(rows.tolist(), triples.tolist(), strict=True):
        out[place].extend(triple)
    return out


def _grid(tables: Tables) -> list[list[int]]:
    letters = np.append(_codes(tables.sources["letter"], LETTERS), len(LETTERS))
    digits = _codes(tables.said["digit"], DIGITS)
    table = _table(letters[tables.source], digits, len(LETTERS) + 1, len(DIGITS) + 1)
    return [row[: len(DIGITS)] for row in table]

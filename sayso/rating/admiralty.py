"""The NATO Admiralty rating: a letter for each source and outlet, a digit for each claim.

The axes are independent by construction. A letter is read off the estimated reliability, its
interval and how much evidence it rests on. A digit is read off how many independent sources take
which side, and known outcomes: never off their letters, their reliability or a probability
computed from it. `sayso.rating.scale` has the steps and every figure of the rule:

| letter | a source judged on evidence worth 5 claims, which makes up a quarter of the estimate |
| --- | --- |
| A | estimate at least 95 %, low end of the 90 % interval 90 %, mainly its own; 5 known outcomes |
| B | estimate at least 75 %, low end at least 60 % |
| C | estimate at least 50 % |
| D | estimate under 50 % |
| E | estimate under 25 %, high end under 50 % |
| F | any other: too little evidence, most of it the prior's, or an interval wider than 50 points |

| digit | a claim on which two independent sources take a side; one with a hedge counts for half |
| --- | --- |
| 1 | known to be true; or nobody is against it and 3 assert it, in 2 outlets |
| 2 | 2 for it, and at least 3 times what is against it |
| 3 | neither side has that |
| 4 | 2 against it, and at least 3 times what is for it |
| 5 | known to be false; or nobody is for it and 3 are against it without a hedge, in 2 outlets |
| 6 | any other: fewer than two sources take a side, and no outcome is known |

What is said against a claim has the contrary digit: 1 and 5, 2 and 4 change places.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import fields
from typing import Any, TypeVar

import pyarrow as pa

from sayso.errors import InputError
from sayso.rating import scale
from sayso.rating.reasons import claim_reasons, source_reasons
from sayso.rating.record import ClaimRating, ClaimRecord, SourceRating, SourceRecord

__all__ = [
    "ClaimRating",
    "ClaimRecord",
    "SourceRating",
    "SourceRecord",
    "rate_claim",
    "rate_claims",
    "rate_source",
    "rate_sources",
]

_TEXTS = pa.list_(pa.field("item", pa.string()))
_BATCH = 65_536

_Record = TypeVar("_Record")
_Rating = TypeVar("_Rating")


def rate_source(record: SourceRecord) -> SourceRating:
    """The letter of a source or an outlet, with its reasons."""
    letter = _letter(record)
    return SourceRating(letter, source_reasons(record, letter))


def rate_claim(record: ClaimRecord) -> ClaimRating:
    """The digit of a claim and that of its contrary, with reasons for the first."""
    digit = _digit(record)
    return ClaimRating(digit, scale.CONTRARY[digit], claim_reasons(record, digit))


def rate_sources(table: pa.Table) -> pa.Table:
    """Rate a table of sources or outlets.

    Args:
        table: with the columns that are the fields of `SourceRecord`, one row a source.

    Returns:
        The table with `letter` and `reasons`, in place of columns of these names if there are any.

    Raises:
        InputError: a column is missing.
    """
    ratings, rows = _rate(table, SourceRecord, rate_source)
    return _with_columns(
        table,
        letter=pa.array([one.letter for one in ratings], pa.string()).take(rows),
        reasons=pa.array([one.reasons for one in ratings], _TEXTS).take(rows),
    )


def rate_claims(table: pa.Table) -> pa.Table:
    """Rate a table of claims.

    Args:
        table: with the columns that are the fields of `ClaimRecord`, one row a claim.

    Returns:
        The table with `digit`, `contrary` and `reasons`, in place of columns of these names if
        there are any.

    Raises:
        InputError: a column is missing.
    """
    ratings, rows = _rate(table, ClaimRecord, rate_claim)
    return _with_columns(
        table,
        digit=pa.array([one.digit for one in ratings], pa.string()).take(rows),
        contrary=pa.array([one.contrary for one in ratings], pa.string()).take(rows),
        reasons=pa.array([one.reasons for one in ratings], _TEXTS).take(rows),
    )


def _letter(record: SourceRecord) -> str:
    estimate, low, high = record.reliability, record.reliability_low, record.reliability_high
    if estimate is None or low is None or high is None:
        return "F"
    if (record.checked or 0) < scale.FEWEST_CLAIMS or high - low > scale.WIDEST:
        return "F"
    if record.own < scale.OWN:
        return "F"
    surely = estimate >= scale.SURELY and low >= scale.SURELY_LOW
    if surely and record.own >= scale.MAINLY and (record.known or 0) >= scale.PROVED:
        return "A"
    if estimate >= scale.USUALLY and low >= scale.USUALLY_LOW:
        return "B"
    if estimate >= scale.FAIRLY:
        return "C"
    return "E" if estimate < scale.UNFIT and high < scale.UNFIT_HIGH else "D"


def _digit(record: ClaimRecord) -> str:
    if record.outcome is not None:
        return "1" if record.outcome else "5"
    sided = record.supporting + record.supporting_hedged
    opposed = record.opposing + record.opposing_hedged
    if sided + opposed < scale.FEWEST_SOURCES:
        return "6"
    apart = record.carriers >= scale.CARRIERS
    if not opposed and record.supporting >= scale.CONFIRMING and apart:
        return "1"
    if not sided and record.opposing >= scale.CONFIRMING and apart:
        return "5"
    support = record.supporting + scale.HEDGED * record.supporting_hedged
    opposition = record.opposing + scale.HEDGED * record.opposing_hedged
    if support >= max(scale.PROBABLE, scale.MOSTLY * opposition):
        return "2"
    return "4" if opposition >= max(scale.PROBABLE, scale.MOSTLY * support) else "3"


def _rate(
    table: pa.Table, kind: Callable[..., _Record], rate: Callable[[_Record], _Rating]
) -> tuple[list[_Rating], pa.Array]:
    """The different ratings of a table's rows, and the place of each row's among them."""
    known: dict[tuple[Any, ...], int] = {}
    ratings: list[_Rating] = []
    rows = []
    names = [field.name for field in fields(kind)]  # type: ignore[arg-type]
    for values in _rows(table, names):
        place = known.setdefault(values, len(ratings))
        if place == len(ratings):
            ratings.append(rate(kind(*values)))
        rows.append(place)
    return ratings, pa.array(rows, pa.int32())


def _rows(table: pa.Table, names: list[str]) -> Iterator[tuple[Any, ...]]:
    missing = [name for name in names if name not in table.column_names]
    if missing:
        found = ", ".join(table.column_names)
        raise InputError(f"expected a column {missing[0]!r} to rate by, found columns {found}")
    for batch in table.select(names).to_batches(max_chunksize=_BATCH):
        yield from zip(*(column.to_pylist() for column in batch.columns), strict=True)


def _with_columns(table: pa.Table, **columns: pa.Array) -> pa.Table:
    for name, column in columns.items():
        if name in table.column_names:
            table = table.set_column(table.column_names.index(name), name, column)
        else:
            table = table.append_column(name, column)
    return table

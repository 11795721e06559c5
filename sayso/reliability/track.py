"""Track records: how right a source proved where outcomes are known, by proper scoring rules.

A stance commits its source to a probability, and that is scored as a forecast (Gneiting and Raftery
2007): by the squared error (Brier 1950) and by the logarithm of what it gave to the outcome.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sayso.errors import UsageError
from sayso.records import STANCES
from sayso.reliability.votes import UNKNOWN

__all__ = ["COMMITTED", "TrackRecords", "track_records"]

FloatArray = npt.NDArray[np.float64]

COMMITTED: Mapping[str, float] = {
    "assertion": 0.93,
    "denial": 0.93,
    "hedge": 0.75,
    "speculation": 0.5,
}
"""Probability that a source of each stance gives to the side that it takes: an assertion `almost
certain`, a denial `almost certainly not`, a hedge `probable`, speculation `chances about even`, in
the numbers of Kent 1964 (Words of estimative probability)."""


@dataclass(frozen=True, slots=True)
class TrackRecords:
    """Track record of each source.

    Attributes:
        known: int32[sources], claims with an outcome on which it takes a side.
        right: int32[sources], of these, those on which it was right.
        scored: int32[sources], claims with an outcome on which it said anything.
        brier: float64[sources], mean squared error over the scored, 0 best, 1 worst; NaN without.
        log_loss: float64[sources], mean negative logarithm (natural) of what it gave to the
            outcome, 0 best; NaN without.
    """

    known: npt.NDArray[np.int32]
    right: npt.NDArray[np.int32]
    scored: npt.NDArray[np.int32]
    brier: FloatArray
    log_loss: FloatArray


def track_records(
    *,
    source: npt.ArrayLike,
    side: npt.ArrayLike,
    stance: npt.ArrayLike,
    truth: npt.ArrayLike,
    sources: int,
) -> TrackRecords:
    """Score what sources said against what is known.

    Args:
        source: int[rows], a row for each source and claim that it speaks of.
        side: int[rows], 1 for the claim, -1 against it, 0 neither: such rows count as speculation.
        stance: int[rows], index in `STANCES`.
        truth: int[rows], of the row's claim: 1, 0 or `UNKNOWN`; the latter's rows do not count.
        sources: how many there are.

    Raises:
        UsageError: a value is out of range.
    """
    rows = [np.asarray(column, dtype=np.int64) for column in (source, side, stance, truth)]
    for name, column, low, high in zip(
        ("source", "side", "stance", "truth"),
        rows,
        (0, -1, 0, UNKNOWN),
        (sources - 1, 1, len(STANCES) - 1, 1),
        strict=True,
    ):
        if len(column) and (column.min() < low or column.max() > high):
            found = f"{column.min()} to {column.max()}"
            raise UsageError(f"expected {name} in {low} to {high}, found {found}")
    who, taken, how, outcome = (column[rows[3] != UNKNOWN] for column in rows)
    sure = np.array([COMMITTED[name] for name in STANCES])[how]
    given = 0.5 + taken * (sure - 0.5)  # to the claim
    to_outcome = np.where(outcome == 1, given, 1 - given)
    scored = np.bincount(who, minlength=sources)
    sided = taken != 0
    hit = sided & ((taken > 0) == (outcome == 1))
    with np.errstate(invalid="ignore"):
        brier = np.bincount(who, (1 - to_outcome) ** 2, minlength=sources) / scored
        log_loss = np.bincount(who, -np.log(to_outcome), minlength=sources) / scored
    return TrackRecords(
        known=np.bincount(who[sided], minlength=sources).astype(np.int32),
        right=np.bincount(who[hit], minlength=sources).astype(np.int32),
        scored=scored.astype(np.int32),
        brier=brier,
        log_loss=log_loss,
    )

"""What truth discovery works on: who votes for or against which claim, how firmly and when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sayso.errors import UsageError

__all__ = ["GROUPS", "UNDATED", "UNKNOWN", "Votes"]

UNKNOWN = -1
"""The truth of a claim of which no outcome was given."""

UNDATED = -1
"""The day of a vote without a date."""

GROUPS = 100
"""Most classes of sources."""

_TYPES: Mapping[str, type[np.generic]] = {
    "source": np.int32,
    "claim": np.int32,
    "position": np.int8,
    "hedged": np.bool_,
    "day": np.int32,
    "group": np.int32,
    "truth": np.int8,
}


@dataclass(frozen=True, slots=True)
class Votes:
    """One vote a source and claim; the order of the rows means nothing.

    Attributes:
        source: int32[votes], index into `group`.
        claim: int32[votes], index into `truth`.
        position: int8[votes], 1 for the claim and -1 against it.
        hedged: bool[votes], whether the source hedged; it asserted or denied otherwise.
        day: int32[votes], any count of days; `UNDATED` where unknown.
        group: int32[sources], class of the source, under `GROUPS`: those of one class share a
            prior.
        truth: int8[claims], the outcome: 1 true, 0 false, `UNKNOWN`.

    Raises:
        UsageError: columns differ in length, an index or a value is out of range, or a source
            votes twice on a claim.
    """

    source: npt.NDArray[np.int32]
    claim: npt.NDArray[np.int32]
    position: npt.NDArray[np.int8]
    hedged: npt.NDArray[np.bool_]
    day: npt.NDArray[np.int32]
    group: npt.NDArray[np.int32]
    truth: npt.NDArray[np.int8]

    def __post_init__(self) -> None:
        for name, kind in _TYPES.items():
            object.__setattr__(self, name, np.ascontiguousarray(getattr(self, name), dtype=kind))
        rows = {name: len(getattr(self, name)) for name in tuple(_TYPES)[:5]}
        if len(set(rows.values())) > 1:
            raise UsageError(f"expected columns of votes of one length, found {rows}")
        _check(self.source, "source", 0, len(self.group) - 1)
        _check(self.claim, "claim", 0, len(self.truth) - 1)
        _check(self.group, "group", 0, GROUPS - 1)
        _check(self.truth, "truth", UNKNOWN, 1)
        if not np.all(np.abs(self.position) == 1):
            raise UsageError("expected votes of position 1 or -1, found another")
        keys = np.sort(self.key())
        if np.any(keys[1:] == keys[:-1]):
            raise UsageError("expected one vote a source and claim, found two")

    def key(self) -> npt.NDArray[np.int64]:
        """A number of each vote that tells source and claim, and sorts by source, then claim."""
        return self.source.astype(np.int64) * len(self.truth) + self.claim


def _check(column: npt.NDArray[np.signedinteger], name: str, low: int, high: int) -> None:
    if len(column) and (column.min() < low or column.max() > high):
        found = f"{column.min()} to {column.max()}"
        raise UsageError(f"expected {name} in {low} to {high}, found {found}")

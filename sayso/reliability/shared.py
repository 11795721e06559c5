"""The votes that can tell anything: those on claims with several votes, or with an outcome."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sayso.reliability.votes import UNDATED, UNKNOWN, Votes

__all__ = ["Shared"]

IntArray = npt.NDArray[np.int64]

_LATEST = np.iinfo(np.int32).max


@dataclass(frozen=True, slots=True)
class Shared:
    """Votes on shared claims, sources and claims numbered anew.

    Rows are in the order of the claims and, within a claim, of who could have copied from whom: by
    day, those without one last; then sources of more votes first.

    Attributes:
        source, claim: int64[votes].
        side: float64[votes], 1 for the claim, -1 against it.
        hedged: bool[votes].
        sources, claims: int64, the numbers in `Votes` of the sources and claims here.
        group: int64[sources], class of each source.
        truth: int8[claims], as in `Votes`.
        starts: int64[claims], the first vote of each claim.
        voters: int64[claims], how many votes it has.
    """

    source: IntArray
    claim: IntArray
    side: npt.NDArray[np.float64]
    hedged: npt.NDArray[np.bool_]
    sources: IntArray
    claims: IntArray
    group: IntArray
    truth: npt.NDArray[np.int8]
    starts: IntArray
    voters: IntArray

    @classmethod
    def of(cls, votes: Votes) -> Shared:
        """Take the votes on claims with more than one vote, or with an outcome."""
        most = np.bincount(votes.source, minlength=len(votes.group))
        wide = np.bincount(votes.claim, minlength=len(votes.truth)) > 1
        rows = np.flatnonzero((wide | (votes.truth != UNKNOWN))[votes.claim])
        day = np.where(votes.day[rows] == UNDATED, _LATEST, votes.day[rows])
        voter = votes.source[rows]
        rows = rows[np.lexsort((voter, -most[voter], day, votes.claim[rows]))]
        sources, source = np.unique(votes.source[rows], return_inverse=True)
        claims, starts, claim, voters = np.unique(
            votes.claim[rows], return_index=True, return_inverse=True, return_counts=True
        )
        return cls(
            source=source.astype(np.int64),
            claim=claim.astype(np.int64),
            side=votes.position[rows].astype(np.float64),
            hedged=votes.hedged[rows],
            sources=sources.astype(np.int64),
            claims=claims.astype(np.int64),
            group=votes.group[sources].astype(np.int64),
            truth=votes.truth[claims],
            starts=starts.astype(np.int64),
            voters=voters.astype(np.int64),
        )

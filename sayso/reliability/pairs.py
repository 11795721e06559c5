"""Who may copy from whom: pairs of sources that agree where others do not.

After Dong, Berti-Équille and Srivastava 2009 (Integrating conflicting data: the role of source
dependence). Pairs are found through the claims that both speak of, rarest claims first.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sayso.reliability.shared import Shared

__all__ = ["LEAST_SHARED", "MOST_PAIRS", "ORIGINALS", "Pairs", "find_pairs"]

IntArray = npt.NDArray[np.int64]
FloatArray = npt.NDArray[np.float64]

LEAST_SHARED = 5
"""Claims that two sources must share before copying is thought of: fewer tell nothing."""

MOST_PAIRS = 3_000_000
"""Pairs of votes on one claim that are looked at; claims of fewest votes come first, and what they
tell of copying is worth most."""

ORIGINALS = 4
"""Sources that are kept as possible originals of each."""

LEAST_SCORE = 0.5
"""Least log-likelihood ratio for copying of a pair that is kept, before truth is estimated."""

MOST_EXPECTED = 0.8
"""Most agreement that is expected of two sources, however many others are on the same side of a
claim: a crowd of copiers is no measure of what to expect."""

_RATES = np.array([0.4, 0.9])


@dataclass(frozen=True, slots=True)
class Pairs:
    """Pairs of a source and a possible original of it, sorted by the source.

    Attributes:
        copier, original: int64[pairs], sources of `Shared`.
        score: float64[pairs], log-likelihood ratio for copying before truth is estimated.
        others: int64[pairs], how many sources the copier could have copied from.
        pair, vote: int64[rows], a vote of the copier on a claim that the original spoke of before.
        agrees: bool[rows], whether it took the original's side.
    """

    copier: IntArray
    original: IntArray
    score: FloatArray
    others: IntArray
    pair: IntArray
    vote: IntArray
    agrees: npt.NDArray[np.bool_]


def find_pairs(shared: Shared) -> Pairs:
    """Find the likeliest originals of each source, `ORIGINALS` at most."""
    size = max(len(shared.sources), 1)
    keys, gains = _joint(shared, size)
    order = np.argsort(keys, kind="stable")
    keys, gains = keys[order], gains[order]
    starts = np.flatnonzero(np.append(True, keys[1:] != keys[:-1])) if len(keys) else order
    counts = np.diff(np.append(starts, len(keys)))
    sums = np.add.reduceat(gains, starts, axis=0) if len(keys) else gains
    found, score = keys[starts], sums.max(axis=1, initial=-np.inf)
    enough = counts >= LEAST_SHARED
    copier, original = found // size, found % size
    others = np.bincount(copier[enough], minlength=size)
    kept = np.flatnonzero(enough & (score > LEAST_SCORE))
    kept = kept[np.lexsort((original[kept], -score[kept], copier[kept]))]
    first = np.searchsorted(copier[kept], copier[kept])
    kept = kept[np.arange(len(kept)) - first < ORIGINALS]
    copier, original, score = copier[kept], original[kept], score[kept]
    pair, vote, agrees = _rows(shared, copier, original)
    return Pairs(copier, original, score.astype(np.float64), others[copier], pair, vote, agrees)


def _joint(shared: Shared, size: int) -> tuple[IntArray, npt.NDArray[np.float32]]:
    """Key of copier and original, and gain by copying at each rate, for each joint vote."""
    ayes = np.bincount(shared.claim, shared.side > 0, minlength=len(shared.claims))
    keys, gains = [np.zeros(0, np.int64)], [np.zeros((0, len(_RATES)), np.float32)]
    for later, earlier in _joint_votes(shared):
        keys.append(shared.source[later] * size + shared.source[earlier])
        claim, side = shared.claim[later], shared.side[later]
        agrees = side == shared.side[earlier]
        voters = shared.voters[claim]
        same = np.where(side > 0, ayes[claim], voters - ayes[claim]) - 1 - agrees
        others = (same + 1) / voters  # with one more of each side
        expected = np.minimum(others, MOST_EXPECTED)
        gain = np.where(
            agrees[:, None],
            np.log(_RATES + (1 - _RATES) * expected[:, None]) - np.log(expected[:, None]),
            np.log1p(-_RATES),
        )
        gains.append(gain.astype(np.float32))
    return np.concatenate(keys), np.concatenate(gains)


def _joint_votes(shared: Shared) -> Iterator[tuple[IntArray, IntArray]]:
    """Pairs of a later and an earlier vote on one claim, `MOST_PAIRS` at most."""
    left = MOST_PAIRS
    for voters in np.unique(shared.voters[shared.voters > 1]).tolist():
        each = voters * (voters - 1) // 2
        claims = np.flatnonzero(shared.voters == voters)[: left // each]
        if not len(claims):
            return
        left -= len(claims) * each
        earlier, later = np.triu_indices(voters, 1)
        starts = shared.starts[claims][:, None]
        yield (starts + later).ravel(), (starts + earlier).ravel()


def _rows(
    shared: Shared, copier: IntArray, original: IntArray
) -> tuple[IntArray, IntArray, npt.NDArray[np.bool_]]:
    """The votes of each pair's copier on claims that its original spoke of before."""
    by_source = np.lexsort((shared.claim, shared.source))
    own = shared.source[by_source] * len(shared.claims) + shared.claim[by_source]
    size = np.arange(len(shared.sources))
    first = np.searchsorted(shared.source[by_source], size)
    count = np.bincount(shared.source, minlength=len(shared.sources))
    pair = np.repeat(np.arange(len(copier)), count[copier])
    inner = np.arange(len(pair)) - np.repeat(
        np.cumsum(count[copier]) - count[copier], count[copier]
    )
    vote = by_source[np.repeat(first[copier], count[copier]) + inner]
    wanted = original[pair] * len(shared.claims) + shared.claim[vote]
    at = np.minimum(np.searchsorted(own, wanted), max(len(own) - 1, 0))
    other = by_source[at]
    both = (own[at] == wanted) & (other < vote)
    pair, vote, other = pair[both], vote[both], other[both]
    return pair, vote, shared.side[vote] == shared.side[other]

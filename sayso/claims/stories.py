"""What each article's statements are about as a whole: its weightiest terms."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sayso.claims.contents import Contents
from sayso.claims.terms import Terms

__all__ = ["Stories", "read_stories"]

IntArray = npt.NDArray[np.int32]
FloatArray = npt.NDArray[np.float32]

TERMS = 16
"""Terms of an article that are compared at most, those of most weight."""


@dataclass(frozen=True, slots=True)
class Stories:
    """The articles of a corpus, a of them, in the order of their statements.

    Attributes:
        article: [statements] each one's article, counted from 0.
        terms: [a, TERMS] terms of an article's contents, most weight first, -1 after the last.
        weights: [a, TERMS] of them, of length 1 in all.
    """

    article: IntArray
    terms: IntArray
    weights: FloatArray

    def alike(self, i: IntArray, j: IntArray) -> FloatArray:
        """Cosines of the terms of pairs of articles: [pairs]."""
        left, weights = self.terms[i], self.weights[j]
        others = np.zeros(left.shape, np.float32)
        for place, column in enumerate(self.terms[j].T):
            others += (left == column[:, None]) * weights[:, place, None]
        return np.asarray((others * self.weights[i]).sum(axis=1), dtype=np.float32)


def read_stories(contents: Contents, terms: Terms, weights: FloatArray) -> Stories:
    """Read what the articles are about.

    Args:
        contents: the statements.
        terms: of their contents.
        weights: of each term.
    """
    new = np.diff(contents.article, prepend=contents.article[:1]) != 0
    article = np.cumsum(new).astype(np.int32)
    size = int(article[-1]) + 1 if len(article) else 0
    ids = np.full((size, TERMS), -1, np.int32)
    strength = np.zeros((size, TERMS), np.float32)
    for start in range(0, size, _CHUNK):
        low, high = np.searchsorted(article, [start, start + _CHUNK])
        _read(terms, weights, article, range(low, high), ids, strength)
    length = np.linalg.norm(strength, axis=1, keepdims=True)
    strength /= np.where(length > 0, length, 1)
    return Stories(article, ids, strength)


_CHUNK = 4000


def _read(
    terms: Terms,
    weights: FloatArray,
    article: IntArray,
    rows: range,
    ids: IntArray,
    strength: FloatArray,
) -> None:
    """Fill in the rows of `ids` and `strength` of the articles of some statements."""
    starts = terms.starts[rows.start : rows.stop + 1]
    owners = np.repeat(article[rows.start : rows.stop].astype(np.int64), np.diff(starts))
    keys = owners << 32 | terms.ids[starts[0] : starts[-1]]
    keys.sort()
    first = np.flatnonzero(np.diff(keys, prepend=-1))
    counts = np.diff(first, append=len(keys))
    owner, term = keys[first] >> 32, keys[first] & 0xFFFFFFFF
    heavy = np.log1p(counts).astype(np.float32) * weights[term]
    order = np.lexsort((term, -heavy, owner))
    inside = np.arange(len(owner)) - np.searchsorted(owner, owner)
    kept = inside < TERMS
    ids[owner[kept], inside[kept]] = term[order][kept]
    strength[owner[kept], inside[kept]] = heavy[order][kept]

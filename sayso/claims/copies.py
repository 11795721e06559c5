"""Articles that repeat an earlier one, as two papers' prints of one wire story do."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from sayso.claims.contents import Contents
from sayso.claims.items import TELLING, Items

__all__ = ["copied_statements"]

IntArray = npt.NDArray[np.int32]

SHARE = 0.5
"""Share of the smaller article's telling contents that both have, in a near-copy."""

FEWEST = 3
"""Telling contents that two articles share at least to be near-copies."""

NEARBY = 10
"""Articles with a content that each of them is compared with, the next in time."""


def copied_statements(contents: Contents, items: Items) -> IntArray:
    """The statement that each one repeats as part of an article that is a near-copy.

    Of near-copies the earliest counts as the original; statements of the others that stand in it
    too are copies of it.

    Returns:
        [statements] row of the original's statement, itself no copy; -1 for the rest.
    """
    size = len(contents)
    out = np.full(size, -1, np.int32)
    telling = items.item >= 0
    telling[telling] = items.total[items.item[telling]] >= TELLING
    rows = np.flatnonzero(telling)
    if not len(rows):
        return out
    article, first_row = _articles(contents)
    rank = _ranks(contents, first_row)
    keys = items.item[rows].astype(np.int64) << 32 | rank[article[rows]]
    keys, at = np.unique(keys, return_index=True)
    rows = rows[at]
    item, place = keys >> 32, keys & 0xFFFFFFFF
    many = np.bincount(place, minlength=len(first_row))
    original = _originals(item, place, many)
    return _repeated(out, item, place, rows, original)


def _articles(contents: Contents) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Each statement's article, counted from 0, and the first row of each article."""
    new = np.diff(contents.article, prepend=contents.article[:1]) != 0
    return np.cumsum(new), np.concatenate([[0], np.flatnonzero(new)])


def _ranks(contents: Contents, first_row: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Each article's place in time; those without a day come last."""
    day = contents.day[first_row].astype(np.int64)
    order = np.lexsort((first_row, np.where(day < 0, np.iinfo(np.int64).max, day)))
    rank = np.empty(len(order), np.int64)
    rank[order] = np.arange(len(order))
    return rank


def _originals(
    item: npt.NDArray[np.int64], place: npt.NDArray[np.int64], many: npt.NDArray[np.int64]
) -> npt.NDArray[np.int64]:
    """The earliest article that each article is a near-copy of, by place in time; else itself."""
    found = [np.zeros(0, np.int64)]
    for apart in range(1, min(NEARBY, len(item) - 1) + 1):
        at = np.flatnonzero(item[apart:] == item[:-apart])
        found.append(place[at] << 32 | place[at + apart])
    pairs, shared = np.unique(np.concatenate(found), return_counts=True)
    early, late = pairs >> 32, pairs & 0xFFFFFFFF
    near = (shared >= FEWEST) & (shared >= SHARE * np.minimum(many[early], many[late]))
    original = np.arange(len(many))
    np.minimum.at(original, late[near], early[near])
    while (original[original] != original).any():
        original = original[original]
    return original


def _repeated(
    out: IntArray,
    item: npt.NDArray[np.int64],
    place: npt.NDArray[np.int64],
    rows: npt.NDArray[np.int64],
    original: npt.NDArray[np.int64],
) -> IntArray:
    """Point statements of copies at those of the original with the same content."""
    copied = np.flatnonzero(original[place] != place)
    keys = item << 32 | place
    wanted = item[copied] << 32 | original[place[copied]]
    at = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
    same = keys[at] == wanted
    out[rows[copied[same]]] = rows[at[same]]
    return out

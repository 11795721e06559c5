"""Pairs of contents worth comparing: those that share rare terms, by sorted keys."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

import numpy as np
import numpy.typing as npt

from sayso.claims.contents import Contents
from sayso.claims.items import Items, hashed

__all__ = ["candidate_parts", "candidates"]

IntArray = npt.NDArray[np.int32]
Keys = npt.NDArray[np.uint64]

RAREST = 7
"""Rarest terms of a content of which every two make a key."""

NEARBY = 6
"""Members of a block that each member is compared with, the next in time."""

LONE = 6
"""Most contents in which a term stands that is a key by itself."""

LOCAL = 5
"""Rarest terms of a content that are keys within its article and from its source."""

_BITS = 24
"""Bits of a key's low part, the item's place in time."""

_PARTS = 8
"""Parts in which pairs are given, by their lower item."""

_WAITING = 500_000
"""Pairs of a part that are found before they are merged with the others."""

_LOW = np.uint64((1 << _BITS) - 1)
_HALF = np.uint64(32)


def candidates(items: Items, contents: Contents) -> tuple[IntArray, IntArray]:
    """Pairs (i, j) of items worth comparing, i < j, each once, rising; see `candidate_parts`."""
    parts = list(candidate_parts(items, contents))
    return np.concatenate([i for i, _ in parts]), np.concatenate([j for _, j in parts])


def candidate_parts(items: Items, contents: Contents) -> Iterator[tuple[IntArray, IntArray]]:
    """The pairs of `candidates` in parts, so that they need not be held at once.

    Items meet that share two of their `RAREST` terms, a very rare one, or a term and the article or
    the source. In a block of any size a member meets the next `NEARBY` in time only, so that the
    work grows with the number of items.
    """
    day = np.where(contents.day < 0, np.iinfo(np.int32).max, contents.day)[items.row]
    order = np.lexsort((items.row, day)).astype(np.uint64)
    place = np.empty(len(items), np.uint64)
    place[order] = np.arange(len(items), dtype=np.uint64)
    bounds = np.linspace(0, len(items), _PARTS + 1).astype(np.uint64)[1:-1] << _HALF
    found = [[np.zeros(0, np.uint64)] for _ in range(_PARTS)]
    for keys, owners in _families(items, contents):
        packed = (hashed(keys) & ~_LOW) | place[owners]
        packed.sort()
        pairs = _met(packed, order)
        for part, some in zip(found, np.split(pairs, np.searchsorted(pairs, bounds)), strict=True):
            part.append(some.copy())
            if sum(map(len, part[1:])) > max(_WAITING, len(part[0])):
                part[:] = [_different(np.concatenate(part))]
    for part in found:
        whole = _different(np.concatenate(part))
        part.clear()
        yield (whole >> _HALF).astype(np.int32), (whole & np.uint64(0xFFFFFFFF)).astype(np.int32)


def _families(items: Items, contents: Contents) -> Iterator[tuple[Keys, npt.NDArray[np.int64]]]:
    """Keys of each kind, and the items that they are of."""
    rare = _first(items.terms, items.counts > 1, RAREST)
    for one, other in combinations(range(RAREST), 2):
        owners = np.flatnonzero(rare[:, other] >= 0)
        left, right = rare[owners, one], rare[owners, other]
        yield _joined(np.minimum(left, right), np.maximum(left, right)), owners
    lone = (rare >= 0) & (items.counts[rare] <= LONE)
    yield rare[lone].astype(np.uint64), np.nonzero(lone)[0]
    for column, mark in ((contents.article, 1), (contents.source, 2)):
        near = rare[:, :LOCAL]
        owner = column[items.row]
        kept = (near >= 0) & (owner >= 0)[:, None]
        rows = np.nonzero(kept)[0]
        yield hashed(_joined(owner[rows], near[kept])) + np.uint64(mark), rows


def _first(terms: IntArray, wanted: npt.NDArray[np.bool_], size: int) -> IntArray:
    """The first `size` wanted terms of each row: [rows, size], -1 after the last."""
    out = np.full((len(terms), size), -1, np.int32)
    filled = np.zeros(len(terms), np.int64)
    for column in terms.T:
        rows = np.flatnonzero((column >= 0) & wanted[column] & (filled < size))
        out[rows, filled[rows]] = column[rows]
        filled[rows] += 1
    return out


def _joined(left: IntArray, right: IntArray) -> Keys:
    return left.astype(np.uint64) << _HALF | right.astype(np.uint64)


def _met(packed: Keys, order: Keys) -> Keys:
    """Pairs of items at most `NEARBY` places apart in a block: the lower one in the high half."""
    block, place = packed >> np.uint64(_BITS), (packed & _LOW).astype(np.int64)
    found = [np.zeros(0, np.uint64)]
    for apart in range(1, min(NEARBY, len(packed) - 1) + 1):
        at = np.flatnonzero(block[apart:] == block[:-apart])
        one, other = order[place[at]], order[place[at + apart]]
        low, high = np.minimum(one, other), np.maximum(one, other)
        found.append((low << _HALF | high)[low != high])
    return _different(np.concatenate(found))


def _different(keys: Keys) -> Keys:
    """The different ones of keys, rising; sorts in place, much faster than `numpy.unique`."""
    keys.sort()
    return keys[np.append(True, keys[1:] != keys[:-1])] if len(keys) else keys

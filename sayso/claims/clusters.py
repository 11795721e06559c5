"""Pairs with probabilities → groups that do not chain: average linkage within components."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

__all__ = ["LARGEST", "Scorer", "agglomerate", "components", "group_items"]

IntArray = npt.NDArray[np.int32]
FloatArray = npt.NDArray[np.float32]

Scorer: TypeAlias = Callable[[IntArray, IntArray], FloatArray]
"""Pairs of items → probabilities that they are on the same claim."""

LARGEST = 128
"""Items of a component that are grouped together; larger ones are taken apart first."""

_STEP = 1.25
"""By which the odds of a link have to be higher when a component is taken apart."""

_CELLS = 4_000_000
"""Pairs of items in components that are scored at a time."""


def components(size: int, i: IntArray, j: IntArray) -> IntArray:
    """Connected components of `size` items by their links: the least item of each."""
    least = np.arange(size, dtype=np.int32)
    while True:
        before = least.copy()
        low = np.minimum(least[i], least[j])
        np.minimum.at(least, i, low)
        np.minimum.at(least, j, low)
        while (least[least] != least).any():
            least = least[least]
        if (least == before).all():
            return least


def group_items(
    size: int,
    i: IntArray,
    j: IntArray,
    probability: FloatArray,
    score: Scorer,
    *,
    link: float,
    must: tuple[IntArray, IntArray],
) -> IntArray:
    """Group items by average linkage.

    Args:
        size: how many items there are.
        i: lower items of the pairs that were scored.
        j: higher items of them.
        probability: of each pair, to be on the same claim.
        score: gives the probabilities of the other pairs within a component.
        link: groups are joined while the mean over their pairs is at least this.
        must: pairs that are joined first.

    Returns:
        The least item of each item's group: [size].
    """
    strong = probability >= link
    i, j, probability = i[strong], j[strong], probability[strong]
    left, right = np.concatenate([i, must[0]]), np.concatenate([j, must[1]])
    chance = np.concatenate([probability, np.ones(len(must[0]), np.float32)])
    part = _small_components(size, left, right, chance, link)
    order = np.argsort(part, kind="stable").astype(np.int32)
    starts = np.flatnonzero(np.diff(part[order], prepend=-1))
    many = np.diff(starts, append=size)
    group = part.copy()
    for width in _widths(many):
        chosen = np.flatnonzero((many > width // 2) & (many <= width) & (many > 1))
        batch = max(1, _CELLS // (width * width))
        for start in range(0, len(chosen), batch):
            some = chosen[start : start + batch]
            members = _members(order, starts[some], many[some], width)
            table = _table(members, score, must)
            joined = agglomerate(table, link)
            filled = members >= 0
            group[members[filled]] = np.take_along_axis(members, joined, axis=1)[filled]
    return group


def _widths(many: npt.NDArray[np.int64]) -> list[int]:
    """Powers of two up to the largest component."""
    largest = int(many.max(initial=1))
    return [2**power for power in range(1, (largest - 1).bit_length() + 1)]


def _small_components(
    size: int, i: IntArray, j: IntArray, probability: FloatArray, link: float
) -> IntArray:
    """Components of at most `LARGEST` items, by links that get stronger where there are more."""
    part = components(size, i, j)
    odds = link / (1 - link)
    while True:
        big = np.bincount(part, minlength=size)[part] > LARGEST
        if not big.any():
            return part
        odds *= _STEP
        kept = ~big[i] | (probability >= odds / (1 + odds))
        if odds > 1e6:
            kept = ~big[i] | (i // LARGEST == j // LARGEST)
        i, j, probability = i[kept], j[kept], probability[kept]
        part = components(size, i, j)


def _members(
    order: IntArray, starts: npt.NDArray[np.int64], many: npt.NDArray[np.int64], width: int
) -> IntArray:
    """The items of components [components, width], rising, -1 after the last."""
    inside = np.arange(width)[None, :]
    at = np.minimum(starts[:, None] + inside, len(order) - 1)
    return np.where(inside < many[:, None], order[at], -1).astype(np.int32)


def _table(members: IntArray, score: Scorer, must: tuple[IntArray, IntArray]) -> FloatArray:
    """Probabilities of all pairs within components [components, width, width]; -1 where none."""
    width = members.shape[1]
    upper = np.triu_indices(width, 1)
    left, right = members[:, upper[0]], members[:, upper[1]]
    there = right >= 0
    values = np.full(left.shape, -1.0, np.float32)
    values[there] = score(left[there], right[there])
    if len(must[0]):
        tied = np.sort(must[0].astype(np.int64) << 32 | must[1])
        keys = left.astype(np.int64) << 32 | right
        found = tied[np.minimum(np.searchsorted(tied, keys), len(tied) - 1)] == keys
        values[found & there] = _TIED
    table = np.full((len(members), width, width), -1.0, np.float32)
    table[:, upper[0], upper[1]] = values
    table[:, upper[1], upper[0]] = values
    return table


_TIED = 2.0
"""What a pair that must be joined is taken for, so that it comes before all others."""


def agglomerate(table: FloatArray, link: float) -> npt.NDArray[np.int64]:
    """Average linkage (Sokal and Michener 1958) in many components at once.

    Args:
        table: [components, width, width] symmetric; what is negative is never joined. Overwritten.
        link: least mean at which two groups are joined.

    Returns:
        [components, width] the first member of each member's group.
    """
    count, width = table.shape[:2]
    group = np.tile(np.arange(width), (count, 1))
    weight = np.ones((count, width), np.float32)
    active = np.arange(count)
    while len(active):
        flat = table[active].reshape(len(active), -1)
        best = flat.argmax(axis=1)
        going = flat[np.arange(len(active)), best] >= link
        active, best = active[going], best[going]
        if not len(active):
            break
        one, other = best // width, best % width
        low, high = np.minimum(one, other), np.maximum(one, other)
        heavy, light = weight[active, low], weight[active, high]
        rows, gone = table[active, low], table[active, high]
        mean = (rows * heavy[:, None] + gone * light[:, None]) / (heavy + light)[:, None]
        mean[(rows < 0) | (gone < 0)] = -1
        table[active, low], table[active, :, low] = mean, mean
        table[active, high], table[active, :, high] = -1, -1
        table[active, low, low] = -1
        weight[active, low] += light
        moved = group[active]
        group[active] = np.where(moved == high[:, None], low[:, None], moved)
    return group

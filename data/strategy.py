"""Which of many items to label next: unsure ones, of rare labels, unlike each other.

What an item tells is its entropy times the root of how rare its label is expected to be.

Single statements are chosen by diverse mini-batch active learning (Zhdanov 2019): of the items that
tell the most, `WIDTH` times as many as are wanted, weighted k-means makes as many clusters as are
wanted, and the item nearest to each centre is taken.

Articles, which are groups of items, are chosen by filtered active submodular selection (Wei, Iyer
and Bilmes 2015): what is told counts by cluster with diminishing returns, and the article that adds
the most for its cost is taken next.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from data.uncertainty import entropy

__all__ = ["WIDTH", "covering", "diverse", "rarity", "worth"]

FloatArray = npt.NDArray[np.float64]

WIDTH = 5
"""How many times as many items are clustered as are wanted (Zhdanov's beta)."""

CLUSTERS = 60
"""Kinds of items that are told apart when groups are chosen."""

_SAMPLE = 20_000
"""Most items that the kinds are learnt from."""

_LEAST = 0.005
"""No label counts as rarer."""


def rarity(probabilities: FloatArray, shares: FloatArray) -> FloatArray:
    """How rare the label of each item is expected to be, [items].

    Args:
        probabilities: [items, labels].
        shares: [labels] of each label among all items.
    """
    return np.asarray(probabilities @ (1 / np.maximum(shares, _LEAST)))


def worth(probabilities: FloatArray, shares: FloatArray) -> FloatArray:
    """What the label of each item is expected to tell, [items]."""
    return np.asarray(entropy(probabilities) * np.sqrt(rarity(probabilities, shares)))


def diverse(
    values: FloatArray,
    vectors: npt.NDArray[np.floating],
    count: int,
    *,
    width: int = WIDTH,
    seed: int = 0,
) -> list[int]:
    """The items to take, in the order of their values; the same call gives the same items.

    Args:
        values: [items] what each tells; none under 0.
        vectors: [items, size] where each lies.
        count: how many to take; all, if there are fewer.
        width: how many times as many are clustered.
        seed: of the first centres.
    """
    from sklearn.cluster import KMeans

    order = np.argsort(-values, kind="stable")[: width * count]
    if len(order) <= count:
        return [int(n) for n in order]
    near = np.asarray(vectors[order], np.float64)
    weights = np.maximum(values[order], 1e-12)
    different = len(np.unique(near, axis=0))
    means = KMeans(min(count, different), n_init=1, max_iter=50, random_state=seed)
    clusters = means.fit_predict(near, sample_weight=weights)
    gaps = ((near - means.cluster_centers_[clusters]) ** 2).sum(axis=1)
    ranked = np.lexsort((np.arange(len(order)), gaps, clusters))
    firsts = ranked[np.unique(clusters[ranked], return_index=True)[1]]
    taken = set(firsts.tolist())
    taken.update([n for n in range(len(order)) if n not in taken][: count - len(taken)])
    return [int(order[n]) for n in sorted(taken)]


def covering(
    values: FloatArray,
    vectors: npt.NDArray[np.floating],
    groups: npt.NDArray[np.int64],
    extra: FloatArray,
    count: int,
    *,
    share: float,
    seed: int = 0,
) -> list[int]:
    """The groups of items to take, one after the other; the same call gives the same groups.

    Args:
        values: [items] what each tells; none under 0.
        vectors: [items, size] where each lies.
        groups: [items] the group of each; a group costs as much as it has items.
        extra: [groups] what each tells besides, over the mean.
        count: how many to take; all, if there are fewer.
        share: weight of `extra` against the gain by the items, which is taken over its mean.
        seed: of the clusters.
    """
    told = np.zeros((len(extra), CLUSTERS))
    if len(values):
        np.add.at(told, (groups, _clusters(values, vectors, seed)), values)
    costs = np.maximum(np.bincount(groups, minlength=len(extra)), 1)
    covered = np.zeros(CLUSTERS)
    left = np.ones(len(extra), dtype=bool)
    taken: list[int] = []
    for _ in range(min(count, len(extra))):
        gain = (np.sqrt(covered + told).sum(axis=1) - np.sqrt(covered).sum()) / costs
        mean = float(gain[left].mean())
        gain = (1 - share) * (gain / mean if mean > 0 else gain) + share * extra
        best = int(np.where(left, gain, -np.inf).argmax())
        taken.append(best)
        left[best] = False
        covered += told[best]
    return taken


def _clusters(
    values: FloatArray, vectors: npt.NDArray[np.floating], seed: int
) -> npt.NDArray[np.int64]:
    """The kind of each item, [items]."""
    from sklearn.cluster import KMeans

    step = -(-len(values) // _SAMPLE)
    sample = np.asarray(vectors[::step], np.float64)
    count = min(CLUSTERS, len(np.unique(sample, axis=0)))
    means = KMeans(count, n_init=1, max_iter=30, random_state=seed)
    means.fit(sample, sample_weight=np.maximum(values[::step], 1e-12))
    return np.asarray(means.predict(np.asarray(vectors, np.float64)), np.int64)

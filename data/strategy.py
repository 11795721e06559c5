"""Which of many items to label next: unsure ones, of rare labels, unlike each other.

Diverse mini-batch active learning (Zhdanov 2019): of the items that tell the most, `WIDTH` times as
many as are wanted, weighted k-means makes as many clusters as are wanted, and the item nearest to
each centre is taken. What an item tells is its entropy times how rare its label is expected to be.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from data.uncertainty import entropy

__all__ = ["ARTICLE_WIDTH", "WIDTH", "diverse", "rarity", "worth"]

FloatArray = npt.NDArray[np.float64]

WIDTH = 5
"""How many times as many items are clustered as are wanted (Zhdanov's beta)."""

ARTICLE_WIDTH = 2
"""The same of articles, which are alike to begin with."""

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
    """What a label is expected to tell of each item, [items]: entropy times rarity."""
    return np.asarray(entropy(probabilities) * rarity(probabilities, shares))


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

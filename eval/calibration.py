"""How far probabilities can be believed: calibration error, Brier score, reliability curve."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from eval.figures import Figure, interval, ratio

__all__ = ["BINS", "Bin", "Calibration", "brier_score", "calibration_error", "measure_calibration"]

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]

BINS = 15
"""Bins of equal width of the highest probability."""


@dataclass(frozen=True, slots=True)
class Bin:
    """Items whose highest probability lies between two bounds.

    Attributes:
        low, high: the bounds, the upper one excluded but for 1.
        confidence: mean highest probability.
        accuracy: share of the items whose most probable label is the gold one.
        count: how many items.
    """

    low: float
    high: float
    confidence: float
    accuracy: Figure
    count: int

    def to_dict(self) -> dict[str, Any]:
        """As a JSON object."""
        return {
            "low": self.low,
            "high": self.high,
            "confidence": self.confidence,
            "accuracy": self.accuracy.to_dict(),
            "count": self.count,
        }


@dataclass(frozen=True, slots=True)
class Calibration:
    """How well probabilities of labels agree with how often they are right.

    Attributes:
        items: how many were labelled.
        ece: expected calibration error of the most probable label over `BINS` bins of equal width
            (Naeini, Cooper and Hauskrecht 2015).
        classwise_ece: the same of each label's own probability, mean over labels (Nixon et al.
            2019).
        brier: mean squared distance of the probabilities from the gold label, summed over labels,
            in [0, 2] (Brier 1950).
        overconfidence: mean highest probability less accuracy; negative if too modest.
        reliability: the bins that hold an item, by rising confidence.
    """

    items: int
    ece: Figure
    classwise_ece: Figure
    brier: Figure
    overconfidence: Figure
    reliability: Sequence[Bin]

    def to_dict(self) -> dict[str, Any]:
        """As a JSON object."""
        return {
            "items": self.items,
            "ece": self.ece.to_dict(),
            "classwise_ece": self.classwise_ece.to_dict(),
            "brier": self.brier.to_dict(),
            "overconfidence": self.overconfidence.to_dict(),
            "reliability": [one.to_dict() for one in self.reliability],
        }


def measure_calibration(
    gold: IntArray, probabilities: FloatArray, documents: IntArray
) -> Calibration:
    """Hold probabilities against gold labels.

    Args:
        gold: [items] indices of labels.
        probabilities: [items, labels] rows that sum to 1.
        documents: [items] the document each item is from.

    Raises:
        ValueError: there is no item, or not one row of probabilities for each.
    """
    if not len(gold) or len(probabilities) != len(gold):
        raise ValueError(
            f"expected probabilities for one item or more, found {len(probabilities)} rows for "
            f"{len(gold)}"
        )
    places = _places(documents)
    confidence, right = probabilities.max(axis=1), probabilities.argmax(axis=1) == gold
    sums = _bin_sums(confidence, right, places)
    each = [
        _bin_sums(probabilities[:, label], gold == label, places)
        for label in range(probabilities.shape[1])
    ]
    return Calibration(
        items=len(gold),
        ece=interval(sums, _gap),
        classwise_ece=interval(np.stack(each, axis=1), _mean_gap),
        brier=brier_score(gold, probabilities, documents),
        overconfidence=interval(sums, _signed_gap),
        reliability=_reliability(sums),
    )


def brier_score(gold: IntArray, probabilities: FloatArray, documents: IntArray) -> Figure:
    """`Calibration.brier` alone; arguments as of `measure_calibration`."""
    distance = ((probabilities - np.eye(probabilities.shape[1])[gold]) ** 2).sum(axis=1)
    places = _places(documents)
    sums = np.stack([np.bincount(places, distance), np.bincount(places)], axis=1)
    return interval(sums, lambda some: ratio(some[:, 0], some[:, 1]))


def calibration_error(confidence: FloatArray, right: BoolArray, documents: IntArray) -> Figure:
    """`Calibration.ece` alone: confidences [items], whether each is right, and its document."""
    return interval(_bin_sums(confidence, right, _places(documents)), _gap)


def _places(documents: IntArray) -> IntArray:
    """Documents as consecutive numbers from 0."""
    places: IntArray = np.unique(documents, return_inverse=True)[1]
    return places


def _bin_sums(confidence: FloatArray, right: BoolArray, places: IntArray) -> FloatArray:
    """[documents, bins, 3]: summed confidence, summed right, and number, in each bin."""
    bins: IntArray = np.minimum((confidence * BINS).astype(np.int64), BINS - 1)
    out = np.zeros((int(places.max(initial=-1)) + 1, BINS, 3))
    np.add.at(out, (places, bins), np.stack([confidence, right, np.ones(len(right))], axis=1))
    return out


def _gap(sums: FloatArray) -> FloatArray:
    """Calibration error from sums [n, bins, 3]: the bins' gaps, weighted by what is in them."""
    return ratio(np.abs(sums[..., 0] - sums[..., 1]).sum(axis=-1), sums[..., 2].sum(axis=-1))


def _mean_gap(sums: FloatArray) -> FloatArray:
    """Mean over labels from sums [n, labels, bins, 3]."""
    return np.asarray(_gap(sums).mean(axis=1))


def _signed_gap(sums: FloatArray) -> FloatArray:
    return ratio((sums[..., 0] - sums[..., 1]).sum(axis=-1), sums[..., 2].sum(axis=-1))


def _reliability(sums: FloatArray) -> list[Bin]:
    whole = sums.sum(axis=0)
    return [
        Bin(
            low=number / BINS,
            high=(number + 1) / BINS,
            confidence=float(confidence / count),
            accuracy=interval(sums[:, number], lambda some: ratio(some[:, 1], some[:, 2])),
            count=int(count),
        )
        for number, (confidence, _, count) in enumerate(whole.tolist())
        if count
    ]

"""Stance on given spans: macro-F1, per label, confusion and calibration."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.metrics import precision_recall_fscore_support

from data.records import LABELS
from eval.figures import Figure, accuracy, interval, macro_f1
from sayso.records import STANCES

__all__ = ["LabelScores", "StanceScores", "calibration_error", "stance_scores"]

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

BINS = 15


@dataclass(frozen=True, slots=True)
class LabelScores:
    """One label's precision, recall, F1 and number of gold items, `none` left out of the gold."""

    precision: float
    recall: float
    f1: float
    support: int


@dataclass(frozen=True, slots=True)
class StanceScores:
    """How well labels were predicted on given spans.

    Attributes:
        four: macro-F1 over the four stances; gold `none` is left out, predicted `none` is not.
        five: macro-F1 over all five labels.
        accuracy: over all five labels.
        labels: each label's figures; the four without gold `none`, `none` over everything.
        confusion: [gold, predicted] counts in the order of `LABELS`.
        ece: expected calibration error of the most probable label, 15 bins of equal width.
        brier: mean squared distance of the probabilities from the gold label, summed over labels.
    """

    four: Figure
    five: Figure
    accuracy: Figure
    labels: dict[str, LabelScores]
    confusion: IntArray
    ece: float
    brier: float

    @property
    def macro_f1_four(self) -> float:
        """The value of `four`."""
        return self.four.value

    @property
    def macro_f1_five(self) -> float:
        """The value of `five`."""
        return self.five.value


def stance_scores(
    gold: IntArray, probabilities: FloatArray, documents: IntArray | None = None
) -> StanceScores:
    """Compare gold labels with predicted probabilities.

    Args:
        gold: [items] indices into `LABELS`.
        probabilities: [items, 5] rows that sum to 1.
        documents: [items] the document each item is from, for the intervals; None if unknown.
    """
    predicted = probabilities.argmax(axis=1)
    _, places = np.unique(
        np.arange(len(gold)) if documents is None else documents, return_inverse=True
    )
    confusions = np.zeros((places.max() + 1, len(LABELS), len(LABELS)))
    np.add.at(confusions, (places, gold, predicted), 1)
    onehot = np.eye(len(LABELS))[gold]
    return StanceScores(
        four=interval(confusions, macro_f1(len(STANCES))),
        five=interval(confusions, macro_f1(len(LABELS))),
        accuracy=interval(confusions, accuracy),
        labels=_labels(gold, predicted),
        confusion=confusions.sum(axis=0).astype(np.int64),
        ece=calibration_error(probabilities.max(axis=1), predicted == gold),
        brier=float(((probabilities - onehot) ** 2).sum(axis=1).mean()),
    )


def calibration_error(confidence: FloatArray, right: npt.NDArray[np.bool_]) -> float:
    """Expected calibration error over `BINS` bins of equal width (Naeini et al. 2015)."""
    bins = np.minimum((confidence * BINS).astype(int), BINS - 1)
    total = 0.0
    for number in range(BINS):
        inside = bins == number
        if inside.any():
            total += inside.mean() * abs(confidence[inside].mean() - right[inside].mean())
    return float(total)


def _labels(gold: IntArray, predicted: IntArray) -> dict[str, LabelScores]:
    out: dict[str, LabelScores] = {}
    for number, label in enumerate(LABELS):
        kept = gold < len(STANCES) if label in STANCES else np.ones(len(gold), bool)
        row: Any = precision_recall_fscore_support(
            gold[kept], predicted[kept], labels=[number], zero_division=0.0
        )
        precision, recall, f1, support = (values[0] for values in row)
        out[label] = LabelScores(float(precision), float(recall), float(f1), int(support))
    return out

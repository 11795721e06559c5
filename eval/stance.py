"""Stance on given spans: macro-F1, per label, confusion and calibration."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.metrics import confusion_matrix

from data.records import LABELS
from eval.calibration import brier_score, calibration_error
from eval.figures import Figure, accuracy, interval, macro_f1, scores
from sayso.records import STANCES

__all__ = ["LabelScores", "StanceScores", "stance_scores"]

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class LabelScores:
    """One label's precision, recall and F1, and its number of gold items."""

    precision: Figure
    recall: Figure
    f1: Figure
    support: int

    def to_dict(self) -> dict[str, Any]:
        """As a JSON object."""
        return {
            "precision": self.precision.to_dict(),
            "recall": self.recall.to_dict(),
            "f1": self.f1.to_dict(),
            "support": self.support,
        }


@dataclass(frozen=True, slots=True)
class StanceScores:
    """How well labels were predicted on given spans.

    Attributes:
        items: how many were labelled.
        four: macro-F1 over the four stances; gold `none` is left out, predicted `none` is not.
        five: macro-F1 over all five labels.
        accuracy: over all five labels.
        labels: each label's figures; the four without gold `none`, `none` over everything.
        confusion: [gold, predicted] counts in the order of `LABELS`.
        ece, brier: as of `eval.calibration.Calibration`.
    """

    items: int
    four: Figure
    five: Figure
    accuracy: Figure
    labels: Mapping[str, LabelScores]
    confusion: IntArray
    ece: Figure
    brier: Figure

    @property
    def macro_f1_four(self) -> float:
        """The value of `four`."""
        return self.four.value

    @property
    def macro_f1_five(self) -> float:
        """The value of `five`."""
        return self.five.value

    def to_dict(self) -> dict[str, Any]:
        """As a JSON object."""
        return {
            "items": self.items,
            "macro_f1_four": self.four.to_dict(),
            "macro_f1_five": self.five.to_dict(),
            "accuracy": self.accuracy.to_dict(),
            "ece": self.ece.to_dict(),
            "brier": self.brier.to_dict(),
            "labels": {label: row.to_dict() for label, row in self.labels.items()},
            "confusion": self.confusion.tolist(),
        }


def stance_scores(
    gold: IntArray, probabilities: FloatArray, documents: IntArray | None = None
) -> StanceScores:
    """Compare gold labels with predicted probabilities.

    Args:
        gold: [items] indices into `LABELS`.
        probabilities: [items, 5] rows that sum to 1.
        documents: [items] the document each item is from, for the intervals; None if unknown.

    Raises:
        ValueError: there is no item, or not one row of probabilities for each.
    """
    if not len(gold) or probabilities.shape != (len(gold), len(LABELS)):
        raise ValueError(
            f"expected [items, {len(LABELS)}] probabilities for one item or more, found "
            f"{list(probabilities.shape)} for {len(gold)}"
        )
    predicted = probabilities.argmax(axis=1)
    if documents is None:
        documents = np.arange(len(gold))
    places = np.unique(documents, return_inverse=True)[1]
    confusions = np.zeros((places.max() + 1, len(LABELS), len(LABELS)))
    np.add.at(confusions, (places, gold, predicted), 1)
    return StanceScores(
        items=len(gold),
        four=interval(confusions, macro_f1(len(STANCES))),
        five=interval(confusions, macro_f1(len(LABELS))),
        accuracy=interval(confusions, accuracy),
        labels=_labels(confusions),
        confusion=confusion_matrix(gold, predicted, labels=range(len(LABELS))),
        ece=calibration_error(probabilities.max(axis=1), predicted == gold, documents),
        brier=brier_score(gold, probabilities, documents),
    )


def _labels(confusions: FloatArray) -> dict[str, LabelScores]:
    out: dict[str, LabelScores] = {}
    for number, label in enumerate(LABELS):
        kept = confusions[:, : len(STANCES)] if label in STANCES else confusions
        found, marked = kept[:, :, number].sum(axis=1), kept[:, number].sum(axis=1)
        each = scores(np.stack([kept[:, number, number], found, marked], axis=1))
        out[label] = LabelScores(each.precision, each.recall, each.f1, int(marked.sum()))
    return out

"""Selective prediction: what is gained by leaving the least sure items to a person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from data.records import LABELS
from eval.figures import (
    Figure,
    accuracy,
    macro_f1,
    ratio,
    weighted_interval,
    weighted_intervals,
)

__all__ = ["COVERAGES", "AtCoverage", "Curve", "Selective", "measure_selective"]

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

COVERAGES = (1.0, 0.9, 0.8, 0.7, 0.5)
"""Shares of the items that are kept, for the figures told."""

STEPS = tuple(round(0.1 + 0.02 * step, 2) for step in range(46))
"""Shares of the items at which the curve is drawn."""


@dataclass(frozen=True, slots=True)
class AtCoverage:
    """Figures over the surest items.

    Attributes:
        coverage: share of the items that is kept.
        items: how many that are.
        confidence: the least highest probability among them: the threshold that keeps them.
        accuracy: share of them whose most probable label is the gold one.
        macro_f1: mean F1 over the labels.
    """

    coverage: float
    items: int
    confidence: float
    accuracy: Figure
    macro_f1: Figure

    def to_dict(self) -> dict[str, Any]:
        """As a JSON object."""
        return {
            "items": self.items,
            "confidence": self.confidence,
            "accuracy": self.accuracy.to_dict(),
            "macro_f1": self.macro_f1.to_dict(),
        }


@dataclass(frozen=True, slots=True)
class Curve:
    """Risk (share of wrong labels) over coverage, [steps] each, with the interval's bounds."""

    coverage: Sequence[float]
    risk: Sequence[float]
    low: Sequence[float]
    high: Sequence[float]

    def to_dict(self) -> dict[str, list[float]]:
        """As a JSON object."""
        return {
            "coverage": list(self.coverage),
            "risk": list(self.risk),
            "low": list(self.low),
            "high": list(self.high),
        }


@dataclass(frozen=True, slots=True)
class Selective:
    """Prediction with a reject option (Geifman and El-Yaniv 2017).

    Items are ranked by their highest probability, and the surest are kept.

    Attributes:
        items: how many are ranked.
        aurc: area under the risk–coverage curve: the mean over k of the risk of the k surest
            items. Less is better; a rank that is of no use gives the overall risk.
        at: figures by coverage in percent; at 100 those of all items.
        curve: risk over coverage.
    """

    items: int
    aurc: Figure
    at: Mapping[int, AtCoverage]
    curve: Curve

    def to_dict(self) -> dict[str, Any]:
        """As a JSON object."""
        return {
            "items": self.items,
            "aurc": self.aurc.to_dict(),
            **{f"coverage_{percent}": row.to_dict() for percent, row in self.at.items()},
            "curve": self.curve.to_dict(),
        }


def measure_selective(
    gold: IntArray, probabilities: FloatArray, documents: IntArray, *, labels: int = len(LABELS)
) -> Selective:
    """Rank items and measure the surest.

    Args:
        gold: [items] indices into `LABELS`.
        probabilities: [items, 5] rows that sum to 1.
        documents: [items] the document each item is from.
        labels: gold items of the first so many labels are ranked, the others left out before, and
            F1 is their mean: 4 gives the items of `eval.stance.StanceScores.four`, and at full
            coverage its figure. Predictions may be of any label.

    Raises:
        ValueError: no item is of these labels.
    """
    mine = gold < labels
    if not mine.any():
        raise ValueError(f"expected items of the first {labels} labels, found none of {len(gold)}")
    ranked = _Ranked(gold[mine], probabilities[mine], documents[mine])
    steps = weighted_intervals(ranked.documents, lambda draws: ranked.risks(draws, STEPS))
    return Selective(
        items=int(mine.sum()),
        aurc=weighted_interval(ranked.documents, ranked.aurc),
        at={round(100 * share): ranked.at(share, labels) for share in COVERAGES},
        curve=Curve(
            STEPS,
            [one.value for one in steps],
            [one.low for one in steps],
            [one.high for one in steps],
        ),
    )


class _Ranked:
    """Items from the surest to the least sure; of equals the first comes first."""

    def __init__(self, gold: IntArray, probabilities: FloatArray, documents: IntArray) -> None:
        order = np.argsort(-probabilities.max(axis=1), kind="stable")
        predicted = probabilities.argmax(axis=1)[order]
        self._confidence = probabilities.max(axis=1)[order]
        self._places = np.unique(documents, return_inverse=True)[1][order]
        self._cells = np.eye(len(LABELS) ** 2)[gold[order] * len(LABELS) + predicted]
        self._wrong = (gold[order] != predicted).astype(np.float64)
        self.documents = int(self._places.max()) + 1

    def _kept(self, draws: FloatArray, share: float) -> FloatArray:
        """How often each item [resamples, items] is among the surest share of the items drawn."""
        drawn = draws[:, self._places]
        before = np.cumsum(drawn, axis=1) - drawn
        room = np.ceil(share * drawn.sum(axis=1, keepdims=True) - 1e-9)
        return np.asarray(np.clip(room - before, 0.0, drawn))

    def _confusions(self, draws: FloatArray, share: float) -> FloatArray:
        cells: FloatArray = self._kept(draws, share) @ self._cells
        return cells.reshape(-1, len(LABELS), len(LABELS))

    def risks(self, draws: FloatArray, shares: Sequence[float]) -> FloatArray:
        """Share of wrong labels [resamples, shares] among the surest items."""
        kept = (self._kept(draws, share) for share in shares)
        return np.stack([ratio(some @ self._wrong, some.sum(axis=1)) for some in kept], axis=1)

    def aurc(self, draws: FloatArray) -> FloatArray:
        """Mean over k of the risk of the k surest of the items drawn: [resamples]."""
        out = np.zeros(len(draws))
        for number, drawn in enumerate(draws[:, self._places].astype(np.int64)):
            wrong = np.repeat(self._wrong, drawn)
            if len(wrong):
                out[number] = (np.cumsum(wrong) / np.arange(1, len(wrong) + 1)).mean()
        return out

    def at(self, share: float, labels: int) -> AtCoverage:
        """Figures of the surest share of the items."""
        items = int(self._kept(np.ones((1, self.documents)), share).sum())
        return AtCoverage(
            coverage=share,
            items=items,
            confidence=float(self._confidence[items - 1]),
            accuracy=weighted_interval(
                self.documents, lambda draws: accuracy(self._confusions(draws, share))
            ),
            macro_f1=weighted_interval(
                self.documents, lambda draws: macro_f1(labels)(self._confusions(draws, share))
            ),
        )

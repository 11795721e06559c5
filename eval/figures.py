"""Figures with their 95 % intervals from a bootstrap over documents (Efron and Tibshirani 1993)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

__all__ = [
    "Figure",
    "Scores",
    "accuracy",
    "f1",
    "interval",
    "macro_f1",
    "parted_scores",
    "precision",
    "ratio",
    "recall",
    "scores",
    "weighted_interval",
    "weighted_intervals",
]

FloatArray = npt.NDArray[np.float64]

RESAMPLES = 1000
SEED = 13


@dataclass(frozen=True, slots=True)
class Figure:
    """A measured value and the bounds of its 95 % interval over documents."""

    value: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{100 * self.value:.1f} ({100 * self.low:.1f}–{100 * self.high:.1f})"

    def to_dict(self) -> dict[str, float]:
        """As a JSON object."""
        return {"value": self.value, "low": self.low, "high": self.high}


@dataclass(frozen=True, slots=True)
class Scores:
    """Precision, recall and F1 of one kind of thing found, each in [0, 1]."""

    precision: Figure
    recall: Figure
    f1: Figure

    def to_dict(self, name: str) -> dict[str, dict[str, float]]:
        """As `<name>_f1`, `<name>_precision` and `<name>_recall` of a JSON object."""
        parts = {"f1": self.f1, "precision": self.precision, "recall": self.recall}
        return {f"{name}_{part}": figure.to_dict() for part, figure in parts.items()}


def interval(counts: npt.ArrayLike, statistic: Callable[[FloatArray], FloatArray]) -> Figure:
    """A statistic of summed counts with its percentile interval.

    Args:
        counts: [documents, …] what each document adds to the sum.
        statistic: sums [resamples, …] → values [resamples].
    """
    each = np.asarray(counts, dtype=np.float64)
    if not len(each):
        return Figure(0.0, 0.0, 0.0)
    flat = each.reshape(len(each), -1)
    return weighted_interval(
        len(each), lambda draws: statistic((draws @ flat).reshape(-1, *each.shape[1:]))
    )


def weighted_interval(documents: int, statistic: Callable[[FloatArray], FloatArray]) -> Figure:
    """A statistic of documents with its percentile interval.

    Args:
        documents: how many there are, 1 or more.
        statistic: how often each document was drawn [resamples, documents] → values [resamples].
    """
    return weighted_intervals(documents, lambda draws: statistic(draws)[:, None])[0]


def weighted_intervals(
    documents: int, statistic: Callable[[FloatArray], FloatArray]
) -> list[Figure]:
    """Several statistics of the same resamples; none if there is no document.

    Args:
        documents: how many there are.
        statistic: draws [resamples, documents] → values [resamples, statistics].
    """
    if not documents:
        return []
    values = statistic(np.ones((1, documents)))[0]
    draws = np.random.default_rng(SEED).multinomial(
        documents, np.full(documents, 1 / documents), RESAMPLES
    )
    bounds = np.percentile(statistic(draws.astype(np.float64)), [2.5, 97.5], axis=0)
    return [Figure(*row) for row in np.stack([values, *bounds], axis=1).tolist()]


def scores(counts: npt.ArrayLike) -> Scores:
    """Precision, recall and F1 from each document's right, predicted and gold: [documents, 3]."""
    return Scores(interval(counts, precision), interval(counts, recall), interval(counts, f1))


def parted_scores(counts: npt.ArrayLike) -> Scores:
    """The same where the two sides are chosen each by its own marks, as by form.

    Args:
        counts: [documents, 4]: predicted ones that are right, predicted, gold ones that are found,
            gold.
    """

    def parted_f1(sums: FloatArray) -> FloatArray:
        exact, complete = ratio(sums[:, 0], sums[:, 1]), ratio(sums[:, 2], sums[:, 3])
        return ratio(2 * exact * complete, exact + complete)

    return Scores(
        interval(counts, lambda sums: ratio(sums[:, 0], sums[:, 1])),
        interval(counts, lambda sums: ratio(sums[:, 2], sums[:, 3])),
        interval(counts, parted_f1),
    )


def f1(sums: FloatArray) -> FloatArray:
    """Micro-F1 from [n, 3] sums of right, predicted and gold; 0 where there is neither."""
    return ratio(2 * sums[:, 0], sums[:, 1] + sums[:, 2])


def precision(sums: FloatArray) -> FloatArray:
    """Share of the predicted that is right, from [n, 3] sums; 0 where nothing was predicted."""
    return ratio(sums[:, 0], sums[:, 1])


def recall(sums: FloatArray) -> FloatArray:
    """Share of the gold that is found, from [n, 3] sums; 0 where there is no gold."""
    return ratio(sums[:, 0], sums[:, 2])


def macro_f1(labels: int) -> Callable[[FloatArray], FloatArray]:
    """Mean F1 of the first `labels` labels from confusions [n, gold, predicted].

    Gold items of other labels are left out; other predictions for the rest count as misses. The
    mean is over labels that stand in the gold or in the predictions that are left, as in
    scikit-learn: a label that is predicted without ever being gold counts 0.
    """

    def statistic(confusions: FloatArray) -> FloatArray:
        kept = confusions[:, :labels, :]
        right = np.diagonal(kept[:, :, :labels], axis1=1, axis2=2)
        either = kept.sum(axis=2) + kept.sum(axis=1)[:, :labels]
        return ratio(ratio(2 * right, either).sum(axis=1), (either > 0).sum(axis=1))

    return statistic


def accuracy(confusions: FloatArray) -> FloatArray:
    """Share on the diagonal of confusions [n, gold, predicted]."""
    right = np.trace(confusions, axis1=1, axis2=2)
    return ratio(right, confusions.sum(axis=(1, 2)))


def ratio(top: FloatArray, bottom: FloatArray) -> FloatArray:
    """`top` over `bottom`, 0 where `bottom` is."""
    return np.divide(top, bottom, out=np.zeros_like(top, dtype=np.float64), where=bottom > 0)

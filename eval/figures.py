"""Figures with their 95 % intervals from a bootstrap over documents (Efron and Tibshirani 1993)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

__all__ = ["Figure", "accuracy", "f1", "interval", "macro_f1", "precision", "recall"]

FloatArray = npt.NDArray[np.float64]

RESAMPLES = 1000
SEED = 13


@dataclass(frozen=True, slots=True)
class Figure:
    """A measured value in [0, 1] and the bounds of its 95 % interval over documents."""

    value: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{100 * self.value:.1f} ({100 * self.low:.1f}–{100 * self.high:.1f})"


def interval(counts: npt.ArrayLike, statistic: Callable[[FloatArray], FloatArray]) -> Figure:
    """A statistic of summed counts with its percentile interval.

    Args:
        counts: [documents, …] what each document adds to the sum.
        statistic: sums [resamples, …] → values [resamples].
    """
    each = np.asarray(counts, dtype=np.float64)
    documents = len(each)
    if not documents:
        return Figure(0.0, 0.0, 0.0)
    draws = np.random.default_rng(SEED).multinomial(
        documents, np.full(documents, 1 / documents), RESAMPLES
    )
    flat = each.reshape(documents, -1)
    sums = (draws @ flat).reshape(RESAMPLES, *each.shape[1:])
    value = float(statistic(each.sum(axis=0, keepdims=True))[0])
    low, high = np.percentile(statistic(sums), [2.5, 97.5])
    return Figure(value, float(low), float(high))


def f1(sums: FloatArray) -> FloatArray:
    """Micro-F1 from [n, 3] sums of right, predicted and gold; 0 where there is neither."""
    return _ratio(2 * sums[:, 0], sums[:, 1] + sums[:, 2])


def precision(sums: FloatArray) -> FloatArray:
    """Share of the predicted that is right, from [n, 3] sums."""
    return _ratio(sums[:, 0], sums[:, 1])


def recall(sums: FloatArray) -> FloatArray:
    """Share of the gold that is found, from [n, 3] sums."""
    return _ratio(sums[:, 0], sums[:, 2])


def macro_f1(labels: int) -> Callable[[FloatArray], FloatArray]:
    """Mean F1 of the first `labels` labels from confusions [n, gold, predicted].

    Gold items of other labels are left out; other predictions for the rest count as misses. Labels
    without gold in a resample are left out of its mean.
    """

    def statistic(confusions: FloatArray) -> FloatArray:
        kept = confusions[:, :labels, :]
        right = np.diagonal(kept[:, :, :labels], axis1=1, axis2=2)
        gold, predicted = kept.sum(axis=2), kept.sum(axis=1)[:, :labels]
        scores = _ratio(2 * right, gold + predicted)
        present = gold > 0
        return _ratio((scores * present).sum(axis=1), present.sum(axis=1))

    return statistic


def accuracy(confusions: FloatArray) -> FloatArray:
    """Share on the diagonal of confusions [n, gold, predicted]."""
    right = np.trace(confusions, axis1=1, axis2=2)
    return _ratio(right, confusions.sum(axis=(1, 2)))


def _ratio(top: FloatArray, bottom: FloatArray) -> FloatArray:
    return np.divide(top, bottom, out=np.zeros_like(top, dtype=np.float64), where=bottom > 0)

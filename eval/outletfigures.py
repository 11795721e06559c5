"""Figures of predicted ratings with 95 % intervals over outlets, paired between predictions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from eval.figures import RESAMPLES, SEED, Figure
from sayso.profiles.factual import CLASSES

__all__ = ["MEASURES", "Predictions", "Resampled", "resample"]

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

MEASURES = ("spearman", "macro_f1", "log_loss")
"""Rank correlation of score and rating, macro-F1 over the classes that are there, and the mean
negative logarithm of the probability of the right class."""


@dataclass(frozen=True, slots=True)
class Predictions:
    """What is predicted of outlets that were not learnt from, by repeat of the folds.

    Attributes:
        scores: [repeats, outlets] expected rating.
        chosen: [repeats, outlets] of `CLASSES`.
        probabilities: [repeats, outlets, classes].
    """

    scores: FloatArray
    chosen: IntArray
    probabilities: FloatArray


@dataclass(frozen=True, slots=True)
class Resampled:
    """Measures of the outlets as they are, and of each resample: [1 + resamples] by measure."""

    values: Mapping[str, FloatArray]

    def figure(self, measure: str) -> Figure:
        """A measure with its percentile interval."""
        return _figure(self.values[measure])

    def less(self, other: Resampled, measure: str) -> Figure:
        """By how much it is more than another's on the same resamples."""
        return _figure(self.values[measure] - other.values[measure])

    def to_dict(self) -> dict[str, dict[str, float]]:
        """Every measure as a JSON object."""
        return {measure: self.figure(measure).to_dict() for measure in MEASURES}


def resample(
    found: Predictions, ratings: IntArray, classes: IntArray, among: IntArray
) -> Resampled:
    """Measure predictions, each measure as its mean over the repeats.

    Args:
        found: predictions.
        ratings: [outlets] steps of the scale.
        classes: [outlets] of `CLASSES`.
        among: places of the outlets that count; equal ones are resampled alike.
    """
    draws = np.random.default_rng(SEED).integers(len(among), size=(RESAMPLES, len(among)))
    draws = np.vstack([np.arange(len(among)), draws])
    places = among[draws]
    ranked = [_ranked(scores[places], ratings[places]) for scores in found.scores]
    counts = np.stack([np.bincount(draw, minlength=len(among)) for draw in draws]).astype(float)
    right = np.take_along_axis(found.probabilities, classes[None, :, None], axis=2)[:, among, 0]
    lost = -np.log(np.clip(right, 1e-12, None)).mean(axis=0)
    f1 = [_macro_f1(chosen[among], classes[among], counts) for chosen in found.chosen]
    return Resampled(
        {
            "spearman": np.mean(ranked, axis=0),
            "macro_f1": np.mean(f1, axis=0),
            "log_loss": counts @ lost / len(among),
        }
    )


def _figure(values: FloatArray) -> Figure:
    low, high = np.percentile(values[1:], [2.5, 97.5])
    return Figure(float(values[0]), float(low), float(high))


def _ranked(scores: FloatArray, ratings: IntArray) -> FloatArray:
    """Spearman's correlation of each row of [resamples, outlets]; one without a spread is 0."""
    from scipy.stats import rankdata

    left, right = (rankdata(one, axis=1) for one in (scores, ratings))
    left, right = (one - one.mean(axis=1, keepdims=True) for one in (left, right))
    length = np.sqrt((left**2).sum(axis=1) * (right**2).sum(axis=1))
    return np.asarray((left * right).sum(axis=1) / np.where(length > 0, length, 1.0))


def _macro_f1(chosen: IntArray, classes: IntArray, counts: FloatArray) -> FloatArray:
    """[resamples] of counts [resamples, outlets]."""
    parts = []
    for one in range(len(CLASSES)):
        there, said = classes == one, chosen == one
        present = counts @ there > 0
        value = 2 * (counts @ (there & said)) / np.maximum(counts @ there + counts @ said, 1)
        parts.append(np.where(present, value, np.nan))
    return np.asarray(np.nanmean(parts, axis=0))

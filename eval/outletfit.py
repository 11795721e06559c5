"""From a matrix of outlets to ratings: a ridge regression, and classes by its score."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sayso.profiles.factual import CLASSES, Odds

__all__ = [
    "ALPHAS",
    "BALANCES",
    "FOLDS",
    "Choice",
    "Known",
    "choose",
    "deal",
    "fit_odds",
    "fit_ridge",
    "macro_f1",
]

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

ALPHAS = (0.1, 0.3, 1.0, 3.0, 10.0, 30.0)
"""Strengths of the ridge, between which the training outlets choose."""

BALANCES = (0.0, 0.5, 1.0)
"""What `Odds.balance` may be."""

FOLDS = 5
"""Folds, outer and inner."""


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of outlets.

    Attributes:
        ratings: [outlets] steps of the scale.
        classes: [outlets] of `CLASSES`.
        weights: [outlets] how much each counts in learning.
    """

    ratings: IntArray
    classes: IntArray
    weights: FloatArray

    def at(self, places: IntArray) -> Known:
        """Those of some outlets."""
        return Known(self.ratings[places], self.classes[places], self.weights[places])


@dataclass(frozen=True, slots=True)
class Choice:
    """What the outlets that are learnt from chose among themselves.

    Attributes:
        matrix: which of a design's matrices.
        alpha: of `ALPHAS`.
        odds: of the classes, by scores of outlets that were not learnt from.
    """

    matrix: int
    alpha: float
    odds: Odds


def deal(classes: IntArray, draw: np.random.Generator, folds: int = FOLDS) -> IntArray:
    """[outlets] the fold of each, every class spread evenly over them."""
    order = draw.permutation(len(classes))
    order = order[np.argsort(classes[order], kind="stable")]
    out = np.zeros(len(classes), np.int64)
    out[order] = (np.arange(len(classes)) + draw.integers(folds)) % folds
    return out


def fit_ridge(matrix: FloatArray, known: Known, alpha: float) -> tuple[FloatArray, float]:
    """Coefficients [columns] and intercept of a ridge regression of the ratings."""
    from sklearn.linear_model import Ridge

    weights = known.weights / known.weights.mean()
    fitted = Ridge(alpha=alpha).fit(matrix, known.ratings, sample_weight=weights)
    return np.asarray(fitted.coef_, np.float64), float(fitted.intercept_)


def choose(matrices: Sequence[FloatArray], known: Known, draw: np.random.Generator) -> Choice:
    """Choose matrix and ridge by the error in leaving out each outlet, then the odds by folds.

    Args:
        matrices: [outlets, columns] of the outlets learnt from.
        known: of them.
        draw: deals the folds.
    """
    from sklearn.linear_model import RidgeCV

    weights = known.weights / known.weights.mean()
    losses = []
    for matrix in matrices:
        fitted = RidgeCV(ALPHAS, store_cv_results=True)
        fitted.fit(matrix, known.ratings, sample_weight=weights)
        losses.append(fitted.cv_results_.mean(axis=0))
    place, at = np.unravel_index(int(np.argmin(losses)), np.shape(losses))
    folds, matrix, alpha = deal(known.classes, draw), matrices[int(place)], ALPHAS[int(at)]
    scores = np.zeros(len(folds))
    for fold in range(FOLDS):
        train, test = np.flatnonzero(folds != fold), np.flatnonzero(folds == fold)
        slopes, intercept = fit_ridge(matrix[train], known.at(train), alpha)
        scores[test] = matrix[test] @ slopes + intercept
    return Choice(int(place), alpha, fit_odds(scores, known.classes))


def fit_odds(scores: FloatArray, classes: IntArray) -> Odds:
    """A logistic regression of the class on the score, balanced for the best macro-F1."""
    from sklearn.linear_model import LogisticRegression

    shares = np.bincount(classes, minlength=len(CLASSES)) / len(classes)
    slopes, offsets = np.zeros(len(CLASSES)), np.full(len(CLASSES), -30.0)
    middle, spread = scores.mean(), max(float(scores.std()), 1e-9)
    fitted = LogisticRegression().fit(((scores - middle) / spread)[:, None], classes)
    slope, offset = fitted.coef_[:, 0], fitted.intercept_
    if len(fitted.classes_) == 2:
        slope, offset = np.array([0.0, slope[0]]), np.array([0.0, offset[0]])
    slopes[fitted.classes_] = slope / spread
    offsets[fitted.classes_] = offset - slope * middle / spread
    found = [Odds(slopes, offsets, shares, balance) for balance in BALANCES]
    values = [macro_f1(classes, one.decide(scores)) for one in found]
    return found[int(np.argmax(values))]


def macro_f1(classes: IntArray, chosen: IntArray) -> float:
    """Mean F1 over the classes that are there."""
    known = np.unique(classes)
    both = np.array([np.sum((classes == one) & (chosen == one)) for one in known])
    either = np.array([np.sum(classes == one) + np.sum(chosen == one) for one in known])
    return float((2 * both / either).mean())

"""Calibration on held-out articles: one temperature, the threshold of `none`, confidences."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize_scalar
from scipy.special import log_softmax, softmax

from data.records import LABELS
from model.export import Calibration
from sayso.records import NONE

__all__ = ["confidences", "fit_calibration", "fit_temperature", "fit_threshold"]

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

STEPS = 100
"""Parts that the confidences of held-out statements are told in."""


def fit_calibration(scores: FloatArray, labels: IntArray, weights: FloatArray) -> Calibration:
    """Fit temperature, threshold and confidences on statements that were not trained on.

    Args:
        scores: [statements, labels] uncalibrated stance scores.
        labels: [statements] indices into `LABELS`.
        weights: [statements] population over sample, used for threshold and confidences only.
    """
    temperature = fit_temperature(scores, labels)
    probabilities = softmax(scores / temperature, axis=1)
    p_statement = 1 - probabilities[:, LABELS.index(NONE)]
    threshold = fit_threshold(p_statement, labels != LABELS.index(NONE), weights)
    kept = p_statement >= threshold
    return Calibration(
        temperature=temperature,
        statement_threshold=threshold,
        confidences=confidences(probabilities[kept], weights[kept]),
    )


def fit_temperature(scores: FloatArray, labels: IntArray) -> float:
    """The temperature of least negative log-likelihood (Guo et al. 2017), in [0.2, 5]."""
    rows = np.arange(len(labels))

    def loss(log_temperature: float) -> float:
        scaled = log_softmax(scores / np.exp(log_temperature), axis=1)
        return -float(scaled[rows, labels].mean())

    found = minimize_scalar(loss, bounds=(np.log(0.2), np.log(5.0)), method="bounded")
    return float(np.exp(found.x))


def fit_threshold(
    p_statement: FloatArray, is_statement: npt.NDArray[np.bool_], weights: FloatArray
) -> float:
    """The threshold, among 0.05, 0.06 … 0.95, of best weighted F1 of finding statements.

    The middle of the best ones where several are equally good.
    """
    grid = np.round(np.arange(0.05, 0.951, 0.01), 2)
    kept = p_statement[None, :] >= grid[:, None]
    hits = (kept & is_statement) @ weights
    f1 = 2 * hits / (kept @ weights + weights[is_statement].sum())
    best = np.flatnonzero(f1 >= f1.max() - 1e-12)
    return float(grid[best[len(best) // 2]])


def confidences(probabilities: FloatArray, weights: FloatArray) -> tuple[float, ...]:
    """The stance's probability under which each hundredth of statements lies.

    Args:
        probabilities: [statements, labels], calibrated; `none` is left out of the four.
        weights: [statements] population over sample.

    Returns:
        `STEPS` + 1 figures that never fall, from the least to the greatest; empty for no statement.
    """
    if not len(probabilities):
        return ()
    four = np.delete(probabilities, LABELS.index(NONE), axis=1)
    sure = (four / four.sum(axis=1, keepdims=True)).max(axis=1)
    order = np.argsort(sure)
    below = np.cumsum(weights[order]) - weights[order] / 2
    shares = np.linspace(0, 1, STEPS + 1)
    found = np.interp(shares, below / weights.sum(), sure[order])
    return tuple(np.round(found, 6).tolist())

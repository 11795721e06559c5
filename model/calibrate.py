"""Calibration on held-out articles: one temperature for the stance, one threshold for `none`."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize_scalar
from scipy.special import log_softmax, softmax

from data.records import LABELS
from model.export import Calibration
from sayso.records import NONE

__all__ = ["fit_calibration", "fit_temperature", "fit_threshold"]

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]


def fit_calibration(scores: FloatArray, labels: IntArray, weights: FloatArray) -> Calibration:
    """Fit temperature and threshold on labelled statements that were not trained on.

    Args:
        scores: [statements, labels] uncalibrated stance scores.
        labels: [statements] indices into `LABELS`.
        weights: [statements] population over sample, used for the threshold only.
    """
    temperature = fit_temperature(scores, labels)
    p_statement = 1 - softmax(scores / temperature, axis=1)[:, LABELS.index(NONE)]
    threshold = fit_threshold(p_statement, labels != LABELS.index(NONE), weights)
    return Calibration(temperature=temperature, statement_threshold=threshold)


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

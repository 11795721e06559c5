"""Calibration: what is fitted on held-out statements makes the probabilities true."""

import numpy as np
import pytest
from scipy.special import log_softmax, softmax

from data.records import LABELS
from model.calibrate import confidences, fit_calibration, fit_temperature, fit_threshold
from sayso.records import NONE

RNG = np.random.default_rng(5)


def _drawn(scores: np.ndarray) -> np.ndarray:
    """Labels drawn from the scores' softmax."""
    return np.array([RNG.choice(len(row), p=row) for row in softmax(scores, axis=1)])


def test_the_temperature_is_found() -> None:
    true = RNG.normal(0, 2, (20_000, len(LABELS)))
    assert fit_temperature(true * 1.7, _drawn(true)) == pytest.approx(1.7, rel=0.05)


def test_calibration_lowers_the_loss() -> None:
    true = RNG.normal(0, 2, (2000, len(LABELS)))
    labels = _drawn(true)
    found = fit_calibration(true * 2, labels, np.ones(len(labels)))
    after = log_softmax(true * 2 / found.temperature, axis=1)
    rows = np.arange(len(labels))
    assert -after[rows, labels].mean() < -log_softmax(true * 2, axis=1)[rows, labels].mean()
    assert len(found.confidences) == 101
    assert 0.05 <= found.statement_threshold <= 0.95


def test_threshold_of_best_f1() -> None:
    sure = np.array([0.1, 0.2, 0.6, 0.7, 0.9])
    real = np.array([False, False, True, True, True])
    found = fit_threshold(sure, real, np.ones(5))
    assert 0.2 < found <= 0.6
    heavy = fit_threshold(
        sure, np.array([True, False, True, True, True]), np.array([9, 1, 1, 1, 1.0])
    )
    assert heavy <= 0.1, "a weighty statement is not given up"


def test_confidences_rise_and_follow_the_weights() -> None:
    rows = np.full((3, len(LABELS)), 0.0)
    rows[:, LABELS.index(NONE)] = 0.5
    for row, sure in enumerate((0.2, 0.3, 0.5)):
        rows[row, 0], rows[row, 1] = sure, 0.5 - sure
    even = confidences(rows, np.ones(3))
    assert list(even) == sorted(even)
    assert even[50] == pytest.approx(0.6)
    assert even[0] == pytest.approx(0.6)
    assert even[-1] == pytest.approx(1.0)
    heavy = confidences(rows, np.array([1.0, 1.0, 8.0]))
    assert heavy[50] > even[50]
    assert confidences(rows[:0], np.ones(0)) == ()

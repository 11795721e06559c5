"""Ratios over articles with their errors, and the tests of their differences."""

from __future__ import annotations

import json

import numpy as np
import pytest

from eval.moments import Moments
from eval.shift import holm, js_distance, mean_shift, mix_shift, stability_index


def test_errors_of_ratios_are_those_of_a_bootstrap_overscored_articles() -> None:
    chance = np.random.default_rng(3)
    below = chance.poisson(6, 300).astype(float) + 1
    above = chance.binomial(below.astype(int), chance.beta(2, 5, 300)).astype(float)
    counts = np.stack([above, below], axis=1)
    found = Moments.of(counts).ratios(np.array([[1.0, 0.0]]), 1)
    assert found is not None
    draws = chance.integers(0, 300, (4000, 300))
    drawn = counts[draws].sum(axis=1)
    assert found.values[0] == pytest.approx(above.sum() / below.sum())
    assert found.errors[0] == pytest.approx((drawn[:, 0] / drawn[:, 1]).std(), rel=0.05)


def test_moments_add_up_and_are_read_back() -> None:
    counts = np.random.default_rng(0).integers(0, 9, (20, 3)).astype(float)
    whole, parts = Moments.of(counts), Moments.of(counts[:7]).plus(Moments.of(counts[7:]))
    assert np.allclose(whole.products, parts.products)
    back = Moments.from_dict(json.loads(json.dumps(whole.to_dict())), 3)
    assert np.array_equal(back.products, whole.products)
    assert back.articles == 20
    with pytest.raises(ValueError, match="sums of 4"):
        Moments.from_dict(whole.to_dict(), 4)


def test_indices_of_known_mixes() -> None:
    before, after = np.array([5000.0, 5000.0]), np.array([8000.0, 2000.0])
    expected = 0.3 * np.log(0.8 / 0.5) - 0.3 * np.log(0.2 / 0.5)
    assert stability_index(before, after) == pytest.approx(expected, rel=1e-3)
    assert stability_index(before, before) == 0
    assert js_distance(np.array([3.0, 0.0]), np.array([0.0, 5.0])) == pytest.approx(1)
    assert js_distance(before, before) == 0
    assert holm([0.01, 0.04, 0.03]) == pytest.approx([0.03, 0.06, 0.06])
    assert holm([0.5, 0.9]) == [1.0, 1.0]


def test_alike_statements_of_an_article_do_not_make_it_surer() -> None:
    """Without the articles, chance alone would be found in far more than one case in twenty."""
    chance, alarms, naive = np.random.default_rng(5), 0, 0
    for _ in range(200):
        sides = []
        for _ in range(2):
            mixes = chance.dirichlet([4, 1, 1], 60)
            counts = np.stack([chance.multinomial(10, one) for one in mixes]).astype(float)
            sides.append(np.concatenate([counts, counts.sum(axis=1, keepdims=True)], axis=1))
        ratios = [Moments.of(side).ratios(np.eye(4)[:3], 3) for side in sides]
        single = [Moments.of(np.repeat(np.eye(4)[:3] + np.eye(4)[3],
                  side[:, :3].sum(axis=0).astype(int), axis=0)).ratios(np.eye(4)[:3], 3)
                  for side in sides]  # fmt: skip
        assert ratios[0] is not None
        assert ratios[1] is not None
        assert single[0] is not None
        assert single[1] is not None
        shift, plain = mix_shift(ratios[0], ratios[1]), mix_shift(single[0], single[1])
        assert shift is not None
        assert plain is not None
        alarms += shift.p < 0.05
        naive += plain.p < 0.05
    assert 2 <= alarms <= 20
    assert naive > 30


def test_means_of_few_articles_are_not_compared() -> None:
    one = Moments.of(np.array([[1.0, 2.0]])).ratios(np.array([[1.0, 0.0]]), 1)
    many = Moments.of(np.array([[1.0, 2.0], [0.0, 2.0], [2.0, 3.0]]))
    other = many.ratios(np.array([[1.0, 0.0]]), 1)
    assert one is not None
    assert other is not None
    assert mean_shift(one, other) is None
    assert mix_shift(one, other) is None
    assert many.ratios(np.array([[1.0, 0.0]]), 0) is not None
    assert Moments.of(np.zeros((3, 2))).ratios(np.array([[1.0, 0.0]]), 1) is None

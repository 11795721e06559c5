"""Selective prediction by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.records import LABELS
from eval.selective import COVERAGES, measure_selective
from eval.stance import stance_scores


def guesses(labels: list[int], sure: list[float]) -> np.ndarray:
    """Probabilities with `sure` on a label and the rest spread over the others."""
    out = np.repeat((1 - np.array(sure))[:, None] / (len(LABELS) - 1), len(LABELS), axis=1)
    out[np.arange(len(labels)), labels] = sure
    return out


def test_by_hand() -> None:
    gold = np.array([0, 0, 1, 1, 2, 0, 1, 0, 1, 0])
    wrong = [0, 0, 1, 1, 2, 0, 1, 0, 0, 1]
    sure = guesses(wrong, [0.99 - 0.05 * n for n in range(10)])
    found = measure_selective(gold, sure, np.arange(10))
    risks = [0.0] * 8 + [1 / 9, 2 / 10]
    assert found.aurc.value == pytest.approx(sum(risks) / 10)
    assert found.at[100].accuracy.value == pytest.approx(0.8)
    assert found.at[90].accuracy.value == pytest.approx(8 / 9)
    assert (found.at[80].accuracy.value, found.at[80].macro_f1.value) == (1.0, 1.0)
    assert (found.at[80].items, found.at[50].items) == (8, 5)
    assert found.at[80].confidence == pytest.approx(0.99 - 0.05 * 7)
    assert found.curve.risk[-1] == pytest.approx(0.2)
    assert found.curve.coverage[-1] == 1.0
    assert len(found.curve.coverage) == len(found.curve.low) == len(found.curve.high)


def test_four_labels_are_the_items_of_the_headline() -> None:
    gold = np.array([0, 0, 1, 4, 3, 2, 4, 1])
    sure = guesses([0, 4, 1, 1, 3, 0, 4, 1], [0.9, 0.5, 0.8, 0.95, 0.7, 0.6, 0.9, 0.85])
    documents = np.array([0, 0, 1, 1, 2, 2, 3, 3])
    found = measure_selective(gold, sure, documents, labels=4)
    assert found.items == 6
    assert found.at[100].macro_f1.value == pytest.approx(stance_scores(gold, sure).four.value)
    assert found.at[50].accuracy.value == 1.0
    whole = measure_selective(gold, sure, documents)
    assert whole.at[100].macro_f1.value == pytest.approx(stance_scores(gold, sure).five.value)
    assert whole.at[100].accuracy == stance_scores(gold, sure, documents).accuracy


def test_no_item_is_told() -> None:
    with pytest.raises(ValueError, match="expected items of the first 4 labels, found none of 1"):
        measure_selective(np.array([4]), guesses([4], [0.9]), np.arange(1), labels=4)


@given(
    st.lists(
        st.tuples(st.integers(0, 4), st.integers(0, 4), st.integers(30, 99), st.integers(0, 3)),
        min_size=1,
        max_size=12,
    )
)
@settings(max_examples=15, deadline=None)
def test_any_items(items: list[tuple[int, int, int, int]]) -> None:
    gold, labels, percent, documents = (list(column) for column in zip(*items, strict=True))
    sure = guesses(labels, [value / 100 for value in percent])
    found = measure_selective(np.array(gold), sure, np.array(documents))
    assert list(found.at) == [round(100 * share) for share in COVERAGES]
    assert [row.items for row in found.at.values()] == sorted(
        (row.items for row in found.at.values()), reverse=True
    )
    for figure in (found.aurc, *(row.accuracy for row in found.at.values())):
        assert 0 <= figure.low <= figure.high <= 1
        assert 0 <= figure.value <= 1
    order = sorted(range(len(gold)), key=lambda n: -sure[n].max())
    wrong = np.cumsum([gold[n] != sure[n].argmax() for n in order])
    assert found.aurc.value == pytest.approx((wrong / np.arange(1, len(gold) + 1)).mean())

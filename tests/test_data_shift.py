"""Label shift is told in words, by weight, and survives nothing."""

from __future__ import annotations

from typing import Any

import pytest

from data.records import LABELS, Convention, LabelledArticle, LabelledStatement
from data.shift import measure_shift

TEXT = "The mill closed, Ana Ruiz said. No one, she added, was told."


def statements(counts: dict[str, int], **fields: Any) -> LabelledArticle:
    labels = [label for label, count in counts.items() for _ in range(count)]
    marks = [
        LabelledStatement(f"a#{n}", "a", (), (), (), stance=label, **fields)
        for n, label in enumerate(labels)
    ]
    return LabelledArticle("a", TEXT, None, None, None, Convention.FULL, tuple(marks))


def test_shift_is_told_in_words() -> None:
    here = statements({"denial": 12, "assertion": 88})
    before = statements({"denial": 300, "assertion": 9700})
    shift = measure_shift([here], [before])
    assert "denial 12.0 % here, 3.0 % so far" in [one.words() for one in shift.notable]
    assert shift.distance == pytest.approx(0.09)
    assert shift.p is not None
    assert shift.p < 0.001
    same = measure_shift([here], [here])
    assert same.notable == []
    assert same.distance == 0.0
    assert same.p == pytest.approx(1.0)


def test_shift_counts_by_weight_and_survives_nothing() -> None:
    light, heavy = statements({"denial": 50}), statements({"assertion": 50}, weight=3.0)
    both = LabelledArticle(
        "b", TEXT, None, None, None, Convention.FULL, (*light.statements, *heavy.statements)
    )
    denial = measure_shift([both], [both]).stances[LABELS.index("denial")]
    assert denial.here == pytest.approx(0.25)
    empty = measure_shift([], [both])
    assert (empty.distance, empty.p, empty.notable) == (None, None, [])
    assert "unknown here" in empty.stances[0].words()

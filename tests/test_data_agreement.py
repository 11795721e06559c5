"""Agreement between annotators, against published values and by hand."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from data.agreement import measure_agreement, span_f1
from data.matching import jaccard, match_statements, units_of
from data.records import LABELS, LabelledStatement
from sayso.errors import InputError
from sayso.records import Span
from tests.readings import article, statement


def coded(values: str) -> list[LabelledStatement]:
    """Statements by their code from 1; a dot is one that was not marked."""
    return [
        statement(place, LABELS[int(value) - 1])
        for place, value in enumerate(values)
        if value != "."
    ]


def test_alpha_of_the_published_example() -> None:
    """Krippendorff, "Computing Krippendorff's Alpha-Reliability" (2011), example C."""
    codes = {"a": "123321412...", "b": "1233224125.3", "c": ".3332342251.", "d": "12332441251."}
    found = measure_agreement([article(name, *coded(values)) for name, values in codes.items()])
    assert found.overall is not None
    assert found.overall.stances.alpha == pytest.approx(0.743, abs=5e-4)
    assert found.overall.stances.items == 11
    assert len(found.pairs) == 6


def test_alpha_of_two() -> None:
    """Example A of the same: ten units, binary, alpha 0.095."""
    one = "".join("12"[int(c)] for c in "0101000000")
    other = "".join("12"[int(c)] for c in "1110010000")
    found = measure_agreement([article("a", *coded(one)), article("b", *coded(other))])
    assert found.overall is not None
    assert found.overall.stances.alpha == pytest.approx(0.095, abs=5e-4)
    assert found.overall.stances.same == pytest.approx(0.6)
    assert found.pairs[0].stances == found.overall.stances


def test_spans_are_compared_piece_by_piece() -> None:
    one = article("a", statement(0, "hedge"), statement(1, "denial"), statement(2, None))
    other = article("b", statement(0, "hedge"), statement(1, "denial", shift=3, cue=False))
    (pair,) = measure_agreement([one, other]).pairs
    assert pair.names == ("a", "b")
    assert pair.f1 == {
        "source": pytest.approx(4 / 5),
        "cue": pytest.approx(2 / 4),
        "content": pytest.approx(2 / 5),
    }
    assert pair.pieces == {"source": 5, "cue": 4, "content": 5}
    assert pair.stances.items == 2
    assert span_f1(one, other) == pytest.approx((4 / 5 + 2 / 4 + 2 / 5) / 3)
    assert span_f1(article("a"), article("b")) == 1.0


def test_what_is_not_defined_is_none() -> None:
    alone = measure_agreement([article("a", statement(0, "hedge")), article("b", name="other")])
    assert (alone.articles, alone.overall, alone.pairs) == (0, None, ())
    same = measure_agreement([article(n, *coded("111")) for n in "ab"]).overall
    assert same is not None
    assert (same.stances.items, same.stances.same, same.stances.alpha) == (3, 1.0, None)
    bare = measure_agreement([article(n, statement(0, None)) for n in "ab"]).overall
    assert bare is not None
    assert (bare.stances.items, bare.stances.same) == (0, None)
    nothing = measure_agreement([article(n) for n in "ab"]).overall
    assert nothing is not None
    assert set(nothing.f1.values()) == {None}


def test_statements_are_matched_one_to_one() -> None:
    ones = [statement(0, None), statement(0, None, shift=4), statement(3, None)]
    others = [statement(0, None, shift=4), statement(0, None, shift=1), statement(7, None)]
    assert match_statements(ones, others) == [(0, 1), (1, 0)]
    apart = statement(0, None)
    assert match_statements([apart], [statement(0, None, shift=9)]) == [], "too little in common"
    elsewhere = LabelledStatement("a#9", "a", (), (Span(50, 60),), apart.content)
    assert match_statements([apart], [elsewhere]) == [], "another cue"
    assert match_statements([apart], [statement(0, None, cue=False)]) == [(0, 0)]
    cues = LabelledStatement("a#9", "a", (), (Span(50, 60),), ())
    assert match_statements([cues], [cues]) == [(0, 0)]
    assert match_statements([], [apart]) == []


@pytest.mark.parametrize(
    ("one", "other", "share"),
    [
        ([(0, 10)], [(0, 10)], 1.0),
        ([(0, 10)], [(5, 15)], 1 / 3),
        ([(0, 5), (5, 10)], [(0, 10)], 1.0),
        ([(0, 10), (2, 4)], [(0, 10)], 1.0),
        ([], [(0, 10)], 0.0),
        ([], [], 0.0),
    ],
)
def test_jaccard(
    one: Sequence[tuple[int, int]], other: Sequence[tuple[int, int]], share: float
) -> None:
    spans = [[Span(*pair) for pair in side] for side in (one, other)]
    assert jaccard(spans[0], spans[1]) == pytest.approx(share)


def test_units_join_all_readings() -> None:
    marked = {
        "a": article("a", statement(0, "hedge")),
        "b": article("b", statement(1, "denial"), statement(0, "denial", shift=2, number=1)),
        "c": article("c", statement(1, "none"), statement(0, None, number=1)),
    }
    units = units_of(marked)
    assert [unit.stances for unit in units] == [
        {"a": "hedge", "b": "denial"},
        {"b": "denial", "c": "none"},
    ]
    assert [sorted(unit.marks) for unit in units] == [["a", "b", "c"], ["b", "c"]]


def test_what_cannot_be_compared_is_told() -> None:
    with pytest.raises(InputError, match="expected article 'a' once for each annotator"):
        measure_agreement([article("ana"), article("ana")])
    with pytest.raises(InputError, match="expected one text of article 'a'"):
        measure_agreement([article("ana"), article("bea", text="y")])

"""The metrics by hand, and what must hold for any prediction."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import f1_score

from data.matching import jaccard
from data.records import LABELS, Convention, LabelledArticle, LabelledStatement
from eval.calibration import calibration_error, measure_calibration
from eval.figures import accuracy, f1, interval, macro_f1, parted_scores, precision, recall
from eval.predictions import kept_above
from eval.report import render
from eval.sources import b_cubed
from eval.spans import exact_counts, overlap_counts, tuple_counts
from eval.stance import stance_scores
from eval.tuples import (
    depths,
    match_counts,
    match_statements,
    parent_counts,
    part_counts,
    stance_confusion,
)
from sayso.records import Span


def statement(
    name: str,
    source: Sequence[tuple[int, int]] = (),
    cue: Sequence[tuple[int, int]] = (),
    content: Sequence[tuple[int, int]] = (),
    **rest: str | None,
) -> LabelledStatement:
    spans = {"source": source, "cue": cue, "content": content}
    parts = {role: tuple(Span(*span) for span in some) for role, some in spans.items()}
    return LabelledStatement(name, "a", **parts, **rest)  # type: ignore[arg-type]


def article(*statements: LabelledStatement, convention: str = Convention.FULL) -> LabelledArticle:
    return LabelledArticle("a", "x" * 200, None, None, None, convention, statements)


GOLD = article(
    statement("g0", [(0, 5)], [(6, 10)], [(11, 40)], stance="assertion"),
    statement("g1", [(12, 15)], [(16, 20)], [(21, 40)], parent="g0", stance="hedge"),
    statement("g2", [], [(50, 54)], [(60, 80), (90, 100)], stance="denial"),
)


def test_exact_by_hand() -> None:
    found = article(
        statement("p0", [(0, 5)], [(6, 10)], [(11, 39)]),
        statement("p1", [(0, 5)], [(50, 54)], [(60, 80)]),
    )
    counts = exact_counts(GOLD, found)
    assert counts["source"].tolist() == [1, 1, 2], "a shared piece counts once"
    assert counts["cue"].tolist() == [2, 2, 3]
    assert counts["content"].tolist() == [1, 2, 4]
    assert overlap_counts(GOLD, found)["content"].tolist() == [2, 2, 4]
    assert tuple_counts(GOLD, found).tolist() == [0, 2, 3]


def test_flat_marks_are_held_against_top_level_only() -> None:
    flat = replace(GOLD, convention=Convention.FLAT, statements=(GOLD.statements[0],))
    assert exact_counts(flat, GOLD)["cue"].tolist() == [1, 2, 1]


def test_jaccard() -> None:
    assert jaccard([Span(0, 10)], [Span(5, 15)]) == pytest.approx(1 / 3)
    assert jaccard([Span(0, 4), Span(6, 10)], [Span(0, 10)]) == pytest.approx(0.8)
    assert jaccard([], []) == 0.0


@given(*[st.lists(st.tuples(st.integers(0, 30), st.integers(1, 9)), max_size=4)] * 2)
@settings(max_examples=100, deadline=None)
def test_jaccard_is_that_of_the_sets_of_characters(
    one: list[tuple[int, int]], other: list[tuple[int, int]]
) -> None:
    ours, theirs = ({at for a, n in some for at in range(a, a + n)} for some in (one, other))
    spans = [[Span(a, a + n) for a, n in some] for some in (one, other)]
    expected = len(ours & theirs) / len(ours | theirs) if ours | theirs else 0.0
    assert jaccard(*spans) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("found", "matched"),
    [
        (statement("p", [(0, 5)], [(6, 10)], [(11, 20)]), True),
        (statement("p", [(0, 5)], [(6, 10)], [(11, 19)]), False),
        (statement("p", [(0, 1)], [(9, 30)], [(11, 40)]), True),
        (statement("p", [], [(6, 10)], [(11, 40)]), False),
        (statement("p", [(0, 5)], [], [(11, 40)]), False),
        (statement("p", [(5, 6)], [(6, 10)], [(11, 40)]), False),
    ],
)
def test_tuple_overlap_rule(found: LabelledStatement, matched: bool) -> None:
    assert bool(match_statements(GOLD.statements[:1], [found])) == matched


def test_matching_is_one_to_one_and_as_large_as_can_be() -> None:
    gold = [statement("g0", content=[(0, 10)]), statement("g1", content=[(4, 14)])]
    found = [statement("p0", content=[(2, 12)]), statement("p1", content=[(0, 10)])]
    pairs = {(m.gold.id, m.predicted.id) for m in match_statements(gold, found)}
    assert pairs == {("g0", "p1"), ("g1", "p0")}


def test_parents() -> None:
    moved = replace(GOLD.statements[1], parent="g2")
    wrong = replace(GOLD, statements=(GOLD.statements[0], moved, GOLD.statements[2]))
    for found, right in ((GOLD, 1), (wrong, 0)):
        matches = match_statements(GOLD.statements, found.statements)
        assert parent_counts(GOLD, found, matches).tolist() == [right, 1, 1]


def test_a_dropped_parent_leaves_no_link() -> None:
    kept = kept_above(GOLD, {"g0": 0.1, "g1": 0.9, "g2": 0.9}, 0.5)
    assert [(s.id, s.parent) for s in kept.statements] == [("g1", None), ("g2", None)]


def test_macro_f1_over_four_counts_none_against_them() -> None:
    gold = np.array([0, 0, 1, 4])
    guesses = np.eye(5)[[0, 4, 1, 1]] * 0.9 + 0.02
    scores = stance_scores(gold, guesses)
    assert scores.labels["assertion"].f1.value == pytest.approx(2 / 3)
    assert scores.labels["denial"].f1.value == 1.0, "gold none is left out of the four"
    assert scores.macro_f1_four == pytest.approx((2 / 3 + 1) / 2)
    assert scores.labels["none"].recall.value == 0.0
    assert scores.macro_f1_five == pytest.approx((2 / 3 + 2 / 3 + 0) / 3)
    assert scores.confusion.sum() == 4


def test_calibration_error() -> None:
    sure, documents = np.full(10, 0.9), np.arange(10)
    assert calibration_error(sure, np.arange(10) < 9, documents).value == pytest.approx(0.0)
    assert calibration_error(sure, np.arange(10) < 4, documents).value == pytest.approx(0.5)


def test_reliability_by_hand() -> None:
    gold = np.array([0, 0, 1, 1])
    sure = np.array([[0.9, 0.1], [0.9, 0.1], [0.9, 0.1], [0.45, 0.55]])
    found = measure_calibration(gold, sure, np.arange(4))
    assert [(one.count, one.accuracy.value) for one in found.reliability] == [
        (1, 1.0),
        (3, pytest.approx(2 / 3)),
    ]
    assert found.reliability[1].confidence == pytest.approx(0.9)
    assert found.reliability[1].low <= 0.9 < found.reliability[1].high
    assert found.ece.value == pytest.approx((0.45 + 3 * (0.9 - 2 / 3)) / 4)
    assert found.overconfidence.value == pytest.approx((0.9 * 3 + 0.55 - 3) / 4)
    assert found.classwise_ece.value == pytest.approx(found.ece.value), "of two labels both alike"
    assert found.items == sum(one.count for one in found.reliability)
    with pytest.raises(ValueError, match="expected probabilities for one item or more"):
        measure_calibration(gold[:0], sure[:0], np.arange(0))


def test_calibration_and_brier_by_hand_with_intervals_over_documents() -> None:
    gold = np.array([0, 1, 0, 1])
    guesses = np.zeros((4, 5))
    guesses[:, 0], guesses[:, 1] = 0.8, 0.2
    scores = stance_scores(gold, guesses, np.array([7, 7, 9, 9]))
    assert scores.ece.value == pytest.approx(0.3)
    assert scores.brier.value == pytest.approx((2 * 0.08 + 2 * 1.28) / 4)
    assert scores.accuracy.value == 0.5
    assert (scores.ece.low, scores.ece.high) == pytest.approx((0.3, 0.3)), "documents are alike"
    apart = stance_scores(gold, guesses, np.array([7, 9, 7, 9]))
    assert (apart.accuracy.low, apart.accuracy.high) == (0.0, 1.0), "documents are opposites"
    assert set(apart.to_dict()["brier"]) == {"value", "low", "high"}


def test_stance_needs_items_and_their_probabilities() -> None:
    with pytest.raises(ValueError, match=r"expected \[items, 5\] .* for 0"):
        stance_scores(np.zeros(0, int), np.zeros((0, 5)))
    with pytest.raises(ValueError, match=r"found \[3, 5\] for 2"):
        stance_scores(np.zeros(2, int), np.zeros((3, 5)))


def test_parts_by_hand() -> None:
    found = article(
        statement("p0", [(0, 5)], [(6, 10)], [(11, 40)]),
        statement("p1", [(12, 15)], [(16, 20)], [(21, 40)]),
        statement("p2", [], [(150, 154)], [(160, 180)], parent="p0"),
    )
    matches = match_statements(GOLD.statements, found.statements)
    counts = part_counts(matches, GOLD.statements[1:2], found.statements[2:])
    assert counts.tolist() == [0, 1, 1, 1], "found, though not as nested"
    top = [GOLD.statements[0], GOLD.statements[2]]
    counts = part_counts(matches, top, found.statements[:2])
    assert counts.tolist() == [2, 2, 1, 2]
    parted = parted_scores([counts])
    assert (parted.precision.value, parted.recall.value) == (1.0, 0.5)
    assert parted.f1.value == pytest.approx(2 / 3)
    assert parted_scores([[0, 0, 0, 0]]).f1.value == 0.0


def test_depths_end_even_in_a_circle() -> None:
    assert depths(GOLD) == {"g0": 0, "g1": 1, "g2": 0}
    circle = article(statement("a", parent="b"), statement("b", parent="a"))
    assert depths(circle) == {"a": 1, "b": 1}
    chain = article(statement("c", parent="b"), statement("b", parent="a"), statement("a"))
    assert depths(chain) == {"c": 2, "b": 1, "a": 0}


def test_b_cubed() -> None:
    assert b_cubed(["a", "a", "b"], ["x", "x", "y"]) == (3.0, 3.0)
    found, complete = b_cubed(["a", "a", "b"], ["x", "x", "x"])
    assert found == pytest.approx(5 / 3)
    assert complete == 3.0


def test_intervals_hold_the_value_and_narrow_with_more_documents() -> None:
    few = interval([[8, 10, 10], [1, 5, 10]] * 5, f1)
    many = interval([[8, 10, 10], [1, 5, 10]] * 200, f1)
    assert few.value == many.value == pytest.approx(18 / 35)
    assert few.low <= few.value <= few.high
    assert many.high - many.low < (few.high - few.low) / 3
    assert interval([], f1).value == 0.0


STATEMENTS = st.lists(
    st.tuples(*[st.lists(st.tuples(st.integers(0, 90), st.integers(1, 9)), max_size=2)] * 3),
    max_size=6,
)


def made(rows: Sequence[tuple[Sequence[tuple[int, int]], ...]]) -> LabelledArticle:
    statements = []
    for n, roles in enumerate(rows):
        source, cue, content = ([(a, a + b) for a, b in some] for some in roles)
        statements.append(statement(f"s{n}", source, cue, content or [(95, 99)]))
    return article(*statements)


@given(STATEMENTS, STATEMENTS)
@settings(max_examples=60, deadline=None)
def test_any_prediction(one: Sequence[object], other: Sequence[object]) -> None:
    gold, found = made(one), made(other)  # type: ignore[arg-type]
    for counts in (exact_counts, overlap_counts):
        ours, theirs = counts(gold, found), counts(found, gold)
        for role, (right, predicted, marked) in ours.items():
            assert 0 <= right <= min(predicted, marked)
            assert theirs[role].tolist() == [right, marked, predicted]
        perfect = counts(gold, gold)
        assert all(a == b == c for a, b, c in perfect.values())
    assert len(match_statements(gold.statements, gold.statements)) == len(gold.statements)
    right, predicted, marked = tuple_counts(gold, found).tolist()
    assert tuple_counts(found, gold).tolist() == [right, marked, predicted]
    matches = match_statements(gold.statements, found.statements)
    assert len(matches) == len(match_statements(found.statements, gold.statements))
    assert len({m.gold.id for m in matches}) == len(matches)
    assert stance_confusion(matches).sum() == 0, "nothing here has a stance"


@given(STATEMENTS, STATEMENTS)
@settings(max_examples=60, deadline=None)
def test_a_wrong_statement_never_raises_precision(
    one: Sequence[object], other: Sequence[object]
) -> None:
    gold, found = made(one), made(other)  # type: ignore[arg-type]
    wrong = statement("wrong", [(100, 105)], [(106, 110)], [(111, 150)])
    more = replace(found, statements=(*found.statements, wrong))

    def precisions(predicted: LabelledArticle) -> list[float]:
        exact, near = exact_counts(gold, predicted), overlap_counts(gold, predicted)
        matches = match_statements(gold.statements, predicted.statements)
        rows = [
            *exact.values(),
            *near.values(),
            tuple_counts(gold, predicted),
            match_counts(matches, gold.statements, predicted.statements),
        ]
        return [float(value) for value in precision(np.array(rows, dtype=float))]

    before, after = precisions(found), precisions(more)
    assert all(a <= b for a, b in zip(after, before, strict=True))
    assert all(0 <= value <= 1 for value in before)


@given(
    st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4), st.integers(0, 9)), min_size=1),
    st.sampled_from([4, 5]),
)
@settings(max_examples=60, deadline=None)
def test_macro_f1_is_scikit_learns(items: list[tuple[int, int, int]], labels: int) -> None:
    kept = [(gold, found) for gold, found, _ in items if gold < labels]
    confusion = np.zeros((1, 5, 5))
    np.add.at(confusion, (0, [i[0] for i in items], [i[1] for i in items]), 1)
    ours = macro_f1(labels)(confusion)[0]
    present = sorted({label for pair in kept for label in pair if label < labels})
    if not present:
        assert ours == 0.0
        return
    gold, found = zip(*kept, strict=True)
    theirs = f1_score(gold, found, labels=present, average="macro", zero_division=0.0)
    assert ours == pytest.approx(theirs)
    if labels == 5:
        assert macro_f1(5)(confusion.transpose(0, 2, 1))[0] == pytest.approx(ours), "symmetric"


def test_statistics() -> None:
    sums = np.array([[3.0, 4.0, 6.0], [0.0, 0.0, 0.0]])
    assert f1(sums).tolist() == [0.6, 0.0]
    assert precision(sums).tolist() == [0.75, 0.0]
    assert recall(sums).tolist() == [0.5, 0.0]
    confusion = np.diag([2.0, 2.0, 0, 0, 1.0])[None]
    assert macro_f1(4)(confusion).tolist() == [1.0]
    assert accuracy(confusion).tolist() == [1.0]


def test_markdown() -> None:
    figure = {"value": 0.5, "low": 0.25, "high": 0.75}
    page = render(
        {
            "model": "m",
            "split": "dev",
            "stance": {
                "macro_f1_four": figure,
                "ece": {"value": 0.021, "low": 0.01, "high": 0.03},
                "labels": {
                    "denial": {"precision": figure, "recall": figure, "f1": figure, "support": 2}
                },
                "confusion": [[1] * len(LABELS)] * len(LABELS),
            },
            "skipped": {"wire": "found no wire.dev.jsonl under data"},
        }
    )
    assert "| macro f1 four | 50.0 | 25.0–75.0 |" in page
    assert "| ece | 0.021 | 0.010–0.030 |" in page
    cell = "50.0 (25.0–75.0)"
    assert f"| denial | {cell} | {cell} | {cell} | 2 |" in page
    assert "Not measured: wire: found no wire.dev.jsonl under data." in page
    assert "| none | 1 | 1 | 1 | 1 | 1 |" in page

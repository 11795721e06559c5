"""Two bundles held against each other: pairing, intervals, and the figures of the suites."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from data.records import LabelledStatement
from eval.compare import compare, measure
from eval.corpora import load_corpora
from eval.figures import f1
from tests.stub import Stub, corpora


def number(statement: LabelledStatement) -> int:
    """The number of the article that a statement is of."""
    return int(statement.doc[1:])


def test_a_bundle_beside_itself_differs_in_nothing() -> None:
    data = corpora()
    measured = measure(Stub(data, misses=lambda s: number(s) % 3 == 0), data, threshold=0.5)
    found = compare(measured, measured, data.digests())
    assert found.mean_gain == 0.0
    for change in found.changes.values():
        assert (change.gain.value, change.gain.low, change.gain.high) == (0.0, 0.0, 0.0)


def test_a_perfect_bundle_is_perfect_everywhere() -> None:
    data = corpora()
    figures = measure(Stub(data), data, threshold=0.5).figures()
    assert figures.pop("stance.ece").value == 0.0
    macro = {name: figures.pop(name) for name in ("wire.stance_macro_f1", "gold.stance_macro_f1")}
    assert {figure.value for figure in figures.values()} == {1.0}
    assert all(figure.value > 0.8 for figure in macro.values()), "none is read as an assertion"
    assert set(figures) >= {
        "extraction.source_f1",
        "extraction.cue_f1",
        "extraction.content_f1",
        "extraction.tuple_overlap_f1",
        "stance.macro_f1_four",
        "stance.macro_f1_five",
        "stance.labels.denial.f1",
        "wire.tuple_overlap_f1",
        "wire.kept_f1",
        "gold.parent_f1",
    }


def test_pairing_takes_out_what_is_hard_for_both() -> None:
    """The challenger finds one statement more in most articles, hard ones and easy ones."""
    data = corpora(40)

    def hard(s: LabelledStatement) -> bool:
        return number(s) % 2 == 0

    theirs = measure(
        Stub(data, misses=lambda s: hard(s) or s.id.endswith("#1")), data, threshold=0.5
    )
    ours = measure(
        Stub(data, misses=lambda s: hard(s) or (s.id.endswith("#1") and number(s) % 10 == 1)),
        data,
        threshold=0.5,
    )
    change = compare(ours, theirs, data.digests()).changes["extraction.cue_f1"]
    apart = change.challenger.low - change.champion.high
    assert apart < 0 < change.gain.low < change.gain.value < change.gain.high
    sums = [
        np.array([[m.statistics["extraction.cue_f1"].counts.sum(0)]])[0] for m in (ours, theirs)
    ]
    assert change.gain.value == pytest.approx(float(f1(sums[0])[0] - f1(sums[1])[0]))


def test_less_calibration_error_is_a_gain() -> None:
    data = corpora()
    sharp = measure(Stub(data, sure=1.0), data, threshold=0.5)
    modest = measure(Stub(data, sure=0.7), data, threshold=0.5)
    found = compare(sharp, modest, data.digests()).changes["stance.ece"]
    assert found.challenger.value == 0.0
    assert found.champion.value == pytest.approx(0.3)
    assert found.gain.value == pytest.approx(0.3)
    assert found.to_dict()["better"] == "less"


def test_other_articles_are_not_compared() -> None:
    data, other = corpora(20), corpora(10)
    ours = measure(Stub(data), data, threshold=0.5)
    theirs = measure(Stub(other), other, threshold=0.5)
    with pytest.raises(ValueError, match="of the same articles for both"):
        compare(ours, theirs, data.digests())


def test_told_as_json_and_as_a_table() -> None:
    data = corpora()
    ours = measure(Stub(data, model="new"), data, threshold=0.5)
    theirs = measure(Stub(data, model="old", errs=lambda s: number(s) < 5), data, threshold=0.5)
    found = compare(ours, theirs, data.digests())
    page = found.to_text()
    assert page.startswith("| figure | old | new | gain | 95 % interval |")
    assert "| **stance.macro_f1_four** |" in page
    again = json.loads(json.dumps(found.to_dict()))
    assert again["mean_gain"] == found.mean_gain > 0
    assert set(again["data"]) == {"polnear.dev", "stance.dev", "wire.dev", "gold"}


def test_parts_that_are_not_there() -> None:
    found = load_corpora("nowhere", "nowhere")
    assert found.missing() == ["polnear", "stances", "wire"]
    assert set(found.digests()) == {"gold"}


def test_every_label_counts_for_the_digest() -> None:
    data = corpora()
    assert data.stances is not None
    first = data.digests()
    changed = corpora()
    assert changed.digests() == first
    other = replace(data, stances=[replace(data.stances[0], weight=2.0), *data.stances[1:]])
    differing = {name for name, sha in other.digests().items() if sha != first[name]}
    assert differing == {"stance.dev"}

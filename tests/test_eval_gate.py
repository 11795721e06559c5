"""The gate: what it lets through, what it refuses and in which words, and its floors."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from data.records import LabelledStatement
from eval.__main__ import main
from eval.compare import measure
from eval.corpora import Corpora
from eval.floors import MEAN, SPEED, Floors, Lowering, load_floors
from eval.gate import LARGEST, Candidate, Verdict, judge
from eval.speed import Speed
from sayso.bundle import DEFAULT_BUNDLE
from sayso.errors import InputError
from tests.stub import Stub, corpora


@pytest.fixture(scope="module")
def data() -> Corpora:
    """Sixty articles in all."""
    return corpora(20)


@pytest.fixture(autouse=True)
def _as_fast(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("eval.gate.relative_speed", lambda *_: Speed(1000.0, 1000.0, 1.0))


def first(s: LabelledStatement) -> bool:
    return s.id.endswith("#0")


def candidate(scorer: Stub, *, size: int = 1000) -> Candidate:
    return Candidate(scorer, 0.5, size)


def champion(data: Corpora) -> Stub:
    """Misses one statement in ten and errs in one label of ten."""
    return Stub(
        data,
        model="champion",
        misses=lambda s: int(s.doc[1:]) % 10 == 3 and not first(s),
        errs=lambda s: int(s.doc[1:]) % 10 == 4,
    )


@pytest.fixture(scope="module")
def floors(data: Corpora) -> Floors:
    """Pinned on the champion."""
    measured = measure(champion(data), data, threshold=0.5)
    return Floors({}, {SPEED: 0.7}).pinned(measured, data.digests())


@pytest.fixture
def asked(data: Corpora, floors: Floors) -> Callable[[Stub], Verdict]:
    """The gate's verdict on a scorer beside the champion."""
    return lambda scorer: judge(candidate(scorer), candidate(champion(data)), data, floors)


def test_the_champion_passes_beside_itself(data: Corpora, asked: Callable[[Stub], Verdict]) -> None:
    verdict = asked(champion(data))
    assert verdict.passed, verdict.refusals
    assert verdict.comparison.mean_gain == 0.0


def test_a_better_one_passes(data: Corpora, asked: Callable[[Stub], Verdict]) -> None:
    verdict = asked(Stub(data, model="better"))
    assert verdict.passed, verdict.refusals
    assert verdict.to_text().startswith("# better passes")
    assert json.loads(json.dumps(verdict.to_dict()))["passed"] is True


def test_a_worse_one_is_refused_in_words_and_numbers(
    data: Corpora, asked: Callable[[Stub], Verdict]
) -> None:
    verdict = asked(Stub(data, model="worse", misses=lambda s: int(s.doc[1:]) % 2 == 0))
    assert not verdict.passed
    text = "\n".join(verdict.refusals)
    assert "extraction.cue_f1: 66.67 against 97.44, -30.77 points (" in text
    assert "worse by more than 0.5 points, and not by chance" in text
    assert "extraction.cue_f1: expected at least 9" in text
    assert (
        "headlines.mean_gain: expected at least +0.000 points over 13 headline figures, found -"
        in text
    )
    assert verdict.to_text().startswith("# worse is refused")


def test_a_drop_that_may_be_chance_is_left_to_the_mean(
    data: Corpora, asked: Callable[[Stub], Verdict]
) -> None:
    """One statement fewer in the wire articles, and everything else better."""
    verdict = asked(Stub(data, model="new", misses=lambda s: s.id in {"w3#1", "w13#1", "w7#1"}))
    change = verdict.comparison.changes["wire.tuple_overlap_f1"]
    assert change.gain.value < -0.005
    assert change.gain.high >= 0
    assert verdict.passed, verdict.refusals


def test_something_may_be_given_for_speed_on_purpose(data: Corpora, floors: Floors) -> None:
    def misses(s: LabelledStatement) -> bool:
        return (int(s.doc[1:]) % 10 == 3 and not first(s)) or s.id == "w7#1"

    fast = Stub(data, model="fast", misses=misses, errs=lambda s: int(s.doc[1:]) % 10 == 4)
    sides = (candidate(fast), candidate(champion(data)), data, floors)
    refused = judge(*sides)
    assert [words.partition(":")[0] for words in refused.refusals] == [MEAN]
    given = Lowering(MEAN, -0.02, "twice as fast")
    passed = judge(*sides, lower=[given])
    assert passed.passed, passed.refusals
    assert passed.floors.history[-1]["reason"] == "twice as fast"


def test_a_label_that_is_lost_is_refused_by_its_floor(
    data: Corpora, asked: Callable[[Stub], Verdict]
) -> None:
    verdict = asked(Stub(data, model="new", errs=lambda s: s.stance == "hedge"))
    assert any(
        words.startswith("stance.labels.hedge.f1: expected at least")
        and words.endswith("found 0.00")
        for words in verdict.refusals
    )


def test_calibration_is_asked_for(data: Corpora, asked: Callable[[Stub], Verdict]) -> None:
    verdict = asked(Stub(data, model="new", sure=0.6))
    assert any(words.startswith("stance.ece: expected at most") for words in verdict.refusals)
    assert any(words.startswith("stance.ece: 40.00 against") for words in verdict.refusals)


def test_size_and_speed(data: Corpora, monkeypatch: pytest.MonkeyPatch, floors: Floors) -> None:
    monkeypatch.setattr("eval.gate.relative_speed", lambda *_: Speed(500.0, 1000.0, 0.5))
    big = Candidate(Stub(data), 0.5, LARGEST + 1)
    verdict = judge(big, candidate(champion(data)), data, floors)
    assert verdict.refusals == [
        "bundle: expected at most 41,943,040 bytes (40 MiB), found 41,943,041",
        "speed.relative: expected at least 0.70 of the champion's speed, found 0.50 "
        "(500 against 1,000 tokens/s)",
    ]


def test_floors_are_of_their_data(data: Corpora, floors: Floors) -> None:
    assert data.wire is not None
    shorter = replace(data, wire=data.wire[1:])
    verdict = judge(candidate(Stub(data)), candidate(champion(data)), shorter, floors)
    assert verdict.refusals == [
        "expected the data that floors were pinned on, found other rows in wire.dev: use that "
        "data, or pin floors on this one (--pin)"
    ]
    without = replace(data, wire=None)
    verdict = judge(candidate(Stub(data)), candidate(champion(data)), without, floors)
    assert "expected all parts of the data, found no wire" in verdict.refusals
    assert "wire.parent_f1: expected a figure, found none" in verdict.refusals
    verdict = judge(candidate(Stub(data)), candidate(champion(data)), data, Floors({}, {}))
    assert verdict.refusals[0].startswith("expected pinned floors, found none")


def test_pinning_only_raises(data: Corpora, floors: Floors) -> None:
    assert floors.history == ()
    figure = measure(champion(data), data, threshold=0.5).figures()["extraction.cue_f1"]
    assert floors.floors["extraction.cue_f1"] <= figure.value - 0.01
    assert floors.floors["stance.ece"] > 0.0, "a ceiling stands over its figure"
    blind = Stub(data, misses=lambda s: True, errs=lambda s: True, sure=0.5)
    worse = measure(blind, data, threshold=0.5)
    assert floors.pinned(worse, data.digests()) == floors
    better = measure(Stub(data, model="better"), data, threshold=0.5)
    raised = floors.pinned(better, data.digests())
    assert raised.floors["extraction.cue_f1"] == 0.99
    assert raised.floors["stance.ece"] < floors.floors["stance.ece"]
    entry = next(e for e in raised.history if e["figure"] == "extraction.cue_f1")
    assert (entry["old"], entry["new"]) == (floors.floors["extraction.cue_f1"], 0.99)
    assert (entry["reason"], entry["model"]) == ("raised", "better")


def test_on_other_data_a_floor_falls_for_a_reason_alone(data: Corpora, floors: Floors) -> None:
    other = replace(data, gold=data.gold[1:])
    worse = Stub(data, model="other", misses=lambda s: s.doc[0] in "gw" and not first(s))
    measured = measure(worse, other, threshold=0.5)
    with pytest.raises(InputError, match=r"gold\.tuple_overlap_f1 falls from 0\.9"):
        floors.pinned(measured, other.digests())
    moved = floors.pinned(measured, other.digests(), reason="more gold")
    assert moved.floors["gold.parent_f1"] < floors.floors["gold.parent_f1"]
    assert moved.floors["wire.parent_f1"] == floors.floors["wire.parent_f1"], "same wire data"
    assert moved.data == other.digests()
    assert {e["reason"] for e in moved.history} >= {"more gold"}


def test_a_floor_is_lowered_with_a_trace(data: Corpora, tmp_path: Path, floors: Floors) -> None:
    def clumsy(s: LabelledStatement) -> bool:
        return s.stance == "hedge" and s.doc in {"p2", "p7"}

    scorer = Stub(data, model="new", errs=clumsy)
    name = "stance.labels.hedge.f1"
    high = replace(floors, floors={**floors.floors, name: 0.9})
    ours, theirs = candidate(scorer), candidate(champion(data))
    refused = judge(ours, theirs, data, high)
    assert any(words.startswith(name) for words in refused.refusals)
    change = Lowering(name, 0.4, "hedges were labelled anew")
    verdict = judge(ours, theirs, data, high, lower=[change])
    assert not any(words.startswith(name) for words in verdict.refusals)
    (entry,) = verdict.floors.history
    assert (entry["figure"], entry["old"], entry["new"]) == (name, 0.9, 0.4)
    assert (entry["reason"], entry["model"]) == ("hedges were labelled anew", "new")
    assert entry["date"][:2] == "20"
    verdict.floors.save(tmp_path / "floors.json")
    assert load_floors(tmp_path / "floors.json") == verdict.floors


def test_what_cannot_be_lowered(data: Corpora, floors: Floors) -> None:
    with pytest.raises(InputError, match="expected a floor of extraction"):
        floors.lowered(Lowering("spelling", 0.1, "x"), model="m")
    with pytest.raises(InputError, match=r"expected wire\.parent_f1 under 0\.\d+, found 1\.0000"):
        floors.lowered(Lowering("wire.parent_f1", 1.0, "x"), model="m")
    with pytest.raises(InputError, match=r"expected stance\.ece over 0\.\d+, found 0\.0000"):
        floors.lowered(Lowering("stance.ece", 0.0, "x"), model="m")
    assert floors.lowered(Lowering("stance.ece", 0.5, "x"), model="m").floors["stance.ece"] == 0.5
    with pytest.raises(InputError, match="expected NAME=VALUE"):
        Lowering.parse("stance.ece", "x")
    for reason in (None, " "):
        with pytest.raises(InputError, match=r"expected a reason to lower stance\.ece"):
            Lowering.parse("stance.ece=0.5", reason)


def test_floors_that_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "floors.json").write_text("[]")
    with pytest.raises(InputError, match="expected floors with data, floors and history"):
        load_floors(tmp_path / "floors.json")
    with pytest.raises(InputError):
        load_floors(tmp_path / "none.json")


def test_the_floors_that_are_pinned() -> None:
    floors = load_floors()
    assert floors.floors[SPEED] > 0
    assert all(0 <= value <= 1 for value in floors.floors.values())
    for entry in floors.history:
        assert set(entry) == {"date", "figure", "old", "new", "reason", "model"}


def test_from_the_command_line(
    data: Corpora,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    found = {"new": Stub(data, model="new"), DEFAULT_BUNDLE.name: champion(data)}

    def load(bundle: Path, *, threads: int | None = None) -> Candidate:
        return candidate(found[bundle.name])

    monkeypatch.setattr(Candidate, "load", load)
    monkeypatch.setattr("eval.gate.load_corpora", lambda *_: data)
    floors = tmp_path / "floors.json"
    Floors({}, {SPEED: 0.7}).save(floors)
    options = ["--data", str(tmp_path), "--floors", str(floors)]
    report = ["-o", str(tmp_path / "report")]
    assert main(["gate", "new", *options, *report]) == 1
    assert "expected pinned floors, found none" in capsys.readouterr().out
    assert main(["gate", "--pin", str(DEFAULT_BUNDLE), *options]) == 0
    assert "wire.parent_f1 0." in capsys.readouterr().out
    assert main(["gate", "new", *options, *report]) == 0
    assert json.loads((tmp_path / "report" / "gate.json").read_text())["passed"] is True
    assert (tmp_path / "report" / "gate.md").read_text().startswith("# new passes")
    assert main(["gate", "new", *options, "--lower-floor", "wire.parent_f1=0.1"]) == 2
    assert "expected a reason" in capsys.readouterr().err
    before = floors.read_text()
    lower = ["--lower-floor", "wire.parent_f1=0.1", "--because", "a trial"]
    assert main(["gate", "new", *options, *lower]) == 0
    assert load_floors(floors).history[-1]["reason"] == "a trial"
    floors.write_text(before)
    found["new"] = Stub(data, model="new", misses=lambda s: True)
    assert main(["gate", "new", *options, *lower]) == 1
    assert floors.read_text() == before, "refused, nothing is lowered"
    assert main(["gate", *options]) == 2
    assert "expected either a challenger or --pin" in capsys.readouterr().err

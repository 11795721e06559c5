"""How far sources can be relied on: estimates, copying, outcomes and track records."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pytest

from sayso.errors import InputError, UsageError
from sayso.records import STANCES
from sayso.rejects import Reject
from sayso.reliability.beta import interval
from sayso.reliability.estimate import NOBODY, Estimates, estimate
from sayso.reliability.outcomes import Outcome, read_outcomes, settle
from sayso.reliability.population import Population
from sayso.reliability.track import track_records
from sayso.reliability.votes import UNDATED, UNKNOWN, Votes


def _quick(votes: Votes, seed: int = 0) -> Estimates:
    return estimate(votes, seed=seed, burn_in=40, draws=80)


def _of(**columns: npt.ArrayLike) -> Votes:
    return Votes(**{name: np.asarray(column) for name, column in columns.items()})


def _votes(
    reliability: npt.ArrayLike, *, claims: int = 60, each: int = 40, seed: int = 0, copiers: int = 0
) -> tuple[Votes, npt.NDArray[np.bool_]]:
    """Sources that speak of random claims; copiers repeat all that the last one says, a day on."""
    chance = np.random.default_rng(seed)
    truth = chance.random(claims) < 0.5
    rows = []
    for number, theta in enumerate(np.asarray(reliability, dtype=float)):
        claim = chance.choice(claims, each, replace=False)
        right = chance.random(each) < theta
        rows.append((np.full(each, number), claim, np.where(right == truth[claim], 1, -1), 1))
    for _ in range(copiers):
        rows.append((np.full(each, len(rows)), *rows[len(np.ravel(reliability)) - 1][1:3], 2))
    source, claim, position = (np.concatenate([row[k] for row in rows]) for k in range(3))
    day = np.concatenate([np.full(each, row[3]) for row in rows])
    return _of(
        source=source,
        claim=claim,
        position=position,
        hedged=np.zeros(len(source), np.bool_),
        day=day,
        group=np.zeros(len(rows), np.int32),
        truth=np.full(claims, UNKNOWN, np.int8),
    ), truth


def _permuted(votes: Votes, order: npt.NDArray[np.int64]) -> Votes:
    columns = ("source", "claim", "position", "hedged", "day")
    return replace(votes, **{name: getattr(votes, name)[order] for name in columns})


@pytest.fixture(scope="module")
def spread() -> tuple[npt.NDArray[np.float64], Votes, npt.NDArray[np.bool_], Estimates]:
    """Forty sources from bad to good, and what is estimated of them."""
    reliability = np.linspace(0.3, 0.98, 40)
    votes, truth = _votes(reliability)
    return reliability, votes, truth, estimate(votes, seed=1)


def test_good_sources_are_told_from_bad_ones_with_honest_intervals(
    spread: tuple[npt.NDArray[np.float64], Votes, npt.NDArray[np.bool_], Estimates],
) -> None:
    reliability, _, truth, found = spread
    assert np.corrcoef(found.reliability, reliability)[0, 1] > 0.9
    within = (found.low <= reliability) & (reliability <= found.high)
    assert 0.8 <= within.mean() <= 0.99
    assert np.mean(found.high - found.low) < 0.3
    assert np.mean((found.p_true > 0.5) == truth) > 0.95
    assert np.all((found.low < found.reliability) & (found.reliability < found.high))


def test_the_order_of_the_rows_changes_nothing_and_the_seed_fixes_all(
    spread: tuple[npt.NDArray[np.float64], Votes, npt.NDArray[np.bool_], Estimates],
) -> None:
    _, votes, _, _ = spread
    order = np.random.default_rng(3).permutation(len(votes.source))
    one, other = (
        _quick(votes, seed=5),
        _quick(_permuted(votes, order), seed=5),
    )
    for name in ("reliability", "low", "high", "checked", "copied", "copies", "p_true"):
        assert np.array_equal(getattr(one, name), getattr(other, name)), name
    assert not np.array_equal(one.reliability, _quick(votes, seed=6).reliability)


def test_how_a_claim_is_worded_does_not_matter(
    spread: tuple[npt.NDArray[np.float64], Votes, npt.NDArray[np.bool_], Estimates],
) -> None:
    _, votes, _, found = spread
    turned = replace(votes, position=-votes.position)
    mirrored = _quick(turned, seed=1)
    assert mirrored.reliability == pytest.approx(found.reliability, abs=0.06)
    assert mirrored.p_true == pytest.approx(1 - found.p_true, abs=0.2)


def test_a_source_of_whose_claims_nobody_else_speaks_stays_at_the_prior() -> None:
    votes, _ = _votes(np.full(20, 0.9))
    lone = _of(
        source=np.append(votes.source, np.full(50, 20)),
        claim=np.append(votes.claim, np.arange(60, 110)),
        position=np.append(votes.position, np.full(50, 1)),
        hedged=np.append(votes.hedged, np.arange(50) == 0),
        day=np.append(votes.day, np.full(50, UNDATED)),
        group=np.zeros(22, np.int32),
        truth=np.full(111, UNKNOWN, np.int8),
    )
    found = _quick(lone)
    assert found.checked[20] == 0
    assert found.reliability[20] == found.prior[20] == found.reliability[21]
    assert found.high[20] - found.low[20] > np.max((found.high - found.low)[:20])
    assert found.p_true[61] == pytest.approx(found.reliability[20])
    assert 0.5 < found.p_true[60] < found.p_true[61]
    assert found.p_true[110] == 0.5
    assert np.all(found.checked[:20] > 20)


def test_without_votes_there_are_priors_alone() -> None:
    none = np.zeros(0, np.int64)
    empty = dict.fromkeys(("source", "claim", "position", "hedged", "day"), none)
    found = _quick(_of(**empty, group=[0, 6], truth=[UNKNOWN, 1]))
    assert 0.6 < found.reliability[0] < 0.9
    assert found.high[0] - found.low[0] > 0.5
    assert found.p_true.tolist() == [0.5, 1.0]


def test_copiers_of_a_bad_source_do_not_raise_it() -> None:
    honest = np.append(np.full(12, 0.8), 0.15)
    before = _quick(_votes(honest)[0])
    votes, truth = _votes(honest, copiers=20)
    found = estimate(votes)
    assert found.reliability[12] - before.reliability[12] < 0.08
    assert np.sum(found.copies[13:] >= 12) >= 18
    assert np.mean(found.copied[13:]) > 0.8
    assert np.all(found.copies[:12] == NOBODY)
    assert np.mean((found.p_true > 0.5) == truth) > 0.85
    fooled = estimate(votes, copying=False, burn_in=40, draws=80)
    assert fooled.reliability[12] > 0.8
    assert np.all(found.reliability[13:] < 0.5), "the record of a copier is its own"


def test_an_outcome_moves_sources_and_is_certain() -> None:
    votes, truth = _votes([0.9] * 6, claims=40, each=20)
    known = replace(votes, truth=truth.astype(np.int8))
    wrong = replace(votes, truth=(~truth).astype(np.int8))
    right, turned = _quick(known), _quick(wrong)
    assert np.array_equal(right.p_true, truth)
    assert np.all(right.reliability > turned.reliability + 0.1)
    assert right.checked == pytest.approx(np.full(6, 20.0))
    one = replace(votes, truth=np.where(np.arange(40) == votes.claim[0], truth, UNKNOWN))
    assert _quick(one).p_true[votes.claim[0]] == truth[votes.claim[0]]


def test_hedges_weigh_less_where_they_are_guesses() -> None:
    votes, truth = _votes(np.full(30, 0.9))
    chance = np.random.default_rng(2)
    hedged = chance.random(len(votes.source)) < 0.4
    guess = np.where(chance.random(len(votes.source)) < 0.5, 1, -1)
    guessed = replace(votes, hedged=hedged, position=np.where(hedged, guess, votes.position))
    found = estimate(guessed)
    assert found.firm < 0.3
    assert _quick(replace(votes, hedged=hedged)).firm > 0.8
    assert np.mean((found.p_true > 0.5) == truth) > 0.9


def test_classes_have_priors_of_their_own() -> None:
    votes, _ = _votes([0.95] * 20 + [0.6] * 20)
    found = _quick(replace(votes, group=np.repeat([0, 1], 20)))
    assert found.prior[0] > found.prior[20] + 0.15


def test_votes_that_make_no_sense_are_refused() -> None:
    votes, _ = _votes([0.9, 0.8])
    twice = np.append(np.arange(len(votes.source)), 0)
    with pytest.raises(UsageError, match="one vote a source and claim"):
        _permuted(votes, twice)
    with pytest.raises(UsageError, match="position 1 or -1"):
        replace(votes, position=votes.position * 0)
    with pytest.raises(UsageError, match="expected claim in 0 to 9, found 0 to 59"):
        replace(votes, truth=votes.truth[:10])
    with pytest.raises(UsageError, match="expected group in 0 to 99, found 100 to 100"):
        replace(votes, group=votes.group + 100)
    with pytest.raises(UsageError, match="of one length"):
        replace(votes, day=votes.day[1:])


def test_a_population_is_learnt_from_counts() -> None:
    chance = np.random.default_rng(0)
    theta = chance.beta(9, 3, 3000)
    right = chance.binomial(90, theta)
    drawn = [Population.draw(right, 90 - right, chance) for _ in range(20)]
    assert np.mean([one.mean for one in drawn]) == pytest.approx(0.75, abs=0.02)
    assert np.mean([one.right + one.wrong for one in drawn]) == pytest.approx(12, abs=3)


@pytest.mark.parametrize(("right", "wrong"), [(1.0, 1.0), (30.0, 10.0), (500.0, 20.0), (0.9, 0.4)])
def test_the_interval_of_a_beta(right: float, wrong: float) -> None:
    mean, size = right / (right + wrong), right + wrong
    low, high = interval(np.array([mean]), np.array([mean * (1 - mean) / (size + 1)]))
    drawn = np.quantile(np.random.default_rng(0).beta(right, wrong, 200_000), [0.05, 0.95])
    assert [low[0], high[0]] == pytest.approx(drawn.tolist(), abs=0.012)


def test_a_track_record_is_scored_by_what_stances_commit_to() -> None:
    hedge, speculation = STANCES.index("hedge"), STANCES.index("speculation")
    found = track_records(
        source=[0, 0, 0, 0, 1, 1],
        side=[1, -1, 1, 1, 0, 1],
        stance=[0, STANCES.index("denial"), hedge, 0, speculation, 0],
        truth=[1, 1, 0, UNKNOWN, 1, UNKNOWN],
        sources=3,
    )
    assert found.known.tolist() == [3, 0, 0]
    assert found.right.tolist() == [1, 0, 0]
    assert found.scored.tolist() == [3, 1, 0]
    assert found.brier[:2] == pytest.approx([(0.07**2 + 0.93**2 + 0.75**2) / 3, 0.25])
    expected = -(math.log(0.93) + math.log(0.07) + math.log(0.25)) / 3
    assert found.log_loss[:2] == pytest.approx([expected, math.log(2)])
    assert math.isnan(found.brier[2])
    assert math.isnan(found.log_loss[2])
    with pytest.raises(UsageError, match="expected side in -1 to 1, found 2 to 2"):
        track_records(source=[0], side=[2], stance=[0], truth=[1], sources=1)


def _read(path: Path, text: str) -> tuple[list[Outcome], list[Reject]]:
    path.write_text(text, encoding="utf-8")
    rejects: list[Reject] = []
    return read_outcomes(str(path), rejects.append), rejects


def test_outcomes_of_both_kinds_are_read_and_bad_rows_are_named(tmp_path: Path) -> None:
    found, rejects = _read(
        tmp_path / "outcomes.csv",
        "statement_id,claim_id,outcome,date\n"
        "a#1,,TRUE,2024-05-01\n"
        ",c7,false,\n"
        "a#2,,maybe,\n"
        "a#3,c1,true,\n"
        ",,true,\n"
        "a#4,,false,yesterday\n",
    )
    assert [(one.id, one.of_claim, one.outcome, one.date) for one in found] == [
        ("a#1", False, True, "2024-05-01"),
        ("c7", True, False, None),
    ]
    assert [(one.line, one.reason.split(", found")[0]) for one in rejects] == [
        (4, "expected outcome true or false"),
        (5, "expected either statement_id or claim_id"),
        (6, "expected either statement_id or claim_id"),
        (7, "expected an ISO 8601 date"),
    ]
    lines = [{"claim_id": "c1", "outcome": True}, {"statement_id": 4, "outcome": "false"}]
    found, rejects = _read(
        tmp_path / "outcomes.jsonl", "\n".join(map(json.dumps, lines)) + "\n{oops\n"
    )
    assert [one.outcome for one in found] == [True]
    assert [one.line for one in rejects] == [2, 3]


def test_a_file_that_holds_no_outcomes_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="found no"):
        read_outcomes(str(tmp_path / "none.csv"), lambda _: None)
    with pytest.raises(UsageError, match=r"as \.csv"):
        read_outcomes(str(tmp_path / "outcomes.txt"), lambda _: None)
    with pytest.raises(InputError, match=r"x\.csv:1: expected columns outcome"):
        _read(tmp_path / "x.csv", "id,outcome\n1,true\n")


def test_outcomes_settle_claims_as_their_statements_put_them() -> None:
    def outcome(line: int, id_: str, value: bool, *, of_claim: bool = False) -> Outcome:
        return Outcome("f.csv", line, id_, of_claim, value)

    rejects: list[Reject] = []
    truth = settle(
        [
            outcome(2, "a#0", True),
            outcome(3, "a#1", True),
            outcome(4, "k2", False, of_claim=True),
            outcome(5, "a#3", True),
            outcome(6, "k3", False, of_claim=True),
            outcome(7, "nobody", True),
            outcome(8, "a#4", True),
            outcome(9, "a#0", True),
        ],
        rejects.append,
        statement_ids=pa.array(["a#0", "a#1", "a#2", "a#3", "a#4"]),
        claim=np.array([0, 1, 2, 3, -1]),
        side=np.array([1, -1, 1, 0, 1]),
        claim_ids=pa.chunked_array([["k0", "k1"], ["k2", "k3", "k4"]]),
    )
    assert truth.tolist() == [1, 0, 0, UNKNOWN, UNKNOWN]
    assert [(one.line, "unknown" in one.reason) for one in rejects] == [
        (7, True),
        (8, True),
        (5, False),
        (6, False),
    ]
    assert "true and false in lines 5, 6" in rejects[-1].reason

"""Worlds with known truth, and truth discovery beside other methods in them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from eval.__main__ import main
from eval.simulate import Simulated, simulate
from eval.simulatecommand import to_page
from eval.simulaterivals import dawid_skene, majority, truth_finder
from eval.simulateworld import Setting, make_world
from sayso.reliability.estimate import estimate


@pytest.fixture(scope="module")
def clique() -> Simulated:
    """A world of 24 sources in which a clique of 12 repeats a liar."""
    return simulate([Setting("clique", 24, copiers=12, originals="liar")], seeds=1)[0]


def test_a_world_is_what_its_setting_says() -> None:
    setting = Setting("x", 60, copiers=30, originals="bad", outcomes=0.1, base=0.8)
    world, same = make_world(setting, 3), make_world(setting, 3)
    assert np.array_equal(world.votes.position, same.votes.position)
    assert len(world.reliability) == 90
    assert np.all(world.reliability[np.unique(world.copies[60:])] <= 0.55)
    assert 0.7 < world.truth.mean() < 0.9
    assert 0.05 < np.mean(world.votes.truth >= 0) < 0.15
    assert np.array_equal(world.right, (world.votes.position > 0) == world.truth[world.votes.claim])
    each = np.bincount(world.votes.source)
    assert each[:60].min() >= 10
    firm = ~world.votes.hedged
    firmly = world.votes.source[firm]
    share = np.bincount(firmly, world.right[firm]) / np.bincount(firmly)
    assert abs(np.mean(share - world.reliability)) < 0.03


def test_without_copiers_the_others_say_what_they_said() -> None:
    world = make_world(Setting("x", 30, copiers=10), 5)
    fewer = world.without_copiers()
    assert len(fewer.reliability) == 30
    kept = world.votes.source < 30
    assert np.array_equal(fewer.votes.source, world.votes.source[kept])
    assert np.array_equal(fewer.votes.position, world.votes.position[kept])
    assert np.array_equal(fewer.right, world.right[kept])


def test_the_rivals_find_the_truth_where_it_is_easy() -> None:
    votes = make_world(Setting("x", 40, skew=0.3), 1)
    for found in (
        majority(votes.votes),
        dawid_skene(votes.votes, one_coin=True),
        dawid_skene(votes.votes, one_coin=False),
        truth_finder(votes.votes),
    ):
        assert found.p_true is not None
        assert np.corrcoef(found.reliability, votes.reliability)[0, 1] > 0.75
        assert np.mean((found.p_true > 0.5) == votes.truth) > 0.75


def test_a_clique_fools_the_majority_and_not_the_model(clique: Simulated) -> None:
    assert clique.mean("sayso", "targets") > clique.mean("majority", "targets") + 0.3
    assert abs(clique.mean("sayso", "raised")) < 0.1
    assert clique.mean("majority", "raised") > 0.3
    assert clique.mean("one-coin", "raised") > 0.3
    assert clique.mean("sayso", "rank") > 0.8
    assert np.mean(clique.found) > 0.8


def test_the_page_has_a_row_a_world(clique: Simulated) -> None:
    page = to_page([clique])
    assert page.count("\n| clique |") == 6
    assert "| nan" not in page


def test_intervals_hold_the_truth_nine_times_in_ten() -> None:
    held, ranks = [], []
    for seed in (40, 41):
        world = make_world(Setting("x", 60), seed)
        found = estimate(world.votes)
        held.append(np.mean((found.low <= world.reliability) & (world.reliability <= found.high)))
        rated = (found.reliability, majority(world.votes).reliability)
        ranks.append([_rank(one, world.reliability) for one in rated])
    assert 0.83 <= np.mean(held) <= 0.97
    ours, theirs = np.mean(ranks, axis=0)
    assert ours > max(theirs, 0.85)


def _rank(one: npt.NDArray[np.float64], other: npt.NDArray[np.float64]) -> float:
    return float(np.corrcoef(one.argsort().argsort(), other.argsort().argsort())[0, 1])


def test_the_command_refuses_what_makes_no_sense(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["simulate", "--seeds", "0"]) == 2
    assert main(["simulate", "--most", "10"]) == 2
    (tmp_path / "file").write_text("", encoding="utf-8")
    assert main(["simulate", "--seeds", "1", "-o", str(tmp_path / "file" / "x.md")]) == 2
    assert "expected a file to write to" in capsys.readouterr().err

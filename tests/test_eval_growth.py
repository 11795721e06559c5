"""Growth: inputs of every form are read whole, and the peak is that of the process measured."""

import sys
from pathlib import Path

import pytest

from eval.growth import FORMS, Growth, Point, growth, short_articles, write_articles
from eval.profilegrowth import profile_growth
from eval.timed import BenchError
from eval.watched import run_watched
from sayso.errors import UsageError
from sayso.read import read_articles
from sayso.rejects import Reject


@pytest.mark.parametrize("form", FORMS)
def test_each_form_holds_the_articles(form: str, tmp_path: Path) -> None:
    rejects: list[Reject] = []
    path = write_articles(1_001, form, tmp_path)
    read = list(read_articles([str(path)], on_reject=rejects.append))
    assert [one.text for one in read] == [one["text"] for one in short_articles(1_001)]
    assert rejects == []


def test_no_two_articles_are_the_same() -> None:
    assert len({one["text"] for one in short_articles(5_000)}) == 5_000


def test_reading_grows_in_articles_alone() -> None:
    found = growth([10, 300], scored=False)
    assert [point.articles for point in found.points] == [10, 300]
    assert all(point.seconds > 0 and 10 < point.peak_mb < 500 for point in found.points)
    assert found.to_dict()["points"][1]["articles"] == 300


def test_scoring_is_measured_with_its_workers() -> None:
    (point,) = growth([3], workers=1).points
    assert point.articles == 3
    assert point.peak_mb > 100


def test_profiling_is_measured_over_made_statements() -> None:
    found = profile_growth([200])
    (point,) = found.points
    assert point.statements == 200
    assert 60 < point.peak_mb < 2_000
    assert "200 statements" in found.to_text()
    assert found.to_dict()["points"][0]["seconds"] == point.seconds


def test_the_peak_is_of_the_whole_family(tmp_path: Path) -> None:
    if not sys.platform.startswith("linux"):
        pytest.skip("only Linux tells of a process's children")
    alone = "b = b'x' * 50_000_000; import time; time.sleep(0.5)"
    both = f"import subprocess, sys; c = subprocess.Popen([sys.executable, '-c', {alone!r}])"
    both += f"; {alone}; c.wait()"
    one, _ = run_watched([alone], tmp_path)
    two, _ = run_watched([both], tmp_path)
    assert 48_000 < one < 90_000
    assert two > 2 * 48_000


def test_a_command_that_fails_is_told(tmp_path: Path) -> None:
    with pytest.raises(BenchError, match="found 3: no luck"):
        run_watched(["import sys; print('no luck'); sys.exit(3)"], tmp_path)


@pytest.mark.parametrize(("sizes", "form"), [([], "jsonl"), ([0, 5], "jsonl"), ([5], "docx")])
def test_wrong_use(sizes: list[int], form: str) -> None:
    with pytest.raises(UsageError, match="expected"):
        growth(sizes, form=form)


def test_profiling_wants_statements() -> None:
    with pytest.raises(UsageError, match="expected numbers of statements"):
        profile_growth([0])


def test_the_ratio_is_of_the_extremes() -> None:
    points = tuple(Point(n, 1.0, peak) for n, peak in ((1, 100.0), (2, 90.0), (3, 99.0)))
    found = Growth("jsonl", True, points)
    assert found.memory_ratio == pytest.approx(100 / 90)
    assert "1.111" in found.to_text()

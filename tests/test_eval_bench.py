"""The benchmark, on few articles."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from eval.__main__ import main
from eval.achieved import Achieved, _covered
from eval.bench import WORDS, Bench, articles_of, bench
from eval.machine import describe_machine
from eval.peaks import Peaks, Product
from eval.rival import Rival, Setting
from eval.timed import BenchError, Figures, TimedRun, measure_score, score_options, time_score

RUN = TimedRun(
    first_row_seconds=1.0, seconds=1.1, cpu_seconds=1.0, peak_kb=1, together_kb=0, rows=1
)


def _figures(rate: float) -> Figures:
    return Figures(("--threads", "2"), rate, 2000.4, 900.0, 0.912, 320.4, 400.0, 1234)


def _bench() -> Bench:
    products = (
        Product("MatMulInteger", 8, 8, 8, True, 200.0),
        Product("MatMul", 8, 8, 8, True, 100.0),
    )
    return Bench(
        model="m",
        articles=200,
        threads=2,
        one=_figures(3.456),
        default=_figures(4.0),
        peaks=Peaks(2, products),
        achieved=Achieved(4, 2.0, 1.0, 1.2, 80e9, 20e9, 8, 2),
        rival=Rival(4, 2, 1, (Setting(1, 0.5), Setting(8, 1.0)), 2.0, 1.0),
        growth=None,
        machine=describe_machine(),
        notes=("a note",),
    )


def test_articles_have_their_words_and_differ() -> None:
    articles = articles_of(3)
    assert [len(a["text"].split()) for a in articles] == [WORDS] * 3
    assert len({a["text"] for a in articles}) == len({a["id"] for a in articles}) == 3


def test_the_command_is_timed() -> None:
    run = time_score(articles_of(2), score_options(threads=2, workers=1))
    assert run.rows > 30
    assert 0.05 < run.first_row_seconds <= run.seconds < 200
    assert run.cpu_seconds > 0.2
    assert 50 < run.peak_kb / 1024 < 4000
    assert run.together_kb == 0 or 30 < run.together_kb / 1024 < 8000


def test_options_that_the_command_lacks_are_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    import typer

    app = typer.Typer()

    @app.command()
    def score(threads: int = 1) -> None:
        pass

    @app.command()
    def show() -> None:
        pass

    monkeypatch.setattr("sayso.cli.app", app)
    assert score_options(model=Path("m"), threads=3, workers=1) == ["--threads", "3"]


def test_too_few_articles_give_no_speed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("eval.timed.time_score", lambda rows, options: RUN)
    with pytest.raises(BenchError, match=r"found 1\.10 s and 1\.10 s: too few"):
        measure_score(articles_of(2), [], tokens=1, words=WORDS)


def test_speed_is_what_the_articles_after_the_first_took(monkeypatch: pytest.MonkeyPatch) -> None:
    def timed(rows: Sequence[dict[str, str]], options: Sequence[str]) -> TimedRun:
        return TimedRun(
            first_row_seconds=0.9,
            seconds=1.0 + 0.5 * (len(rows) - 1),
            cpu_seconds=2.0 * len(rows),
            peak_kb=2048,
            together_kb=4096,
            rows=7 * len(rows),
        )

    monkeypatch.setattr("eval.timed.time_score", timed)
    found = bench(articles=5, peaks=False, threads=2)
    assert found.one.articles_per_second == pytest.approx(2.0)
    assert found.one.words_per_cpu_second == pytest.approx(WORDS / 2)
    assert 300 < found.one.tokens_per_second / found.one.articles_per_second < 1500
    assert (found.one.startup_seconds, found.one.statements) == (0.9, 35)
    assert (found.one.peak_memory_mb, found.one.together_memory_mb) == (2.0, 4.0)
    assert found.threads == 2
    assert (found.peaks, found.achieved, found.rival) == (None, None, None)
    assert found.ratios() == {}


def test_a_failing_command_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("eval.timed._WATCH", "import sys; sys.exit('no such thing')")
    with pytest.raises(BenchError, match="found 1: no such thing"):
        time_score(articles_of(1), [])


def test_ratios_are_to_the_best_rival_and_to_the_peaks() -> None:
    ratios = _bench().ratios()
    assert ratios["one_over_rival"] == pytest.approx(3.456)
    assert ratios["default_over_rival"] == pytest.approx(4.0)
    assert ratios["inference_over_int8_peak"] == pytest.approx(0.5)
    assert ratios["pipeline_over_int8_peak"] == pytest.approx(0.25)
    assert ratios["inference_over_mixed_peak"] == pytest.approx(80 / 200 + 20 / 100)


def test_both_forms_tell_the_same() -> None:
    found = _bench()
    raw = json.loads(found.to_json())
    assert raw["one"]["articles_per_second"] == 3.456
    assert raw["ratios"] == found.ratios()
    assert raw["peaks"]["int8"] == 200.0
    assert raw["rival"]["articles_per_second"] == 1.0
    lines = found.to_text().splitlines()
    assert "articles/s   3.46" in lines
    assert "start-up     0.91 s to the first row" in lines
    assert any(line.startswith("transformers 1.00 articles/s; ours 3.5 times") for line in lines)
    assert "note         a note" in lines


def test_growth_is_measured_at_the_sizes_given(monkeypatch: pytest.MonkeyPatch) -> None:
    import sys
    import types

    class Growth:
        def to_dict(self) -> dict[str, int]:
            return {"points": 2}

    asked: list[object] = []
    module = types.ModuleType("eval.growth")

    def growth(sizes: Sequence[int], *, model: object, workers: object) -> Growth:
        asked.append((tuple(sizes), model, workers))
        return Growth()

    module.growth = growth  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "eval.growth", module)
    monkeypatch.setattr("eval.bench.measure_score", lambda *_, **__: _figures(1.0))
    assert bench(articles=2, peaks=False, growth=(10, 20)).growth == {"points": 2}
    assert asked == [((10, 20), None, None)]


def test_a_busy_machine_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    machine = describe_machine()
    assert replace(machine, load=(0.0, 0.0, 0.0)).warning() is None
    busy = replace(machine, processors=2, load=(1.5, 0.0, 0.0))
    assert "expected a load of at most 0.5, found 1.50" in str(busy.warning())
    monkeypatch.setattr("eval.bench.describe_machine", lambda: busy)
    monkeypatch.setattr("eval.bench.measure_score", lambda *_, **__: _figures(1.0))
    assert "busy" in bench(articles=2, peaks=False).notes[0]


def test_what_is_not_installed_is_noted(monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    monkeypatch.setattr("eval.bench.measure_score", lambda *_, **__: _figures(1.0))
    for name in ("eval.peaks", "eval.rival"):
        monkeypatch.setitem(sys.modules, name, None)
    found = bench(articles=2, rival=True)
    assert (found.peaks, found.achieved, found.rival) == (None, None, None)
    assert [note.partition(":")[0] for note in found.notes[-2:]] == ["peaks", "rival"]


def test_the_command_line_writes_all_of_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = {}

    def measured(**options: object) -> Bench:
        asked.update(options)
        return _bench()

    monkeypatch.setattr("eval.bench.bench", measured)
    out = tmp_path / "new" / "bench.json"
    options = ["--articles", "9", "--rival", "--no-peaks", "--growth", "10,20", "-o", str(out)]
    assert main(["bench", *options]) == 0
    assert json.loads(out.read_text())["model"] == "m"
    assert "articles/s" in capsys.readouterr().out
    assert (asked["articles"], asked["rival"], asked["peaks"]) == (9, True, False)
    assert asked["growth"] == (10, 20)


def test_time_that_runs_share_counts_once() -> None:
    assert _covered([(0.0, 1.0), (0.5, 2.0), (3.0, 4.0), (3.2, 3.4)]) == pytest.approx(3.0)
    assert _covered([]) == 0.0

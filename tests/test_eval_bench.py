"""The benchmark, on few articles."""

from __future__ import annotations

import json
from collections.abc import Sequence

import pytest

from eval.bench import WORDS, Bench, BenchError, _Run, articles_of, bench


def test_articles_have_their_words_and_differ() -> None:
    articles = articles_of(3)
    assert [len(a["text"].split()) for a in articles] == [WORDS] * 3
    assert len({a["text"] for a in articles}) == len({a["id"] for a in articles}) == 3


def test_bench_measures_the_command() -> None:
    found = bench(articles=6, threads=2)
    assert found.statements > 30
    assert 0.05 < found.startup_seconds < 120
    assert 0 < found.articles_per_second < 1000
    assert 300 < found.tokens_per_second / found.articles_per_second < 1500
    assert 50 < found.peak_memory_mb < 4000


def test_too_few_articles_give_no_speed(monkeypatch: pytest.MonkeyPatch) -> None:
    same = _Run(first_row_seconds=1.0, seconds=1.1, cpu_seconds=1.0, peak_kb=1, statements=1)
    monkeypatch.setattr("eval.bench._run", lambda rows, options: same)
    with pytest.raises(BenchError, match=r"found 1\.10 s and 1\.10 s: too few"):
        bench(articles=2)


def test_speed_is_what_the_articles_after_the_first_took(monkeypatch: pytest.MonkeyPatch) -> None:
    def timed(rows: Sequence[dict[str, str]], options: Sequence[str]) -> _Run:
        return _Run(0.9, 1.0 + 0.5 * (len(rows) - 1), 2.0 * len(rows), 2048, 7 * len(rows))

    monkeypatch.setattr("eval.bench._run", timed)
    found = bench(articles=5)
    assert found.articles_per_second == pytest.approx(2.0)
    assert found.words_per_cpu_second == pytest.approx(WORDS / 2)
    assert (found.startup_seconds, found.peak_memory_mb, found.statements) == (0.9, 2.0, 35)


def test_a_failing_command_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("eval.bench._WATCH", "import sys; sys.exit('no such thing')")
    with pytest.raises(BenchError, match="found 1: no such thing"):
        bench(articles=2)


def test_both_forms_tell_the_same() -> None:
    found = Bench("m", 200, 3.456, 2000.4, 900.0, 0.912, 320.4, 1234, "x86_64, 2 processors")
    assert json.loads(found.to_json())["articles_per_second"] == 3.456
    lines = found.to_text().splitlines()
    assert "articles/s   3.46" in lines
    assert "start-up     0.91 s to the first row" in lines
    assert "peak memory  320 MiB" in lines

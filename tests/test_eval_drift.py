"""Drift: what is counted, when it is sure, when it is due, and how often it is by chance alone."""

from __future__ import annotations

import json
import random
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from eval import articlecounts
from eval.__main__ import main
from eval.articlecounts import COUNTS, count_statements, place_of
from eval.drift import Drift, compare_profiles
from eval.driftfindings import DUE, MOVED
from eval.driftmeasures import MEASURES
from eval.driftprofile import MONTH, OUTLET, Group, month_of, profile_corpus, read_profile
from eval.driftreport import verdict
from eval.vocabulary import VocabularyCounter, words_of
from sayso.errors import InputError
from tests.scored import OTHER_MIX, scored_articles, write_scored


def _compare(
    folder: Path,
    reference: Sequence[Mapping[str, Any]],
    corpus: Sequence[Mapping[str, Any]],
    *,
    texts: bool = False,
) -> Drift:
    one = write_scored(folder / "reference.parquet", reference)
    other = write_scored(folder / "corpus.parquet", corpus)
    places = [str(p.with_suffix(".articles.jsonl")) if texts else "" for p in (one, other)]
    before = profile_corpus(str(one), [p for p in places[:1] if p], on_reject=_fail)
    after = profile_corpus(
        str(other), [p for p in places[1:] if p], reference=before.vocabulary, on_reject=_fail
    )
    return compare_profiles(before, after)


def _fail(reject: object) -> None:
    raise AssertionError(reject)


def _levels(drift: Drift, level: str) -> set[str]:
    return {one.measure.name for one in drift.findings if one.level == level}


def test_an_article_is_whole_wherever_batches_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write_scored(tmp_path / "a.parquet", scored_articles(30, seed=1))
    lines = write_scored(tmp_path / "a.jsonl", scored_articles(30, seed=1))
    shards = tmp_path / "shards"
    shards.mkdir()
    table = pq.read_table(path)
    pq.write_table(table[:101], shards / "part-0.parquet")
    pq.write_table(table[101:], shards / "part-1.parquet")
    whole = np.concatenate([one.counts for one in count_statements(str(path))])
    assert whole[:, place_of("statements")].sum() == len(table)
    assert set(whole[:, place_of("articles")]) == {1}
    for size in (5, 50, 1000):
        monkeypatch.setattr(articlecounts, "_ROWS", size)
        for name in (path, lines, shards):
            parts = [one.counts for one in count_statements(str(name))]
            assert np.allclose(np.concatenate(parts), whole, atol=1e-5), (name, size)


def test_silent_articles_and_words_are_counted_with_the_texts(tmp_path: Path) -> None:
    articles = scored_articles(50, seed=2, rate=0.7)
    silent = sum(not article["rows"] for article in articles)
    path = write_scored(tmp_path / "a.parquet", articles)
    texts = path.with_suffix(".articles.jsonl")
    sums = profile_corpus(str(path), [str(texts)], on_reject=_fail).whole.sums
    assert 50 - sums[place_of("speaking")] == silent > 5
    assert sums[place_of("words")] == 50 * 80
    assert sums[place_of("statements")] == sum(len(article["rows"]) for article in articles)
    lines = texts.read_text().splitlines(keepends=True)
    texts.write_text("".join(reversed(lines)))
    with pytest.raises(InputError, match="in the same order"):
        profile_corpus(str(path), [str(texts)], on_reject=_fail)


def test_halves_of_a_corpus_are_not_due(tmp_path: Path) -> None:
    months = ("2031-03", "2031-04")
    articles = [
        one
        for n, outlet in enumerate(("Courier", "Herald", "Wire"))
        for month in months
        for one in scored_articles(70, seed=n, outlet=outlet, month=month)
    ]
    due, moved = 0, 0
    for seed in range(8):
        random.Random(seed).shuffle(articles)
        drift = _compare(tmp_path, articles[:210], articles[210:], texts=seed < 1)
        due += drift.due
        moved += bool(drift.moved)
        assert len(drift.findings) > 40
    assert due == 0
    assert moved <= 1


def test_another_stance_mix_is_due(tmp_path: Path) -> None:
    drift = _compare(
        tmp_path, scored_articles(120, seed=1), scored_articles(120, seed=2, mix=OTHER_MIX)
    )
    assert drift.due
    assert "stance_mix" in {one.measure.name for one in drift.reasons}
    assert "confidence" not in _levels(drift, DUE) | _levels(drift, MOVED)
    assert verdict(drift).startswith("retraining is due: stance mix from assertion")
    small = _compare(
        tmp_path,
        scored_articles(120, seed=1),
        scored_articles(120, seed=2, mix=(0.7, 0.1, 0.1, 0.1)),
    )
    assert not small.due


def test_less_confidence_is_due(tmp_path: Path) -> None:
    drift = _compare(tmp_path, scored_articles(100, seed=1), scored_articles(100, seed=2, sure=0.8))
    found = drift.at("confidence")
    assert drift.due
    assert found is not None
    assert found.level == DUE
    assert found.shift.effect == pytest.approx(-0.13, abs=0.01)


def test_fewer_statements_in_as_many_words_are_due(tmp_path: Path) -> None:
    drift = _compare(
        tmp_path, scored_articles(100, seed=1), scored_articles(100, seed=2, rate=3.5), texts=True
    )
    assert {"per_1000_words"} <= _levels(drift, DUE)
    assert drift.due


def test_other_words_are_due_where_most_are_unknown(tmp_path: Path) -> None:
    drift = _compare(
        tmp_path, scored_articles(80, seed=1), scored_articles(80, seed=2, strange=0.5), texts=True
    )
    found = drift.at("unknown_words")
    assert found is not None
    assert found.level == DUE
    assert drift.words is not None
    assert all(word.startswith("odd") for word in drift.words.risen)
    assert drift.at("classifier") is not None
    same = _compare(tmp_path, scored_articles(80, seed=1), scored_articles(80, seed=3), texts=True)
    assert not same.due
    assert not same.moved


def test_outlets_are_due_together_and_new_ones_by_trust_alone(tmp_path: Path) -> None:
    reference = [*scored_articles(150, seed=1), *scored_articles(60, seed=1, outlet="Wire")]
    changed = scored_articles(60, seed=2, outlet="Wire", mix=OTHER_MIX)
    few = _compare(tmp_path, reference, [*scored_articles(300, seed=3), *changed])
    wire = few.at("stance_mix", Group(OUTLET, "Wire"))
    assert wire is not None
    assert wire.same
    assert wire.level == DUE
    assert not few.due
    assert _compare(tmp_path, reference, [*scored_articles(150, seed=3), *changed]).due
    new = scored_articles(60, seed=4, outlet="Post", mix=OTHER_MIX)
    drift = _compare(tmp_path, reference, [*scored_articles(150, seed=3), *new])
    post = drift.at("stance_mix", Group(OUTLET, "Post"))
    assert post is not None
    assert not post.same
    assert post.level == MOVED
    assert drift.new_outlets == pytest.approx(0.28, abs=0.05)
    assert not drift.due


def test_the_latest_month_decides(tmp_path: Path) -> None:
    reference = scored_articles(150, seed=1, month="2031-01")
    calm = scored_articles(200, seed=2, month="2031-02")
    odd = [
        scored_articles(40, seed=3, mix=OTHER_MIX, month=month) for month in ("2031-03", "2030-12")
    ]
    late = _compare(tmp_path, reference, [*calm, *odd[0]])
    early = _compare(tmp_path, reference, [*calm, *odd[1]])
    assert {one.group for one in late.reasons} == {Group(MONTH, "2031-03")}
    assert not early.due
    assert {one.group for one in early.moved} == {Group(MONTH, "2030-12")}


def test_months_of_dates() -> None:
    dates = {
        "2031-04-02T10:00:00Z": "2031-04",
        "20310402": "2031-04",
        "2031-04": "2031-04",
        "Wed, 02 Apr 2031 10:00:00 +0000": "2031-04",
        "2031-13-01": None,
        "yesterday": None,
        None: None,
    }
    assert {date: month_of(date) for date in dates} == dates


def test_a_profile_is_as_good_as_its_corpus(tmp_path: Path) -> None:
    path = write_scored(tmp_path / "a.parquet", scored_articles(60, seed=1))
    other = write_scored(tmp_path / "b.parquet", scored_articles(60, seed=2, mix=OTHER_MIX))
    texts = [str(p.with_suffix(".articles.jsonl")) for p in (path, other)]
    profile = profile_corpus(str(path), texts[:1], on_reject=_fail)
    saved = tmp_path / "profile.json"
    saved.write_text(profile.to_json())
    back = read_profile(saved)
    assert back is not None
    assert back.vocabulary is not None
    corpus = profile_corpus(str(other), texts[1:], reference=back.vocabulary, on_reject=_fail)
    found, expected = (compare_profiles(one, corpus).to_dict() for one in (back, profile))
    assert found == expected
    assert read_profile(write_scored(tmp_path / "c.jsonl", scored_articles(3, seed=1))) is None
    saved.write_text(profile.to_json()[:-40])
    with pytest.raises(InputError, match="expected a profile"):
        read_profile(saved)


def test_rare_words_are_forgotten_and_the_sample_is_bounded(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("eval.vocabulary._HELD", 50)
    monkeypatch.setattr("eval.vocabulary.SAMPLE", 10)
    monkeypatch.setattr("eval.vocabulary.WORDS", 5)
    counter = VocabularyCounter({"always"})
    for number in range(100):
        own = f"only{chr(97 + number % 26)}{chr(97 + number // 26)}"
        taken = counter.add(f"a{number}", words_of(f"Always often, {own}! Always 12."))
    found = counter.vocabulary()
    assert (taken.words, taken.different, taken.unknown) == (4, 3, 2)
    assert found.words == {"always": 100, "often": 100}
    assert len(found.sample) == 10
    assert words_of("Don’t stop: 3 o'clock") == ["don't", "stop", "o'clock"]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"model": "m-2"}, "one model"),
        ({"stance": "doubt"}, "found stance doubt"),
        ({"p_denial": None}, "p_denial in every row"),
        ({"p_denial": "x"}, "expected scored statements"),
        ({"p_denial": float("nan")}, "p_denial from 0 to 1, found nan"),
        ({"p_statement": 97.0}, "p_statement from 0 to 1, found 97"),
    ],
)
def test_bad_statements_are_named(tmp_path: Path, change: dict[str, Any], message: str) -> None:
    articles = scored_articles(5, seed=1)
    articles[3]["rows"][0] |= change
    with pytest.raises(InputError, match=message):
        profile_corpus(str(write_scored(tmp_path / "a.jsonl", articles)), on_reject=_fail)


def test_rows_of_an_article_stand_together(tmp_path: Path) -> None:
    articles = scored_articles(30, seed=1)
    rows = [row for article in articles for row in article["rows"]]
    random.Random(0).shuffle(rows)
    path = tmp_path / "a.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    with pytest.raises(InputError, match="sort by article_id"):
        profile_corpus(str(path), on_reject=_fail)


def test_corpora_are_of_one_model_and_large_enough(tmp_path: Path) -> None:
    profile = profile_corpus(
        str(write_scored(tmp_path / "a.parquet", scored_articles(40, seed=1))), on_reject=_fail
    )
    with pytest.raises(InputError, match="score the reference again"):
        compare_profiles(profile, replace(profile, model="m-2"))
    with pytest.raises(InputError, match="41 articles with a statement"):
        compare_profiles(profile, profile, floor=41)


def test_the_command_says_by_its_exit(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    months = [scored_articles(40, seed=n, month=f"2031-0{n}") for n in (1, 2)]
    reference = write_scored(tmp_path / "a.parquet", [*months[0], *months[1]])
    same = write_scored(tmp_path / "b.jsonl", scored_articles(80, seed=5))
    other = write_scored(tmp_path / "c.parquet", scored_articles(80, seed=6, mix=OTHER_MIX))
    saved, out = tmp_path / "kept" / "profile.json", tmp_path / "out"
    assert main(["drift", str(reference), "--save-profile", str(saved)]) == 0
    assert main(["drift", str(same), "--reference", str(saved)]) == 0
    assert "not due" in capsys.readouterr().out
    call = ["drift", str(other), "--reference", str(saved), "-o", str(out)]
    assert main(call) == 1
    assert "retraining is due: stance mix" in capsys.readouterr().out
    names = {f"{name}.{end}" for name in ("mixes", "months", "outlets") for end in ("png", "svg")}
    assert {path.name for path in out.iterdir()} == {*names, "drift.json", "drift.md"}
    report = json.loads((out / "drift.json").read_text())
    assert report["due"]
    assert {row["measure"] for row in report["findings"]} > {
        measure.name for measure in MEASURES if not measure.texts
    }
    assert "**Retraining is due" in (out / "drift.md").read_text()


def test_wrong_use_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    corpus = str(write_scored(tmp_path / "a.parquet", scored_articles(40, seed=1)))
    empty = tmp_path / "empty.jsonl"
    empty.write_text("")
    table = tmp_path / "other.parquet"
    pq.write_table(pa.table({"article_id": ["a"]}), table)
    calls = {
        "--reference or --save-profile": [corpus],
        "found no": [corpus, "--reference", str(tmp_path / "none.parquet")],
        "found none": [str(empty), "--reference", corpus],
        "columns of scored statements": [str(table), "--reference", corpus],
        "floor of 2": [corpus, "--reference", corpus, "--floor", "1"],
    }
    for message, call in calls.items():
        assert main(["drift", *call]) == 2
        assert message in capsys.readouterr().err


def test_counts_are_of_different_names() -> None:
    assert len(set(COUNTS)) == len(COUNTS)
    assert all(set(measure.tops) <= set(COUNTS) for measure in MEASURES)

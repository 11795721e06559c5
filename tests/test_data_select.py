"""Selection: doubt, rarity and difference decide, single statements or whole articles."""

from __future__ import annotations

import json
from collections.abc import Sequence
from itertools import pairwise, product
from pathlib import Path

import numpy as np
import pytest

from data.__main__ import main
from data.digest import digest_text
from data.loaders import load_labels
from data.records import Convention
from data.select import fresh_articles, select_articles, select_statements
from data.strategy import diverse, rarity, worth
from data.uncertainty import Doubted, Doubter, entropy, tag_marginals
from sayso.decode import Attribution
from sayso.read import read_articles
from sayso.records import Article, Span
from sayso.scorer import Scorer
from sayso.tags import TAGS, allowed_transitions
from tests.corpus import make_articles, quick_bundle, write_jsonl

SURE = (0.96, 0.01, 0.01, 0.01, 0.01)
HALF = (0.5, 0.01, 0.01, 0.01, 0.47)
DENIAL = (0.5, 0.47, 0.01, 0.01, 0.01)


def _doubted(
    name: str,
    rows: Sequence[Sequence[float]],
    at: Sequence[Sequence[float]] | None = None,
    doubt: float = 0.1,
) -> Doubted:
    found = tuple(
        Attribution((Span(n, n + 1),), (Span(n + 1, n + 2),), (Span(n + 2, n + 3),))
        for n in range(len(rows))
    )
    vectors = np.array(at if at is not None else np.zeros((len(rows), 2)), np.float32)
    text = "He said so. " * 5
    return Doubted(
        article=Article(name, text),
        attributions=found,
        probabilities=np.array(rows, dtype=np.float64).reshape(-1, 5),
        vectors=vectors.reshape(-1, 2),
        tokens=20,
        doubt=doubt,
    )


def test_marginals_are_those_of_every_sequence() -> None:
    chance = np.random.default_rng(4)
    emissions = chance.normal(0, 2, (4, len(TAGS)))
    moves = np.where(allowed_transitions(), chance.normal(0, 1, (len(TAGS),) * 2), -1e4)
    total, sums = 0.0, np.zeros_like(emissions)
    for tags in product(range(len(TAGS)), repeat=4):
        if TAGS[tags[0]].startswith("I-"):
            continue
        score = emissions[np.arange(4), tags].sum()
        score += sum(moves[a, b] for a, b in pairwise(tags))
        power = np.exp(score)
        total += power
        sums[np.arange(4), tags] += power
    assert tag_marginals(emissions, moves) == pytest.approx(sums / total, abs=1e-9)


def test_marginals_of_long_texts_stay_finite() -> None:
    emissions = np.random.default_rng(0).normal(0, 30, (3000, len(TAGS)))
    moves = np.where(allowed_transitions(), 0.0, -1e4)
    found = tag_marginals(emissions, moves)
    assert np.isfinite(found).all()
    assert found.sum(axis=1) == pytest.approx(np.ones(3000))


def test_a_doubter_finds_what_a_scorer_finds(tmp_path: Path) -> None:
    bundle = quick_bundle(tmp_path / "bundle")
    path = write_jsonl(tmp_path / "a.jsonl", make_articles(6))
    articles = list(read_articles([str(path)], on_reject=print))
    doubted = list(Doubter(bundle).doubt(articles))
    scored = list(Scorer.load(bundle, threads=1, threshold=0.0).score_each(articles))
    for one, other in zip(doubted, scored, strict=True):
        assert [a.content for a in one.attributions] == [s.content_spans for s in other.statements]
        expected = [s.p_statement for s in other.statements]
        assert 1 - one.probabilities[:, -1] == pytest.approx(np.array(expected), abs=1e-6)
        assert 0 < one.doubt < np.log(len(TAGS))


def test_rare_labels_and_doubt_are_worth_more() -> None:
    rows = np.array([SURE, HALF, DENIAL])
    shares = np.array([0.7, 0.03, 0.05, 0.05, 0.17])
    assert rarity(rows, shares)[2] > 2 * rarity(rows, shares)[1]
    values = worth(rows, shares)
    assert values[2] > values[1] > values[0]
    assert entropy(np.array([[1.0, 0.0], [0.5, 0.5]])) == pytest.approx([0, np.log(2)])


def test_what_is_taken_is_of_worth_and_different() -> None:
    vectors = np.array([[0, 0]] * 20 + [[9, 9]] * 20 + [[0, 9]] * 60, dtype=float)
    vectors += np.random.default_rng(0).normal(0, 0.1, vectors.shape)
    values = np.array([2.0] * 20 + [1.5] * 20 + [0.1] * 60)
    assert len({n // 20 for n in diverse(values, vectors, 2, width=20)}) == 2
    assert max(diverse(values, vectors, 2, width=20)) < 40
    assert diverse(values, vectors, 2, width=1) == [0, 1]
    assert diverse(values, vectors, 7, width=4) == diverse(values, vectors, 7, width=4)
    assert len(set(diverse(values, vectors, 30, width=3))) == 30
    assert sorted(diverse(values, vectors, 500)) == list(range(100))
    assert len(set(diverse(values, np.zeros((100, 2)), 5))) == 5
    assert diverse(np.zeros(0), np.zeros((0, 2)), 3) == []


def test_statements_are_chosen_one_by_one() -> None:
    far = [[5.0, 5.0]]
    corpus = [
        *(_doubted(f"sure{n}", [SURE] * 3) for n in range(5)),
        _doubted("rare", [SURE, DENIAL], [[0.0, 0.0], *far]),
        _doubted("none", [HALF, SURE]),
        _doubted("empty", []),
    ]
    found = select_statements(corpus, 2)
    assert [one.article.id for one in found.chosen] == ["rare", "none"]
    assert found.chosen[0].statements == (corpus[5].attributions[1],)
    assert found.chosen[0].why == "assertion (0.50) or denial (0.47)"
    assert found.chosen[0].score > found.chosen[1].score > 1
    assert found.expected["denial"] == pytest.approx(0.48)
    assert (found.articles, found.statements) == (8, 19)


def test_articles_are_chosen_by_stance_and_by_tags() -> None:
    corpus = [
        *(_doubted(f"sure{n}", [SURE] * 3) for n in range(20)),
        _doubted("rare", [DENIAL, DENIAL, SURE]),
        _doubted("tags", [SURE] * 3, doubt=5.0),
        _doubted("empty", []),
    ]
    found = select_articles(corpus, 2)
    assert {one.article.id for one in found.chosen} == {"rare", "tags"}
    why = {one.article.id: one.why for one in found.chosen}
    assert why["rare"].startswith("stance unsure in 2 of 3 statements; expected 0.9 denial; tags")
    assert "tags 16" in why["tags"]
    assert all(one.statements is None for one in found.chosen)
    assert len(select_articles(corpus, 100).chosen) == len(corpus)
    assert len(select_articles([_doubted("empty", [])], 3).chosen) == 1


def test_known_texts_and_copies_are_left_out() -> None:
    texts = ("One, he said.", "ONE he said", "Two, she said.", "Three, they said.")
    articles = [Article(f"a{n}", text) for n, text in enumerate(texts)]
    fresh = fresh_articles(articles, [digest_text("Three they said")])
    assert [article.id for article in fresh] == ["a0", "a2"]


def test_the_command_writes_what_can_be_labelled(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bundle = quick_bundle(tmp_path / "bundle")
    rows = make_articles(30)
    corpus = write_jsonl(tmp_path / "a.jsonl", rows)
    known = {"id": "k", "text": rows[3]["text"], "attributions": []}
    labels = write_jsonl(tmp_path / "own.jsonl", [known])
    gone = {"id": rows[4]["id"], "date": "2031-04-02", "because": "asked"}
    write_jsonl(tmp_path / "withdrawn.jsonl", [gone])
    (tmp_path / "learnt").mkdir()
    for number, name in ((5, "run.jsonl"), (6, "run.held.jsonl")):
        row = {"id": f"l{number}", "text": rows[number]["text"], "attributions": []}
        write_jsonl(tmp_path / "learnt" / name, [row])
    out = tmp_path / "out.jsonl"
    call = ["select", str(corpus), "--data", str(tmp_path), "--labels", str(labels)]
    call += ["--model", str(bundle), "-o", str(out)]
    assert main([*call, "-n", "500"]) == 0
    chosen = [json.loads(line) for line in out.read_text().splitlines()]
    assert {row["id"] for row in chosen} == {f"a{n}" for n in (0, 1, 2, *range(7, 30))}
    assert all(row["why"] and row["text"] for row in chosen)
    assert "attributions" not in chosen[0]
    assert "26 of 26 articles" in capsys.readouterr().out
    assert main([*call, "-n", "6"]) == 0
    first = out.read_bytes()
    assert main([*call, "-n", "6"]) == 0
    assert out.read_bytes() == first
    assert len(first.splitlines()) == 6
    assert main([*call, "--statements", "9"]) == 0
    marked = load_labels(out)
    assert sum(len(article.statements) for article in marked) == 9
    assert {article.convention for article in marked} == {Convention.PARTIAL}
    assert {one.stance for article in marked for one in article.statements} == {None}
    tasks = tmp_path / "tasks.json"
    assert main(["export", str(out), "--to", "label-studio", "-o", str(tasks)]) == 0
    assert len(json.loads(tasks.read_text())) == len(marked)


def test_wrong_use_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    corpus = write_jsonl(tmp_path / "a.jsonl", make_articles(2))
    empty = write_jsonl(tmp_path / "empty.jsonl", [])
    bundle = str(quick_bundle(tmp_path / "bundle"))
    calls = {
        "-n to be 1 or more": [str(corpus), "-n", "0"],
        "not labelled yet": [str(empty), "--model", bundle],
        "found no": [str(tmp_path / "none.jsonl"), "--model", bundle],
        "expected a bundle": [str(corpus), "--model", str(tmp_path / "none")],
        "folder to write to": [str(corpus), "-o", str(tmp_path / "no" / "out.jsonl")],
    }
    for message, call in calls.items():
        assert main(["select", *call, "--data", str(tmp_path)]) == 2
        assert message in capsys.readouterr().err

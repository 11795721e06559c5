"""Suspected label errors: planted ones are found, and the queue goes back worst first."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from data.items import stance_items
from data.judge import heard_by, pooled, read_by
from data.loaders import load_labels
from data.planted import plant, relabelled, top_recall
from data.records import LABELS, Convention, LabelledArticle
from data.suspects import rank_suspects, save_queue
from sayso.scorer import Scorer


def test_planted_errors_are_in_the_top_of_the_queue(
    gold: Sequence[LabelledArticle], scorer: Scorer
) -> None:
    """5 % planted, at least half in the top 10 %, for 550 labels."""
    items = stance_items(gold)
    sure = heard_by(scorer, gold)
    for seed in range(3):
        turned, wrong = plant(items.labels, seed=seed)
        assert wrong.sum() == round(0.05 * len(items))
        assert ((turned != items.labels) == wrong).all()
        bad = relabelled(items, turned)
        assert top_recall(bad, wrong, probabilities=sure) >= 0.8
        assert top_recall(items, wrong, probabilities=sure) <= 0.4, "not planted, not found"


def test_errors_may_be_planted_where_they_are_likely() -> None:
    sure = np.array([[0.5, 0.1, 0.3, 0.05, 0.05]] * 20)
    labels = np.zeros(20, np.int64)
    turned, wrong = plant(labels, share=0.5, seed=1, likely=sure)
    assert wrong.sum() == 10
    assert set(turned[wrong].tolist()) == {2}
    assert np.array_equal(turned[~wrong], labels[~wrong])
    assert sure[0, 0] == 0.5, "what is given stays as it is"


def test_two_judges_are_pooled() -> None:
    one, other = np.array([[0.9, 0.1], [0.5, 0.5]]), np.array([[0.6, 0.4], [0.1, 0.9]])
    both = pooled([one, other])
    assert np.allclose(both.sum(axis=1), 1.0)
    assert both[0, 0] > 0.75
    assert both[1, 1] == pytest.approx(0.75, abs=0.01)
    assert np.allclose(pooled([one]), one, atol=2e-3)


def test_few_labels_train_no_judge(gold: Sequence[LabelledArticle]) -> None:
    items = stance_items(gold[:3])
    assert read_by(gold[3:6], items) is None
    words = read_by(gold[3:30], items)
    assert words is not None
    assert words.shape == (len(items), len(LABELS))


def test_the_queue_goes_back_worst_first(
    gold: Sequence[LabelledArticle], scorer: Scorer, tmp_path: Path
) -> None:
    articles = gold[:4]
    queue = rank_suspects(articles, [], scorer)
    assert queue is not None
    assert queue.judges == ("network",)
    path = tmp_path / "queue.jsonl"
    count = save_queue(queue, path, share=0.2)
    assert count == queue.worst(0.2) == -(-len(queue.suspects) // 5)
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    marks = [mark for one in rows for mark in one["attributions"]]
    assert {mark["statement"] for mark in marks} == {
        one.statement.id for one in queue.suspects[:count]
    }
    assert rows[0]["attributions"][0]["statement"] == queue.suspects[0].statement.id
    worst = [one["attributions"][0]["quality"] for one in rows]
    assert worst == sorted(worst)
    assert all(mark["suggested"] in LABELS for mark in marks)
    loaded = load_labels(path)
    assert {one.convention for one in loaded} == {Convention.PARTIAL}
    texts = {one.id: one.text for one in articles}
    assert all(one.text == texts[one.id] for one in loaded)
    assert rank_suspects([replace(articles[0], statements=())], [], scorer) is None

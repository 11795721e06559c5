"""Measuring and fitting the grouping of statements by claim, on invented labels."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from eval.claims import Labelled, measure_claims, read_labelled
from eval.claimsfit import best_link, event_groups
from sayso.errors import InputError

TEXTS = {
    "a1": "Carla Tamm said the bridge is safe. Critics said the bridge is not safe.",
    "a2": "The bridge is safe, Carla Tamm insisted. Ferries are full, she added.",
}


def labels(folder: Path, *, without: str = "") -> Path:
    articles = [
        {"id": name, "text": text, "published": "2019-05-0" + name[1]}
        for name, text in TEXTS.items()
        if name != without
    ]
    spans = [
        ("a1", [[0, 10]], [[16, 34]], "c1"),
        ("a1", [[36, 43]], [[49, 71]], "c1"),
        ("a2", [[20, 30]], [[0, 18]], "c1"),
        ("a2", [[58, 61]], [[41, 57]], "c2"),
    ]
    rows = [
        {
            "id": f"{doc}#{n}",
            "part": "tune",
            "event": "e1",
            "doc": doc,
            "source": source,
            "cue": [],
            "content": content,
            "claim": claim,
            "position": "for",
        }
        for n, (doc, source, content, claim) in enumerate(spans)
    ]
    for name, some in (("articles.jsonl", articles), ("claims.jsonl", rows)):
        text = "".join(json.dumps(row) + "\n" for row in some)
        (folder / name).write_text(text, encoding="utf-8")
    return folder / "claims.jsonl"


def read(folder: Path) -> Labelled:
    return read_labelled(folder, labels(folder), part="tune")


def test_labelled_statements_have_texts_days_and_sources(tmp_path: Path) -> None:
    labelled = read(tmp_path)
    assert labelled.texts[0] == "the bridge is safe"
    assert labelled.contents.article.tolist() == [0, 0, 1, 1]
    assert np.diff(labelled.contents.day).tolist() == [0, 1, 0]
    sources = labelled.contents.source
    assert sources[0] == sources[2] >= 0


def test_pairs_and_b_cubed(tmp_path: Path) -> None:
    scores = measure_claims(read(tmp_path), [5, 5, 5, 5])
    assert scores.pairs.precision.value == 0.5
    assert scores.pairs.recall.value == 1
    assert scores.across.precision.value == 0.5
    assert scores.b_cubed_precision.value == pytest.approx((3 * 0.75 + 0.25) / 4)
    assert scores.b_cubed_recall.value == 1


def test_the_link_is_chosen_for_precision_and_recall(tmp_path: Path) -> None:
    labelled = read(tmp_path)
    values = np.array([0.9, 0.8, 0.1, 0.7, 0.1, 0.1])
    link, precision, recall = best_link(labelled, values)
    assert (precision, recall) == (1, 1)
    assert event_groups(labelled, values, link).tolist() == [0, 0, 0, 3]


def test_a_missing_article_is_named(tmp_path: Path) -> None:
    path = labels(tmp_path, without="a2")
    with pytest.raises(InputError, match="the first a2"):
        read_labelled(tmp_path, path, part="tune")

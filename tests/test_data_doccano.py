"""Exports of doccano: offsets of every kind, and statements without relations."""

from pathlib import Path

import pytest

from tests.labels import bring, said
from tests.tasks import TEXT, entities, write


@pytest.mark.parametrize("unit", ["UTF-16", "graphemes", "code points"])
def test_offsets_of_every_doccano(unit: str, tmp_path: Path) -> None:
    """The hand is two code points, each of two UTF-16 code units, and one grapheme cluster."""
    text = "👋🏽 " + TEXT
    by = {"UTF-16": 2, "graphemes": -1, "code points": 0}[unit]
    label = [
        [text.index(words) + by, text.index(words) + len(words) + by, name]
        for words, name in (("said", "Cue:hedge"), ("the wheel turns", "Content"))
    ]
    path = write(tmp_path / "all.jsonl", {"id": 1, "text": text, "label": label})
    ((article,), rejects) = bring("doccano", path)
    assert said(article) == [(None, "said", "the wheel turns", "hedge", None)]
    assert article.annotator is None
    assert rejects == []


def test_labels_with_numbers_join_what_has_no_relations(tmp_path: Path) -> None:
    row = entities(
        ("Cue 2:denial", "denied"),
        ("Content 2", "it"),
        ("Cue_1", "said"),
        ("content 1", "the wheel turns"),
        ("Source-2", "The baker"),
        ("Source", "The miller"),
    )
    ((article,), (reject,)) = bring("doccano", write(tmp_path / "all.jsonl", row))
    assert said(article) == [
        ("The baker", "denied", "it", "denial", None),
        (None, "said", "the wheel turns", None, None),
    ]
    assert "source 'The miller' (region 5): expected a relation to a cue" in reject.reason


def test_one_cue_without_relations_has_everything(tmp_path: Path) -> None:
    row = entities(("Content", "the wheel turns"), ("Source", "The miller"), ("Cue", "said"))
    ((article,), rejects) = bring("doccano", write(tmp_path / "all.jsonl", row))
    assert said(article) == [("The miller", "said", "the wheel turns", None, None)]
    assert rejects == []


def test_white_space_at_the_ends_of_a_region_is_no_part_of_it(tmp_path: Path) -> None:
    row = entities(("Cue", " said "), ("Content", "the wheel turns. "), ("Source", "The miller "))
    assert said(bring("doccano", write(tmp_path / "all.jsonl", row))[0][0]) == [
        ("The miller", "said", "the wheel turns.", None, None)
    ]

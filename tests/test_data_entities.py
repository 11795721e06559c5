"""Labels of who is who: what is read, and what is wrong by file and line."""

import json
from pathlib import Path

import pytest

from data.entities import EventMention, MentionPair, SourceMention, load_entities
from data.loaders import SHIPPED
from sayso.errors import InputError
from sayso.records import Span

PAIR = {
    "stratum": "title",
    "a": {"doc": "one", "source": [[0, 9]]},
    "b": {"doc": "two", "source": [[3, 5], [7, 9]]},
    "same": True,
}
MENTION = {"event": "flood", "doc": "one", "source": [[0, 9]], "cluster": 4}


def write(path: Path, *rows: object) -> Path:
    path.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    return path


def test_pairs_and_events_are_read(tmp_path: Path) -> None:
    labels = load_entities(write(tmp_path / "entities.jsonl", PAIR, MENTION))
    one = SourceMention("one", (Span(0, 9),))
    two = SourceMention("two", (Span(3, 5), Span(7, 9)))
    assert labels.pairs == (MentionPair("title", one, two, True),)
    assert labels.events == (EventMention("flood", one, 4),)
    assert labels.mentions == [one, two]


@pytest.mark.parametrize(
    ("row", "told"),
    [
        (PAIR | {"same": 1}, "expected same to be of type bool, found 1"),
        (PAIR | {"b": PAIR["a"]}, "two articles, found both in 'one'"),
        (PAIR | {"a": {"doc": "one", "source": []}}, "found none"),
        (PAIR | {"a": {"doc": "one", "source": [[4, 4]]}}, r"found \[4, 4\]"),
        (PAIR | {"a": {"doc": "one", "source": [[True, 4]]}}, r"found \[True, 4\]"),
        (PAIR | {"a": None}, "expected a to be of type dict, found None"),
        (MENTION | {"cluster": "4"}, "expected cluster to be of type int, found '4'"),
        (MENTION | {"doc": 3}, "expected doc to be of type str, found 3"),
        ({}, "expected a to be of type dict"),
    ],
)
def test_wrong_rows_are_told_by_line(row: object, told: str, tmp_path: Path) -> None:
    path = write(tmp_path / "entities.jsonl", PAIR, row)
    with pytest.raises(InputError, match=told) as caught:
        load_entities(path)
    assert (caught.value.file, caught.value.line) == (str(path), 2)


def test_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="expected a file"):
        load_entities(tmp_path / "none.jsonl")


def test_shipped_labels_are_all_there() -> None:
    labels = load_entities(SHIPPED / "entities.jsonl")
    assert (len(labels.pairs), sum(pair.same for pair in labels.pairs)) == (294, 102)
    assert len(labels.events) == 336
    assert len({pair.stratum for pair in labels.pairs}) == 6

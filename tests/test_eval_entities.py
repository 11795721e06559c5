"""Merging measured on pairs and events; articles that are not as they were labelled are told."""

import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from eval.__main__ import main
from eval.entities import measure_entities
from sayso.errors import InputError

ONE = "Ada J. Marsh said the dam held. Tom Reis said it broke."
TWO = "Sen. Ada Marsh said no. Marsh added that Tim Reis knew. Tim Reis said he did."


def span(text: str, words: str) -> list[list[int]]:
    start = text.index(words)
    return [[start, start + len(words)]]


def write(path: Path, *rows: object) -> None:
    path.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    marked = {"source": span(ONE, "Ada J. Marsh"), "cue": span(ONE, "said"), "content": []}
    write(tmp_path / "polnear.dev.jsonl", {"id": "one", "text": ONE, "attributions": [marked]})
    write(tmp_path / "outlets.articles.jsonl", {"id": "two", "text": TWO})
    marsh = [{"doc": "one", "source": span(ONE, "Ada J. Marsh")},
             {"doc": "two", "source": span(TWO, "Sen. Ada Marsh")}]  # fmt: skip
    reis = [{"doc": "one", "source": span(ONE, "Tom Reis")},
            {"doc": "two", "source": span(TWO, "Tim Reis")}]  # fmt: skip
    write(
        tmp_path / "entities.jsonl",
        {"stratum": "title", "a": marsh[0], "b": marsh[1], "same": True},
        {"stratum": "surname", "a": reis[0], "b": reis[1], "same": False},
        {"stratum": "surname", "a": reis[0], "b": marsh[1], "same": True},
        *({"event": "dam", "cluster": 1} | mention for mention in marsh),
        *({"event": "dam", "cluster": n} | mention for n, mention in enumerate(reis, 2)),
    )
    return tmp_path


def test_pairs_events_and_errors(root: Path) -> None:
    report = measure_entities(root)
    scores = {one.stratum: one for one in report.strata}
    assert (scores["title"].merged.f1.value, scores["title"].exact.f1.value) == (1.0, 0.0)
    whole = scores["all"]
    assert (whole.pairs, whole.same) == (3, 2)
    assert (whole.merged.precision.value, whole.merged.recall.value) == (1.0, 0.5)
    assert report.events[0].merged == (1.0, 1.0, 1.0)
    assert report.events[0].exact[1] == 0.75
    assert [(one.names, one.same) for one in report.wrong] == [(("Tom Reis", "Ada Marsh"), True)]


def test_statements_are_merged_along(root: Path, tmp_path: Path) -> None:
    names = ["Ada J. Marsh", "Ada K. Marsh", "Ada K. Marsh"]
    rows = {"article_id": ["x", "y", "z"], "source_entity": names,
            "source_kind": ["person"] * 3, "source_text": names}  # fmt: skip
    pq.write_table(pa.table(rows), tmp_path / "more.parquet")
    report = measure_entities(root, statements=[tmp_path / "more.parquet"])
    assert {one.stratum: one.merged.recall.value for one in report.strata}["title"] == 0.0


def test_command_writes_its_page(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["entities", "--data", str(root), "-o", str(root / "out")]) == 0
    page = (root / "out" / "entities.md").read_text(encoding="utf-8")
    assert "| title, 1 | 1 | 100 / 100 / 100.0" in page
    assert "one, told apart" in page
    assert page in capsys.readouterr().out


def test_other_articles_are_told(root: Path) -> None:
    write(root / "outlets.articles.jsonl", {"id": "two", "text": TWO[:9]})
    with pytest.raises(InputError, match="expected a source within the 9 characters of 'two'"):
        measure_entities(root)
    write(root / "outlets.articles.jsonl", {"id": "three", "text": TWO})
    with pytest.raises(InputError, match="expected the text of article 'two', found none"):
        measure_entities(root)

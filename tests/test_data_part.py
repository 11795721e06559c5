"""Parting labels: by article, the same way every time, known outlets left out."""

import json
from pathlib import Path

import pytest

from data.__main__ import main
from data.loaders import load_labels
from tests.domain import minutes


def test_two_parts_without_an_outlet(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = [{**row, "outlet": "abc"[n % 3]} for n, row in enumerate(minutes(9, lines=5))]
    (tmp_path / "in.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    one, two = tmp_path / "one.jsonl", tmp_path / "two.jsonl"
    words = ["part", "in.jsonl", "--data", str(tmp_path), "-n", "11", "--without", "b"]
    for _ in range(2):
        assert main([*words, "-o", str(one), "--rest", str(two)]) == 0
        told = capsys.readouterr().out
        assert f"{one}: 3 articles of " in told
        assert ", 15 statements" in told
    first, rest = load_labels(one), load_labels(two)
    assert len(rest) == 3
    ids = {article.id for article in (*first, *rest)}
    assert ids == {row["id"] for row in rows if row["outlet"] != "b"}
    assert main([*words[:4], "-n", "0", "-o", str(one), "--rest", str(two)]) == 2
    assert "expected 1 statement or more, found 0" in capsys.readouterr().err

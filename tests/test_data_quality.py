"""Labels that were turned are found, by documents that were not trained on."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from data.__main__ import main
from data.items import StanceItems, load_items
from data.quality import find_suspects, out_of_fold
from data.records import LABELS
from sayso.errors import InputError

CUES = dict(zip(LABELS, ("said", "denied", "suggested", "feared", "urged"), strict=True))
TURNED = (3, 22)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Forty articles whose cue gives the label away, but for two labels that were turned."""
    folder = tmp_path_factory.mktemp("labels")
    articles, labels = [], []
    for number in range(40):
        stance = LABELS[number // 8]
        cue = CUES[stance]
        text = f"The clerk {cue} that gate {number} was shut."
        marks = {
            "source": [[0, 9]],
            "cue": [[10, 10 + len(cue)]],
            "content": [[11 + len(cue), len(text) - 1]],
        }
        given = "hedge" if number in TURNED and stance != "hedge" else stance
        given = "denial" if number in TURNED and stance == "hedge" else given
        articles.append({"id": f"a{number}", "text": text, "attributions": [marks]})
        labels.append({"id": f"a{number}#0", "doc": f"a{number}", **marks, "stance": given})
    for name, rows in (("polnear", articles), ("stance", labels)):
        lines = "".join(json.dumps(row) + "\n" for row in rows)
        (folder / f"{name}.train.jsonl").write_text(lines, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def items(data: Path) -> StanceItems:
    return load_items(data, "train")


def test_turned_labels_come_first(items: StanceItems) -> None:
    found = find_suspects(items)
    assert len(found) == len(items) == 40
    assert {one.statement.doc for one in found[:2]} == {f"a{number}" for number in TURNED}
    assert all(one.issue for one in found[:2])
    assert {one.suggested for one in found[:2]} == {LABELS[number // 8] for number in TURNED}
    rest = [one.quality for one in found if not one.issue]
    assert rest == sorted(rest)
    assert found == find_suspects(items), "the same again"


def test_a_document_is_not_judged_by_itself(items: StanceItems) -> None:
    sure = out_of_fold(items)
    assert np.allclose(sure.sum(axis=1), 1.0)
    number = next(n for n, s in enumerate(items.statements) if s.doc == f"a{TURNED[0]}")
    assert sure[number].argmax() != items.labels[number]


def test_rows_hold_no_text_unless_asked(data: Path, tmp_path: Path) -> None:
    out = tmp_path / "noise.jsonl"
    assert main(["noise", "--data", str(data), "-o", str(out)]) == 0
    rows = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    assert {row["id"] for row in rows[:2]} == {f"a{number}#0" for number in TURNED}
    assert set(rows[0]) == {
        "id", "doc", "source", "cue", "content", "given", "suggested", "quality", "issue", "sure"
    }  # fmt: skip
    assert "gate" not in out.read_text(encoding="utf-8")
    assert main(["noise", "--data", str(data), "--all", "--text", "-o", str(out)]) == 0
    rows = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    assert len(rows) == 40
    assert rows[0]["text"]["source"] == "The clerk"


def test_wrong_use_is_one_line_and_2(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["noise", "--data", str(tmp_path), "-o", str(tmp_path / "x")]) == 2
    assert capsys.readouterr().err.startswith("error: expected ")
    assert main(["noise", "--data", str(data), "--folds", "1"]) == 2
    assert "expected 2 folds or more, found 1" in capsys.readouterr().err
    assert main(["noise", "--data", str(data), "--folds", "99"]) == 2
    assert "expected 99 documents or more and 2 labels or more" in capsys.readouterr().err
    nowhere = str(tmp_path / "no" / "folder.jsonl")
    assert main(["noise", "--data", str(data), "-o", nowhere]) == 2
    assert "expected a file to write" in capsys.readouterr().err


def test_too_few_documents_are_told(items: StanceItems) -> None:
    with pytest.raises(InputError, match="expected 41 documents or more"):
        out_of_fold(items, folds=41)

"""`python -m eval` as it is called."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path

import pytest

from data.loaders import load_gold
from eval.__main__ import main


def write_wire(path: Path, articles: int) -> Path:
    """The first of our gold articles, as a file that is marked in full."""
    with path.open("w", encoding="utf-8") as handle:
        for article in load_gold()[:articles]:
            places = {s.id: n for n, s in enumerate(article.statements)}
            marks = []
            for s in article.statements:
                row = asdict(s)
                spans = ("source", "cue", "content")
                row |= {r: [[x.start, x.end] for x in getattr(s, r)] for r in spans}
                marks.append({**row, "parent": None if s.parent is None else places[s.parent]})
            record = {"id": article.id, "text": article.text, "attributions": marks}
            handle.write(json.dumps(record) + "\n")
    return path


def test_run_writes_what_it_prints(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = write_wire(tmp_path / "marked.jsonl", 2)
    out = tmp_path / "new" / "results"
    assert main(["run", "--suite", "wire", "--data", str(data), "-o", str(out)]) == 0
    printed = capsys.readouterr().out
    assert printed == (out / "results.md").read_text(encoding="utf-8") + "\n"
    results = json.loads((out / "results.json").read_text(encoding="utf-8"))
    assert set(results) == {"model", "split", "wire", "predictions"}
    figure = results["wire"]["tuple_overlap_f1"]
    assert 0.3 < figure["low"] <= figure["value"] <= figure["high"] <= 1.0
    assert f"| tuple overlap f1 | {100 * figure['value']:.1f} |" in printed
    again = tmp_path / "again"
    main(["run", "--suite", "wire", "--data", str(data), "-o", str(again)])
    assert (again / "results.json").read_bytes() == (out / "results.json").read_bytes()


def test_wrong_use_is_one_line_and_2(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    results = ["-o", str(tmp_path / "results")]
    assert main(["run", "--suite", "spelling", *results]) == 2
    assert "found spelling" in capsys.readouterr().err
    assert main(["run", "--suite", "wire", "--data", str(tmp_path), *results]) == 2
    assert "expected wire.dev.jsonl" in capsys.readouterr().err
    (tmp_path / "file").touch()
    assert main(["run", "--suite", "gold", "-o", str(tmp_path / "file")]) == 2
    assert capsys.readouterr().err.startswith("error: expected a folder to write to")
    assert main(["bench", "--articles", "1"]) == 2
    assert "expected 2 articles or more, found 1" in capsys.readouterr().err


def test_importing_needs_no_training_stack() -> None:
    program = (
        "import sys, eval.__main__, eval.suites, eval.baselines, eval.bench, eval.report\n"
        "import eval.charts, eval.card, eval.embeddings\n"
        "heavy = ('torch', 'transformers', 'mlflow', 'matplotlib', 'training')\n"
        "print([m for m in heavy if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.stdout.strip() == "[]", done.stderr

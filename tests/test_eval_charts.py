"""Charts and the README's table, from results that are written here."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from data.records import LABELS
from eval.__main__ import main
from eval.calibration import measure_calibration
from eval.card import card_table, read_results
from eval.charts import draw_charts
from eval.report import render
from eval.selective import measure_selective
from eval.stance import stance_scores
from sayso.errors import InputError
from sayso.tags import ROLES


def figure(value: float) -> dict[str, float]:
    return {"value": value, "low": value - 0.05, "high": value + 0.05}


@pytest.fixture(scope="module")
def results() -> dict[str, Any]:
    """Every suite that is drawn or told, in small."""
    random = np.random.default_rng(3)
    gold = random.integers(0, len(LABELS), 120)
    sure = random.dirichlet(np.ones(len(LABELS)), 120) * 0.4 + np.eye(len(LABELS))[gold] * 0.6
    documents = np.arange(120) // 6
    stance = stance_scores(gold, sure, documents).to_dict()
    names = ["", "_overlap"]
    extraction = {f"{role}{name}_f1": figure(0.7) for role in ROLES for name in names}
    selective = {
        name: measure_selective(gold, sure, documents, labels=labels).to_dict()
        for name, labels in (("four", 4), ("five", 5))
    }
    keys = ["macro_f1_four", "macro_f1_five", "accuracy", *(f"{label}_f1" for label in LABELS)]
    return {
        "model": "tiny",
        "split": "dev",
        "extraction": {
            "articles": 2,
            **extraction,
            "tuple_f1": figure(0.4),
            "tuple_overlap_f1": figure(0.6),
            "slices": {
                "form": {
                    "direct": {"statements": 3, "cue_f1": figure(0.5)},
                    "mixed": {"statements": 1},
                }
            },
        },
        "stance": stance,
        "calibration": measure_calibration(gold, sure, documents).to_dict(),
        "selective": selective,
        "gold": {"articles": 3, "tuple_overlap_f1": figure(0.8), "parent_f1": figure(0.3)},
        "baselines": {
            "cue_rules": {key: figure(0.5) for key in keys},
            "skipped": {"frozen_encoder_logistic_regression": "expected it, found none"},
        },
        "predictions": {"gold": "0f" * 32},
    }


def test_charts_are_png_and_the_same_again(results: dict[str, Any], tmp_path: Path) -> None:
    drawn = draw_charts(results, tmp_path / "new" / "plots")
    assert [path.name for path in drawn] == [
        "reliability.png",
        "risk-coverage.png",
        "stance-labels.png",
        "extraction.png",
    ]
    again = draw_charts(json.loads(json.dumps(results)), tmp_path / "again")
    for one, other in zip(drawn, again, strict=True):
        assert one.read_bytes().startswith(b"\x89PNG")
        assert one.read_bytes() == other.read_bytes()


def test_what_was_not_measured_is_not_drawn(results: dict[str, Any], tmp_path: Path) -> None:
    assert draw_charts({"model": "tiny", "split": "dev"}, tmp_path) == []
    alone = {key: results[key] for key in ("model", "split", "stance")}
    assert [path.name for path in draw_charts(alone, tmp_path)] == ["stance-labels.png"]


def test_the_table_tells_measured_from_published(results: dict[str, Any]) -> None:
    page = card_table(results)
    assert "| PolNeAR dev, source, exact F1 | 70.0 | 65.0–75.0 |" in page
    assert (
        "| our own gold (3 articles), nested: link to the parent, F1 | 30.0 | 25.0–35.0 |" in page
    )
    cell = "50.0 (45.0–55.0)"
    assert f"| cue lexicon with rules | {cell} | {cell} | {cell} |" in page
    assert "| **tiny** | **" in page
    assert "| CofeNet with BERT | PolNeAR test, Wang et al. 2022, published | 83.2 |" in page
    assert "not on the articles above" in page
    four = results["selective"]["four"]["coverage_80"]["macro_f1"]["value"]
    assert f"the surest 80 % | {100 * four:.1f} |" in page
    bare = card_table({"model": "tiny", "split": "dev"})
    assert "measured on" in bare, "anchors are always told"
    assert "without our network" not in bare


def test_the_page_has_slices_and_digests(results: dict[str, Any]) -> None:
    page = render(results)
    assert "| by form | statements | cue f1 |" in page
    assert "| direct | 3 | 50.0 (45.0–55.0) |" in page
    assert "| mixed | 1 | – |" in page
    assert "| probability | mean, % | accuracy, % | items |" in page
    assert f"| gold | `{'0f' * 32}` |" in page
    assert "| four: aurc | 0.0" in page
    assert "Not measured: frozen encoder logistic regression: expected it, found none." in page


def test_table_is_a_command(
    results: dict[str, Any], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "results.json").write_text(json.dumps(results), encoding="utf-8")
    for place in (tmp_path, tmp_path / "results.json"):
        assert main(["table", "--results", str(place)]) == 0
        assert capsys.readouterr().out == card_table(results) + "\n"
    assert main(["table", "--results", str(tmp_path / "nowhere")]) == 2
    assert "expected results.json of an evaluation" in capsys.readouterr().err


@pytest.mark.parametrize("text", ["{", "[]", "{}"])
def test_what_is_no_result_is_told(tmp_path: Path, text: str) -> None:
    (tmp_path / "results.json").write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match="expected results"):
        read_results(tmp_path)

"""A run is verified from its folder or its id; whatever was changed in it is named."""

from __future__ import annotations

import json
import math
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from eval.__main__ import main
from eval.evaluation import Evaluated, Evaluation
from eval.publish import publish
from eval.rundir import RunDirectory, collect_environment
from eval.verify import verify
from sayso.bundle import DEFAULT_BUNDLE, manifest_digest
from sayso.errors import InputError
from tests.stub import small_bundle

FIGURES: dict[str, Any] = {
    "model": "sayso-tiny",
    "split": "dev",
    "stance": {"ece": {"value": 0.1 + 0.2, "low": 0.1, "high": 0.5}, "confusion": [[1, 2], [3, 4]]},
    "skipped": {"wire": "found no wire.dev.jsonl under /one/folder"},
}
DATA = {"polnear.dev": "ab" * 32}


@pytest.fixture(autouse=True)
def repeated(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What evaluating again gives: the same figures, unless a test changes them."""
    again: dict[str, Any] = json.loads(json.dumps(FIGURES))
    again["skipped"]["wire"] = "found no wire.dev.jsonl under /another/folder"

    def evaluate(bundle: Path, data: Path, **_: object) -> Evaluated:
        return Evaluated(evaluation(bundle), again)

    class Corpora:
        def digests(self) -> dict[str, str]:
            return dict(DATA)

    monkeypatch.setattr("eval.verify.evaluate", evaluate)
    monkeypatch.setattr("eval.verify.load_corpora", lambda *_: Corpora())
    return again


def evaluation(bundle: Path) -> Evaluation:
    return Evaluation("sayso-tiny", manifest_digest(bundle), "dev", None, 0.5, 1, None, DATA)


@pytest.fixture
def run(tmp_path: Path) -> RunDirectory:
    """A run with a bundle, as training leaves it."""
    run = RunDirectory(tmp_path / "tiny-0123456789")
    bundle = small_bundle(run.path / "bundle", model="sayso-tiny", data={"polnear": "cd" * 32})
    run.write_params({"name": "tiny"})
    run.write_digests({"polnear": "cd" * 32})
    run.write_environment(collect_environment())
    run.write_tracking(experiment="tests", name="tiny")
    run.write_results(FIGURES)
    run.write_evaluation(evaluation(bundle).to_dict())
    return run


def test_an_untouched_run_holds(run: RunDirectory, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verify", str(run.path), "--data", "nowhere"]) == 0
    found = capsys.readouterr().out
    assert found.startswith("sayso-tiny: all ")
    assert verify(run.path, "nowhere").differences == ()


def test_by_its_id(run: RunDirectory, mlflow_uri: str) -> None:
    run_id = publish(run, uri=mlflow_uri)
    shutil.rmtree(run.path)
    found = verify(run_id, "nowhere", uri=mlflow_uri)
    assert found.differences == ()
    assert found.compared > 8


def test_the_last_digit_counts(
    run: RunDirectory, repeated: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    ece = repeated["stance"]["ece"]
    ece["value"] = math.nextafter(ece["value"], 1)
    assert main(["verify", str(run.path), "--data", "nowhere"]) == 1
    found = capsys.readouterr().out.splitlines()
    assert found[0] == (
        "differs: stance.ece.value: expected 0.30000000000000004, found 0.3000000000000001"
    )
    assert found[-1].endswith("1 of 14 differ")


def test_figures_that_come_or_go(run: RunDirectory, repeated: dict[str, Any]) -> None:
    del repeated["stance"]["confusion"][1]
    repeated["gold"] = {"f1": 1.0}
    names = [difference.name for difference in verify(run.path, "nowhere").differences]
    assert names == ["gold.f1", "stance.confusion.1.0", "stance.confusion.1.1"]


def edit(name: str, old: str, new: str) -> Callable[[Path], None]:
    """A change of a file in a run."""

    def apply(folder: Path) -> None:
        text = (folder / name).read_text()
        assert old in text
        (folder / name).write_text(text.replace(old, new))

    return apply


@pytest.mark.parametrize(
    ("change", "name"),
    [
        (edit("bundle/model.onnx", "model", "modem"), "bundle"),
        (edit("bundle/manifest.json", '"format"', '"note": 1, "format"'), "sha256.manifest.json"),
        (edit("evaluation.json", "ab" * 32, "ac" * 32), "sha256.polnear.dev"),
        (edit("digests.json", "cd" * 32, "ce" * 32), "manifest.data.polnear"),
        (edit("evaluation.json", '"threshold": 0.5', '"threshold": 0.4'), "threshold"),
        (edit("results.json", '"low": 0.1', '"low": 0.10000000000000002'), "stance.ece.low"),
        (edit("results.json", '"model": "sayso-tiny"', '"model": "other"'), "model"),
    ],
)
def test_whatever_is_changed_is_named(
    run: RunDirectory, change: Callable[[Path], None], name: str
) -> None:
    change(run.path)
    (found,) = verify(run.path, "nowhere").differences
    assert found.name == name


def test_runs_that_cannot_be_verified(run: RunDirectory, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="expected a run's folder or MLflow's id"):
        verify("no/where", "nowhere")
    (run.path / "evaluation.json").unlink()
    with pytest.raises(InputError, match=r"expected evaluation\.json"):
        verify(run.path, "nowhere")
    run.write_evaluation(evaluation(run.path / "bundle").to_dict())
    shutil.rmtree(run.path / "bundle")
    with pytest.raises(InputError, match=r"found none: name it \(--model\)"):
        verify(run.path, "nowhere")
    (run.path / "results.json").unlink()
    with pytest.raises(InputError, match=r"expected results\.json"):
        verify(run.path, "nowhere")


def test_an_evaluation_of_the_shipped_bundle_needs_no_copy(run: RunDirectory) -> None:
    shutil.rmtree(run.path / "bundle")
    (run.path / "digests.json").unlink()
    run.write_evaluation(evaluation(DEFAULT_BUNDLE).to_dict())
    assert verify(run.path, "nowhere").differences == ()


def test_other_versions_are_noted(run: RunDirectory, repeated: dict[str, Any]) -> None:
    environment = collect_environment()
    environment["packages"]["onnxruntime"] = "1.0"
    run.write_environment(environment)
    repeated["split"] = "test"
    text = verify(run.path, "nowhere").to_text()
    assert "note: onnxruntime was 1.0, is 1." in text

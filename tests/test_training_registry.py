"""The registry: a challenger becomes champion through the gate, and ships whole or not at all."""

from __future__ import annotations

import json
import multiprocessing
import shutil
import signal
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from eval.compare import Comparison
from eval.floors import Floors, Lowering
from eval.gate import Check, Verdict
from eval.rundir import RunDirectory
from eval.speed import Speed
from eval.tracking import open_store
from sayso.bundle import DEFAULT_BUNDLE, default_bundle_id, load_bundle, manifest_digest
from sayso.errors import BundleError, InputError
from sayso.server import TrackingError
from tests.stub import small_bundle
from training.__main__ import main
from training.registry import CHALLENGER, CHAMPION, MODEL, champion_bundle, promote, register
from training.ship import ship


class Gate:
    """Stands for the gate: says what it is told to, and keeps what it was asked."""

    def __init__(self) -> None:
        self.passes = True
        self.asked: list[tuple[str, str]] = []

    def __call__(
        self,
        challenger: Path,
        data: Path,
        *,
        champion: Path,
        lower: Sequence[Lowering] = (),
        **_: object,
    ) -> Verdict:
        """A verdict without figures."""
        ours, theirs = load_bundle(challenger).model, load_bundle(champion).model
        self.asked.append((ours, theirs))
        check = Check("mean", self.passes, f"mean gain {len(lower)}")
        speed, floors = Speed(1.0, 1.0, 1.0), Floors({}, {})
        return Verdict(Comparison(ours, theirs, {}, {}), (check,), 1, speed, floors)


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> Gate:
    """The gate that the registry asks."""
    stands = Gate()
    monkeypatch.setattr("training.registry.gate", stands)
    return stands


def run_of(folder: Path, name: str) -> RunDirectory:
    """A run folder with a bundle of its own."""
    run = RunDirectory(folder / name)
    small_bundle(run.path / "bundle", model=name)
    run.write_params({"name": name})
    run.write_tracking(experiment="tests", name=name)
    run.append_metrics(1, {"train_loss": 1.0})
    return run


def at(uri: str, alias: str) -> str | None:
    """The model that an alias points to."""
    with open_store(uri) as store:
        version = store.version_at(MODEL, alias)
        return None if version is None else version.tags["model"]


def test_from_challenger_to_champion(
    tmp_path: Path, mlflow_uri: str, gate: Gate, capsys: pytest.CaptureFixture[str]
) -> None:
    store, place = ["--tracking-uri", mlflow_uri], tmp_path / "ships" / "small"
    one, two = run_of(tmp_path, "one"), run_of(tmp_path, "two")
    assert champion_bundle(tmp_path, uri=mlflow_uri) == DEFAULT_BUNDLE, "the registry is empty"
    with pytest.raises(InputError, match="expected a challenger in the registry, found none"):
        promote(None, "data", uri=mlflow_uri)
    assert main(["register", str(one.path), *store]) == 0
    assert "one: version 1 of sayso, challenger" in capsys.readouterr().out
    assert register(one.path, uri=mlflow_uri).number == "1", "again, it is the same version"
    assert at(mlflow_uri, CHALLENGER) == "one"
    assert main(["promote", "--data", "data", *store]) == 0
    assert "version 1 is champion\n" in capsys.readouterr().out
    assert gate.asked == [("one", default_bundle_id())], "the first champion is what ships"
    assert (at(mlflow_uri, CHAMPION), at(mlflow_uri, CHALLENGER)) == ("one", None)

    version = register(two.path, uri=mlflow_uri)
    assert version.number == "2"
    assert version.tags["manifest_sha256"] == manifest_digest(two.path / "bundle")
    gate.passes = False
    assert main(["promote", "--data", "data", *store, "-o", str(tmp_path / "report")]) == 1
    assert "# two is refused" in capsys.readouterr().out
    assert json.loads((tmp_path / "report" / "gate.json").read_text())["passed"] is False
    assert (at(mlflow_uri, CHAMPION), at(mlflow_uri, CHALLENGER)) == ("one", "two")
    gate.passes = True
    promotion = promote(version.run_id, "data", uri=mlflow_uri, place=place)
    assert gate.asked[-1] == ("two", "one")
    assert promotion.shipped == "two"
    assert load_bundle(place).model == "two"
    assert at(mlflow_uri, CHAMPION) == "two"
    (tmp_path / "fetched").mkdir()
    fetched = champion_bundle(tmp_path / "fetched", uri=mlflow_uri)
    assert load_bundle(fetched).model == "two"
    with open_store(mlflow_uri) as opened:
        newest, oldest = opened.versions(MODEL)
    assert (newest.tags["gate"], newest.tags["against"]) == ("passed", "one")
    assert oldest.tags["gate"] == "passed"

    lower = ["--lower-floor", "wire.parent_f1=0.1", "--because", "a trial"]
    assert main(["promote", "1", "--data", "data", *store, *lower]) == 0
    assert at(mlflow_uri, CHAMPION) == "one", "an earlier version may come back"
    with open_store(mlflow_uri) as opened:
        oldest = opened.versions(MODEL)[-1]
    assert oldest.tags["floor lowered wire.parent_f1"] == "a trial"
    assert main(["promote", "9", "--data", "data", *store]) == 2
    assert "expected version 9 in the registry" in capsys.readouterr().err


def test_interrupted_while_it_is_logged(
    tmp_path: Path, mlflow_uri: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from mlflow import MlflowClient

    run = run_of(tmp_path, "one")
    real = MlflowClient.log_model_artifacts

    def fails(*_: object, **__: object) -> None:
        raise OSError("connection lost")

    monkeypatch.setattr(MlflowClient, "log_model_artifacts", fails)
    with pytest.raises(TrackingError, match="connection lost"):
        register(run.path, uri=mlflow_uri)
    assert at(mlflow_uri, CHALLENGER) is None
    monkeypatch.setattr(MlflowClient, "log_model_artifacts", real)
    version = register(run.path, uri=mlflow_uri)
    client = MlflowClient(tracking_uri=mlflow_uri)
    experiment = client.get_experiment_by_name("tests")
    assert experiment is not None
    (logged,) = client.search_logged_models([experiment.experiment_id])
    assert (logged.source_run_id, logged.status) == (version.run_id, "READY")
    assert (logged.name, logged.artifact_location) == (MODEL, version.source)
    outputs = client.get_run(version.run_id).outputs
    assert outputs is not None
    assert [output.model_id for output in outputs.model_outputs] == [logged.model_id]


def test_what_cannot_be_registered_or_promoted(
    tmp_path: Path, mlflow_uri: str, gate: Gate, monkeypatch: pytest.MonkeyPatch
) -> None:
    run, other = run_of(tmp_path, "one"), run_of(tmp_path, "two")
    with pytest.raises(InputError, match="expected a run's folder or MLflow's id"):
        register("no/where", uri=mlflow_uri)
    (run.path / "bundle" / "model.onnx").write_text("changed")
    with pytest.raises(BundleError, match="expected sha256"):
        register(run.path, uri=mlflow_uri)
    version = register(other.path, uri=mlflow_uri)
    kept = next((tmp_path / "mlartifacts").rglob("models/**/bundle/model.onnx"))
    whole = kept.read_text()
    kept.write_text("changed in the store")
    with pytest.raises(BundleError, match="expected sha256"):
        promote(None, "data", uri=mlflow_uri)
    kept.write_text(whole)
    assert gate.asked == []

    def moves(*arguments: Any, **options: Any) -> Verdict:
        with open_store(mlflow_uri) as store:
            store.point(MODEL, CHAMPION, version)
        return gate(*arguments, **options)

    monkeypatch.setattr("training.registry.gate", moves)
    with pytest.raises(TrackingError, match="expected the champion to stay None"):
        promote(None, "data", uri=mlflow_uri)


def test_shipping_replaces_the_whole_folder(tmp_path: Path) -> None:
    place = tmp_path / "bundles" / "small"
    old, new = (small_bundle(tmp_path / name, model=name) for name in ("old", "new"))
    assert ship(old, place) == "old"
    (place / "left.over").touch()
    assert ship(new, place) == "new"
    assert load_bundle(place).model == "new"
    assert {path.name for path in place.parent.iterdir()} == {"small"}
    assert not (place / "left.over").exists()


def test_a_broken_bundle_never_ships(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = tmp_path / "bundles" / "small"
    old, new = (small_bundle(tmp_path / name, model=name) for name in ("old", "new"))
    ship(old, place)
    real = shutil.copyfile

    def short(source: Path, target: Path) -> None:
        real(source, target)
        if source.name == "model.onnx":
            target.write_bytes(target.read_bytes()[:-1])

    monkeypatch.setattr(shutil, "copyfile", short)
    with pytest.raises(BundleError, match="expected sha256"):
        ship(new, place)
    assert load_bundle(place).model == "old"

    def full(source: Path, target: Path) -> None:
        raise OSError(28, "no space left")

    monkeypatch.setattr(shutil, "copyfile", full)
    with pytest.raises(OSError, match="no space left"):
        ship(new, place)
    assert load_bundle(place).model == "old"
    monkeypatch.setattr(shutil, "copyfile", real)
    assert ship(new, place) == "new", "what was left does not stand in the way"
    assert [path.name for path in place.parent.iterdir()] == ["small"]


def test_without_an_exchange_of_the_system(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = tmp_path / "bundles" / "small"
    for name in ("old", "new"):
        monkeypatch.setattr("ctypes.CDLL", lambda *_, **__: object())
        assert ship(small_bundle(tmp_path / name, model=name), place) == name
    assert load_bundle(place).model == "new"
    assert [path.name for path in place.parent.iterdir()] == ["small"]


def _ship_forever(bundles: list[Path], place: Path) -> None:
    while True:
        for bundle in bundles:
            ship(bundle, place)


@pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")
def test_killed_and_raced_there_is_always_a_whole_bundle(tmp_path: Path) -> None:
    """Two processes ship in turns and are killed; in between, every look finds a whole bundle."""
    place = tmp_path / "bundles" / "small"
    bundles = [small_bundle(tmp_path / name, model=name) for name in ("one", "two")]
    ship(bundles[0], place)
    context = multiprocessing.get_context("fork")
    for wait in (0.05, 0.11, 0.23):
        processes = [
            context.Process(target=_ship_forever, args=(bundles, place), daemon=True)
            for _ in range(2)
        ]
        for process in processes:
            process.start()
        until = time.monotonic() + wait
        while time.monotonic() < until:
            assert (place / "manifest.json").is_file(), "there is no instant without a bundle"
        for process in processes:
            assert process.pid is not None
            process.kill()
            process.join()
            assert process.exitcode == -signal.SIGKILL
        assert load_bundle(place).model in {"one", "two"}
    assert ship(bundles[1], place) == "two"
    assert [path.name for path in place.parent.iterdir()] == ["small"]

"""Bundles fetched from a registry: once a version, whole, and the one an alias points to now."""

from __future__ import annotations

import json
import shutil
import time
from pathlib import Path

import pytest

from eval.rundir import RunDirectory
from eval.tracking import open_store
from sayso.bundle import bundle_folder, load_bundle
from sayso.cache import cache_folder
from sayso.errors import BundleError, UsageError
from sayso.server import TrackingError
from tests.stub import small_bundle
from training.registry import CHALLENGER, MODEL, register

CHALLENGERS = f"models:/{MODEL}@{CHALLENGER}"


@pytest.fixture
def store(mlflow_uri: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """An empty registry, and a cache of its own."""
    monkeypatch.delenv("MLFLOW_REGISTRY_URI", raising=False)
    monkeypatch.setenv("MLFLOW_TRACKING_URI", mlflow_uri)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return mlflow_uri


def registered(folder: Path, name: str) -> str:
    """Number of the version that a bundle of that name became, the challenger from now on."""
    run = RunDirectory(folder / name)
    small_bundle(run.path / "bundle", model=name)
    run.write_params({"name": name})
    run.write_tracking(experiment="tests", name=name)
    return register(run.path).number


def fetched(model: str) -> str:
    """Id of the model that a name stands for."""
    return load_bundle(bundle_folder(model)).model


def test_a_folder_is_a_folder() -> None:
    assert bundle_folder(None) is None
    assert bundle_folder("runs/small/bundle") == "runs/small/bundle"
    assert bundle_folder("models/small") == "models/small"


@pytest.mark.parametrize("name", ["models:/", "models:/a", "models:/a/b", "models:/a@b/c"])
def test_names_of_another_form(name: str) -> None:
    with pytest.raises(UsageError, match="expected models:/NAME@ALIAS or models:/NAME/VERSION"):
        bundle_folder(name)


def test_kept_by_version_and_an_alias_that_moves(
    store: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(TrackingError, match=f"expected {CHALLENGERS} in sqlite:"):
        bundle_folder(CHALLENGERS)
    assert registered(tmp_path, "one") == "1"
    assert fetched(CHALLENGERS) == "one"
    assert registered(tmp_path, "two") == "2"
    assert fetched(CHALLENGERS) == "two", "the alias has moved"
    assert fetched(f"models:/{MODEL}/1") == "one"
    folder = Path(str(bundle_folder(CHALLENGERS)))
    assert folder.is_relative_to(cache_folder())
    assert {path.name for path in folder.parent.iterdir()} == {"1", "2"}, "nothing is left behind"
    with pytest.raises(TrackingError, match=r"expected models:/sayso/9 in sqlite:"):
        bundle_folder(f"models:/{MODEL}/9")
    with pytest.raises(TrackingError, match=r"expected models:/sayso@boss in sqlite:"):
        bundle_folder(f"models:/{MODEL}@boss")

    shutil.rmtree(tmp_path / "mlartifacts")
    assert fetched(CHALLENGERS) == "two", "it is not downloaded again"
    (tmp_path / "mlruns.db").rename(tmp_path / "gone.db")
    assert fetched(f"models:/{MODEL}/2") == "two", "a number needs no registry"
    with pytest.raises(TrackingError, match=r"kept from before: models:/sayso/1, models:/sayso/2"):
        bundle_folder(CHALLENGERS)
    assert not (tmp_path / "mlruns.db").exists(), "no empty registry is made"


def test_what_is_damaged_is_fetched_again_or_refused(store: str, tmp_path: Path) -> None:
    registered(tmp_path, "one")
    folder = Path(str(bundle_folder(CHALLENGERS)))
    (folder / "model.onnx").write_text("changed")
    assert fetched(CHALLENGERS) == "one", "damaged in the cache"
    small_bundle(tmp_path / "other", model="other")
    shutil.copytree(tmp_path / "other", folder, dirs_exist_ok=True)
    assert fetched(CHALLENGERS) == "one", "another bundle in the cache"
    shutil.rmtree(folder)
    kept = next((tmp_path / "mlartifacts").rglob("models/**/bundle/model.onnx"))
    whole = kept.read_text()
    kept.write_text("changed")
    with pytest.raises(BundleError, match="expected sha256"):
        bundle_folder(CHALLENGERS)
    assert not folder.exists()
    kept.write_text(whole)
    assert fetched(CHALLENGERS) == "one"
    shutil.rmtree(folder)
    shutil.copytree(tmp_path / "other", kept.parent, dirs_exist_ok=True)
    with pytest.raises(TrackingError, match="expected version 1 with manifest"):
        bundle_folder(CHALLENGERS)
    manifest = json.loads((kept.parent / "manifest.json").read_text())
    assert manifest["model"] == "other", "it is whole, but not the one that was registered"


def test_a_version_that_is_the_bundle_alone(store: str, tmp_path: Path) -> None:
    from mlflow import MlflowClient

    small_bundle(tmp_path / "made" / "bundle", model="plain")
    client = MlflowClient(tracking_uri=store, registry_uri=store)
    with open_store() as opened:
        run_id = opened.create_run(opened.experiment("tests"), "plain", {})
        opened.log_files(run_id, tmp_path / "made" / "bundle")
    client.create_registered_model("plain")
    source = f"{client.get_run(run_id).info.artifact_uri}/bundle"
    client.create_model_version("plain", source, run_id)
    assert fetched("models:/plain/1") == "plain"


def test_a_server_that_does_not_answer(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setenv("MLFLOW_REGISTRY_URI", "http://127.0.0.1:9")
    began = time.monotonic()
    with pytest.raises(TrackingError, match=r"expected an MLflow server at http://127\.0\.0\.1:9"):
        bundle_folder(CHALLENGERS)
    assert time.monotonic() - began < 10


def test_without_mlflow(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "http://127.0.0.1:9")
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(TrackingError, match=r'not installed: pip install "sayso\[mlflow\]"'):
        bundle_folder(CHALLENGERS)

"""Publishing run folders to a real MLflow store: whole, once, and again after a failure."""

import shutil
import time
from pathlib import Path

import pytest

from training.run import RunDirectory, collect_environment
from training.tracking import TrackingError, check_server, publish, tracking_uri


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty MLflow database: making one takes seconds, copying it none."""
    from mlflow import MlflowClient

    path = tmp_path_factory.mktemp("mlflow") / "empty.db"
    MlflowClient(tracking_uri=f"sqlite:///{path}").search_experiments()
    return path


@pytest.fixture
def uri(template: Path, tmp_path: Path) -> str:
    """A fresh store."""
    shutil.copy(template, tmp_path / "mlruns.db")
    return f"sqlite:///{tmp_path / 'mlruns.db'}"


@pytest.fixture
def run(tmp_path: Path) -> RunDirectory:
    """A finished run of a few steps."""
    run = RunDirectory(tmp_path / "tiny-0123456789")
    run.write_params({"train.epochs": 3, "encoder.name": "x" * 300})
    run.write_digests({"polnear": "ab" * 32})
    run.write_environment({**collect_environment(), "seed": 13})
    for step in range(1, 1200, 2):
        run.append_metrics(step, {"train_loss": 1 / step, "train_roles": 2 / step})
    run.write_results({"stance": {"macro_f1_four": 0.5, "labels": ["a"]}})
    (run.path / "bundle").mkdir()
    (run.path / "bundle" / "config.json").write_text("{}")
    (run.path / "checkpoint").mkdir()
    (run.path / "checkpoint" / "state.json").write_text("{}")
    return run


def test_everything_arrives(run: RunDirectory, uri: str) -> None:
    from mlflow import MlflowClient

    client = MlflowClient(tracking_uri=uri)
    run_id = publish(run, experiment="tests", name="tiny", uri=uri)
    found = client.get_run(run_id)
    assert found.info.status == "FINISHED"
    assert found.data.params["train.epochs"] == "3"
    assert found.data.metrics["stance.macro_f1_four"] == 0.5
    assert len(client.get_metric_history(run_id, "train_loss")) == 600
    assert found.data.tags["sayso.seed"] == "13"
    assert len(found.data.tags["sayso.commit"]) in {7, 40}
    assert found.inputs is not None
    (given,) = found.inputs.dataset_inputs
    assert {t.key: t.value for t in given.tags}["sha256"] == "ab" * 32
    assert [a.path for a in client.list_artifacts(run_id, "bundle")] == ["bundle/config.json"]
    assert "checkpoint" not in {a.path for a in client.list_artifacts(run_id)}


def test_again_is_the_same_run(run: RunDirectory, uri: str) -> None:
    from mlflow import MlflowClient

    first = publish(run, experiment="tests", name="tiny", uri=uri)
    assert publish(run, experiment="tests", name="tiny", uri=uri) == first
    run.write_results({"stance": {"macro_f1_four": 0.75}})
    assert publish(run, experiment="tests", name="tiny", uri=uri) == first
    client = MlflowClient(tracking_uri=uri)
    assert client.get_run(first).data.metrics["stance.macro_f1_four"] == 0.75
    assert len(client.get_metric_history(first, "train_loss")) == 600


def test_interrupted_in_the_middle(
    run: RunDirectory, uri: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from mlflow import MlflowClient

    real = MlflowClient.log_artifacts

    def fails(*_: object, **__: object) -> None:
        raise OSError("connection lost")

    monkeypatch.setattr(MlflowClient, "log_artifacts", fails)
    with pytest.raises(TrackingError, match=r"python -m training sync .*tiny-0123456789"):
        publish(run, experiment="tests", name="tiny", uri=uri)
    monkeypatch.setattr(MlflowClient, "log_artifacts", real)
    run_id = publish(run, experiment="tests", name="tiny", uri=uri)
    client = MlflowClient(tracking_uri=uri)
    experiment = client.get_experiment_by_name("tests")
    assert experiment is not None
    assert len(client.search_runs([experiment.experiment_id])) == 1
    assert len(client.get_metric_history(run_id, "train_loss")) == 600
    assert client.get_run(run_id).info.status == "FINISHED"


def test_unreachable_server_is_a_clear_error_at_once() -> None:
    began = time.monotonic()
    with pytest.raises(TrackingError, match="expected an MLflow server at http"):
        check_server("http://127.0.0.1:9")
    assert time.monotonic() - began < 10


def test_where_runs_go(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)
    assert tracking_uri() == "sqlite:///mlruns.db"
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "http://host:5000")
    assert tracking_uri() == "http://host:5000"
    assert tracking_uri("sqlite:///a.db") == "sqlite:///a.db"
    check_server("sqlite:///a.db")


def test_a_step_run_twice_counts_once(tmp_path: Path) -> None:
    run = RunDirectory(tmp_path / "twice")
    run.append_metrics(10, {"train_loss": 2.0})
    run.append_metrics(10, {"train_loss": 1.0})
    assert [(m.step, m.value) for m in run.metrics()] == [(10, 1.0)]

"""Publishing run folders to a real MLflow store: whole, once, and again after a failure."""

import shutil
import socket
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from eval.rundir import RunDirectory, collect_environment
from eval.tracking import TrackingError, check_server, publish, tracking_uri
from sayso.errors import InputError


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
    run.write_params({"train.epochs": 3, "encoder.name": "x" * 300, "data.share (%)": 5})
    run.write_digests({"polnear": "ab" * 32})
    run.write_environment({**collect_environment(), "seed": 13})
    for step in range(1, 1200, 2):
        run.append_metrics(step, {"train_loss": 1 / step, "train_roles": 2 / step})
    run.write_results({"stance": {"macro_f1_four": 0.5, "labels": ["a"]}, "at 80 %": {"f1": 1}})
    (run.path / "figures").mkdir()
    (run.path / "figures" / "reliability.png").write_bytes(b"PNG")
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
    assert found.data.params["data.share ___"] == "5", "MLflow takes no such signs"
    assert found.data.metrics["stance.macro_f1_four"] == 0.5
    assert found.data.metrics["at 80 _.f1"] == 1
    assert len(client.get_metric_history(run_id, "train_loss")) == 600
    assert found.data.tags["sayso.seed"] == "13"
    assert len(found.data.tags["sayso.commit"]) in {7, 40}
    assert found.inputs is not None
    (given,) = found.inputs.dataset_inputs
    assert {t.key: t.value for t in given.tags}["sha256"] == "ab" * 32
    assert [a.path for a in client.list_artifacts(run_id, "bundle")] == ["bundle/config.json"]
    assert {a.path for a in client.list_artifacts(run_id)} == {
        "bundle", "digests.json", "environment.json", "figures", "metrics.jsonl", "params.json",
        "results.json",
    }  # fmt: skip


def test_again_is_the_same_run(run: RunDirectory, uri: str) -> None:
    from mlflow import MlflowClient

    first = publish(run, experiment="tests", name="tiny", uri=uri)
    assert publish(run, experiment="tests", name="tiny", uri=uri) == first
    run.write_results({"stance": {"macro_f1_four": 0.75}})
    assert publish(run, experiment="tests", name="tiny", uri=uri) == first
    client = MlflowClient(tracking_uri=uri)
    again = client.get_run(first)
    assert again.data.metrics["stance.macro_f1_four"] == 0.75
    assert len(client.get_metric_history(first, "train_loss")) == 600
    assert again.inputs is not None
    assert len(again.inputs.dataset_inputs) == 1
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


def test_what_makes_a_run_the_same(run: RunDirectory, tmp_path: Path) -> None:
    first = run.identity()
    run.append_metrics(2000, {"train_loss": 0.1})
    run.write_results({})
    run.write_environment({})
    moved = RunDirectory(run.path.rename(tmp_path / "moved"))
    assert moved.identity() == first
    again = RunDirectory(tmp_path / "again")
    again.write_params(moved.read("params.json"))
    again.write_digests(moved.read("digests.json"))
    again.append_metrics(1, {"train_loss": 1.0})
    assert again.identity() != first, "trained again, it is another run"
    moved.write_digests({"polnear": "cd" * 32})
    assert moved.identity() != first


def test_a_folder_that_holds_no_run(tmp_path: Path, uri: str) -> None:
    with pytest.raises(InputError, match=r"expected a run folder with params\.json, found none"):
        publish(RunDirectory(tmp_path / "typo"), experiment="tests", name="typo", uri=uri)
    assert not (tmp_path / "typo").exists()


def test_a_store_that_is_no_database(run: RunDirectory, tmp_path: Path) -> None:
    (tmp_path / "mlruns.db").write_bytes(b"not a database" * 100)
    with pytest.raises(TrackingError, match=r"when it is back: python -m training sync"):
        publish(run, experiment="tests", name="tiny", uri=f"sqlite:///{tmp_path / 'mlruns.db'}")


def test_unreachable_server_is_a_clear_error_at_once() -> None:
    began = time.monotonic()
    with pytest.raises(TrackingError, match="expected an MLflow server at http"):
        check_server("http://127.0.0.1:9")
    assert time.monotonic() - began < 10


class Health(BaseHTTPRequestHandler):
    """A tracking server's first page."""

    def do_GET(self) -> None:
        """Answer `/health` alone."""
        self.send_response(200 if self.path == "/health" else 404)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Say nothing."""


def test_a_server_that_answers() -> None:
    with ThreadingHTTPServer(("127.0.0.1", 0), Health) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        place = f"http://127.0.0.1:{server.server_address[1]}"
        check_server(place)
        check_server(f"{place}/")
        with pytest.raises(TrackingError, match="HTTP Error 404"):
            check_server(f"{place}/elsewhere")
        server.shutdown()
        thread.join()


@pytest.mark.parametrize(
    ("timeout", "deadline", "reason"),
    [(0.2, 8.0, "timed out"), (8.0, 0.2, "no answer in 0.2 seconds")],
)
def test_a_server_that_says_nothing(
    monkeypatch: pytest.MonkeyPatch, timeout: float, deadline: float, reason: str
) -> None:
    monkeypatch.setattr("eval.tracking.TIMEOUT", timeout)
    monkeypatch.setattr("eval.tracking.DEADLINE", deadline)
    began = time.monotonic()
    with socket.create_server(("127.0.0.1", 0)) as server:
        place = f"http://127.0.0.1:{server.getsockname()[1]}"
        with pytest.raises(TrackingError, match=f"found {reason}"):
            check_server(place)
    assert time.monotonic() - began < 5


@pytest.mark.parametrize("uri", ["file:///tmp/mlruns", "./mlruns", "mlruns.db"])
def test_stores_that_mlflow_no_longer_takes(uri: str) -> None:
    with pytest.raises(TrackingError, match="expected a server or a database such as sqlite:///"):
        check_server(uri)


def test_a_database_needs_its_folder(tmp_path: Path) -> None:
    check_server(f"sqlite:///{tmp_path}/a.db")
    with pytest.raises(TrackingError, match=rf"found {tmp_path}/nowhere is none"):
        check_server(f"sqlite:///{tmp_path}/nowhere/a.db")


def test_mlflow_is_missed_before_any_work(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(TrackingError, match="expected mlflow, found it is not installed"):
        check_server("sqlite:///a.db")


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


def test_a_line_cut_short_is_lost_alone(tmp_path: Path) -> None:
    run = RunDirectory(tmp_path / "cut")
    run.append_metrics(1, {"train_loss": 3.0})
    with (run.path / "metrics.jsonl").open("a") as handle:
        handle.write('{"step": 2, "sec')
    run.append_metrics(3, {"train_loss": 1.0})
    assert [(m.step, m.value) for m in run.metrics()] == [(1, 3.0), (3, 1.0)]


def test_environment_says_code_and_packages() -> None:
    found = collect_environment()
    assert isinstance(found["clean"], bool)
    assert {"torch", "mlflow", "numpy"} <= found["packages"].keys()
    assert found["python"].startswith("3.")

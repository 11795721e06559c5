"""Publishing run folders to a real MLflow store: whole, once, and again after a failure."""

import contextlib
import json
import socket
import subprocess
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from eval.__main__ import main as evaluate
from eval.plots import draw_plots
from eval.publish import publish
from eval.rundir import RunDirectory, collect_environment
from sayso.errors import InputError
from sayso.server import TrackingError, check_server, tracking_uri
from training.__main__ import main


@pytest.fixture
def run(tmp_path: Path) -> RunDirectory:
    """A finished run of a few steps."""
    run = RunDirectory(tmp_path / "tiny-0123456789")
    run.write_params({"train.epochs": 3, "encoder.name": "x" * 300, "data.share (%)": 5})
    run.write_digests({"polnear": "ab" * 32})
    run.write_tracking(experiment="tests", name="tiny")
    run.write_environment({**collect_environment(), "seed": 13, "seconds": 60.0, "finished": 2e9})
    run.write_evaluation({"data": {"polnear.dev": "cd" * 32}})
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


def test_everything_arrives(run: RunDirectory, mlflow_uri: str) -> None:
    from mlflow import MlflowClient

    client = MlflowClient(tracking_uri=mlflow_uri)
    run_id = publish(run, uri=mlflow_uri)
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
    given = [{t.key: t.value for t in part.tags} for part in found.inputs.dataset_inputs]
    assert sorted((tags["mlflow.data.context"], tags["sha256"]) for tags in given) == [
        ("evaluation", "cd" * 32),
        ("training", "ab" * 32),
    ]
    assert found.info.end_time == 2_000_000_000_000
    assert found.info.start_time < found.info.end_time
    assert [a.path for a in client.list_artifacts(run_id, "bundle")] == ["bundle/config.json"]
    assert {a.path for a in client.list_artifacts(run_id)} == {
        "bundle", "digests.json", "environment.json", "evaluation.json", "figures",
        "metrics.jsonl", "params.json", "results.json", "tracking.json",
    }  # fmt: skip


def test_again_is_the_same_run(run: RunDirectory, mlflow_uri: str) -> None:
    from mlflow import MlflowClient

    first = publish(run, uri=mlflow_uri)
    assert publish(run, uri=mlflow_uri) == first
    run.write_results({"stance": {"macro_f1_four": 0.75}})
    assert publish(run, uri=mlflow_uri) == first
    client = MlflowClient(tracking_uri=mlflow_uri)
    again = client.get_run(first)
    assert again.data.metrics["stance.macro_f1_four"] == 0.75
    assert len(client.get_metric_history(first, "train_loss")) == 600
    assert again.inputs is not None
    assert len(again.inputs.dataset_inputs) == 2


def test_interrupted_in_the_middle(
    run: RunDirectory, mlflow_uri: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from mlflow import MlflowClient

    real = MlflowClient.log_artifacts

    def fails(*_: object, **__: object) -> None:
        raise OSError("connection lost")

    monkeypatch.setattr(MlflowClient, "log_artifacts", fails)
    with pytest.raises(TrackingError, match=r"python -m training sync .*tiny-0123456789"):
        publish(run, uri=mlflow_uri)
    monkeypatch.setattr(MlflowClient, "log_artifacts", real)
    run_id = publish(run, uri=mlflow_uri)
    client = MlflowClient(tracking_uri=mlflow_uri)
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


def test_a_folder_that_holds_no_run(tmp_path: Path, mlflow_uri: str) -> None:
    with pytest.raises(InputError, match=r"expected a run folder with params\.json, found none"):
        publish(RunDirectory(tmp_path / "typo"), uri=mlflow_uri)
    assert not (tmp_path / "typo").exists()


def test_a_store_that_is_no_database(run: RunDirectory, tmp_path: Path) -> None:
    (tmp_path / "mlruns.db").write_bytes(b"not a database" * 100)
    with pytest.raises(TrackingError, match=r"when the store is back: python -m training sync"):
        publish(run, uri=f"sqlite:///{tmp_path / 'mlruns.db'}")


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
    monkeypatch.setattr("sayso.server.TIMEOUT", timeout)
    monkeypatch.setattr("sayso.server.DEADLINE", deadline)
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


SERVER = """
import os, sys
folder, port = sys.argv[1:]
os.environ["_MLFLOW_SERVER_FILE_STORE"] = f"sqlite:///{folder}/mlruns.db"
os.environ["_MLFLOW_SERVER_REGISTRY_STORE"] = f"sqlite:///{folder}/mlruns.db"
os.environ["_MLFLOW_SERVER_ARTIFACT_ROOT"] = "mlflow-artifacts:/"
os.environ["_MLFLOW_SERVER_ARTIFACT_DESTINATION"] = f"{folder}/artifacts"
os.environ["_MLFLOW_SERVER_SERVE_ARTIFACTS"] = "true"
from mlflow.server import app
app.run("127.0.0.1", int(port), threaded=True)
"""
"""MLflow's server with its own handlers, in a process that can be killed."""


def started(folder: Path, port: int) -> subprocess.Popen[bytes]:
    """The server, once it answers."""
    process = subprocess.Popen(
        [sys.executable, "-c", SERVER, str(folder), str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    for _ in range(600):
        with contextlib.suppress(TrackingError):
            check_server(f"http://127.0.0.1:{port}")
            return process
        time.sleep(0.1)
    process.kill()
    raise AssertionError("the server did not start")


def test_a_server_that_is_killed_in_the_middle(
    run: RunDirectory,
    mlflow_uri: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    from mlflow import MlflowClient

    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    place = f"http://127.0.0.1:{port}"
    server = started(tmp_path, port)
    real = MlflowClient.log_artifacts

    def killed(client: MlflowClient, *arguments: Any) -> None:
        server.kill()
        server.wait()
        real(client, *arguments)

    monkeypatch.setattr(MlflowClient, "log_artifacts", killed)
    began = time.monotonic()
    with pytest.raises(TrackingError, match=r"python -m training sync .*tiny-0123456789"):
        publish(run, uri=place)
    assert time.monotonic() - began < 60
    monkeypatch.setattr(MlflowClient, "log_artifacts", real)
    again = started(tmp_path, port)
    try:
        assert main(["sync", str(run.path), "--tracking-uri", place]) == 0
    finally:
        again.kill()
        again.wait()
    run_id = capsys.readouterr().out.strip()
    client = MlflowClient(tracking_uri=mlflow_uri)
    found = client.get_run(run_id)
    assert found.info.status == "FINISHED"
    assert len(client.search_runs([found.info.experiment_id])) == 1
    assert len(client.get_metric_history(run_id, "train_loss")) == 600
    assert found.data.metrics["stance.macro_f1_four"] == 0.5
    kept = next((tmp_path / "artifacts").rglob("bundle/config.json"))
    assert kept.read_text() == "{}"


def test_a_parent_is_made_once(run: RunDirectory, mlflow_uri: str) -> None:
    from mlflow import MlflowClient

    client = MlflowClient(tracking_uri=mlflow_uri)
    ids = []
    for name in ("one", "two"):
        child = RunDirectory(run.path.with_name(name))
        child.write_params({"name": name})
        child.write_tracking(experiment="tests", name=name, parent="search of rates")
        ids.append(publish(child, uri=mlflow_uri))
    parents = {client.get_run(run_id).data.tags["mlflow.parentRunId"] for run_id in ids}
    (parent,) = parents
    assert client.get_run(parent).info.run_name == "search of rates"
    assert client.get_run(parent).info.status == "FINISHED"
    first = publish(run, uri=mlflow_uri)
    assert "mlflow.parentRunId" not in client.get_run(first).data.tags
    run.write_tracking(experiment="tests", name="tiny", parent="search of rates")
    assert publish(run, uri=mlflow_uri) == first
    assert client.get_run(first).data.tags["mlflow.parentRunId"] == parent
    run.write_tracking(experiment="tests", name="tiny", parent="it's")
    other = RunDirectory(run.path.with_name("three"))
    other.write_params({"name": "three"})
    other.write_tracking(experiment="tests", name="three", parent="it's")
    with pytest.raises(InputError, match="without apostrophes"):
        publish(other, uri=mlflow_uri)


def test_curves_are_drawn(run: RunDirectory) -> None:
    run.write_results({"model": "m", "split": "dev"})
    assert [path.name for path in draw_plots(run)] == ["curves.png"]
    first = (run.path / "plots" / "curves.png").read_bytes()
    draw_plots(run)
    assert (run.path / "plots" / "curves.png").read_bytes() == first
    assert draw_plots(RunDirectory(run.path.with_name("bare"))) == []


def test_an_evaluation_is_tracked_and_holds_when_verified(
    tmp_path: Path, mlflow_uri: str, capsys: pytest.CaptureFixture[str]
) -> None:
    from mlflow import MlflowClient

    text = "The clerk said the gate was shut. Nobody denied that it rained, he added."
    spans = {"source": [[0, 9]], "cue": [[10, 14]], "content": [[15, 32]]}
    marks = [{**spans, "stance": "assertion", "form": "indirect", "entity": None, "kind": None}]
    data, out = tmp_path / "wire.jsonl", tmp_path / "results"
    data.write_text(json.dumps({"id": "w", "text": text, "attributions": marks}) + "\n")
    given = ["--data", str(data)]
    track = ["--track", "--tracking-uri", mlflow_uri, "--parent", "a look"]
    assert evaluate(["run", "--suite", "wire", *given, "-o", str(out), *track]) == 0
    run_id = capsys.readouterr().err.split()[-1]
    client = MlflowClient(tracking_uri=mlflow_uri)
    found = client.get_run(run_id)
    results = json.loads((out / "results.json").read_text())
    figure = results["wire"]["tuple_overlap_f1"]["value"]
    assert found.data.metrics["wire.tuple_overlap_f1.value"] == figure
    assert found.data.params["model"] == results["model"]
    assert client.get_run(found.data.tags["mlflow.parentRunId"]).info.run_name == "a look"
    files = {item.path for item in client.list_artifacts(run_id)}
    assert files >= {"results.json", "results.md", "evaluation.json", "environment.json"}
    assert found.inputs is not None
    names = {given.dataset.name for given in found.inputs.dataset_inputs}
    assert names >= {"wire.dev", "gold"}
    assert evaluate(["verify", str(out), *given]) == 0
    assert evaluate(["verify", run_id, *given, "--tracking-uri", mlflow_uri]) == 0
    data.write_text(data.read_text().replace("shut", "open"))
    capsys.readouterr()
    assert evaluate(["verify", str(out), *given]) == 1
    assert "differs: sha256.wire.dev: expected " in capsys.readouterr().out

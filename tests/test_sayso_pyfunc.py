"""The bundle as MLflow runs it: registered at a real server, loaded, predicted and served."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from data.loaders import GOLD
from eval.rundir import RunDirectory
from eval.tracking import open_store
from sayso.bundle import DEFAULT_BUNDLE, default_bundle_id
from sayso.read import read_articles
from sayso.records import Article
from sayso.scorer import Scorer
from training.registry import CHAMPION, MODEL, register

pytestmark = [
    pytest.mark.filterwarnings("ignore:.*Any type hint:UserWarning"),
    pytest.mark.timeout(600),
]

CHAMPIONS = f"models:/{MODEL}@{CHAMPION}"
COUNT = 3
"""Articles that are scored each way."""

LOAD = """
import json, sys
from dataclasses import asdict
from sayso.bundle import bundle_folder
from sayso.read import read_articles
from sayso.scorer import Scorer
scorer = Scorer.load(bundle_folder(sys.argv[1]))
articles = read_articles(sys.argv[2:], on_reject=print)
json.dump([asdict(row) for row in scorer.score(articles)], sys.stdout)
"""


def free_port() -> int:
    """A port that nobody listens at."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


@contextlib.contextmanager
def served(*command: str, port: int, env: Mapping[str, str], log: Path) -> Iterator[str]:
    """A command of MLflow's that listens at a port, once it answers; all of it ends afterwards."""
    place = f"http://127.0.0.1:{port}"
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "mlflow", *command, "--host", "127.0.0.1", "--port", str(port)],
            stdout=out,
            stderr=out,
            env=env,
            cwd=log.parent,
            start_new_session=True,
        )
    try:
        until = time.monotonic() + 180
        while True:
            with contextlib.suppress(OSError):
                urllib.request.urlopen(f"{place}/health", timeout=5).close()
                break
            assert process.poll() is None, log.read_text()
            assert time.monotonic() < until, log.read_text()
            time.sleep(0.2)
        yield place
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, 9)
        process.wait()


@pytest.fixture(scope="module")
def articles(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A few of our own articles."""
    path = tmp_path_factory.mktemp("articles") / "articles.jsonl"
    lines = (GOLD / "articles.jsonl").read_text().splitlines(keepends=True)
    path.write_text("".join(sorted(lines, key=len)[:COUNT]))
    return path


@pytest.fixture(scope="module")
def expected(articles: Path) -> list[dict[str, Any]]:
    """The rows of the released bundle."""
    found = read_articles([str(articles)], on_reject=lambda reject: pytest.fail(reject.reason))
    rows = [asdict(row) for row in Scorer.load().score(found)]
    assert len(rows) > COUNT
    return rows


@pytest.fixture(scope="module")
def server(mlflow_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server of MLflow on loopback, over sqlite."""
    folder = tmp_path_factory.mktemp("server")
    shutil.copy(mlflow_template, folder / "mlruns.db")
    options = ["--backend-store-uri", f"sqlite:///{folder}/mlruns.db", "--workers", "1"]
    options += ["--artifacts-destination", str(folder / "artifacts")]
    env = {**os.environ, "MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false"}
    with served("server", *options, port=free_port(), env=env, log=folder / "log") as place:
        yield place


@pytest.fixture(scope="module")
def env(server: str, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The registry with the released bundle as champion, as a process of its own sees it.

    Anything but the model's own copy of sayso fails to be imported.
    """
    folder = tmp_path_factory.mktemp("run")
    run = RunDirectory(folder / "released")
    shutil.copytree(DEFAULT_BUNDLE, run.path / "bundle")
    run.write_params({"name": "released"})
    run.write_tracking(experiment="tests", name="released")
    version = register(run.path, uri=server)
    with open_store(server) as store:
        store.point(MODEL, CHAMPION, version)
    other = folder / "other" / "sayso"
    other.mkdir(parents=True)
    (other / "__init__.py").write_text("raise ImportError('not the sayso of the model')")
    return {
        **os.environ,
        "MLFLOW_TRACKING_URI": server,
        "MLFLOW_ALLOW_PICKLE_DESERIALIZATION": "false",
        "XDG_CACHE_HOME": str(folder / "cache"),
        "PYTHONPATH": str(other.parent),
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
    }


def same(found: Sequence[Mapping[str, Any]], expected: Sequence[Mapping[str, Any]]) -> None:
    """Assert that rows are the same, probabilities to 1e-6."""
    assert [row["statement_id"] for row in found] == [row["statement_id"] for row in expected]
    for row, other in zip(found, expected, strict=True):
        assert row.keys() == other.keys()
        for name, value in other.items():
            wanted = list(value) if isinstance(value, tuple) else value
            if name.startswith("p_"):
                wanted = pytest.approx(value, abs=1e-6)
            assert row[name] == wanted, (row["statement_id"], name)


def statements(answer: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The rows of an answer, none of them a reject, without that column."""
    rows = [dict(row) for row in answer["predictions"]]
    assert [row.pop("reject") for row in rows] == [None] * len(rows)
    return rows


def records(path: Path) -> list[dict[str, Any]]:
    """The lines of a JSONL file."""
    return [json.loads(line) for line in path.read_text().splitlines()]


def post(place: str, body: object) -> tuple[int, Any]:
    """Status and answer of MLflow's scoring server."""
    request = urllib.request.Request(
        f"{place}/invocations", json.dumps(body).encode(), {"Content-Type": "application/json"}
    )
    try:
        with urllib.request.urlopen(request, timeout=120) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        return error.code, json.load(error)


def test_a_fresh_process_loads_the_champion(
    env: dict[str, str], articles: Path, expected: list[dict[str, Any]]
) -> None:
    done = subprocess.run(
        [sys.executable, "-c", LOAD, CHAMPIONS, str(articles)],
        capture_output=True,
        env={**env, "PYTHONPATH": ""},
        timeout=200,
    )
    assert done.returncode == 0, done.stderr.decode()
    same(json.loads(done.stdout), json.loads(json.dumps(expected)))


def test_predict_by_the_command(
    env: dict[str, str], articles: Path, expected: list[dict[str, Any]], tmp_path: Path
) -> None:
    given, out = tmp_path / "in.json", tmp_path / "out.json"
    given.write_text(json.dumps({"dataframe_records": records(articles)}))
    command = ["models", "predict", "-m", CHAMPIONS, "--env-manager", "local"]
    done = subprocess.run(
        [sys.executable, "-m", "mlflow", *command, "-i", str(given), "-o", str(out)],
        capture_output=True,
        env=env,
        cwd=tmp_path,
        timeout=200,
    )
    assert done.returncode == 0, done.stderr.decode()
    same(statements(json.loads(out.read_text())), expected)


def test_served_over_http(
    env: dict[str, str], articles: Path, expected: list[dict[str, Any]], tmp_path: Path
) -> None:
    given = records(articles)
    command = ["models", "serve", "-m", CHAMPIONS, "--env-manager", "local"]
    with served(*command, port=free_port(), env=env, log=tmp_path / "log") as place:
        status, answer = post(place, {"dataframe_records": given})
        assert status == 200, answer
        same(statements(answer), expected)

        columns = ["id", "text"]
        table = {"columns": columns, "data": [[row[name] for name in columns] for row in given]}
        status, answer = post(place, {"dataframe_split": table})
        assert status == 200, answer
        lean = [{**row, "outlet": None, "published": None} for row in expected]
        same(statements(answer), lean)

        bad = [{"id": "none", "text": None}, *given, {"id": None, "text": "Who?"}, given[0]]
        status, answer = post(place, {"dataframe_records": bad})
        assert status == 200, answer
        first, *middle, unnamed, again = answer["predictions"]
        same(statements({"predictions": middle}), expected)
        assert first["article_id"] == "none"
        assert first["reject"] == "row 1: expected text to be a string, found nothing"
        assert {value for name, value in first.items() if name.startswith("p_")} == {None}
        assert unnamed["article_id"] is None
        assert "row 5: expected id to be a string or a whole number" in unnamed["reject"]
        assert "row 6: expected an id used once, found" in again["reject"]

        status, answer = post(place, {"dataframe_records": [{"id": "1", "body": "No text."}]})
        assert status == 400
        assert "text" in answer["message"]
        status, answer = post(place, {"dataframe_records": [{"id": "1", "text": "Half \ud83d."}]})
        assert status == 400, "MLflow's own reader takes none"
        assert "surrogates not allowed" in json.dumps(answer)


def test_the_model_at_the_server(server: str, tmp_path: Path) -> None:
    import mlflow.pyfunc

    with open_store(server) as store:
        version = store.version_at(MODEL, CHAMPION)
        assert version is not None
    from mlflow.artifacts import download_artifacts

    folder = Path(download_artifacts(version.source, dst_path=str(tmp_path), tracking_uri=server))
    names = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert {"MLmodel", "pyfunc.py", "artifacts/bundle/model.onnx", "code/sayso/scorer.py"} <= names
    endings = {Path(name).suffix for name in names}
    page = {".css", ".html", ".js"}
    plain = {"", ".json", ".npz", ".onnx", ".py", ".txt", ".typed", ".yaml"}
    assert endings == page | plain, "no pickle"
    assert not [name for name in names if "bundles/" in name], "what ships does not go along"
    required = (folder / "requirements.txt").read_text()
    assert "onnxruntime==" in required
    assert "torch" not in required
    info = mlflow.pyfunc.load_model(str(folder), model_config={"abstain": 0.9}).metadata
    assert info.metadata is not None
    assert info.metadata["model"] == default_bundle_id()
    assert info.run_id == version.run_id
    assert info.signature is not None
    assert info.signature.inputs.required_input_names() == ["id", "text"]
    assert info.load_input_example(str(folder))["text"].str.len().min() > 20


def test_values_as_pandas_has_them(scorer: Scorer) -> None:
    """Numbers for ids, dates, what is missing, and text that no encoding takes."""
    import pandas as pd
    from mlflow.pyfunc.model import PythonModelContext

    from sayso.pyfunc import SaysoModel

    text = "The clerk said the gate was shut."
    model, context = SaysoModel(), PythonModelContext({}, {})  # type: ignore[no-untyped-call]
    model._scorer = scorer
    texts = pd.Series([text, text, f"{text} \ud800"], dtype=object)
    dates = [pd.Timestamp("2024-03-01"), pd.NaT, pd.Timestamp("2024-03-03")]
    frame = pd.DataFrame(
        {
            "id": [1, None, 3],
            "text": texts,
            "outlet": [None, "B", float("nan")],
            "published": dates,
            "other": ["x", "y", "z"],
        }
    )
    one, rejected, three = model.predict(context, frame)
    assert (one["article_id"], one["outlet"]) == ("1", None)
    assert one["published"] == "2024-03-01T00:00:00"
    assert (one["content_text"], one["stance"]) == ("the gate was shut", "assertion")
    assert one["content_spans"] == [{"start": 15, "end": 32}]
    assert rejected["reject"].startswith("row 2: expected id")
    assert three["article_id"] == "3"
    assert three["content_text"] == one["content_text"]
    assert model.predict(context, frame[:0]) == []
    assert next(scorer.score([Article("1", text)])).content_text == one["content_text"]

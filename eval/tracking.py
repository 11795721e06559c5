"""MLflow, imported here alone: a run folder is published whole, and again if need be."""

from __future__ import annotations

import http.client
import importlib.util
import json
import os
import queue
import re
import threading
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from eval.rundir import RunDirectory
from sayso.errors import InputError, SaysoError

if TYPE_CHECKING:
    from mlflow import MlflowClient

__all__ = ["EXPERIMENT", "TrackingError", "check_server", "publish", "tracking_uri"]

EXPERIMENT = "sayso"
"""Name of the MLflow experiment."""

DEFAULT_URI = "sqlite:///mlruns.db"
"""Where runs are tracked unless `MLFLOW_TRACKING_URI` says otherwise."""

TIMEOUT, DEADLINE = 5, 8
"""Seconds that a server may be silent, and that it may take in all, to say that it is there."""

_RUN, _FOLDER, _DONE = "sayso.run", "sayso.folder", "sayso.published"
_ODD = re.compile(r"[^\w.\- :/]")
_SETTINGS = {
    "MLFLOW_DISABLE_TELEMETRY": "true",
    "MLFLOW_ALLOW_PICKLE_DESERIALIZATION": "false",
    "MLFLOW_HTTP_REQUEST_MAX_RETRIES": "1",
    "MLFLOW_HTTP_REQUEST_TIMEOUT": "20",
    "MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR": "false",
}
_SKIPPED = {"checkpoint", "bundle-float32", "network.safetensors"}


class TrackingError(SaysoError):
    """The tracking server does not answer, or refused what was sent."""


def tracking_uri(uri: str | None = None) -> str:
    """The store in force: the one given, `MLFLOW_TRACKING_URI`, or a sqlite file."""
    return uri or os.environ.get("MLFLOW_TRACKING_URI") or DEFAULT_URI


def check_server(uri: str | None = None) -> None:
    """See that runs can be tracked: MLflow is installed, a server answers, a folder is there.

    Raises:
        TrackingError: they cannot; told within `DEADLINE` seconds.
    """
    if importlib.util.find_spec("mlflow") is None:
        raise TrackingError("expected mlflow, found it is not installed: pip install mlflow")
    place = tracking_uri(uri)
    if place.startswith(("http://", "https://")):
        _check_answer(place)
    elif place.startswith("sqlite:"):
        folder = _sqlite_folder(place)
        if not (folder.is_dir() and os.access(folder, os.W_OK)):
            raise TrackingError(f"expected {place} in a folder to write to, found {folder} is none")
    elif place.startswith("file:") or (":" not in place and not place.startswith("databricks")):
        raise TrackingError(f"expected a server or a database such as {DEFAULT_URI}, found {place}")


def publish(run: RunDirectory, *, experiment: str, name: str, uri: str | None = None) -> str:
    """Send a run folder to MLflow; what was sent before is found and completed, not doubled.

    Args:
        run: the folder.
        experiment: MLflow experiment, made if it is not there.
        name: the run's name.
        uri: store; see `tracking_uri`.

    Returns:
        MLflow's run id.

    Raises:
        InputError: the folder holds no run.
        TrackingError: the store does not answer or refuses; publishing again goes on.
    """
    if not (run.path / "params.json").is_file():
        raise InputError("expected a run folder with params.json, found none", file=str(run.path))
    check_server(uri)
    for key, value in _SETTINGS.items():
        os.environ.setdefault(key, value)
    from mlflow import MlflowClient
    from mlflow.exceptions import MlflowException
    from sqlalchemy.exc import SQLAlchemyError

    place = tracking_uri(uri)
    try:
        client = MlflowClient(tracking_uri=place)
        return _publish(client, run, _experiment(client, experiment, place), name)
    except (MlflowException, SQLAlchemyError, OSError) as error:
        raise TrackingError(
            f"expected {place} to take the run {run.path}, found {error}; when it is back: "
            f"python -m training sync {run.path}"
        ) from error


def _check_answer(place: str) -> None:
    """Ask a server whether it is there; on a thread of its own, since looking up names may hang."""
    answers: queue.SimpleQueue[str | None] = queue.SimpleQueue()
    threading.Thread(target=lambda: answers.put(_complaint(place)), daemon=True).start()
    try:
        complaint = answers.get(timeout=DEADLINE)
    except queue.Empty:
        complaint = f"no answer in {DEADLINE} seconds"
    if complaint:
        raise TrackingError(f"expected an MLflow server at {place}, found {complaint}")


def _complaint(place: str) -> str | None:
    try:
        with urllib.request.urlopen(f"{place.rstrip('/')}/health", timeout=TIMEOUT) as answer:
            return None if answer.status == 200 else f"HTTP status {answer.status}"
    except (OSError, ValueError, http.client.HTTPException) as error:
        return str(error) or type(error).__name__


def _publish(client: MlflowClient, run: RunDirectory, experiment: str, name: str) -> str:
    from mlflow.entities import Metric, Param, RunTag

    identity = run.identity()
    found = client.search_runs([experiment], filter_string=f"tags.`{_RUN}` = '{identity}'")
    if found:
        run_id = str(found[0].info.run_id)
        if found[0].data.tags.get(_DONE) == "true" and not _changed(run, found[0].data.metrics):
            return run_id
    else:
        tags = {_RUN: identity, _FOLDER: run.path.name}
        run_id = str(client.create_run(experiment, run_name=name, tags=tags).info.run_id)
    params = [Param(key, value[:6000]) for key, value in _flat(run.read("params.json"), str)]
    facts = [RunTag(f"sayso.{k}", v) for k, v in _flat(run.read("environment.json"), str)]
    for some in _parts(params, 100):
        client.log_batch(run_id, params=some)
    client.log_batch(run_id, tags=facts)
    _log_inputs(client, run_id, run.read("digests.json"))
    points = [
        Metric(_ODD.sub("_", m.name), m.value, int(m.seconds * 1000), m.step) for m in run.metrics()
    ]
    stamp = max((point.timestamp for point in points), default=0)
    points += [Metric(k, v, stamp, 0) for k, v in _flat(run.read("results.json"), float)]
    for some in _parts(points, 1000):
        client.log_batch(run_id, metrics=some)
    for path in sorted(run.path.iterdir()):
        if path.name in _SKIPPED or path.name.startswith("."):
            continue
        if path.is_dir():
            client.log_artifacts(run_id, str(path), path.name)
        else:
            client.log_artifact(run_id, str(path))
    client.set_tag(run_id, _DONE, "true")
    client.set_terminated(run_id)
    return run_id


def _experiment(client: MlflowClient, name: str, place: str) -> str:
    found = client.get_experiment_by_name(name)
    if found is not None:
        return str(found.experiment_id)
    local = place.startswith("sqlite:///")
    folder = _sqlite_folder(place) / "mlartifacts"
    return str(
        client.create_experiment(
            name, artifact_location=folder.absolute().as_uri() if local else None
        )
    )


def _sqlite_folder(place: str) -> Path:
    return Path(place.removeprefix("sqlite:///").partition("?")[0]).absolute().parent


def _log_inputs(client: MlflowClient, run_id: str, digests: Mapping[str, str]) -> None:
    """The data's parts; MLflow keeps 36 characters of a digest, a tag keeps all of it."""
    from mlflow.entities import Dataset, DatasetInput, InputTag

    inputs = [
        DatasetInput(
            Dataset(name=name, digest=digest[:32], source_type="local", source=json.dumps(name)),
            [InputTag("mlflow.data.context", "training"), InputTag("sha256", digest)],
        )
        for name, digest in digests.items()
    ]
    if inputs:
        client.log_inputs(run_id, inputs)


def _changed(run: RunDirectory, tracked: Mapping[str, float]) -> bool:
    """Whether the folder holds results that were not tracked yet."""
    return any(tracked.get(k) != v for k, v in _flat(run.read("results.json"), float))


def _flat(values: Mapping[str, Any], kind: type) -> Iterator[tuple[str, Any]]:
    """Leaves under dotted names that MLflow takes: numbers as floats, or everything as text."""
    for key, value in values.items():
        if isinstance(value, Mapping):
            for inner, leaf in _flat(value, kind):
                yield f"{_ODD.sub('_', str(key))}.{inner}", leaf
        elif kind is str:
            yield _ODD.sub("_", str(key)), str(value)
        elif isinstance(value, int | float) and not isinstance(value, bool):
            yield _ODD.sub("_", str(key)), float(value)


def _parts(items: Sequence[Any], size: int) -> Iterator[list[Any]]:
    source = iter(items)
    while some := list(islice(source, size)):
        yield some

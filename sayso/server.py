"""The MLflow server that is meant, and whether it answers: asked before any work is done."""

from __future__ import annotations

import http.client
import importlib.util
import os
import queue
import threading
import urllib.request
from pathlib import Path

from sayso.errors import SaysoError

__all__ = [
    "DEFAULT_URI",
    "TrackingError",
    "check_server",
    "prepare_mlflow",
    "registry_uri",
    "sqlite_file",
    "sqlite_folder",
    "tracking_uri",
]

DEFAULT_URI = "sqlite:///mlruns.db"
"""Where runs are tracked unless `MLFLOW_TRACKING_URI` says otherwise."""

TIMEOUT, DEADLINE = 5, 8
"""Seconds that a server may be silent, and that it may take in all, to say that it is there."""


_SETTINGS = {
    "MLFLOW_DISABLE_TELEMETRY": "true",
    "MLFLOW_ALLOW_PICKLE_DESERIALIZATION": "false",
    "MLFLOW_HTTP_REQUEST_MAX_RETRIES": "1",
    "MLFLOW_HTTP_REQUEST_TIMEOUT": "20",
    "MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR": "false",
    "MLFLOW_SUPPRESS_PRINTING_URL_TO_STDOUT": "true",
    "MLFLOW_UV_AUTO_DETECT": "false",
}


class TrackingError(SaysoError):
    """The tracking server does not answer, or refused what was sent or asked."""


def tracking_uri(uri: str | None = None) -> str:
    """The store in force: the one given, `MLFLOW_TRACKING_URI`, or a sqlite file."""
    return uri or os.environ.get("MLFLOW_TRACKING_URI") or DEFAULT_URI


def registry_uri(uri: str | None = None) -> str:
    """The registry in force: the one given, `MLFLOW_REGISTRY_URI`, or the store of the runs."""
    return uri or os.environ.get("MLFLOW_REGISTRY_URI") or tracking_uri()


def check_server(uri: str | None = None) -> None:
    """See that a store can be used: MLflow is installed, a server answers, a folder is there.

    Args:
        uri: its address; see `tracking_uri`.

    Raises:
        TrackingError: it cannot; told within `DEADLINE` seconds.
    """
    if importlib.util.find_spec("mlflow") is None:
        raise TrackingError(
            'expected mlflow, found it is not installed: pip install "sayso[mlflow]"'
        )
    place = tracking_uri(uri)
    if place.startswith(("http://", "https://")):
        _check_answer(place)
    elif place.startswith("sqlite:"):
        folder = sqlite_folder(place)
        if not (folder.is_dir() and os.access(folder, os.W_OK)):
            raise TrackingError(f"expected {place} in a folder to write to, found {folder} is none")
    elif place.startswith("file:") or (":" not in place and not place.startswith("databricks")):
        raise TrackingError(f"expected a server or a database such as {DEFAULT_URI}, found {place}")


def prepare_mlflow() -> None:
    """Tell MLflow, before it is imported, to unpickle nothing, to give up soon and to be quiet.

    What the environment says already stays.
    """
    for key, value in _SETTINGS.items():
        os.environ.setdefault(key, value)


def sqlite_folder(place: str) -> Path:
    """The folder of the file that a `sqlite:///` address names."""
    return sqlite_file(place).parent


def sqlite_file(place: str) -> Path:
    """The file that a `sqlite:///` address names."""
    return Path(place.removeprefix("sqlite:///").partition("?")[0]).absolute()


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

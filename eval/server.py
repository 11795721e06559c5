"""The place runs are tracked at, and whether it answers: asked before any work is done."""

from __future__ import annotations

import http.client
import importlib.util
import os
import queue
import threading
import urllib.request
from pathlib import Path

from sayso.errors import SaysoError

__all__ = ["DEFAULT_URI", "TrackingError", "check_server", "sqlite_folder", "tracking_uri"]

DEFAULT_URI = "sqlite:///mlruns.db"
"""Where runs are tracked unless `MLFLOW_TRACKING_URI` says otherwise."""

TIMEOUT, DEADLINE = 5, 8
"""Seconds that a server may be silent, and that it may take in all, to say that it is there."""


class TrackingError(SaysoError):
    """The tracking server does not answer, or refused what was sent or asked."""


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
        folder = sqlite_folder(place)
        if not (folder.is_dir() and os.access(folder, os.W_OK)):
            raise TrackingError(f"expected {place} in a folder to write to, found {folder} is none")
    elif place.startswith("file:") or (":" not in place and not place.startswith("databricks")):
        raise TrackingError(f"expected a server or a database such as {DEFAULT_URI}, found {place}")


def sqlite_folder(place: str) -> Path:
    """The folder of the file that a `sqlite:///` address names."""
    return Path(place.removeprefix("sqlite:///").partition("?")[0]).absolute().parent


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

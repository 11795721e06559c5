"""Bundles in MLflow's model registry: fetched once, kept by version, checked at every use.

All that asks MLflow does it through `open_client`; what a registered version runs is
`sayso.pyfunc`.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import shutil
import tempfile
import urllib.parse
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from sayso.bundle import REGISTERED, load_bundle, manifest_digest
from sayso.cache import cache_folder
from sayso.errors import BundleError, UsageError
from sayso.server import (
    TrackingError,
    check_server,
    prepare_mlflow,
    registry_uri,
    sqlite_file,
    tracking_uri,
)

if TYPE_CHECKING:
    from mlflow import MlflowClient
    from mlflow.entities.model_registry import ModelVersion

__all__ = ["BUNDLE", "DIGEST", "download_bundle", "fetch_bundle", "open_client"]

BUNDLE = "bundle"
"""Name of the bundle among the artifacts of a pyfunc model."""

DIGEST = "manifest_sha256"
"""Tag of a version: SHA-256 of its bundle's manifest."""

ABSENT = {"RESOURCE_DOES_NOT_EXIST", "INVALID_PARAMETER_VALUE"}
"""What MLflow answers where a model or an alias is not there: the second for an alias."""

_NAME = re.compile(r"models:/(?P<name>[^/@:]+)(?:@(?P<alias>[^/@]+)|/(?P<number>\d+))")


@contextlib.contextmanager
def open_client(tracking: str, registry: str | None = None) -> Iterator[MlflowClient]:
    """A client of a store and a registry that answer; failures inside are `TrackingError`.

    Args:
        tracking: address of the store of runs and artifacts.
        registry: address of the registry; None for the same.

    Raises:
        TrackingError: one does not answer or refuses.
    """
    registry = registry or tracking
    for place in sorted({tracking, registry}):
        check_server(place)
    prepare_mlflow()
    from mlflow import MlflowClient
    from mlflow.exceptions import MlflowException
    from sqlalchemy.exc import SQLAlchemyError

    try:
        yield MlflowClient(tracking_uri=tracking, registry_uri=registry)
    except (MlflowException, SQLAlchemyError, OSError) as error:
        raise TrackingError(f"expected {registry} to do as asked, found {error}") from error


def fetch_bundle(model: str) -> Path:
    """The bundle of a registered version, in a folder of the user's cache.

    It is downloaded once a version. A version asked for by its number is taken from the cache
    without asking anybody; an alias is looked up each time, so that one that moved is noticed.
    What is kept is held against its manifest, and downloaded again if it was damaged.

    Args:
        model: `models:/NAME@ALIAS` or `models:/NAME/VERSION` of the registry at
            `MLFLOW_REGISTRY_URI`, `MLFLOW_TRACKING_URI` or `sayso.server.DEFAULT_URI`.

    Raises:
        UsageError: the name is of another form.
        TrackingError: the registry does not answer, or holds no such version.
        BundleError: the version is no whole bundle.
    """
    match = _NAME.fullmatch(model)
    if match is None:
        raise UsageError(
            f"expected {REGISTERED}NAME@ALIAS or {REGISTERED}NAME/VERSION, found {model}"
        )
    name, number = match["name"], match["number"]
    place = registry_uri()
    kept = cache_folder() / hashlib.sha256(place.encode()).hexdigest()[:16]
    kept /= urllib.parse.quote(name, safe="")
    if number is not None and _whole(kept / number, None):
        return kept / number
    try:
        _check_known(place)
        with open_client(tracking_uri(), place) as client:
            version = _looked_up(client, match, place)
            folder = kept / str(version.version)
            if not _whole(folder, version.tags.get(DIGEST)):
                _download_to(client, version, folder)
    except TrackingError as error:
        raise TrackingError(f"{error}{_at_hand(name, kept)}") from error
    return folder


def download_bundle(client: MlflowClient, version: ModelVersion, folder: Path) -> Path:
    """Copy the bundle of a version, which is a pyfunc model or the bundle alone.

    Args:
        client: of MLflow.
        version: of a registered model.
        folder: to copy it into; it has to be there.

    Returns:
        The bundle's own folder.

    Raises:
        TrackingError: it is another bundle than the one that was registered.
        BundleError: it is not whole.
    """
    from mlflow.artifacts import download_artifacts, list_artifacts

    place = client.tracking_uri
    source = client.get_model_version_download_uri(version.name, version.version)
    files = {Path(item.path).name for item in list_artifacts(source, tracking_uri=place)}
    if "MLmodel" in files:
        source = f"{source.rstrip('/')}/artifacts/{BUNDLE}"
    found = Path(download_artifacts(source, dst_path=str(folder), tracking_uri=place))
    load_bundle(found)
    expected, digest = version.tags.get(DIGEST), manifest_digest(found)
    if expected not in (None, digest):
        raise TrackingError(
            f"expected version {version.version} with manifest {expected}, found {digest}"
        )
    return found


def _check_known(place: str) -> None:
    """See that a registry of our own choice is there: asking MLflow would make an empty one."""
    if place.startswith("sqlite:///") and not sqlite_file(place).exists():
        raise TrackingError(
            f"expected a registry at {place}, found no such file: set MLFLOW_TRACKING_URI"
        )


def _looked_up(client: MlflowClient, match: re.Match[str], place: str) -> ModelVersion:
    from mlflow.exceptions import MlflowException

    try:
        if match["alias"] is None:
            return client.get_model_version(match["name"], match["number"])
        return client.get_model_version_by_alias(match["name"], match["alias"])
    except MlflowException as error:
        if error.error_code not in ABSENT:
            raise
        raise TrackingError(f"expected {match[0]} in {place}, found {error.message}") from error


def _whole(folder: Path, digest: str | None) -> bool:
    """Whether a bundle is kept in `folder`, undamaged and of that digest, if one is given."""
    try:
        return folder.is_dir() and digest in (None, manifest_digest(load_bundle(folder).folder))
    except BundleError:
        return False


def _download_to(client: MlflowClient, version: ModelVersion, folder: Path) -> None:
    """Download a version to a folder that appears at once; of two at the same time one stays."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".new-", dir=folder.parent) as fresh:
        found = download_bundle(client, version, Path(fresh))
        digest = manifest_digest(found)
        if folder.exists() and not _whole(folder, digest):
            shutil.rmtree(folder, ignore_errors=True)
        try:
            os.rename(found, folder)
        except OSError:
            if not _whole(folder, digest):
                raise


def _at_hand(name: str, kept: Path) -> str:
    """Which versions can be had without the registry, as the end of an error."""
    numbers = (path.name for path in kept.glob("*") if path.name.isdecimal() and _whole(path, None))
    known = [f"{REGISTERED}{name}/{number}" for number in sorted(numbers, key=int)]
    return f"; kept from before: {', '.join(known)}" if known else ""

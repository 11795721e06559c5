"""MLflow as training and evaluation see it: runs, their artifacts, and the registry of models."""

from __future__ import annotations

import contextlib
import json
import tempfile
import warnings
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from eval.rundir import Metric
from sayso.bundle import manifest_digest
from sayso.registry import ABSENT, DIGEST, download_bundle, open_client
from sayso.server import registry_uri, sqlite_folder, tracking_uri

if TYPE_CHECKING:
    from mlflow import MlflowClient
    from mlflow.entities import Run
    from mlflow.entities.model_registry import ModelVersion

__all__ = [
    "EXPERIMENT",
    "PARENT",
    "LoggedBundle",
    "Store",
    "TrackedData",
    "TrackedRun",
    "Version",
    "open_store",
]

EXPERIMENT = "sayso"
"""Name of the MLflow experiment."""

PARENT = "mlflow.parentRunId"
"""The tag that makes a run the child of another."""

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class TrackedRun:
    """A run as MLflow holds it; `metrics` are the last values by name."""

    id: str
    name: str
    tags: Mapping[str, str]
    metrics: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class TrackedData:
    """A part of the data beside a run.

    Attributes:
        name: of the part.
        digest: SHA-256 over every row of it.
        context: what it was for: `training` or `evaluation`.
    """

    name: str
    digest: str
    context: str


@dataclass(frozen=True, slots=True)
class Version:
    """A version of a registered model.

    Attributes:
        number: counted by MLflow from 1.
        run_id: MLflow's id of the run it is from.
        source: address of its files.
        tags: what was said of it.
    """

    number: str
    run_id: str
    source: str
    tags: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class LoggedBundle:
    """A bundle that is logged as a pyfunc model.

    Attributes:
        id: MLflow's id of the model.
        source: address of its files.
    """

    id: str
    source: str


@contextlib.contextmanager
def open_store(uri: str | None = None) -> Iterator[Store]:
    """The store at `uri` (see `sayso.server.tracking_uri`); failures inside are `TrackingError`.

    Raises:
        TrackingError: the store does not answer or refuses.
    """
    place = tracking_uri(uri)
    with open_client(place, registry_uri(uri)) as client:
        yield Store(client, place)


class Store:
    """An MLflow tracking store and model registry; made by `open_store`.

    Args:
        client: of MLflow.
        place: its address.
    """

    def __init__(self, client: MlflowClient, place: str) -> None:
        self._client = client
        self._place = place

    def experiment(self, name: str) -> str:
        """Id of an experiment, made if it is not there; a sqlite file keeps artifacts beside it."""
        found = self._client.get_experiment_by_name(name)
        if found is not None:
            return str(found.experiment_id)
        local = self._place.startswith("sqlite:///")
        folder = sqlite_folder(self._place) / "mlartifacts"
        where = folder.absolute().as_uri() if local else None
        return str(self._client.create_experiment(name, artifact_location=where))

    def find_run(self, experiment: str, tag: str, value: str) -> TrackedRun | None:
        """The oldest run of an experiment whose tag has a value."""
        found = self._client.search_runs(
            [experiment],
            filter_string=f"tags.`{tag}` = '{value}'",
            order_by=["attributes.start_time ASC"],
            max_results=1,
        )
        return _tracked(found[0]) if found else None

    def run(self, run_id: str) -> TrackedRun:
        """A run by its id."""
        return _tracked(self._client.get_run(run_id))

    def create_run(
        self, experiment: str, name: str, tags: Mapping[str, str], *, start: float | None = None
    ) -> str:
        """Begin a run, at `start` in seconds since the epoch or now, and give its id."""
        began = None if start is None else int(start * 1000)
        made = self._client.create_run(experiment, began, dict(tags), run_name=name)
        return str(made.info.run_id)

    def log_params(self, run_id: str, params: Mapping[str, str]) -> None:
        """Add parameters, which cannot be changed later."""
        from mlflow.entities import Param

        for some in _parts((Param(k, v[:6000]) for k, v in params.items()), 100):
            self._client.log_batch(run_id, params=some)

    def log_tags(self, run_id: str, tags: Mapping[str, str]) -> None:
        """Set tags."""
        from mlflow.entities import RunTag

        for some in _parts((RunTag(k, v[:5000]) for k, v in tags.items()), 100):
            self._client.log_batch(run_id, tags=some)

    def log_metrics(self, run_id: str, metrics: Iterable[Metric]) -> None:
        """Add points; one that is there already is not doubled."""
        from mlflow.entities import Metric as Point

        points = (Point(m.name, m.value, int(m.seconds * 1000), m.step) for m in metrics)
        for some in _parts(points, 1000):
            self._client.log_batch(run_id, metrics=some)

    def log_data(self, run_id: str, parts: Iterable[TrackedData]) -> None:
        """Name the data; MLflow keeps 36 characters of a digest, a tag keeps all of it."""
        from mlflow.entities import Dataset, DatasetInput, InputTag

        inputs = [
            DatasetInput(
                Dataset(
                    name=part.name,
                    digest=part.digest[:32],
                    source_type="local",
                    source=json.dumps(part.name),
                ),
                [InputTag("mlflow.data.context", part.context), InputTag("sha256", part.digest)],
            )
            for part in parts
        ]
        if inputs:
            self._client.log_inputs(run_id, inputs)

    def log_files(self, run_id: str, path: Path) -> None:
        """Send a file, or a folder under its name."""
        if path.is_dir():
            self._client.log_artifacts(run_id, str(path), path.name)
        else:
            self._client.log_artifact(run_id, str(path))

    def finish(self, run_id: str, *, end: float | None = None) -> None:
        """Mark a run as finished, at `end` in seconds since the epoch or now."""
        self._client.set_terminated(run_id, end_time=None if end is None else int(end * 1000))

    def files(self, run_id: str) -> set[str]:
        """Names of the files and folders at the top of a run's artifacts."""
        return {str(item.path) for item in self._client.list_artifacts(run_id)}

    def download(self, run_id: str, path: str, folder: Path) -> Path:
        """Copy a file or folder of a run's artifacts into `folder`, which has to be there."""
        return Path(self._client.download_artifacts(run_id, path, str(folder)))

    def log_bundle(self, run_id: str, name: str, bundle: Path) -> LoggedBundle:
        """Log a run's bundle as a pyfunc model from code; one that was logged is found again.

        Raises:
            BundleError: it is not whole.
        """
        from mlflow.entities import LoggedModelOutput, LoggedModelStatus

        with warnings.catch_warnings():  # of MLflow, about a type of its own
            warnings.filterwarnings("ignore", ".*Any type hint", UserWarning)
            from sayso.pyfunc import save

        experiment = self._client.get_run(run_id).info.experiment_id
        digest = manifest_digest(bundle)
        found = self._client.search_logged_models(
            [experiment],
            filter_string=f"source_run_id = '{run_id}' AND tags.`{DIGEST}` = '{digest}'",
            max_results=1,
        )
        model = (
            found[0]
            if found
            else self._client.create_logged_model(experiment, name, run_id, tags={DIGEST: digest})
        )
        logged = LoggedBundle(str(model.model_id), str(model.artifact_location))
        if model.status == LoggedModelStatus.READY:
            return logged
        with tempfile.TemporaryDirectory() as work:
            folder = Path(work) / "model"
            save(bundle, folder, run_id=run_id, model_id=logged.id, location=logged.source)
            self._client.log_model_artifacts(logged.id, str(folder))
        self._client.log_outputs(run_id, [LoggedModelOutput(logged.id, 0)])
        self._client.finalize_logged_model(logged.id, LoggedModelStatus.READY)
        return logged

    def add_version(
        self, model: str, run_id: str, logged: LoggedBundle, tags: Mapping[str, str]
    ) -> Version:
        """Register a logged bundle as a new version, the model if it is new."""
        from mlflow.exceptions import MlflowException

        try:
            self._client.create_registered_model(model)
        except MlflowException as error:
            if error.error_code != "RESOURCE_ALREADY_EXISTS":
                raise
        made = self._client.create_model_version(
            model, logged.source, run_id, tags=dict(tags), model_id=logged.id
        )
        return _version(made)

    def bundle(self, model: str, version: Version, folder: Path) -> Path:
        """Copy a version's bundle into `folder`, which has to be there; see `download_bundle`."""
        found = self._client.get_model_version(model, version.number)
        return download_bundle(self._client, found, folder)

    def versions(self, model: str) -> list[Version]:
        """Every version of a model, the newest first; their aliases are not told by MLflow."""
        found = self._client.search_model_versions(f"name = '{model}'", max_results=1000)
        return sorted(map(_version, found), key=lambda item: -int(item.number))

    def version_at(self, model: str, alias: str) -> Version | None:
        """The version that an alias points to, if there are such a model and alias."""
        from mlflow.exceptions import MlflowException

        try:
            return _version(self._client.get_model_version_by_alias(model, alias))
        except MlflowException as error:
            if error.error_code in ABSENT:
                return None
            raise

    def point(self, model: str, alias: str, version: Version) -> None:
        """Move an alias to a version."""
        self._client.set_registered_model_alias(model, alias, version.number)

    def unpoint(self, model: str, alias: str) -> None:
        """Take an alias away."""
        self._client.delete_registered_model_alias(model, alias)

    def tag_version(self, model: str, version: Version, tags: Mapping[str, str]) -> None:
        """Set tags of a version."""
        for key, value in tags.items():
            self._client.set_model_version_tag(model, version.number, key, value)


def _tracked(run: Run) -> TrackedRun:
    return TrackedRun(
        str(run.info.run_id), str(run.info.run_name), dict(run.data.tags), dict(run.data.metrics)
    )


def _version(found: ModelVersion) -> Version:
    return Version(str(found.version), str(found.run_id or ""), str(found.source), dict(found.tags))


def _parts(items: Iterable[Item], size: int) -> Iterator[list[Item]]:
    source = iter(items)
    while some := list(islice(source, size)):
        yield some

"""A run folder is published to MLflow whole, and again if need be, without being doubled."""

from __future__ import annotations

import re
import shutil
import time
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from eval.rundir import Metric, RunDirectory, collect_environment
from eval.tracking import EXPERIMENT, PARENT, Store, TrackedData, TrackedRun, open_store
from sayso.errors import InputError
from sayso.server import TrackingError

__all__ = ["RUN", "add_files", "publish", "track_results", "tracked_id"]

RUN = "sayso.run"
"""The tag with a run's content id."""

_FOLDER, _DONE, _GROUP = "sayso.folder", "sayso.published", "sayso.parent"
_ODD = re.compile(r"[^\w.\- :/]")
_SKIPPED = {"checkpoint", "bundle-float32", "network.safetensors"}


def publish(run: RunDirectory, *, uri: str | None = None) -> str:
    """Send a run folder to MLflow; what was sent before is found and completed, not doubled.

    Recipe, seed, code version, packages and environment, the data's digests, curves, figures,
    plots, pages and the bundle go; checkpoints, float32 bundles and raw weights stay.

    Args:
        run: the folder. Its `tracking.json` says experiment, name and parent; without one it goes
            to `EXPERIMENT` under the folder's name.
        uri: store; see `sayso.server.tracking_uri`.

    Returns:
        MLflow's run id.

    Raises:
        InputError: the folder holds no run.
        TrackingError: the store does not answer or refuses; publishing again goes on.
    """
    if not (run.path / "params.json").is_file():
        raise InputError("expected a run folder with params.json, found none", file=str(run.path))
    try:
        with open_store(uri) as store:
            return _publish(store, run)
    except TrackingError as error:
        raise TrackingError(
            f"{error}; the run is whole in {run.path}, and when the store is back: "
            f"python -m training sync {run.path}"
        ) from error


def track_results(
    folder: Path, *, parent: str | None = None, uri: str | None = None, model: Path | None = None
) -> str:
    """Publish an evaluation as a run of its own: figures, pages, plots, and what they are of.

    The same model on the same data by the same code is the same run.

    Args:
        folder: with `results.json` and `evaluation.json`, as `eval.evaluation.Evaluated` writes
            them.
        parent: name of the run that it stands under; made if it is not there.
        uri: store; see `sayso.server.tracking_uri`.
        model: the bundle, copied into the folder so that the run can be verified; None for the one
            that ships, which is not copied.

    Returns:
        MLflow's run id.

    Raises:
        InputError: the folder holds no evaluation.
        TrackingError: the store does not answer or refuses.
    """
    run = RunDirectory(folder)
    evaluation = run.read("evaluation.json")
    if not evaluation:
        raise InputError("expected a folder with evaluation.json, found none", file=str(folder))
    environment = collect_environment()
    run.write_params({"kind": "evaluation", **evaluation, "commit": environment["commit"]})
    run.write_environment({**environment, "finished": time.time()})
    name = f"eval {evaluation['model']} {evaluation['split']}"
    run.write_tracking(experiment=EXPERIMENT, name=name, parent=parent)
    own = folder / "bundle"
    if model is not None and model.absolute() != own.absolute():
        shutil.copytree(model, own, dirs_exist_ok=True)
    return publish(run, uri=uri)


def add_files(run: RunDirectory, names: Iterable[str], *, uri: str | None = None) -> None:
    """Send files of a run folder that came about after it was published.

    Raises:
        InputError: the run was not published.
        TrackingError: the store does not answer or refuses.
    """
    with open_store(uri) as store:
        run_id = tracked_id(store, run)
        if run_id is None:
            raise InputError("expected a run that was published, found none", file=str(run.path))
        for name in names:
            store.log_files(run_id, run.path / name)


def tracked_id(store: Store, run: RunDirectory) -> str | None:
    """MLflow's id of a run folder that was published."""
    place = run.read("tracking.json")
    experiment = store.experiment(place.get("experiment", EXPERIMENT))
    found = store.find_run(experiment, RUN, run.identity())
    return None if found is None else found.id


def _publish(store: Store, run: RunDirectory) -> str:
    place = run.read("tracking.json")
    experiment = store.experiment(place.get("experiment", EXPERIMENT))
    environment, identity = run.read("environment.json"), run.identity()
    points, end = list(run.metrics()), environment.get("finished")
    found = store.find_run(experiment, RUN, identity)
    if found is None:
        starts = [point.seconds for point in points]
        if end is not None:
            starts.append(end - environment.get("seconds", 0.0))
        tags = {RUN: identity, _FOLDER: run.path.name}
        name = place.get("name") or run.path.name.rpartition("-")[0] or run.path.name
        run_id = store.create_run(experiment, name, tags, start=min(starts, default=None))
    else:
        run_id = found.id
    parent = place.get("parent")
    if parent and (found is None or PARENT not in found.tags):
        store.log_tags(run_id, {PARENT: _parent(store, experiment, parent)})
    if found is not None and found.tags.get(_DONE) == "true" and not _changed(run, found):
        return run_id
    store.log_params(run_id, dict(_flat(run.read("params.json"), str)))
    store.log_tags(run_id, {f"sayso.{k}": v for k, v in _flat(environment, str)})
    store.log_data(run_id, _data(run))
    stamp = max((point.seconds for point in points), default=0.0)
    store.log_metrics(run_id, [_named(point) for point in points])
    figures = _flat(run.read("results.json"), float)
    store.log_metrics(run_id, [Metric(0, stamp, name, value) for name, value in figures])
    for path in sorted(run.path.iterdir()):
        if path.name not in _SKIPPED and not path.name.startswith("."):
            store.log_files(run_id, path)
    store.log_tags(run_id, {_DONE: "true"})
    store.finish(run_id, end=end)
    return run_id


def _parent(store: Store, experiment: str, name: str) -> str:
    """Id of the run called `name` that others stand under: made once, found again."""
    if "'" in name:
        raise InputError(f"expected a parent's name without apostrophes, found {name!r}")
    if store.find_run(experiment, _GROUP, name) is None:
        store.finish(store.create_run(experiment, name, {_GROUP: name}))
    found = store.find_run(experiment, _GROUP, name)
    assert found is not None, "it was made above; of two made at once, both take the older one"
    return found.id


def _data(run: RunDirectory) -> Iterator[TrackedData]:
    """What was trained on, and what was evaluated on."""
    evaluated = run.read("evaluation.json").get("data", {})
    for context, parts in (("training", run.read("digests.json")), ("evaluation", evaluated)):
        for name, digest in parts.items():
            yield TrackedData(name, digest, context)


def _changed(run: RunDirectory, tracked: TrackedRun) -> bool:
    """Whether the folder holds results that were not tracked yet."""
    figures = _flat(run.read("results.json"), float)
    return any(tracked.metrics.get(name) != value for name, value in figures)


def _named(point: Metric) -> Metric:
    return Metric(point.step, point.seconds, _ODD.sub("_", point.name), point.value)


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

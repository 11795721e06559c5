"""Bundles in MLflow's model registry: a challenger, and the champion whose place it may take."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from data.records import LabelledArticle
from eval.floors import FLOORS, Lowering
from eval.gate import Verdict, gate
from eval.publish import publish
from eval.rundir import RunDirectory
from eval.tracking import Store, Version, open_store
from sayso.bundle import DEFAULT_BUNDLE, load_bundle, manifest_digest, read_manifest
from sayso.errors import InputError
from sayso.registry import DIGEST
from sayso.server import TrackingError
from training.ship import ship

__all__ = [
    "CHALLENGER",
    "CHAMPION",
    "MODEL",
    "START",
    "Promotion",
    "champion_bundle",
    "promote",
    "register",
]

MODEL = "sayso"
"""Name of the registered model; each version of it is a bundle of JSON and ONNX, logged as a pyfunc
model from code."""

CHAMPION, CHALLENGER = "champion", "challenger"
"""The aliases: the bundle that is used, and the one that may take its place."""

BUNDLE = "bundle"
"""Folder of a run's artifacts that a version is made of."""

START = "start"
"""Tag of a version: SHA-256 of the manifest that it began with, and which network of it."""

_ID, _RUN, _GATE = "model", "run_id", "gate"
"""Further tags of a version, beside `DIGEST`."""


@dataclass(frozen=True, slots=True)
class Promotion:
    """What came of asking to be champion.

    Attributes:
        version: of the registered model.
        verdict: of the gate.
        shipped: id of the model that was copied to the package, if that was asked for.
    """

    version: Version
    verdict: Verdict
    shipped: str | None


def register(run: Path | str, *, uri: str | None = None) -> Version:
    """Make a run's bundle a version of the registered model, and the challenger.

    A bundle that is registered already is found again by its manifest.

    Args:
        run: a run folder, which is published first if it was not, or MLflow's id of a run.
        uri: store; see `sayso.server.tracking_uri`.

    Raises:
        InputError: there is no such run.
        BundleError: its bundle is not whole.
        TrackingError: the store does not answer or refuses.
    """
    if Path(run).is_dir():
        load_bundle(Path(run) / BUNDLE)
        run = publish(RunDirectory(Path(run)), uri=uri)
    elif not str(run).isalnum():
        raise InputError(f"expected a run's folder or MLflow's id of it, found {str(run)!r}")
    with tempfile.TemporaryDirectory() as folder, open_store(uri) as store:
        if BUNDLE not in store.files(str(run)):
            raise InputError(f"expected a run with a {BUNDLE}, found none in {run}")
        bundle = load_bundle(store.download(str(run), BUNDLE, Path(folder)))
        digest = manifest_digest(bundle.folder)
        version = _known(store, DIGEST, digest)
        if version is None:
            start = read_manifest(bundle.folder).get("data", {}).get("start", "")
            tags = {_ID: bundle.model, DIGEST: digest, _RUN: str(run), START: str(start)}
            logged = store.log_bundle(str(run), MODEL, bundle.folder)
            version = store.add_version(MODEL, str(run), logged, tags)
        store.point(MODEL, CHALLENGER, version)
    return version


def champion_bundle(folder: Path, given: Path | None = None, *, uri: str | None = None) -> Path:
    """The bundle that a challenger has to beat.

    Args:
        folder: the registry's champion is copied into it.
        given: taken instead, if there is one.
        uri: store; see `sayso.server.tracking_uri`.

    Returns:
        The given one's folder, the registry's champion, or the one that ships while there is none.

    Raises:
        BundleError: it is not whole.
        TrackingError: the store does not answer or refuses.
    """
    if given is not None:
        return given
    with open_store(uri) as store:
        version = store.version_at(MODEL, CHAMPION)
        return DEFAULT_BUNDLE if version is None else store.bundle(MODEL, version, folder)


def promote(
    asked: Path | str | None,
    data: Path | str,
    *,
    uri: str | None = None,
    split: str = "dev",
    floors: Path = FLOORS,
    lower: Sequence[Lowering] = (),
    threads: int | None = None,
    place: Path | None = None,
    champion: Path | None = None,
    new: Sequence[LabelledArticle] | None = None,
    told: Callable[[Verdict], None] = lambda verdict: None,
) -> Promotion:
    """Ask the gate, and make a registered bundle the champion if it passes.

    The bundle ships first and becomes champion then: killed between the two, the same call
    completes it.

    Args:
        asked: number of a version, a run's folder or id; None for the challenger.
        data: folder of the labelled data.
        uri: store; see `sayso.server.tracking_uri`.
        split: of the data.
        floors: file of the floors.
        lower: floors to lower, as of `eval.gate.gate`.
        threads: of one inference.
        place: folder that the bundle is copied to if it passes; None copies it nowhere.
        champion: bundle to beat instead of the registry's champion.
        new: articles of new labels that the challenger has not learnt.
        told: called with the verdict before anything changes.

    Raises:
        InputError: what was asked for is not registered, or data is malformed.
        BundleError: a bundle is not whole.
        TrackingError: the store does not answer or refuses, or another champion was made meanwhile.
    """
    with tempfile.TemporaryDirectory() as folder:
        ours, theirs = Path(folder) / CHALLENGER, Path(folder) / CHAMPION
        for path in (ours, theirs):
            path.mkdir()
        with open_store(uri) as store:
            version = _version(store, asked)
            reigning = store.version_at(MODEL, CHAMPION)
            bundle = store.bundle(MODEL, version, ours)
        old = champion_bundle(theirs, champion, uri=uri)
        verdict = gate(
            bundle,
            data,
            champion=old,
            split=split,
            floors=floors,
            lower=lower,
            threads=threads,
            new=new,
        )
        told(verdict)
        with open_store(uri) as store:
            _tell(store, version, verdict, lower)
            if not verdict.passed:
                return Promotion(version, verdict, None)
            if _number(store.version_at(MODEL, CHAMPION)) != _number(reigning):
                raise TrackingError(
                    f"expected the champion to stay {_number(reigning)}, found it was changed "
                    "meanwhile: ask again"
                )
            shipped = None if place is None else ship(bundle, place)
            store.point(MODEL, CHAMPION, version)
            if _number(store.version_at(MODEL, CHALLENGER)) == version.number:
                store.unpoint(MODEL, CHALLENGER)
    return Promotion(version, verdict, shipped)


def _version(store: Store, asked: Path | str | None) -> Version:
    """The version that was asked for."""
    if asked is None:
        found = store.version_at(MODEL, CHALLENGER)
        what = f"a {CHALLENGER}"
    elif str(asked).isdecimal():
        found = next((v for v in store.versions(MODEL) if v.number == str(asked)), None)
        what = f"version {asked}"
    elif Path(asked).is_dir():
        found = _known(store, DIGEST, manifest_digest(load_bundle(Path(asked) / BUNDLE).folder))
        what = f"the bundle of {asked}"
    else:
        found = _known(store, _RUN, str(asked))
        what = f"the bundle of run {asked}"
    if found is None:
        raise InputError(
            f"expected {what} in the registry, found none: python -m training register"
        )
    return found


def _known(store: Store, tag: str, value: str) -> Version | None:
    """The newest version whose tag has a value."""
    return next((v for v in store.versions(MODEL) if v.tags.get(tag) == value), None)


def _tell(store: Store, version: Version, verdict: Verdict, lower: Sequence[Lowering]) -> None:
    """Leave what the gate said with the version."""
    words = "passed" if verdict.passed else "refused: " + "; ".join(verdict.refusals)
    tags: Mapping[str, str] = {
        _GATE: words[:5000],
        "against": verdict.comparison.champion,
        **{f"floor lowered {change.name}": change.reason[:5000] for change in lower},
    }
    store.tag_version(MODEL, version, tags)


def _number(version: Version | None) -> str | None:
    return None if version is None else version.number

"""A run is repeated from its bundle and its data, and held against its figures digit by digit."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from eval.corpora import load_corpora
from eval.evaluation import Evaluation, evaluate, read_evaluation
from eval.rundir import RunDirectory, collect_environment
from eval.tracking import open_store
from sayso.bundle import DEFAULT_BUNDLE, MANIFEST, load_bundle, manifest_digest, read_manifest
from sayso.errors import BundleError, InputError

__all__ = ["Difference", "Verification", "verify"]

_FETCHED = ("params.json", "digests.json", "environment.json", "evaluation.json", "results.json")
_ABSENT = "nothing"


@dataclass(frozen=True, slots=True)
class Difference:
    """Something that was found to be other than the run says; `name` is dotted, as in MLflow."""

    name: str
    recorded: object
    found: object

    def __str__(self) -> str:
        return f"{self.name}: expected {self.recorded!r}, found {self.found!r}"


@dataclass(frozen=True, slots=True)
class Verification:
    """What came of repeating a run.

    Attributes:
        model: id of its bundle.
        compared: how many figures and digests were compared.
        differences: those that differ; none if the run holds.
        notes: what may explain differences, such as other versions of packages.
    """

    model: str
    compared: int
    differences: tuple[Difference, ...]
    notes: tuple[str, ...]

    def to_text(self) -> str:
        """To be read: each difference on a line, and the sum of it."""
        lines = [f"differs: {difference}" for difference in self.differences]
        if lines:
            lines += [f"note: {note}" for note in self.notes]
            return "\n".join(
                [*lines, f"{self.model}: {len(self.differences)} of {self.compared} differ"]
            )
        return f"{self.model}: all {self.compared} figures and digests are the same"


def verify(
    run: Path | str, data: Path | str, *, uri: str | None = None, model: Path | None = None
) -> Verification:
    """Check a run's bundle and data by their digests, and repeat its evaluation.

    Figures have to be equal bit by bit. They are on the same processor and the same versions of
    packages; int8 arithmetic of other ones may differ in last digits.

    Args:
        run: a folder with `results.json` and `evaluation.json`, or MLflow's id of such a run.
        data: folder of the labelled data.
        uri: MLflow store that knows the id; see `sayso.server.tracking_uri`.
        model: the bundle, for a run that keeps none.

    Raises:
        InputError: there is no such run, it has no figures, or data is malformed.
        TrackingError: the store does not answer or does not know the run.
    """
    if Path(run).is_dir():
        return _verify(RunDirectory(Path(run)), data, model)
    if "/" in str(run) or not str(run).isalnum():
        raise InputError(f"expected a run's folder or MLflow's id of it, found {str(run)!r}")
    with tempfile.TemporaryDirectory() as folder:
        with open_store(uri) as store:
            there = store.files(str(run))
            for name in ("bundle", *_FETCHED):
                if name in there:
                    store.download(str(run), name, Path(folder))
        return _verify(RunDirectory(Path(folder)), data, model)


def _verify(run: RunDirectory, data: Path | str, model: Path | None) -> Verification:
    recorded, evaluation = run.read("results.json"), read_evaluation(run)
    if not recorded:
        raise InputError("expected results.json with figures, found none", file=str(run.path))
    bundle = model or _bundle(run, evaluation)
    try:
        load_bundle(bundle)
    except BundleError as error:
        broken = Difference("bundle", "files as its manifest says", str(error))
        return Verification(evaluation.model, 1, (broken,), ())
    wanted = _recorded_digests(run, evaluation)
    found = _found_digests(bundle, data, evaluation.split, trained=bool(run.read("digests.json")))
    again = evaluate(
        bundle,
        data,
        split=evaluation.split,
        suites=evaluation.suites,
        threads=evaluation.threads,
        encoder=evaluation.encoder,
    )
    wanted |= {"threshold": evaluation.threshold, **dict(_leaves(recorded))}
    found |= {
        "threshold": again.evaluation.threshold,
        **dict(_leaves(json.loads(json.dumps(again.results)))),
    }
    names = sorted(wanted.keys() | found.keys())
    pairs = [(name, wanted.get(name, _ABSENT), found.get(name, _ABSENT)) for name in names]
    differences = tuple(Difference(*pair) for pair in pairs if not _same(pair[1], pair[2]))
    return Verification(evaluation.model, len(names), differences, tuple(_notes(run)))


def _bundle(run: RunDirectory, evaluation: Evaluation) -> Path:
    """The run's own bundle, or the one that ships if the figures are of that one."""
    own = run.path / "bundle"
    there = [bundle for bundle in (own, DEFAULT_BUNDLE) if (bundle / MANIFEST).is_file()]
    for bundle in there:
        if manifest_digest(bundle) == evaluation.manifest:
            return bundle
    if own in there:
        return own
    raise InputError(
        f"expected the bundle {evaluation.model} in the run, found none: name it (--model)",
        file=str(run.path),
    )


def _recorded_digests(run: RunDirectory, evaluation: Evaluation) -> dict[str, object]:
    """What the run says of its bundle, of the data it was trained on and evaluated on."""
    return {
        f"sha256.{MANIFEST}": evaluation.manifest,
        **{f"sha256.{name}": digest for name, digest in evaluation.data.items()},
        **{f"manifest.data.{name}": sha for name, sha in run.read("digests.json").items()},
    }


def _found_digests(
    bundle: Path, data: Path | str, split: str, *, trained: bool
) -> dict[str, object]:
    parts = read_manifest(bundle).get("data", {}) if trained else {}
    return {
        f"sha256.{MANIFEST}": manifest_digest(bundle),
        **{f"sha256.{name}": sha for name, sha in load_corpora(data, split).digests().items()},
        **{f"manifest.data.{name}": sha for name, sha in parts.items()},
    }


def _leaves(value: object, name: str = "") -> Iterator[tuple[str, object]]:
    """Every number and text of a JSON value under its dotted name.

    Why something was skipped names folders, so that only what was skipped counts.
    """
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _leaves(inner, f"{name}.{key}" if name else str(key))
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from _leaves(inner, f"{name}.{number}")
    else:
        yield name, None if "skipped" in name.split(".") else value


def _same(one: Any, other: Any) -> bool:
    return type(one) is type(other) and (one == other or (one != one and other != other))


def _notes(run: RunDirectory) -> Iterator[str]:
    then, now = run.read("environment.json"), collect_environment()
    for name in ("machine", "python", "commit"):
        if then.get(name) != now[name]:
            yield f"{name} was {then.get(name)}, is {now[name]}"
    for name, version in sorted(then.get("packages", {}).items()):
        if now["packages"].get(name) != version:
            yield f"{name} was {version}, is {now['packages'].get(name)}"

"""Where a bundle comes from: what it began with, what that began with, and what each has seen."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from eval.tracking import Store, Version, open_store
from sayso.bundle import DEFAULT_BUNDLE, MANIFEST, load_bundle, manifest_digest, read_manifest
from sayso.errors import InputError
from sayso.registry import DIGEST
from training.registry import CHAMPION, MODEL
from training.release import BUNDLE
from training.seen import SEEN, read_seen

__all__ = ["Ancestor", "Lineage", "lineage"]

_START, _DATA = "start", "data"


@dataclass(frozen=True, slots=True)
class Ancestor:
    """A bundle in a line of descent.

    Attributes:
        model: its id; a digest where nothing else is known of it.
        digest: SHA-256 of its manifest.
        version: number in the registry; None where it is not registered.
        run: MLflow's id of its run, if any.
        gate: what the gate said of it, if it was asked.
        data: SHA-256 over every row of each part of the data it saw, by name.
        seen: rows of `training.seen`; None where the run does not tell, or there is none.
    """

    model: str
    digest: str
    version: str | None
    run: str | None
    gate: str | None
    data: Mapping[str, str]
    seen: tuple[Mapping[str, Any], ...] | None

    def rows_of(self, name: str) -> list[Mapping[str, Any]]:
        """The rows of what it saw that are an article's, a statement's, a text's or a person's.

        Args:
            name: id of an article or a statement, `data.digest.digest_text`, or `annotator:NAME`.
        """
        names = ("article", "statement", "text")
        return [
            row
            for row in self.seen or ()
            if name in (*map(row.get, names), f"annotator:{row.get('annotator')}")
        ]


@dataclass(frozen=True, slots=True)
class Lineage:
    """A bundle and all that it goes back to, the bundle first."""

    ancestors: tuple[Ancestor, ...]

    def to_text(self) -> str:
        """To be read: a block for each."""
        lines = []
        for one in self.ancestors:
            place = "not in the registry" if one.version is None else f"version {one.version}"
            lines.append(f"{one.model} ({place}{f', run {one.run}' if one.run else ''})")
            if one.gate:
                lines.append(f"  gate: {one.gate}")
            lines += [f"  {name}: {digest}" for name, digest in sorted(one.data.items())]
            if one.seen is not None:
                articles = {row["article"] for row in one.seen}
                statements = sum("statement" in row for row in one.seen)
                lines.append(f"  saw {len(articles):,} articles, {statements:,} statements")
        return "\n".join(lines)

    def sightings(self, name: str) -> str:
        """To be read: which of them saw an article, a statement or `annotator:NAME`, for what."""
        lines = []
        for one in self.ancestors:
            rows = one.rows_of(name)
            if one.seen is None:
                lines.append(f"{one.model}: its run does not tell what it saw")
            elif not rows:
                lines.append(f"{one.model}: has not seen {name}")
            else:
                parts = ", ".join(sorted({str(row["part"]) for row in rows}))
                lines.append(f"{one.model}: saw {len(rows)} rows of {name} ({parts})")
        return "\n".join(lines)


def lineage(model: str | None = None, *, uri: str | None = None) -> Lineage:
    """Follow a bundle back through the registry.

    Args:
        model: number of a version, a bundle's folder, or a run's with one; None for the champion,
            or the bundle that ships while there is none.
        uri: store; see `sayso.server.tracking_uri`.

    Raises:
        InputError: there is no such version.
        BundleError: a folder holds no bundle.
        TrackingError: the store does not answer or refuses.
    """
    with open_store(uri) as store:
        versions = {one.tags.get(DIGEST, ""): one for one in store.versions(MODEL)}
        return Lineage(tuple(_walk(store, versions, _manifest(store, model))))


@dataclass(frozen=True, slots=True)
class _Known:
    """A manifest and its digest; the manifest is empty where only the digest is known."""

    digest: str
    manifest: Mapping[str, Any]


def _walk(store: Store, versions: Mapping[str, Version], first: _Known) -> Iterator[Ancestor]:
    known, done = first, set()
    while known.digest and known.digest not in done:
        done.add(known.digest)
        version = versions.get(known.digest)
        data = {str(k): str(v) for k, v in known.manifest.get(_DATA, {}).items()}
        yield Ancestor(
            model=str(known.manifest.get("model", f"sha256 {known.digest}")),
            digest=known.digest,
            version=None if version is None else version.number,
            run=None if version is None else version.run_id,
            gate=None if version is None else version.tags.get("gate"),
            data=data,
            seen=None if version is None else _seen(store, version),
        )
        start = data.get(_START, "").partition(":")[0]
        known = _Known(start, _manifest_of(store, versions.get(start), start))


def _manifest(store: Store, model: str | None) -> _Known:
    if model is not None and not model.isdecimal():
        folder = Path(model)
        folder = folder if (folder / MANIFEST).is_file() else folder / BUNDLE
        load_bundle(folder)
        return _Known(manifest_digest(folder), read_manifest(folder))
    if model is None:
        version = store.version_at(MODEL, CHAMPION)
        if version is None:
            return _Known(manifest_digest(DEFAULT_BUNDLE), read_manifest(DEFAULT_BUNDLE))
    else:
        version = next((v for v in store.versions(MODEL) if v.number == model), None)
        if version is None:
            raise InputError(f"expected version {model} of {MODEL} in the registry, found none")
    digest = version.tags.get(DIGEST, "")
    return _Known(digest, _manifest_of(store, version, digest))


def _manifest_of(store: Store, version: Version | None, digest: str) -> Mapping[str, Any]:
    """What a version's manifest says, or that of the bundle that ships; empty if it is neither."""
    if version is not None:
        with tempfile.TemporaryDirectory() as folder:
            return read_manifest(store.bundle(MODEL, version, Path(folder)))
    if digest == manifest_digest(DEFAULT_BUNDLE):
        return read_manifest(DEFAULT_BUNDLE)
    return {}


def _seen(store: Store, version: Version) -> tuple[Mapping[str, Any], ...] | None:
    if not version.run_id or SEEN not in store.files(version.run_id):
        return None
    with tempfile.TemporaryDirectory() as folder:
        store.download(version.run_id, SEEN, Path(folder))
        return tuple(read_seen(Path(folder)))

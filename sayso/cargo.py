"""What a cluster's workers need to load the very scorer that the driver was told to use."""

from __future__ import annotations

import contextlib
import io
import os
import shutil
import tempfile
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from sayso.bundle import (
    DEFAULT_BUNDLE,
    FILES,
    MANIFEST,
    bundle_folder,
    load_bundle,
    manifest_digest,
)
from sayso.errors import BundleError, SaysoError
from sayso.scorer import Scorer
from sayso.settings import ScorerSettings
from sayso.stance import least_confidence

__all__ = ["Cargo", "pack_bundle", "plan_cargo", "worker_scorer"]

_SCORERS: dict[Cargo, Scorer] = {}


@dataclass(frozen=True, slots=True)
class Cargo:
    """Settings as a worker takes them, and the bundle they were checked with.

    Attributes:
        settings: `model` is None where the worker's own shipped bundle is to be used, else a
            name for people to read; `threads` is never None.
        digest: SHA-256 of the bundle's manifest, which binds each of its files.
        model: id of the bundle.
    """

    settings: ScorerSettings
    digest: str
    model: str

    @property
    def shipped(self) -> bool:
        """Whether the bundle is the one that each worker has installed."""
        return self.settings.model is None


def plan_cargo(settings: ScorerSettings | None = None) -> tuple[Cargo, Path]:
    """Check settings once, on the driver.

    Returns:
        What to send, and the folder of the bundle on this machine.

    Raises:
        BundleError: the folder is no whole bundle.
        TrackingError: a registry does not answer or holds no such model.
        UsageError: `abstain` makes no sense for the bundle.
    """
    settings = settings or ScorerSettings()
    name = bundle_folder(settings.model)
    settings = replace(settings, model=name, threads=settings.threads or 1)
    folder = DEFAULT_BUNDLE if name is None else Path(name)
    bundle = load_bundle(folder)
    least_confidence(bundle.config, settings.abstain)
    return Cargo(settings, manifest_digest(folder), bundle.model), folder


def pack_bundle(folder: Path) -> bytes:
    """A bundle's files as one archive; the same bundle gives the same bytes."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name in (MANIFEST, *FILES):
            archive.writestr(zipfile.ZipInfo(name), (folder / name).read_bytes())
    return packed.getvalue()


def worker_scorer(cargo: Cargo, fetch: Callable[[], bytes]) -> Scorer:
    """The scorer of this process: loaded at the first call and kept for all later ones.

    Args:
        cargo: what to load.
        fetch: gives the bundle as `pack_bundle` made it; called only if this machine lacks it.

    Raises:
        BundleError: the bundle that is installed here is another one than the driver's, or what
            was fetched is damaged.
    """
    found = _SCORERS.get(cargo)
    if found is None:
        folder = _installed(cargo) if cargo.shipped else _unpacked(cargo, fetch)
        found = replace(cargo.settings, model=str(folder)).load()
        _SCORERS[cargo] = found
    return found


def _installed(cargo: Cargo) -> Path:
    found = manifest_digest(DEFAULT_BUNDLE)
    if found != cargo.digest:
        raise BundleError(
            f"expected the bundle {cargo.model} of the driver on each worker, found another: "
            "install the same version of sayso on all of them"
        )
    return DEFAULT_BUNDLE


def _unpacked(cargo: Cargo, fetch: Callable[[], bytes]) -> Path:
    """The bundle in a temporary folder that processes of one user and machine share."""
    user = os.getuid() if hasattr(os, "getuid") else 0
    folder = Path(tempfile.gettempdir()) / f"sayso-{user}-{cargo.digest[:32]}"
    if _is_whole(folder, cargo):
        return folder
    fresh = Path(tempfile.mkdtemp(prefix="sayso-"))
    with (
        contextlib.suppress(zipfile.BadZipFile, KeyError),
        zipfile.ZipFile(io.BytesIO(fetch())) as archive,
    ):
        for name in (MANIFEST, *FILES):
            (fresh / name).write_bytes(archive.read(name))
    if not _is_whole(fresh, cargo):
        shutil.rmtree(fresh)
        raise BundleError(f"expected the bundle {cargo.model} as the driver sent it, found another")
    try:
        fresh.rename(folder)
    except OSError:  # another process was first, or left a damaged one
        return folder if _is_whole(folder, cargo) else fresh
    return folder


def _is_whole(folder: Path, cargo: Cargo) -> bool:
    try:
        load_bundle(folder)
        return manifest_digest(folder) == cargo.digest
    except (OSError, SaysoError):
        return False

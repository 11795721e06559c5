"""The released model as a folder: JSON and ONNX only, each file bound by its SHA-256."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sayso.errors import BundleError
from sayso.records import NONE, STANCES
from sayso.tags import LAYERS, TAGS

__all__ = [
    "BUNDLE_FORMAT",
    "DEFAULT_BUNDLE",
    "FILES",
    "MANIFEST",
    "REGISTERED",
    "SAW",
    "Bundle",
    "BundleConfig",
    "bundle_folder",
    "default_bundle_id",
    "load_bundle",
    "manifest_digest",
    "read_manifest",
]

BUNDLE_FORMAT = 2
"""Version of the folder's layout; another one is refused."""

SAW = "saw"
"""The manifest's entry with the digests of the texts that the model was made from."""

REGISTERED = "models:/"
"""What the name of a model in a registry of MLflow begins with."""

DEFAULT_BUNDLE = Path(__file__).parent / "bundles" / "small"
"""The bundle that ships with the package."""

WORDS, MODEL, STANCE, TOKENIZER, CONFIG, MANIFEST = (
    "words.onnx",
    "model.onnx",
    "stance.onnx",
    "tokenizer.json",
    "config.json",
    "manifest.json",
)
FILES = (WORDS, MODEL, STANCE, TOKENIZER, CONFIG)
"""What the manifest binds: word embeddings, encoder with token heads, stance stage, tokenizer and
settings."""


@dataclass(frozen=True, slots=True)
class BundleConfig:
    """`config.json`: what decoding needs beside the two graphs.

    Attributes:
        labels: the five stance labels in the order of the stance head's scores.
        tags: tags in the order of emissions; layers after one another.
        window_size: most tokens of a window, special tokens not counted.
        window_overlap: fewest tokens that neighbouring windows share.
        transitions: [layer][from][to] scores of the CRF.
        link_size: length of link vectors.
        link_distance: [link][bucket] added to a link's score.
        stance_size: length of a pooled vector.
        temperature: the stance scores are divided by it (Guo et al. 2017).
        bias: added to the scaled stance scores, one figure a label.
        statement_threshold: least `p_statement` of a row that is kept.
        members: how many networks the graph averages.
        confidences: the stance's probability under which each hundredth of statements lies, from
            0 to 100, on held-out articles; empty if it was not measured.
    """

    labels: tuple[str, ...]
    tags: tuple[str, ...]
    layers: tuple[str, ...]
    window_size: int
    window_overlap: int
    transitions: tuple[tuple[tuple[float, ...], ...], ...]
    link_size: int
    link_distance: tuple[tuple[float, ...], ...]
    stance_size: int
    temperature: float
    bias: tuple[float, ...]
    statement_threshold: float
    members: int = 1
    confidences: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Bundle:
    """A bundle whose files were checked.

    Attributes:
        folder: where it stands.
        model: its id, as rows carry it.
        config: its settings.
    """

    folder: Path
    model: str
    config: BundleConfig


def read_manifest(folder: Path) -> Mapping[str, Any]:
    """The bundle's `manifest.json`.

    Raises:
        BundleError: it is missing, not JSON, or of another format.
    """
    path = folder / MANIFEST
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise BundleError(f"{folder}: expected a bundle with {MANIFEST}, found {error}") from error
    found = manifest.get("format") if isinstance(manifest, dict) else None
    if found != BUNDLE_FORMAT:
        raise BundleError(f"{path}: expected bundle format {BUNDLE_FORMAT}, found {found!r}")
    return dict(manifest)


def load_bundle(path: Path | str | None = None) -> Bundle:
    """Check a bundle's files against its manifest and read its settings.

    Args:
        path: the bundle's folder; None for the one that ships with the package.

    Raises:
        BundleError: a file is missing, differs from the manifest or does not make sense.
    """
    folder = Path(path) if path is not None else DEFAULT_BUNDLE
    manifest = read_manifest(folder)
    digests = manifest.get("files", {})
    for name in FILES:
        try:
            found = hashlib.sha256((folder / name).read_bytes()).hexdigest()
        except OSError as error:
            raise BundleError(f"{folder}: expected the file {name}, found {error}") from error
        if found != digests.get(name):
            raise BundleError(
                f"{folder / name}: expected sha256 {digests.get(name)} as in {MANIFEST}, "
                f"found {found}"
            )
    return Bundle(folder=folder, model=str(manifest["model"]), config=_config(folder / CONFIG))


def manifest_digest(folder: Path) -> str:
    """SHA-256 of a bundle's `manifest.json`, and so of all of the bundle."""
    return hashlib.sha256((folder / MANIFEST).read_bytes()).hexdigest()


def bundle_folder(model: str | None) -> str | None:
    """The folder of a model that is named by its folder or by its place in a registry of MLflow.

    Args:
        model: a folder, which is given back as it is; `models:/NAME@ALIAS` or
            `models:/NAME/VERSION`, which is fetched (see `sayso.registry.fetch_bundle`); None.

    Raises:
        TrackingError: the registry does not answer, or holds no such model.
        BundleError: what was fetched is no whole bundle.
    """
    if model is None or not model.startswith(REGISTERED):
        return model
    from sayso.registry import fetch_bundle

    return str(fetch_bundle(model))


def default_bundle_id() -> str:
    """Id of the bundle that ships with the package, without loading it.

    Raises:
        BundleError: there is none.
    """
    return str(read_manifest(DEFAULT_BUNDLE)["model"])


def _config(path: Path) -> BundleConfig:
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
        config = BundleConfig(**{key: _frozen(value) for key, value in raw.items()})
    except (TypeError, ValueError, AttributeError) as error:
        raise BundleError(f"{path}: expected a bundle's settings, found {error}") from error
    for name, expected in (("labels", (*STANCES, NONE)), ("tags", TAGS), ("layers", LAYERS)):
        if getattr(config, name) != expected:
            raise BundleError(f"{path}: expected {name} {expected}, found {getattr(config, name)}")
    return config


def _frozen(value: Any) -> Any:
    return tuple(_frozen(item) for item in value) if isinstance(value, list) else value

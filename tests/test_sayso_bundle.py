"""A bundle is taken whole and unchanged, or refused with what was expected and found."""

import json
import shutil
from pathlib import Path

import pytest

from sayso.bundle import (
    CONFIG,
    DEFAULT_BUNDLE,
    FILES,
    MANIFEST,
    MODEL,
    default_bundle_id,
    load_bundle,
)
from sayso.errors import BundleError
from sayso.scorer import Scorer


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the released bundle."""
    return Path(shutil.copytree(DEFAULT_BUNDLE, tmp_path / "bundle"))


def test_the_released_bundle() -> None:
    bundle = load_bundle()
    assert bundle.model == default_bundle_id()
    assert sorted(p.name for p in DEFAULT_BUNDLE.iterdir()) == sorted([*FILES, MANIFEST])
    size = sum(p.stat().st_size for p in DEFAULT_BUNDLE.iterdir())
    assert size <= 40 * 2**20
    assert all(p.suffix in {".json", ".onnx"} for p in DEFAULT_BUNDLE.iterdir())


def test_missing_folder(tmp_path: Path) -> None:
    with pytest.raises(BundleError, match=r"expected a bundle with manifest\.json"):
        Scorer.load(tmp_path / "nowhere")


@pytest.mark.parametrize("name", FILES)
def test_missing_file(copy: Path, name: str) -> None:
    (copy / name).unlink()
    with pytest.raises(BundleError, match=f"expected the file {name}"):
        load_bundle(copy)


@pytest.mark.parametrize("name", FILES)
def test_changed_file(copy: Path, name: str) -> None:
    data = bytearray((copy / name).read_bytes())
    data[len(data) // 2] ^= 1
    (copy / name).write_bytes(bytes(data))
    with pytest.raises(BundleError, match="expected sha256"):
        load_bundle(copy)


def test_truncated_model(copy: Path) -> None:
    (copy / MODEL).write_bytes((copy / MODEL).read_bytes()[:1000])
    with pytest.raises(BundleError, match="expected sha256"):
        load_bundle(copy)


@pytest.mark.parametrize("text", ["", "[]", "{", '{"format": 99}', "\x00"])
def test_bad_manifest(copy: Path, text: str) -> None:
    (copy / MANIFEST).write_text(text)
    with pytest.raises(BundleError, match="expected"):
        load_bundle(copy)


def test_settings_of_another_kind(copy: Path) -> None:
    import hashlib

    config = json.loads((copy / CONFIG).read_text())
    config["labels"] = ["yes", "no"]
    (copy / CONFIG).write_text(json.dumps(config))
    manifest = json.loads((copy / MANIFEST).read_text())
    manifest["files"][CONFIG] = hashlib.sha256((copy / CONFIG).read_bytes()).hexdigest()
    (copy / MANIFEST).write_text(json.dumps(manifest))
    with pytest.raises(BundleError, match="expected labels"):
        load_bundle(copy)

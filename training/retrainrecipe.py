"""Recipes of retraining: what decides what new labels make of the champion, read from TOML."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from model.losses import LossWeights
from sayso.errors import InputError
from training.recipe import DataConfig, EncoderConfig, SomeRecipe, TrainConfig, read_sections

__all__ = ["FULL", "HEADS", "RetrainConfig", "RetrainRecipe", "load_retrain_recipe"]

HEADS, FULL = "heads", "full"
"""What is trained: the heads on kept encoder states, or the whole network."""


@dataclass(frozen=True, slots=True)
class RetrainConfig:
    """How new labels and earlier ones go together.

    Attributes:
        mode: `HEADS` or `FULL`.
        replay: earlier articles that are learnt again beside the new ones, half of them fully
            marked as far as there are so many.
        repeats: how often an epoch sees each new article.
        held_share: share of the new articles that is not learnt, to measure on.

    Raises:
        InputError: a value is out of range.
    """

    mode: str = HEADS
    replay: int = 160
    repeats: int = 2
    held_share: float = 0.25

    def __post_init__(self) -> None:
        if self.mode not in (HEADS, FULL):
            raise InputError(f"expected mode {HEADS} or {FULL}, found {self.mode!r}")
        if self.replay < 0 or self.repeats < 1 or not 0 < self.held_share < 1:
            raise InputError(
                "expected replay of 0 or more, repeats of 1 or more and held_share in (0, 1), "
                f"found {self.replay}, {self.repeats} and {self.held_share}"
            )


@dataclass(frozen=True, slots=True)
class RetrainRecipe(SomeRecipe):
    """One way to retrain. `name` is the file's stem.

    Attributes:
        data: the earlier data, which is replayed, and of which the part that was always held out
            calibrates.
        encoder: of the champion, where all of it is trained.
    """

    name: str
    retrain: RetrainConfig = field(default_factory=RetrainConfig)
    data: DataConfig = field(default_factory=DataConfig)
    loss: LossWeights = field(default_factory=LossWeights)
    train: TrainConfig = field(default_factory=TrainConfig)
    encoder: EncoderConfig | None = None


def load_retrain_recipe(path: Path | str) -> RetrainRecipe:
    """Read a recipe; every key is checked against the sections' fields.

    Raises:
        InputError: no such file, not TOML, an unknown section or key, a value out of range, or no
            encoder where all of the network is trained.
    """
    kinds = {
        "retrain": RetrainConfig,
        "data": DataConfig,
        "loss": LossWeights,
        "train": TrainConfig,
        "encoder": EncoderConfig,
    }
    recipe = RetrainRecipe(name=Path(path).stem, **read_sections(path, kinds))
    if recipe.retrain.mode == FULL and recipe.encoder is None:
        raise InputError("expected a section [encoder], found none", file=str(path))
    return recipe

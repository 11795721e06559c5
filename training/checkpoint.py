"""Checkpoints without pickle: safetensors and JSON, written whole or not at all."""

from __future__ import annotations

import json
import os
import shutil
from dataclasses import dataclass
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from torch import Tensor, nn

__all__ = ["Checkpoint", "load_checkpoint", "save_checkpoint"]

_NAME = "checkpoint"


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """Where training stands.

    Attributes:
        step: steps done.
        recipe: digest of the recipe and data that it belongs to.
        average: exponential average of the weights, by parameter name; empty if none is kept.
    """

    step: int
    recipe: str
    average: dict[str, Tensor]


def save_checkpoint(
    folder: Path, checkpoint: Checkpoint, network: nn.Module, optimizer: torch.optim.Optimizer
) -> None:
    """Replace the folder's checkpoint; an interrupted save leaves the old one."""
    fresh, old = folder / f".{_NAME}.tmp", folder / _NAME
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    weights = {k: v.detach().contiguous() for k, v in network.state_dict().items()}
    save_file(weights, fresh / "network.safetensors")
    moments = {
        f"{index}.{name}": torch.as_tensor(value).contiguous()
        for index, state in optimizer.state_dict()["state"].items()
        for name, value in state.items()
    }
    save_file(moments, fresh / "optimizer.safetensors")
    if checkpoint.average:
        save_file(checkpoint.average, fresh / "average.safetensors")
    (fresh / "state.json").write_text(
        json.dumps({"step": checkpoint.step, "recipe": checkpoint.recipe})
    )
    before = folder / f".{_NAME}.old"
    shutil.rmtree(before, ignore_errors=True)
    if old.exists():
        os.replace(old, before)
    os.replace(fresh, old)
    shutil.rmtree(before, ignore_errors=True)


def load_checkpoint(
    folder: Path, recipe: str, network: nn.Module, optimizer: torch.optim.Optimizer
) -> Checkpoint | None:
    """Restore network and optimizer, or return None where there is no checkpoint of this recipe."""
    place = folder / _NAME
    if not (place / "state.json").exists():
        place = folder / f".{_NAME}.old"
    if not (place / "state.json").exists():
        return None
    state = json.loads((place / "state.json").read_text())
    if state["recipe"] != recipe:
        return None
    network.load_state_dict(load_file(place / "network.safetensors"))
    moments: dict[int, dict[str, Tensor]] = {}
    for key, value in load_file(place / "optimizer.safetensors").items():
        index, _, name = key.partition(".")
        moments.setdefault(int(index), {})[name] = value
    whole = optimizer.state_dict()
    optimizer.load_state_dict({"state": moments, "param_groups": whole["param_groups"]})
    average = place / "average.safetensors"
    return Checkpoint(state["step"], recipe, load_file(average) if average.exists() else {})

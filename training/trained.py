"""What a run folder holds once trained: its networks, built again with their weights."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from safetensors.torch import load_file, save_file
from torch import Tensor, nn

from eval.rundir import RunDirectory
from model.network import NetworkConfig, SaysoNetwork, keep_layers
from model.restore import restore_network
from sayso.bundle import MANIFEST, TOKENIZER
from sayso.errors import InputError
from training.recipe import EncoderConfig

__all__ = [
    "NETWORK",
    "Trained",
    "load_trained",
    "save_weights",
    "starting_weights",
    "tokenizer_folder",
    "weights_digest",
]

NETWORK = "network.safetensors"
"""The trained weights in a run's folder."""

NOT_SET = "null"
"""What a parameter without a value is in `params.json` (see `training.recipe.Recipe.flat`)."""


@dataclass(frozen=True, slots=True)
class Trained:
    """A trained network and what it takes to use it.

    Attributes:
        network: in evaluation mode.
        tokenizer: folder of its `tokenizer.json`.
        chunk: most tokens of a window that it was trained on.
    """

    network: SaysoNetwork
    tokenizer: Path
    chunk: int


def load_trained(folder: Path) -> Trained:
    """The network that `fit` left in a run's folder.

    Raises:
        InputError: the folder holds no trained run, or its encoder is not at hand.
    """
    params = RunDirectory(folder).read("params.json")
    if not params or not (folder / NETWORK).is_file():
        raise InputError(f"expected a trained run with {NETWORK}, found none", file=str(folder))
    digest = params.get("encoder.sha256")
    known = None if digest in (None, NOT_SET) else str(digest)
    place = EncoderConfig(params["encoder.name"], known).locate()
    network = SaysoNetwork.pretrained(place, _network_config(params))
    keep_layers(network, json.loads(params.get("encoder.layers", "[]")))
    network.load_state_dict(load_file(folder / NETWORK))
    return Trained(network.eval(), tokenizer_folder(place, folder), int(params["train.chunk"]))


def save_weights(network: nn.Module, folder: Path) -> None:
    """Leave trained weights in a run's folder, whole or not at all."""
    final = folder / NETWORK
    fresh = final.with_suffix(".tmp")
    save_file({k: v.contiguous() for k, v in network.state_dict().items()}, fresh)
    fresh.replace(final)


def starting_weights(start: Path, member: int = 1) -> dict[str, Tensor]:
    """What a network begins with: a trained run's weights, or those of a network in a bundle.

    Args:
        start: a run's folder or a bundle's.
        member: which network of a bundle, from 1.

    Raises:
        InputError: it is neither, or the bundle has no such network.
        BundleError: the bundle is not whole.
    """
    if (start / MANIFEST).is_file():
        return restore_network(start, member)
    weights_digest(start)
    return load_file(start / NETWORK)


def weights_digest(folder: Path) -> str:
    """SHA-256 of a run's trained weights, or of a bundle's manifest, which binds its files.

    Raises:
        InputError: there are none.
    """
    name = MANIFEST if (folder / MANIFEST).is_file() else NETWORK
    try:
        return hashlib.sha256((folder / name).read_bytes()).hexdigest()
    except OSError as error:
        raise InputError(f"expected a trained run with {NETWORK}, found {error}") from error


def tokenizer_folder(place: str, run: Path) -> Path:
    """A folder with the encoder's `tokenizer.json`: its own, or the run's for a hub id."""
    if (Path(place) / TOKENIZER).exists():
        return Path(place)
    from transformers import AutoTokenizer

    folder = run / "tokenizer"
    AutoTokenizer.from_pretrained(place, use_fast=True).save_pretrained(folder)
    return folder


def _network_config(params: Mapping[str, Any]) -> NetworkConfig:
    names = {field.name: f"network.{field.name}" for field in fields(NetworkConfig)}
    return NetworkConfig(**{k: params[name] for k, name in names.items() if name in params})

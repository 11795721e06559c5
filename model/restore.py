"""A bundle's graph → weights that training can start from, int8 made float again."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import ModelProto, NodeProto, numpy_helper
from torch import Tensor

from model.fused import QKV
from sayso.bundle import MODEL, STANCE, load_bundle
from sayso.errors import InputError

__all__ = ["factor_names", "restore_network", "restore_weights"]

LEAST = 10.0
"""Bound on transition scores, under which only forbidden ones lie, which are masked anyway."""

_QUANTIZED = "_quantized"

_PLACES, _KINDS = "position_embeddings.weight", "token_type_embeddings.weight"
"""Of a fused encoder the former hold the latter too."""


def restore_weights(graph: Path) -> dict[str, Tensor]:
    """The parameters of an exported graph by their names in PyTorch, as float32.

    Matrices that the exporter left without a name of their own take the one of the bias that is
    added to their product. Quantised ones are `scale * (value - zero point)`, so that they differ
    from what was trained by at most half a step of their column's scale.

    Args:
        graph: an ONNX file that `model.export` wrote, int8 or float32.

    Raises:
        InputError: the file cannot be read as ONNX.
    """
    try:
        model = onnx.load(graph)
    except Exception as error:  # protobuf's own errors have no common base
        raise InputError(f"expected an ONNX graph, found {error}", file=str(graph)) from error
    arrays = {i.name: numpy_helper.to_array(i) for i in model.graph.initializer}
    factors = factor_names(model)
    out: dict[str, Tensor] = {}
    for name, array in arrays.items():
        stem = name.removesuffix(_QUANTIZED)
        if stem != name:
            scale, zero = arrays[f"{stem}_scale"], arrays[f"{stem}_zero_point"]
            array = ((array.astype(np.float32) - zero.astype(np.float32)) * scale).astype(
                np.float32
            )
        title = factors.get(name, stem)
        if not title.endswith(("weight", "bias")) or array.dtype != np.float32:
            continue
        turned = torch.from_numpy(np.array(array.T if name in factors else array, order="C"))
        out.update(_split(title, turned))
        if title.endswith(_PLACES) and any(f".{QKV}." in name for name in arrays):
            out[title.replace(_PLACES, _KINDS)] = torch.zeros(2, turned.shape[1])
    return out


def _split(title: str, value: Tensor) -> dict[str, Tensor]:
    """A parameter by its name in PyTorch; of a joined projection the three that it was made of."""
    stem, middle, kind = title.rpartition(f".{QKV}.")
    if not middle:
        return {title: value}
    parts = value.chunk(3)
    names = (f"{stem}.{part}.{kind}" for part in ("query", "key", "value"))
    return {name: part.clone() for name, part in zip(names, parts, strict=True)}


def restore_network(folder: Path, member: int) -> dict[str, Tensor]:
    """The parameters of one network of a bundle, to start training from.

    The word embeddings are not among them, since training leaves the encoder's own as they are;
    transitions and distances are the means that the bundle decodes with.

    Args:
        folder: the bundle.
        member: which of its networks, from 1.

    Raises:
        BundleError: the folder is no whole bundle.
        InputError: it has fewer networks.
    """
    config = load_bundle(folder).config
    if not 1 <= member <= config.members:
        raise InputError(
            f"expected a network of {config.members}, found {member}", file=str(folder)
        )
    prefix = f"ensemble.networks.{member - 1}."
    found = restore_weights(folder / MODEL) | restore_weights(folder / STANCE)
    out = {k.removeprefix(prefix): v for k, v in found.items() if k.startswith(prefix)}
    for layer, scores in enumerate(config.transitions):
        out[f"crfs.{layer}.transitions"] = torch.tensor(scores).clamp(min=-LEAST)
    return {**out, "distance": torch.tensor(config.link_distance)}


def factor_names(model: ModelProto) -> dict[str, str]:
    """Right factors of products by initializer: the parameter that each is transposed of."""
    names = {i.name for i in model.graph.initializer}
    readers: dict[str, list[NodeProto]] = {}
    for node in model.graph.node:
        for value in node.input:
            readers.setdefault(value, []).append(node)
    out = {}
    for node in model.graph.node:
        if node.op_type in ("MatMul", "MatMulInteger", "DynamicQuantizeMatMul"):
            factor = node.input[1]
            if factor in names and (bias := _bias(node, readers, names)):
                out[factor] = bias.removesuffix("bias") + "weight"
    return out


def _bias(node: NodeProto, readers: dict[str, list[NodeProto]], names: set[str]) -> str | None:
    """The bias that is added to a product, casts and scales in between."""
    for _ in range(4):
        following = readers.get(node.output[0], [])
        if len(following) != 1:
            return None
        node = following[0]
        if node.op_type in ("Add", "BiasGelu", "SkipLayerNormalization"):
            biases = [v for v in node.input if v in names and v.endswith("bias")]
            return biases[-1] if biases else None
    return None

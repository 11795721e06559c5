"""The heads of a bundle by themselves: its encoder's states in, other heads put in their place.

The encoder stays as it is, byte for byte, int8 included, so that what the heads learn from is what
they see when the bundle scores.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import onnx
import torch
from onnx import GraphProto, ModelProto, TensorProto, helper, numpy_helper

from model.export import head_products, seal_bundle
from model.network import Heads, NetworkConfig
from model.restore import factor_names, restore_network
from sayso.bundle import MODEL, STANCE, TOKENIZER, Bundle
from sayso.encoder import Encoder
from sayso.errors import InputError
from sayso.tokens import TextTokenizer, TokenizedText

__all__ = ["StateReader", "graft_heads", "load_heads"]

_PREFIX = "ensemble.networks.0."


class StateReader:
    """What a bundle's encoder makes of texts, in the windows of scoring.

    Args:
        bundle: of one network.

    Raises:
        InputError: it has several networks.
    """

    def __init__(self, bundle: Bundle) -> None:
        _check_single(bundle)
        self.tokenizer = TextTokenizer.load(bundle.folder / TOKENIZER)
        graph = _states_graph(onnx.load(bundle.folder / MODEL))
        self._encoder = Encoder(bundle, self.tokenizer, graph=graph.SerializeToString())

    def states(self, text: TokenizedText) -> npt.NDArray[np.float16]:
        """The last states of a text's tokens, [tokens, width]."""
        (states,) = self._encoder.outputs(text)
        return states.astype(np.float16)


def load_heads(bundle: Bundle, *, dropout: float = 0.1) -> Heads:
    """The heads that a bundle decodes with, as a module that can be trained.

    Raises:
        InputError: the bundle has several networks, or a head was not found in its graphs.
    """
    _check_single(bundle)
    weights = restore_network(bundle.folder, 1)
    config = NetworkConfig(
        link_size=bundle.config.link_size,
        stance_size=bundle.config.stance_size,
        stance_hidden=len(weights["stance_head.layers.0.bias"]),
        dropout=dropout,
    )
    heads = Heads(weights["emissions.weight"].shape[1], config)
    known = heads.state_dict()
    found = {name: value for name, value in weights.items() if name in known}
    for name, value in known.items():
        if name.endswith("forbidden"):
            found[name] = value
    if missing := sorted(known.keys() - found.keys()):
        raise InputError(
            f"expected heads in the graphs, found no {missing[0]}", file=str(bundle.folder)
        )
    heads.load_state_dict(found)
    return heads.eval()


@torch.no_grad()
def graft_heads(
    bundle: Bundle, heads: Heads, folder: Path, *, name: str, manifest: Mapping[str, Any]
) -> str:
    """Write a bundle with the encoder of another one and heads of its own, not yet calibrated.

    Args:
        bundle: gives encoder, words, tokenizer and window.
        heads: of the sizes that `load_heads` gives.
        folder: where the new bundle goes, whole or not at all.
        name: the first part of its id, without precision.
        manifest: what the manifest says of run and data.

    Returns:
        Its id.
    """
    fresh = folder.with_name(f".{folder.name}.tmp")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.parent.mkdir(parents=True, exist_ok=True)
    shutil.copytree(bundle.folder, fresh)
    values = {k: v.numpy() for k, v in heads.state_dict().items()}
    for graph in (MODEL, STANCE):
        model = onnx.load(fresh / graph)
        _put(model, values)
        onnx.save(model, fresh / graph)
    crfs: list[Any] = list(heads.crfs)
    config = replace(
        bundle.config,
        transitions=tuple(tuple(map(tuple, crf.scores().tolist())) for crf in crfs),
        link_distance=tuple(map(tuple, heads.distance.tolist())),
    )
    precision = bundle.model.rpartition("-")[0].rpartition("-")[2]
    return seal_bundle(fresh, folder, config, f"{name}-{precision}", manifest)


def _put(model: ModelProto, values: Mapping[str, npt.NDArray[Any]]) -> None:
    """Overwrite the initializers that are the heads' parameters."""
    factors = factor_names(model)
    for initializer in model.graph.initializer:
        title = factors.get(initializer.name, initializer.name)
        value = values.get(title.removeprefix(_PREFIX))
        if value is None or not title.startswith(_PREFIX):
            continue
        turned = value.T if initializer.name in factors else value
        array = np.ascontiguousarray(turned, dtype=np.float32)
        if list(array.shape) != list(initializer.dims):
            raise InputError(f"expected {title} of {list(initializer.dims)}, found {array.shape}")
        initializer.CopyFrom(numpy_helper.from_array(array, initializer.name))


def _states_graph(model: ModelProto) -> ModelProto:
    """The graph up to what every head reads, which is its only output."""
    graph: GraphProto = model.graph
    names = set(head_products(graph))
    read = {node.input[0] for node in graph.node if node.name in names}
    widths = {i.dims[0] for i in graph.initializer if _feeds(graph, i.name, names)}
    if len(read) != 1 or len(widths) != 1:
        raise InputError(f"expected heads that read the same states, found {sorted(read)}")
    del graph.output[:]
    shape = [None, None, widths.pop()]
    graph.output.append(helper.make_tensor_value_info(read.pop(), TensorProto.FLOAT, shape))
    return model


def _feeds(graph: GraphProto, initializer: str, names: set[str]) -> bool:
    return any(node.name in names and initializer == node.input[1] for node in graph.node)


def _check_single(bundle: Bundle) -> None:
    if bundle.config.members != 1:
        raise InputError(
            f"expected a bundle of one network, found {bundle.config.members}: train whole "
            'networks (mode = "full") and join them',
            file=str(bundle.folder),
        )

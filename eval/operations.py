"""How many operations the matrix products of a graph take, counted from its nodes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import onnx
from onnx import ModelProto, NodeProto, TensorProto

from sayso.errors import InputError

__all__ = ["GraphOperations", "Operations", "count_operations"]

_PRODUCTS = {
    "DynamicQuantizeMatMul",
    "FusedGemm",
    "FusedMatMul",
    "Gemm",
    "MatMul",
    "MatMulInteger",
    "MatMulIntegerToFloat",
    "QGemm",
    "QLinearMatMul",
}
"""Nodes that multiply matrices."""

_ATTENTIONS = {"Attention", "MultiHeadAttention", "QAttention"}
"""Nodes that hold both products of attention; some also project what goes in."""

_PASSING = {"Cast", "DequantizeLinear", "Identity", "Transpose"}
"""Nodes through which a product still knows its weights."""


@dataclass(frozen=True, slots=True)
class Operations:
    """Multiplications and additions, each counted; `int8` of products of int8, else `float32`."""

    int8: float = 0.0
    float32: float = 0.0

    @property
    def all(self) -> float:
        """Both together."""
        return self.int8 + self.float32

    def __add__(self, other: Operations) -> Operations:
        return Operations(self.int8 + other.int8, self.float32 + other.float32)


@dataclass(frozen=True, slots=True)
class GraphOperations:
    """What a graph's matrix products take; normalisation, activations and copies not counted.

    Attributes:
        int8_weights: entries of the int8 matrices that each row is multiplied with.
        float32_weights: the same of float32.
        attention_width: width of states, summed over the products of attention.
        layers: attention layers, over all networks of the graph.
        flat: rows of the first input are its first axis only, since its second holds features.
    """

    int8_weights: int
    float32_weights: int
    attention_width: int
    layers: int
    flat: bool

    def of(self, shape: Sequence[int]) -> Operations:
        """Of one run.

        Args:
            shape: of the graph's first input: [windows, tokens], with or without a width, or
                [rows, features] where `flat`.
        """
        windows, tokens = (shape[0], 1) if self.flat else (shape[0], shape[1])
        rows = windows * tokens
        attention = 0 if self.flat else rows * tokens * self.attention_width
        return Operations(
            2.0 * rows * self.int8_weights, 2.0 * (rows * self.float32_weights + attention)
        )


def count_operations(graph: Path | bytes) -> GraphOperations:
    """Count from a graph's nodes and the shapes of its weights.

    A product of two values that are computed counts as one of attention: T x T x width for T
    tokens, where the width is that of the graph's first input.

    Args:
        graph: an ONNX file, or what stands in one.

    Raises:
        InputError: it cannot be read as ONNX.
    """
    try:
        model = onnx.load_from_string(graph) if isinstance(graph, bytes) else onnx.load(graph)
    except Exception as error:  # protobuf's own errors have no common base
        raise InputError(f"expected an ONNX graph, found {error}") from error
    weights = _weights(model)
    kind = model.graph.input[0].type.tensor_type
    sizes = [dim.dim_value for dim in kind.shape.dim]
    width = sizes[-1] if kind.elem_type == TensorProto.FLOAT else 0
    found = {"int8": 0, "float32": 0}
    attention = fused = 0
    for node in model.graph.node:
        if node.op_type not in _PRODUCTS | _ATTENTIONS:
            continue
        known = max(_known(node, weights), default=None)
        if known is not None:
            found[known[1]] += known[0]
        if node.op_type in _ATTENTIONS:
            attention, fused = attention + 2 * width, fused + 1
        elif known is None:
            attention += width
    pairs = (attention // width - 2 * fused) // 2 if width else 0
    return GraphOperations(
        found["int8"],
        found["float32"],
        attention,
        fused + pairs,
        flat=len(sizes) == 2 and kind.elem_type == TensorProto.FLOAT,
    )


def _weights(model: ModelProto) -> dict[str, tuple[int, str]]:
    """Entries and type of each constant matrix by name, behind casts and turns as well."""
    out = {
        one.name: (
            int(one.dims[0] * one.dims[1]),
            "int8" if one.data_type in (TensorProto.INT8, TensorProto.UINT8) else "float32",
        )
        for one in model.graph.initializer
        if len(one.dims) == 2
    }
    for node in model.graph.node:
        if node.op_type in _PASSING and node.input[0] in out:
            entries, kind = out[node.input[0]]
            floating = node.op_type == "DequantizeLinear"
            out[node.output[0]] = entries, "float32" if floating else kind
    return out


def _known(node: NodeProto, weights: dict[str, tuple[int, str]]) -> Iterator[tuple[int, str]]:
    return (weights[name] for name in node.input if name in weights)

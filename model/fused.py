"""BERT's encoder as a CPU runs it fastest: attention, additions and activations in one kernel each.

The arithmetic is that of `transformers.BertModel` without a mask, up to rounding. The operators
are onnxruntime's own (its ContribOperators.md: MultiHeadAttention, SkipLayerNormalization,
BiasGelu), so that the module can be exported but not run.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.functional import linear
from transformers.modeling_outputs import BaseModelOutput

__all__ = ["QKV", "FusedBert", "can_fuse"]

QKV = "qkv"
"""Name of the layer that takes the place of `query`, `key` and `value`, in this order."""


def can_fuse(encoder: nn.Module) -> bool:
    """Whether `FusedBert` computes what an encoder does: a BERT with learnt absolute positions."""
    config: Any = encoder.config
    return (
        getattr(config, "model_type", None) == "bert"
        and config.hidden_act == "gelu"
        and getattr(config, "position_embedding_type", "absolute") == "absolute"
        and not config.is_decoder
    )


class FusedBert(nn.Module):
    """A BERT encoder from word embeddings to last hidden states, for export alone.

    Its parameters keep their names in the encoder, but for `QKV`; the position embeddings take in
    the token type's, of which there is one.

    Args:
        encoder: one that `can_fuse`; it is left as it is.
    """

    def __init__(self, encoder: nn.Module) -> None:
        super().__init__()
        whole: Any = copy.deepcopy(encoder)
        self.config = whole.config
        self.embeddings, self.encoder = whole.embeddings, whole.encoder
        places, kinds = self.embeddings.position_embeddings, self.embeddings.token_type_embeddings
        places.weight = nn.Parameter(places.weight.detach() + kinds.weight.detach()[0])
        for layer in self.encoder.layer:
            layer.attention.self = _joined(layer.attention.self)

    def forward(
        self, inputs_embeds: Tensor, attention_mask: Tensor | None = None
    ) -> BaseModelOutput:
        """Word embeddings [B, T, width] → states of the same shape; there is no mask."""
        embeddings: Any = self.embeddings
        places = embeddings.position_embeddings.weight[: inputs_embeds.shape[1]]
        states = embeddings.LayerNorm(inputs_embeds + places)
        for layer in self.encoder.layer:
            states = self._layer(layer, states)
        return BaseModelOutput(last_hidden_state=states)

    def _layer(self, layer: Any, states: Tensor) -> Tensor:
        attention, wide = layer.attention, layer.intermediate.dense
        heads = {"num_heads": self.config.num_attention_heads}
        parts = attention.self.qkv(states).chunk(3, dim=-1)
        mixed = _operator("MultiHeadAttention", parts, heads, states.shape)
        states = self._added(attention.output, mixed, states)
        shape = (*states.shape[:2], wide.out_features)
        raised = _operator("BiasGelu", [linear(states, wide.weight), wide.bias], {}, shape)
        return self._added(layer.output, raised, states)

    def _added(self, block: Any, values: Tensor, states: Tensor) -> Tensor:
        """Project, add to the states and normalise, as `BertOutput` does."""
        dense, norm = block.dense, block.LayerNorm
        inputs = [linear(values, dense.weight), states, norm.weight, norm.bias, dense.bias]
        return _operator("SkipLayerNormalization", inputs, {"epsilon": norm.eps}, states.shape)


def _joined(attention: Any) -> nn.Module:
    """A module with one projection to queries, keys and values."""
    parts = [attention.query, attention.key, attention.value]
    whole = nn.Linear(parts[0].in_features, sum(part.out_features for part in parts))
    whole.weight = nn.Parameter(torch.cat([part.weight.detach() for part in parts]))
    whole.bias = nn.Parameter(torch.cat([part.bias.detach() for part in parts]))
    out = nn.Module()
    out.add_module(QKV, whole)
    return out


def _operator(
    name: str, inputs: Sequence[Tensor], attributes: Mapping[str, Any], shape: Sequence[Any]
) -> Tensor:
    return torch.onnx.ops.symbolic(
        f"com.microsoft::{name}",
        list(inputs),
        dict(attributes),
        dtype=inputs[0].dtype,
        shape=shape,
        version=1,
    )

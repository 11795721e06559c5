"""The joint network: one encoder pass gives roles on two layers, links and stance features."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor, nn
from transformers import AutoModel

from data.records import LABELS
from model.crf import ChainCrf
from sayso.errors import InputError
from sayso.tags import LAYERS, TAGS
from sayso.tokens import BREAKS, QUOTES, SHAPES

__all__ = [
    "LINKS",
    "Heads",
    "NetworkConfig",
    "SaysoNetwork",
    "StanceHead",
    "TokenOutputs",
    "distance_bucket",
    "keep_layers",
]

LINKS = ("content_to_cue", "cue_to_source")
"""What points to what: each content piece to its cue, each cue to its source."""


DISTANCE_BUCKETS = 12
"""Distances of linked pieces in tokens are bucketed by their binary logarithm, each direction."""


@dataclass(frozen=True, slots=True)
class NetworkConfig:
    """Sizes of the heads.

    Attributes:
        link_size: length of the vectors whose dot product scores a link.
        stance_size: length of the pooled vector of each of cue and content.
        stance_hidden: width of the stance head's hidden layer.
        dropout: before every head.
        layout_features: add letter shape, quotation and white space to the word embeddings.
    """

    link_size: int = 64
    stance_size: int = 96
    stance_hidden: int = 192
    dropout: float = 0.1
    layout_features: bool = True


@dataclass(frozen=True, slots=True)
class TokenOutputs:
    """What the network says of each token; T is tokens, B batch.

    Attributes:
        emissions: [B, T, layers * tags] scores of `TAGS` for each of `LAYERS`.
        links: [B, T, 2 * links * link_size] query and key vectors, link after link.
        nulls: [B, T, links] score of pointing to nothing.
        stances: [B, T, 2 * (stance_size + 1)] value and attention score, for cue and content.
    """

    emissions: Tensor
    links: Tensor
    nulls: Tensor
    stances: Tensor


class StanceHead(nn.Module):
    """Pooled cue and content → the five stance labels' scores."""

    def __init__(self, config: NetworkConfig) -> None:
        super().__init__()
        self.layers = nn.Sequential(
            nn.Linear(2 * config.stance_size, config.stance_hidden),
            nn.GELU(),
            nn.Dropout(config.dropout),
            nn.Linear(config.stance_hidden, len(LABELS)),
        )

    def forward(self, pooled: Tensor) -> Tensor:
        """[statements, 2 * stance_size] → [statements, labels]."""
        out: Tensor = self.layers(pooled)
        return out


class Heads(nn.Module):
    """The token-level heads: encoder states in, scores out.

    Args:
        width: of the states.
        config: sizes of the heads.
    """

    def __init__(self, width: int, config: NetworkConfig) -> None:
        super().__init__()
        self.config = config
        self.dropout = nn.Dropout(config.dropout)
        self.emissions = nn.Linear(width, len(LAYERS) * len(TAGS))
        self.links = nn.Linear(width, 2 * len(LINKS) * config.link_size)
        self.nulls = nn.Linear(width, len(LINKS))
        self.stances = nn.Linear(width, 2 * (config.stance_size + 1))
        self.stance_head = StanceHead(config)
        self.crfs = nn.ModuleList(ChainCrf() for _ in LAYERS)
        self.distance = nn.Parameter(torch.zeros(len(LINKS), 2 * DISTANCE_BUCKETS))

    def read(self, states: Tensor) -> TokenOutputs:
        """What the heads say of the encoder's last states, [B, T, width]."""
        states = self.dropout(states)
        return TokenOutputs(
            emissions=self.emissions(states),
            links=self.links(states),
            nulls=self.nulls(states),
            stances=self.stances(states),
        )


class SaysoNetwork(Heads):
    """A pretrained encoder with token-level heads.

    Args:
        encoder: a transformers encoder that takes `inputs_embeds`.
        config: sizes of the heads.
    """

    def __init__(self, encoder: nn.Module, config: NetworkConfig) -> None:
        width = int(encoder.config.hidden_size)  # type: ignore[union-attr,arg-type]
        super().__init__(width, config)
        self.encoder = encoder
        self.shapes = nn.Embedding(len(SHAPES), width)
        self.quotes = nn.Embedding(len(QUOTES), width)
        self.breaks = nn.Embedding(len(BREAKS), width)
        for table in (self.shapes, self.quotes, self.breaks):
            nn.init.normal_(table.weight, std=0.01)

    @classmethod
    def pretrained(cls, encoder: str | Path, config: NetworkConfig) -> SaysoNetwork:
        """Build on a pretrained encoder: a hub id or a local folder.

        Attention weights are not dropped out: on a CPU that alone takes half of a step.
        """
        loaded = AutoModel.from_pretrained(
            encoder, add_pooling_layer=False, attention_probs_dropout_prob=0.0
        )
        return cls(loaded, config)

    def forward(
        self, ids: Tensor, mask: Tensor, shapes: Tensor, quotes: Tensor, breaks: Tensor
    ) -> TokenOutputs:
        """Run one batch of windows; every input is an integer tensor [B, T] with special tokens."""
        words = self.encoder.get_input_embeddings()(ids)  # type: ignore[operator]
        return self.from_words(words, mask, shapes, quotes, breaks)

    def from_words(
        self, words: Tensor, mask: Tensor | None, shapes: Tensor, quotes: Tensor, breaks: Tensor
    ) -> TokenOutputs:
        """As `forward`, from the word embeddings [B, T, width]; no mask hides nothing."""
        if self.config.layout_features:
            words = words + self.shapes(shapes) + self.quotes(quotes) + self.breaks(breaks)
        return self.read(self.encoder(inputs_embeds=words, attention_mask=mask).last_hidden_state)


def keep_layers(network: SaysoNetwork, layers: Sequence[int]) -> None:
    """Drop all but some layers of a network's encoder (Sajjad et al. 2023).

    Args:
        network: changed in place.
        layers: those that are kept, by their number from 0, in order; empty keeps all.

    Raises:
        InputError: the encoder has no list of layers, or not these.
    """
    if not layers:
        return
    stack = getattr(network.encoder, "encoder", None)
    found = getattr(stack, "layer", None)
    if not isinstance(found, nn.ModuleList):
        raise InputError("expected an encoder with a list of layers, found another kind")
    numbers = list(layers)
    if numbers != sorted(set(numbers)) or not 0 <= numbers[0] <= numbers[-1] < len(found):
        raise InputError(f"expected layers among 0 to {len(found) - 1} in order, found {numbers}")
    stack.layer = nn.ModuleList(found[number] for number in numbers)  # type: ignore[union-attr]
    network.encoder.config.num_hidden_layers = len(numbers)  # type: ignore[union-attr]


def distance_bucket(distance: Tensor) -> Tensor:
    """Signed token distances → bucket index in [0, 2 * DISTANCE_BUCKETS)."""
    size = torch.log2(distance.abs().clamp(min=1).float()).long().clamp(max=DISTANCE_BUCKETS - 1)
    return torch.where(distance < 0, size, size + DISTANCE_BUCKETS)

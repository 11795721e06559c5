"""Several networks as one: they read the same windows, and what they say is averaged."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from model.network import LINKS, SaysoNetwork, TokenOutputs

__all__ = ["Ensemble"]


class Ensemble(nn.Module):
    """Networks of the same sizes over one table of word embeddings.

    Tag scores and link scores are means over the members, stances the mean of their
    log-probabilities (Hinton 2002 calls it a product of experts). One network is an ensemble too.

    Args:
        networks: one or more, of equal `NetworkConfig`, whose word embeddings are equal.

    Raises:
        ValueError: there is none, or they do not go together.
    """

    def __init__(self, networks: Sequence[SaysoNetwork]) -> None:
        super().__init__()
        if not networks:
            raise ValueError("expected one network or more, found none")
        first = networks[0]
        for other in networks[1:]:
            if other.config != first.config:
                raise ValueError(f"expected members of {first.config}, found {other.config}")
            if not torch.equal(_words(other), _words(first)):
                raise ValueError("expected members that share their word embeddings, found others")
        self.networks = nn.ModuleList(networks)
        self.config = first.config

    @property
    def members(self) -> list[SaysoNetwork]:
        """The networks."""
        return list(self.networks)  # type: ignore[arg-type]

    def words(self) -> nn.Module:
        """The table of word embeddings that all members share."""
        table: nn.Module = self.members[0].encoder.get_input_embeddings()  # type: ignore[operator]
        return table

    def forward(
        self, ids: Tensor, mask: Tensor, shapes: Tensor, quotes: Tensor, breaks: Tensor
    ) -> TokenOutputs:
        """As of `SaysoNetwork`, with the members' link and stance vectors beside each other."""
        return self.from_words(self.words()(ids), mask, shapes, quotes, breaks)

    def from_words(
        self, words: Tensor, mask: Tensor | None, shapes: Tensor, quotes: Tensor, breaks: Tensor
    ) -> TokenOutputs:
        """As `forward`, from the word embeddings [B, T, width]; no mask hides nothing.

        Returns:
            `emissions` and `nulls` of one network; `links` with vectors of members * link_size,
            scaled so that `query · key / sqrt(length)` is the members' mean; `stances`
            [B, T, members * 2 * (stance_size + 1)], member after member.
        """
        outs = [n.from_words(words, mask, shapes, quotes, breaks) for n in self.members]
        return TokenOutputs(
            emissions=torch.stack([out.emissions for out in outs]).mean(0),
            links=self._links([out.links for out in outs]),
            nulls=torch.stack([out.nulls for out in outs]).mean(0),
            stances=torch.cat([out.stances for out in outs], dim=2),
        )

    def stance_scores(self, pooled: Tensor) -> Tensor:
        """[statements, members * 2 * stance_size] → mean log-probabilities [statements, labels]."""
        parts = torch.split(pooled, 2 * self.config.stance_size, dim=1)
        scores = [
            network.stance_head(part).log_softmax(dim=1)
            for network, part in zip(self.members, parts, strict=True)
        ]
        return torch.stack(scores).mean(0)

    def transitions(self) -> list[Tensor]:
        """Each layer's transition scores [from, to], the members' mean."""
        layers = zip(*([crf.scores() for crf in n.crfs] for n in self.members), strict=True)  # type: ignore[operator]
        return [torch.stack(list(scores)).mean(0) for scores in layers]

    def distance(self) -> Tensor:
        """What a link's distance adds to its score, [links, buckets], the members' mean."""
        return torch.stack([network.distance for network in self.members]).mean(0)

    def _links(self, links: Sequence[Tensor]) -> Tensor:
        size = self.config.link_size
        vectors = [torch.split(link, size, dim=2) for link in links]
        share = len(links) ** -0.25
        turns = range(2 * len(LINKS))
        return torch.cat([share * member[n] for n in turns for member in vectors], dim=2)


def _words(network: SaysoNetwork) -> Tensor:
    table: Tensor = network.encoder.get_input_embeddings().weight  # type: ignore[operator]
    return table

"""A linear-chain conditional random field over IOB2 tags (Lafferty, McCallum and Pereira 2001)."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from sayso.tags import TAGS, allowed_transitions

__all__ = ["FORBIDDEN", "ChainCrf"]

FORBIDDEN = -1e4
"""Score of a transition that IOB2 does not allow."""


class ChainCrf(nn.Module):
    """Learned transition scores and the negative log-likelihood of a tag sequence.

    A sequence may begin with any tag, since chunks are cut from the middle of texts.
    """

    forbidden: Tensor

    def __init__(self) -> None:
        super().__init__()
        self.transitions = nn.Parameter(torch.zeros(len(TAGS), len(TAGS)))
        self.register_buffer("forbidden", ~torch.from_numpy(allowed_transitions()))

    def scores(self) -> Tensor:
        """Transition scores [from, to] with the forbidden ones at `FORBIDDEN`."""
        return self.transitions.masked_fill(self.forbidden, FORBIDDEN)

    def forward(self, emissions: Tensor, tags: Tensor, mask: Tensor) -> Tensor:
        """Negative log-likelihood of `tags`, summed over tokens, one figure a sequence.

        Args:
            emissions: [batch, tokens, tags] float.
            tags: [batch, tokens] tag indices; any value where `mask` is False.
            mask: [batch, tokens] True for real tokens, which come first.

        Returns:
            [batch] float.
        """
        transitions = self.scores()
        tags = tags.masked_fill(~mask, 0)
        gold = emissions.gather(2, tags.unsqueeze(2)).squeeze(2) * mask
        steps = transitions[tags[:, :-1], tags[:, 1:]] * mask[:, 1:]
        return self._partition(emissions, mask, transitions) - gold.sum(1) - steps.sum(1)

    @staticmethod
    def _partition(emissions: Tensor, mask: Tensor, transitions: Tensor) -> Tensor:
        alpha = emissions[:, 0]
        for step, keep in zip(
            emissions[:, 1:].unbind(1), mask[:, 1:].unsqueeze(2).unbind(1), strict=True
        ):
            moved = torch.logsumexp(alpha.unsqueeze(2) + transitions, dim=1) + step
            alpha = torch.where(keep, moved, alpha)
        return torch.logsumexp(alpha, dim=1)

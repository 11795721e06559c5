"""The exponential average of weights that training keeps (Polyak and Juditsky 1992)."""

from __future__ import annotations

import torch
from torch import Tensor, nn

__all__ = ["update_average"]


@torch.no_grad()
def update_average(average: dict[str, Tensor], network: nn.Module, decay: float) -> None:
    """Take a step's weights into the average, which begins with the first ones.

    Args:
        average: by parameter name, changed in place; parameters that are not trained have none.
        network: after the step.
        decay: share of the average that stays; 0 keeps no average.
    """
    if not decay:
        return
    for name, value in network.named_parameters():
        if not value.requires_grad:
            continue
        if name in average:
            average[name].lerp_(value.detach(), 1 - decay)
        else:
            average[name] = value.detach().clone()

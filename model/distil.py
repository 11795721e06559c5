"""Distillation: a small network learns the distributions of a big one (Hinton et al. 2015)."""

from __future__ import annotations

from dataclasses import replace

import torch
from torch import Tensor
from torch.nn import functional

from model.losses import (
    Batch,
    Losses,
    LossWeights,
    joint_loss,
    pool_stances,
    whole_statements,
)
from model.network import Heads, TokenOutputs
from sayso.tags import LAYERS, TAGS

__all__ = ["distilled_loss", "soft_loss", "stance_loss", "tags_loss"]


def distilled_loss(
    network: Heads, batch: Batch, weights: LossWeights, outputs: TokenOutputs
) -> Losses:
    """`joint_loss` and, on every chunk that a teacher was asked of, marked or not, its word.

    The teacher's transition and link scores are not distilled: the student learns those from
    labels.

    Args:
        network: the student.
        batch: B chunks, padded to T; what they are told is learnt.
        weights: `distil_roles` and `distil_stance` multiply `tags_loss` and `stance_loss`.
        outputs: the student's, on the batch.
    """
    losses = joint_loss(network, batch, weights, outputs)
    roles = tags_loss(outputs, batch, weights.temperature)
    stance = stance_loss(network, outputs, batch, weights.temperature)
    added = weights.distil_roles * roles + weights.distil_stance * stance
    return replace(losses, total=losses.total + added, distil=added.item())


def tags_loss(outputs: TokenOutputs, batch: Batch, temperature: float) -> Tensor:
    """`soft_loss` of the tags' distributions (softmax of emissions), a mean over told tokens.

    Args:
        outputs: the student's, emissions [B, T, layers * tags].
        batch: its chunks hold the teacher's scores.
        temperature: of both.

    Returns:
        A scalar, summed over the layers; 0 where no chunk is told of.
    """
    pairs = [
        (outputs.emissions[row, 1 : len(chunk) + 1], torch.from_numpy(chunk.told).float())
        for row, chunk in enumerate(batch.chunks)
        if chunk.told is not None
    ]
    if not pairs:
        return outputs.emissions.new_zeros(())
    ours, theirs = (
        torch.cat(side).reshape(-1, len(LAYERS), len(TAGS)) for side in zip(*pairs, strict=True)
    )
    return soft_loss(ours, theirs, temperature)


def stance_loss(network: Heads, outputs: TokenOutputs, batch: Batch, temperature: float) -> Tensor:
    """`soft_loss` of the stances' distributions, a mean over told statements that stand whole.

    Statements whose stance nobody labelled count as well: the teacher says what it is.

    Args:
        network: the student.
        outputs: its, on the batch.
        batch: gives the statements, with what the teacher says.
        temperature: of both.

    Returns:
        A scalar; 0 where there is no statement.
    """
    items = [item for item in whole_statements(batch) if item[1].told]
    if not items:
        return outputs.stances.new_zeros(())
    ours = network.stance_head(network.dropout(pool_stances(network, outputs, items)))
    return soft_loss(ours, torch.tensor([s.told for _, s in items]), temperature)


def soft_loss(student: Tensor, teacher: Tensor, temperature: float) -> Tensor:
    """KL(teacher ‖ student) of softened distributions, times the temperature's square.

    The square keeps gradients of one size whatever the temperature (Hinton, Vinyals and Dean 2015).

    Args:
        student: [N, …, classes] scores or log-probabilities.
        teacher: the same shape.
        temperature: what both are divided by before the softmax.

    Returns:
        A scalar: the mean over N, summed over what stands between N and the classes.
    """
    ours = (student / temperature).log_softmax(dim=-1)
    theirs = (teacher / temperature).log_softmax(dim=-1)
    divergence = functional.kl_div(ours, theirs, reduction="batchmean", log_target=True)
    return divergence * temperature**2

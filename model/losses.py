"""Batches of chunks and the joint loss: roles by CRF, links and stance by cross-entropy."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional

from data.encode import IGNORE, Chunk, ChunkStatement
from model.ensemble import Ensemble
from model.network import LINKS, Heads, TokenOutputs, distance_bucket
from sayso.errors import InputError
from sayso.tags import LAYERS, ROLES, TAGS
from sayso.tokens import TextTokenizer

__all__ = [
    "Batch",
    "LossWeights",
    "Losses",
    "collate",
    "joint_loss",
    "pool_stances",
    "teaches",
    "whole_statements",
]


@dataclass(frozen=True, slots=True)
class LossWeights:
    """What each task's mean loss is multiplied by, and each stance label's share in its own.

    `inner` multiplies the part of the roles' loss that nested statements bring. `distil_roles` and
    `distil_stance` multiply what a teacher adds (see `model.distil`), `temperature` softens its
    distributions and the student's.

    Raises:
        InputError: the temperature is not above 0.
    """

    roles: float = 3.0
    inner: float = 1.0
    links: float = 0.2
    stance: float = 0.3
    label_smoothing: float = 0.0
    class_weights: tuple[float, ...] = (1.0, 1.0, 1.0, 1.0, 1.0)
    distil_roles: float = 0.0
    distil_stance: float = 0.0
    temperature: float = 2.0

    def __post_init__(self) -> None:
        if not self.temperature > 0:
            raise InputError(f"expected a temperature above 0, found {self.temperature}")


@dataclass(frozen=True, slots=True)
class Losses:
    """The weighted sum, each task's own mean, and what a teacher adds to the sum."""

    total: Tensor
    roles: float
    links: float
    stance: float
    distil: float = 0.0


@dataclass(frozen=True, slots=True)
class Batch:
    """Padded chunks; position 0 is [CLS], so token n of a chunk stands at n + 1.

    Attributes:
        inputs: arguments of the network by name, each [B, T].
        tags: [layers, B, T] with `IGNORE` at specials, padding and unmarked layers.
        chunks: the chunks themselves.
    """

    inputs: dict[str, Tensor]
    tags: Tensor
    chunks: tuple[Chunk, ...]


def collate(chunks: Sequence[Chunk], tokenizer: TextTokenizer) -> Batch:
    """Pad chunks to one length and wrap each in the vocabulary's special tokens."""
    longest = max(len(chunk) for chunk in chunks) + 2
    shape = (len(chunks), longest)
    inputs = {name: torch.zeros(shape, dtype=torch.long) for name in INPUTS}
    inputs["ids"].fill_(tokenizer.pad_id)
    tags = torch.full((len(LAYERS), *shape), IGNORE)
    for row, chunk in enumerate(chunks):
        end = len(chunk) + 1
        for name, values in chunk.inputs.items():
            inputs[name][row, 1:end] = torch.tensor(values)
        inputs["ids"][row, 0] = tokenizer.cls_id
        inputs["ids"][row, end] = tokenizer.sep_id
        inputs["mask"][row, : end + 1] = 1
        tags[:, row, 1:end] = torch.from_numpy(chunk.tags)
    return Batch(inputs, tags, tuple(chunks))


INPUTS = ("ids", "mask", "shapes", "quotes", "breaks")


def teaches(chunk: Chunk) -> bool:
    """Whether a chunk has labels to learn; one of unlabelled text has none."""
    return _is_marked(chunk) or any(one.stance != IGNORE for one in chunk.statements)


def _is_marked(chunk: Chunk) -> bool:
    """Whether a chunk has tags to learn: not all is marked where only some statements are."""
    return bool((chunk.tags != IGNORE).any())


def whole_statements(batch: Batch) -> list[tuple[int, ChunkStatement]]:
    """Batch row and statement of each statement that stands in its chunk with every piece."""
    return [
        (row, statement)
        for row, chunk in enumerate(batch.chunks)
        for statement in chunk.statements
        if not any(statement.cut)
    ]


def joint_loss(network: Heads, batch: Batch, weights: LossWeights, outputs: TokenOutputs) -> Losses:
    """The training loss of one batch; tasks without labels in it add nothing.

    Args:
        network: what learns.
        batch: B chunks, padded to T.
        weights: of the tasks; those of a teacher are not used.
        outputs: of `network` on the batch.
    """
    roles = _roles_loss(network, outputs, batch, weights)
    links = _links_loss(network, outputs, batch)
    stance = _stance_loss(network, outputs, batch, weights)
    total = weights.roles * roles + weights.links * links + weights.stance * stance
    return Losses(total, roles.item(), links.item(), stance.item())


def _roles_loss(
    network: Heads, outputs: TokenOutputs, batch: Batch, weights: LossWeights
) -> Tensor:
    emissions = outputs.emissions[:, 1:].reshape(
        *batch.tags[0][:, 1:].shape, len(LAYERS), len(TAGS)
    )
    total, tokens = emissions.new_zeros(()), 0
    for layer, crf in enumerate(network.crfs):
        tags = batch.tags[layer][:, 1:]
        mask = tags != IGNORE
        rows = mask[:, 0]
        if rows.any():
            loss = crf(emissions[rows, :, layer], tags[rows], mask[rows]).sum()
            total = total + (loss if layer == 0 else weights.inner * loss)
            tokens += int(mask.sum()) if layer == 0 else 0
    mean: Tensor = total / max(tokens, 1)
    return mean


def _links_loss(network: Heads, outputs: TokenOutputs, batch: Batch) -> Tensor:
    size = network.config.link_size
    total, count = outputs.links.new_zeros(()), 0
    sums = functional.pad(outputs.links.cumsum(1), (0, 0, 1, 0))
    nulls = functional.pad(outputs.nulls.cumsum(1), (0, 0, 1, 0))
    for row, chunk in enumerate(batch.chunks):
        for layer in range(len(LAYERS) if _is_marked(chunk) else 0):
            statements = [s for s in chunk.statements if s.layer == layer]
            for link, (tail, head) in enumerate(LINK_ROLES):
                problem = _link_problem(statements, tail, head)
                if problem is None:
                    continue
                tails, heads, targets = problem
                query = _mean(sums[row], tails, 2 * link * size, size)
                null = _mean(nulls[row], tails, link, 1)
                scores = null
                if heads:
                    key = _mean(sums[row], heads, (2 * link + 1) * size, size)
                    gap = torch.tensor([[h[0] - t[0] for h in heads] for t in tails])
                    bias = network.distance[link][distance_bucket(gap)]
                    scores = torch.cat([null, query @ key.T / size**0.5 + bias], dim=1)
                total = total + functional.cross_entropy(
                    scores, torch.tensor(targets), reduction="sum"
                )
                count += len(targets)
    return total / max(count, 1)


LINK_ROLES = tuple(
    (ROLES.index(tail), ROLES.index(head)) for tail, head in (("content", "cue"), ("cue", "source"))
)
"""The roles that each of `LINKS` joins, tail first."""

assert len(LINK_ROLES) == len(LINKS)


def _link_problem(
    statements: Sequence[ChunkStatement], tail: int, head: int
) -> tuple[list[tuple[int, int]], list[tuple[int, int]], list[int]] | None:
    """Tails, candidate heads and each tail's target: 0 for none, n + 1 for candidate n."""
    heads = sorted({piece for s in statements for piece in s.pieces[head]})
    tails, targets = [], []
    for statement in statements:
        if not statement.pieces[head] and statement.cut[head]:
            continue
        target = heads.index(statement.pieces[head][0]) + 1 if statement.pieces[head] else 0
        for piece in statement.pieces[tail]:
            tails.append(piece)
            targets.append(target)
    return (tails, heads, targets) if tails else None


def _mean(sums: Tensor, pieces: Sequence[tuple[int, int]], start: int, size: int) -> Tensor:
    """Mean over each piece's tokens from padded running sums [T + 1, D]; [CLS] shifts by one."""
    low = torch.tensor([piece[0] + 1 for piece in pieces])
    high = torch.tensor([piece[1] + 1 for piece in pieces])
    part = sums[:, start : start + size]
    return (part[high] - part[low]) / (high - low).unsqueeze(1)


def _stance_loss(
    network: Heads, outputs: TokenOutputs, batch: Batch, weights: LossWeights
) -> Tensor:
    items = [
        (row, statement) for row, statement in whole_statements(batch) if statement.stance != IGNORE
    ]
    if not items:
        return outputs.stances.new_zeros(())
    pooled = pool_stances(network, outputs, items)
    targets = torch.tensor([statement.stance for _, statement in items])
    scores = network.stance_head(network.dropout(pooled))
    return functional.cross_entropy(
        scores,
        targets,
        weight=torch.tensor(weights.class_weights),
        label_smoothing=weights.label_smoothing,
    )


def pool_stances(
    network: Heads | Ensemble,
    outputs: TokenOutputs,
    items: Sequence[tuple[int, ChunkStatement]],
) -> Tensor:
    """Attention-pooled cue and content of statements, as `sayso.stance.pool` does when scoring.

    Args:
        network: gives `stance_size`.
        outputs: of the batch that the statements stand in; an ensemble's have its members' values
            beside each other.
        items: batch row and statement; a role without a piece is pooled to zeros.

    Returns:
        [items, members * 2 * stance_size]; one network has one member.
    """
    size = network.config.stance_size + 1
    rows = torch.tensor([row for row, _ in items])
    masks = [_inside(outputs, items, ROLES.index(role)) for role in ("cue", "content")]
    parts = []
    for n, values in enumerate(torch.split(outputs.stances[rows], size, dim=2)):
        inside = masks[n % len(masks)]
        attention = values[:, :, -1].masked_fill(~inside, -1e4).softmax(dim=1)
        present = inside.any(dim=1, keepdim=True)
        parts.append((attention.unsqueeze(2) * values[:, :, :-1]).sum(1) * present)
    return torch.cat(parts, dim=1)


def _inside(
    outputs: TokenOutputs, items: Sequence[tuple[int, ChunkStatement]], role: int
) -> Tensor:
    """[items, T] which positions stand in each statement's pieces of a role."""
    inside = torch.zeros(len(items), outputs.stances.shape[1], dtype=torch.bool)
    for item, (_, statement) in enumerate(items):
        for start, end in statement.pieces[role]:
            inside[item, start + 1 : end + 1] = True
    return inside

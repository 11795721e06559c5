"""Heads trained on kept encoder states: new labels are learnt, what was known is held on to.

A batch takes chunks of the new articles and of earlier ones (rehearsal, Robins 1995). On the
earlier ones the heads also stay near what they said before (learning without forgetting, Li and
Hoiem 2016: KL divergence from the old heads' tag and stance distributions).
"""

from __future__ import annotations

import copy
import random
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch
from torch import Tensor

from data.encode import Chunk, cut_chunks
from model.distil import distilled_loss
from model.losses import Batch, LossWeights, collate, pool_stances, teaches
from model.network import Heads
from sayso.tags import ROLES
from sayso.tokens import TextTokenizer
from training.average import update_average
from training.loop import Log, Row
from training.recipe import TrainConfig

__all__ = ["HeadExamples", "train_heads"]


@dataclass(frozen=True, slots=True)
class HeadExamples:
    """Encoded articles with their states (see `training.states`).

    Attributes:
        new: those with new labels.
        earlier: those that were learnt before.
        repeats: how often an epoch sees each new article.
    """

    new: Sequence[Row]
    earlier: Sequence[Row]
    repeats: int = 1


def train_heads(
    heads: Heads,
    examples: HeadExamples,
    tokenizer: TextTokenizer,
    config: TrainConfig,
    weights: LossWeights,
    log: Log,
) -> Heads:
    """Heads that have learnt the new labels; the same inputs give the same heads.

    Args:
        heads: what is begun with; left as it is.
        examples: what is learnt from.
        tokenizer: of the encoder.
        config: epochs, batches and rates, of which `head_rate` is used.
        weights: of the tasks; `distil_roles` and `distil_stance` hold on to the old heads.
        log: called with step and metrics by name.
    """
    torch.manual_seed(config.seed)
    earlier = [_remembered(heads, row, tokenizer) for row in examples.earlier if row["ids"]]
    examples = replace(examples, earlier=earlier)
    new = copy.deepcopy(heads).train()
    optimizer = torch.optim.AdamW(
        new.parameters(), lr=config.head_rate, weight_decay=config.weight_decay
    )
    epochs = [_batches(examples, config, epoch) for epoch in range(config.epochs)]
    total = sum(map(len, epochs))
    average: dict[str, Tensor] = {}
    for step, chunks in enumerate((chunks for epoch in epochs for chunks in epoch), 1):
        for group in optimizer.param_groups:
            group["lr"] = config.head_rate * config.rate(step - 1, total)
        batch = collate(chunks, tokenizer)
        losses = distilled_loss(new, batch, weights, new.read(_states(batch)))
        optimizer.zero_grad(set_to_none=True)
        losses.total.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(new.parameters(), config.clip)
        optimizer.step()
        update_average(average, new, config.average_decay)
        if step % 10 == 0 or step == total:
            log(step, {"train_loss": losses.total.item(), "progress": step / total})
    new.load_state_dict(average, strict=False)
    return new.eval()


def _states(batch: Batch) -> Tensor:
    """[B, T, width] states of a batch's chunks, zeros where no token of theirs stands."""
    kept = [torch.from_numpy(chunk.states) for chunk in batch.chunks if chunk.states is not None]
    out = torch.zeros(*batch.inputs["ids"].shape, kept[0].shape[1])
    for row, states in enumerate(kept):
        out[row, 1 : len(states) + 1] = states.float()
    return out


@torch.no_grad()
def _remembered(old: Heads, row: Row, tokenizer: TextTokenizer) -> Row:
    """An earlier article with what the old heads say of it, as a teacher's word."""
    (whole,) = cut_chunks(dict(row), len(row["ids"]))
    batch = collate([whole], tokenizer)
    outputs = old.read(_states(batch))
    scores = old.stance_head(pool_stances(old, outputs, [(0, s) for s in whole.statements]))
    said = iter(scores.log_softmax(1).tolist())
    return {
        **row,
        "told": outputs.emissions[0, 1:-1].numpy().astype(np.float16),
        "statements": [
            {**one, "told": next(said) if any(one[role] for role in ROLES) else []}
            for one in row["statements"]
        ],
    }


def _batches(examples: HeadExamples, config: TrainConfig, epoch: int) -> list[list[Chunk]]:
    """An epoch's batches, in an order set by the seed."""
    rng = random.Random(config.seed * 7919 + epoch)
    size = config.chunk
    rows = [*(row for row in examples.new for _ in range(examples.repeats)), *examples.earlier]
    cut = (chunk for row in rows for chunk in cut_chunks(dict(row), size, rng.randrange(size)))
    chunks = [chunk for chunk in cut if teaches(chunk)]
    rng.shuffle(chunks)
    count = config.chunks_per_batch
    return [chunks[n : n + count] for n in range(0, len(chunks), count)]

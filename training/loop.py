"""The training loop: chunks in, averaged weights out; killed and started again, it goes on."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from data.encode import IGNORE, Chunk, cut_chunks
from model.distil import distilled_loss
from model.losses import Losses, LossWeights, collate, joint_loss, teaches
from model.network import SaysoNetwork
from sayso.errors import InputError
from sayso.tokens import TextTokenizer
from training.average import update_average
from training.checkpoint import Checkpoint, load_checkpoint, save_checkpoint
from training.recipe import TrainConfig

__all__ = ["Examples", "Log", "Row", "Trainer"]

Row = Mapping[str, Any]
Log = Callable[[int, Mapping[str, float]], None]


@dataclass(frozen=True, slots=True)
class Examples:
    """Encoded articles.

    Attributes:
        train: those whose labels are learnt, with how often an epoch sees each.
        tune: those held out.
        unlabelled: as `train`, but only a teacher speaks about them: their tags, links and stances
            are not learnt; where their statements stand is where it was asked for the stance.
    """

    train: Sequence[tuple[Row, int]]
    tune: Sequence[Row]
    unlabelled: Sequence[tuple[Row, int]] = ()


@dataclass(slots=True)
class Trainer:
    """Trains a network in place.

    Attributes:
        network: what is trained.
        tokenizer: of the encoder.
        config: how.
        weights: of the joint loss.
        folder: where checkpoints go.
        digest: of recipe, data and teacher; a checkpoint of another one is not resumed.
        log: called with step and metrics by name.
        taught: whether the examples hold a teacher's word, which the weights' `distil_roles` and
            `distil_stance` have learnt.
        average: the exponential average of weights so far, by parameter name.
    """

    network: SaysoNetwork
    tokenizer: TextTokenizer
    config: TrainConfig
    weights: LossWeights
    folder: Path
    digest: str
    log: Log
    taught: bool = False
    average: dict[str, Tensor] = field(default_factory=dict)

    def run(self, examples: Examples) -> None:
        """Train to the end, from the last checkpoint if there is one, and load the average.

        Raises:
            InputError: weights, examples and teacher do not go together.
        """
        config = self.config
        self._check_teacher(examples)
        if config.freeze_words:
            self.network.encoder.get_input_embeddings().weight.requires_grad_(False)  # type: ignore[operator]
        optimizer = self._optimizer()
        epochs = [self._batches(examples, epoch) for epoch in range(config.epochs)]
        total = sum(len(batches) for batches in epochs)
        done = load_checkpoint(self.folder, self.digest, self.network, optimizer)
        start = done.step if done else 0
        self.average = done.average if done else {}
        schedule = torch.optim.lr_scheduler.LambdaLR(
            optimizer, lambda step: config.rate(step, total), start - 1
        )
        began, tokens = time.monotonic(), 0
        for step, batch in enumerate(_from(epochs, start), start + 1):
            torch.manual_seed(config.seed * 1_000_003 + step)
            losses = self._step(batch, optimizer)
            schedule.step()
            tokens += sum(len(chunk) for chunk in batch)
            if step % 10 == 0 or step == total:
                speed = tokens / (time.monotonic() - began)
                rest = {"tokens_per_second": speed, "progress": step / total}
                self.log(step, {**self._named(losses), **rest})
            if step % config.checkpoint_steps == 0 or step == total:
                now = Checkpoint(step, self.digest, self.average)
                save_checkpoint(self.folder, now, self.network, optimizer)
                self.log(step, self._tune_losses(examples.tune))
        self._load_average()

    def _check_teacher(self, examples: Examples) -> None:
        """See that there is something to learn from a teacher exactly where there is one."""
        weights = self.weights
        asked = weights.distil_roles > 0 or weights.distil_stance > 0
        found = f"distil_roles {weights.distil_roles} and distil_stance {weights.distil_stance}"
        if not self.taught and (asked or examples.unlabelled):
            raise InputError(
                f"expected a teacher for {len(examples.unlabelled)} unlabelled articles, "
                f"{found}, found none"
            )
        if self.taught and not asked:
            raise InputError(f"expected a weight above 0 for what the teacher says, found {found}")

    def _named(self, losses: Losses) -> dict[str, float]:
        """A training step's losses under the names that metrics have."""
        named = {
            "train_loss": losses.total.item(),
            "train_roles": losses.roles,
            "train_links": losses.links,
            "train_stance": losses.stance,
        }
        return {**named, "train_distil": losses.distil} if self.taught else named

    def _step(self, chunks: Sequence[Chunk], optimizer: torch.optim.Optimizer) -> Losses:
        self.network.train()
        losses = self._losses(chunks)
        optimizer.zero_grad(set_to_none=True)
        losses.total.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(self.network.parameters(), self.config.clip)
        optimizer.step()
        update_average(self.average, self.network, self.config.average_decay)
        return losses

    def _losses(self, chunks: Sequence[Chunk]) -> Losses:
        batch = collate(chunks, self.tokenizer)
        learnt = distilled_loss if self.taught else joint_loss
        return learnt(self.network, batch, self.weights, self.network(**batch.inputs))

    def _load_average(self) -> None:
        if self.average:
            self.network.load_state_dict(self.average, strict=False)
        self.network.eval()

    def _tune_losses(self, rows: Sequence[Row]) -> dict[str, float]:
        """Mean losses on held-out articles, with the weights as they are averaged so far."""
        kept = {k: v.detach().clone() for k, v in self.network.named_parameters()}
        self._load_average()
        chunks = [chunk for row in rows for chunk in cut_chunks(dict(row), self.config.chunk)]
        sums = {"tune_roles": 0.0, "tune_links": 0.0, "tune_stance": 0.0}
        size = self.config.chunks_per_batch
        groups = [chunks[n : n + size] for n in range(0, len(chunks), size)]
        with torch.no_grad():
            for group in groups:
                batch = collate(group, self.tokenizer)
                outputs = self.network(**batch.inputs)
                losses = joint_loss(self.network, batch, self.weights, outputs)
                sums["tune_roles"] += losses.roles
                sums["tune_links"] += losses.links
                sums["tune_stance"] += losses.stance
        self.network.load_state_dict(kept, strict=False)
        return {name: value / max(len(groups), 1) for name, value in sums.items()}

    def _batches(self, examples: Examples, epoch: int) -> list[list[Chunk]]:
        """One epoch's batches: chunks of like length together, in an order set by the seed.

        Without a teacher, chunks without labels have nothing to teach and are left out.
        """
        rng = random.Random(self.config.seed * 7919 + epoch)
        size = self.config.chunk
        marked, blank = (
            [
                chunk
                for row, repeats in rows
                for _ in range(repeats)
                for chunk in cut_chunks(dict(row), size, rng.randrange(size))
            ]
            for rows in (examples.train, examples.unlabelled)
        )
        chunks = [*marked, *map(_unmarked, blank)]
        if not self.taught:
            chunks = list(filter(teaches, chunks))
        rng.shuffle(chunks)
        chunks.sort(key=lambda chunk: -(len(chunk) // 64))
        count = self.config.chunks_per_batch
        batches = _grouped(chunks, count * size)
        rng.shuffle(batches)
        return batches

    def _optimizer(self) -> torch.optim.Optimizer:
        config, groups = self.config, []
        depth = int(self.network.encoder.config.num_hidden_layers)  # type: ignore[union-attr,arg-type]
        for name, value in self.network.named_parameters():
            if not value.requires_grad:
                continue
            if name.startswith("encoder."):
                below = depth - _layer_number(name)
                rate = config.learning_rate * config.layer_decay**below
            else:
                rate = config.head_rate
            decay = config.weight_decay if value.ndim > 1 else 0.0
            rates = {"lr": rate, "initial_lr": rate}
            groups.append({"params": [value], "weight_decay": decay, **rates})
        return torch.optim.AdamW(groups)


def _unmarked(chunk: Chunk) -> Chunk:
    """The chunk as one of unlabelled text."""
    statements = tuple(replace(one, stance=IGNORE) for one in chunk.statements)
    return replace(chunk, tags=np.full_like(chunk.tags, IGNORE), statements=statements)


def _layer_number(name: str) -> int:
    """Layer of an encoder parameter, from 1; 0 for embeddings."""
    parts = name.split(".")
    return next((int(part) + 1 for part in parts if part.isdigit()), 0)


def _grouped(chunks: Sequence[Chunk], budget: int) -> list[list[Chunk]]:
    """Consecutive chunks in groups of at most `budget` padded tokens."""
    groups: list[list[Chunk]] = [[]]
    longest = 0
    for chunk in chunks:
        longest = max(longest, len(chunk))
        if groups[-1] and longest * (len(groups[-1]) + 1) > budget:
            groups.append([])
            longest = len(chunk)
        groups[-1].append(chunk)
    return [group for group in groups if group]


def _from(epochs: Sequence[Sequence[Sequence[Chunk]]], start: int) -> Iterator[Sequence[Chunk]]:
    """The batches of all epochs after the first `start`."""
    flat = (batch for batches in epochs for batch in batches)
    for number, batch in enumerate(flat):
        if number >= start:
            yield batch

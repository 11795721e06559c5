"""Distillation: a small network learns the distributions of a big one (Hinton et al. 2015)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import torch
from tokenizers import Tokenizer
from torch import Tensor
from torch.nn import functional

from model.ensemble import Ensemble
from model.losses import (
    Batch,
    Losses,
    LossWeights,
    joint_loss,
    pool_stances,
    whole_statements,
)
from model.network import SaysoNetwork, TokenOutputs
from sayso.errors import InputError
from sayso.tags import LAYERS, TAGS
from sayso.tokens import TextTokenizer

__all__ = ["IdMap", "distilled_loss", "soft_loss", "stance_loss", "tags_loss"]

NO_ID = -1
"""Stands in an `IdMap` for a token that the teacher's vocabulary lacks."""

PROBE = (
    "“It wasn’t us,” Zoë O’Neill-García (52) said on 3 May; the U.S.-led bid of £1,000.50 … "
    '東京 — ‘unquestionably’ naïve!\n\n"Æther?" HE ASKED ☃ @ 50%.'
)
"""What both tokenizers must split alike: case, accents, marks, digits, other scripts."""


@dataclass(frozen=True, slots=True)
class IdMap:
    """The student's token ids in the teacher's vocabulary.

    Attributes:
        ids: [student's vocabulary] the teacher's ids, `NO_ID` where it has no such token.
        tokens: the student's tokens by their ids.
    """

    ids: Tensor
    tokens: tuple[str, ...]

    @classmethod
    def between(cls, student: Path | str, teacher: Path | str) -> IdMap:
        """Map tokens by their strings, and the special ones by what they are for.

        What opens, closes and pads a text and what stands for the unknown are mapped to what the
        teacher has for it, whatever either calls it ([CLS] and <s>, [SEP] and </s>, …).

        Args:
            student: the student's `tokenizer.json`.
            teacher: the teacher's.

        Raises:
            InputError: the tokenizers do not split a probe at the same places.
        """
        ours, theirs = Tokenizer.from_file(str(student)), Tokenizer.from_file(str(teacher))
        _check_alike(ours, theirs, str(teacher))
        vocabulary = ours.get_vocab()
        tokens = [""] * (max(vocabulary.values()) + 1)
        for token, number in vocabulary.items():
            tokens[number] = token
        others = theirs.get_vocab()
        ids = torch.tensor([others.get(token, NO_ID) for token in tokens])
        for number, other in zip(_specials(student), _specials(teacher), strict=True):
            ids[number] = other
        unknown = others.get(_unknown(theirs), NO_ID)
        if _unknown(ours) in vocabulary:
            ids[vocabulary[_unknown(ours)]] = unknown
        return cls(ids, tuple(tokens))

    def __call__(self, ids: Tensor) -> Tensor:
        """The student's ids, of any shape, as the teacher's.

        Raises:
            InputError: the teacher has no counterpart of some token (names it).
        """
        out = self.ids[ids]
        if (out == NO_ID).any():
            lost = sorted({self.tokens[number] for number in ids[out == NO_ID].tolist()})
            raise InputError(
                "expected tokens that the teacher's vocabulary has too, found "
                f"{', '.join(map(repr, lost[:5]))}"
            )
        return out


def _check_alike(ours: Tokenizer, theirs: Tokenizer, file: str) -> None:
    one, two = (t.encode(PROBE, add_special_tokens=False).offsets for t in (ours, theirs))
    if one != two:
        pairs = zip(one, two, strict=False)
        at = next((n for n, (a, b) in enumerate(pairs) if a != b), min(len(one), len(two)))
        raise InputError(
            "expected a teacher's tokenizer that splits texts as the student's does, found "
            f"{len(two)} tokens for {len(one)} of a probe, other ones from token {at} on",
            file=file,
        )


def _specials(path: Path | str) -> tuple[int, int, int]:
    """What the project wraps and pads texts in, whatever the vocabulary calls it."""
    tokenizer = TextTokenizer.load(path)
    return tokenizer.cls_id, tokenizer.sep_id, tokenizer.pad_id


def _unknown(tokenizer: Tokenizer) -> str:
    return str(getattr(tokenizer.model, "unk_token", None) or "[UNK]")


def distilled_loss(
    network: SaysoNetwork,
    batch: Batch,
    weights: LossWeights,
    teacher: Ensemble,
    ids: IdMap | None = None,
) -> Losses:
    """`joint_loss` and, on every chunk, marked or not, what the teacher says of it.

    The teacher reads the same tokens in the same chunks. Its transition and link scores are not
    distilled: the student learns those from labels.

    Args:
        network: the student.
        batch: B chunks, padded to T, in the student's ids.
        weights: `distil_roles` and `distil_stance` multiply `tags_loss` and `stance_loss`.
        teacher: in evaluation mode; no gradient reaches it.
        ids: the student's ids in the teacher's vocabulary; None where they are the same.

    Raises:
        InputError: a token of the batch is not in the teacher's vocabulary.
    """
    outputs = network(**batch.inputs)
    losses = joint_loss(network, batch, weights, outputs)
    asked = batch.inputs["ids"] if ids is None else ids(batch.inputs["ids"])
    with torch.no_grad():
        told = teacher(**{**batch.inputs, "ids": asked})
    roles = tags_loss(outputs, told, batch, weights.temperature)
    stance = stance_loss(network, outputs, teacher, told, batch, weights.temperature)
    added = weights.distil_roles * roles + weights.distil_stance * stance
    return replace(losses, total=losses.total + added, distil=added.item())


def tags_loss(
    outputs: TokenOutputs, told: TokenOutputs, batch: Batch, temperature: float
) -> Tensor:
    """`soft_loss` of the tags' distributions (softmax of emissions), a mean over real tokens.

    Args:
        outputs: the student's, emissions [B, T, layers * tags].
        told: the teacher's, of the same shape.
        batch: says which positions are real tokens: neither specials nor padding.
        temperature: of both.

    Returns:
        A scalar, summed over the layers.
    """
    real = batch.inputs["mask"][:, 2:].bool()
    ours, theirs = (
        out.emissions[:, 1:-1][real].reshape(-1, len(LAYERS), len(TAGS)) for out in (outputs, told)
    )
    return soft_loss(ours, theirs, temperature)


def stance_loss(
    network: SaysoNetwork,
    outputs: TokenOutputs,
    teacher: Ensemble,
    told: TokenOutputs,
    batch: Batch,
    temperature: float,
) -> Tensor:
    """`soft_loss` of the stances' distributions, a mean over statements that stand whole.

    Statements whose stance nobody labelled count as well: the teacher says what it is.

    Args:
        network: the student.
        outputs: its, on the batch.
        teacher: whose members' log-probabilities are averaged.
        told: its outputs on the same batch.
        batch: gives the statements.
        temperature: of both.

    Returns:
        A scalar; 0 where there is no statement.
    """
    items = whole_statements(batch)
    if not items:
        return outputs.stances.new_zeros(())
    ours = network.stance_head(network.dropout(pool_stances(network, outputs, items)))
    with torch.no_grad():
        theirs = teacher.stance_scores(pool_stances(teacher, told, items))
    return soft_loss(ours, theirs, temperature)


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

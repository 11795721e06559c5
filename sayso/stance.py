"""Stance of given attributions from token scores: attention pooling, head, calibration."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from sayso.bundle import BundleConfig
from sayso.decode import Attribution, token_range
from sayso.records import Span
from sayso.tags import ROLES
from sayso.tokens import TokenizedText

__all__ = ["calibrated", "pool", "read_again", "surroundings"]

FloatArray = npt.NDArray[np.float32]
IntArray = npt.NDArray[np.int64]
Ranges = Sequence[tuple[int, int]]

CONTEXT = 24
"""Tokens read before the first and after the last token of a statement."""

LONGEST = 160
"""Most tokens read of a statement; of a longer one the middle is left out."""


def pool(
    tokens: TokenizedText,
    values: FloatArray,
    attributions: Sequence[Attribution],
    config: BundleConfig,
) -> FloatArray:
    """Attention-pooled cue and content of each attribution.

    Args:
        tokens: the text's tokens, N of them.
        values: `TokenScores.stances`, [N, 2 * (stance_size + 1)].
        attributions: whose spans are pooled; a role without a token is pooled to zeros.
        config: gives `stance_size`.

    Returns:
        [attributions, 2 * stance_size].
    """
    size = config.stance_size + 1
    out = np.zeros((len(attributions), 2 * config.stance_size), np.float32)
    for row, attribution in enumerate(attributions):
        for part, spans in enumerate((attribution.cue, attribution.content)):
            at = _positions(tokens, spans)
            if not len(at):
                continue
            block = values[at, part * size : (part + 1) * size]
            weight = np.exp(block[:, -1] - block[:, -1].max())
            start = part * config.stance_size
            out[row, start : start + config.stance_size] = (weight / weight.sum()) @ block[:, :-1]
    return out


def surroundings(pieces: Sequence[Ranges], tokens: int) -> tuple[IntArray, IntArray]:
    """Where a statement is read again, and what stands there.

    Args:
        pieces: for each of `ROLES`, half-open token ranges.
        tokens: how many tokens there are.

    Returns:
        Positions, and each one's role: 0 for none, else its place in `ROLES` plus 1.
    """
    ends = [end for ranges in pieces for end in ranges]
    if not ends:
        return np.zeros(1, np.int64), np.zeros(1, np.int64)
    low = max(0, min(start for start, _ in ends) - CONTEXT)
    high = min(tokens, max(end for _, end in ends) + CONTEXT)
    roles = np.zeros(high - low, np.int64)
    for number, ranges in enumerate(pieces, 1):
        for start, end in ranges:
            roles[max(start - low, 0) : end - low] = number
    places = np.arange(low, high)
    if len(places) > LONGEST:
        kept = np.r_[: LONGEST // 2, len(places) - LONGEST // 2 : len(places)]
        return places[kept], roles[kept]
    return places, roles


def read_again(
    tokens: TokenizedText, states: FloatArray, attributions: Sequence[Attribution]
) -> tuple[FloatArray, IntArray]:
    """The states of each attribution's surroundings, padded to one length.

    Args:
        tokens: the text's tokens, N of them.
        states: [N, width].
        attributions: at least one.

    Returns:
        States [attributions, longest, width] and roles [attributions, longest], -1 for padding.
    """
    found = [
        surroundings(
            [
                [r for span in getattr(item, role) if (r := token_range(tokens, span))[1] > r[0]]
                for role in ROLES
            ],
            len(tokens),
        )
        for item in attributions
    ]
    longest = max(len(places) for places, _ in found)
    out = np.zeros((len(found), longest, states.shape[1]), np.float32)
    roles = np.full((len(found), longest), -1, np.int64)
    for row, (places, marks) in enumerate(found):
        out[row, : len(places)] = states[places]
        roles[row, : len(places)] = marks
    return out, roles


def calibrated(scores: FloatArray, config: BundleConfig) -> npt.NDArray[np.float64]:
    """Stance scores [N, labels] → probabilities [N, labels] over the five labels."""
    scaled = scores.astype(np.float64) / config.temperature + np.array(config.bias)
    scaled -= scaled.max(axis=1, keepdims=True, initial=-np.inf) if len(scaled) else 0.0
    power = np.exp(scaled)
    return np.asarray(power / power.sum(axis=1, keepdims=True), dtype=np.float64)


def _positions(tokens: TokenizedText, spans: Sequence[Span]) -> npt.NDArray[np.int64]:
    ranges = [np.arange(*token_range(tokens, span)) for span in spans]
    return np.unique(np.concatenate(ranges)) if ranges else np.zeros(0, np.int64)

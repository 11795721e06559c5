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

__all__ = ["calibrated", "pool", "surroundings"]

FloatArray = npt.NDArray[np.float32]
IntArray = npt.NDArray[np.int64]

CONTEXT = 24
"""Tokens read before the first and after the last token of a statement."""

LONGEST = 128
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


def surroundings(tokens: TokenizedText, attribution: Attribution) -> tuple[IntArray, IntArray]:
    """Where a statement is read again, and what stands there.

    Args:
        tokens: the text's tokens.
        attribution: the statement's spans.

    Returns:
        Token positions, and each one's role: 0 for none, else its place in `ROLES` plus 1. Both
        are empty if no token touches a span.
    """
    ranges = [
        (number, *token_range(tokens, span))
        for number, role in enumerate(ROLES, 1)
        for span in getattr(attribution, role)
    ]
    ranges = [found for found in ranges if found[2] > found[1]]
    if not ranges:
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    low = max(0, min(start for _, start, _ in ranges) - CONTEXT)
    high = min(len(tokens), max(end for _, _, end in ranges) + CONTEXT)
    roles = np.zeros(high - low, np.int64)
    for number, start, end in ranges:
        roles[start - low : end - low] = number
    places = np.arange(low, high)
    if len(places) > LONGEST:
        kept = np.r_[: LONGEST // 2, len(places) - LONGEST // 2 : len(places)]
        return places[kept], roles[kept]
    return places, roles


def calibrated(scores: FloatArray, config: BundleConfig) -> npt.NDArray[np.float64]:
    """Stance scores [N, labels] → probabilities [N, labels] over the five labels."""
    scaled = scores.astype(np.float64) / config.temperature + np.array(config.bias)
    scaled -= scaled.max(axis=1, keepdims=True, initial=-np.inf) if len(scaled) else 0.0
    power = np.exp(scaled)
    return np.asarray(power / power.sum(axis=1, keepdims=True), dtype=np.float64)


def _positions(tokens: TokenizedText, spans: Sequence[Span]) -> npt.NDArray[np.int64]:
    ranges = [np.arange(*token_range(tokens, span)) for span in spans]
    return np.unique(np.concatenate(ranges)) if ranges else np.zeros(0, np.int64)

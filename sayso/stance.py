"""Stance of given attributions from token scores: attention pooling, head, calibration."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from sayso.bundle import BundleConfig
from sayso.decode import Attribution, token_range
from sayso.errors import UsageError
from sayso.records import Span
from sayso.tokens import TokenizedText

__all__ = ["calibrated", "least_confidence", "pool"]

FloatArray = npt.NDArray[np.float32]
IntArray = npt.NDArray[np.int64]

_POOLED = ("cue", "content")


def pool(
    tokens: TokenizedText,
    values: FloatArray,
    attributions: Sequence[Attribution],
    config: BundleConfig,
) -> FloatArray:
    """Attention-pooled cue and content of each attribution.

    Args:
        tokens: the text's tokens, N of them.
        values: `TokenScores.stances`, [N, members * 2 * (stance_size + 1)].
        attributions: whose spans are pooled; a role without a token is pooled to zeros.
        config: gives `stance_size` and `members`.

    Returns:
        [attributions, members * 2 * stance_size].
    """
    size = config.stance_size + 1
    whole, parts = 2 * config.members, len(_POOLED)
    out = np.zeros((len(attributions), whole * config.stance_size), np.float32)
    for row, attribution in enumerate(attributions):
        positions = [_positions(tokens, getattr(attribution, role)) for role in _POOLED]
        for part in range(whole):
            at = positions[part % parts]
            if not len(at):
                continue
            block = values[at, part * size : (part + 1) * size]
            weight = np.exp(block[:, -1] - block[:, -1].max())
            start = part * config.stance_size
            out[row, start : start + config.stance_size] = (weight / weight.sum()) @ block[:, :-1]
    return out


def calibrated(scores: FloatArray, config: BundleConfig) -> npt.NDArray[np.float64]:
    """Stance scores [N, labels] → probabilities [N, labels] over the five labels."""
    scaled = scores.astype(np.float64) / config.temperature + np.array(config.bias)
    scaled -= scaled.max(axis=1, keepdims=True, initial=-np.inf) if len(scaled) else 0.0
    power = np.exp(scaled)
    return np.asarray(power / power.sum(axis=1, keepdims=True), dtype=np.float64)


def least_confidence(config: BundleConfig, abstain: float) -> float:
    """The probability of the stance under which a share of statements lies.

    Args:
        config: its `confidences` are read between their hundredths.
        abstain: the share, in [0, 1); 0 gives 0.

    Raises:
        UsageError: the share is out of range, or the bundle has no `confidences`.
    """
    if not 0 <= abstain < 1:
        raise UsageError(f"expected a share to abstain from in [0, 1), found {abstain}")
    if not abstain:
        return 0.0
    if not config.confidences:
        raise UsageError("expected a bundle with measured confidences, found one without")
    shares = np.linspace(0, 1, len(config.confidences))
    return float(np.interp(abstain, shares, config.confidences))


def _positions(tokens: TokenizedText, spans: Sequence[Span]) -> npt.NDArray[np.int64]:
    ranges = [np.arange(*token_range(tokens, span)) for span in spans]
    if len(ranges) < 2:
        return ranges[0] if ranges else np.zeros(0, np.int64)
    return np.unique(np.concatenate(ranges))

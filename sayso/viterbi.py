"""The best tag sequence under emission and transition scores (Viterbi 1967)."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from sayso.tags import TAGS

__all__ = ["best_tags"]


def best_tags(
    emissions: npt.NDArray[np.float32], transitions: npt.NDArray[np.float32]
) -> npt.NDArray[np.int64]:
    """Each layer's tags of the highest-scoring sequence that does not begin with an `I` tag.

    Args:
        emissions: [tokens, layers, tags].
        transitions: [layers, from, to].

    Returns:
        [layers, tokens] indices into `TAGS`.
    """
    count, layers = emissions.shape[:2]
    if not count:
        return np.zeros((layers, 0), np.int64)
    start = np.array([tag.startswith("I-") for tag in TAGS])
    scores = np.empty_like(emissions)
    scores[0] = score = np.where(start, np.float32(-1e9), emissions[0])
    moves = np.ascontiguousarray(transitions.swapaxes(1, 2))
    moved = np.empty_like(moves)
    best = np.maximum.reduce
    for emission, following in zip(emissions[1:], scores[1:], strict=True):
        np.add(moves, score[:, None], moved)
        score = best(moved, 2, None, following)
        score += emission
    return np.stack([_followed(scores[:, n], transitions[n]) for n in range(layers)])


def _followed(
    scores: npt.NDArray[np.float32], transitions: npt.NDArray[np.float32]
) -> npt.NDArray[np.int64]:
    """The best sequence, from the scores [tokens, tags] of the best ones that end in each tag."""
    came = (scores[:-1, :, None] + transitions).argmax(axis=1).tolist()
    tags = [int(scores[-1].argmax())]
    for before in reversed(came):
        tags.append(before[tags[-1]])
    return np.array(tags[::-1], np.int64)

"""The best tag sequence under emission and transition scores (Viterbi 1967)."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from sayso.tags import TAGS

__all__ = ["best_tags"]


def best_tags(
    emissions: npt.NDArray[np.float32], transitions: npt.NDArray[np.float32]
) -> npt.NDArray[np.int64]:
    """The tags of the highest-scoring sequence that does not begin with an `I` tag.

    Args:
        emissions: [tokens, tags].
        transitions: [from, to].

    Returns:
        [tokens] indices into `TAGS`.
    """
    count = len(emissions)
    if not count:
        return np.zeros(0, np.int64)
    back = np.zeros((count, len(TAGS)), np.int64)
    start = np.array([tag.startswith("I-") for tag in TAGS])
    score = np.where(start, np.float32(-1e9), emissions[0])
    columns = np.arange(len(TAGS))
    for position in range(1, count):
        moved = score[:, None] + transitions
        before = moved.argmax(axis=0)
        back[position] = before
        score = moved[before, columns] + emissions[position]
    tags = np.zeros(count, np.int64)
    tags[-1] = score.argmax()
    for position in range(count - 1, 0, -1):
        tags[position - 1] = back[position, tags[position]]
    return tags

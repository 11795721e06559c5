"""How likely two contents are on the same claim: a logistic regression on what they share."""

from __future__ import annotations

import json
import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from sayso.claims.alike import FEATURES, LIMITS, clashes, first_features, other_features
from sayso.claims.contents import Contents
from sayso.claims.items import Items

__all__ = ["LIKENESS", "Likeness", "load_likeness", "probabilities"]

IntArray = npt.NDArray[np.int32]
FloatArray = npt.NDArray[np.float32]

LIKENESS = Path(__file__).parent / "likeness.json"
"""Weights fitted on labelled pairs, by `python -m eval claims --fit`."""

_CHUNK = 8192

_STORY = list(LIMITS).index("story")

_THREADS = 4
"""Threads at most; more are no faster."""


@dataclass(frozen=True, slots=True)
class Likeness:
    """The fitted regression.

    Attributes:
        weights: one for each of `sayso.claims.alike.FEATURES`.
        bias: added to the weighted sum.
        link: least probability at which groups are joined, on average.
    """

    weights: tuple[float, ...]
    bias: float
    link: float


def load_likeness(path: Path = LIKENESS) -> Likeness:
    """The weights that ship with the package."""
    raw = json.loads(path.read_text(encoding="utf-8"))
    weights = raw["weights"]
    return Likeness(tuple(float(weights[name]) for name in FEATURES), raw["bias"], raw["link"])


def probabilities(
    items: Items,
    contents: Contents,
    i: IntArray,
    j: IntArray,
    likeness: Likeness,
    *,
    least: float = 0.0,
) -> FloatArray:
    """Of each pair of items, how likely they are on the same claim: [pairs].

    Args:
        items: the contents.
        contents: the statements they are of.
        i: one item of each pair.
        j: the other.
        likeness: the regression.
        least: pairs that cannot reach this probability, whatever takes longer to tell, get 0.
    """
    weights = np.array(likeness.weights, np.float32)
    quick = len(FEATURES) - len(LIMITS)
    hope = float(np.maximum(weights[quick:] * np.array(list(LIMITS.values())), 0).sum())
    floor = np.log(least / (1 - least)) - hope if least > 0 else -np.inf
    out = np.zeros(len(i), np.float32)

    def judge(start: int) -> None:
        part = slice(start, start + _CHUNK)
        left, right = i[part], j[part]
        score = first_features(items, contents, left, right) @ weights[:quick] + likeness.bias
        kept = np.flatnonzero(score >= floor)
        left, right = left[kept], right[kept]
        others = other_features(items, left, right)
        chance = 1 / (1 + np.exp(-score[kept] - others @ weights[quick:]))
        chance[clashes(items, left, right, others[:, _STORY])] = 0
        out[start + kept] = chance

    with ThreadPoolExecutor(min(_THREADS, os.cpu_count() or 1)) as pool:
        list(pool.map(judge, range(0, len(i), _CHUNK)))
    return out

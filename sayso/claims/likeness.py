"""How likely two contents are on the same claim: a logistic regression on what they share."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from sayso.claims.contents import Contents
from sayso.claims.items import Items

__all__ = ["FEATURES", "LIKENESS", "Likeness", "features", "load_likeness"]

IntArray = npt.NDArray[np.int32]
FloatArray = npt.NDArray[np.float32]

FEATURES = (
    "cosine",
    "jaccard",
    "contained",
    "shared",
    "less",
    "more",
    "meaning",
    "names_shared",
    "names_missing",
    "names_other",
    "numbers_shared",
    "numbers_differ",
    "same_article",
    "nearness",
    "same_source",
    "other_source",
    "same_source_article",
    "days",
    "story",
    "quoted_both",
    "quoted_one",
)
"""What a pair is judged by, in the order of the weights."""

LIKENESS = Path(__file__).parent / "likeness.json"
"""Weights fitted on labelled pairs, by `python -m eval claims --fit`."""

SMOOTH = 3.0
"""Nats added to what shares are taken of, so that short contents need more."""

UNDATED = 30
"""Days that two statements are taken to be apart where the day of one is not known."""

_CHUNK = 4096


@dataclass(frozen=True, slots=True)
class Likeness:
    """The fitted regression.

    Attributes:
        weights: one for each of `FEATURES`.
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
    items: Items, contents: Contents, i: IntArray, j: IntArray, likeness: Likeness
) -> FloatArray:
    """Of each pair of items, how likely they are on the same claim: [pairs]."""
    weights = np.array(likeness.weights, np.float32)
    out = np.empty(len(i), np.float32)
    for start in range(0, len(i), _CHUNK):
        part = slice(start, start + _CHUNK)
        out[part] = features(items, contents, i[part], j[part]) @ weights
    return np.asarray(1 / (1 + np.exp(-(out + np.float32(likeness.bias)))), dtype=np.float32)


def features(items: Items, contents: Contents, i: IntArray, j: IntArray) -> FloatArray:
    """What pairs of items share, [pairs, features]; the same for (i, j) and (j, i)."""
    columns = {**_terms(items, i, j), **_places(items, contents, i, j)}
    return np.stack([columns[name].astype(np.float32) for name in FEATURES], axis=1)


def _terms(items: Items, i: IntArray, j: IntArray) -> dict[str, npt.NDArray[np.generic]]:
    left, right = items.terms[i], items.terms[j]
    hit = (left[:, :, None] == right[:, None, :]).any(axis=2) & (left >= 0)
    weights = items.weights[left]
    shared = (weights * hit).sum(axis=1)
    squares = (weights**2 * hit).sum(axis=1)
    one, other = items.total[i], items.total[j]
    lengths = [np.sqrt((items.weights[side] ** 2).sum(axis=1)) for side in (left, right)]
    less, more = np.minimum(one, other), np.maximum(one, other)
    both = items.vectors[i].astype(np.float32), items.vectors[j].astype(np.float32)
    named = [(items.weights * items.names)[side] for side in (left, right)]
    common = (named[0] * hit).sum(axis=1)
    sums = [side.sum(axis=1) for side in named]
    figures = [items.numbers[side].sum(axis=1) for side in (left, right)]
    same = (items.numbers[left] & hit).sum(axis=1)
    return {
        "cosine": squares / np.maximum(lengths[0] * lengths[1], 1e-6),
        "jaccard": shared / (one + other - shared + SMOOTH),
        "contained": shared / (less + SMOOTH),
        "shared": np.log1p(shared),
        "less": np.log1p(less),
        "more": np.log1p(more),
        "meaning": (both[0] * both[1]).sum(axis=1) / np.float32(127**2),
        "names_shared": np.log1p(common),
        "names_missing": np.log1p(np.maximum(np.minimum(*sums) - common, 0)),
        "names_other": np.log1p(np.maximum(np.maximum(*sums) - common, 0)),
        "numbers_shared": np.minimum(same, 2),
        "numbers_differ": np.minimum(*figures) > same,
    }


def _places(
    items: Items, contents: Contents, i: IntArray, j: IntArray
) -> dict[str, npt.NDArray[np.generic]]:
    left, right = items.row[i], items.row[j]
    article = contents.article[left] == contents.article[right]
    sources = contents.source[left], contents.source[right]
    known = (sources[0] >= 0) & (sources[1] >= 0)
    same = known & (sources[0] == sources[1])
    days = contents.day[left], contents.day[right]
    dated = (days[0] >= 0) & (days[1] >= 0)
    apart = np.abs(days[0].astype(np.int64) - days[1])
    quoted = items.quoted[i], items.quoted[j]
    return {
        "same_article": article,
        "nearness": article / np.maximum(np.abs(left.astype(np.int64) - right), 1),
        "same_source": same,
        "other_source": known & ~same,
        "same_source_article": same & article,
        "days": np.log1p(np.where(dated, apart, UNDATED)),
        "story": items.stories.alike(items.stories.article[left], items.stories.article[right]),
        "quoted_both": quoted[0] & quoted[1],
        "quoted_one": quoted[0] != quoted[1],
    }

"""What pairs of contents share: words, names, numbers, meaning, article, source and time."""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from sayso.claims.contents import Contents
from sayso.claims.items import Items

__all__ = ["FEATURES", "LIMITS", "clashes", "features", "first_features", "other_features"]

IntArray = npt.NDArray[np.int32]
FloatArray = npt.NDArray[np.float32]
Columns: TypeAlias = dict[str, npt.NDArray[Any]]

FEATURES = (
    "cosine",
    "jaccard",
    "contained",
    "shared",
    "less",
    "more",
    "same_article",
    "nearness",
    "same_source",
    "other_source",
    "same_source_article",
    "days",
    "quoted_both",
    "quoted_one",
    "story",
    "meaning",
    "names_shared",
    "names_missing",
    "names_other",
    "numbers_shared",
    "numbers_differ",
)
"""What a pair is judged by: what is quick to tell first."""

LIMITS = {
    "story": 1.0,
    "meaning": 1.0,
    "names_shared": 5.0,
    "names_missing": 5.0,
    "names_other": 5.0,
    "numbers_shared": 2.0,
    "numbers_differ": 1.0,
}
"""What takes longer to tell, with the most that each reaches; the least is 0, or near it."""

OTHER_STORY = 0.1
"""Cosine of two articles' terms under which they are on different stories."""

TELLING = 20.0
"""Weight of common words in nats that contents of different stories need."""

FRAME = 0.75
"""Share of the other words of the content with fewer, from which on two contents say the same of
what they name."""

SMOOTH = 3.0
"""Nats added to what shares are taken of, so that short contents need more."""

UNDATED = 30
"""Days that two statements are taken to be apart where the day of one is not known."""


def features(items: Items, contents: Contents, i: IntArray, j: IntArray) -> FloatArray:
    """All `FEATURES` of pairs of items, [pairs, features]; the same for (i, j) and (j, i)."""
    return np.concatenate(
        [first_features(items, contents, i, j), other_features(items, i, j)], axis=1
    )


def first_features(items: Items, contents: Contents, i: IntArray, j: IntArray) -> FloatArray:
    """The features that are no `LIMITS`, in their order."""
    return _stacked({**_words(items, i, j), **_places(items, contents, i, j)})


def other_features(items: Items, i: IntArray, j: IntArray) -> FloatArray:
    """The features that are `LIMITS`, in their order."""
    left, right = items.terms[i], items.terms[j]
    hit = _hit(left, right)
    named = items.weights * items.names
    names = named[left], named[right]
    common = (names[0] * hit).sum(axis=1)
    less, more = _ordered(names[0].sum(axis=1), names[1].sum(axis=1))
    fewer, _ = _ordered(items.numbers[left].sum(axis=1), items.numbers[right].sum(axis=1))
    same = (items.numbers[left] & hit).sum(axis=1)
    directions = items.vectors[i].astype(np.float32), items.vectors[j].astype(np.float32)
    article = items.stories.article
    return _stacked(
        {
            "story": items.stories.alike(article[items.row[i]], article[items.row[j]]),
            "meaning": np.maximum((directions[0] * directions[1]).sum(axis=1) / 127**2, 0),
            "names_shared": np.log1p(common),
            "names_missing": np.log1p(np.maximum(less - common, 0)),
            "names_other": np.log1p(np.maximum(more - common, 0)),
            "numbers_shared": np.minimum(same, 2),
            "numbers_differ": fewer > same,
        }
    )


def clashes(items: Items, i: IntArray, j: IntArray, story: FloatArray) -> npt.NDArray[np.bool_]:
    """Which pairs cannot be on the same claim, whatever else they share: [pairs].

    Both give numbers and none in common; or each names someone or something that the other does
    not, and they say the same of them; or the words in common are few (`Mitt Romney`, `the bill`)
    and their articles' stories are different, as `story` tells.
    """
    left, right = items.terms[i], items.terms[j]
    hit = _hit(left, right)
    numbers = items.numbers[left], items.numbers[right]
    figures = numbers[0].any(axis=1) & numbers[1].any(axis=1) & ~(numbers[0] & hit).any(axis=1)
    names = items.names[left], items.names[right]
    common = (names[0] & hit).sum(axis=1)
    named = (names[0].sum(axis=1) > common) & (names[1].sum(axis=1) > common)
    others = items.weights * ~(items.names | items.numbers)
    less, _ = _ordered(others[left].sum(axis=1), others[right].sum(axis=1))
    shared = (others[left] * hit).sum(axis=1)
    framed = named & (shared > 0) & (shared >= FRAME * less)
    vague = (story < OTHER_STORY) & ((items.weights[left] * hit).sum(axis=1) < TELLING)
    return np.asarray(figures | framed | vague, dtype=np.bool_)


def _words(items: Items, i: IntArray, j: IntArray) -> Columns:
    left = items.terms[i]
    weights = items.weights[left] * _hit(left, items.terms[j])
    shared = weights.sum(axis=1)
    one, other = items.total[i], items.total[j]
    less, more = _ordered(one, other)
    return {
        "cosine": (weights**2).sum(axis=1) / (items.length[i] * items.length[j]),
        "jaccard": shared / (one + other - shared + SMOOTH),
        "contained": shared / (less + SMOOTH),
        "shared": np.log1p(shared),
        "less": np.log1p(less),
        "more": np.log1p(more),
    }


def _places(items: Items, contents: Contents, i: IntArray, j: IntArray) -> Columns:
    left, right = items.row[i], items.row[j]
    article = contents.article[left] == contents.article[right]
    sources = contents.source[left], contents.source[right]
    known = (sources[0] >= 0) & (sources[1] >= 0)
    same = known & (sources[0] == sources[1])
    days = contents.day[left], contents.day[right]
    dated = (days[0] >= 0) & (days[1] >= 0)
    apart = np.where(dated, np.abs(days[0] - days[1]), UNDATED)
    quoted = items.quoted[i], items.quoted[j]
    return {
        "same_article": article,
        "nearness": article / np.maximum(np.abs(left - right), 1),
        "same_source": same,
        "other_source": known & ~same,
        "same_source_article": same & article,
        "days": np.log1p(apart.astype(np.float32)),
        "quoted_both": quoted[0] & quoted[1],
        "quoted_one": quoted[0] != quoted[1],
    }


def _hit(left: IntArray, right: IntArray) -> npt.NDArray[np.bool_]:
    """Which terms of the left are among those of the right."""
    hit = np.zeros(left.shape, np.bool_)
    for column in np.ascontiguousarray(right.T):
        hit |= left == column[:, None]
    return hit & (left >= 0)


def _ordered(
    one: npt.NDArray[Any], other: npt.NDArray[Any]
) -> tuple[npt.NDArray[Any], npt.NDArray[Any]]:
    return np.minimum(one, other), np.maximum(one, other)


def _stacked(columns: Columns) -> FloatArray:
    return np.stack([column.astype(np.float32) for column in columns.values()], axis=1)

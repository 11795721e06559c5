"""Invented statements of many claims.

Words are made of syllables and drawn by Zipf's law; claims have 1 to 20 statements, small ones
being the most frequent, each a paraphrase of the same subject, action, object and figure.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from sayso.claims.contents import Contents

__all__ = ["invent"]

LARGEST = 20
"""Statements of a claim at most."""

PER_ARTICLE = 25
"""Statements of an article."""

DAYS = 1500
"""Days over which events are spread."""

_SYLLABLES = [a + b for a in "b d f g k l m n p r s t v z".split() for b in "a e i o u".split()]
_LEADS = ("that", "the", "how", "", "that the")
_TAILS = ("", "after the talks", "in the coming weeks", "as planned", "before the vote")

IntArray = npt.NDArray[np.int32]


def invent(size: int, *, seed: int = 7) -> tuple[Contents, IntArray]:
    """Make `size` statements: their columns, and the claim of each."""
    draw = np.random.default_rng(seed)
    names = np.array([word.capitalize() for word in _words(draw, max(50, size // 20))])
    words = np.array(_words(draw, max(500, size // 20)))
    sizes = np.minimum(draw.zipf(1.6, size), LARGEST)
    claim = np.repeat(np.arange(size, dtype=np.int32), sizes)[:size]
    claims = int(claim[-1]) + 1
    event = np.arange(claims) // 40
    day = draw.integers(0, DAYS, claims // 40 + 1)[event][claim] + draw.integers(0, 4, size)
    who = names[_zipf(draw, len(names), (claims, 2))][claim]
    what = words[_zipf(draw, len(words), (claims, 5))][claim]
    figure = draw.integers(2, 5000, claims)[claim]
    kept = draw.random((size, 5)) < 0.8
    lead, tail = draw.integers(0, len(_LEADS), size), draw.integers(0, len(_TAILS), size)
    texts = [
        " ".join(
            filter(
                None,
                [
                    _LEADS[lead[n]],
                    who[n, 0],
                    *(word for word, there in zip(what[n], kept[n], strict=True) if there),
                    who[n, 1] if n % 3 else "",
                    str(figure[n]) if n % 2 else "",
                    _TAILS[tail[n]],
                ],
            )
        )
        for n in range(size)
    ]
    order = np.lexsort((draw.random(size), day // 8, event[claim]))
    article = (np.arange(size) // PER_ARTICLE).astype(np.int32)
    contents = Contents(
        content=pa.array([texts[n] for n in order]),
        position=np.ones(size, np.int8),
        article=article,
        outlet=article % 300,
        day=day[order].astype(np.int32),
        source=draw.integers(-1, max(2, size // 50), size).astype(np.int32),
        denies=np.full(size, -1, np.int32),
    )
    return contents, claim[order]


def _words(draw: np.random.Generator, size: int) -> list[str]:
    parts = draw.integers(0, len(_SYLLABLES), (size, 4))
    return ["".join(_SYLLABLES[part] for part in row) for row in parts.tolist()]


def _zipf(draw: np.random.Generator, size: int, shape: tuple[int, int]) -> npt.NDArray[np.int64]:
    """Ranks below `size`, drawn by Zipf's law."""
    return np.asarray(np.minimum(size ** draw.random(shape), size - 1), dtype=np.int64)

"""Which earlier articles are learnt again beside new ones, so that nothing is forgotten."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from data.records import LabelledArticle
from training.corpus import Corpus

__all__ = ["choose_replay"]


def choose_replay(
    corpus: Corpus, count: int, latest: Sequence[LabelledArticle] = ()
) -> tuple[LabelledArticle, ...]:
    """Articles of an earlier corpus, the same ones every time.

    A third of them at most is what was learnt by retraining. Of the others half is fully marked,
    so that nesting is not forgotten, as far as there are so many.

    Args:
        corpus: what was learnt at first.
        count: how many; all where there are no more.
        latest: what was learnt by retraining.
    """
    fresh = _in_order(latest)[: count // 3]
    return (*fresh, *_first_learnt(corpus, count - len(fresh)))


def _first_learnt(corpus: Corpus, count: int) -> tuple[LabelledArticle, ...]:
    flat, full = _in_order(corpus.polnear), _in_order(corpus.full)
    some = min(len(full), max(count // 2, count - len(flat)))
    return (*full[:some], *flat[: count - some])


def _in_order(articles: Sequence[LabelledArticle]) -> list[LabelledArticle]:
    """By a hash of their ids, which more articles do not change."""
    return sorted(articles, key=lambda one: hashlib.sha256(f"replay:{one.id}".encode()).digest())

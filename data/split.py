"""Deterministic splits by article, never by statement."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from data.records import LabelledArticle

__all__ = ["hold_out"]


def hold_out(
    articles: Sequence[LabelledArticle], share: float, *, salt: str = "tune"
) -> tuple[list[LabelledArticle], list[LabelledArticle]]:
    """Part articles in two by a hash of their ids, so that adding articles moves none.

    Args:
        articles: any articles.
        share: expected share held out, in [0, 1].
        salt: another salt gives another split.

    Returns:
        The kept ones and the held-out ones, in input order.
    """
    bound = int(share * 2**64)
    held = [
        int(hashlib.sha256(f"{salt}:{a.id}".encode()).hexdigest()[:16], 16) < bound
        for a in articles
    ]
    kept = [article for article, out in zip(articles, held, strict=True) if not out]
    return kept, [article for article, out in zip(articles, held, strict=True) if out]

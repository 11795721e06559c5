"""SHA-256 over labelled data, every field of every row."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict

from data.records import LabelledArticle

__all__ = ["digest_articles"]


def digest_articles(articles: Iterable[LabelledArticle]) -> str:
    """Hexadecimal SHA-256 of the articles in canonical JSON, one a line, in the order given.

    A change of any field of any article or statement changes it, and so does their order.
    """
    whole = hashlib.sha256()
    for article in articles:
        row = json.dumps(asdict(article), sort_keys=True, ensure_ascii=True, allow_nan=False)
        whole.update(row.encode("ascii") + b"\n")
    return whole.hexdigest()

"""SHA-256 over labelled data, every field of every row."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from data.records import LabelledArticle, LabelledStatement

__all__ = ["digest_articles", "digest_statement", "digest_text"]

_WORD = re.compile(r"\w+")


def digest_articles(articles: Iterable[LabelledArticle]) -> str:
    """Hexadecimal SHA-256 of the articles in canonical JSON, one a line, in the order given.

    A change of any field of any article or statement changes it, and so does their order.
    """
    whole = hashlib.sha256()
    for article in articles:
        whole.update(_canonical(article) + b"\n")
    return whole.hexdigest()


def digest_statement(statement: LabelledStatement) -> str:
    """Hexadecimal SHA-256 of one labelled statement in canonical JSON."""
    return hashlib.sha256(_canonical(statement)).hexdigest()


def digest_text(text: str) -> str:
    """First 16 hexadecimal digits of the SHA-256 of a text's words in lower case.

    Copies of an article that differ in white space, case or punctuation have the same.
    """
    words = " ".join(_WORD.findall(text.lower()))
    return hashlib.sha256(words.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _canonical(record: LabelledArticle | LabelledStatement) -> bytes:
    whole = asdict(record, dict_factory=_without_absent)
    return json.dumps(whole, sort_keys=True, ensure_ascii=True, allow_nan=False).encode("ascii")


def _without_absent(items: list[tuple[str, Any]]) -> dict[str, Any]:
    """The fields that data of earlier days does not have count only where they are set."""
    fields = dict(items)
    if fields.get("origin", "") is None:
        del fields["origin"]
    if "statements" in fields and fields["annotator"] is None:
        del fields["annotator"]
    return fields

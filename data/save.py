"""Labelled articles → a file that `data.loaders.load_labels` reads, whole or not at all."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from data.records import LabelledArticle, LabelledStatement
from sayso.errors import UsageError
from sayso.tags import ROLES

__all__ = ["article_row", "save_articles", "write_whole"]


def save_articles(articles: Iterable[LabelledArticle], path: Path) -> None:
    """Write a JSON object a line.

    Raises:
        UsageError: the file cannot be written.
    """
    rows = (json.dumps(article_row(one), ensure_ascii=False) + "\n" for one in articles)
    write_whole(path, "".join(rows))


def article_row(article: LabelledArticle) -> dict[str, Any]:
    """The article as a JSON object; what is not known is left out.

    Statements are told apart by their place: `parent` and `denies` are indices.
    """
    places = {one.id: place for place, one in enumerate(article.statements)}
    names = ("id", "text", "title", "outlet", "published", "convention", "annotator")
    known = {name: getattr(article, name) for name in names}
    row = {name: value for name, value in known.items() if value is not None}
    marks = [_mark(one, places) for one in article.statements]
    return {**row, "attributions": marks}


def write_whole(path: Path, text: str) -> None:
    r"""Write a file, or leave the one that is there as it is.

    Lone surrogates become `\ud8xx`, which is what JSON calls them.

    Raises:
        UsageError: it cannot be written.
    """
    fresh = path.with_name(f".{path.name}.tmp")
    try:
        fresh.write_text(text, encoding="utf-8", errors="backslashreplace")
        os.replace(fresh, path)
    except OSError as error:
        raise UsageError(f"expected a file to write, found {error}") from error


def _mark(one: LabelledStatement, places: Mapping[str, int]) -> dict[str, Any]:
    row: dict[str, Any] = {role: _pairs(getattr(one, role)) for role in ROLES}
    for name in ("stance", "annotator", "form", "entity", "kind"):
        if getattr(one, name) is not None:
            row[name] = getattr(one, name)
    if not one.sure:
        row["sure"] = False
    if one.weight != 1.0:
        row["weight"] = one.weight
    for name in ("parent", "denies"):
        if getattr(one, name) in places:
            row[name] = places[getattr(one, name)]
    if one.origin is not None:
        row["origin"] = {k: v for k, v in asdict(one.origin).items() if v is not None}
    return row


def _pairs(spans: Sequence[Any]) -> list[list[int]]:
    return [[span.start, span.end] for span in spans]

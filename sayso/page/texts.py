"""The articles whose text goes into a page."""

from __future__ import annotations

import heapq
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import count

import numpy as np

from sayso.page.limits import Limits
from sayso.records import Article

__all__ = ["Texts", "printable", "read_texts", "utf16_places", "whole"]

_UNSHOWN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202d\u202e\ud800-\udfff]")
_HALVES = re.compile("[\ud800-\udfff]")
_ASTRAL = re.compile("[\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Texts:
    """What was read of the articles.

    Attributes:
        texts: by article id, those that go in.
        articles: all that are spoken of in the page, by id, without their text.
        crowded: how many stay out for want of room.
    """

    texts: Mapping[str, str]
    articles: Mapping[str, Article]
    crowded: int


def read_texts(
    articles: Iterable[Article] | None, wanted: Mapping[str, tuple[int, int]], limits: Limits
) -> Texts:
    """Read the articles once and keep the texts that are wanted most.

    Args:
        articles: of the corpus, in any order; of several with one id the first counts. None for
            none.
        wanted: how much each is wanted, by id; ties go to what comes first.
        limits: gives how many texts, and how many characters of them, go in.
    """
    kept: list[tuple[tuple[int, int], int, str, str]] = []
    known: dict[str, Article] = {}
    room, crowded, order = limits.characters, 0, count(0, -1)
    for article in articles or ():
        name = printable(article.id)
        if name not in wanted or name in known:
            continue
        known[name] = Article(
            name, "", article.title, article.outlet, article.published, article.url
        )
        heapq.heappush(kept, (wanted[name], next(order), name, article.text))
        room -= len(article.text)
        while kept and (room < 0 or len(kept) > limits.articles):
            room += len(heapq.heappop(kept)[-1])
            crowded += 1
    return Texts({name: text for _, _, name, text in kept}, known, crowded)


def printable(text: str) -> str:
    """Controls, lone surrogates and overrides of direction as U+FFFD, of the same length."""
    return text if text.isascii() and text.isprintable() else _UNSHOWN.sub("\ufffd", text)


def whole(text: str) -> str:
    """Lone surrogates as U+FFFD, as in a table of statements."""
    return text if text.isascii() else _HALVES.sub("\ufffd", text)


def utf16_places(text: str) -> np.ndarray[tuple[int], np.dtype[np.int64]] | None:
    """For each code point and the end, its place in UTF-16 units; None where they are the same."""
    if text.isascii() or not _ASTRAL.search(text):
        return None
    points = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
    return np.concatenate([[0], np.cumsum(1 + (points > 0xFFFF))]).astype(np.int64)

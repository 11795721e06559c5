"""The words of a corpus of texts, streamed: in how many articles each stands, and a sample."""

from __future__ import annotations

import hashlib
import heapq
import re
import zlib
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

__all__ = ["Taken", "Vocabulary", "VocabularyCounter", "key_of", "words_of"]

SAMPLE = 1000
"""Most articles whose words are kept, drawn by a hash of their ids."""

WORDS = 50_000
"""Most words that count as known."""

_HELD = 500_000
"""Most words that are counted at a time; then those seen once are forgotten."""

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")


def words_of(text: str) -> list[str]:
    """The words of a text in lower case; figures and marks are none."""
    return _WORD.findall(text.lower().replace("’", "'"))


def key_of(word: str) -> int:
    """32 bits that stand for a word."""
    return zlib.crc32(word.encode("utf-8", "surrogatepass"))


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What is kept of the words of a corpus.

    Attributes:
        articles: how many there are.
        least: in so many articles a word stands that is known, 2 or more.
        words: the known words, with the number of articles that each stands in.
        sample: the words of some articles, each by `key_of`, rising.
    """

    articles: int
    least: int
    words: Mapping[str, int]
    sample: Sequence[Sequence[int]]

    def keys(self) -> dict[int, int]:
        """The known words by `key_of`, with the number of articles of each."""
        return {key_of(word): count for word, count in self.words.items()}

    def to_dict(self) -> dict[str, Any]:
        """As a JSON object."""
        return {
            "articles": self.articles,
            "least": self.least,
            "words": dict(self.words),
            "sample": [list(row) for row in self.sample],
        }

    @classmethod
    def from_dict(cls, row: Mapping[str, Any]) -> Vocabulary:
        """What `to_dict` gave.

        Raises:
            KeyError, TypeError, ValueError: the object is another.
        """
        return cls(
            articles=int(row["articles"]),
            least=int(row["least"]),
            words={str(word): int(count) for word, count in dict(row["words"]).items()},
            sample=[[int(key) for key in keys] for keys in row["sample"]],
        )


@dataclass(frozen=True, slots=True)
class Taken:
    """An article's words, different ones, and those of them that are not known; numbers."""

    words: int
    different: int
    unknown: int


class VocabularyCounter:
    """Counts words article by article, in bounded memory.

    Where there are very many words, those that were seen in one article are forgotten from time to
    time (lossy counting, Manku and Motwani 2002).

    Args:
        known: the words that are known elsewhere.
    """

    def __init__(self, known: Collection[str] = ()) -> None:
        self._known = frozenset(known)
        self._articles = 0
        self._counts: Counter[str] = Counter()
        self._sample: list[tuple[int, tuple[int, ...]]] = []

    def add(self, name: str, words: Sequence[str]) -> Taken:
        """Take an article in.

        Args:
            name: its id.
            words: as `words_of` gives them.
        """
        different = set(words)
        self._articles += 1
        self._counts.update(different)
        if len(self._counts) > _HELD:
            self._counts = Counter({w: n for w, n in self._counts.items() if n > 1})
        self._draw(name, different)
        return Taken(len(words), len(different), len(different - self._known))

    def vocabulary(self) -> Vocabulary:
        """What was counted."""
        ranked = sorted(self._counts.items(), key=lambda item: (-item[1], item[0]))
        least = max(2, ranked[WORDS][1] + 1) if len(ranked) > WORDS else 2
        return Vocabulary(
            articles=self._articles,
            least=least,
            words={word: count for word, count in ranked if count >= least},
            sample=[row for _, row in sorted(self._sample, reverse=True)],
        )

    def _draw(self, name: str, words: Collection[str]) -> None:
        """Keep an article's words if its id's hash is among the least."""
        digest = hashlib.blake2b(name.encode("utf-8", "surrogatepass"), digest_size=8).digest()
        rank = -int.from_bytes(digest, "big")
        if len(self._sample) == SAMPLE and rank <= self._sample[0][0]:
            return
        row = (rank, tuple(sorted({key_of(word) for word in words})))
        (heapq.heappush if len(self._sample) < SAMPLE else heapq.heappushpop)(self._sample, row)

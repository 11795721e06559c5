"""Texts as sets of word sequences, for telling how much of one stands in another."""

from __future__ import annotations

import hashlib
import re
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

__all__ = ["WORDS", "Shingler", "Shingles"]

WORDS = 5
"""Words in a sequence."""

_WORD = re.compile(r"\w+")
_ODD = np.uint64(0x9E3779B97F4A7C15)
_HALF = np.uint64(32)

Shingles: TypeAlias = npt.NDArray[np.uint64]
"""Hashes of a text's word sequences, each once, rising."""


class Shingler:
    """Texts → `Shingles`; case, punctuation and white space do not count.

    A text of fewer than `WORDS` words is one sequence, one without words none. Keeps a hash for
    every word it has seen.
    """

    def __init__(self) -> None:
        self._hashes: dict[str, int] = {}

    def __call__(self, text: str) -> Shingles:
        """The text's word sequences."""
        words = np.array([self._hash(word) for word in _WORD.findall(text.lower())], np.uint64)
        size = min(WORDS, len(words))
        out = np.zeros(len(words) - size + 1 if size else 0, np.uint64)
        for place in range(size):
            out = (out + words[place : place + len(out)]) * _ODD
            out ^= out >> _HALF
        return np.unique(out)

    def _hash(self, word: str) -> int:
        found = self._hashes.get(word)
        if found is None:
            whole = hashlib.blake2b(word.encode("utf-8", "surrogatepass"), digest_size=8).digest()
            found = self._hashes[word] = int.from_bytes(whole, "big")
        return found

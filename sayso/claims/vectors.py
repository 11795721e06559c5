"""Static vectors of word pieces, distilled from a sentence encoder, and how common words are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from tokenizers import Tokenizer

from sayso.bundle import DEFAULT_BUNDLE, TOKENIZER
from sayso.errors import BundleError

__all__ = ["VECTORS", "WordVectors", "load_vectors"]

FloatArray = npt.NDArray[np.float32]

VECTORS = Path(__file__).parent / "vectors.npz"
"""int8 vectors of the word pieces of the bundle's vocabulary, made by `python -m model.pieces`."""

FIRST = 1996
"""The first whole word of the vocabulary, which is sorted by frequency."""

_UNKNOWN = 60_000
"""Rank of a word that is no single piece."""

_LIKELIEST, _ZIPF = 0.7, 1.5
"""A content holds the word of rank r with about the chance 1.5 / r (Zipf 1949), 0.7 at most."""


@dataclass(frozen=True, slots=True)
class WordVectors:
    """What is known of words beforehand.

    Attributes:
        vectors: float32 [words, size], of length 1, or 0 where nothing is known.
        chance: [words] of standing in a content of news, roughly.
    """

    vectors: FloatArray
    chance: npt.NDArray[np.float64]


def load_vectors(words: Sequence[str], path: Path = VECTORS) -> WordVectors:
    """The vectors of words, each the mean of its pieces' (as in model2vec, Tulkens and van Dongen
    2024).

    Raises:
        BundleError: the file is missing or damaged.
    """
    try:
        with np.load(path, allow_pickle=False) as stored:
            first, pieces, scale = int(stored["first"]), stored["pieces"], stored["scale"]
    except (OSError, ValueError, KeyError) as error:
        raise BundleError(f"{path}: expected vectors of word pieces, found {error}") from error
    tokenizer = Tokenizer.from_file(str(DEFAULT_BUNDLE / TOKENIZER))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    vectors = np.zeros((len(words), len(scale)), np.float32)
    rank = np.full(len(words), _UNKNOWN)
    table = pieces.astype(np.float32) * scale
    for start in range(0, len(words), _BATCH):
        batch = list(words[start : start + _BATCH])
        ids = [one.ids for one in tokenizer.encode_batch_fast(batch, add_special_tokens=False)]
        many = np.array([len(one) for one in ids])
        flat = np.array([piece for one in ids for piece in one], np.int64)
        rows = np.repeat(np.arange(start, start + len(batch)), many)
        known = flat >= first
        np.add.at(vectors, rows[known], table[flat[known] - first])
        heads = np.array([one[0] if len(one) == 1 else 0 for one in ids])
        whole = heads >= FIRST
        rank[start : start + len(batch)][whole] = heads[whole] - FIRST + 1
    length = np.linalg.norm(vectors, axis=1, keepdims=True)
    vectors /= np.where(length > 0, length, 1)
    return WordVectors(vectors, np.minimum(_LIKELIEST, _ZIPF / rank))


_BATCH = 10_000

"""The input of merging as numbers: articles, weights, and the distinct names with their kinds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa

__all__ = ["Rows", "Texts"]

Ints = npt.NDArray[np.int32]
Texts: TypeAlias = Sequence[str] | pa.Array | pa.ChunkedArray
"""A column of texts."""


@dataclass(frozen=True, slots=True)
class Rows:
    """The input: a form is a distinct (name, kind).

    Attributes:
        article, weight, form: of each row, [rows].
        forms: name and kind of each form, in order.
    """

    article: Ints
    weight: npt.NDArray[np.int64]
    form: Ints
    forms: list[tuple[str, str]]

    @classmethod
    def read(
        cls, articles: npt.ArrayLike, entities: Texts, kinds: Texts, weights: npt.ArrayLike
    ) -> Rows:
        """Read the columns that `sayso.who.merge.merge_sources` is given."""
        text, texts = _encoded(entities)
        kind, kind_names = _encoded(kinds)
        pairs = text.astype(np.int64) * len(kind_names) + kind
        distinct, form = np.unique(pairs, return_inverse=True)
        forms = [(texts[p // len(kind_names)], kind_names[p % len(kind_names)]) for p in distinct]
        return cls(
            np.asarray(articles, np.int32),
            np.asarray(weights, np.int64),
            form.astype(np.int32),
            forms,
        )


def _encoded(texts: Any) -> tuple[Ints, list[str]]:
    """The rank of each text among the distinct ones, and these in order."""
    if isinstance(texts, pa.ChunkedArray):
        texts = texts.combine_chunks()
    if not isinstance(texts, pa.Array):
        texts = pa.array(texts, pa.string())
    coded = texts if isinstance(texts, pa.DictionaryArray) else texts.dictionary_encode()
    words = coded.dictionary.to_pylist()
    order = sorted(range(len(words)), key=words.__getitem__)
    rank = np.empty(len(words), np.int32)
    rank[order] = np.arange(len(words), dtype=np.int32)
    return rank[coded.indices.to_numpy(zero_copy_only=False)], [words[n] for n in order]

"""What is grouped: different contents, each once, as rows of terms with their weights."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from sayso.claims.contents import Contents
from sayso.claims.stories import Stories, read_stories
from sayso.claims.terms import Terms
from sayso.claims.vectors import WordVectors

Number = TypeVar("Number", np.float64, np.uint64)

__all__ = ["TERMS", "Items", "hashed", "make_items", "term_weights"]

IntArray = npt.NDArray[np.int32]
FloatArray = npt.NDArray[np.float32]

TERMS = 24
"""Terms of a content that are compared at most, those of most weight."""

TELLING = 20.0
"""Weight from which on contents of the same terms are on the same claim in any article."""

PRIOR = 2000
"""As so many contents counts what is known of words beforehand."""

QUOTES = "\"'“‘„«`"
"""Marks that a quotation begins with."""

_ODD = np.uint64(0x9E3779B97F4A7C15)
_CHUNK = 100_000


@dataclass(frozen=True, slots=True)
class Items:
    """Different contents, m of them, by first appearance.

    Attributes:
        row: [m] statement that each stands for first.
        item: [statements] which of them each statement has; -1 without terms.
        terms: [m, TERMS] its terms, most weight first, -1 after the last.
        total: [m] sum of the weights of all its terms.
        length: [m] of the vector of the weights of `terms`.
        weights: [vocabulary + 1] of terms, in nats; the last, for -1, is 0.
        names, numbers: [vocabulary + 1] what each term is.
        counts: [vocabulary + 1] in how many items each term stands.
        vectors: [m, size] int8, 127 times the mean direction of its terms.
        quoted: [m] whether it begins with a quotation mark.
        stories: what the articles are about.
    """

    row: IntArray
    item: IntArray
    terms: IntArray
    total: FloatArray
    length: FloatArray
    weights: FloatArray
    names: npt.NDArray[np.bool_]
    numbers: npt.NDArray[np.bool_]
    counts: npt.NDArray[np.int64]
    vectors: npt.NDArray[np.int8]
    quoted: npt.NDArray[np.bool_]
    stories: Stories

    def __len__(self) -> int:
        return len(self.row)


def hashed(keys: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    """Well-mixed 64 bits for each key (the finaliser of SplitMix64, Steele et al. 2014)."""
    keys = (keys + np.uint64(1)) * _ODD
    keys = (keys ^ (keys >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    keys = (keys ^ (keys >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return keys ^ (keys >> np.uint64(31))


def term_weights(terms: Terms, known: WordVectors) -> FloatArray:
    """Inverse document frequency in nats, from the corpus and what is known beforehand."""
    contents = len(terms.starts) - 1
    chance = (terms.vocabulary.counts + PRIOR * known.chance) / (contents + PRIOR)
    return -np.log(np.minimum(chance, 1)).astype(np.float32)


def make_items(contents: Contents, terms: Terms, known: WordVectors) -> Items:
    """Contents of the same terms, each once; little-telling ones once an article."""
    weights = np.append(term_weights(terms, known), np.float32(0))
    lengths = np.diff(terms.starts)
    sums = _sums(weights.astype(np.float64), terms)
    keys = _sums(hashed(np.arange(len(weights), dtype=np.uint64)), terms)
    vague = sums < TELLING
    keys[vague] += hashed(contents.article[vague].astype(np.uint64)) * _ODD
    rows = np.flatnonzero(lengths)
    _, first, codes = np.unique(keys[rows], return_index=True, return_inverse=True)
    order = np.argsort(first, kind="stable")
    place = np.empty(len(order), np.int32)
    place[order] = np.arange(len(order), dtype=np.int32)
    item = np.full(len(contents), -1, np.int32)
    item[rows] = place[codes]
    row = rows[first[order]].astype(np.int32)
    padded, counts = _padded(terms, row, weights)
    vocabulary = terms.vocabulary
    return Items(
        row=row,
        item=item,
        terms=padded,
        total=sums[row].astype(np.float32),
        length=_lengths(padded, weights),
        weights=weights,
        names=np.append(vocabulary.names, False),
        numbers=np.append(~np.isnan(vocabulary.values), False),
        counts=counts,
        vectors=_vectors(padded, weights, known.vectors),
        quoted=_quoted(contents, row),
        stories=read_stories(contents, terms, weights),
    )


def _lengths(padded: IntArray, weights: FloatArray) -> FloatArray:
    squares = np.zeros(len(padded), np.float32)
    for column in padded.T:
        squares += weights[column] ** 2
    return np.maximum(np.sqrt(squares), np.float32(1e-6))


def _quoted(contents: Contents, rows: IntArray) -> npt.NDArray[np.bool_]:
    first = pc.utf8_slice_codeunits(contents.content.take(pa.array(rows)), 0, 1)
    found = pc.is_in(first, value_set=pa.array(list(QUOTES)))
    return np.asarray(found.to_numpy(zero_copy_only=False), dtype=np.bool_)


def _sums(values: npt.NDArray[Number], terms: Terms) -> npt.NDArray[Number]:
    """Sums over each content's terms of what each term has, 0 for contents without any."""
    out = np.zeros(len(terms.starts) - 1, values.dtype)
    for start in range(0, len(out), _CHUNK):
        starts = terms.starts[start : start + _CHUNK + 1]
        full = np.flatnonzero(np.diff(starts))
        if len(full):
            part = values[terms.ids[starts[0] : starts[-1]]]
            out[start + full] = np.add.reduceat(part, starts[full] - starts[0])
    return out


def _padded(
    terms: Terms, rows: IntArray, weights: FloatArray
) -> tuple[IntArray, npt.NDArray[np.int64]]:
    """The weightiest terms of rows [rows, TERMS], and how many rows each term stands in."""
    out = np.full((len(rows), TERMS), -1, np.int32)
    counts = np.zeros(len(weights), np.int64)
    for start in range(0, len(rows), _CHUNK):
        part = rows[start : start + _CHUNK]
        begins, lengths = terms.starts[part], terms.starts[part + 1] - terms.starts[part]
        ends = np.cumsum(lengths)
        owner = np.repeat(np.arange(len(part)), lengths)
        inside = np.arange(ends[-1]) - np.repeat(ends - lengths, lengths)
        ids = terms.ids[np.repeat(begins, lengths) + inside]
        counts += np.bincount(ids, minlength=len(counts))
        order = np.lexsort((ids, -weights[ids], owner))
        kept = inside < TERMS
        out[start + owner[kept], inside[kept]] = ids[order][kept]
    return out, counts


def _vectors(padded: IntArray, weights: FloatArray, vectors: FloatArray) -> npt.NDArray[np.int8]:
    out = np.zeros((len(padded), vectors.shape[1]), np.int8)
    table = np.concatenate([vectors, np.zeros((1, vectors.shape[1]), np.float32)])
    table *= weights[:, None]
    for start in range(0, len(padded), _CHUNK // 10):
        mean = np.zeros((len(padded[start : start + _CHUNK // 10]), table.shape[1]), np.float32)
        for column in padded[start : start + _CHUNK // 10].T:
            mean += table[column]
        length = np.linalg.norm(mean, axis=1, keepdims=True)
        out[start : start + len(mean)] = np.rint(127 * mean / np.where(length > 0, length, 1))
    return out

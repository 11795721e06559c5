"""The terms of contents: stems and numbers with their weights, in one table for all statements."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from sayso.claims.words import Word, read_form

__all__ = ["Terms", "Vocabulary", "read_terms"]

IntArray = npt.NDArray[np.int32]
FloatArray = npt.NDArray[np.float32]

CHUNK = 50_000
"""Contents whose words are held at a time."""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """All terms of a corpus, in order of first appearance but that numbers come last.

    Attributes:
        plain: a written word of each term, in lower case; the number for a number.
        counts: in how many contents each stands.
        names: whether each is mostly written with a capital where no sentence need begin.
        values: the number of each; NaN for words.
    """

    plain: list[str]
    counts: npt.NDArray[np.int64]
    names: npt.NDArray[np.bool_]
    values: npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Terms:
    """The different terms of each content.

    Attributes:
        vocabulary: what `ids` index.
        starts: [contents + 1] where each content's terms begin in `ids`.
        ids: terms, rising within a content.
    """

    vocabulary: Vocabulary
    starts: npt.NDArray[np.int64]
    ids: IntArray


@dataclass(slots=True)
class _Lexicon:
    """Written forms and stems seen so far.

    Attributes:
        forms: each written form's number.
        words: the terms of all forms, one after another: number of its stem, -1 for a number.
        starts: where each form's terms begin in `words`.
        capital, value, scale: of each of `words`.
        stems: each stem's number.
        plain: a written word of each stem.
    """

    forms: dict[str, int] = field(default_factory=dict)
    words: list[int] = field(default_factory=list)
    starts: list[int] = field(default_factory=lambda: [0])
    capital: list[bool] = field(default_factory=list)
    value: list[float] = field(default_factory=list)
    scale: list[float] = field(default_factory=list)
    stems: dict[str, int] = field(default_factory=dict)
    plain: list[str] = field(default_factory=list)

    def number(self, form: str) -> int:
        """The form's number; its terms are read where it is new."""
        found = self.forms.get(form)
        if found is None:
            found = self.forms[form] = len(self.forms)
            for word in read_form(form):
                self._add(word)
            self.starts.append(len(self.words))
        return found

    def _add(self, word: Word) -> None:
        stem = -1
        if word.value is None:
            stem = self.stems.setdefault(word.stem, len(self.stems))
            if stem == len(self.plain):
                self.plain.append(word.plain)
        self.words.append(stem)
        self.capital.append(word.capital)
        self.value.append(np.nan if word.value is None else word.value)
        self.scale.append(word.scale)


@dataclass(frozen=True, slots=True)
class _Run:
    """The terms of a run of contents, in the order written, those of numbers as values."""

    rows: npt.NDArray[np.int64]
    stems: IntArray
    values: npt.NDArray[np.float64]
    capital: npt.NDArray[np.bool_]
    first: npt.NDArray[np.bool_]


def read_terms(contents: pa.Array | pa.ChunkedArray, *, chunk: int = CHUNK) -> Terms:
    """Read the terms of contents.

    Args:
        contents: strings; null ones have no terms.
        chunk: contents whose words are held at a time; the result does not depend on it.
    """
    lexicon = _Lexicon()
    keys, values = [np.zeros(0, np.int64)], [np.zeros(0)]
    numbers = [np.zeros(0, np.int64)]
    capitals = np.zeros((2, 0), np.int64)
    for start in range(0, len(contents), chunk):
        run = _read(lexicon, contents.slice(start, chunk), start)
        capitals = _count_capitals(capitals, run, len(lexicon.stems))
        figure = run.stems < 0
        keys.append(np.unique(run.rows[~figure] << 32 | run.stems[~figure]))
        numbers.append(run.rows[figure])
        values.append(run.values[figure])
    return _table(
        lexicon, keys, np.concatenate(numbers), np.concatenate(values), capitals, contents
    )


def _read(lexicon: _Lexicon, contents: pa.Array, offset: int) -> _Run:
    """The terms of contents whose first is row `offset`."""
    split = pc.utf8_split_whitespace(pc.fill_null(contents, ""))
    split = split.combine_chunks() if isinstance(split, pa.ChunkedArray) else split
    coded = split.flatten().dictionary_encode()
    forms = np.array([lexicon.number(form) for form in coded.dictionary.to_pylist()], np.int64)
    codes = forms[coded.indices.to_numpy(zero_copy_only=False)] if len(forms) else forms
    lengths = pc.list_value_length(split).to_numpy(zero_copy_only=False)
    rows = np.repeat(np.arange(offset, offset + len(lengths)), lengths)
    first = np.zeros(len(codes), np.bool_)
    begins = np.concatenate([[0], np.cumsum(lengths)[:-1]])[lengths > 0].astype(np.int64)
    first[begins] = True
    starts = np.array(lexicon.starts, np.int64)
    many = starts[codes + 1] - starts[codes]
    ends = np.cumsum(many)
    at = np.arange(ends[-1] if len(ends) else 0) + np.repeat(starts[codes] - ends + many, many)
    run = _Run(
        rows=np.repeat(rows, many),
        stems=np.array(lexicon.words, np.int32)[at],
        values=np.array(lexicon.value)[at],
        capital=np.array(lexicon.capital, np.bool_)[at],
        first=np.repeat(first, many),
    )
    return _scaled(run, np.array(lexicon.scale)[at])


def _scaled(run: _Run, scale: npt.NDArray[np.float64]) -> _Run:
    """Numbers times the word of scale that comes next to them, which is then left out."""
    if len(scale) < 2:
        return run
    follows = np.zeros(len(scale), np.bool_)
    follows[1:] = (scale[1:] > 1) & (run.stems[:-1] < 0) & (run.rows[1:] == run.rows[:-1])
    values = run.values.copy()
    values[:-1][follows[1:]] *= scale[1:][follows[1:]]
    return _Run(
        run.rows[~follows],
        run.stems[~follows],
        values[~follows],
        run.capital[~follows],
        run.first[~follows],
    )


def _count_capitals(counted: npt.NDArray[np.int64], run: _Run, stems: int) -> npt.NDArray[np.int64]:
    """How often each stem stands inside a content in small letters (0) and with a capital (1)."""
    counted = np.pad(counted, ((0, 0), (0, stems - counted.shape[1])))
    inside = (run.stems >= 0) & ~run.first
    for kind in (0, 1):
        chosen = run.stems[inside & (run.capital == bool(kind))]
        counted[kind] += np.bincount(chosen, minlength=stems)
    return counted


def _table(
    lexicon: _Lexicon,
    keys: list[npt.NDArray[np.int64]],
    rows: npt.NDArray[np.int64],
    values: npt.NDArray[np.float64],
    capitals: npt.NDArray[np.int64],
    contents: pa.Array | pa.ChunkedArray,
) -> Terms:
    stems = len(lexicon.stems)
    rounded = np.array([float(f"{value:.6g}") for value in values.tolist()])
    different, codes = np.unique(rounded, return_inverse=True)
    keys.append(np.unique(rows << 32 | (codes + stems)))
    whole = np.concatenate(keys)
    whole.sort()
    ids = (whole & 0xFFFFFFFF).astype(np.int32)
    starts = np.searchsorted(whole, np.arange(len(contents) + 1, dtype=np.int64) << 32)
    names = capitals[1] > capitals[0]
    vocabulary = Vocabulary(
        plain=[*lexicon.plain, *(f"{value:g}" for value in different.tolist())],
        counts=np.bincount(ids, minlength=stems + len(different)),
        names=np.concatenate([names, np.zeros(len(different), np.bool_)]),
        values=np.concatenate([np.full(stems, np.nan), different]),
    )
    return Terms(vocabulary, starts, ids)

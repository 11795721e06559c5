"""By which name, kind and aliases a merged source is told."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

import numpy as np
import numpy.typing as npt

from sayso import lexicon
from sayso.records import KINDS
from sayso.who.columns import Rows
from sayso.who.spelling import plain_words

__all__ = ["COMMON", "Told", "tell"]

COMMON = 0.2
"""Share of the most frequent form's statements from which on another form is common too."""

Told = tuple[str, str, tuple[str, ...]]
"""Name, kind and aliases of a source."""


def tell(rows: Rows, number: npt.NDArray[np.int64]) -> list[Told]:
    """The name, kind and aliases of each source.

    Args:
        rows: the input.
        number: source of each row, [rows], from 0 without gaps.
    """
    return [_told(forms) for forms in _forms(rows, number)]


def _forms(rows: Rows, number: npt.NDArray[np.int64]) -> Iterator[list[tuple[int, str, str]]]:
    """Weight, name and kind of the forms of each source."""
    width = len(rows.forms)
    used, place = np.unique(number * width + rows.form, return_inverse=True)
    said = np.bincount(place, rows.weight).astype(np.int64)
    pairs = zip((used // width).tolist(), (used % width).tolist(), said.tolist(), strict=True)
    for _, group in groupby(pairs, key=lambda pair: pair[0]):
        yield [(weight, *rows.forms[form]) for _, form, weight in group]


def _told(forms: Sequence[tuple[int, str, str]]) -> Told:
    if len(forms) == 1:
        return forms[0][1], forms[0][2], ()
    names: dict[str, int] = {}
    kinds: dict[str, int] = {}
    for weight, name, kind in forms:
        names[name] = names.get(name, 0) + weight
        kinds[kind] = kinds.get(kind, 0) + weight
    ranked = sorted(names, key=lambda name: (-names[name], name))
    full = [name for name in ranked if not _titled(name)] or ranked
    common = [name for name in full if names[name] >= COMMON * names[full[0]]]
    best = min(common, key=lambda name: (_shouted(name), -names[name], name))
    kind = min(kinds, key=lambda kind: (-kinds[kind], KINDS.index(kind)))
    return best, kind, tuple(name for name in ranked if name != best)


def _shouted(name: str) -> bool:
    """Whether a name is an acronym or all in capitals, so that another form is told first."""
    return name.isupper() or " " not in name


def _titled(name: str) -> bool:
    """Whether a name is a surname with its office."""
    words = plain_words(name)
    return words[:1] == ["vice"] or (words[:1] != [] and words[0] in lexicon.OFFICES)

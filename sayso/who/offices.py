"""Surnames told with an office: whose they are, where one person in the corpus bears both."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from sayso.who.columns import Rows, Texts
from sayso.who.forest import Forest
from sayso.who.naming import PersonName, tells_office, titles_before
from sayso.who.reading import Names

__all__ = ["DOMINANT", "Offices", "lend_full_names", "read_offices"]

DOMINANT = 10
"""How many times the articles of all others a bearer of a surname and an office needs."""

_STEP = 1 << 15


@dataclass(frozen=True, slots=True)
class Offices:
    """Offices told in a corpus.

    Attributes:
        borne: (number of a full name, office) → articles that tell it.
        bare: row, form and offices of surnames alone.
    """

    borne: Counter[tuple[int, str]]
    bare: list[tuple[int, int, frozenset[str]]]


def read_offices(rows: Rows, names: Names, written: Texts | None) -> Offices:
    """The offices written before surnames, and those kept in the names themselves."""
    offices = Offices(Counter(), [])
    node = names.node.tolist()
    known: dict[frozenset[str], frozenset[str]] = {}
    for row, (form, text) in enumerate(zip(rows.form.tolist(), _each(written, rows), strict=True)):
        bare = names.bare.get(form)
        name = bare or names.persons.get(node[form])
        if name is None:
            continue
        told = f"{rows.forms[form][0]}\n{text}" if bare else text
        if not tells_office(told):
            continue
        found = titles_before(told, name)
        if found and bare:
            offices.bare.append((row, form, known.setdefault(found, found)))
        else:
            offices.borne.update((node[form], office) for office in found)
    return offices


def _each(written: Texts | None, rows: Rows) -> Iterator[str]:
    """The mentions of each row, none of them where they are not given."""
    for start in range(0, len(rows.form), _STEP):
        count = min(_STEP, len(rows.form) - start)
        if written is None:
            yield from [""] * count
            continue
        part: Sequence[str | None]
        if isinstance(written, (pa.Array, pa.ChunkedArray)):
            part = written.slice(start, count).to_pylist()
        else:
            part = written[start : start + count]
        yield from (text or "" for text in part)


def lend_full_names(
    sources: npt.NDArray[np.int64], offices: Offices, names: Names, forest: Forest
) -> None:
    """Give bare surnames with an office the full name that alone bears both in the corpus.

    Args:
        sources: each row's root in the forest, -1 for none so far; it is changed.
        offices: what the corpus tells.
        names: its names.
        forest: which of them are one.
    """
    borne = _bearers(offices.borne, names.persons, forest)
    for row, form, told in offices.bare:
        found = {borne.get((names.bare[form].last, office)) for office in told} - {None}
        for number in found if len(found) == 1 else ():
            sources[row] = number or 0


def _bearers(
    told: Mapping[tuple[int, str], int], names: Mapping[int, PersonName], forest: Forest
) -> dict[tuple[str, str], int]:
    """(surname, office) → the full name that bears both, alone or `DOMINANT`."""
    counts: dict[tuple[str, str], dict[int, int]] = defaultdict(lambda: defaultdict(int))
    for (number, office), articles in told.items():
        counts[names[number].last, office][forest.root(number)] += articles
    found = {}
    for place, each in counts.items():
        best = max(each, key=lambda root: (each[root], -root))
        if each[best] >= DOMINANT * (sum(each.values()) - each[best]):
            found[place] = best
    return found

"""The names of a corpus read: which forms name one person or body, and which stay local."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sayso.who.bodies import SYNONYMS
from sayso.who.bodynames import Body, read_body
from sayso.who.columns import Rows
from sayso.who.naming import PersonName, read_person

__all__ = ["Names", "person_key", "read_names"]

Ints = npt.NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Names:
    """What the forms name.

    Attributes:
        node: number of each form's name, -1 for one of its article alone, [forms].
        count: how many names there are.
        persons, bodies: the names by their number.
        bare: surnames alone, by form.
    """

    node: Ints
    count: int
    persons: dict[int, PersonName]
    bodies: dict[int, Body]
    bare: dict[int, PersonName]


def read_names(rows: Rows) -> Names:
    """Read the distinct names of a corpus."""
    common = _common_words(rows.forms)
    bare: dict[int, PersonName] = {}
    read: list[tuple[str, PersonName | Body] | None] = []
    for form, (entity, kind) in enumerate(rows.forms):
        person = read_person(entity) if kind == "person" else None
        if person is not None and person.first:
            read.append((f"p {person_key(person)}", person))
            continue
        if person is not None:
            bare[form] = person
        body = read_body(entity, kind, common) if person is None else None
        read.append((f"b {SYNONYMS.get(body.key, body.key)}", body) if body else None)
    keys = sorted({found[0] for found in read if found})
    number = {key: n for n, key in enumerate(keys)}
    persons: dict[int, PersonName] = {}
    bodies: dict[int, Body] = {}
    for found in read:
        if found is not None:
            at, name = number[found[0]], found[1]
            if isinstance(name, PersonName):
                persons[at] = name
            elif at not in bodies or found[0] == f"b {name.key}":
                bodies[at] = name
    node = np.array([number[found[0]] if found else -1 for found in read], np.int32)
    return Names(node, len(keys), persons, bodies, bare)


def person_key(name: PersonName) -> str:
    """A person's plain name in one."""
    return " ".join((name.first, *name.middle, name.last, name.suffix)).strip()


def _common_words(forms: Sequence[tuple[str, str]]) -> frozenset[str]:
    """Words that stand in lower case in names of the corpus."""
    return frozenset(word for entity, _ in forms for word in entity.split() if word.islower())

"""What a person's name is made of, and which offices are told with it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from sayso import lexicon
from sayso.who.spelling import plain_words

__all__ = ["PersonName", "read_person", "tells_office", "titles_before"]

_PARTICLES = lexicon.NAME_PARTICLES | {"ul"}
_SUFFIXES = frozenset("jr sr ii iii iv".split())
_LEADING_TITLES = (lexicon.TITLES - lexicon.REGNAL) | {"elect", "designate", "ex"}

_ONE_OFFICE = {
    "sen": "senator", "sens": "senator", "rep": "representative", "reps": "representative",
    "congressman": "representative", "congresswoman": "representative", "gov": "governor",
    "gen": "general", "adm": "admiral", "col": "colonel", "pm": "minister", "premier": "minister",
    "vicepresident": "vice-president",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class PersonName:
    """A person's name taken apart, in plain words.

    Attributes:
        first: first name, or initials in one (`jd`); empty where the name is a surname alone.
        middle: middle names and initials, particles left out.
        last: surname.
        suffix: `jr`, `sr`, `ii`, `iii` or `iv`, or empty.
    """

    first: str
    middle: tuple[str, ...]
    last: str
    suffix: str


def read_person(entity: str) -> PersonName | None:
    """A person's name; None where it is a description (`his wife`) or several persons."""
    if "," in entity or " and " in entity:
        entity, _, after = entity.partition(",")
        if " and " in entity or after.strip(" .").lower() not in _SUFFIXES:
            return None
        entity = f"{entity} {after}"
    if not _all_names(entity):
        return None
    words = _joined_initials(plain_words(entity))
    suffix = ""
    if len(words) > 1 and words[-1] in _SUFFIXES:
        suffix = words.pop()
    while len(words) > 1 and words[0] in _LEADING_TITLES:
        words = words[1:]
    if len(words) > 1 and words[0] in _PARTICLES and not _is_first(words[0], entity):
        words = words[1:]
    named = words[:1] + [word for word in words[1:-1] if word not in _PARTICLES] + words[1:][-1:]
    if not named or len(named) > 6:
        return None
    if len(named) == 1:
        return PersonName("", (), named[0], suffix)
    return PersonName(named[0], tuple(named[1:-1]), named[-1], suffix)


def _is_first(word: str, entity: str) -> bool:
    """Whether a particle is rather a first name, as in `Ben Carter` and `Al Stone`."""
    return word in ("ben", "al") and entity[:1].isupper() and "-" not in entity


def _all_names(entity: str) -> bool:
    """Whether every word is capitalised, or a particle."""
    return all(
        word[:1].isupper() or word in lexicon.NAME_PARTICLES or word[:3] in ("al-", "el-", "ul-")
        for word in entity.split()
    )


def _joined_initials(words: list[str]) -> list[str]:
    """Initials side by side in one word, but for the last word: `j d vance` is `jd vance`."""
    joined: list[str] = []
    run = False
    for word in words:
        if len(word) == 1 and run:
            joined[-1] += word
        else:
            joined.append(word)
        run = len(word) == 1
    return joined


_OFFICE = re.compile(rf"\b(?:{'|'.join(sorted(lexicon.OFFICES))})\b", re.IGNORECASE)


def tells_office(written: str) -> bool:
    """Whether mentions hold an office's title at all, which is soon seen."""
    return _OFFICE.search(written) is not None


def titles_before(written: str, name: PersonName) -> frozenset[str]:
    """Offices written before a name: `Sen. Marsh` and `Senator Ada Marsh` give `senator`.

    Args:
        written: the mentions of a source, one a line.
        name: its name.
    """
    own = {name.first, *name.middle}
    found = set()
    for line in written.split("\n"):
        words = plain_words(line)
        if name.last not in words:
            continue
        for number in range(words.index(name.last) - 1, -1, -1):
            word = words[number]
            if word in lexicon.OFFICES:
                office = _ONE_OFFICE.get(word, word)
                before = words[number - 1] if number else ""
                found.add("vice-president" if (before, word) == ("vice", "president") else office)
                break
            if word not in own and word not in _OFFICE_OF:
                break
    return frozenset(found)


_OFFICE_OF = frozenset("of the state treasury defense defence general elect".split())

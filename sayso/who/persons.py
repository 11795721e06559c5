"""Persons across articles: middle names, transliteration, slips of spelling, short first names."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence

from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein

from sayso.who.firstnames import short_for
from sayso.who.forest import Forest
from sayso.who.naming import PersonName
from sayso.who.people import People, Someone
from sayso.who.spelling import skeleton

__all__ = ["join_persons"]

DOMINANT = 10
"""How many times the articles of the next a name needs for a vaguer form to be taken for it."""

ESTABLISHED = 5
"""Articles that a name stands in before a rare other spelling is taken for a slip of it."""

RARE = 0.2
"""Share of an established name's articles up to which another spelling is rare."""

LETTERS = 9
"""Letters of first name and surname from which on spellings are compared."""

CROWDED = 12
"""First names beside a surname from which on a short first name no longer tells who it is."""

_MUHAMMAD = re.compile(r"m[ou]h?am+[aeu]d")


def join_persons(forest: Forest, names: Mapping[int, PersonName]) -> None:
    """Join the names of each person.

    Args:
        forest: of all names; it is changed.
        names: the full names of persons by their number in the forest.
    """
    people = People(forest, names)
    for same in _by(people.everyone(), lambda one: (one.first, one.last)):
        _join_middles(people, same)
    everyone = people.everyone()
    sounds = _Sounds()
    for same in _by(everyone, lambda one: (sounds.first(one.first), sounds[one.last])):
        _join_alike(people, same)
    _join_slips(people, everyone)
    for same in _by(people.everyone(), lambda one: one.last):
        _join_short(people, same)


def _by(people: Iterable[Someone], key: Callable[[Someone], object]) -> list[list[Someone]]:
    """Those of one key together, two or more."""
    groups: dict[object, list[Someone]] = defaultdict(list)
    for one in people:
        groups[key(one)].append(one)
    return [group for group in groups.values() if len(group) > 1]


def _join_middles(people: People, same: Sequence[Someone]) -> None:
    """Equal first name and surname: one person unless middle names or suffixes differ."""
    sets: list[int] = []
    for one in (one for one in same if one.told):
        for number in sets:
            if people.agree(one.number, number) and people.suffix_may_drop(one.number, number):
                people.join(number, one.number)
                break
        else:
            sets.append(one.number)
    plain = [one.number for one in same if not one.told]
    sets = [number for number in sets if not people.suffixed(number)] or sets
    if not plain or not sets:
        return
    sizes = [people.forest.frequency(number) for number in sets]
    best = max(range(len(sets)), key=lambda n: (sizes[n], -n))
    rest = sum(sizes) - sizes[best]
    alone = not rest or sizes[best] >= DOMINANT * rest
    if alone and people.suffix_may_drop(sets[best], plain[0]):
        people.join(sets[best], plain[0])


class _Sounds(dict[str, str]):
    """Skeletons of words, each made once."""

    def __missing__(self, word: str) -> str:
        self[word] = skeleton(word)
        return self[word]

    def first(self, word: str) -> str:
        return "muhamad" if _MUHAMMAD.fullmatch(word) else self[word]


def _join_alike(people: People, same: Sequence[Someone]) -> None:
    """Ways of transliterating one name."""
    for number, one in enumerate(same):
        if len(one.first) + len(one.last) < LETTERS:
            continue
        for other in same[:number]:
            spelled_alike = (one.first, one.last) == (other.first, other.last)
            if not spelled_alike and people.may_be_one(one.number, other.number):
                people.join(other.number, one.number)
                break


def _join_slips(people: People, everyone: Sequence[Someone]) -> None:
    """One letter off an established name, in a word that no other name has."""
    firsts, lasts = defaultdict[str, set[str]](set), defaultdict[str, set[str]](set)
    for one in everyone:
        firsts[one.first].add(one.last)
        lasts[one.last].add(one.first)
    rare: dict[tuple[str, str, str], list[Someone]] = defaultdict(list)
    for one in everyone:
        if len(lasts[one.last]) == 1:
            rare["last", one.first, one.last[0]].append(one)
        if len(firsts[one.first]) == 1:
            rare["first", one.last, one.first[0]].append(one)
    for major in everyone:
        if major.frequency < ESTABLISHED:
            break
        if len(major.first) + len(major.last) >= LETTERS:
            near = rare.get(("last", major.first, major.last[0]), [])
            _join_near(people, major, near, lambda one: one.last)
            near = rare.get(("first", major.last, major.first[0]), [])
            _join_near(people, major, near, lambda one: one.first)


def _join_near(
    people: People, major: Someone, near: Sequence[Someone], part: Callable[[Someone], str]
) -> None:
    word = part(major)
    if len(word) < 5:
        return
    found = process.extract(
        word, [part(one) for one in near], scorer=DamerauLevenshtein.distance, score_cutoff=1,
        limit=None,
    )  # fmt: skip
    for _, _, number in found:
        minor = near[number]
        seldom = minor.frequency <= RARE * major.frequency
        if seldom and people.may_be_one(major.number, minor.number):
            people.join(major.number, minor.number)


def _join_short(people: People, same: Sequence[Someone]) -> None:
    """A first name and its short form, each the only match of the other beside the surname."""
    by_first: dict[str, list[Someone]] = defaultdict(list)
    for one in same:
        by_first[one.first].append(one)
    if not 1 < len(by_first) <= CROWDED:
        return
    matches = {
        first: [other for other in by_first if short_for(first, other)] for first in by_first
    }
    for first, found in sorted(matches.items()):
        if len(found) != 1 or len(matches[found[0]]) != 1 or first > found[0]:
            continue
        mine, theirs = by_first[first], by_first[found[0]]
        if len(mine) == len(theirs) == 1:
            a, b = mine[0].number, theirs[0].number
            if people.may_be_one(a, b):
                people.join(a, b)

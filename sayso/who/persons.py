"""Persons across articles: middle names, transliteration, slips of spelling, short first names."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein

from sayso.who.firstnames import short_for
from sayso.who.forest import Forest
from sayso.who.naming import PersonName
from sayso.who.spelling import skeleton

__all__ = ["bearers", "join_persons"]

DOMINANT = 10
"""How many times the articles of the next a name needs for a vaguer form to be taken for it."""

ESTABLISHED = 5
"""Articles that a name stands in before a rare other spelling is taken for a slip of it."""

LETTERS = 9
"""Letters of first name and surname from which on spellings are compared."""

CROWDED = 25
"""First names beside a surname from which on a short first name no longer tells who it is."""

_MUHAMMAD = re.compile(r"m[ou]h?am+[aeu]d")


@dataclass(frozen=True, slots=True)
class _Someone:
    """A set of the forest as one person: its name's fullest parts and its articles' number."""

    number: int
    name: PersonName
    frequency: int

    @property
    def order(self) -> tuple[int, str, str, int]:
        return -self.frequency, self.name.last, self.name.first, self.number


def join_persons(forest: Forest, names: Mapping[int, PersonName]) -> None:
    """Join the names of each person.

    Args:
        forest: of all names; it is changed.
        names: the full names of persons by their number in the forest.
    """
    for same in _by(_someones(forest, names), lambda one: (one.name.first, one.name.last)):
        _join_middles(forest, same)
    for same in _by(_someones(forest, names), _sound):
        _join_alike(forest, same)
    _join_slips(forest, _someones(forest, names))
    for same in _by(_someones(forest, names), lambda one: one.name.last):
        _join_short(forest, same)


def bearers(
    forest: Forest, names: Mapping[int, PersonName], offices: Mapping[int, frozenset[str]]
) -> dict[tuple[str, str], int | None]:
    """(surname, office) → the one full name that bears it in the corpus; None for several."""
    found: dict[tuple[str, str], int | None] = {}
    for number, held in sorted(offices.items()):
        for office in held:
            place, root = (names[number].last, office), forest.root(number)
            found[place] = root if found.get(place, root) == root else None
    return found


def _someones(forest: Forest, names: Mapping[int, PersonName]) -> list[_Someone]:
    """The forest's sets of persons, the most frequent first."""
    parts: dict[int, PersonName] = {}
    for number in sorted(names):
        root, name = forest.root(number), names[number]
        known = parts.setdefault(root, name)
        if (len(name.middle), len(name.suffix)) > (len(known.middle), len(known.suffix)):
            parts[root] = PersonName(known.first, name.middle, known.last, name.suffix)
    every = [_Someone(root, name, forest.frequency(root)) for root, name in parts.items()]
    return sorted(every, key=lambda one: one.order)


def _by(someones: Iterable[_Someone], key: object) -> list[list[_Someone]]:
    """Those of one key together, two or more."""
    groups: dict[object, list[_Someone]] = defaultdict(list)
    for one in someones:
        groups[key(one)].append(one)  # type: ignore[operator]
    return [group for group in groups.values() if len(group) > 1]


def _agree(a: PersonName, b: PersonName) -> bool:
    """Whether no middle name or initial of one speaks against the other, nor a suffix."""
    if a.suffix != b.suffix and a.suffix and b.suffix:
        return False
    for one, other in zip(a.middle, b.middle, strict=False):
        short, long = sorted((one, other), key=len)
        if one != other and not (len(short) == 1 and long.startswith(short)):
            return False
    return True


def _join_middles(forest: Forest, same: Sequence[_Someone]) -> None:
    """Equal first name and surname: one person unless middle names or suffixes differ."""
    told = [one for one in same if one.name.middle or one.name.suffix]
    plain = [one.number for one in same if not (one.name.middle or one.name.suffix)]
    sets: list[list[_Someone]] = []
    for one in told:
        for group in sets:
            if all(_agree(one.name, o.name) and _same_suffix(forest, one, o) for o in group):
                group.append(one)
                break
        else:
            sets.append([one])
    for group in sets:
        forest.join(one.number for one in group)
    if not plain or not sets:
        return
    sizes = [forest.frequency(group[0].number) for group in sets]
    best = max(range(len(sets)), key=lambda n: (sizes[n], -n))
    rest = sum(sizes) - sizes[best]
    heir = _Someone(plain[0], PersonName(same[0].name.first, (), same[0].name.last, ""), 0)
    if rest and (sizes[best] < DOMINANT or sizes[best] < DOMINANT * rest):
        return
    if _same_suffix(forest, sets[best][0], heir):
        forest.join([plain[0], sets[best][0].number])


def _same_suffix(forest: Forest, a: _Someone, b: _Someone) -> bool:
    """Whether `Jr.` on one side alone is no sign of two, father and son.

    It is none if no article has both, and either the middle names are equal or the form with it
    is at least as frequent.
    """
    if a.name.suffix == b.name.suffix:
        return True
    with_it, without = (a, b) if a.name.suffix else (b, a)
    if forest.apart(a.number, b.number):
        return False
    equal = bool(a.name.middle) and a.name.middle == b.name.middle
    return equal or forest.frequency(with_it.number) >= forest.frequency(without.number)


def _sound(one: _Someone) -> tuple[str, str]:
    first = "muhamad" if _MUHAMMAD.fullmatch(one.name.first) else skeleton(one.name.first)
    return first, skeleton(one.name.last)


def _join_alike(forest: Forest, same: Sequence[_Someone]) -> None:
    """Ways of transliterating one name."""
    for number, one in enumerate(same):
        if len(one.name.first) + len(one.name.last) < LETTERS:
            continue
        for other in same[:number]:
            if _may_join(forest, one, other):
                forest.join([one.number, other.number])
                break


def _may_join(forest: Forest, a: _Someone, b: _Someone) -> bool:
    return (
        _agree(a.name, b.name)
        and a.name.suffix == b.name.suffix
        and not forest.apart(a.number, b.number)
    )


def _join_slips(forest: Forest, someones: Sequence[_Someone]) -> None:
    """One letter off an established name, in a word that no other name has."""
    firsts, lasts = defaultdict[str, set[str]](set), defaultdict[str, set[str]](set)
    for one in someones:
        firsts[one.name.first].add(one.name.last)
        lasts[one.name.last].add(one.name.first)
    rare: dict[tuple[str, ...], list[_Someone]] = defaultdict(list)
    for one in someones:
        if len(lasts[one.name.last]) == 1:
            rare["last", one.name.first, one.name.last[0]].append(one)
        if len(firsts[one.name.first]) == 1:
            rare["first", one.name.last, one.name.first[0]].append(one)
    for major in someones:
        if major.frequency < ESTABLISHED:
            break
        first, last = major.name.first, major.name.last
        if len(first) + len(last) < LETTERS:
            continue
        for part, near in (
            (last, rare.get(("last", first, last[0]), [])),
            (first, rare.get(("first", last, first[0]), [])),
        ):
            words = [one.name.last if part == last else one.name.first for one in near]
            for _, _, number in process.extract(
                part, words, scorer=DamerauLevenshtein.distance, score_cutoff=1, limit=None
            ):
                minor = near[number]
                if (
                    len(part) > 4
                    and minor.frequency * DOMINANT <= major.frequency * 2
                    and _may_join(forest, major, minor)
                ):
                    forest.join([major.number, minor.number])


def _join_short(forest: Forest, same: Sequence[_Someone]) -> None:
    """A first name and its short form, each the only match of the other beside the surname."""
    by_first: dict[str, list[_Someone]] = defaultdict(list)
    for one in same:
        by_first[one.name.first].append(one)
    if len(by_first) > CROWDED:
        return
    related = {
        first: [other for other in by_first if other != first and short_for(first, other)]
        for first in by_first
    }
    for first in sorted(related):
        if len(related[first]) != 1 or len(related[related[first][0]]) != 1:
            continue
        mine, theirs = by_first[first], by_first[related[first][0]]
        if first < related[first][0] and len(mine) == len(theirs) == 1:
            a, b = mine[0], theirs[0]
            suffix = a.name.suffix == b.name.suffix or not (a.name.suffix and b.name.suffix)
            if _agree(a.name, b.name) and suffix and not forest.apart(a.number, b.number):
                forest.join([a.number, b.number])

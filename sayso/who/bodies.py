"""Bodies, outlets and the like across articles: acronyms, countries left out, slips of spelling."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from rapidfuzz.distance import DamerauLevenshtein

from sayso import lexicon
from sayso.who.bodynames import Body
from sayso.who.forest import Forest

__all__ = ["SYNONYMS", "join_bodies"]

SYNONYMS = {
    "us": "united states",
    "usa": "united states",
    "united states of america": "united states",
    "uk": "united kingdom",
    "great britain": "united kingdom",
    "britain": "united kingdom",
    "un": "united nations",
    "eu": "european union",
    "ap": "associated press",
    "afp": "agence france presse",
    "isis": "islamic state",
    "isil": "islamic state",
    "daesh": "islamic state",
    "so called islamic state": "islamic state",
    "islamic state group": "islamic state",
    "gop": "republicans",
    "wsj": "wall street journal",
    "nyt": "new york times",
    "ny times": "new york times",
    "house of representatives": "house",
    "us house": "house",
    "house of representatives us": "house",
    "fed": "federal reserve",
    "justice dept": "justice department",
    "state dept": "state department",
    "huffpost": "huffington post",
    "hezbollah": "hizbullah",
    "obama white house": "white house",
    "trump white house": "white house",
}
"""Plain keys of names that are one whatever the corpus."""

LONG = 12
"""Letters of a body's name from which on a letter off is taken for a slip."""

ESTABLISHED = 5
"""Articles that a body stands in before a rare other spelling is taken for a slip of it."""

DOMINANT = 4
"""How many times the articles of the next an acronym's expansion needs where several fit."""

_AMERICAN = frozenset(("us", "american", "usa"))
_PROVINCES = frozenset(("georgia", "georgian"))
_NAMED_AFTER = frozenset("campaign administration team".split())


def join_bodies(forest: Forest, bodies: Mapping[int, Body]) -> set[int]:
    """Join the names of each body.

    Args:
        forest: of all names; it is changed.
        bodies: names of bodies by their number in the forest.

    Returns:
        Names of national bodies that could be any of several nations' in this corpus.
    """
    keys = {body.key: number for number, body in sorted(bodies.items(), reverse=True)}
    _join_american(forest, keys)
    _join_named_after(forest, keys)
    _join_slips(forest, bodies)
    _join_acronyms(forest, bodies)
    return {n for n, body in bodies.items() if body.vague and not _one_nation(forest, body, keys)}


def _one_nation(forest: Forest, body: Body, keys: Mapping[str, int]) -> bool:
    """Whether one nation's body of the kind is told of, or far more than any other's."""
    sizes: dict[str, int] = defaultdict(int)
    for country in (lexicon.DEMONYMS | lexicon.STATES) - _PROVINCES:
        number = keys.get(f"{country.replace('.', '')} {body.key}")
        if number is not None:
            nation = "us" if country.replace(".", "") in _AMERICAN else country
            sizes[nation] = forest.frequency(number)
    ranked = sorted(sizes.values(), reverse=True)
    return len(ranked) < 2 or ranked[0] >= DOMINANT * ranked[1]


def _join_american(forest: Forest, keys: Mapping[str, int]) -> None:
    """`U.S. State Department` is the State Department unless another country's is told of."""
    qualified: dict[str, set[str]] = defaultdict(set)
    for key in keys:
        before, _, rest = key.partition(" ")
        if rest and (before in lexicon.DEMONYMS or before in lexicon.STATES):
            qualified[rest].add(before)
    for rest, countries in sorted(qualified.items()):
        if rest in keys and countries <= _AMERICAN:
            forest.join([keys[rest], *(keys[f"{country} {rest}"] for country in countries)])


def _join_named_after(forest: Forest, keys: Mapping[str, int]) -> None:
    """`the Marsh campaign` is `Ada Marsh’s campaign` where there is no other Marsh’s."""
    fuller: dict[tuple[str, str], list[int]] = defaultdict(list)
    for key, number in sorted(keys.items()):
        words = [word for word in key.split() if word != "presidential"]
        if len(words) > 2 and words[-1] in _NAMED_AFTER:
            fuller[words[-2], words[-1]].append(number)
    for (name, head), numbers in fuller.items():
        short = keys.get(f"{name} {head}")
        if short is not None and len({forest.root(number) for number in numbers}) == 1:
            forest.join([short, *numbers])


def _join_slips(forest: Forest, bodies: Mapping[int, Body]) -> None:
    """One letter off an established name, in a word that no other name has."""
    uses: dict[str, int] = defaultdict(int)
    for body in bodies.values():
        for word in set(body.words):
            uses[word] += 1
    rare: dict[tuple[str, ...], list[tuple[str, int]]] = defaultdict(list)
    for number, body in sorted(bodies.items()):
        for at, word in enumerate(body.words):
            if uses[word] == 1 and len(body.key) >= LONG:
                rare[_without(body, at)].append((word, number))
    for number, body in sorted(bodies.items()):
        size = forest.frequency(number)
        if size < ESTABLISHED or len(body.key) < LONG:
            continue
        for at, word in enumerate(body.words):
            for other, minor in rare.get(_without(body, at), ()):
                off = DamerauLevenshtein.distance(word, other, score_cutoff=1)
                if off == 1 and _slips(word) and forest.frequency(minor) * ESTABLISHED <= size:
                    forest.join([number, minor])


def _without(body: Body, at: int) -> tuple[str, ...]:
    return (*body.words[:at], "", *body.words[at + 1 :])


def _slips(word: str) -> bool:
    """Whether a letter off leaves no other name, as it does in `Iran`."""
    return len(word) > 4 and word not in lexicon.STATES and word not in lexicon.DEMONYMS


def _join_acronyms(forest: Forest, bodies: Mapping[int, Body]) -> None:
    """An acronym is the one body that its letters fit, both being told of."""
    fits: dict[str, set[int]] = defaultdict(set)
    for number, body in sorted(bodies.items()):
        for letters in body.initials:
            fits[letters].add(number)
    for number, body in sorted(bodies.items()):
        if not body.acronym:
            continue
        sizes: dict[int, int] = {}
        for other in fits.get(body.key, ()):
            root = forest.root(other)
            sizes[root] = forest.frequency(root)
        ranked = sorted(sizes, key=lambda root: (-sizes[root], root))
        if not ranked or (len(ranked) > 1 and sizes[ranked[0]] < DOMINANT * sizes[ranked[1]]):
            continue
        if len(body.key) > 2:
            forest.join([ranked[0], number])

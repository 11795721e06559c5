"""The cast of an article: which persons and bodies it names, where, and with which titles."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from sayso import lexicon
from sayso.names import Word, is_full, is_name_word, name_runs, scan

__all__ = ["Cast", "Person", "base_form", "read_cast"]

_QUOTED = re.compile(r"“[^”\n]*”?|\"[^\"\n]*\"?")
_STOP = re.compile(r"[.!?]+[”\"’)]*\s+(?=[^\W_a-z]|[“\"‘(])|\n+")
_SAYING = frozenset("said told says adding added asked met called".split())
_BEFORE, _AFTER = 9, 14
_TRUST, _TITLED = 4, 2
_HEADLINE = 200


@dataclass(slots=True, eq=False)
class Person:
    """A person the article names.

    Attributes:
        name: the fullest name, without titles.
        weight: how surely it is a person's name.
        places: starts of the full name in the text.
        words: lower-case words that introduce the person: titles, offices, countries.
    """

    name: str
    weight: float = 0.0
    places: list[int] = field(default_factory=list)
    words: set[str] = field(default_factory=set)

    @property
    def female(self) -> bool | None:
        """Whether the person is a woman, None where nothing tells."""
        first = self.name.split()[0].lower()
        for signs, answer in ((_SHE, True), (_HE, False)):
            if self.words & signs:
                return answer
        if (first in lexicon.FEMALE) != (first in lexicon.MALE):
            return first in lexicon.FEMALE
        return None


_SHE = frozenset("ms mrs miss lady queen princess spokeswoman congresswoman chairwoman".split()) | {
    "wife",
    "sister",
    "mother",
    "daughter",
}
_HE = frozenset("mr sir lord king prince spokesman congressman pope father brother".split()) | {
    "husband",
    "son",
}


@dataclass(slots=True)
class Cast:
    """What an article tells of its persons and bodies.

    Attributes:
        persons: by surname in lower case, the surest first.
        firsts: by first name in lower case, where only one person has it.
        bodies: full names of bodies and papers, by their place.
        initials: acronym → the body whose initials or brackets give it.
        called: (start, end, person) of each place where a person is named, in order.
    """

    text: str
    words: list[Word]
    persons: dict[str, list[Person]] = field(default_factory=dict)
    firsts: dict[str, Person] = field(default_factory=dict)
    bodies: list[tuple[int, str]] = field(default_factory=list)
    initials: dict[str, str] = field(default_factory=dict)
    called: list[tuple[int, int, Person]] = field(default_factory=list)
    quotes: list[tuple[int, int]] = field(default_factory=list)
    stops: list[int] = field(default_factory=list)

    def person(self, surname: str, place: int = 0) -> Person | None:
        """The person of this surname; of several, the one named last before `place`."""
        known = self.persons.get(surname.lower(), [])
        if not known:
            return None
        sure = [one for one in known if one.weight >= _TRUST] or known[:1]
        if len(sure) == 1:
            return sure[0]
        before = [(bisect_left(one.places, place), one) for one in sure]
        named = [(one.places[count - 1], one) for count, one in before if count]
        return max(named, key=lambda pair: pair[0])[1] if named else sure[0]

    def same(self, name: str) -> str:
        """The fullest form of a full name: `Ana Reis` for `Ana M. Reis` where both are written."""
        parts = name.split()
        for one in self.persons.get(parts[-1].lower(), []):
            if one.name.split()[0] == parts[0] or one.name.endswith(" " + name):
                return one.name
        return name

    def sentence(self, place: int) -> int:
        """The ordinal of the sentence at a place."""
        return bisect_right(self.stops, place)

    def quote(self, place: int) -> tuple[int, int] | None:
        """The quotation that a place stands in."""
        number = bisect_right(self.quotes, (place, len(self.text) + 1)) - 1
        if number >= 0 and self.quotes[number][0] <= place < self.quotes[number][1]:
            return self.quotes[number]
        return None


def read_cast(text: str, spoken: Iterable[str]) -> Cast:
    """Read an article's cast.

    Args:
        text: the article's text.
        spoken: full names found in its sources, which are surely persons.
    """
    words = scan(text)
    cast = Cast(text, words)
    cast.quotes = [match.span() for match in _QUOTED.finditer(text)]
    cast.stops = [m.end() for m in _STOP.finditer(text) if not _abbreviates(text, m.start())]
    runs = list(name_runs(words))
    _collect_persons(cast, runs, list(spoken))
    _collect_bodies(cast)
    _call(cast, runs)
    return cast


def _abbreviates(text: str, stop: int) -> bool:
    """Whether the full stop at `stop` belongs to the word before it."""
    if text[stop : stop + 1] != ".":
        return False
    word = re.split(r"[\s(“\"]", text[max(0, stop - 12) : stop])[-1].lower()
    return word in lexicon.ABBREVIATIONS or (len(word) == 1 and word.isalpha()) or "." in word


def _collect_persons(cast: Cast, runs: Sequence[tuple[int, int]], spoken: Sequence[str]) -> None:
    words = cast.words
    small = {word.text for word in words if word.text[:1].islower()}
    found: dict[str, Person] = {}
    for name in spoken:
        found.setdefault(name, Person(name)).weight += _TRUST
    single: list[tuple[int, int]] = []
    for first, last in runs:
        if last - first < 2 or not is_full(words[first:last]):
            if last - first == 1 and first and words[first].glued and _title(words[first - 1]):
                single.append((first, last))
            continue
        name = " ".join(_with_stop(cast.text, word) for word in words[first:last])
        one = found.setdefault(name, Person(name))
        one.places.append(words[first].start)
        titles = _introduction(cast, first, last)
        one.words |= titles
        one.weight += 1 + _TITLED * bool(titles & lexicon.TITLES)
        start = words[first].lower
        odd = sum(word.lower in small for word in words[first:last])
        after = cast.text[words[last - 1].end : words[last - 1].end + 1]
        if after == "/" or _headline(cast, words[first].start):
            one.weight -= 1 + _TITLED * bool(titles & lexicon.TITLES)
        if odd or (start.endswith("ing") and len(start) > 5) or words[first].text.isupper():
            one.weight -= _TRUST
    for one in sorted(found.values(), key=lambda one: (-one.weight, one.places[:1])):
        if one.weight > 0:
            _add(cast, one)
    for first, last in single:
        word = words[first]
        known = cast.person(word.text, word.start)
        titles = _introduction(cast, first, last)
        if known is None:
            known = Person(word.text, 1.0)
            office = _office_before(words, first)
            if office:
                known.name = f"{office} {word.text}"
            known.places.append(word.start)
            cast.persons[word.lower] = [known]
        known.words |= titles
    for group in cast.persons.values():
        for one in group:
            key = one.name.split()[0].lower()
            cast.firsts.setdefault(key, one)


def _add(cast: Cast, one: Person) -> None:
    """Join `Donald J. Hale` to `Donald Hale`, or make a new person."""
    parts = one.name.split()
    surname = parts[-1].lower()
    group = cast.persons.setdefault(surname, [])
    if "-" in surname:
        cast.persons.setdefault(surname.split("-", 1)[1], group)
    for other in group:
        longer, shorter = sorted((one.name, other.name), key=len, reverse=True)
        if other.name.split()[0] == parts[0] or longer.endswith(" " + shorter):
            initial = "." in longer and longer.split()[0] == shorter.split()[0]
            other.name = shorter if initial else longer if longer.endswith(shorter) else other.name
            other.places = sorted(other.places + one.places)
            other.words |= one.words
            return
    group.append(one)


def _headline(cast: Cast, place: int) -> bool:
    """Whether the line at a place is written as a headline: most words begin with a capital."""
    first, last = cast.text.rfind("\n", 0, place) + 1, cast.text.find("\n", place)
    last = last if last >= 0 else len(cast.text)
    line = cast.text[first:last] if last - first <= _HEADLINE else ""
    words = [word for word in line.split() if word[0].isalpha()]
    if len(words) < 4 or line.rstrip()[-1:] in '.”"':
        return False
    return sum(word[0].isupper() for word in words) >= 0.7 * len(words)


def _office_before(words: Sequence[Word], first: int) -> str:
    """The office that stays with a surname alone: `President`, `Vice President`, `Sen.`."""
    title = words[first - 1]
    if title.lower not in lexicon.REGNAL | lexicon.OFFICES:
        return ""
    vice = "Vice " if first > 1 and title.glued and words[first - 2].lower == "vice" else ""
    return vice + title.text.title() + "." * (title.lower in lexicon.ABBREVIATIONS)


def _title(word: Word) -> bool:
    return word.lower.removeprefix("then-").removeprefix("ex-") in lexicon.TITLES


def _with_stop(text: str, word: Word) -> str:
    initial = len(word.text) == 1 or "." in word.text or word.lower in ("jr", "sr", "st")
    return word.text + "." if initial and text[word.end : word.end + 1] == "." else word.text


def _introduction(cast: Cast, first: int, last: int) -> set[str]:
    """Words of the titles before a name and of the apposition after it."""
    words, found = cast.words, set()
    number = first
    while number > max(0, first - _BEFORE) and words[number].glued:
        number -= 1
        word = words[number]
        lower = word.lower
        if not (
            word.text[:1].isupper()
            or lower in lexicon.TITLES
            or lower in lexicon.DEMONYMS
            or lower in ("of", "former", "foreign", "prime", "vice", "chief", "the", "and", "for")
        ):
            break
        found.add(base_form(lower))
    end = words[last - 1].end
    if cast.text[end : end + 2] != ", " or words[last - 1].possessive:
        return found
    after: set[str] = set()
    for number in range(last, min(len(words), last + _AFTER)):
        if number > last and not words[number].glued:
            break
        after.add(base_form(words[number].lower))
    return found if after & _SAYING else found | after


_BASES = {
    "sen": "senator", "rep": "representative", "gov": "governor", "gen": "general",
    "pm": "minister", "prof": "professor", "dr": "doctor", "congresswoman": "congressman",
    "spokeswoman": "spokesman", "spokesperson": "spokesman", "chairwoman": "chairman",
    "vice-president": "vicepresident", "attorney": "lawyer",
}  # fmt: skip


def base_form(lower: str) -> str:
    """A title in its plain form: `rep` and `then-representative` give `representative`."""
    lower = lower.removeprefix("then-").removeprefix("ex-")
    return _BASES.get(lower, lower)


def _collect_bodies(cast: Cast) -> None:
    """Runs of capitalised words, `of` and `and` inside, whose first or last word is a body's."""
    words, run = cast.words, list[Word]()
    for word in [*words, None]:
        restarts = word is not None and run and word.lower == "the" and run[-1].text[:1].isupper()
        if word is not None and run and not restarts and word.glued and not run[-1].possessive and (
            word.text[:1].isupper() or word.text in ("of", "and", "for", "the", "on")
        ):  # fmt: skip
            run.append(word)
            continue
        while run and not run[-1].text[:1].isupper():
            run.pop()
        if len(run) > 1:
            _add_body(cast, run)
        run = [word] if word is not None and word.text[:1].isupper() else []


def _add_body(cast: Cast, run: list[Word]) -> None:
    if run[0].lower in ("the", "a", "an", "in", "at", "but", "and", "on", "for"):
        run = run[1:]
    if len(run) < 2:
        return
    start, end = run[0].start, run[-1].end
    name = cast.text[start:end]
    if run[-1].possessive:
        name = name[: -1 if name[-1] in "’'" else -2]
    big = [word.text for word in run if word.text[:1].isupper()]
    match = re.match(r" \(([^\W\d_a-z]{2,8})\)", cast.text[end : end + 12])
    if match:
        cast.initials.setdefault(match.group(1), name)
    if len(big) > 2:
        cast.initials.setdefault("".join(part[0] for part in big), name)
    if is_name_word(run[-1].text) and any(word.lower in lexicon.OFFICES for word in run):
        return
    heads = [run[-1].lower, run[0].lower]
    heads += [one.lower for one, of in pairwise(run) if of.text == "of"]
    if any(head in lexicon.THINGS or head in ("house", "post", "times") for head in heads):
        cast.bodies.append((start, name))


def _call(cast: Cast, runs: Sequence[tuple[int, int]]) -> None:
    """Where each person is named, by full name or surname."""
    for first, last in runs:
        word = cast.words[last - 1]
        known = cast.person(word.text, word.start + 1)
        if known is not None and is_name_word(word.text):
            cast.called.append((cast.words[first].start, word.end, known))

"""Words and proper names of a text, and the person whom a noun phrase names."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from sayso import lexicon

__all__ = [
    "CACHED",
    "Word",
    "is_full",
    "is_name_word",
    "is_thing",
    "name_runs",
    "person_name",
    "scan",
]

_TOKEN = re.compile(r"[^\W_](?:[\w&]|[.’'-](?=\w))*")
_PREFIXED = re.compile(r"(?:al|el|ul|as|an|ad|d|l|de|bin|ben)[-’'][^\W\d_a-z]")
_CAMEL = re.compile(r"[a-z][A-Z]")
_CAMEL_NAMES = ("Mc", "Mac", "De", "Di", "Du", "La", "Le", "Van", "Fitz", "O’", "O'", "D’", "D'")
_JOINTS = dict.fromkeys(map(ord, ".’'-"))
_PHRASE = re.compile(r"\s*[,;:()\[\]–—]\s*")
_POSTMODIFIER = frozenset(
    """who which that for from in at on with by to about under behind familiar including citing
    speaking close seen shared said briefed held near against after before and or""".split()
)
_OFFICE_OF = frozenset(
    """secretary undersecretary director minister speaker chief head governor chairman chairwoman
    chair leader archbishop bishop commissioner attorney member justice president
    ambassador envoy""".split()
)
_DETERMINERS = frozenset("a an the his her its their our my this that these those".split())
_LONGEST_NAME = 5

CACHED = 64
"""Mentions whose analysis is kept: a source is named many times. More would add up in workers."""

MENTION = 200
"""Most characters of a text whose words are kept."""


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a text.

    Attributes:
        start, end: where it stands, with its possessive ending.
        text: the word without possessive ending or final full stop.
        possessive: whether it has a possessive ending.
        glued: whether only blanks (or an abbreviation's full stop) part it from the word before.
    """

    start: int
    end: int
    text: str
    possessive: bool
    glued: bool

    @property
    def lower(self) -> str:
        """The word in lower case."""
        return self.text.lower()


def scan(text: str) -> list[Word]:
    """The words of a text, in order."""
    return _words(text) if len(text) > MENTION else list(_known_words(text))


@lru_cache(CACHED)
def _known_words(text: str) -> tuple[Word, ...]:
    return tuple(_words(text))


def _words(text: str) -> list[Word]:
    words: list[Word] = []
    last_end, stop = -1, False
    for match in _TOKEN.finditer(text):
        start, end, word = match.start(), match.end(), match.group()
        gap = text[last_end:start] if last_end >= 0 else "\n"
        glued = gap in (" ", "\u00a0") or (stop and gap in (". ", ".\u00a0"))
        possessive = len(word) > 2 and word[-2:] in ("’s", "'s", "’S", "'S")
        if possessive:
            word = word[:-2]
        elif word[-1] in "sS" and text[end : end + 2] in ("’ ", "' "):
            possessive, end = True, end + 1
        stop = not possessive and (
            len(word) == 1 or "." in word or word.lower() in lexicon.ABBREVIATIONS
        )
        words.append(Word(start, end, word, possessive, glued))
        last_end = end
    return words


def is_thing(lower: str) -> bool:
    """Whether a word in lower case names an office, a place, a body or a paper, not a person."""
    return lower in lexicon.THINGS


def is_name_word(word: str) -> bool:
    """Whether a word can be part of a person's name: capitalised, no title, no thing."""
    if not (word[:1].isupper() or _PREFIXED.match(word)):
        return False
    lower = word.lower()
    if lower in lexicon.TITLES or lower in lexicon.THINGS or lower in lexicon.NEVER_NAMES:
        return False
    if not word.isalpha():
        plain = word.translate(_JOINTS)
        if not plain.isalpha() or lower.split("-")[0] in lexicon.THINGS:
            return False
    if word.isupper() and len(word) > 2 and "." not in word:
        return False
    camel = _CAMEL.search(word)
    return camel is None or "-" in word or word.startswith(_CAMEL_NAMES)


def name_runs(words: Sequence[Word]) -> Iterator[tuple[int, int]]:
    """Ranges `[first, last)` of words that make one run of name words, one word or more."""
    first = None
    for number, word in enumerate(words):
        if first is not None and (not word.glued or words[number - 1].possessive):
            yield _trimmed(words, first, number)
            first = None
        if is_name_word(word.text) or (
            first is not None and word.text[:1].isupper() and word.lower in lexicon.SURNAMES_TOO
        ):
            first = number if first is None else first
        elif first is not None and not _joins(words, number):
            yield _trimmed(words, first, number)
            first = None
    if first is not None:
        yield _trimmed(words, first, len(words))


def _joins(words: Sequence[Word], number: int) -> bool:
    """Whether the word is a particle inside a name: `van der` in `Anna van der Berg`."""
    for offset in range(3):
        at = number + offset
        if at >= len(words) or (offset and not words[at].glued):
            return False
        if words[at].text not in lexicon.NAME_PARTICLES:
            return offset > 0 and is_name_word(words[at].text)
    return False


def _trimmed(words: Sequence[Word], first: int, last: int) -> tuple[int, int]:
    while last > first + 1 and words[last - 1].text in lexicon.NAME_PARTICLES:
        last -= 1
    return first, last


def is_full(words: Sequence[Word]) -> bool:
    """Whether a run is a first name and a surname, not an initial or a single name."""
    named = [word for word in words if word.text not in lexicon.NAME_PARTICLES]
    return 2 <= len(named) <= _LONGEST_NAME and len(named[-1].text) > 1


@lru_cache(CACHED)
def person_name(text: str) -> str | None:
    """The full name in a mention: `State Department spokesman John Kirby` gives `John Kirby`.

    None where the mention holds no run of at least two words that can name a person.
    """
    for phrase in _PHRASE.split(text):
        words = scan(phrase)
        if words and words[0].lower in _POSTMODIFIER:
            continue
        words = _head_words(words)
        runs = [run for run in name_runs(words) if is_full(words[run[0] : run[1]])]
        runs = [run for run in runs if not _modifies(words, run)]
        if runs:
            first, last = next((run for run in runs if _titled(words, run)), runs[0])
            return " ".join(_written(phrase, word) for word in words[first:last])
    return None


def _head_words(words: list[Word]) -> list[Word]:
    """The words before the first post-modifier; `Secretary of State` goes on to the name."""
    for number, word in enumerate(words):
        if word.text == "and" and _joins_offices(words, number):
            continue
        if word.text in ("of", "to") and _office(words, number):
            continue
        if word.text in _POSTMODIFIER or word.text == "of":
            return words[:number]
    return words


def _joins_offices(words: Sequence[Word], number: int) -> bool:
    """Whether `and` stands inside an office: `Health and Hospitals Secretary`."""
    if not 0 < number < len(words) - 1:
        return False
    before, after = words[number - 1], words[number + 1]
    return is_thing(before.lower) and before.text[:1].isupper() and after.text[:1].isupper()


def _office(words: Sequence[Word], number: int) -> bool:
    if number == 0 or number + 1 >= len(words):
        return False
    before = words[number - 1].lower.removeprefix("then-").removeprefix("ex-")
    after = words[number + 1].lower
    opened = words[0].lower in ("a", "an")
    return before in _OFFICE_OF and not opened and (is_thing(after) or after in lexicon.NEVER_NAMES)


def _modifies(words: Sequence[Word], run: tuple[int, int]) -> bool:
    """Whether the run only modifies what follows: `Ann Lee’s lawyer`, `John Hay Tower`."""
    first, last = run
    if last >= len(words):
        return words[last - 1].possessive and first > 0 and words[0].lower in _DETERMINERS
    return words[last - 1].possessive or (
        words[last].glued and words[last].text[:1].isupper() and is_thing(words[last].lower)
    )


def _titled(words: Sequence[Word], run: tuple[int, int]) -> bool:
    return run[0] > 0 and words[run[0] - 1].lower in lexicon.TITLES


def _written(phrase: str, word: Word) -> str:
    """The word with the full stop of an initial."""
    initial = len(word.text) == 1 or "." in word.text or word.lower in ("jr", "sr", "st")
    stop = initial and phrase[word.end : word.end + 1] == "."
    return word.text + "." if stop else word.text

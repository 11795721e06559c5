"""What the name of a source is made of, and whether it tells who it is beyond its article."""

from __future__ import annotations

import re
from collections.abc import Set
from dataclasses import dataclass

from sayso import lexicon
from sayso.who.spelling import plain_words

__all__ = ["Body", "PersonName", "read_body", "read_person", "titles_before"]

_SUFFIXES = frozenset("jr sr ii iii iv".split())
_JOINT = re.compile(r"[\s/–—-]+")
_SPLIT = re.compile(r"\s*,\s*(?:and\s+)?|\s+and\s+")
_LEADING_TITLES = lexicon.TITLES - lexicon.REGNAL
_SMALL = frozenset("of the and for on in at to a an de la du des et".split())

OFFICES = lexicon.TITLES & frozenset(
    """sen sens rep reps gov gen col adm president vice-president vicepresident chancellor premier
    minister secretary senator representative congressman congresswoman governor mayor ambassador
    general admiral judge justice pm pope bishop archbishop cardinal ayatollah sheriff""".split()
)
"""Titles of offices that few hold, which attest whose bare surname follows them."""

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


@dataclass(frozen=True, slots=True)
class Body:
    """The name of a body, an outlet, a lasting document or several persons, in plain words.

    Attributes:
        words: without article, possessives and legal forms; `department of X` is `X department`.
        acronym: whether it is written as an acronym.
        initials: what its acronym can be.
    """

    words: tuple[str, ...]
    acronym: bool
    initials: tuple[str, ...]

    @property
    def key(self) -> str:
        """The words in one."""
        return " ".join(self.words)


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
    named = [word for word in words if word not in lexicon.NAME_PARTICLES] or words
    if not named or len(named) > 6:
        return None
    if len(named) == 1:
        return PersonName("", (), named[0], suffix)
    return PersonName(named[0], tuple(named[1:-1]), named[-1], suffix)


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
            if word in OFFICES:
                office = _ONE_OFFICE.get(word, word)
                before = words[number - 1] if number else ""
                found.add("vice-president" if (before, word) == ("vice", "president") else office)
                break
            if word not in own and word not in _OFFICE_OF:
                break
    return frozenset(found)


_OFFICE_OF = frozenset("of the state treasury defense defence general elect".split())

_LEGAL = frozenset("inc corp corporation ltd llc plc co incorporated limited gmbh ag sa".split())
_APPOSED = frozenset(
    """newspaper magazine website site broadcaster channel network agency daily weekly tabloid
    company group firm organization organisation""".split()
)
_AFTER = frozenset("newspaper magazine website".split())
_OF_FIRST = frozenset("department ministry office bureau".split())
_LOCAL_START = frozenset(
    """his her their its our my your this that these those some many several two three four five
    other others another any every all both most few no one each various such whose same""".split()
)
_COLLECTIVE = frozenset(
    """reports report outlets media officials sources others countries nations states stations
    polls poll surveys survey companies firms agencies newspapers networks papers ads results
    headlines websites sites accounts groups organizations organisations""".split()
)
_CLAUSES = frozenset(
    """who which that led released obtained published run based called known including against
    with from by about after before during where what on in at to or""".split()
)
_ACRONYM_LIKE = re.compile(r"(?:[A-Z]\.?){2,7}s?\.?$")

PROPER = frozenset(
    """kremlin pentagon congress fbi cia nsa irs epa dhs doj eu un nato fed treasury capitol isis
    isil hamas hezbollah taliban houthis gop democrats republicans tories
    kremlin interpol politico guardian economist atlantic hill blaze intercept""".split()
)
"""Names of one word that are common nouns' heads elsewhere in `sayso.lexicon`."""

NAMED_GROUPS = frozenset(
    """taliban isis isil daesh hamas hezbollah hizbullah houthis gop democrats republicans tories
    shabab qaeda haram party greens libertarians brotherhood caucus state""".split()
)
"""Last words of groups that have a name of their own: parties, movements."""

LASTING = frozenset(
    """act constitution agreement treaty accord accords pact charter convention bible quran koran
    declaration amendment protocol""".split()
)
"""Last words of documents that more than one article can mean by their name."""

_NO_COUNTRY = frozenset(
    """ministry cabinet parliament embassy consulate military army police court government navy
    prosecutor prosecutors office bank""".split()
)
"""Heads of bodies that every country has: without one named, they are of their article."""

_GENERIC = (
    lexicon.GOVERNMENT_HEADS
    | lexicon.ORGANISATION_HEADS
    | lexicon.OUTLET_HEADS
    | lexicon.DOCUMENT_HEADS
    | lexicon.GROUP_HEADS
    | lexicon.UNNAMED_HEADS
    | lexicon.PORTFOLIOS
    | lexicon.TITLES
    | lexicon.NEVER_NAMES
    | _COLLECTIVE
    | _SMALL
) - PROPER
_BROAD = frozenset(
    """federal national state local international central public private supreme high general
    main official latest recent early exit current foreign interior internal civil military
    prime presidential democratic republican social online""".split()
)


def read_body(entity: str, kind: str, common: Set[str] = frozenset()) -> Body | None:
    """The name of what is no single person; None where it tells nothing beyond its article.

    Args:
        entity: the name within its article.
        kind: one of `sayso.records.KINDS`.
        common: words that the corpus writes in lower case too, which are no names.
    """
    if kind == "unnamed":
        return None
    if kind == "person":
        return _read_several(entity)
    tokens = [token for token in _JOINT.split(_tail(entity)) if token]
    plain = [(token, "".join(plain_words(token))) for token in tokens]
    tokens, words = [token for token, word in plain if word], [word for _, word in plain if word]
    while words and words[0] in ("the", "a", "an"):
        words, tokens = words[1:], tokens[1:]
    while len(words) > 1 and words[-1] in _LEGAL | _AFTER:
        words, tokens = words[:-1], tokens[:-1]
    while len(words) > 2 and words[0] in _LEADING_TITLES and words[0] not in _GENERIC - {"mr"}:
        words, tokens = words[1:], tokens[1:]
    if not words or not tokens or len(words) > 9 or not _is_named(words, tokens, kind, common):
        return None
    acronym = len(tokens) == 1 and _ACRONYM_LIKE.match(tokens[0]) is not None
    return Body(tuple(_of_last(words)), acronym, () if acronym else _initials(words))


def _read_several(entity: str) -> Body | None:
    """Several persons with full names, in the order of the alphabet."""
    names = [read_person(part) for part in _SPLIT.split(entity)]
    if len(names) < 2:
        return None
    full = [f"{n.first} {n.last}" for n in names if n is not None and n.first]
    return Body(tuple(sorted(full)), False, ()) if len(full) == len(names) else None


def _tail(entity: str) -> str:
    """The name after what it is: `state news agency Tass` gives `Tass`."""
    tokens = entity.split()
    for number in range(len(tokens) - 1, 0, -1):
        word = tokens[number - 1]
        if not tokens[number][:1].isupper():
            break
        if word in _APPOSED:
            return " ".join(tokens[number:])
    return entity


def _is_named(words: list[str], tokens: list[str], kind: str, common: Set[str]) -> bool:
    if words[0] in _LOCAL_START or _CLAUSES.intersection(words) - {"on", "in", "at", "to"}:
        return False
    head = words[-1]
    if kind == "group" and head not in NAMED_GROUPS:
        return False
    if kind == "document" and head not in LASTING:
        return False
    if head in _COLLECTIVE and words != ["united", "states"] and kind != "group":
        return False
    capital = [token for token in tokens if token not in _SMALL]
    written = all(token[:1].isupper() or token[:1].isdigit() for token in capital)
    plain = [word for word in words if word not in _SMALL]
    own = [
        word
        for word, token in zip(words, tokens, strict=True)
        if token[:1].isupper() and word not in _GENERIC and word not in _BROAD
        and word not in common
    ]  # fmt: skip
    if len(plain) == 1:
        return written and (head in PROPER or (bool(own) and kind != "document"))
    if head in _NO_COUNTRY or words[0] in ("ministry", "embassy"):
        return bool(own)
    return bool(own) or written


def _of_last(words: list[str]) -> list[str]:
    if len(words) > 2 and words[0] in _OF_FIRST and words[1] in ("of", "for"):
        rest = words[3:] if words[2] == "the" else words[2:]
        return [*rest, words[0]]
    return words


def _initials(words: list[str]) -> tuple[str, ...]:
    """Initials with and without small words; none of a single word."""
    if len(words) < 2:
        return ()
    every = "".join(word[0] for word in words)
    big = "".join(word[0] for word in words if word not in _SMALL)
    return tuple(sorted({each for each in (every, big) if len(each) > 1}))

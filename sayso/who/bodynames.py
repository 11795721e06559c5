"""What the name of a body is made of, and whether it tells which one beyond its article."""

from __future__ import annotations

import re
from collections.abc import Set
from dataclasses import dataclass

from sayso import lexicon
from sayso.who.naming import read_person
from sayso.who.spelling import plain_words

__all__ = ["Body", "read_body"]

_JOINT = re.compile(r"[\s/–—-]+")
_SPLIT = re.compile(r"\s*,\s*(?:and\s+)?|\s+and\s+")
_LEADING_TITLES = lexicon.TITLES - lexicon.REGNAL
_SMALL = frozenset("of the and for on in at to a an de la du des et".split())


@dataclass(frozen=True, slots=True)
class Body:
    """The name of a body, an outlet, a lasting document or several persons, in plain words.

    Attributes:
        words: without article, possessives and legal forms; `department of X` is `X department`.
        acronym: whether it is written as an acronym.
        initials: what its acronym can be.
        vague: whether it is one of `NATIONAL`, without its country.
    """

    words: tuple[str, ...]
    acronym: bool
    initials: tuple[str, ...]
    vague: bool

    @property
    def key(self) -> str:
        """The words in one."""
        return " ".join(self.words)


_LEGAL = frozenset("inc corp corporation ltd llc plc co incorporated limited gmbh ag sa".split())
_APPOSED = frozenset(
    """newspaper magazine website site broadcaster channel network agency daily weekly tabloid
    company group firm organization organisation""".split()
)
_SORTS = frozenset("newspaper magazine website".split())
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

_STATES = frozenset(("us", "uk"))

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
    prosecutor prosecutors office""".split()
)
"""Heads of bodies that every country has: without one named, they are of their article."""

NATIONAL = frozenset(("supreme court", "senate", "house"))
"""Bodies of a nation that its papers name without it."""

LONGEST = 9
"""Words of a body's name; what is longer is a description."""

_OF_OFFICE = frozenset("attorney sheriff governor mayor prosecutor district ministry".split())
"""Words of offices that every place has."""

"""Words that make some of a party of it: `top Democrats`."""

_PEOPLE = frozenset("leadership team base crowd public family delegation staff wing".split())
"""Last words of groups of people without a name of their own."""

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
    while words and (words[0] in ("the", "a", "an") or _adorns(words, tokens, kind)):
        words, tokens = words[1:], tokens[1:]
    sort = _SORTS | {"report", "reports"} if kind == "outlet" else _SORTS
    sure = False
    while len(words) > 1 and (
        words[-1] in _LEGAL or (words[-1] in sort and words[-2] not in lexicon.PLACES)
    ):
        sort_told = words[-1] in _SORTS and tokens[0][:1].isupper()
        words, tokens = words[:-1], tokens[:-1]
        sure = sure or (sort_told and words[-1] not in lexicon.OUTLET_HEADS)
    while len(words) > 2 and words[0] in _LEADING_TITLES and words[0] not in _GENERIC - {"mr"}:
        words, tokens = words[1:], tokens[1:]
    if not words or len(words) > LONGEST:
        return None
    vague = " ".join(words) in NATIONAL and tokens[0][:1].isupper()
    if not (sure or vague or _is_named(words, tokens, kind, common)):
        return None
    acronym = len(tokens) == 1 and _ACRONYM_LIKE.match(tokens[0]) is not None
    return Body(tuple(_of_last(words)), acronym, () if acronym else _initials(words), vague)


def _adorns(words: list[str], tokens: list[str], kind: str) -> bool:
    """Whether a word in lower case before a name only says of what sort it is."""
    word = words[0]
    return (
        kind != "group"
        and len(tokens) > 1
        and tokens[0].islower()
        and word.isalpha()
        and word not in _LOCAL_START | _SMALL | {"anti", "pro", "non", "ex"}
        and all(token[:1].isupper() for token in tokens[1:] if token not in _SMALL)
    )


def _read_several(entity: str) -> Body | None:
    """Several persons with full names, in the order of the alphabet."""
    names = [read_person(part) for part in _SPLIT.split(entity)]
    if len(names) < 2:
        return None
    full = [f"{n.first} {n.last}" for n in names if n is not None and n.first]
    return Body(tuple(sorted(full)), False, (), False) if len(full) == len(names) else None


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
    plain = [word for word in words if word not in _SMALL]
    written = all(t[:1].isupper() or t[:1].isdigit() for t in tokens if t not in _SMALL)
    own = [
        word
        for word, token in zip(words, tokens, strict=True)
        if token[:1].isupper() and word not in _GENERIC and word not in _BROAD
        and (word not in common or token[1:2].isupper() or "." in token)
    ]  # fmt: skip
    if kind == "group":
        return written and _is_named_group(words, plain, common)
    if (kind == "document" and head not in LASTING) or (
        head in _COLLECTIVE and words[0] != "united"
    ):
        return False
    if len(plain) == 1:
        alone = (
            bool(own) and kind != "document" and head not in lexicon.DEMONYMS - {"us", "uk", "eu"}
        )
        return written and (head in PROPER or alone)
    if (len(plain) == 2 and head in _NO_COUNTRY) or _OF_OFFICE.intersection(plain):
        return bool(own)
    if words[0] in ("ministry", "embassy") or plain == ["central", "bank"]:
        return bool(own)
    return bool(own) or written


def _is_named_group(words: list[str], plain: list[str], common: Set[str]) -> bool:
    """Whether a group is a party, a movement or a body rather than some people."""
    head, before = words[-1], plain[:-1]
    if head in NAMED_GROUPS:
        return not any(
            word in common or word in lexicon.NEVER_NAMES - {"islamic"} for word in before
        )
    return len(plain) > 1 and not head.endswith("s") and head not in _PEOPLE


def _of_last(words: list[str]) -> list[str]:
    if words[0] in _STATES:
        return [words[0], *_of_last(words[1:])] if len(words) > 1 else words
    if len(words) > 2 and words[0] in _OF_FIRST and words[1] in ("of", "for"):
        rest = words[3:] if words[2] == "the" else words[2:]
        return [*rest, words[0]]
    return words


def _initials(words: list[str]) -> tuple[str, ...]:
    """Initials with and without small words; none of a single word."""
    if len(words) < 2:
        return ()
    if words[0] in _STATES or ({"and", "&"} & set(words) and len(words) < 4):
        return ()
    every = "".join(word[0] for word in words if word not in ("the", "and", "on", "in"))
    big = "".join(word[0] for word in words if word not in _SMALL)
    return tuple(sorted({each for each in (every, big) if len(each) > 1}))

"""What the statements of an article offer for tying denials to what they deny."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from sayso.claims.polarity import has_negation, is_negated
from sayso.claims.words import read_form

__all__ = ["Heard", "Said", "families", "hear", "same_claim"]

_ROOT = 6
"""Letters of a stem that count, so that `interfering` and `interference` are one term."""

_HEAD = 5
"""Letters of a claim's word that count: `accusation` is that of `accused`."""

_EDGES = "\"“”‘’',;:!?()[]"
"""What is left out around a written form, so that fewer differ."""

_YEARS = (1900, 2100)
"""Numbers that say little of what is claimed."""

_CLAIM = re.compile(
    r"claim|alleg|accus|charg|suggest|assert|report|stor(?:y|ies)|insinu|critic|rumou?r|account|"
    r"notion|idea\b|theor|argu|complain|findin|conclu|assess|testi|narrat|specul|implic|statem|"
    r"commen|remark|indict|questi",
    re.IGNORECASE,
)
"""Words for a claim, as noun in a denial (`the accusation`) and as cue of what it denies."""

_ACCUSING = re.compile(
    r"\b(?:accus|alleg|charg|blam|critici[sz]|fault|implicat|indict|condemn|denounc|insinuat|"
    r"slam|blast|complain|suspect|claim|tied|link)\w*",
    re.IGNORECASE,
)

_GUILT = frozenset(
    "wrongd guilty respon involv role blame culpab innoce miscon charge compli behind wrong part "
    "collud collus".split()
)
"""Roots of a denial of guilt, which answers an accusation without repeating it."""

_POINTING = frozenset(
    "the these this those such any all both her his their its it that they them".split()
)
"""Words with which a content points back: `the claims`, `it`."""

_FAMILIES = {
    root: f"#{number}"
    for number, family in enumerate(
        (
            "kill murder death dead die died dying slain slay massac assass execut",
            "meddl interf hack intrud",
            "shoot shot fire fired gunfir shell bombard",
            "attack strike struck bomb raid assault airstr",
            "collud collus conspi coordi",
            "abuse mistre tortur beat",
            "pay paid paymen bribe money",
            "role involv respon behind culpab complic part",
            "arrest detain jail imprison",
            "quit resign depart leave left",
            "fraud cheat rig rigged",
            "spy spying espion wireta survei eavesd",
            "nuclea atomic enrich",
        )
    )
    for root in family.split()
}
"""Roots that name one kind of act, and a name for the kind."""


@dataclass(frozen=True, slots=True)
class Said:
    """What a statement of an article offers for tying denials to it.

    Attributes:
        source_entity, source_kind, source_text, cue_text, content_text, stance, form: as in
            `sayso.Statement`.
        parent: the index, in the same article, of the statement in whose content this one stands.
        start, end: of the content, over all its pieces; -1 where none is written.
    """

    source_entity: str | None
    source_kind: str | None
    source_text: str | None
    cue_text: str | None
    content_text: str | None
    stance: str | None
    parent: int | None = None
    start: int = -1
    end: int = -1
    form: str | None = None


@dataclass(frozen=True, slots=True)
class Heard:
    """One statement as it is compared with others.

    Attributes:
        terms: roots of the content's words, without those for a claim, and its numbers but years.
        names: those of `terms` that are written with a capital.
        entity: the source's name in lower case; empty where none is written.
        source: roots of the names in the source's name and text.
        claim: the claim's word in the content, where there is one: `the accusation`.
        cue: the claim's word in the cue, where there is one: `accused`.
        mouth: the claim's word in the source, where there is one: `the report`.
        accuses: whether the cue accuses.
        points: whether the content points back: `the claims`, `it`.
        guilt: whether the content speaks of guilt.
        negated: whether the content's main clause is negated.
    """

    terms: frozenset[str]
    names: frozenset[str]
    entity: str
    source: frozenset[str]
    claim: str
    cue: str
    mouth: str
    accuses: bool
    points: bool
    guilt: bool
    negated: bool


@dataclass(frozen=True, slots=True)
class _Form:
    """What is known of a written form: its terms, whether it negates, whether it points back."""

    roots: tuple[_Root, ...]
    negates: bool
    points: bool


@dataclass(frozen=True, slots=True)
class _Root:
    """A term: its root or number, the claim's word that it is, whether it is a name."""

    text: str
    claim: str
    named: bool


def hear(said: Sequence[Said]) -> list[Heard]:
    """Read each statement of an article."""
    return [_hear(one) for one in said]


def families(terms: Iterable[str]) -> set[str]:
    """The kinds of acts that roots name."""
    return {_FAMILIES[term] for term in terms if term in _FAMILIES}


def same_claim(one: str, other: str) -> bool:
    """Whether two words for a claim are one: `accusation` and `accused`."""
    return one[:_HEAD] == other[:_HEAD]


def _hear(one: Said) -> Heard:
    content = one.content_text or ""
    forms = [_read_form(form.strip(_EDGES)) for form in content.split()]
    terms, names, claim = set(), set(), ""
    for form in forms:
        for root in form.roots:
            if root.claim:
                claim = root.claim
            elif root.text:
                terms.add(root.text)
                if root.named:
                    names.add(root.text)
    cue, accuses = _read_cue(one.cue_text or "")
    source, mouth = _read_source(one.source_entity or "", one.source_text or "")
    return Heard(
        terms=frozenset(terms),
        names=frozenset(names),
        entity=(one.source_entity or "").lower(),
        source=source,
        claim=claim,
        cue=cue,
        mouth=mouth,
        accuses=accuses,
        points=any(form.points for form in forms[:2]),
        guilt=not terms.isdisjoint(_GUILT),
        negated=any(form.negates for form in forms) and is_negated(content),
    )


@lru_cache(maxsize=1 << 16)
def _read_source(entity: str, text: str) -> tuple[frozenset[str], str]:
    """The names in a source's name and text, and the claim's word in them."""
    forms = f"{entity} {text}".split()
    roots = [root for form in forms for root in _read_form(form.strip(_EDGES)).roots]
    names = frozenset(root.text for root in roots if root.named)
    return names, next((root.claim for root in roots if root.claim), "")


@lru_cache(maxsize=1 << 16)
def _read_cue(cue: str) -> tuple[str, bool]:
    """The claim's word in a cue, and whether it accuses."""
    found = _CLAIM.search(cue)
    return found[0].lower() if found else "", _ACCUSING.search(cue) is not None


@lru_cache(maxsize=1 << 17)
def _read_form(form: str) -> _Form:
    roots = []
    for word in read_form(form):
        found = _CLAIM.match(word.plain)
        text = word.stem[:_ROOT] if word.value is None else _number(word.value)
        roots.append(_Root(text, found[0] if found else "", word.capital))
    return _Form(tuple(roots), has_negation(form), form.lower() in _POINTING)


def _number(value: float) -> str:
    return "" if _YEARS[0] <= value < _YEARS[1] else f"{value:g}"

"""What a statement offers for tying denials to it: its terms, its source's names, its cue."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from sayso.claims.words import read_form

__all__ = ["Heard", "Said", "hear"]

_ROOT = 6
"""Letters of a stem that count, so that `interfering` and `interference` are one term."""

_CLAIM = re.compile(
    r"(?:claim|alleg|accus|charg|suggest|assert|report|stor(?:y|ies)|insinuat|critici|rumou?r|"
    r"account|notion|idea\b|theor(?:y|ies)|argument|argu(?:e|ing)|complain|finding|conclu|"
    r"assessment|testi|narrative|speculat|implicat|statement|comment|remark|indict|question)",
    re.IGNORECASE,
)
"""Words for a claim, as noun in a denial (`the accusation`) and as cue of what it denies."""

_ACCUSING = re.compile(
    r"\b(?:accus|alleg|charg|blam|critici[sz]|fault|implicat|indict|condemn|denounc|insinuat|"
    r"slam|blast|complain|suspect|claim)\w*",
    re.IGNORECASE,
)

_GUILT = re.compile(
    r"\b(?:wrongdoing|guilty|responsib\w+|involve\w*|role|blame|culpab\w+|innocen\w+|"
    r"misconduct|anything wrong|nothing wrong|charges?|complicit\w*|behind)\b",
    re.IGNORECASE,
)
"""Words of a denial of guilt, which answers an accusation without repeating it."""

_ANAPHOR = re.compile(
    r"^\W*(?:(?:that|as)\s+)?(?:(?:the|these|this|those|such|any|all|both|her|his|their|its|it|that|"
    r"they)\b)",
    re.IGNORECASE,
)


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
        terms: roots of the content's words, without those for a claim.
        names: those of `terms` that are written with a capital.
        numbers: the content's numbers.
        entity: the source's name in lower case; empty where none is written.
        source: roots of the words of the source's name and text.
        claim: root of the claim's word in the content, where there is one: `the accusation`.
        cue: root of the claim's word in the cue, where there is one: `accused`.
        accuses: whether the cue accuses.
        guilt: whether the content speaks of guilt.
        anaphor: whether the content points back: `the claims`, `it`.
    """

    terms: frozenset[str]
    names: frozenset[str]
    numbers: frozenset[float]
    entity: str
    source: frozenset[str]
    claim: str
    cue: str
    accuses: bool
    guilt: bool
    anaphor: bool


def hear(said: Sequence[Said]) -> list[Heard]:
    """Read each statement of an article."""
    return [_hear(one) for one in said]


def _hear(one: Said) -> Heard:
    content, cue = one.content_text or "", one.cue_text or ""
    terms, names, numbers = [], [], []
    claim = ""
    for form in content.split():
        for root, named, value in _roots(form):
            if value is not None:
                numbers.append(value)
            elif found := _CLAIM.match(root):
                claim = found[0]
            else:
                terms.append(root)
                if named:
                    names.append(root)
    source = f"{one.source_entity or ''} {one.source_text or ''}"
    return Heard(
        terms=frozenset(terms),
        names=frozenset(names),
        numbers=frozenset(numbers),
        entity=(one.source_entity or "").lower(),
        source=frozenset(root for form in source.split() for root, _, _ in _roots(form)),
        claim=claim,
        cue=found[0].lower() if (found := _CLAIM.search(cue)) else "",
        accuses=_ACCUSING.search(cue) is not None,
        guilt=_GUILT.search(content) is not None,
        anaphor=_ANAPHOR.match(content) is not None,
    )


@lru_cache(maxsize=1 << 17)
def _roots(form: str) -> tuple[tuple[str, bool, float | None], ...]:
    return tuple((word.stem[:_ROOT], word.capital, word.value) for word in read_form(form))

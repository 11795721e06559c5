"""What a pronoun in the place of a source stands for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sayso import lexicon
from sayso.cast import Cast, Person
from sayso.kinds import head_of

__all__ = ["Seen", "antecedent"]

_FEMALE = frozenset("she her hers herself".split())
_MALE = frozenset("he him his himself".split())
_REACH = 8
_SOURCE, _SUBJECT, _OWNER, _QUOTED, _DISTANCE = 1.5, 0.7, -0.7, -1.5, 1.0


@dataclass(frozen=True, slots=True)
class Seen:
    """A source resolved before: where it stands, its name and its kind."""

    start: int
    end: int
    entity: str
    kind: str


def antecedent(
    word: str, place: int, cast: Cast, seen: Sequence[Seen], speaker: str | None
) -> tuple[str, str] | None:
    """The name and kind that a pronoun stands for, None for a word that is no pronoun.

    Args:
        word: in lower case.
        place: where it stands in the text.
        cast: the article's persons.
        seen: sources resolved before.
        speaker: who says the statement that the pronoun stands in.
    """
    if word in lexicon.SINGULAR_PRONOUNS or word in ("i", "my", "me", "you"):
        return _person(word, place, cast, seen, speaker) or (word, "person")
    if word in lexicon.PLURAL_PRONOUNS or word in lexicon.SPEAKER_PRONOUNS:
        return _last(place, seen, ("group", "unnamed", "organisation", "government", "outlet")) or (
            word,
            "unnamed" if word in ("others", "both") else "group",
        )
    if word in lexicon.THING_PRONOUNS:
        kinds = ("government", "organisation", "outlet", "document", "group")
        things = [one for one in seen if one.kind != "group" or not _plural(one.entity)]
        return _last(place, things, kinds) or (word, "unnamed")
    return None


def _last(place: int, seen: Sequence[Seen], kinds: Sequence[str]) -> tuple[str, str] | None:
    before = [one for one in seen if one.kind in kinds and one.start < place and one.entity]
    if not before:
        return None
    best = max(before, key=lambda one: one.start)
    return best.entity, best.kind


def _person(
    word: str, place: int, cast: Cast, seen: Sequence[Seen], speaker: str | None
) -> tuple[str, str] | None:
    """The likeliest person: near, a source or a subject, outside quotations, of fitting gender."""
    quote = cast.quote(place)
    here = cast.sentence(place)
    barred = speaker if quote else None
    sources = {one.start: one for one in seen}
    ranked: list[tuple[float, int, str, str]] = []
    begun: set[int] = set()
    for start, end, named in cast.called:
        if start >= place:
            break
        number = cast.sentence(start)
        subject = number not in begun
        begun.add(number)
        if here - number > _REACH or not _fits(word, named):
            continue
        score = _DISTANCE * (number - here) + _SUBJECT * subject
        score += _OWNER * (cast.text[end : end + 1] in ("’", "'"))
        inside = cast.quote(start)
        score += _QUOTED * (inside is not None and inside != quote)
        ranked.append((score, start, named.name, "person"))
    for one in sources.values():
        person = one.kind == "person" and " and " not in one.entity
        singular = person or (one.kind == "unnamed" and _one_person(one.entity))
        number = cast.sentence(one.start)
        if singular and one.start < place and here - number <= _REACH and one.entity:
            known = cast.person(one.entity.split()[-1], one.start + 1)
            if known is None or known.name != one.entity or _fits(word, known):
                score = _DISTANCE * (number - here) + _SOURCE
                inside = cast.quote(one.start)
                score += _QUOTED * (inside is not None and inside != quote)
                ranked.append((score, one.start, one.entity, one.kind))
    ranked = [row for row in ranked if row[2] != barred]
    if ranked:
        best = max(ranked)
        return best[2], best[3]
    after = [row for row in cast.called if row[0] > place and _fits(word, row[2])]
    return (after[0][2].name, "person") if after and not seen else None


def _plural(entity: str) -> bool:
    return head_of(entity).endswith(("s", "people", "men", "women"))


def _fits(word: str, person: Person) -> bool:
    female = person.female
    return not ((word in _FEMALE and female is False) or (word in _MALE and female is True))


def _one_person(entity: str) -> bool:
    words = entity.lower().split()
    return bool(words) and (
        words[0] in ("a", "an", "one", "another") or words[-1] in lexicon.TITLES
    )

"""Who a source is within its article: pronouns, short names and titles resolved to one name."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from sayso import lexicon
from sayso.apposed import apposed, named_things
from sayso.cast import Cast, Person, base_form, read_cast
from sayso.kinds import clean_mention, core_mention, head_of, kind_of
from sayso.names import Word, is_name_word, person_name, scan
from sayso.pronouns import Seen, antecedent
from sayso.records import Span

__all__ = ["Mention", "Resolution", "resolve_sources"]

_APPOSED = re.compile(r"\s+(?:an?|the|who|which|whose|former)\s")
_OTHERS = re.compile(r"(?:(?:\w+ )?others?|his|her|their|an?)\b")
_CONJUNCTION = re.compile(r",\s+(?:and\s+)?|\s+and\s+|\s*&\s+")


@dataclass(frozen=True, slots=True)
class Mention:
    """One statement's spans, in reading order; see `sayso.decode.Attribution`."""

    source: tuple[Span, ...]
    cue: tuple[Span, ...]
    content: tuple[Span, ...]
    parent: int | None


@dataclass(frozen=True, slots=True)
class Resolution:
    """The source's name within the article and its kind; the name is None where none is written."""

    entity: str | None
    kind: str


_NOBODY = Resolution(None, "unnamed")


@dataclass(slots=True)
class _State:
    """Where the reading of an article stands.

    Attributes:
        cast: who is named in the article.
        mentions: the statements.
        done: what is resolved, by the mention's index.
        seen: the sources resolved so far, in the order of resolving.
        things: kinds of names that could be persons' and are not.
    """

    cast: Cast
    mentions: Sequence[Mention]
    done: dict[int, Resolution] = field(default_factory=dict)
    seen: list[Seen] = field(default_factory=list)
    things: dict[str, str] = field(default_factory=dict)


def resolve_sources(text: str, mentions: Sequence[Mention]) -> list[Resolution]:
    """Resolve each mention's source to a name and a kind.

    Args:
        text: the article's text.
        mentions: its statements, in reading order.

    Returns:
        One resolution a mention. Pronouns take the likeliest source or person before them, `I` and
        `we` inside another's content take that one's. A quotation without source and cue goes on
        with the source before it. Without any source the name is None and the kind `unnamed`.
    """
    written = [_written(text, mention) for mention in mentions]
    things = named_things(text, written)
    spoken = [each.title() if each.isupper() else each for each in written]
    persons = [name for name in map(person_name, spoken) if name and name not in things]
    state = _State(read_cast(text, persons), mentions, things=things)
    for number in sorted(range(len(mentions)), key=lambda n: _order(mentions, n)):
        mention = mentions[number]
        if written[number].strip():
            found = _resolve(state, number, written[number])
            first, last = mention.source[0].start, mention.source[-1].end
            state.seen.append(Seen(first, last, found.entity or "", found.kind))
        else:
            found = _continued(state, mention)
        state.done[number] = found
    return [state.done[number] for number in range(len(mentions))]


def _written(text: str, mention: Mention) -> str:
    return " ".join(text[span.start : span.end] for span in mention.source)


def _order(mentions: Sequence[Mention], number: int) -> tuple[int, int]:
    """Depth after the place of the outermost statement, so that parents come before children."""
    depth = 0
    while (parent := mentions[number].parent) is not None and depth < len(mentions):
        depth, number = depth + 1, parent
    spans = mentions[number].source or mentions[number].cue or mentions[number].content
    return (spans[0].start if spans else 0), depth


def _continued(state: _State, mention: Mention) -> Resolution:
    """A quotation with no source and no cue of its own goes on with the speaker before it."""
    if mention.cue or mention.source or mention.parent is not None or not mention.content:
        return _NOBODY
    if not state.seen:
        return _NOBODY
    return Resolution(state.seen[-1].entity, state.seen[-1].kind)


def _resolve(state: _State, number: int, written: str) -> Resolution:
    cast, place = state.cast, state.mentions[number].source[0].start
    words = scan(written)
    if len(words) > 1 and words[-1].lower in lexicon.REFLEXIVES:
        written = written[: words[-1].start].rstrip()
        words = words[:-1]
    if not words:
        return Resolution(clean_mention(written) or written, "unnamed")
    pronoun = len(words) == 1 and words[0].text != "US"
    if pronoun and (found := _pronoun(state, number, words[0].lower)):
        return found
    several = _several(state, number, written)
    if several is not None:
        return several
    thing = _thing(state, written, place)
    if thing is not None:
        return thing
    name = person_name(written.title() if written.isupper() else written)
    if name is not None:
        return Resolution(cast.same(name), "person")
    core = core_mention(written)
    person = _short_name(cast, scan(core.split(",")[0]), place)
    if person is not None:
        return Resolution(person, "person")
    return _described(state, core, written, place)


def _thing(state: _State, written: str, place: int) -> Resolution | None:
    """A name that the article takes for a thing."""
    core = core_mention(written)
    put = apposed(core)
    name = clean_mention(put[1] if put else person_name(written) or core)
    kind = state.things.get(name)
    if put is None and " " not in name and state.cast.person(name):
        return None
    return _earlier(state, name, name, kind, place) if kind else None


def _several(state: _State, number: int, written: str) -> Resolution | None:
    """Persons joined by `and`: two persons, or a person and unnamed others, who are a group."""
    before, joint, after = written.rpartition(" and ")
    if not joint or _APPOSED.match(before.rpartition(",")[2] if "," in before else ""):
        return None
    place = state.mentions[number].source[0].start
    names = []
    for part in _CONJUNCTION.split(written):
        words = scan(part)
        name = person_name(part)
        name = state.cast.same(name) if name else _short_name(state.cast, words, place)
        if name is None and len(words) == 1 and words[0].lower in ("he", "she"):
            name = (_pronoun(state, number, words[0].lower) or _NOBODY).entity
        if name:
            names.append(name)
    if names and _OTHERS.match(after):
        return Resolution(f"{', '.join(names)} and {clean_mention(after)}", "group")
    if len(names) < 2:
        return None
    kind = "person" if len(names) == 2 else "group"
    return Resolution(", ".join(names[:-1]) + " and " + names[-1], kind)


def _short_name(cast: Cast, words: Sequence[Word], place: int) -> str | None:
    """The full name for a surname, with or without titles before it."""
    if not words or not words[-1].text[:1].isupper():
        return None
    last = words[-1]
    titled = all(word.lower in lexicon.TITLES or word.lower == "the" for word in words[:-1])
    known = cast.person(last.text, place + 1) if titled or len(words) > 1 else None
    if known is None and len(words) == 1 and is_name_word(last.text):
        known = cast.firsts.get(last.lower)
    if known is not None and (titled or _titles_end(words)) and not _is_body(cast, last, known):
        return known.name
    if titled and len(words) > 1 and is_name_word(last.text) and words[-2].lower != "the":
        regnal = words[-2].lower in lexicon.REGNAL
        return f"{words[-2].text.title()} {last.text}" if regnal else last.text
    return None


def _titles_end(words: Sequence[Word]) -> bool:
    return len(words) > 1 and words[-2].lower in lexicon.TITLES


def _is_body(cast: Cast, word: Word, known: Person) -> bool:
    """Whether a word that could be a surname is rather a body's name, as `Ford` or `Georgia`."""
    return word.lower in lexicon.THINGS and known.weight < 2


def _described(state: _State, core: str, written: str, place: int) -> Resolution:
    """A description (`the minister`, `a report`) or a body's name."""
    cast = state.cast
    kind = kind_of(core)
    plain = head_of(core) in lexicon.TITLES or any(w.text[:1].islower() for w in scan(core)[1:])
    if plain and (kind == "person" or (kind == "unnamed" and core[:4].lower() == "the ")):
        person = _bearer(state, core, place)
        if person is not None:
            return Resolution(person.name, "person")
    name = clean_mention(core, keep=kind in ("unnamed", "document"))
    acronym = clean_mention(core)
    if acronym.isupper() and acronym in cast.initials:
        name = cast.initials[acronym]
        full = kind_of(name)
        kind = kind if acronym.lower() in lexicon.THINGS or full == "person" else full
        return Resolution(clean_mention(name), kind)
    return _earlier(state, core, name, kind, place)


def _bearer(state: _State, core: str, place: int) -> Person | None:
    """The person whose titles a definite description gives: `the French president`."""
    cast = state.cast
    words = [base_form(word.lower) for word in scan(core)]
    head = base_form(head_of(core))
    heads = {head} | _SAME.get(head, frozenset())
    wanted = set(words) - {"the", "of", "and", "s", head, "former"}
    latest = {seen.entity: seen.start for seen in state.seen if seen.start < place}
    best, best_rank = None, (0, 0, 0)
    for group in cast.persons.values():
        for one in group:
            if not heads & one.words:
                continue
            rank = (len(wanted & one.words), latest.get(one.name, -1), len(one.places))
            if best is None or rank > best_rank:
                best, best_rank = one, rank
    if best is not None and wanted and not best_rank[0] and head not in lexicon.TITLES:
        return None
    return best


_SAME = {
    "leader": frozenset({"president", "minister", "chancellor"}),
    "premier": frozenset({"minister"}),
    "minister": frozenset({"premier"}),
    "lawmaker": frozenset({"senator", "representative", "congressman", "mp"}),
    "congressman": frozenset({"representative"}),
    "representative": frozenset({"congressman"}),
    "nominee": frozenset({"candidate"}),
    "candidate": frozenset({"nominee"}),
}


def _earlier(state: _State, core: str, name: str, kind: str, place: int) -> Resolution:
    """An earlier, fuller name for the same: `the ministry` is the defence ministry."""
    bare = clean_mention(core).lower()
    wanted, head = set(bare.split()), head_of(core)
    first = core.split()[0].lower() if core.split() else ""
    definite = first in ("the", "this", "that", "these", "those")
    for seen in reversed(state.seen):
        other = clean_mention(seen.entity).lower()
        if seen.kind == "person" or not other:
            continue
        if other == bare:
            return Resolution(seen.entity, seen.kind)
        if definite and wanted <= set(other.split()) and head_of(other) == head:
            return Resolution(seen.entity, seen.kind)
    if (definite or name[:1].isupper()) and kind in ("government", "organisation", "outlet"):
        for start, body in reversed(state.cast.bodies):
            parts = body.lower().split()
            joined = " and " in body and len(wanted) == 1
            fuller = (
                not joined and wanted < set(parts) and head in (parts[0], parts[-1], head_of(body))
            )
            if fuller and start < place:
                return Resolution(body, kind)
    return Resolution(name, kind)


def _pronoun(state: _State, number: int, word: str) -> Resolution | None:
    """What a pronoun stands for; None for a word that is no pronoun."""
    mention = state.mentions[number]
    speaker = state.done.get(mention.parent) if mention.parent is not None else None
    if word in lexicon.SPEAKER_PRONOUNS:
        if speaker is None or speaker.entity is None:
            speaker = _quoting(state, number)
        if speaker is not None and speaker.entity is not None:
            return speaker
    found = antecedent(
        word, mention.source[0].start, state.cast, state.seen, speaker.entity if speaker else None
    )
    return Resolution(*found) if found else None


def _quoting(state: _State, number: int) -> Resolution | None:
    """The speaker of the resolved statement whose content holds this source."""
    span = state.mentions[number].source[0]
    for other, found in state.done.items():
        held = any(
            p.start <= span.start and span.end <= p.end for p in state.mentions[other].content
        )
        if held and found.entity is not None:
            return found
    return None

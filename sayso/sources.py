"""Who a source is within its article: pronouns, short names and titles resolved to one name."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from sayso import lexicon
from sayso.kinds import clean_mention, kind_of, person_name, title_head, words_of
from sayso.records import Span

__all__ = ["Mention", "Resolution", "resolve_sources"]

_NAME = re.compile(
    r"[^\W\d_a-z][\w’'-]+(?:[ ]+(?:(?:al|el|bin|ibn|van|von|der|de|da|di|du|la|le|ben)[ -]+)*"
    r"[^\W\d_a-z][\w’'.-]*){1,4}"
)


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


@dataclass(slots=True)
class _Cast:
    """Who is known in an article.

    Attributes:
        full: surname or first name → full name, the first one that the article gives.
        titles: title → full name that stands beside it.
        seen: resolved sources so far, in reading order.
    """

    full: dict[str, str] = field(default_factory=dict)
    titles: dict[str, str] = field(default_factory=dict)
    seen: list[Resolution] = field(default_factory=list)


def resolve_sources(text: str, mentions: Sequence[Mention]) -> list[Resolution]:
    """Resolve each mention's source to a name and a kind.

    Args:
        text: the article's text.
        mentions: its statements, in reading order.

    Returns:
        One resolution a mention. Pronouns take the nearest fitting source before them, `I` and
        `we` inside another's content take that one's; without a written source the name is None
        and the kind `unnamed`.
    """
    cast = _Cast()
    for name in _names(text, mentions):
        _introduce(cast, name, text)
    done: dict[int, Resolution] = {}
    for number in sorted(range(len(mentions)), key=lambda n: _order(mentions, n)):
        found = _resolve(text, mentions, number, cast, done)
        done[number] = found
        if found.entity is not None:
            cast.seen.append(found)
    return [done[number] for number in range(len(mentions))]


def _order(mentions: Sequence[Mention], number: int) -> tuple[int, int]:
    """Depth after the place of the outermost statement, so that parents come before children."""
    depth = 0
    while (parent := mentions[number].parent) is not None and depth < len(mentions):
        depth, number = depth + 1, parent
    spans = mentions[number].source or mentions[number].cue or mentions[number].content
    return (spans[0].start if spans else 0), depth


def _names(text: str, mentions: Sequence[Mention]) -> Iterator[str]:
    """Full names: those in sources first, since those are surely people who speak."""
    for mention in mentions:
        for span in mention.source:
            name = person_name(text[span.start : span.end])
            if name:
                yield name
    for match in _NAME.finditer(text):
        name = person_name(match.group())
        if name:
            yield name


def _introduce(cast: _Cast, name: str, text: str) -> None:
    words = name.split()
    for key in (words[-1], words[0]):
        cast.full.setdefault(key.lower(), name)
    at = text.find(name)
    before = words_of(text[max(0, at - 40) : at])[-1:] if at >= 0 else []
    after = words_of(text[at + len(name) : at + len(name) + 60])[:8] if at >= 0 else []
    follows = text[at + len(name) : at + len(name) + 1] == ","
    for word in (*before, *(after if follows else ())):
        if word.lower().rstrip(".") in lexicon.TITLES:
            cast.titles.setdefault(word.lower(), name)


def _resolve(
    text: str,
    mentions: Sequence[Mention],
    number: int,
    cast: _Cast,
    done: dict[int, Resolution],
) -> Resolution:
    mention = mentions[number]
    if not mention.source:
        return Resolution(None, "unnamed")
    written = " ".join(text[span.start : span.end] for span in mention.source)
    words = words_of(written)
    if not words:
        return Resolution(clean_mention(written) or written, "unnamed")
    if len(words) == 1 and (found := _pronoun(words[0].lower(), mention, cast, done)):
        return found
    name = person_name(written)
    if name:
        known = cast.full.get(name.split()[-1].lower(), name)
        return Resolution(name if name.split()[0] != known.split()[0] else known, "person")
    return _common(written, words, cast)


def _common(written: str, words: Sequence[str], cast: _Cast) -> Resolution:
    """A short name, a title, or the mention as it stands."""
    last = words[-1]
    proper = [word for word in words if word[:1].isupper()]
    title = title_head(written)
    kind = kind_of(written)
    named = proper and kind in ("person", "organisation") and last[:1].isupper()
    if named and (known := cast.full.get(last.lower())):
        return Resolution(known, "person")
    if named and all(word.lower().rstrip(".") in lexicon.TITLES for word in words[:-1]):
        return Resolution(last, "person" if kind == "person" else kind)
    if title and words[0].lower() == "the" and kind in ("person", "unnamed"):
        known = cast.titles.get(title)
        if known:
            return Resolution(known, "person")
        kind = "person" if title not in lexicon.UNNAMED_HEADS else "unnamed"
    if kind in ("government", "organisation", "unnamed", "group", "outlet", "document"):
        return Resolution(_fuller(clean_mention(written), kind, cast), kind)
    return Resolution(clean_mention(written), kind)


def _fuller(name: str, kind: str, cast: _Cast) -> str:
    """An earlier, longer name that ends in this one: `the ministry` is the defence ministry."""
    lower = name.lower()
    for earlier in reversed(cast.seen):
        if earlier.kind == kind and earlier.entity:
            other = earlier.entity.lower()
            if other == lower or (other.endswith(" " + lower) and name[:1].islower()):
                return earlier.entity
    return name


def _pronoun(
    word: str, mention: Mention, cast: _Cast, done: dict[int, Resolution]
) -> Resolution | None:
    """What a pronoun stands for; None for a word that is no pronoun."""
    if word in lexicon.SPEAKER_PRONOUNS:
        speaker = done.get(mention.parent) if mention.parent is not None else None
        if speaker is not None and speaker.entity is not None:
            return speaker
        wanted: tuple[str, ...] = ("person",)
    elif word in lexicon.SINGULAR_PRONOUNS:
        wanted = ("person",)
    elif word in lexicon.PLURAL_PRONOUNS:
        wanted = ("group", "unnamed", "organisation", "government", "outlet")
    elif word in lexicon.THING_PRONOUNS:
        wanted = ("government", "organisation", "outlet", "document", "group")
    else:
        return None
    for earlier in reversed(cast.seen):
        if earlier.kind in wanted:
            return earlier
    fallback = "person" if wanted == ("person",) else "unnamed"
    return Resolution(word, fallback)

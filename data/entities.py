"""Labels of who is who across articles: pairs of source mentions, and all mentions of an event."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from data.rows import read_rows
from sayso.errors import InputError
from sayso.records import Span

__all__ = ["EntityLabels", "EventMention", "MentionPair", "SourceMention", "load_entities"]


@dataclass(frozen=True, slots=True, order=True)
class SourceMention:
    """A mention of a source: the article's id and where it stands in its text."""

    doc: str
    source: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class MentionPair:
    """Two mentions of different articles.

    Attributes:
        stratum: how the pair was drawn: exact, title, acronym, fuzzy, surname or tokens.
        a, b: the mentions.
        same: whether they are one source.
    """

    stratum: str
    a: SourceMention
    b: SourceMention
    same: bool


@dataclass(frozen=True, slots=True)
class EventMention:
    """A mention in the articles of an event; mentions of one `cluster` there are one source."""

    event: str
    mention: SourceMention
    cluster: int


@dataclass(frozen=True, slots=True)
class EntityLabels:
    """What a file of entity labels holds, in its order."""

    pairs: tuple[MentionPair, ...]
    events: tuple[EventMention, ...]

    @property
    def mentions(self) -> list[SourceMention]:
        """All mentions, each once, by article and place."""
        pairs = {side for pair in self.pairs for side in (pair.a, pair.b)}
        return sorted(pairs | {one.mention for one in self.events})


def load_entities(path: Path) -> EntityLabels:
    """Read labels of who is who: offsets and ids, no text.

    A row is a pair: `stratum`, `a` and `b`, each with `doc` and `source` (a list of [start, end]),
    and `same`; or a mention of an event: `event`, `doc`, `source` and `cluster`, a number.

    Raises:
        InputError: the file is missing or a row is malformed (names file and line).
    """
    pairs: list[MentionPair] = []
    events: list[EventMention] = []
    for line, row in read_rows(path):
        try:
            if "event" in row:
                events.append(
                    EventMention(_text(row, "event"), _mention(row), _typed(row, "cluster", int))
                )
            else:
                pairs.append(_pair(row))
        except ValueError as error:
            raise InputError(str(error), file=str(path), line=line) from error
    return EntityLabels(tuple(pairs), tuple(events))


def _pair(row: Mapping[str, Any]) -> MentionPair:
    a, b = (_mention(_typed(row, side, dict)) for side in ("a", "b"))
    if a.doc == b.doc:
        raise ValueError(f"expected mentions of two articles, found both in {a.doc!r:.80}")
    return MentionPair(_text(row, "stratum"), a, b, _typed(row, "same", bool))


def _mention(row: Mapping[str, Any]) -> SourceMention:
    spans = _typed(row, "source", list)
    if not spans:
        raise ValueError("expected source to be a list of [start, end], found none")
    return SourceMention(_text(row, "doc"), tuple(_span(span) for span in spans))


def _span(value: Any) -> Span:
    whole = isinstance(value, list) and len(value) == 2 and all(type(n) is int for n in value)
    if not whole or not 0 <= value[0] < value[1]:
        raise ValueError(
            f"expected source to be a list of [start, end], 0 <= start < end, found {value!r:.80}"
        )
    return Span(value[0], value[1])


def _text(row: Mapping[str, Any], name: str) -> str:
    found: str = _typed(row, name, str)
    return found


def _typed(row: Mapping[str, Any], name: str, kind: type) -> Any:
    found = row.get(name)
    if type(found) is not kind:
        raise ValueError(f"expected {name} to be of type {kind.__name__}, found {found!r:.80}")
    return found

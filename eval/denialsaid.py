"""Labelled statements as `sayso.claims.denials` takes them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from data.records import LabelledArticle, LabelledStatement
from sayso.claims.denials import Said
from sayso.records import NONE, join_pieces
from sayso.sources import Mention, resolve_sources

__all__ = ["Told", "said_of"]


@dataclass(frozen=True, slots=True)
class Told:
    """An article's statements, those without a stance left out as in a scored corpus.

    Attributes:
        said: the statements, in the article's order.
        ids: the id of each.
        places: the index of each id.
    """

    said: list[Said]
    ids: list[str]
    places: Mapping[str, int]


def said_of(article: LabelledArticle) -> Told:
    """The statements of an article on its labelled spans.

    Where no source's name is labelled, sources are resolved as in scoring.
    """
    kept = [one for one in article.statements if one.stance != NONE]
    parents = {one.id: one.parent for one in article.statements}
    places = {one.id: n for n, one in enumerate(kept)}
    if not any(one.entity for one in kept):
        kept = _resolved(article.text, kept, places)
    said = [_said(article.text, one, parents, places) for one in kept]
    return Told(said, list(places), places)


def _resolved(
    text: str, kept: Sequence[LabelledStatement], places: Mapping[str, int]
) -> list[LabelledStatement]:
    mentions = [Mention(s.source, s.cue, s.content, places.get(s.parent or "")) for s in kept]
    return [
        replace(one, entity=found.entity, kind=found.kind)
        for one, found in zip(kept, resolve_sources(text, mentions), strict=True)
    ]


def _said(
    text: str,
    one: LabelledStatement,
    parents: Mapping[str, str | None],
    places: Mapping[str, int],
) -> Said:
    parent = one.parent
    while parent is not None and parent not in places:
        parent = parents.get(parent)
    return Said(
        source_entity=one.entity if one.source else None,
        source_kind=one.kind,
        source_text=join_pieces(text, one.source),
        cue_text=join_pieces(text, one.cue),
        content_text=join_pieces(text, one.content),
        stance=one.stance,
        parent=None if parent is None else places[parent],
        start=one.content[0].start if one.content else -1,
        end=one.content[-1].end if one.content else -1,
        form=one.form,
    )

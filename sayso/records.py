"""The records that go in and come out: `Article`, `Span`, `Statement`, and the stance labels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

__all__ = [
    "FORMS",
    "KINDS",
    "NONE",
    "PIECE_JOINT",
    "STANCES",
    "Article",
    "Span",
    "Statement",
    "join_pieces",
]

STANCES = ("assertion", "denial", "hedge", "speculation")
"""The four stances of a truth-evaluable statement, in the order of all probabilities."""

NONE = "none"
"""The labels' fifth class: content that nobody puts forward as true or false."""

FORMS = ("direct", "mixed", "indirect")
"""How the content is written: all of it quoted, some of it, none of it."""

KINDS = ("person", "organisation", "government", "outlet", "document", "group", "unnamed")
"""What a source is."""

PIECE_JOINT = " … "
"""What stands between the pieces of a discontinuous span in `*_text` columns."""


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A half-open range `[start, end)` of Unicode code points of an article's `text`."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Article:
    """One news article as it was read.

    Attributes:
        id: unique within the input.
        text: the raw text that every offset refers to; any Unicode, any newlines.
        title: headline, not scored.
        outlet: who published it.
        published: date or time of publication, passed through as written.
        url: where it was found.
    """

    id: str
    text: str
    title: str | None = None
    outlet: str | None = None
    published: str | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Statement:
    """One attributed statement: who (source) says (cue) what (content), and how firmly (stance).

    Attributes:
        article_id: the `Article.id` it was found in.
        statement_id: `article_id`, `#` and the ordinal in reading order, from 0.
        source_spans, cue_spans, content_spans: pieces in reading order; empty where none is
            written.
        source_text, cue_text, content_text: the pieces' text joined by `PIECE_JOINT`, None where
            there is no piece.
        form: one of `FORMS`.
        stance: one of `STANCES`: the most probable of the four; None where the scorer was told to
            leave out labels that it is least sure of.
        p_assertion, p_denial, p_hedge, p_speculation: calibrated probabilities, summing to 1.
        p_statement: probability that the content is put forward as true or false at all.
        source_entity: the source's resolved name within the article.
        source_kind: one of `KINDS`.
        parent_id: `statement_id` of the statement in whose content this one stands.
        outlet, published: as in the article.
        model: id of the bundle that made the row.
    """

    article_id: str
    statement_id: str
    source_spans: tuple[Span, ...]
    cue_spans: tuple[Span, ...]
    content_spans: tuple[Span, ...]
    source_text: str | None
    cue_text: str | None
    content_text: str | None
    form: str
    stance: str | None
    p_assertion: float
    p_denial: float
    p_hedge: float
    p_speculation: float
    p_statement: float
    source_entity: str | None
    source_kind: str | None
    parent_id: str | None
    outlet: str | None
    published: str | None
    model: str


def join_pieces(text: str, spans: Sequence[Span]) -> str | None:
    """The slices of `text` at `spans` joined by `PIECE_JOINT`, or None if there are none."""
    if not spans:
        return None
    return PIECE_JOINT.join(text[span.start : span.end] for span in spans)

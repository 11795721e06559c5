"""The labelled records: `LabelledStatement` and `LabelledArticle`."""

from __future__ import annotations

from dataclasses import dataclass

from sayso.records import NONE, STANCES, Span

__all__ = ["LABELS", "Convention", "LabelledArticle", "LabelledStatement", "Origin"]

LABELS = (*STANCES, NONE)
"""The five stance labels, in the order of every probability vector and confusion matrix."""


class Convention:
    """How an article was marked, so that nothing is learnt from what was not marked.

    `FLAT` (PolNeAR) marks each token for one attribution at most: what is attributed inside a
    content is unmarked, not absent. `FULL` marks nested attributions too. `PARTIAL` marks some
    attributions and says nothing of the rest: stances and links can be learnt from it, tags not.
    """

    FLAT = "flat"
    FULL = "full"
    PARTIAL = "partial"


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a label came from.

    Attributes:
        file: name of the file that it was imported from.
        tool: what wrote the file: `label-studio`, `doccano`, …
        date: when the label was made, or else imported, in ISO 8601; None if not known.
    """

    file: str
    tool: str
    date: str | None = None


@dataclass(frozen=True, slots=True)
class LabelledStatement:
    """One attribution as an annotator marked it.

    Attributes:
        id: unique within the file.
        doc: `LabelledArticle.id`.
        source, cue, content: pieces in reading order; empty where none is written.
        stance: one of `LABELS`, or None where only the spans were labelled.
        sure: False where the annotator thought another label defensible.
        weight: population over sample of the stratum the label was drawn from.
        annotator: who labelled it, if known.
        form, entity, kind: as in `sayso.Statement`, where labelled.
        parent: `id` of the statement in whose content this one stands.
        denies: `id` of the statement whose claim this one denies.
        origin: where the label came from; None for data that was not imported.
    """

    id: str
    doc: str
    source: tuple[Span, ...]
    cue: tuple[Span, ...]
    content: tuple[Span, ...]
    stance: str | None = None
    sure: bool = True
    weight: float = 1.0
    annotator: str | None = None
    form: str | None = None
    entity: str | None = None
    kind: str | None = None
    parent: str | None = None
    denies: str | None = None
    origin: Origin | None = None


@dataclass(frozen=True, slots=True)
class LabelledArticle:
    """An article with the attributions in it marked under one `Convention`.

    Attributes:
        id, text, title, outlet, published: as in `sayso.Article`.
        convention: one of `Convention`.
        statements: the attributions, in file order.
        annotator: who marked it, if known. Articles of the same id are the same article, marked by
            several people (see `data.merge`).
    """

    id: str
    text: str
    title: str | None
    outlet: str | None
    published: str | None
    convention: str
    statements: tuple[LabelledStatement, ...]
    annotator: str | None = None

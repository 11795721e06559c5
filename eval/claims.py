"""Statements grouped by claim, against labels across articles: pairs and B³, with intervals."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from data.claims import PARTS, ClaimRow, load_claims
from data.loaders import TEXTS, locate
from data.rows import read_rows
from eval.figures import Figure, Scores, interval, scores
from eval.sources import b_cubed
from sayso.claims.contents import Contents
from sayso.claims.topical import is_topic
from sayso.errors import InputError
from sayso.records import Span, join_pieces
from sayso.sources import Mention, Resolution, resolve_sources
from sayso.who.merge import merge_sources

__all__ = ["ClaimScores", "Labelled", "measure_claims", "read_labelled", "read_unlabelled"]

IntArray = npt.NDArray[np.int32]

_POLNEAR = ("polnear.train.jsonl", "polnear.dev.jsonl")

_EPOCH = datetime.date(1970, 1, 1).toordinal()


@dataclass(frozen=True, slots=True)
class Labelled:
    """Statements whose claims are labelled, n of them.

    Attributes:
        contents: as the grouping takes them; no denial is tied.
        texts: the contents.
        event: [n] the story of each.
        claim: [n] its labelled claim.
    """

    contents: Contents
    texts: list[str]
    event: IntArray
    claim: IntArray

    def pairs(self) -> tuple[IntArray, IntArray]:
        """All pairs of statements within events."""
        one, other = np.triu_indices(len(self.event), 1)
        kept = self.event[one] == self.event[other]
        return one[kept].astype(np.int32), other[kept].astype(np.int32)


@dataclass(frozen=True, slots=True)
class ClaimScores:
    """How well a grouping finds the labelled claims; intervals are over events.

    Attributes:
        pairs: of statements on the same claim, over all pairs within events.
        across: the same over pairs of two articles.
        b_cubed_precision, b_cubed_recall, b_cubed_f1: over statements (Bagga and Baldwin 1998).
    """

    pairs: Scores
    across: Scores
    b_cubed_precision: Figure
    b_cubed_recall: Figure
    b_cubed_f1: Figure


def read_labelled(data: Path, labels: Path, *, part: str) -> Labelled:
    """The labelled statements of a part, with their texts, sources and days.

    Args:
        data: folder of the labelled data, with the articles.
        labels: file of claims; see `data.claims`.
        part: one of `data.claims.PARTS`.

    Raises:
        InputError: a file or an article is missing.
    """
    rows = load_claims(labels, part=part)
    return _labelled(rows, _articles(data, {row.doc for row in rows}, labels))


def read_unlabelled(data: Path, labels: Path) -> Labelled:
    """The statements of PolNeAR's other articles, each article an event and a claim by itself.

    Raises:
        InputError: a file is missing.
    """
    known = {row.doc for part in PARTS for row in load_claims(labels, part=part)}
    rows, articles = [], {}
    for _, fields in read_rows(locate(data, _POLNEAR[0])):
        doc = str(fields["id"])
        if doc in known:
            continue
        articles[doc] = fields
        marked = [
            [tuple(Span(*piece) for piece in one[role]) for role in ("source", "cue", "content")]
            for one in fields["attributions"]
        ]
        marked.sort(key=lambda roles: min(piece for role in roles for piece in role))
        rows += [
            ClaimRow(f"{doc}#{place}", "", doc, doc, source, cue, content, doc, "for")
            for place, (source, cue, content) in enumerate(marked)
        ]
    return _labelled(rows, articles)


def _labelled(rows: list[ClaimRow], articles: Mapping[str, Mapping[str, Any]]) -> Labelled:
    order = {doc: place for place, doc in enumerate(dict.fromkeys(row.doc for row in rows))}
    rows.sort(key=lambda row: (order[row.doc], int(row.id.rpartition("#")[2])))
    texts = [join_pieces(articles[row.doc]["text"], row.content) or "" for row in rows]
    cues = [join_pieces(articles[row.doc]["text"], row.cue) for row in rows]
    article = np.array([order[row.doc] for row in rows], np.int32)
    days = {doc: _day(fields.get("published")) for doc, fields in articles.items()}
    outlets = _codes([articles[row.doc].get("publisher", row.doc) for row in rows])
    empty = np.full(len(rows), -1, np.int32)
    contents = Contents(
        content=pa.array(texts, pa.string()),
        position=np.zeros(len(rows), np.int8),
        article=article,
        outlet=outlets,
        day=np.array([days[row.doc] for row in rows], np.int32),
        source=_sources(rows, articles, article),
        denies=empty,
        topical=np.array([is_topic(*one) for one in zip(texts, cues, strict=True)], np.bool_),
    )
    return Labelled(
        contents, texts, _codes([row.event for row in rows]), _codes([row.claim for row in rows])
    )


def measure_claims(labelled: Labelled, found: npt.ArrayLike) -> ClaimScores:
    """Measure a grouping.

    Args:
        labelled: the labels.
        found: [n] the group of each statement.
    """
    groups = np.asarray(found)
    one, other = labelled.pairs()
    same = labelled.claim[one] == labelled.claim[other]
    joined = groups[one] == groups[other]
    article = labelled.contents.article
    apart = article[one] != article[other]
    event = labelled.event[one]
    events = int(labelled.event.max(initial=-1)) + 1

    def counts(kept: npt.NDArray[np.bool_]) -> npt.NDArray[np.float64]:
        columns = (same & joined & kept, joined & kept, same & kept)
        return np.stack([np.bincount(event, column, events) for column in columns], axis=1)

    each = _b_cubed(labelled, groups, events)
    return ClaimScores(
        pairs=scores(counts(np.ones(len(one), np.bool_))),
        across=scores(counts(apart)),
        b_cubed_precision=interval(each, lambda sums: sums[:, 0] / sums[:, 2]),
        b_cubed_recall=interval(each, lambda sums: sums[:, 1] / sums[:, 2]),
        b_cubed_f1=interval(
            each, lambda sums: 2 * sums[:, 0] * sums[:, 1] / (sums[:, 0] + sums[:, 1]) / sums[:, 2]
        ),
    )


def _b_cubed(
    labelled: Labelled, groups: npt.NDArray[np.generic], events: int
) -> npt.NDArray[np.float64]:
    """Sums of precision, recall and statements: [events, 3]; groups count within events."""
    claim, group = labelled.claim.astype(str), groups.astype(str)
    each = [np.flatnonzero(labelled.event == event) for event in range(events)]
    return np.array(
        [(*b_cubed(claim[rows].tolist(), group[rows].tolist()), len(rows)) for rows in each]
    ).reshape(events, 3)


def _articles(data: Path, wanted: set[str], labels: Path) -> dict[str, Mapping[str, Any]]:
    found: dict[str, Mapping[str, Any]] = {}
    for name in (*_POLNEAR, *TEXTS):
        try:
            path = locate(data, name)
        except InputError:
            continue
        found |= {str(r["id"]): r for _, r in read_rows(path) if r.get("id") in wanted}
    missing = sorted(wanted - set(found))
    if missing:
        raise InputError(
            f"expected the articles of the labels in {data}, found {len(missing)} missing, the "
            f"first {missing[0]}",
            file=str(labels),
        )
    return found


def _day(published: object) -> int:
    try:
        return datetime.date.fromisoformat(str(published)[:10]).toordinal() - _EPOCH
    except ValueError:
        return -1


def _codes(names: Sequence[str]) -> IntArray:
    places = {name: place for place, name in enumerate(dict.fromkeys(names))}
    return np.array([places[name] for name in names], np.int32)


def _sources(
    rows: Sequence[ClaimRow], articles: Mapping[str, Mapping[str, Any]], article: IntArray
) -> IntArray:
    """Merged source of each statement, -1 where none is written or it is unnamed."""
    resolved: list[Resolution] = []
    for doc, said in groupby(rows, key=lambda row: row.doc):
        mentions = [Mention(row.source, row.cue, row.content, None) for row in said]
        resolved += resolve_sources(str(articles[doc]["text"]), mentions)
    named = [n for n, one in enumerate(resolved) if one.entity and one.kind != "unnamed"]
    merged = merge_sources(
        article[named],
        [resolved[n].entity or "" for n in named],
        [resolved[n].kind for n in named],
        np.ones(len(named), np.int32),
    )
    out = np.full(len(rows), -1, np.int32)
    out[named] = merged.ids
    return out

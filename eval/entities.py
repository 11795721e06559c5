"""Sources merged across articles, measured on labelled pairs of mentions and on whole events."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import numpy as np
import pyarrow.parquet as pq
from rapidfuzz import fuzz

from data.entities import EntityLabels, MentionPair, SourceMention, load_entities
from data.loaders import load_polnear, load_texts, locate
from data.records import LabelledArticle
from eval.figures import Scores, scores
from eval.sources import b_cubed
from sayso.errors import InputError
from sayso.records import PIECE_JOINT
from sayso.sources import Mention, resolve_sources
from sayso.who.merge import merge_sources

__all__ = ["EntityReport", "EventScores", "PairScores", "Wrong", "measure_entities"]

LABELS = "entities.jsonl"
"""The file of labels."""

ALIKE = 90
"""Token-set ratio from which the baseline of fuzzy matching takes two names for one."""

_JOINT = PIECE_JOINT.join


@dataclass(frozen=True, slots=True)
class Named:
    """A mention resolved: its name within the article, its kind and its source across articles."""

    entity: str
    kind: str
    source: int


@dataclass(frozen=True, slots=True)
class PairScores:
    """A stratum of pairs, or all of them.

    Attributes:
        stratum: how they were drawn.
        pairs, same: how many there are, and how many are one source.
        merged, exact, alike: precision, recall and F1 of taking two mentions for one: by the
            merger, by equal names, and by names of a token-set ratio of `ALIKE` or more.
    """

    stratum: str
    pairs: int
    same: int
    merged: Scores
    exact: Scores
    alike: Scores


@dataclass(frozen=True, slots=True)
class EventScores:
    """B³ precision, recall and F1 over the mentions of an event, beside equal names."""

    event: str
    mentions: int
    merged: tuple[float, float, float]
    exact: tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Wrong:
    """A pair that the merger takes wrongly, with the names that it went by."""

    stratum: str
    a: SourceMention
    b: SourceMention
    names: tuple[str, str]
    same: bool


@dataclass(frozen=True, slots=True)
class EntityReport:
    """All that is measured: the strata with the whole last, the events, and what is wrong."""

    strata: list[PairScores]
    events: list[EventScores]
    wrong: list[Wrong]


def measure_entities(
    root: Path | str, *, statements: Sequence[Path] = (), labels: EntityLabels | None = None
) -> EntityReport:
    """Resolve and merge the sources of the labelled articles and compare with the labels.

    Sources of PolNeAR's articles are resolved on all their marked spans, those of others on the
    labelled spans alone.

    Args:
        root: folder of the labelled data.
        statements: Parquet files as `sayso score` writes them; their other articles are merged
            along with PolNeAR's month and the labelled ones.
        labels: those of `LABELS` if left out.

    Raises:
        InputError: a file is missing or malformed, or a mention lies outside its article.
    """
    path = locate(root, LABELS)
    labels = labels or load_entities(path)
    named = _named(labels, root, path, statements)
    names = sorted({pair.stratum for pair in labels.pairs})
    groups = [(name, [p for p in labels.pairs if p.stratum == name]) for name in names]
    return EntityReport(
        [_pair_scores(name, pairs, named) for name, pairs in [*groups, ("all", labels.pairs)]],
        _events(labels, named),
        [
            Wrong(p.stratum, p.a, p.b, (named[p.a].entity, named[p.b].entity), p.same)
            for p in labels.pairs
            if (named[p.a].source == named[p.b].source) != p.same
        ],
    )


_Row: TypeAlias = tuple[str, str, str]


def _named(
    labels: EntityLabels, root: Path | str, path: Path, statements: Sequence[Path]
) -> dict[SourceMention, Named]:
    flat = {article.id: article for article in load_polnear(root, "dev")}
    asked: dict[str, list[SourceMention]] = {}
    for mention in labels.mentions:
        asked.setdefault(mention.doc, []).append(mention)
    texts = load_texts(root, set(asked) - set(flat), path)
    found: dict[SourceMention, _Row] = {}
    rows: dict[_Row, list[str]] = defaultdict(list)
    for doc in sorted(set(flat) | set(asked)):
        text = flat[doc].text if doc in flat else texts.get(doc)
        if text is None:
            raise InputError(f"expected the text of article {doc!r}, found none", file=str(path))
        for mention, row in _resolved(doc, text, asked.get(doc, []), flat.get(doc), path):
            found[mention] = row
            rows[row].append(_JOINT(text[s.start : s.end] for s in mention.source))
    for file in statements:
        for row, written in _scored(file):
            if row[0] not in flat and row[0] not in asked:
                rows[row].append(written)
    sources = _merged(rows)
    return {mention: Named(row[1], row[2], sources[row]) for mention, row in found.items()}


def _scored(file: Path) -> Iterator[tuple[_Row, str]]:
    columns = ["article_id", "source_entity", "source_kind", "source_text"]
    try:
        table = pq.read_table(file, columns=columns)
    except (OSError, ValueError) as error:
        raise InputError(f"expected scored statements, found {error}", file=str(file)) from error
    for doc, entity, kind, written in zip(
        *(table[name].to_pylist() for name in columns), strict=True
    ):
        if entity:
            yield (doc, entity, kind or "unnamed"), written or ""


def _resolved(
    doc: str,
    text: str,
    asked: Sequence[SourceMention],
    article: LabelledArticle | None,
    path: Path,
) -> list[tuple[SourceMention, _Row]]:
    marked = list(article.statements) if article else []
    mentions = [Mention(s.source, s.cue, s.content, None) for s in marked]
    known = {mention.source for mention in mentions}
    for mention in asked:
        if mention.source[-1].end > len(text):
            raise InputError(
                f"expected a source within the {len(text)} characters of {doc!r}, found "
                f"{mention.source[-1]}",
                file=str(path),
            )
        if mention.source not in known:
            mentions.append(Mention(mention.source, (), (), None))
    mentions = sorted((m for m in mentions if m.source), key=lambda m: m.source)
    resolutions = resolve_sources(text, mentions)
    return [
        (SourceMention(doc, mention.source), (doc, one.entity or "", one.kind))
        for mention, one in zip(mentions, resolutions, strict=True)
    ]


def _merged(rows: Mapping[_Row, Sequence[str]]) -> dict[_Row, int]:
    docs = {doc: n for n, doc in enumerate(sorted({doc for doc, _, _ in rows}))}
    keys = sorted(rows)
    merged = merge_sources(
        [docs[doc] for doc, _, _ in keys],
        [entity for _, entity, _ in keys],
        [kind for _, _, kind in keys],
        [len(rows[key]) for key in keys],
        written=["\n".join(rows[key]) for key in keys],
    )
    return dict(zip(keys, merged.ids.tolist(), strict=True))


def _pair_scores(
    stratum: str, pairs: Sequence[MentionPair], named: Mapping[SourceMention, Named]
) -> PairScores:
    sides = [(named[pair.a], named[pair.b]) for pair in pairs]
    plain = [(a.entity.lower(), b.entity.lower()) for a, b in sides]
    ways = (
        [a.source == b.source for a, b in sides],
        [a == b for a, b in plain],
        [fuzz.token_set_ratio(a, b) >= ALIKE for a, b in plain],
    )
    gold = np.array([pair.same for pair in pairs])
    merged, exact, alike = (
        scores(np.stack([np.array(way) & gold, np.array(way), gold], axis=1)) for way in ways
    )
    return PairScores(stratum, len(pairs), int(gold.sum()), merged, exact, alike)


def _events(labels: EntityLabels, named: Mapping[SourceMention, Named]) -> list[EventScores]:
    found = []
    for event in sorted({one.event for one in labels.events}):
        rows = [one for one in labels.events if one.event == event]
        gold = [str(one.cluster) for one in rows]
        sources = [named[one.mention] for one in rows]
        merged = _b_cubed(gold, [str(one.source) for one in sources])
        exact = _b_cubed(gold, [one.entity.lower() for one in sources])
        found.append(EventScores(event, len(rows), merged, exact))
    return found


def _b_cubed(gold: Sequence[str], predicted: Sequence[str]) -> tuple[float, float, float]:
    p, r = (total / len(gold) for total in b_cubed(gold, predicted))
    return p, r, 2 * p * r / (p + r)

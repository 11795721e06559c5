"""Token scores → attributions: tags by Viterbi, pieces linked to cues and sources, nesting."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from sayso.bundle import BundleConfig
from sayso.encoder import TokenScores
from sayso.records import Span
from sayso.tags import LAYERS, TAGS
from sayso.tokens import TokenizedText
from sayso.viterbi import best_tags

__all__ = ["Attribution", "Piece", "decode", "pieces_of", "token_range"]

FloatArray = npt.NDArray[np.float32]

REACH = 400
"""Farthest, in tokens, that a piece may stand from the cue or source it is linked to."""

BESIDE = 12
"""Farthest, in tokens, that a source may stand from content that has no cue."""

CONTAINED = 0.5
"""Share of a nested statement's content that has to stand in its parent's."""


@dataclass(frozen=True, slots=True)
class Attribution:
    """Who said what, as spans of the text.

    Attributes:
        source, cue, content: pieces in reading order; empty where none is written.
        parent: index, in the same list, of the attribution in whose content this one stands.
    """

    source: tuple[Span, ...]
    cue: tuple[Span, ...]
    content: tuple[Span, ...]
    parent: int | None = None


@dataclass(frozen=True, slots=True, order=True)
class Piece:
    """A half-open range of tokens with one role."""

    start: int
    end: int
    role: str


@dataclass(frozen=True, slots=True)
class _Group:
    """An attribution in token ranges, before nesting is known."""

    source: tuple[Piece, ...]
    cue: tuple[Piece, ...]
    content: tuple[Piece, ...]


def decode(tokens: TokenizedText, scores: TokenScores, config: BundleConfig) -> list[Attribution]:
    """Every attribution of a text, in reading order of their first character.

    Args:
        tokens: the text's tokens, N of them.
        scores: one row a token.
        config: transitions and distance scores.
    """
    if not len(tokens):
        return []
    layers = []
    emissions = scores.emissions.reshape(len(tokens), len(LAYERS), len(TAGS))
    for tags in best_tags(emissions, np.array(config.transitions, np.float32)):
        groups = _linked(pieces_of(tags), scores, config)
        layers.append([_attribution(group, tokens) for group in groups])
    return _nested(layers[0], layers[1])


def pieces_of(tags: Sequence[int] | npt.NDArray[np.int64]) -> list[Piece]:
    """Maximal runs of one role; a run begins anew at every `B`."""
    pieces: list[Piece] = []
    start, role = 0, ""
    for position, tag in enumerate([*map(int, tags), 0]):
        name = TAGS[tag]
        if role and name != f"I-{role}":
            pieces.append(Piece(start, position, role))
            role = ""
        if name != "O" and not role:
            start, role = position, name[2:]
    return pieces


def token_range(tokens: TokenizedText, span: Span) -> tuple[int, int]:
    """The half-open range of tokens that touch `span`; empty where none does."""
    first = int(np.searchsorted(tokens.ends, span.start, side="right"))
    last = int(np.searchsorted(tokens.starts, span.end, side="left"))
    return first, max(first, last)


def _linked(pieces: Sequence[Piece], scores: TokenScores, config: BundleConfig) -> list[_Group]:
    sources = [piece for piece in pieces if piece.role == "source"]
    cues = [piece for piece in pieces if piece.role == "cue"]
    contents = [piece for piece in pieces if piece.role == "content"]
    to_cue = _link_scores(0, contents, cues, scores, config)
    to_source = _link_scores(1, cues, sources, scores, config)
    chosen = to_cue.argmax(axis=1) - 1 if contents else np.zeros(0, np.int64)
    groups: list[_Group] = []
    used: set[Piece] = set()
    for number, cue in enumerate(cues):
        mine = [content for content, at in zip(contents, chosen, strict=True) if at == number]
        if not mine and contents:
            best = int((to_cue[:, number + 1] - to_cue.max(axis=1)).argmax())
            if np.isfinite(to_cue[best, number + 1]):
                mine = [contents[best]]
        if not mine:
            continue
        at = int(to_source[number].argmax()) - 1
        source = (sources[at],) if at >= 0 else ()
        used.update(source, mine)
        groups.append(_Group(source, (cue,), tuple(mine)))
    free = [source for source in sources if source not in used]
    for content in contents:
        if content not in used:
            near = [s for s in free if _gap(s, content) <= BESIDE]
            nearest = sorted(near, key=lambda s: _gap(s, content))[:1]
            groups.append(_Group(tuple(nearest), (), (content,)))
    return groups


def _gap(one: Piece, other: Piece) -> int:
    return max(0, one.start - other.end, other.start - one.end)


def _link_scores(
    link: int,
    tails: Sequence[Piece],
    heads: Sequence[Piece],
    scores: TokenScores,
    config: BundleConfig,
) -> FloatArray:
    """[tails, 1 + heads]: column 0 is the score of no head; heads out of reach are at -inf."""
    size = config.link_size
    nulls = _means(scores.nulls[:, link : link + 1], tails)
    if not heads or not tails:
        return nulls.reshape(len(tails), 1)
    query = _means(scores.links[:, 2 * link * size : (2 * link + 1) * size], tails)
    key = _means(scores.links[:, (2 * link + 1) * size : (2 * link + 2) * size], heads)
    gap = np.array([[head.start - tail.start for head in heads] for tail in tails])
    buckets = len(config.link_distance[link]) // 2
    bucket = np.log2(np.maximum(np.abs(gap), 1)).astype(np.int64).clip(max=buckets - 1)
    bucket = np.where(gap < 0, bucket, bucket + buckets)
    bias = np.array(config.link_distance[link], np.float32)[bucket]
    score = query @ key.T / np.float32(size**0.5) + bias
    score[np.abs(gap) > REACH] = -np.inf
    return np.concatenate([nulls, score], axis=1).astype(np.float32)


def _means(values: FloatArray, pieces: Sequence[Piece]) -> FloatArray:
    if not pieces:
        return np.zeros((0, values.shape[1]), np.float32)
    ends = [end for piece in pieces for end in (piece.start, piece.end)]
    last = ends[-1] == len(values)
    sums = np.add.reduceat(values, ends[:-1] if last else ends, axis=0)[::2]
    lengths = np.array([piece.end - piece.start for piece in pieces], np.float32)
    return np.asarray(sums / lengths[:, None], np.float32)


def _attribution(group: _Group, tokens: TokenizedText) -> Attribution:
    def spans(pieces: Sequence[Piece]) -> tuple[Span, ...]:
        return tuple(
            Span(int(tokens.starts[piece.start]), int(tokens.ends[piece.end - 1]))
            for piece in sorted(pieces)
        )

    return Attribution(spans(group.source), spans(group.cue), spans(group.content))


def _nested(outer: Sequence[Attribution], inner: Sequence[Attribution]) -> list[Attribution]:
    """One list in reading order, each inner one pointing to the outer one that contains it."""
    cues = {attribution.cue for attribution in outer}
    rows: list[tuple[Attribution, Attribution | None]] = [(item, None) for item in outer]
    for item in inner:
        if item.cue and item.cue in cues:
            continue
        parent = max(outer, key=lambda o: _share(item.content, o.content), default=None)
        if parent is None or _share(item.content, parent.content) < CONTAINED:
            continue
        rows.append((item, parent))
    rows.sort(key=lambda row: _reading_key(*row))
    place = {id(item): number for number, (item, _) in enumerate(rows)}
    return [
        replace(item, parent=None if parent is None else place[id(parent)]) for item, parent in rows
    ]


def _reading_key(item: Attribution, parent: Attribution | None) -> tuple[int, bool, Span]:
    """By first character; of those that begin together a parent first, then by cue or content."""
    first = min(span.start for span in (*item.source, *item.cue, *item.content))
    return first, parent is not None, (*item.cue, *item.content)[0]


def _share(inside: Sequence[Span], outside: Sequence[Span]) -> float:
    total = sum(span.end - span.start for span in inside)
    shared = sum(max(0, min(a.end, b.end) - max(a.start, b.start)) for a in inside for b in outside)
    return shared / total if total else 0.0

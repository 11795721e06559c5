"""Labelled articles → token-level examples in a Hugging Face `Dataset`, and windows cut from it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from datasets import Dataset

from data.records import LABELS, Convention, LabelledArticle, LabelledStatement
from sayso.records import Span
from sayso.tags import LAYERS, ROLES, TAGS
from sayso.tokens import TextTokenizer, TokenizedText

__all__ = [
    "IGNORE",
    "Chunk",
    "ChunkStatement",
    "Told",
    "cut_chunks",
    "encode_articles",
    "token_span",
]

_MARKED = {Convention.FULL: len(LAYERS), Convention.FLAT: 1, Convention.PARTIAL: 0}
"""How many layers of an article's tags are known, the outer one first."""

IGNORE = -100
"""Marks a label that is not known, as in PyTorch's losses."""


@dataclass(frozen=True, slots=True)
class Told:
    """A teacher's word on one article.

    Attributes:
        tags: [tokens, layers * tags] scores of tags, float16.
        stances: [statements, labels] log-probabilities of the stance of each statement that the
            article is marked with, in its order, float16.
    """

    tags: npt.NDArray[np.float16]
    stances: npt.NDArray[np.float16]


@dataclass(frozen=True, slots=True)
class ChunkStatement:
    """One attribution in token positions of its chunk.

    Attributes:
        layer: 0 for top-level, 1 for nested.
        pieces: for each role of `ROLES`, half-open token ranges that stand in the chunk.
        cut: for each role, whether some piece of it stands outside the chunk.
        stance: index into `LABELS`, or `IGNORE`.
        told: a teacher's log-probabilities of `LABELS`; empty if none was asked.
    """

    layer: int
    pieces: tuple[tuple[tuple[int, int], ...], ...]
    cut: tuple[bool, ...]
    stance: int
    told: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Chunk:
    """Consecutive tokens of an article with their labels, as training sees them.

    Attributes:
        inputs: features by name (`ids`, `shapes`, `quotes`, `breaks`), each [tokens].
        tags: [layers, tokens] tag indices, `IGNORE` in layers that are not marked.
        statements: the attributions with at least a piece inside.
        told: [tokens, layers * tags] a teacher's scores of tags; None if none was asked.
        states: [tokens, width] the encoder's last states, where they were kept.
    """

    inputs: dict[str, list[int]]
    tags: np.ndarray[Any, np.dtype[np.int64]]
    statements: tuple[ChunkStatement, ...]
    told: npt.NDArray[np.float16] | None = None
    states: npt.NDArray[np.float16] | None = None

    def __len__(self) -> int:
        return len(self.inputs["ids"])


def token_span(tokens: TokenizedText, span: Span) -> tuple[int, int] | None:
    """The half-open range of tokens that touch `span`, or None if none does."""
    first = int(np.searchsorted(tokens.ends, span.start, side="right"))
    last = int(np.searchsorted(tokens.starts, span.end, side="left"))
    return (first, last) if last > first else None


def encode_articles(
    articles: Sequence[LabelledArticle],
    tokenizer: TextTokenizer,
    told: Mapping[str, Told] | None = None,
) -> Dataset:
    """One row an article: its tokens' features and its statements as token ranges.

    Statements nested deeper than one level are left out of the rows: the network has two layers.

    Args:
        articles: with their statements.
        tokenizer: of the network.
        told: a teacher's word on each article, by its id; of it the rows hold the stances.
    """
    words = told or {}
    return Dataset.from_list(
        [_row(article, tokenizer(article.text), words.get(article.id)) for article in articles]
    )


def _row(article: LabelledArticle, tokens: TokenizedText, told: Told | None) -> dict[str, Any]:
    parents = {statement.id: statement.parent for statement in article.statements}
    statements = []
    for number, statement in enumerate(article.statements):
        layer = _depth(statement, parents)
        if layer >= len(LAYERS):
            continue
        pieces = {
            role: [r for span in getattr(statement, role) if (r := token_span(tokens, span))]
            for role in ROLES
        }
        stance = IGNORE if statement.stance is None else LABELS.index(statement.stance)
        word = [] if told is None else told.stances[number].tolist()
        statements.append({"layer": layer, "stance": stance, "told": word, **pieces})
    return {
        "doc": article.id,
        "layers": _MARKED[article.convention],
        "ids": tokens.ids.tolist(),
        "shapes": tokens.shapes.tolist(),
        "quotes": tokens.quotes.tolist(),
        "breaks": tokens.breaks.tolist(),
        "statements": statements,
    }


def _depth(statement: LabelledStatement, parents: dict[str, str | None]) -> int:
    depth, parent = 0, statement.parent
    while parent is not None and depth < len(parents):
        depth, parent = depth + 1, parents.get(parent)
    return depth


def cut_chunks(row: dict[str, Any], size: int, offset: int = 0) -> Iterator[Chunk]:
    """Cut an encoded article into chunks of `size` tokens; the first has `offset` modulo `size`.

    The row may have `told` beside what `encode_articles` gives, a teacher's scores of its tags, and
    `states`, what an encoder makes of its tokens.
    """
    total = len(row["ids"])
    starts = list(range(-(-offset % size), total, size))
    for start in starts:
        low, high = max(start, 0), min(start + size, total)
        if high > low:
            yield _chunk(row, low, high)


def _chunk(row: dict[str, Any], low: int, high: int) -> Chunk:
    inputs = {name: row[name][low:high] for name in ("ids", "shapes", "quotes", "breaks")}
    tags = np.zeros((len(LAYERS), high - low), dtype=np.int64)
    tags[row["layers"] :] = IGNORE
    kept = []
    for statement in row["statements"]:
        pieces, cut = [], []
        for role in ROLES:
            inside = [(s, e) for s, e in statement[role] if s < high and e > low]
            pieces.append(tuple((max(s, low) - low, min(e, high) - low) for s, e in inside))
            cut.append(len(inside) < len(statement[role]))
            if statement["layer"] < row["layers"]:
                for start, end in inside:
                    _write_tags(tags[statement["layer"]], role, start - low, end - low)
        if any(pieces):
            layer, stance, told = (statement[name] for name in ("layer", "stance", "told"))
            kept.append(ChunkStatement(layer, tuple(pieces), tuple(cut), stance, tuple(told)))
    told, states = (
        None if row.get(name) is None else row[name][low:high] for name in ("told", "states")
    )
    return Chunk(inputs, tags, tuple(kept), told, states)


def _write_tags(layer: Any, role: str, start: int, end: int) -> None:
    """Write B/I of a piece; tokens before the chunk make it begin with I; taken tokens stay."""
    low = max(start, 0)
    high = min(end, len(layer))
    if (layer[low:high] > 0).any():
        return
    layer[low:high] = TAGS.index(f"I-{role}")
    if start >= 0:
        layer[start] = TAGS.index(f"B-{role}")

"""Labelled articles → token-level examples in a Hugging Face `Dataset`, and windows cut from it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from datasets import Dataset

from data.records import LABELS, Convention, LabelledArticle, LabelledStatement
from sayso.records import Span
from sayso.tags import LAYERS, ROLES, TAGS
from sayso.tokens import TextTokenizer, TokenizedText

__all__ = ["IGNORE", "Chunk", "ChunkStatement", "cut_chunks", "encode_articles", "token_span"]

IGNORE = -100
"""Marks a label that is not known, as in PyTorch's losses."""


@dataclass(frozen=True, slots=True)
class ChunkStatement:
    """One attribution in token positions of its chunk.

    Attributes:
        layer: 0 for top-level, 1 for nested.
        pieces: for each role of `ROLES`, half-open token ranges that stand in the chunk.
        cut: for each role, whether some piece of it stands outside the chunk.
        stance: index into `LABELS`, or `IGNORE`.
    """

    layer: int
    pieces: tuple[tuple[tuple[int, int], ...], ...]
    cut: tuple[bool, ...]
    stance: int


@dataclass(frozen=True, slots=True)
class Chunk:
    """Consecutive tokens of an article with their labels, as training sees them.

    Attributes:
        inputs: features by name (`ids`, `shapes`, `quotes`, `breaks`), each [tokens].
        tags: [layers, tokens] tag indices, `IGNORE` in layers that are not marked.
        statements: the attributions with at least a piece inside.
    """

    inputs: dict[str, list[int]]
    tags: np.ndarray[Any, np.dtype[np.int64]]
    statements: tuple[ChunkStatement, ...]

    def __len__(self) -> int:
        return len(self.inputs["ids"])


def token_span(tokens: TokenizedText, span: Span) -> tuple[int, int] | None:
    """The half-open range of tokens that touch `span`, or None if none does."""
    first = int(np.searchsorted(tokens.ends, span.start, side="right"))
    last = int(np.searchsorted(tokens.starts, span.end, side="left"))
    return (first, last) if last > first else None


def encode_articles(articles: Sequence[LabelledArticle], tokenizer: TextTokenizer) -> Dataset:
    """One row an article: its tokens' features and its statements as token ranges.

    Statements nested deeper than one level are left out of the rows: the network has two layers.
    """
    return Dataset.from_list([_row(article, tokenizer(article.text)) for article in articles])


def _row(article: LabelledArticle, tokens: TokenizedText) -> dict[str, Any]:
    parents = {statement.id: statement.parent for statement in article.statements}
    statements = []
    for statement in article.statements:
        layer = _depth(statement, parents)
        if layer >= len(LAYERS):
            continue
        pieces = {
            role: [r for span in getattr(statement, role) if (r := token_span(tokens, span))]
            for role in ROLES
        }
        stance = IGNORE if statement.stance is None else LABELS.index(statement.stance)
        statements.append({"layer": layer, "stance": stance, **pieces})
    return {
        "doc": article.id,
        "full": article.convention == Convention.FULL,
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
    """Cut an encoded article into chunks of `size` tokens; the first has `offset` modulo `size`."""
    total = len(row["ids"])
    starts = list(range(-(-offset % size), total, size))
    for start in starts:
        low, high = max(start, 0), min(start + size, total)
        if high > low:
            yield _chunk(row, low, high)


def _chunk(row: dict[str, Any], low: int, high: int) -> Chunk:
    inputs = {name: row[name][low:high] for name in ("ids", "shapes", "quotes", "breaks")}
    tags = np.zeros((len(LAYERS), high - low), dtype=np.int64)
    if not row["full"]:
        tags[1:] = IGNORE
    kept = []
    for statement in row["statements"]:
        pieces, cut = [], []
        for role in ROLES:
            inside = [(s, e) for s, e in statement[role] if s < high and e > low]
            pieces.append(tuple((max(s, low) - low, min(e, high) - low) for s, e in inside))
            cut.append(len(inside) < len(statement[role]))
            if row["full"] or statement["layer"] == 0:
                for start, end in inside:
                    _write_tags(tags[statement["layer"]], role, start - low, end - low)
        if any(pieces):
            kept.append(
                ChunkStatement(statement["layer"], tuple(pieces), tuple(cut), statement["stance"])
            )
    return Chunk(inputs, tags, tuple(kept))


def _write_tags(layer: Any, role: str, start: int, end: int) -> None:
    """Write B/I of a piece; tokens before the chunk make it begin with I; taken tokens stay."""
    low = max(start, 0)
    high = min(end, len(layer))
    if (layer[low:high] > 0).any():
        return
    layer[low:high] = TAGS.index(f"I-{role}")
    if start >= 0:
        layer[start] = TAGS.index(f"B-{role}")

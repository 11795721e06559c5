"""Labelled statements as items to classify: their texts, their labels, their documents."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from data.loaders import load_polnear, load_stances, locate, with_stances
from data.records import LABELS, LabelledArticle, LabelledStatement
from sayso.errors import InputError
from sayso.records import Span, join_pieces
from sayso.tags import ROLES

__all__ = ["COLUMNS", "StanceItems", "load_items", "sentences_around", "stance_items"]

COLUMNS = (*ROLES, "sentences")
"""What each text of a row is: source, cue, content, and the sentences in which they stand."""

_END = re.compile(r"[.!?…][\"'”’)\]]*\s+|\n\s*")
"""What ends a sentence, the white space after it included; abbreviations are not told apart."""


@dataclass(frozen=True, slots=True)
class StanceItems:
    """Statements with a stance, as a classifier of texts sees them.

    Attributes:
        statements: the labelled statements, by article and then in file order.
        rows: [items, 4] texts in the order of `COLUMNS`; empty where a role is not written.
        labels: [items] indices into `LABELS`.
        documents: [items] a number for each article, rising.
    """

    statements: tuple[LabelledStatement, ...]
    rows: npt.NDArray[np.object_]
    labels: npt.NDArray[np.int64]
    documents: npt.NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.statements)


def load_items(data: Path | str, split: str) -> StanceItems:
    """The stance labels of a split of PolNeAR, with their articles' texts.

    Raises:
        InputError: the data is not there, is malformed, or has no label.
    """
    name = f"stance.{split}.jsonl"
    labels = load_stances(locate(data, name), root=data)
    return stance_items(with_stances(load_polnear(data, split), labels), file=name)


def stance_items(articles: Sequence[LabelledArticle], *, file: str | None = None) -> StanceItems:
    """The statements of articles that have a stance.

    Args:
        articles: their statements without a stance are passed over.
        file: where they are from, for the error.

    Raises:
        InputError: no statement has a stance.
    """
    statements: list[LabelledStatement] = []
    rows: list[list[str]] = []
    documents: list[int] = []
    for number, article in enumerate(articles):
        for s in article.statements:
            if s.stance is not None:
                statements.append(s)
                documents.append(number)
                rows.append(_texts(article.text, s))
    if not rows:
        raise InputError("expected statements with a stance, found none", file=file)
    return StanceItems(
        statements=tuple(statements),
        rows=np.array(rows, dtype=object),
        labels=np.array([LABELS.index(s.stance or "") for s in statements]),
        documents=np.array(documents),
    )


def sentences_around(text: str, spans: Sequence[Span]) -> str:
    """The sentences in which the spans stand, and those between them."""
    first = min((span.start for span in spans), default=0)
    last = max((span.end for span in spans), default=0)
    low = max((end.end() for end in _END.finditer(text, 0, first)), default=0)
    end = _END.search(text, max(last - 1, 0))
    return text[low : end.end() if end else len(text)].strip()


def _texts(text: str, statement: LabelledStatement) -> list[str]:
    spans = [span for role in ROLES for span in getattr(statement, role)]
    parts = [join_pieces(text, getattr(statement, role)) or "" for role in ROLES]
    return [*parts, sentences_around(text, spans)]

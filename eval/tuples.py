"""Statements end to end: whole attributions matched by overlap, their stance and their nesting."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.optimize import linear_sum_assignment

from data.matching import jaccard
from data.records import LABELS, LabelledArticle, LabelledStatement
from sayso.records import NONE, Span

__all__ = [
    "Match",
    "depths",
    "match_counts",
    "match_statements",
    "parent_counts",
    "part_counts",
    "stance_confusion",
    "without_none",
]

Counts = npt.NDArray[np.int64]

CONTENT_JACCARD = 0.3
"""Least Jaccard index of the contents of statements that match."""


@dataclass(frozen=True, slots=True)
class Match:
    """A gold statement and the predicted one that it is matched with."""

    gold: LabelledStatement
    predicted: LabelledStatement


def match_statements(
    gold: Sequence[LabelledStatement], predicted: Sequence[LabelledStatement]
) -> list[Match]:
    """Match one to one, as many as possible and then with as much shared content as possible.

    Two statements can match if their contents' Jaccard index over characters is 0.3 or more and
    their sources overlap or are both absent, and their cues likewise.
    """
    if not gold or not predicted:
        return []
    worth = np.zeros((len(gold), len(predicted)))
    for row, expected in enumerate(gold):
        for column, found in enumerate(predicted):
            share = jaccard(expected.content, found.content)
            if (
                share >= CONTENT_JACCARD
                and _meet(expected.source, found.source)
                and _meet(expected.cue, found.cue)
            ):
                worth[row, column] = len(gold) + share
    rows, columns = linear_sum_assignment(-worth)
    return [
        Match(gold[row], predicted[column])
        for row, column in zip(rows.tolist(), columns.tolist(), strict=True)
        if worth[row, column] > 0
    ]


def match_counts(
    matches: Sequence[Match],
    gold: Sequence[LabelledStatement],
    predicted: Sequence[LabelledStatement],
) -> Counts:
    """Right, predicted and gold statements."""
    return np.array([len(matches), len(predicted), len(gold)])


def part_counts(
    matches: Sequence[Match],
    gold: Sequence[LabelledStatement],
    predicted: Sequence[LabelledStatement],
) -> Counts:
    """Predicted statements of a sort that are matched, those predicted; the same of the gold.

    Args:
        matches: of all statements of an article.
        gold: the marked statements that are of the sort.
        predicted: those found that are of the sort, each side by its own marks, so that a
            statement found whose sort is wrong costs neither.
    """
    mine, theirs = {s.id for s in predicted}, {s.id for s in gold}
    return np.array(
        [
            sum(match.predicted.id in mine for match in matches),
            len(predicted),
            sum(match.gold.id in theirs for match in matches),
            len(gold),
        ]
    )


def depths(article: LabelledArticle) -> dict[str, int]:
    """How deep each statement is nested, by id: 0 on top, 1 in the content of such a one."""
    parents = {s.id: s.parent for s in article.statements}
    out: dict[str, int] = {}
    for name in parents:
        chain = [name]
        while (above := parents.get(chain[-1])) is not None and above not in chain:
            chain.append(above)
        out[name] = len(chain) - 1
    return out


def stance_confusion(matches: Sequence[Match]) -> Counts:
    """[gold, predicted] over `LABELS` of matched statements with a stance on both sides."""
    out = np.zeros((len(LABELS), len(LABELS)), np.int64)
    for match in matches:
        if match.gold.stance is not None and match.predicted.stance is not None:
            out[LABELS.index(match.gold.stance), LABELS.index(match.predicted.stance)] += 1
    return out


def parent_counts(
    gold: LabelledArticle, predicted: LabelledArticle, matches: Sequence[Match]
) -> Counts:
    """Right, predicted and gold links from a nested statement to its parent.

    A link is right if the statements at both its ends are matched with each other's.
    """
    partner = {match.gold.id: match.predicted.id for match in matches}
    right = sum(
        match.gold.parent is not None
        and match.predicted.parent is not None
        and partner.get(match.gold.parent) == match.predicted.parent
        for match in matches
    )
    counts = [sum(s.parent is not None for s in a.statements) for a in (predicted, gold)]
    return np.array([right, *counts])


def _meet(one: Sequence[Span], other: Sequence[Span]) -> bool:
    if not one or not other:
        return not one and not other
    return any(a.start < b.end and b.start < a.end for a in one for b in other)


def without_none(statements: Sequence[LabelledStatement]) -> list[LabelledStatement]:
    """The statements that are put forward as true or false."""
    return [s for s in statements if s.stance != NONE]

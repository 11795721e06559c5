"""Extraction span by span: exact and by overlap, for each role."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.optimize import linear_sum_assignment

from data.matching import jaccard
from data.records import Convention, LabelledArticle, LabelledStatement
from sayso.records import Span
from sayso.tags import ROLES

__all__ = ["comparable", "exact_counts", "overlap_counts", "tuple_counts"]

Counts = npt.NDArray[np.int64]


def comparable(article: LabelledArticle, convention: str) -> list[LabelledStatement]:
    """The statements that can be held against marks of a convention: `FLAT` knows no nesting."""
    if convention == Convention.FLAT:
        return [s for s in article.statements if s.parent is None]
    return list(article.statements)


def exact_counts(gold: LabelledArticle, predicted: LabelledArticle) -> dict[str, Counts]:
    """Right, predicted and gold pieces of each role, by exact start and end.

    A piece that several statements share counts once.
    """
    out = {}
    for role in ROLES:
        expected, found = (
            _pieces(gold, role, gold.convention),
            _pieces(predicted, role, gold.convention),
        )
        out[role] = np.array([len(expected & found), len(found), len(expected)])
    return out


def overlap_counts(
    gold: LabelledArticle, predicted: LabelledArticle, *, least: float = 0.8
) -> dict[str, Counts]:
    """As `exact_counts`, a piece being right if its characters' Jaccard index is `least` or more.

    Pieces are matched one to one so that as many as possible are right.
    """
    out = {}
    for role in ROLES:
        expected = sorted(_pieces(gold, role, gold.convention))
        found = sorted(_pieces(predicted, role, gold.convention))
        right = 0
        if expected and found:
            scores = np.array([[jaccard([a], [b]) for b in found] for a in expected])
            rows, columns = linear_sum_assignment(-(scores >= least).astype(float))
            right = int((scores[rows, columns] >= least).sum())
        out[role] = np.array([right, len(found), len(expected)])
    return out


def tuple_counts(gold: LabelledArticle, predicted: LabelledArticle) -> Counts:
    """Right, predicted and gold statements, right if all pieces of all roles are exact."""

    def tuples(article: LabelledArticle) -> set[object]:
        return {(s.source, s.cue, s.content) for s in comparable(article, gold.convention)}

    expected, found = tuples(gold), tuples(predicted)
    return np.array([len(expected & found), len(found), len(expected)])


def _pieces(article: LabelledArticle, role: str, convention: str) -> set[Span]:
    return {span for s in comparable(article, convention) for span in getattr(s, role)}

"""Suspected label errors: confident learning on out-of-fold probabilities (Northcutt et al. 2021).

A label is suspect where a judge that never saw its document finds another one far more probable: a
classifier of words that is trained on the other documents, or one that knows more (`data.judge`).
Suspicion is no proof: the rows are for a person to look at, the worst first.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.model_selection import GroupKFold

from data.items import COLUMNS, StanceItems
from data.records import LABELS, LabelledStatement
from data.tfidf import label_probabilities, tfidf_classifier
from sayso.errors import InputError
from sayso.tags import ROLES

__all__ = ["Suspect", "find_suspects", "out_of_fold"]

FOLDS = 5


@dataclass(frozen=True, slots=True)
class Suspect:
    """A label and how far it can be believed.

    Attributes:
        statement: as it is labelled; its stance is the given label.
        suggested: the label that is most probable by the judge.
        quality: probability of the given label by the judge, in [0, 1]; less is worse.
        issue: whether confident learning holds the label for an error, given how sure the
            classifier is of each label on the whole; False for the rest of the ranking.
        text: source, cue, content and sentences.
        place: in the items that were judged.
    """

    statement: LabelledStatement
    suggested: str
    quality: float
    issue: bool
    text: tuple[str, ...]
    place: int

    def to_dict(self, *, text: bool = False) -> dict[str, Any]:
        """As a JSON object: ids, labels and offsets; the text only if asked for."""
        s = self.statement
        row: dict[str, Any] = {"id": s.id, "doc": s.doc}
        row |= {role: [[x.start, x.end] for x in getattr(s, role)] for role in ROLES}
        row |= {
            "given": s.stance,
            "suggested": self.suggested,
            "quality": round(self.quality, 6),
            "issue": self.issue,
            "sure": s.sure,
        }
        return row | ({"text": dict(zip(COLUMNS, self.text, strict=True))} if text else {})


def find_suspects(
    items: StanceItems,
    *,
    folds: int = FOLDS,
    probabilities: npt.NDArray[np.float64] | None = None,
) -> list[Suspect]:
    """Rank labels by how little they can be believed.

    Args:
        items: labelled statements.
        folds: parts of the documents, each judged by a classifier trained on the others.
        probabilities: [items, 5] by a judge that has not seen the labels; `out_of_fold` if left
            out.

    Returns:
        Every item by rising quality. Taking what confident learning holds for an error first finds
        fewer planted errors (`python -m data planted`).

    Raises:
        InputError: without `probabilities` there are fewer documents than folds, or fewer than two
            labels.
    """
    sure = out_of_fold(items, folds=folds) if probabilities is None else probabilities
    quality, issues = sure[np.arange(len(items)), items.labels], _issues(items.labels, sure)
    order = np.argsort(quality, kind="stable").tolist()
    return [
        Suspect(
            statement=items.statements[n],
            suggested=LABELS[int(sure[n].argmax())],
            quality=float(quality[n]),
            issue=bool(issues[n]),
            text=tuple(items.rows[n]),
            place=n,
        )
        for n in order
    ]


def _issues(labels: npt.NDArray[np.int64], sure: npt.NDArray[np.float64]) -> npt.NDArray[np.bool_]:
    """Which labels confident learning holds for errors, among the labels that are given at all."""
    from cleanlab.filter import find_label_issues

    known = np.unique(labels)
    if len(known) < 2:
        return np.zeros(len(labels), np.bool_)
    of_known = sure[:, known] + 1e-12
    of_known = of_known / of_known.sum(axis=1, keepdims=True)
    found = find_label_issues(np.searchsorted(known, labels), of_known, n_jobs=1)
    return np.asarray(found, np.bool_)


def out_of_fold(items: StanceItems, *, folds: int = FOLDS) -> npt.NDArray[np.float64]:
    """Probabilities [items, 5] of each item from words alone, its document not trained on.

    Raises:
        InputError: there are fewer documents than folds, or fewer than two labels.
    """
    documents = len(np.unique(items.documents))
    if documents < folds or len(np.unique(items.labels)) < 2:
        raise InputError(
            f"expected {folds} documents or more and 2 labels or more, found {documents} and "
            f"{len(np.unique(items.labels))}"
        )
    out = np.zeros((len(items), len(LABELS)))
    for known, held in _folds(items, folds):
        model = tfidf_classifier().fit(items.rows[known], items.labels[known])
        out[held] = label_probabilities(model, items.rows[held])
    return out


def _folds(items: StanceItems, folds: int) -> Sequence[tuple[Any, Any]]:
    """Positions to train on and to judge, no document in both."""
    return list(GroupKFold(n_splits=folds).split(items.rows, items.labels, items.documents))

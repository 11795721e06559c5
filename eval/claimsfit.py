"""Fit how pairs of contents are judged, on the labels cut for tuning, event by event."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from eval.claims import Labelled
from sayso.claims.alike import FEATURES, features
from sayso.claims.blocks import candidates
from sayso.claims.clusters import agglomerate
from sayso.claims.items import Items, make_items
from sayso.claims.likeness import Likeness
from sayso.claims.terms import read_terms
from sayso.claims.vectors import load_vectors

__all__ = ["Fitted", "best_link", "event_groups", "fit_likeness", "write_likeness"]

FloatArray = npt.NDArray[np.float64]

STRENGTH = 0.03
"""Inverse strength of the regression's L2 penalty, on standardised features."""

APART = 3000.0
"""Pairs within events that the candidates across stories count as, all together."""

FAR = 14
"""Days from which on candidates are taken to be of different stories."""

OTHER_STORY = 0.05
"""Cosine of two articles' terms under which they are taken to be of different stories."""

SAME_WORDS = 0.5
"""Share of common words from which on contents may be on the same claim at any time."""

LINKS = tuple(round(0.02 * step, 2) for step in range(2, 36))
"""Least mean probabilities that are tried."""

BETA = 0.5
"""Weight of recall against precision in the choice of the link (F-beta): two claims taken for one
make contradictions that nobody uttered, which is worse than one taken for two."""


@dataclass(frozen=True, slots=True)
class Fitted:
    """A fit, and what it reaches on events that it was not fitted on.

    Attributes:
        likeness: fitted on all events.
        precision, recall, f1: of pairs within events, each event grouped by a regression fitted
            on the others.
    """

    likeness: Likeness
    precision: float
    recall: float
    f1: float


def fit_likeness(labelled: Labelled, unlabelled: Labelled) -> Fitted:
    """Fit the regression on all pairs within events, and on candidates across stories as negatives.

    The link is chosen on folds of one event each.

    Args:
        labelled: events whose claims are known.
        unlabelled: articles, of which candidates weeks apart, or of articles without a common term,
            are taken to be on different claims unless their words are the same.
    """
    rows, same, events = _pairs(labelled, _items(labelled))
    apart = _apart(unlabelled)
    inside = events[:, 0] == events[:, 1]
    centre, scale = rows[inside].mean(axis=0), rows[inside].std(axis=0)
    scale[scale == 0] = 1
    standard = np.concatenate([(rows - centre) / scale, (apart - centre) / scale])
    same = np.append(same, np.zeros(len(apart), np.bool_))
    events = np.concatenate([events, np.full((len(apart), 2), -1, np.int32)])
    parts = np.append(np.ones(len(rows)), np.full(len(apart), APART / max(len(apart), 1)))
    held = np.zeros(int(inside.sum()))
    for event in np.unique(labelled.event):
        known = (events != event).all(axis=1)
        out = np.flatnonzero(inside & (events[: len(rows), 0] == event))
        weights, bias = _regression(standard[known], same[known], parts[known])
        held[out] = _logistic(standard[out] @ weights + bias)
    link, precision, recall = best_link(labelled, held)
    weights, bias = _regression(standard, same, parts)
    weights = weights / scale
    likeness = Likeness(tuple(weights.tolist()), float(bias - weights @ centre), link)
    return Fitted(likeness, precision, recall, 2 * precision * recall / (precision + recall))


def write_likeness(fitted: Fitted, path: Path) -> None:
    """Write the regression as `sayso.claims.likeness.load_likeness` reads it."""
    likeness = fitted.likeness
    weights = dict(zip(FEATURES, (round(w, 4) for w in likeness.weights), strict=True))
    content = {"weights": weights, "bias": round(likeness.bias, 4), "link": likeness.link}
    path.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")


def best_link(
    labelled: Labelled, values: FloatArray, *, beta: float = BETA
) -> tuple[float, float, float]:
    """The link with the best F-beta of pairs within events, with its precision and recall.

    Args:
        labelled: the labels.
        values: of each of `labelled.pairs()`, how alike the two are, in [0, 1].
        beta: weight of recall against precision.
    """
    one, other = labelled.pairs()
    same = labelled.claim[one] == labelled.claim[other]
    best, chosen = -1.0, (LINKS[0], 0.0, 0.0)
    for link in LINKS:
        groups = event_groups(labelled, values, link)
        joined = groups[one] == groups[other]
        right = int((joined & same).sum())
        precision, recall = right / max(int(joined.sum()), 1), right / max(int(same.sum()), 1)
        score = (1 + beta**2) * precision * recall / max(beta**2 * precision + recall, 1e-9)
        if score > best:
            best, chosen = score, (link, precision, recall)
    return chosen


def event_groups(labelled: Labelled, values: FloatArray, link: float) -> npt.NDArray[np.int64]:
    """Groups by average linkage within events: [statements] the first statement of each's group."""
    one, other = labelled.pairs()
    groups = np.arange(len(labelled.event))
    place = np.zeros(len(labelled.event), np.int64)
    for event in np.unique(labelled.event):
        members = np.flatnonzero(labelled.event == event)
        place[members] = np.arange(len(members))
        kept = labelled.event[one] == event
        table = np.full((1, len(members), len(members)), -1.0, np.float32)
        left, right = place[one[kept]], place[other[kept]]
        table[0, left, right] = table[0, right, left] = values[kept]
        groups[members] = members[agglomerate(table, link)[0]]
    return groups


def _pairs(
    labelled: Labelled, items: Items
) -> tuple[FloatArray, npt.NDArray[np.bool_], npt.NDArray[np.int32]]:
    """Features [pairs, features], whether the same claim, and the pairs' events [pairs, 2].

    Pairs within events come first, in the order of `labelled.pairs()`; those with a statement
    without terms have features of zeros. Candidates across events follow.
    """
    one, other = labelled.pairs()
    left, right = items.item[one], items.item[other]
    rows = features(items, labelled.contents, np.maximum(left, 0), np.maximum(right, 0))
    rows[(left < 0) | (right < 0)] = 0
    i, j = candidates(items, labelled.contents)
    event = labelled.event[items.row]
    across = event[i] != event[j]
    i, j = i[across], j[across]
    rows = np.concatenate([rows, features(items, labelled.contents, i, j)])
    same = np.append(labelled.claim[one] == labelled.claim[other], np.zeros(len(i), np.bool_))
    events = np.concatenate(
        [
            np.stack([labelled.event[one], labelled.event[other]], axis=1),
            np.stack([event[i], event[j]], axis=1),
        ]
    )
    return rows.astype(np.float64), same, events


def _items(labelled: Labelled) -> Items:
    terms = read_terms(labelled.contents.content)
    return make_items(labelled.contents, terms, load_vectors(terms.vocabulary.plain))


def _apart(unlabelled: Labelled) -> FloatArray:
    """Features of candidates that hardly are on the same claim: [pairs, features]."""
    items = _items(unlabelled)
    rows = features(items, unlabelled.contents, *candidates(items, unlabelled.contents))
    column = {name: rows[:, place] for place, name in enumerate(FEATURES)}
    far = (column["days"] > np.log1p(FAR)) | (column["story"] < OTHER_STORY)
    kept = far & (column["same_article"] == 0) & (column["jaccard"] < SAME_WORDS)
    return np.asarray(rows[kept], dtype=np.float64)


def _regression(
    rows: FloatArray, labels: npt.NDArray[np.bool_], parts: FloatArray
) -> tuple[FloatArray, float]:
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(C=STRENGTH, max_iter=3000).fit(rows, labels, sample_weight=parts)
    return np.asarray(model.coef_[0]), float(model.intercept_[0])


def _logistic(values: FloatArray) -> FloatArray:
    return np.asarray(1 / (1 + np.exp(-values)))

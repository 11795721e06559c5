"""Judges of stance labels: what is thought of a label by those that have not seen it.

Two judges, each calibrated in its own way, make fewer mistakes together: the network of a bundle,
and TF-IDF with logistic regression trained on the data so far. Neither may have learnt from the
labels that it judges.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from data.items import StanceItems, stance_items
from data.records import LABELS, LabelledArticle
from data.tfidf import label_probabilities, tfidf_classifier
from sayso.records import Article
from sayso.scorer import Scorer

__all__ = ["FEWEST", "heard_by", "pooled", "read_by"]

FEWEST = 200
"""Fewest labels from which a classifier of words is trained as a judge."""

_FLOOR = 1e-3
"""Added to every probability, so that one judge alone cannot rule a label out."""

Probabilities = npt.NDArray[np.float64]


def heard_by(scorer: Scorer, articles: Sequence[LabelledArticle]) -> Probabilities:
    """What a bundle's network says of the statements that have a stance, spans as marked.

    Args:
        scorer: of the bundle.
        articles: as given to `data.items.stance_items`.

    Returns:
        [items, 5] calibrated probabilities in the order of `LABELS`.
    """
    from sayso.decode import Attribution

    rows = [np.zeros((0, len(LABELS)))]
    for article in articles:
        marks = [
            Attribution(one.source, one.cue, one.content)
            for one in article.statements
            if one.stance is not None
        ]
        if marks:
            rows.append(scorer.classify(Article(id=article.id, text=article.text), marks))
    return np.concatenate(rows)


def read_by(known: Sequence[LabelledArticle], items: StanceItems) -> Probabilities | None:
    """What TF-IDF with logistic regression, trained on the data so far, says of statements.

    Args:
        known: articles that are learnt from.
        items: statements of other articles.

    Returns:
        [items, 5] probabilities; None if fewer than `FEWEST` of the data have a stance, or all the
        same.
    """
    if sum(one.stance is not None for article in known for one in article.statements) < FEWEST:
        return None
    before = stance_items(known)
    if len(np.unique(before.labels)) < 2:
        return None
    model = tfidf_classifier().fit(before.rows, before.labels)
    return label_probabilities(model, items.rows)


def pooled(judges: Sequence[Probabilities]) -> Probabilities:
    """The judges' geometric mean, which lets the surer one speak louder; rows sum to 1."""
    mean = np.exp(np.mean([np.log(one + _FLOOR) for one in judges], axis=0))
    return np.asarray(mean / mean.sum(axis=1, keepdims=True))

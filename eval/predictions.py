"""A scorer's output as labelled articles, so that it can be held against gold."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Protocol

import numpy as np
import numpy.typing as npt

from data.records import LabelledArticle, LabelledStatement
from sayso.decode import Attribution
from sayso.records import Article, Statement
from sayso.scorer import ScoredArticle

__all__ = ["AnyScorer", "kept_above", "predict"]


class AnyScorer(Protocol):
    """What evaluation needs of a scorer; `threshold` must be 0, so that no row is dropped."""

    model_id: str

    def score_each(self, articles: Iterable[Article]) -> Iterator[ScoredArticle]:
        """Stream each article with its statements."""

    def classify(
        self, article: Article, attributions: Sequence[Attribution]
    ) -> npt.NDArray[np.float64]:
        """Probabilities of the five labels for given spans."""


def predict(
    scorer: AnyScorer, articles: Sequence[LabelledArticle]
) -> list[tuple[LabelledArticle, dict[str, float]]]:
    """Score the articles' texts.

    Returns:
        For each article the prediction, marked as the gold is, and each statement's `p_statement`
        by id.
    """
    texts = [Article(a.id, a.text, outlet=a.outlet, published=a.published) for a in articles]
    out = []
    for gold, scored in zip(articles, scorer.score_each(texts), strict=True):
        statements = tuple(_labelled(s) for s in scored.statements)
        sure = {s.statement_id: s.p_statement for s in scored.statements}
        out.append((replace(gold, statements=statements), sure))
    return out


def kept_above(
    prediction: LabelledArticle, p_statement: Mapping[str, float], threshold: float
) -> LabelledArticle:
    """The prediction without statements under a threshold; what stood in them loses its parent."""
    kept = [s for s in prediction.statements if p_statement[s.id] >= threshold]
    ids = {s.id for s in kept}
    return replace(
        prediction,
        statements=tuple(s if s.parent in ids else replace(s, parent=None) for s in kept),
    )


def _labelled(statement: Statement) -> LabelledStatement:
    return LabelledStatement(
        id=statement.statement_id,
        doc=statement.article_id,
        source=statement.source_spans,
        cue=statement.cue_spans,
        content=statement.content_spans,
        stance=statement.stance,
        form=statement.form,
        entity=statement.source_entity,
        kind=statement.source_kind,
        parent=statement.parent_id,
    )

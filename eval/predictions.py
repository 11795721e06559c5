"""A scorer's output on labelled articles: found and given statements, in one pass an article."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from data.records import LABELS, LabelledArticle, LabelledStatement
from sayso.decode import Attribution
from sayso.records import STANCES, Article, Statement
from sayso.scorer import ScoredArticle
from sayso.tags import ROLES

__all__ = [
    "AnyScorer",
    "Prediction",
    "digest_found",
    "digest_given",
    "kept_above",
    "predict",
]

FloatArray = npt.NDArray[np.float64]

DIGITS = 6
"""Decimals of probabilities that count for digests."""


class AnyScorer(Protocol):
    """What evaluation needs of a scorer; `threshold` must be 0, so that no row is dropped."""

    model_id: str

    def score_each(self, articles: Iterable[Article]) -> Iterator[ScoredArticle]:
        """Stream each article with its statements."""

    def classify(
        self, article: Article, attributions: Sequence[Attribution]
    ) -> npt.NDArray[np.float64]:
        """Probabilities of the five labels for given spans."""


@dataclass(frozen=True, slots=True)
class Prediction:
    """What a scorer says of one labelled article.

    Attributes:
        gold: the article as it is labelled.
        statements: what was found in its text; empty if that was not asked for.
        given: labelled statements whose stance was asked for on their own spans.
        probabilities: [given, 5] in the order of `LABELS`.
    """

    gold: LabelledArticle
    statements: tuple[Statement, ...]
    given: tuple[LabelledStatement, ...]
    probabilities: FloatArray

    @property
    def found(self) -> LabelledArticle:
        """The article with the statements found, marked as the gold is."""
        return replace(self.gold, statements=tuple(_labelled(s) for s in self.statements))

    @property
    def p_statement(self) -> dict[str, float]:
        """Each found statement's probability of being one, by id."""
        return {s.statement_id: s.p_statement for s in self.statements}


def predict(
    scorer: AnyScorer,
    articles: Sequence[LabelledArticle],
    *,
    search: bool = True,
    given: Mapping[str, Sequence[LabelledStatement]] | None = None,
) -> list[Prediction]:
    """Score the articles' texts, each once.

    An article's given spans are classified right after its text was scored, so that a scorer that
    keeps its last article does not read it again.

    Args:
        scorer: with threshold 0.
        articles: whose text is scored.
        search: find statements; if not, only the given ones are looked at.
        given: statements by article whose stance is asked for on their own spans.
    """
    texts = [Article(a.id, a.text, outlet=a.outlet, published=a.published) for a in articles]
    scored: Iterator[ScoredArticle] = (
        scorer.score_each(texts) if search else (ScoredArticle(text, ()) for text in texts)
    )
    out = []
    for gold, text, one in zip(articles, texts, scored, strict=True):
        asked = tuple((given or {}).get(gold.id, ()))
        spans = [Attribution(s.source, s.cue, s.content) for s in asked]
        sure = scorer.classify(text, spans) if asked else np.zeros((0, len(LABELS)))
        out.append(Prediction(gold, one.statements, asked, sure))
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


def digest_found(predictions: Sequence[Prediction]) -> str:
    """Hexadecimal SHA-256 over every row found: ids, spans, labels, probabilities.

    Two runs with the same digest found the same statements with the same labels, and
    probabilities that agree in `DIGITS` decimals.
    """
    return _digest(_found_row(s) for p in predictions for s in p.statements)


def digest_given(predictions: Sequence[Prediction]) -> str:
    """The same over the labels and probabilities of the statements given."""
    return _digest(
        {"id": s.id, "stance": LABELS[int(row.argmax())], "p": _rounded(row)}
        for p in predictions
        for s, row in zip(p.given, p.probabilities, strict=True)
    )


def _digest(rows: Iterable[Mapping[str, Any]]) -> str:
    whole = hashlib.sha256()
    for row in rows:
        whole.update(json.dumps(row, sort_keys=True, ensure_ascii=True).encode("ascii") + b"\n")
    return whole.hexdigest()


def _found_row(s: Statement) -> dict[str, Any]:
    spans = {role: [[x.start, x.end] for x in getattr(s, f"{role}_spans")] for role in ROLES}
    return {
        "id": s.statement_id,
        **spans,
        "labels": [s.stance, s.form, s.source_entity, s.source_kind, s.parent_id],
        "p": _rounded([s.p_statement, *(getattr(s, f"p_{stance}") for stance in STANCES)]),
    }


def _rounded(values: Iterable[float]) -> list[float]:
    return [round(float(value), DIGITS) + 0.0 for value in values]


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

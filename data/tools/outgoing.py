"""What an export sends out: an article with what people marked in it, or a model."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from data.records import Convention, LabelledArticle, LabelledStatement
from sayso.records import Article, Statement

__all__ = ["Outgoing", "Prediction", "predicted"]


@dataclass(frozen=True, slots=True)
class Prediction:
    """A model's statements of an article.

    Attributes:
        marking: the statements as if someone had marked them.
        model: id of the bundle.
        statements: [statements] probability that each is a statement at all.
        stances: [statements] probability of the stance chosen.
    """

    marking: LabelledArticle
    model: str
    statements: tuple[float, ...]
    stances: tuple[float, ...]

    @property
    def score(self) -> float | None:
        """How sure the model is of its stances on average; None without a statement."""
        return sum(self.stances) / len(self.stances) if self.stances else None


@dataclass(frozen=True, slots=True)
class Outgoing:
    """An article on its way into a tool.

    Attributes:
        article: its text and what is known of it.
        markings: by one person each; none where it is still to be marked.
        prediction: to begin with.
    """

    article: Article
    markings: tuple[LabelledArticle, ...] = ()
    prediction: Prediction | None = None

    def known(self, names: Iterable[str]) -> dict[str, str]:
        """Those of the article's fields that are set."""
        values = {name: getattr(self.article, name) for name in names}
        return {name: value for name, value in values.items() if value is not None}


def predicted(article: Article, statements: Sequence[Statement], model: str) -> Prediction:
    """The statements that a `Scorer` found, as if someone had marked them."""
    marks = tuple(
        LabelledStatement(
            id=one.statement_id,
            doc=article.id,
            source=one.source_spans,
            cue=one.cue_spans,
            content=one.content_spans,
            stance=one.stance,
            parent=one.parent_id,
        )
        for one in statements
    )
    chances = [
        (one.p_assertion, one.p_denial, one.p_hedge, one.p_speculation) for one in statements
    ]
    return Prediction(
        LabelledArticle(
            id=article.id,
            text=article.text,
            title=article.title,
            outlet=article.outlet,
            published=article.published,
            convention=Convention.FULL,
            statements=marks,
        ),
        model,
        tuple(one.p_statement for one in statements),
        tuple(max(four) for four in chances),
    )

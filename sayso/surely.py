"""Articles through a scorer so that one that it fails on takes no others with it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from sayso.records import Article
    from sayso.scorer import ScoredArticle

__all__ = ["EachScorer", "score_surely"]

Announce = Callable[[int, int], None]


class EachScorer(Protocol):
    """What is needed of a scorer."""

    def score_each(self, articles: Iterable[Article]) -> Iterator[ScoredArticle]:
        """Stream each article with its statements, in input order."""


def score_surely(
    scorer: EachScorer, articles: Sequence[Article], announce: Announce | None = None
) -> Iterator[ScoredArticle | Exception]:
    """Score articles so that one that raises does not take the others with it.

    Args:
        scorer: may begin some articles before it ends the first.
        articles: of a task.
        announce: told how many were begun and how many ended, before each is begun; None for
            nobody.

    Returns:
        For each article in order, what was found in it or what it raised.
    """
    announce = announce or (lambda begun, ended: None)
    begun = ended = 0

    def feed() -> Iterator[Article]:
        nonlocal begun
        for article in articles[ended:]:
            begun += 1
            announce(begun, ended)
            yield article

    while ended < len(articles):
        begun = ended
        try:
            for scored in scorer.score_each(feed()):
                ended += 1
                yield scored
        except Exception:
            if begun == ended:
                raise
            for article in articles[ended:begun]:
                announce(ended + 1, ended)
                found = _score_alone(scorer, article)
                ended += 1
                yield found


def _score_alone(scorer: EachScorer, article: Article) -> ScoredArticle | Exception:
    try:
        return next(iter(scorer.score_each([article])))
    except Exception as error:
        return error

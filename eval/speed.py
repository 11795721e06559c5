"""How fast one scorer is beside another, in one process and by turns."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Protocol

from eval.bench import articles_of
from eval.predictions import AnyScorer
from sayso.records import Article

__all__ = ["Speed", "TimedScorer", "relative_speed"]


class TimedScorer(AnyScorer, Protocol):
    """A scorer that knows how many tokens a text has."""

    def count_tokens(self, text: str) -> int:
        """How many tokens the encoder sees."""


@dataclass(frozen=True, slots=True)
class Speed:
    """Tokens a second of two scorers, each in its best round, and the first over the second."""

    challenger: float
    champion: float
    relative: float

    def to_dict(self) -> dict[str, float]:
        """As a JSON object."""
        return asdict(self)


def relative_speed(
    challenger: TimedScorer,
    champion: TimedScorer,
    *,
    articles: int = 3,
    words: int = 400,
    rounds: int = 4,
) -> Speed:
    """Time both on the same generated articles, turn about.

    Of each the best round counts, since others slow a machine down and nothing speeds it up; turns
    make slow spells hit both. Tokens are the champion's for both, so that another vocabulary is
    no advantage.

    Args:
        challenger: what is timed.
        champion: what it is held against.
        articles: how many a round.
        words: of each.
        rounds: of each scorer.
    """
    texts = [Article(row["id"], row["text"]) for row in articles_of(articles, words=words)]
    tokens = sum(champion.count_tokens(text.text) for text in texts)
    scorers = (challenger, champion)
    for scorer in scorers:
        _seconds(scorer, texts[:1])
    best = [float("inf"), float("inf")]
    for _ in range(rounds):
        for place, scorer in enumerate(scorers):
            best[place] = min(best[place], _seconds(scorer, texts))
    return Speed(tokens / best[0], tokens / best[1], best[1] / best[0])


def _seconds(scorer: AnyScorer, articles: Sequence[Article]) -> float:
    began = time.perf_counter()
    for _ in scorer.score_each(articles):
        pass
    return max(time.perf_counter() - began, 1e-9)

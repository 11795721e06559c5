"""Suspected label errors of new labels as a queue that can go back to the labelling tool."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from data.items import stance_items
from data.judge import heard_by, pooled, read_by
from data.quality import Suspect, find_suspects
from data.records import Convention, LabelledArticle
from data.save import article_row, write_whole
from sayso.errors import UsageError
from sayso.scorer import Scorer

__all__ = ["WORST", "Queue", "rank_suspects", "save_queue"]

WORST = 0.1
"""Share of the labels that go into the queue."""


@dataclass(frozen=True, slots=True)
class Queue:
    """Labels ranked by how little they can be believed.

    Attributes:
        judges: whose probabilities they are ranked by.
        suspects: every label, the worst first.
        articles: whose label each is, in the order of `suspects`.
    """

    judges: tuple[str, ...]
    suspects: tuple[Suspect, ...]
    articles: tuple[LabelledArticle, ...]

    def worst(self, share: float = WORST) -> int:
        """How many labels a share of the queue is, rounded up."""
        return math.ceil(share * len(self.suspects))

    def rows(self, share: float = WORST) -> list[dict[str, Any]]:
        """The worst labels in the form of `data.loaders.load_labels`.

        A row is a reading of an article with its suspect statements alone, marked `PARTIAL`; that
        with the worst label comes first. Each statement has three keys more, which loading passes
        over: `suggested` (the most probable label), `quality` (the probability of the given one)
        and `statement` (its id in the file that was checked).
        """
        chosen: dict[int, list[Suspect]] = {}
        readings = {id(article): article for article in self.articles}
        pairs = list(zip(self.suspects, self.articles, strict=True))
        for suspect, article in pairs[: self.worst(share)]:
            chosen.setdefault(id(article), []).append(suspect)
        return [_row(readings[reading], found) for reading, found in chosen.items()]


def rank_suspects(
    articles: Sequence[LabelledArticle], known: Sequence[LabelledArticle], scorer: Scorer
) -> Queue | None:
    """Rank the stance labels of articles by what a bundle and the data so far think of them.

    Args:
        articles: readings of them, with new labels.
        known: what was learnt from before.
        scorer: of a bundle that has not learnt from the new labels.

    Returns:
        None if no statement has a stance.
    """
    if not any(one.stance is not None for article in articles for one in article.statements):
        return None
    items = stance_items(articles)
    judges = {"network": heard_by(scorer, articles)}
    words = read_by(known, items)
    if words is not None:
        judges["words"] = words
    suspects = find_suspects(items, probabilities=pooled(list(judges.values())))
    owners = [articles[int(items.documents[one.place])] for one in suspects]
    return Queue(tuple(judges), tuple(suspects), tuple(owners))


def save_queue(queue: Queue | None, path: Path, *, share: float = WORST) -> int:
    """Write the worst labels, the worst first; see `Queue.rows`.

    Returns:
        How many labels were written.

    Raises:
        UsageError: it cannot be written, or the share is out of range.
    """
    if not 0 < share <= 1:
        raise UsageError(f"expected a share of the labels over 0 and up to 1, found {share}")
    rows = [] if queue is None else queue.rows(share)
    write_whole(path, "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows))
    return sum(len(row["attributions"]) for row in rows)


def _row(article: LabelledArticle, suspects: Sequence[Suspect]) -> dict[str, Any]:
    marks = tuple(one.statement for one in suspects)
    row = article_row(replace(article, convention=Convention.PARTIAL, statements=marks))
    for mark, one in zip(row["attributions"], suspects, strict=True):
        mark |= {
            "suggested": one.suggested,
            "quality": round(one.quality, 6),
            "statement": one.statement.id,
        }
    return row

"""Source resolution within articles: B³ (Bagga and Baldwin 1998), names and kinds."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from data.records import LabelledArticle
from eval.figures import Figure, accuracy, interval
from sayso.lexicon import TITLES
from sayso.sources import Mention, Resolution, resolve_sources

__all__ = ["SourceScores", "b_cubed", "measure", "same_name", "source_figures"]

_DROPPED = TITLES | {"the", "a", "an", "s", "former", "of"}
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class SourceScores:
    """How well sources are resolved on gold spans.

    Attributes:
        precision, recall, f1: B³ within articles, over statements with a written source that has
            a gold name.
        name_accuracy: share of the same statements whose name is the gold one, articles and
            titles aside.
        kind_accuracy: share of all statements of the right kind, with its interval.
        sourced_kind_accuracy: the same over statements with a written source.
        statements, sourced: how many statements there are, and how many have a written source.
    """

    precision: float
    recall: float
    f1: float
    name_accuracy: float
    kind_accuracy: Figure
    sourced_kind_accuracy: Figure
    statements: int
    sourced: int


def b_cubed(gold: Sequence[str], predicted: Sequence[str]) -> tuple[float, float]:
    """Sums over items of B³ precision and recall of the predicted clusters of one article."""
    by_gold, by_predicted = defaultdict(set), defaultdict(set)
    for number, (expected, found) in enumerate(zip(gold, predicted, strict=True)):
        by_gold[expected].add(number)
        by_predicted[found].add(number)
    precision = recall = 0.0
    for expected, found in zip(gold, predicted, strict=True):
        shared = len(by_gold[expected] & by_predicted[found])
        precision += shared / len(by_predicted[found])
        recall += shared / len(by_gold[expected])
    return precision, recall


def same_name(gold: str, found: str) -> bool:
    """Whether two names are one but for case, articles, titles and punctuation."""
    return _plain(gold) == _plain(found)


def _plain(name: str) -> list[str]:
    words = _WORD.findall(name.lower())
    return [word for word in words if word not in _DROPPED] or words


def measure(articles: Sequence[LabelledArticle]) -> SourceScores:
    """Resolve the sources of articles on gold spans, so that resolution is measured alone."""
    precision = recall = 0.0
    named = same = 0
    kinds: dict[bool, list[list[list[int]]]] = {True: [], False: []}
    for article in articles:
        found = _resolved(article)
        pairs = list(zip(article.statements, found, strict=True))
        for sourced in (True, False):
            right = [s.kind == r.kind for s, r in pairs if s.source or not sourced]
            kinds[sourced].append([[sum(right), len(right) - sum(right)], [0, 0]])
        names = [(s.entity, r.entity or "") for s, r in pairs if s.source and s.entity]
        p, r = b_cubed([gold for gold, _ in names], [mine for _, mine in names])
        precision, recall, named = precision + p, recall + r, named + len(names)
        same += sum(same_name(gold, mine) for gold, mine in names)
    p, r = precision / max(named, 1), recall / max(named, 1)
    return SourceScores(
        precision=p,
        recall=r,
        f1=2 * p * r / (p + r) if p + r else 0.0,
        name_accuracy=same / max(named, 1),
        kind_accuracy=interval(kinds[False], accuracy),
        sourced_kind_accuracy=interval(kinds[True], accuracy),
        statements=sum(len(article.statements) for article in articles),
        sourced=sum(bool(s.source) for article in articles for s in article.statements),
    )


def source_figures(articles: Sequence[LabelledArticle]) -> dict[str, object]:
    """The scores of `measure` as named figures."""
    scores = asdict(measure(articles))
    for name in ("precision", "recall", "f1"):
        scores[f"b_cubed_{name}"] = scores.pop(name)
    return scores


def _resolved(article: LabelledArticle) -> list[Resolution]:
    places = {s.id: n for n, s in enumerate(article.statements)}
    return resolve_sources(
        article.text,
        [
            Mention(s.source, s.cue, s.content, places.get(s.parent or ""))
            for s in article.statements
        ],
    )

"""Source resolution within articles: B³ (Bagga and Baldwin 1998) and the accuracy of kinds."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict

from data.records import LabelledArticle
from eval.figures import accuracy, interval
from sayso.sources import Mention, resolve_sources

__all__ = ["b_cubed", "source_figures"]


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


def source_figures(articles: Sequence[LabelledArticle]) -> dict[str, object]:
    """B³ F1 over statements with a written source, and the accuracy of kinds over all.

    Resolution is given the gold spans, so that it is measured alone.
    """
    precision = recall = items = 0.0
    kinds = []
    for article in articles:
        places = {s.id: n for n, s in enumerate(article.statements)}
        found = resolve_sources(
            article.text,
            [
                Mention(s.source, s.cue, s.content, places.get(s.parent or ""))
                for s in article.statements
            ],
        )
        right = sum(s.kind == r.kind for s, r in zip(article.statements, found, strict=True))
        kinds.append([[right, len(found) - right], [0, 0]])
        named = [
            (s.entity, r.entity or "")
            for s, r in zip(article.statements, found, strict=True)
            if s.source and s.entity
        ]
        p, r = b_cubed([e for e, _ in named], [f for _, f in named])
        precision, recall, items = precision + p, recall + r, items + len(named)
    p, r = precision / max(items, 1), recall / max(items, 1)
    return {
        "b_cubed_precision": p,
        "b_cubed_recall": r,
        "b_cubed_f1": 2 * p * r / (p + r) if p + r else 0.0,
        "kind_accuracy": asdict(interval(kinds, accuracy)),
    }

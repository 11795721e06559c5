"""Articles that several people marked → one reading of each, to learn from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from data.agreement import span_f1
from data.matching import Unit, readings, units_of
from data.records import LabelledArticle, LabelledStatement

__all__ = ["merge_annotators"]


def merge_annotators(articles: Sequence[LabelledArticle]) -> list[LabelledArticle]:
    """One reading of each article, in the order in which the ids come first.

    The spans, links and further fields are those of the annotator who agrees best with the others:
    whose mean `span_f1` with each of them is greatest, of equals the first by name. The stance of
    each statement is that of most annotators who have it, of equals the chosen one's own; where
    not all say the same, `sure` is False.

    Args:
        articles: readings; those of the same id are of one article, by different annotators.

    Raises:
        InputError: an annotator has an article twice, or an article has several texts.
    """
    return [_merged(marked) for marked in readings(articles).values()]


def _merged(marked: dict[str, LabelledArticle]) -> LabelledArticle:
    if len(marked) == 1:
        return next(iter(marked.values()))
    chosen = max(sorted(marked), key=lambda name: _standing(name, marked))
    by_id = {
        unit.marks[chosen].id: _settled(unit, chosen)
        for unit in units_of(marked)
        if chosen in unit.marks
    }
    article = marked[chosen]
    return replace(article, statements=tuple(by_id[one.id] for one in article.statements))


def _standing(name: str, marked: dict[str, LabelledArticle]) -> float:
    """Mean agreement with the others; rounded, so that equals are equals however they are added."""
    others = [article for other, article in marked.items() if other != name]
    return round(sum(span_f1(marked[name], other) for other in others) / len(others), 9)


def _settled(unit: Unit, chosen: str) -> LabelledStatement:
    """The chosen annotator's mark with the stance of most."""
    mine, stances = unit.marks[chosen], unit.stances
    if not stances:
        return mine
    counts = Counter(stances.values())
    most = max(counts.values())
    first = sorted(label for label, count in counts.items() if count == most)
    stance = mine.stance if mine.stance in first else first[0]
    return replace(mine, stance=stance, sure=mine.sure and len(counts) == 1)

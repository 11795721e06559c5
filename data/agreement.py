"""How far annotators agree: Krippendorff's alpha of stance, F1 of spans."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from itertools import combinations
from typing import Any

import numpy as np

from data.matching import Unit, readings, units_of
from data.records import LABELS, LabelledArticle
from sayso.tags import ROLES

__all__ = ["Agreement", "PairAgreement", "Stances", "measure_agreement", "span_f1"]

Counts = tuple[int, int, int]
"""Pieces that both marked, that one marked, that the other marked."""


@dataclass(frozen=True, slots=True)
class Stances:
    """Agreement on the stance of statements that two or more people marked.

    Attributes:
        items: statements with two stances or more.
        same: share of the pairs of stances on one item that are the same; None without items.
        alpha: Krippendorff's alpha for nominal data (Krippendorff 2019, chapter 12): 1 where all
            agree, 0 where they agree as by chance; None where it is not defined, which is without
            items or with a single label.
    """

    items: int
    same: float | None
    alpha: float | None


@dataclass(frozen=True, slots=True)
class PairAgreement:
    """Two annotators, or all pairs of them pooled.

    Attributes:
        names: of the two; empty for all pairs.
        articles: that both marked.
        stances: on the statements that both have.
        f1: for each role F1 of its pieces by exact start and end, which is the same whoever is
            taken for right (Hripcsak and Rothschild 2005); None where neither marked any.
        pieces: for each role how many the two marked together.
    """

    names: tuple[str, ...]
    articles: int
    stances: Stances
    f1: dict[str, float | None]
    pieces: dict[str, int]


@dataclass(frozen=True, slots=True)
class Agreement:
    """Agreement between all who marked the same articles.

    Attributes:
        articles: marked by two people or more.
        overall: over all of them; alpha over all annotators at once, F1 over all pairs pooled.
        pairs: by two annotators each, in order of their names.
        units: article ids with the statements of the article, in the order of the articles.
    """

    articles: int
    overall: PairAgreement | None
    pairs: tuple[PairAgreement, ...]
    units: tuple[tuple[str, Unit], ...] = field(repr=False, default=())

    def to_dict(self) -> dict[str, Any]:
        """As a JSON object, without the statements."""
        overall = None if self.overall is None else asdict(self.overall)
        pairs = [asdict(pair) for pair in self.pairs]
        return {"articles": self.articles, "overall": overall, "pairs": pairs}


def measure_agreement(articles: Sequence[LabelledArticle]) -> Agreement:
    """Agreement on the articles that several annotators marked.

    Args:
        articles: readings; articles of the same id are the same article.

    Raises:
        InputError: an annotator has an article twice, or an article has several texts.
    """
    several = {name: marked for name, marked in readings(articles).items() if len(marked) > 1}
    if not several:
        return Agreement(0, None, ())
    units = [(name, unit) for name, marked in several.items() for unit in units_of(marked)]
    counted: dict[tuple[str, str], list[dict[str, Counts]]] = {}
    for marked in several.values():
        for one, other in combinations(sorted(marked), 2):
            counts = {role: _counts(marked[one], marked[other], role) for role in ROLES}
            counted.setdefault((one, other), []).append(counts)
    plain = [unit for _, unit in units]
    pairs = tuple(
        _pair(names, len(counts), _stances(plain, names), counts)
        for names, counts in sorted(counted.items())
    )
    everything = [counts for pair in counted.values() for counts in pair]
    overall = _pair((), len(several), _stances(plain, None), everything)
    return Agreement(len(several), overall, pairs, tuple(units))


def span_f1(one: LabelledArticle, other: LabelledArticle) -> float:
    """Mean over the roles that either marked of the F1 of pieces, 1 where nothing is marked."""
    scores = [_f1([_counts(one, other, role)]) for role in ROLES]
    known = [score for score in scores if score is not None]
    return sum(known) / len(known) if known else 1.0


def _pair(
    names: tuple[str, ...], articles: int, stances: Stances, counts: Sequence[dict[str, Counts]]
) -> PairAgreement:
    by_role = {role: [one[role] for one in counts] for role in ROLES}
    return PairAgreement(
        names,
        articles,
        stances,
        {role: _f1(found) for role, found in by_role.items()},
        {role: sum(ours + theirs for _, ours, theirs in found) for role, found in by_role.items()},
    )


def _stances(units: Iterable[Unit], names: Sequence[str] | None) -> Stances:
    """Agreement on stance of two annotators, or of all where no names are given."""
    import krippendorff

    rows = []
    for unit in units:
        given = [stance for name, stance in unit.stances.items() if names is None or name in names]
        if len(given) > 1:
            rows.append([given.count(label) for label in LABELS])
    if not rows:
        return Stances(0, None, None)
    counts = np.array(rows, np.int64)
    each = counts.sum(axis=1)
    same = (counts * (counts - 1)).sum() / (each * (each - 1)).sum()
    alpha = None
    if (counts.sum(axis=0) > 0).sum() > 1:
        alpha = float(krippendorff.alpha(value_counts=counts, level_of_measurement="nominal"))
    return Stances(len(rows), float(same), alpha)


def _counts(one: LabelledArticle, other: LabelledArticle, role: str) -> Counts:
    ours, theirs = (
        {span for mark in side.statements for span in getattr(mark, role)} for side in (one, other)
    )
    return len(ours & theirs), len(ours), len(theirs)


def _f1(counts: Sequence[Counts]) -> float | None:
    both, ours, theirs = (sum(column) for column in zip(*counts, strict=True))
    return 2 * both / (ours + theirs) if ours + theirs else None

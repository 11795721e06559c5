"""How labels differ from the data so far: stance, nesting, sources, density, length."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import stats

from data.records import LABELS, Convention, LabelledArticle, LabelledStatement

__all__ = ["LARGE", "RARE", "Shift", "ShiftReport", "measure_shift"]

RARE = 0.01
"""Greatest p of a difference that is spoken of."""

LARGE = 0.2
"""Least effect of a difference that is spoken of: what Cohen (1988) calls small."""

Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Shift:
    """One measure here and in the data so far.

    Attributes:
        name: what is measured.
        unit: `%` of statements, or what the numbers count.
        here, before: the share or the median; None where nothing can be measured.
        p: of the same or a greater difference if there were none; None where not tested.
        effect: more here if over 0; Cohen's h of shares, which unlike Cramér's V is as great for
            fifty labels against thousands, rank-biserial correlation of medians; None where not
            tested.
    """

    name: str
    unit: str
    here: float | None
    before: float | None
    p: float | None = None
    effect: float | None = None

    @property
    def notable(self) -> bool:
        """Whether the difference is neither small nor likely by chance."""
        if self.p is None or self.effect is None:
            return False
        return self.p <= RARE and abs(self.effect) >= LARGE

    def words(self) -> str:
        """As in `denial 12.0 % here, 3.1 % so far`."""
        unit = "" if self.unit == "%" else f" {self.unit}"
        here, before = self.number(self.here), self.number(self.before)
        return f"{self.name} {here}{unit} here, {before} so far"

    def number(self, value: float | None) -> str:
        """A value of this measure."""
        if value is None:
            return "unknown"
        return f"{100 * value:.1f} %" if self.unit == "%" else f"{value:,.1f}"


@dataclass(frozen=True, slots=True)
class ShiftReport:
    """Labels held against the data so far.

    Attributes:
        statements: with a stance, here and so far.
        distance: total variation distance of the weighted stances in [0, 1]: the share of labels
            that would have to be others; None without stances on either side.
        p: of that or a greater distance if there were no difference, by a chi-squared test.
        stances: a row for each label.
        others: nesting, sources, density and length.
    """

    statements: tuple[int, int]
    distance: float | None
    p: float | None
    stances: tuple[Shift, ...]
    others: tuple[Shift, ...]

    @property
    def notable(self) -> list[Shift]:
        """What differs by more than a little."""
        return [one for one in (*self.stances, *self.others) if one.notable]

    def to_dict(self) -> dict[str, Any]:
        """As a JSON object."""
        return asdict(self) | {"notable": [one.words() for one in self.notable]}


def measure_shift(
    here: Sequence[LabelledArticle], before: Sequence[LabelledArticle]
) -> ShiftReport:
    """Compare labels with the data so far.

    Stances count by their weights; for the chi-squared test they are scaled to the number of labels
    that would be as sure without weights (Kish 1965). Nested statements are counted in articles
    marked in full, statements on top per 1,000 words in all that are not marked in part. Densities
    and lengths are compared article by article (Mann and Whitney 1947).

    Args:
        here: the new articles, one reading of each.
        before: what is learnt from so far.
    """
    sides = (list(_statements(here)), list(_statements(before)))
    counts = [_stance_counts(side) for side in sides]
    shares = [None if not one.sum() else one / one.sum() for one in counts]
    distance = p = None
    if shares[0] is not None and shares[1] is not None:
        distance = float(np.abs(shares[0] - shares[1]).sum() / 2)
        p = _chance(np.array(counts))
    full = [list(_statements(_marked(side, Convention.FULL))) for side in (here, before)]
    return ShiftReport(
        statements=(_stanced(sides[0]), _stanced(sides[1])),
        distance=distance,
        p=p,
        stances=tuple(_stance_shift(label, counts) for label in LABELS),
        others=(
            _share("nested", full, lambda one: one.parent is not None),
            _share("without source", sides, lambda one: not one.source),
            _median("statements on top", "per 1,000 words", here, before, _density),
            _median("length", "words", here, before, _words),
        ),
    )


def _statements(articles: Iterable[LabelledArticle]) -> Iterable[LabelledStatement]:
    return (one for article in articles for one in article.statements)


def _marked(articles: Iterable[LabelledArticle], convention: str) -> list[LabelledArticle]:
    return [article for article in articles if article.convention == convention]


def _stanced(statements: Iterable[LabelledStatement]) -> int:
    return sum(one.stance is not None for one in statements)


def _stance_counts(statements: Iterable[LabelledStatement]) -> Numbers:
    """Weighted stances [5], scaled to the effective number of labels."""
    out, squares = np.zeros(len(LABELS)), 0.0
    for one in statements:
        if one.stance is not None:
            out[LABELS.index(one.stance)] += one.weight
            squares += one.weight**2
    return out * (out.sum() / squares) if squares else out


def _stance_shift(label: str, counts: Sequence[Numbers]) -> Shift:
    at = LABELS.index(label)
    table = np.array([[side[at], side.sum() - side[at]] for side in counts])
    return _tested(label, table)


def _share(
    name: str,
    sides: Sequence[Sequence[LabelledStatement]],
    holds: Callable[[LabelledStatement], bool],
) -> Shift:
    counts = [sum(holds(one) for one in side) for side in sides]
    rows = [[yes, len(side) - yes] for yes, side in zip(counts, sides, strict=True)]
    return _tested(name, np.array(rows, float))


def _tested(name: str, table: Numbers) -> Shift:
    """The shares of the first column of [here, so far] by [yes, no], with a chi-squared test."""
    here, before = (float(row[0] / row.sum()) if row.sum() else None for row in table)
    if here is None or before is None:
        return Shift(name, "%", here, before)
    effect = 2 * (np.arcsin(np.sqrt(here)) - np.arcsin(np.sqrt(before)))
    return Shift(name, "%", here, before, _chance(table), float(effect))


def _chance(table: Numbers) -> float | None:
    """P-value of counts [here, so far] by what is counted; None where all is the same."""
    known = table[:, table.sum(axis=0) > 0]
    if known.shape[1] < 2:
        return None
    return float(stats.chi2_contingency(known, correction=False).pvalue)


def _median(
    name: str,
    unit: str,
    here: Sequence[LabelledArticle],
    before: Sequence[LabelledArticle],
    measure: Callable[[LabelledArticle], float | None],
) -> Shift:
    ours, theirs = (
        [value for article in side if (value := measure(article)) is not None]
        for side in (here, before)
    )
    first, second = (float(np.median(side)) if side else None for side in (ours, theirs))
    if first is None or second is None:
        return Shift(name, unit, first, second)
    found = stats.mannwhitneyu(ours, theirs, method="asymptotic")
    effect = 2 * found.statistic / (len(ours) * len(theirs)) - 1
    return Shift(name, unit, first, second, float(found.pvalue), float(effect))


def _words(article: LabelledArticle) -> float | None:
    return float(len(article.text.split()))


def _density(article: LabelledArticle) -> float | None:
    words = len(article.text.split())
    if not words or article.convention == Convention.PARTIAL:
        return None
    return 1000 * sum(one.parent is None for one in article.statements) / words

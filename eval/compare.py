"""Two bundles on the same data: each figure's difference, paired article by article.

Both bundles' counts are drawn in the same resamples of articles, so that what is hard for both
cancels out (paired bootstrap; Efron and Tibshirani 1993, Berg-Kirkpatrick et al. 2012).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from data.records import LABELS, Convention, LabelledArticle
from eval.calibration import _bin_sums, _gap
from eval.corpora import NEW, PAST, Corpora
from eval.figures import Figure, f1, interval, macro_f1, weighted_intervals
from eval.predictions import AnyScorer, Prediction, kept_above, predict
from eval.report import table
from eval.spans import comparable, exact_counts
from eval.tuples import (
    match_counts,
    match_statements,
    parent_counts,
    stance_confusion,
    without_none,
)
from sayso.records import STANCES
from sayso.tags import ROLES

__all__ = ["CEILINGS", "Change", "Comparison", "Measured", "Statistic", "compare", "measure"]

FloatArray = npt.NDArray[np.float64]

CEILINGS = frozenset({"stance.ece", f"{NEW}.stance.ece", f"{PAST}.stance.ece"})
"""Figures of which less is better."""


@dataclass(frozen=True, slots=True)
class Statistic:
    """A figure as a function of what each article adds to it.

    Attributes:
        name: dotted, as in `results.json` and in MLflow.
        counts: [articles, …].
        of: sums [resamples, …] → values [resamples].
        headline: whether the gate looks at its difference.
    """

    name: str
    counts: FloatArray
    of: Callable[[FloatArray], FloatArray]
    headline: bool = False

    def figure(self) -> Figure:
        """The value and its interval."""
        return interval(self.counts, self.of)


@dataclass(frozen=True, slots=True)
class Measured:
    """A bundle's statistics by name."""

    model: str
    statistics: Mapping[str, Statistic]

    def figures(self) -> dict[str, Figure]:
        """Value and interval of each."""
        return {name: each.figure() for name, each in self.statistics.items()}


@dataclass(frozen=True, slots=True)
class Change:
    """One figure of two bundles, each in [0, 1].

    Attributes:
        name, headline: as of `Statistic`.
        challenger, champion: the figure of each.
        gain: how much better the challenger is, with the paired interval; below 0 where worse.
    """

    name: str
    headline: bool
    challenger: Figure
    champion: Figure
    gain: Figure

    def to_dict(self) -> dict[str, Any]:
        """As a JSON object."""
        return {
            "headline": self.headline,
            "better": "less" if self.name in CEILINGS else "more",
            "challenger": self.challenger.to_dict(),
            "champion": self.champion.to_dict(),
            "gain": self.gain.to_dict(),
        }


@dataclass(frozen=True, slots=True)
class Comparison:
    """Every figure of a challenger beside the champion's.

    Attributes:
        challenger, champion: ids of the bundles.
        data: SHA-256 over every row of each part of the data.
        changes: by name.
    """

    challenger: str
    champion: str
    data: Mapping[str, str]
    changes: Mapping[str, Change]

    @property
    def headlines(self) -> list[Change]:
        """The changes that the gate looks at."""
        return [change for change in self.changes.values() if change.headline]

    @property
    def mean_gain(self) -> float:
        """Mean gain over the headline figures; 0 if there is none."""
        gains = [change.gain.value for change in self.headlines]
        return float(np.mean(gains)) if gains else 0.0

    def to_dict(self) -> dict[str, Any]:
        """As a JSON object."""
        return {
            "challenger": self.challenger,
            "champion": self.champion,
            "data": dict(self.data),
            "mean_gain": self.mean_gain,
            "figures": {name: change.to_dict() for name, change in self.changes.items()},
        }

    def to_text(self) -> str:
        """As a Markdown table, in points; headline figures in bold."""
        rows = []
        for change in self.changes.values():
            name = f"**{change.name}**" if change.headline else change.name
            pair = (f"{100 * side.value:.1f}" for side in (change.champion, change.challenger))
            gain = change.gain
            bounds = f"{100 * gain.low:+.1f} to {100 * gain.high:+.1f}"
            rows.append((name, *pair, f"{100 * gain.value:+.1f}", bounds))
        head = ("figure", self.champion, self.challenger, "gain", "95 % interval")
        mean = f"Mean gain over headline figures (bold): {100 * self.mean_gain:+.2f} points."
        return "\n".join([*table(head, rows), "", mean, ""])


def measure(scorer: AnyScorer, corpora: Corpora, *, threshold: float) -> Measured:
    """Score every part of the data that is there.

    Args:
        scorer: with threshold 0.
        corpora: the data.
        threshold: of `p_statement`, for rows that are kept.
    """
    found: list[Statistic] = []
    if corpora.polnear is not None:
        predictions = predict(scorer, corpora.polnear, given=corpora.stances_by_article())
        found += _extraction(predictions)
        found += _stance([one for one in predictions if one.given])
    for suite, golds in (("wire", corpora.wire), ("gold", corpora.gold)):
        if golds is not None:
            found += _end_to_end(suite, predict(scorer, golds), threshold)
    for suite, labels in ((NEW, corpora.new), (PAST, corpora.past)):
        if labels:
            found += _new(suite, scorer, labels, threshold)
    return Measured(scorer.model_id, {each.name: each for each in found})


def compare(challenger: Measured, champion: Measured, data: Mapping[str, str]) -> Comparison:
    """Pair two bundles' figures on the same data.

    Args:
        challenger: of `measure`, on `data`.
        champion: likewise, on the same.
        data: its digests.

    Raises:
        ValueError: the two were measured on different articles.
    """
    changes = {}
    for name, ours in challenger.statistics.items():
        theirs = champion.statistics.get(name)
        if theirs is None or theirs.counts.shape != ours.counts.shape:
            raise ValueError(f"expected {name} of the same articles for both, found others")
        changes[name] = _change(ours, theirs)
    return Comparison(challenger.model, champion.model, dict(data), changes)


def _change(ours: Statistic, theirs: Statistic) -> Change:
    """Both figures and the gain, all three of the same resamples."""
    shape = ours.counts.shape
    pair = [each.counts.reshape(shape[0], -1) for each in (ours, theirs)]

    def values(draws: FloatArray) -> FloatArray:
        one, other = (ours.of((draws @ flat).reshape(-1, *shape[1:])) for flat in pair)
        gain = other - one if ours.name in CEILINGS else one - other
        return np.stack([one, other, gain], axis=1)

    none = [Figure(0.0, 0.0, 0.0)] * 3
    challenger, champion, gain = weighted_intervals(shape[0], values) or none
    return Change(ours.name, ours.headline, challenger, champion, gain)


def _extraction(predictions: Sequence[Prediction]) -> Iterator[Statistic]:
    pairs = [(one.gold, one.found) for one in predictions]
    exact = [exact_counts(gold, found) for gold, found in pairs]
    for role in ROLES:
        counts = _stacked([each[role] for each in exact], 3)
        yield Statistic(f"extraction.{role}_f1", counts, f1, headline=True)
    matched = _stacked([_matched(gold, found) for gold, found in pairs], 3)
    yield Statistic("extraction.tuple_overlap_f1", matched, f1, headline=True)


def _matched(gold: LabelledArticle, found: LabelledArticle) -> npt.NDArray[np.int64]:
    """Right, predicted and gold statements that can be held against each other."""
    marked, mine = (comparable(article, gold.convention) for article in (gold, found))
    return match_counts(match_statements(marked, mine), marked, mine)


def _new(
    suite: str, scorer: AnyScorer, golds: Sequence[LabelledArticle], threshold: float
) -> Iterator[Statistic]:
    """New labels: statements where all are marked, stance on given spans where it is labelled."""
    given = {a.id: [s for s in a.statements if s.stance is not None] for a in golds}
    predictions = predict(scorer, golds, given=given)
    full = [one for one in predictions if one.gold.convention == Convention.FULL]
    flat = [one for one in predictions if one.gold.convention == Convention.FLAT]
    if full:
        yield from _end_to_end(suite, full, threshold)
    elif flat:
        counts = _stacked([_matched(one.gold, one.found) for one in flat], 3)
        yield Statistic(f"{suite}.tuple_overlap_f1", counts, f1, headline=True)
    asked = [one for one in predictions if one.given]
    yield from _stance(asked, f"{suite}.stance", headline=not full)


def _stance(
    predictions: Sequence[Prediction], suite: str = "stance", *, headline: bool = True
) -> Iterator[Statistic]:
    """Stance on given spans: macro-F1, calibration error, and F1 of each label."""
    places = np.repeat(np.arange(len(predictions)), [len(one.given) for one in predictions])
    if not len(places):
        return
    gold = np.array([LABELS.index(s.stance) for one in predictions for s in one.given if s.stance])
    probabilities = np.concatenate([one.probabilities for one in predictions])
    predicted = probabilities.argmax(axis=1)
    confusions = np.zeros((len(predictions), len(LABELS), len(LABELS)))
    np.add.at(confusions, (places, gold, predicted), 1)
    for name, labels in (("four", len(STANCES)), ("five", len(LABELS))):
        yield Statistic(f"{suite}.macro_f1_{name}", confusions, macro_f1(labels), headline)
    bins = _bin_sums(probabilities.max(axis=1), predicted == gold, places)
    yield Statistic(f"{suite}.ece", bins, _gap, headline=headline and suite == "stance")
    for number, label in enumerate(LABELS):
        kept = confusions[:, : len(STANCES)] if label in STANCES else confusions
        right, found = kept[:, number, number], kept[:, :, number].sum(axis=1)
        counts = np.stack([right, found, kept[:, number].sum(axis=1)], axis=1)
        yield Statistic(f"{suite}.labels.{label}.f1", counts, f1)


def _end_to_end(
    suite: str, predictions: Sequence[Prediction], threshold: float
) -> Iterator[Statistic]:
    every, kept, links, stances = [], [], [], []
    for one in predictions:
        gold, found = one.gold, one.found
        matches = match_statements(gold.statements, found.statements)
        every.append(match_counts(matches, gold.statements, found.statements))
        links.append(parent_counts(gold, found, matches))
        stances.append(stance_confusion(matches))
        shown = kept_above(found, one.p_statement, threshold).statements
        real = without_none(gold.statements)
        kept.append(match_counts(match_statements(real, shown), real, shown))
    confusions = _stacked(stances, len(LABELS), len(LABELS))
    yield Statistic(f"{suite}.tuple_overlap_f1", _stacked(every, 3), f1, headline=True)
    yield Statistic(f"{suite}.kept_f1", _stacked(kept, 3), f1)
    yield Statistic(f"{suite}.parent_f1", _stacked(links, 3), f1, headline=True)
    yield Statistic(f"{suite}.stance_macro_f1", confusions, macro_f1(len(STANCES)), headline=True)


def _stacked(counts: Sequence[npt.NDArray[np.int64]], *shape: int) -> FloatArray:
    """Counts of each article as one array [articles, *shape], of no articles too."""
    return np.array(counts, dtype=np.float64).reshape(-1, *shape)

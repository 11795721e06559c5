"""What choosing saves: quality after labelling what was chosen, against as many labels at random.

Articles that are labelled already are taken for unlabelled. A bundle that has not learnt them says
what it is unsure of, some are chosen, and a head on top of the bundle's learns their labels. It is
measured on other articles.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from data.records import LABELS, LabelledArticle
from data.select import choose_articles, choose_statements
from data.split import hold_out
from data.uncertainty import Doubted, Doubter, entropy
from eval.figures import macro_f1
from eval.residual import ResidualHead
from sayso.decode import Attribution
from sayso.errors import InputError, UsageError
from sayso.records import Article

__all__ = [
    "ARTICLES", "CHOSEN", "RANDOM", "STATEMENTS", "UNSURE", "Curve", "Labelled", "Savings",
    "measure_savings", "read_labelled",
]  # fmt: skip

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

ARTICLES, STATEMENTS = "articles", "statements"
"""What is chosen: articles to be marked in full, or single statements."""

RANDOM, UNSURE, CHOSEN = "random", "unsure", "chosen"
"""How it is chosen: at random, by entropy alone, or as `data.select` does."""

HELD = 1 / 3
"""Share of the articles that is measured on; another third for each seed."""


@dataclass(frozen=True, slots=True)
class Labelled:
    """A labelled article as a bundle sees it.

    Attributes:
        article: with its labels.
        found: with the statements that the bundle finds, which articles are chosen by.
        marked: with the statements that are marked and have a stance.
        labels: [marked statements] indices into `LABELS`.
    """

    article: LabelledArticle
    found: Doubted
    marked: Doubted
    labels: IntArray


@dataclass(frozen=True, slots=True)
class Curve:
    """Quality over labels.

    Attributes:
        labels: [points] how many statements were labelled, from 0.
        quality: [seeds, points] macro-F1 over five labels, on articles held out.
    """

    labels: FloatArray
    quality: FloatArray

    @property
    def mean(self) -> FloatArray:
        """[points] over seeds."""
        return np.asarray(self.quality.mean(axis=0))

    def reached(self, target: float) -> float | None:
        """With how many labels the mean first comes up to a quality; None if it never does."""
        up = np.flatnonzero(self.mean >= target)
        return self._crossed(int(up[0]), target) if len(up) else None

    def held(self, target: float) -> float | None:
        """From how many labels on the mean stays there, to the last point; None if it does not."""
        below = np.flatnonzero(self.mean < target)
        first = int(below[-1]) + 1 if len(below) else 0
        return self._crossed(first, target) if first < len(self.labels) else None

    def _crossed(self, point: int, target: float) -> float:
        """Where the line up to a point crosses a height."""
        if point == 0:
            return float(self.labels[0])
        (low, high), (x, y) = self.mean[point - 1 : point + 1], self.labels[point - 1 : point + 1]
        return float(x + (target - low) / (high - low) * (y - x))


@dataclass(frozen=True, slots=True)
class Savings:
    """What choosing saves.

    Attributes:
        model: id of the bundle.
        unit: `ARTICLES` or `STATEMENTS`.
        budget: labels of the whole curve.
        pool, held: mean statements to choose from and to be measured on.
        curves: by way of choosing.
    """

    model: str
    unit: str
    budget: int
    pool: float
    held: float
    curves: Mapping[str, Curve]

    @property
    def target(self) -> float:
        """What random choice reaches with the whole budget."""
        return float(self.curves[RANDOM].mean[-1])

    def share(self, name: str) -> float | None:
        """Share of the budget with which a way of choosing first reaches the target."""
        found = self.curves[name].reached(self.target)
        return None if found is None else found / self.budget

    def share_held(self, name: str) -> float | None:
        """Share of the budget from which on it stays there.

        With most of the pool labelled all ways are alike, so that chance alone may end this.
        """
        found = self.curves[name].held(self.target)
        return None if found is None else found / self.budget

    def to_dict(self) -> dict[str, Any]:
        """As a JSON object."""
        return {
            "model": self.model,
            "unit": self.unit,
            "budget": self.budget,
            "pool_statements": self.pool,
            "held_statements": self.held,
            "target": self.target,
            "share": {name: self.share(name) for name in self.curves},
            "share_held": {name: self.share_held(name) for name in self.curves},
            "curves": {
                name: {
                    "labels": curve.labels.tolist(),
                    "mean": curve.mean.tolist(),
                    "seeds": curve.quality.tolist(),
                }
                for name, curve in self.curves.items()
            },
        }


def read_labelled(doubter: Doubter, articles: Sequence[LabelledArticle]) -> list[Labelled]:
    """Read labelled articles with a bundle; those without a stance are left out."""
    out = []
    for article in articles:
        known = [one for one in article.statements if one.stance is not None]
        if not known:
            continue
        plain = Article(article.id, article.text)
        given = [Attribution(one.source, one.cue, one.content) for one in known]
        found, marked = doubter.doubt_given(plain, given)
        labels = np.array([LABELS.index(one.stance or "") for one in known])
        out.append(Labelled(article, found, marked, labels))
    return out


def measure_savings(
    labelled: Sequence[Labelled],
    unit: str,
    *,
    model: str,
    budget: int,
    steps: int = 10,
    seeds: int = 5,
) -> Savings:
    """Learning curves of choosing and of chance, over several splits.

    Args:
        labelled: articles that the bundle has not learnt.
        unit: `ARTICLES` or `STATEMENTS`.
        model: id of the bundle.
        budget: labels of the whole curve.
        steps: points of it after the first.
        seeds: how many splits; each has its own chance.

    Raises:
        InputError: there are fewer labels to choose from than the budget.
        UsageError: a number makes no sense.
    """
    if min(budget, steps, seeds) < 1 or budget < steps:
        raise UsageError(
            f"expected 1 seed or more, and no more steps than labels, found {seeds} seeds, {steps} "
            f"steps and {budget} labels"
        )
    grid = np.linspace(0, budget, steps + 1).round()
    rows: dict[str, list[FloatArray]] = {name: [] for name in (RANDOM, UNSURE, CHOSEN)}
    sizes = []
    for seed in range(seeds):
        split = _Split(labelled, seed)
        sizes.append((len(split.pool.labels), len(split.held.labels)))
        if sizes[-1][0] < budget or not sizes[-1][1]:
            raise InputError(
                f"expected {budget} labels or more to choose from and some to measure on, found "
                f"{sizes[-1][0]} and {sizes[-1][1]}"
            )
        for name, points in rows.items():
            points.append(split.curve(name, unit, grid, seed))
    pool, held = np.mean(sizes, axis=0).tolist()
    curves = {name: Curve(grid, np.stack(points)) for name, points in rows.items()}
    return Savings(model, unit, budget, pool, held, curves)


@dataclass(frozen=True, slots=True)
class _Items:
    """Statements of several articles, with the number of the article of each."""

    vectors: FloatArray
    probabilities: FloatArray
    labels: IntArray
    places: IntArray

    @classmethod
    def of(cls, articles: Sequence[Labelled]) -> _Items:
        return cls(
            np.concatenate([one.marked.vectors for one in articles]).astype(np.float64),
            np.concatenate([one.marked.probabilities for one in articles]),
            np.concatenate([one.labels for one in articles]),
            np.repeat(np.arange(len(articles)), [len(one.labels) for one in articles]),
        )


class _Split:
    """Articles to choose from and articles to measure on."""

    def __init__(self, labelled: Sequence[Labelled], seed: int) -> None:
        kept, held = hold_out([one.article for one in labelled], HELD, salt=f"s{seed}")
        known = {id(article) for article in held}
        self._articles = [one for one in labelled if id(one.article) not in known]
        others = [one for one in labelled if id(one.article) in known]
        if not kept or not others:
            raise InputError(f"expected articles on both sides, found {len(labelled)} in all")
        self.pool, self.held = _Items.of(self._articles), _Items.of(others)

    def curve(self, name: str, unit: str, grid: FloatArray, seed: int) -> FloatArray:
        """Quality at each number of labels of the grid."""
        at, quality = [0.0], [self._quality(np.zeros(0, np.int64))]
        for budget in grid[1:].astype(int).tolist():
            chosen = _WAYS[unit](self._articles, self.pool, name, budget, seed)
            at.append(float(len(chosen)))
            quality.append(self._quality(chosen))
        order = np.argsort(at, kind="stable")
        return np.asarray(np.interp(grid, np.array(at)[order], np.array(quality)[order]))

    def _quality(self, chosen: IntArray) -> float:
        pool, held = self.pool, self.held
        head = ResidualHead.fit(
            pool.vectors[chosen],
            pool.probabilities[chosen],
            pool.labels[chosen],
            known=pool.vectors,
        )
        found = head.predict(held.vectors, held.probabilities).argmax(axis=1)
        confusion = np.zeros((1, len(LABELS), len(LABELS)))
        np.add.at(confusion[0], (held.labels, found), 1)
        return float(macro_f1(len(LABELS))(confusion)[0])


def _statements(
    articles: Sequence[Labelled], pool: _Items, name: str, budget: int, seed: int
) -> IntArray:
    """Places of single statements."""
    if name == RANDOM:
        return np.random.default_rng(seed).permutation(len(pool.labels))[:budget]
    if name == UNSURE:
        return np.argsort(-entropy(pool.probabilities), kind="stable")[:budget]
    return np.array(choose_statements([one.marked for one in articles], budget, seed=seed))


def _articles(
    articles: Sequence[Labelled], pool: _Items, name: str, budget: int, seed: int
) -> IntArray:
    """Places of all statements of some articles, about as many as the budget."""
    count = max(1, min(len(articles), round(budget * len(articles) / len(pool.labels))))
    found = [one.found for one in articles]
    if name == RANDOM:
        taken = np.random.default_rng(seed).permutation(len(articles)).tolist()
    elif name == UNSURE:
        means = [float(entropy(one.probabilities).mean()) if len(one.probabilities) else 0.0
                 for one in found]  # fmt: skip
        taken = np.argsort(-np.array(means), kind="stable").tolist()
    else:
        taken = choose_articles(found, count, seed=seed)
    return np.flatnonzero(np.isin(pool.places, taken[:count]))


_WAYS: Mapping[str, Callable[[Sequence[Labelled], _Items, str, int, int], IntArray]] = {
    ARTICLES: _articles,
    STATEMENTS: _statements,
}

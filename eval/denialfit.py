"""Weights of `sayso.claims.denials` from labelled denials, by a penalised conditional logit.

A denial's choice is among the statements near it and none of them; where several put forward what
is denied, their probabilities add up (McFadden 1974; Train 2009, chapter 3).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize

from data.denials import DeniedArticle
from eval.denialsaid import said_of
from sayso.claims.denials import Weights
from sayso.claims.pairs import FEATURES, NOTHING, Choice, set_scene

__all__ = ["PENALTY", "fit_weights"]

FloatArray = npt.NDArray[np.float64]

PENALTY = 0.5
"""L2 penalty of the weights, chosen by folds over the labelled news."""


@dataclass(frozen=True, slots=True)
class _Table:
    """All choices, an alternative a row; a choice's last row is that of nothing.

    Attributes:
        features: [rows, `FEATURES` and `NOTHING`].
        right: [rows] whether it is what the label says.
        starts: [choices] first row of each.
        choice: [rows] which choice it belongs to.
    """

    features: FloatArray
    right: FloatArray
    starts: npt.NDArray[np.int64]
    choice: npt.NDArray[np.int64]

    def loss(self, weights: FloatArray) -> tuple[float, FloatArray]:
        """Negative log-likelihood and its gradient, without the penalty."""
        scores = self.features @ weights
        scores -= np.maximum.reduceat(scores, self.starts)[self.choice]
        odds = np.exp(scores)
        right = odds * self.right
        whole = np.add.reduceat(odds, self.starts)
        part = np.add.reduceat(right, self.starts)
        slope = odds / whole[self.choice] - right / part[self.choice]
        return float(np.log(whole).sum() - np.log(part).sum()), slope @ self.features


def fit_weights(articles: Sequence[DeniedArticle], *, penalty: float = PENALTY) -> Weights:
    """Fit the weights; a denial whose denied statements are all out of reach is left out.

    Args:
        articles: with one labelled denial or more.
        penalty: of the sum of squares of the weights.
    """
    table = _table(articles)

    def objective(weights: FloatArray) -> tuple[float, FloatArray]:
        loss, slope = table.loss(weights)
        return loss + penalty / 2 * float(weights @ weights), slope + penalty * weights

    start = np.zeros(table.features.shape[1])
    found = minimize(objective, start, jac=True, method="L-BFGS-B", options={"maxiter": 500}).x
    return Weights(found[: len(FEATURES)], found[len(FEATURES) :])


def _table(articles: Sequence[DeniedArticle]) -> _Table:
    blocks, rights = [], []
    for article in articles:
        told = said_of(article.article)
        scene = set_scene(told.said)
        denied = {
            told.places[denial]: [told.places[one] for one in ones if one in told.places]
            for denial, ones in article.denies.items()
            if denial in told.places
        }
        firsts = {denial: min(ones, default=None) for denial, ones in denied.items()}
        for denial, ones in sorted(denied.items()):
            choice = scene.choice(denial, firsts)
            right = np.append(np.isin(choice.among, ones), not ones)
            if right.any():
                blocks.append(_block(choice))
                rights.append(right)
    sizes = np.array([len(block) for block in blocks])
    return _Table(
        np.concatenate(blocks),
        np.concatenate(rights).astype(np.float64),
        np.cumsum(sizes) - sizes,
        np.repeat(np.arange(len(sizes)), sizes),
    )


def _block(choice: Choice) -> FloatArray:
    block = np.zeros((len(choice.among) + 1, len(FEATURES) + len(NOTHING)))
    block[:-1, : len(FEATURES)] = choice.features
    block[-1, len(FEATURES) :] = choice.nothing
    return block

"""What truth discovery stands beside: majority, plain Dawid–Skene, TruthFinder, an oracle."""

from __future__ import annotations

import warnings
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from eval.simulateworld import World
from sayso.reliability.votes import Votes

__all__ = ["Rated", "dawid_skene", "majority", "oracle", "truth_finder"]

FloatArray = npt.NDArray[np.float64]

TRUST, DAMPING, WEIGHT, IMPLIED = 0.9, 0.3, 0.5, -0.5
"""Of TruthFinder (Yin, Han and Yu 2008): trust to begin with, dampening factor, weight of other
facts, and what a fact implies for its contrary (likeness 0 less the base of 0.5)."""

STEPS, SAME = 100, 1e-5
"""Most iterations of TruthFinder, and the change of trust under which it ends."""

ORACLE = 4.0
"""Votes at the mean that the oracle's shares are shrunk by."""


@dataclass(frozen=True, slots=True)
class Rated:
    """Reliability as a method has it.

    Attributes:
        reliability: float64[sources].
        p_true: float64[claims], 0.5 where undecided; None where truth is not estimated.
    """

    reliability: FloatArray
    p_true: FloatArray | None


def majority(votes: Votes) -> Rated:
    """Share of a source's votes that are with the majority; draws count a half."""
    balance = np.bincount(votes.claim, votes.position, minlength=len(votes.truth))
    p_true = (np.sign(balance) + 1) / 2
    with_it = (np.sign(balance[votes.claim]) * votes.position + 1) / 2
    return Rated(_mean(votes, with_it), p_true)


def dawid_skene(votes: Votes, *, one_coin: bool) -> Rated:
    """Plain Dawid–Skene by EM, as crowd-kit has it.

    Args:
        votes: whose hedges count like the others.
        one_coin: one accuracy a source; else one for true and one for false claims, averaged by
            how many claims of each there are.
    """
    import pandas as pd
    from crowdkit.aggregation import DawidSkene, OneCoinDawidSkene

    frame = pd.DataFrame(
        {"task": votes.claim, "worker": votes.source, "label": votes.position.astype(int)}
    )
    with warnings.catch_warnings():  # crowd-kit's own, of what pandas will drop
        warnings.simplefilter("ignore")
        model = (OneCoinDawidSkene if one_coin else DawidSkene)(n_iter=STEPS).fit(frame)
    p_true = np.full(len(votes.truth), 0.5)
    p_true[model.probas_.index] = model.probas_[1]
    if one_coin:
        found = model.skills_
    else:
        each = [
            model.errors_[label].xs(label, level="label") * model.priors_[label]
            for label in (-1, 1)
        ]
        found = each[0].add(each[1], fill_value=0.0)  # who never votes so is never right so
    reliability = np.full(len(votes.group), 0.5)
    reliability[found.index] = found
    return Rated(reliability, p_true)


def truth_finder(votes: Votes) -> Rated:
    """TruthFinder, each claim and its contrary being two facts."""
    fact = votes.claim * 2 + (votes.position > 0)
    trust = np.full(len(votes.group), TRUST)
    for _ in range(STEPS):
        score = -np.log1p(-np.minimum(trust, 1 - 1e-9))
        score = np.bincount(fact, score[votes.source], minlength=2 * len(votes.truth))
        score = score + WEIGHT * IMPLIED * score.reshape(-1, 2)[:, ::-1].ravel()
        sure = 1 / (1 + np.exp(-DAMPING * score))
        last, trust = trust, _mean(votes, sure[fact])
        if np.max(np.abs(trust - last)) < SAME:
            break
    sides = sure.reshape(-1, 2)
    return Rated(trust, (1 + np.sign(sides[:, 1] - sides[:, 0])) / 2)


def oracle(world: World) -> Rated:
    """What could be known at best: shares of right votes, were all truths known, shrunk."""
    firm = ~world.votes.hedged
    size = len(world.reliability)
    cast = np.bincount(world.votes.source[firm], minlength=size)
    right = np.bincount(world.votes.source[firm], world.right[firm], minlength=size)
    mean = right.sum() / cast.sum()
    return Rated((right + ORACLE * mean) / (cast + ORACLE), None)


def _mean(votes: Votes, values: FloatArray) -> FloatArray:
    cast = np.bincount(votes.source, minlength=len(votes.group))
    sums = np.bincount(votes.source, values, minlength=len(votes.group))
    return np.asarray(sums / np.maximum(cast, 1))

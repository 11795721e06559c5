"""Gibbs sampling of truth, reliability and copying, all of them at once (Geman and Geman 1984)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sayso.reliability.copying import Copying
from sayso.reliability.pairs import Pairs
from sayso.reliability.population import Population
from sayso.reliability.shared import Shared
from sayso.reliability.votes import UNKNOWN

__all__ = ["BURN_IN", "DRAWS", "HEDGED_PRIOR", "Sampler", "Sums"]

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

BURN_IN = 100
"""Sweeps thrown away before any is counted."""

DRAWS = 250
"""Sweeps that are counted."""

HEDGED_PRIOR = Population(6.0, 4.0)
"""Before the data, the share of hedged votes that are as good as firm ones of the same source; the
others are as good as a coin."""

EVERY = 3
"""Copying is drawn anew in every third sweep: it changes slowly and takes longest."""

_CERTAIN = 40.0


@dataclass(slots=True)
class Sums:
    """What the sweeps add up to.

    Attributes:
        draws: how many were counted.
        firm: share of hedged votes as good as firm ones.
        mean, square: float64[sources], of reliability and of its square, given the rest.
        prior_mean, prior_square: float64[groups], the same of a source without votes.
        true: float64[claims], of the probability that a claim is true.
        checked: float64[sources], see `Estimates.checked`.
        copied: float64[sources], of votes taken over.
        follows: float64[pairs], how often the pair's copier copied from its original.
    """

    draws: int
    firm: float
    mean: FloatArray
    square: FloatArray
    prior_mean: FloatArray
    prior_square: FloatArray
    true: FloatArray
    checked: FloatArray
    copied: FloatArray
    follows: FloatArray

    @classmethod
    def empty(cls, sources: int, claims: int, groups: int, pairs: int) -> Sums:
        """Sums of nothing."""
        sizes = (sources, sources, groups, groups, claims, sources, sources, pairs)
        return cls(0, 0.0, *map(np.zeros, sizes))


class Sampler:
    """The state of the sampling.

    A vote is right with its source's reliability θ (one-coin Dawid–Skene); a hedged one with that
    of `firm · θ + (1 - firm) / 2`; one on a claim that the source's original spoke of before is
    the original's with the rate of copying, and counts for the claim only where it is on the
    other side. Claims are true or false alike before the votes, so that how a claim is worded does
    not matter, and only agreement does.

    Args:
        shared: the votes.
        pairs: who may copy from whom.
        groups: how many classes of sources there are.
        chance: where chance comes from.
    """

    def __init__(
        self, shared: Shared, pairs: Pairs, groups: int, chance: np.random.Generator
    ) -> None:
        self.shared, self.groups, self.chance = shared, groups, chance
        self.copying = Copying(shared, pairs, chance)
        self.populations = [Population(3.0, 1.0)] * groups
        self.firm = HEDGED_PRIOR.mean
        self.theta = np.full(len(shared.sources), 0.75)
        self._sources, self._claims = len(shared.sources), len(shared.claims)
        self._known = np.flatnonzero(shared.truth != UNKNOWN)
        self._outcome = np.where(shared.truth[self._known] == 1, _CERTAIN, -_CERTAIN)
        self._members = [np.flatnonzero(shared.group == g) for g in range(groups)]

    def run(self, burn_in: int, draws: int) -> Sums:
        """Sweep, and add up what the later sweeps find."""
        sums = Sums.empty(self._sources, self._claims, self.groups, len(self.copying.pairs.copier))
        sums.draws = draws
        for sweep in range(burn_in + draws):
            self._sweep(sums if sweep >= burn_in else None, copy=sweep % EVERY == 0)
        return sums

    def _sweep(self, sums: Sums | None, *, copy: bool) -> None:
        shared = self.shared
        weight = np.where(shared.hedged, self.firm, 1.0)
        told = self._evidence(weight)
        odds = np.bincount(shared.claim, told, minlength=self._claims)
        odds[self._known] = self._outcome
        true = 1 / (1 + np.exp(-np.clip(odds, -_CERTAIN, _CERTAIN)))
        side = np.where(self.chance.random(self._claims) < true, 1.0, -1.0)
        right = shared.side == side[shared.claim]
        if copy:
            self._copy(right)
        own, copied = self._own(right, weight)
        ayes, nays = self._counts(own & right), self._counts(own & ~right)
        self._learn(ayes, nays)
        alpha, beta = self._parameters()
        self.theta = np.clip(self.chance.beta(alpha + ayes, beta + nays), 1e-4, 1 - 1e-4)
        if sums is not None:
            known = np.tanh((odds[shared.claim] - told) / 2) ** 2
            self._add(sums, right, own, copied, known * weight**2)
            sums.true += true

    def _evidence(self, weight: FloatArray) -> FloatArray:
        """Log-odds that each vote gives to its claim being true.

        What agrees with its source's original gives none, even at a low rate of copying: the few
        votes that agree by themselves would add up in a large clique.
        """
        q = weight * (self.theta[self.shared.source] - 0.5) + 0.5
        told = self.shared.side * np.log(q / (1 - q))
        return np.where(self.copying.rate > 0, 0.0, told)

    def _copy(self, right: npt.NDArray[np.bool_]) -> None:
        alpha, beta = self._parameters()
        self.copying.draw(right, self.theta, self.firm, alpha, beta)

    def _own(
        self, right: npt.NDArray[np.bool_], weight: FloatArray
    ) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
        """Which votes show the source's own reliability, and which are taken over."""
        theta, rate = self.theta[self.shared.source], self.copying.rate
        telling = weight * np.where(right, theta, 1 - theta)
        guess = (1 - weight) / 2
        share = (1 - rate) * (telling + guess)
        point = self.chance.random(len(rate)) * (rate + share)
        own = point < (1 - rate) * telling
        copied = point >= share
        hedged = self.shared.hedged & ~copied
        kept = int(np.count_nonzero(hedged & own))
        lost = int(np.count_nonzero(hedged)) - kept
        self.firm = float(self.chance.beta(HEDGED_PRIOR.right + kept, HEDGED_PRIOR.wrong + lost))
        return own & ~copied, copied

    def _learn(self, ayes: IntArray, nays: IntArray) -> None:
        self.populations = [
            Population.draw(ayes[rows], nays[rows], self.chance) for rows in self._members
        ]

    def _parameters(self) -> tuple[FloatArray, FloatArray]:
        right = np.array([population.right for population in self.populations])
        wrong = np.array([population.wrong for population in self.populations])
        return right[self.shared.group], wrong[self.shared.group]

    def _counts(self, chosen: npt.NDArray[np.bool_]) -> IntArray:
        return np.bincount(self.shared.source[chosen], minlength=self._sources)

    def _add(
        self,
        sums: Sums,
        right: npt.NDArray[np.bool_],
        own: npt.NDArray[np.bool_],
        copied: npt.NDArray[np.bool_],
        known: FloatArray,
    ) -> None:
        alpha, beta = self._parameters()
        record = own | copied
        top = alpha + self._counts(record & right)
        size = alpha + beta + self._counts(record)
        sums.mean += top / size
        sums.square += top * (top + 1) / (size * (size + 1))
        for number, one in enumerate(self.populations):
            size_ = one.right + one.wrong
            sums.prior_mean[number] += one.mean
            sums.prior_square[number] += one.mean * (one.right + 1) / (size_ + 1)
        sums.checked += np.bincount(self.shared.source, known, minlength=self._sources)
        sums.copied += self._counts(copied)
        sums.follows += self.copying.follows()
        sums.firm += self.firm

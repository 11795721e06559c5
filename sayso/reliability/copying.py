"""Who copies from whom, drawn given what is true; after Dong, Berti-Équille and Srivastava 2009."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from sayso.reliability.pairs import Pairs
from sayso.reliability.shared import Shared

__all__ = ["COPIERS", "RATES", "Copying"]

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

COPIERS = 0.2
"""Before the data, the probability that a source copies from one of those that it could copy from
(alpha of Dong et al. 2009, who take 0.2 and find that it matters little)."""

RATES = np.array([0.4, 0.7, 0.95])
"""Shares of the claims in common that a copier may take over, all alike before the data (c of Dong
et al. 2009, who take 0.8)."""

SURE_SCORE = 3.0
"""Pairs of at least this score are copier and original when sampling begins, so that copies have
to be shown independent before they count, and not the other way round."""

_NODES = 48


class Copying:
    """Each source's original, if it has one, and its rate of copying.

    Args:
        shared: the votes.
        pairs: who may copy from whom.
        chance: where chance comes from.

    Attributes:
        pairs: as given.
        rate: float64[votes], rate of copying of votes that agree with the source's original, 0
            of all others.
    """

    def __init__(self, shared: Shared, pairs: Pairs, chance: np.random.Generator) -> None:
        self.pairs = pairs
        self._shared, self._chance = shared, chance
        self._active = np.zeros(len(pairs.copier), np.bool_)
        self._chosen = np.zeros(len(pairs.copier))
        self.rate = np.zeros(len(shared.source))
        self._firsts = np.flatnonzero(np.diff(pairs.copier, prepend=-1))
        self._copiers = pairs.copier[self._firsts]
        self._of = np.searchsorted(self._copiers, pairs.copier)
        candidates = np.zeros(len(shared.sources), np.bool_)
        candidates[self._copiers] = True
        self._votes = np.flatnonzero(candidates[shared.source])
        self._voter = np.searchsorted(self._copiers, shared.source[self._votes])
        self._grid = (np.arange(_NODES) + 0.5) / _NODES
        self._set(np.where(pairs.score[self._firsts] >= SURE_SCORE, self._firsts, -1), RATES[-1])

    def follows(self) -> FloatArray:
        """1 for each pair of which the copier copies now, 0 for the others."""
        return self._active.astype(np.float64)

    def draw(
        self,
        right: npt.NDArray[np.bool_],
        theta: FloatArray,
        firm: float,
        alpha: FloatArray,
        beta: FloatArray,
    ) -> None:
        """Draw originals and rates anew with the copiers' reliability integrated out, then that.

        Args:
            right: bool[votes], which votes are right.
            theta: float64[sources], reliability; that of possible copiers is drawn anew in place.
            firm: share of hedged votes as good as firm ones.
            alpha: float64[sources], first parameter of each source's prior.
            beta: float64[sources], second parameter of it.
        """
        if not len(self._copiers):
            return
        alone = self._alone(right, firm, alpha, beta)
        joint = self._joint(right, firm, alone)
        none = _log_sum(alone)
        weights = _log_sum(joint)  # [pairs, rates]
        share = COPIERS / (1 - COPIERS) / len(RATES) / self.pairs.others
        weights = weights + np.log(share)[:, None] + self._chance.gumbel(size=weights.shape)
        none = none + self._chance.gumbel(size=none.shape)
        best = weights.max(axis=1)
        top = np.maximum.reduceat(best, self._firsts)
        order = np.lexsort((-best, self._of))[self._firsts]
        chosen = np.where(top > none, order, -1)
        rate = weights[np.maximum(chosen, 0)].argmax(axis=1)
        self._set(chosen, RATES[rate])
        given = np.where((chosen >= 0)[:, None], joint[np.maximum(chosen, 0), rate], alone)
        node = np.argmax(given + self._chance.gumbel(size=given.shape), axis=1)
        theta[self._copiers] = self._grid[node]

    def _set(self, chosen: IntArray, rate: FloatArray | float) -> None:
        self._active[:] = False
        self._active[chosen[chosen >= 0]] = True
        self._chosen[:] = 0.0
        rates = np.broadcast_to(np.asarray(rate), chosen.shape)
        self._chosen[chosen[chosen >= 0]] = rates[chosen >= 0]
        rows = self._active[self.pairs.pair] & self.pairs.agrees
        self.rate = np.zeros(len(self._shared.source))
        self.rate[self.pairs.vote[rows]] = self._chosen[self.pairs.pair[rows]]

    def _levels(self, firm: float) -> FloatArray:
        """Probability of a vote at each node: [wrong and right, firm; the same, hedged]."""
        soft = 0.5 + firm * (self._grid - 0.5)
        return np.stack([1 - self._grid, self._grid, 1 - soft, soft])

    def _alone(
        self, right: npt.NDArray[np.bool_], firm: float, alpha: FloatArray, beta: FloatArray
    ) -> FloatArray:
        """Log-likelihood of the votes of possible copiers, were they none: [copiers, nodes]."""
        kind = right[self._votes] + 2 * self._shared.hedged[self._votes]
        counts = np.bincount(self._voter * 4 + kind, minlength=len(self._copiers) * 4)
        votes = counts.reshape(-1, 4) @ np.log(self._levels(firm))
        a, b = alpha[self._copiers, None], beta[self._copiers, None]
        prior = (a - 1) * np.log(self._grid) + (b - 1) * np.log1p(-self._grid)
        return np.asarray(votes + prior)

    def _joint(self, right: npt.NDArray[np.bool_], firm: float, alone: FloatArray) -> FloatArray:
        """Log-likelihood of the same, copied at each rate: [pairs, rates, nodes]."""
        pairs, hedged = self.pairs, self._shared.hedged[self.pairs.vote]
        kind = right[pairs.vote] + 2 * hedged + 4 * pairs.agrees
        counts = np.bincount(pairs.pair * 8 + kind, minlength=len(pairs.copier) * 8)
        counts = counts.reshape(-1, 8)
        level = self._levels(firm)
        out = np.empty((len(pairs.copier), len(RATES), _NODES))
        for number, rate in enumerate(RATES):
            gain = np.log(rate + (1 - rate) * level) - np.log(level)
            lost = counts[:, :4].sum(axis=1) * np.log1p(-rate)
            out[:, number] = counts[:, 4:] @ gain + lost[:, None] + alone[self._of]
        return out


def _log_sum(scores: FloatArray) -> FloatArray:
    top = scores.max(axis=-1, keepdims=True)
    return np.asarray(top[..., 0] + np.log(np.exp(scores - top).sum(axis=-1)))

"""How reliable sources of a class are in general: a Beta distribution, learnt from all of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

__all__ = ["CONCENTRATIONS", "MEANS", "Population"]

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

MEANS = np.linspace(0.51, 0.99, 25)
"""Means that a class may have. Above one half: votes tell sources from one another up to a swap of
true and false, and it is taken that sources are right more often than not (Zhao et al. 2012 break
the tie by their priors, too)."""

CONCENTRATIONS = np.geomspace(1.5, 100.0, 14)
"""Concentrations (sum of both parameters of the Beta) that a class may have, all alike before the
data: from sources of which many are always right or always wrong to sources that are all alike."""

_EXACT = 64
_GROWTH = 1.15


@dataclass(frozen=True, slots=True)
class Population:
    """The parameters of a class's Beta distribution.

    Attributes:
        right: what stands for votes that were right.
        wrong: what stands for votes that were wrong.
    """

    right: float
    wrong: float

    @property
    def mean(self) -> float:
        """Reliability of a source of which nothing is known."""
        return self.right / (self.right + self.wrong)

    @classmethod
    def draw(cls, right: IntArray, wrong: IntArray, chance: np.random.Generator) -> Population:
        """Draw the parameters given how often each source was right and wrong.

        The sources' own reliabilities are integrated out (Beta-binomial), so that the draw does
        not hang on to the last one.

        Args:
            right: int64[sources].
            wrong: int64[sources].
            chance: where chance comes from.
        """
        scores = _LOG_PRIOR + _rising(_RIGHT, right) + _rising(_WRONG, wrong)
        scores -= _rising(_RIGHT + _WRONG, right + wrong)
        at = int(np.argmax(scores + chance.gumbel(size=len(scores))))
        return cls(float(_RIGHT[at]), float(_WRONG[at]))


_MEAN, _SUM = (grid.ravel() for grid in np.meshgrid(MEANS, CONCENTRATIONS, indexing="ij"))
_RIGHT, _WRONG = _MEAN * _SUM, (1 - _MEAN) * _SUM
_LOG_PRIOR = np.log((_MEAN - 0.5) * (1 - _MEAN))


def _rising(start: FloatArray, counts: IntArray) -> FloatArray:
    """Sum over sources of log(start · (start + 1) ⋯ (start + count - 1)), for each start.

    Steps beyond the first are taken together in bins that grow with them.
    """
    above = len(counts) - np.cumsum(np.bincount(counts, minlength=1))[:-1]
    if not len(above):
        return np.zeros_like(start)
    edges = [*range(min(_EXACT, len(above)))]
    while edges[-1] * _GROWTH < len(above) - 1 and len(above) > _EXACT:
        edges.append(int(edges[-1] * _GROWTH) + 1)
    sums = np.add.reduceat(above.astype(np.float64), edges)
    ends = np.append(edges[1:], len(above))
    middles = (np.array(edges) + ends - 1) / 2
    return np.asarray(np.log(start[:, None] + middles) @ sums)

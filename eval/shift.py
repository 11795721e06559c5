"""How far two figures or two mixes lie apart, and whether chance would do it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from eval.moments import Ratios

__all__ = ["Shift", "holm", "js_distance", "mean_shift", "mix_shift", "stability_index"]

FloatArray = npt.NDArray[np.float64]

_CELL = 0.5
"""Added to the count of each cell, so that an empty one does not make the index infinite."""


@dataclass(frozen=True, slots=True)
class Shift:
    """A difference of two corpora in one respect.

    Attributes:
        effect: how large it is; what in depends on the test.
        low, high: 95 % interval of the effect, where it has one.
        p: probability of a difference at least as clear if there were none.
        distance: Jensen–Shannon distance of two mixes, in [0, 1]; None for means.
    """

    effect: float
    low: float | None
    high: float | None
    p: float
    distance: float | None = None


def mean_shift(reference: Ratios, other: Ratios, *, relative: bool = False) -> Shift | None:
    """Compare two ratios over articles by Welch's test.

    Args:
        reference: of one ratio.
        other: likewise.
        relative: the effect is the quotient less 1, and is tested on the logarithm; else it is the
            difference.

    Returns:
        None where it cannot be told: of fewer than 2 articles, or a ratio is 0 and `relative`.
    """
    from scipy.stats import t

    sides = [(float(r.values[0]), float(r.errors[0]), r.articles) for r in (reference, other)]
    if min(count for _, _, count in sides) < 2:
        return None
    if relative:
        if min(value for value, _, _ in sides) <= 0:
            return None
        sides = [(float(np.log(value)), error / value, count) for value, error, count in sides]
    (before, e0, n0), (after, e1, n1) = sides
    difference, spread = after - before, e0**2 + e1**2
    if spread <= 0:
        difference = float(np.expm1(difference)) if relative else difference
        return Shift(difference, difference, difference, 1.0 if difference == 0 else 0.0)
    free = spread**2 / (e0**4 / (n0 - 1) + e1**4 / (n1 - 1))
    reach = float(t.ppf(0.975, free)) * spread**0.5
    p = float(2 * t.sf(abs(difference) / spread**0.5, free))
    effects = np.array([difference, difference - reach, difference + reach])
    effect, low, high = (np.expm1(effects) if relative else effects).tolist()
    return Shift(effect, low, high, p)


def mix_shift(reference: Ratios, other: Ratios) -> Shift | None:
    """Compare two mixes of statements that come article by article.

    Pearson's test of homogeneity under the covariance over articles, with the correction of the
    second order by Rao and Scott (1984), against F as Thomas and Rao (1987) advise. The effect is
    `stability_index`.

    Args:
        reference: the shares of each cell, [cells].
        other: likewise.

    Returns:
        None where either is of fewer than 2 articles.
    """
    from scipy.stats import f

    if min(reference.articles, other.articles) < 2:
        return None
    counts = np.stack([r.values * r.bottom for r in (reference, other)])
    pooled = counts.sum(axis=0) / counts.sum()
    used = pooled > 0
    difference = (other.values - reference.values)[used]
    spread = (reference.covariance + other.covariance)[np.ix_(used, used)]
    scaled = spread / np.sqrt(np.outer(pooled[used], pooled[used]))
    trace, square = float(np.trace(scaled)), float((scaled * scaled).sum())
    statistic = float((difference**2 / pooled[used]).sum())
    effect = stability_index(counts[0], counts[1])
    distance = js_distance(counts[0], counts[1])
    if trace <= 0:
        return Shift(effect, None, None, 1.0 if statistic == 0 else 0.0, distance)
    cells = trace**2 / square
    free = cells * (reference.articles + other.articles - 2)
    return Shift(effect, None, None, float(f.sf(statistic / trace, cells, free)), distance)


def stability_index(before: FloatArray, after: FloatArray) -> float:
    """Population stability index of two mixes, given as counts [cells].

    It is the symmetric divergence of Jeffreys. By custom a mix is stable under 0.1, has moved
    from 0.1 and is another one from 0.25 (Lewis 1994; Siddiqi 2006). Chance alone gives about
    (cells - 1) * (1 / n + 1 / m), which is why a test goes with it (Yurdakul and Naranjo 2020).
    """
    p, q = ((counts + _CELL) / (counts + _CELL).sum() for counts in (before, after))
    return float(((q - p) * np.log(q / p)).sum())


def js_distance(before: FloatArray, after: FloatArray) -> float:
    """Root of the Jensen–Shannon divergence to base 2 of two mixes, given as counts [cells].

    In [0, 1]: 0 for equal mixes, 1 for such as share no cell (Endres and Schindelin 2003).
    """
    p, q = before / before.sum(), after / after.sum()
    middle = (p + q) / 2
    parts = (
        np.sum(one * np.log2(np.divide(one, middle, out=np.ones_like(one), where=one > 0)))
        for one in (p, q)
    )
    return float(max(sum(parts) / 2, 0.0) ** 0.5)


def holm(values: Sequence[float]) -> list[float]:
    """Probabilities of many tests, raised so that one false alarm among all of them has the
    chance that is asked for (Holm 1979); the tests may depend on each other.
    """
    order = sorted(range(len(values)), key=lambda n: values[n])
    out, highest = [1.0] * len(values), 0.0
    for rank, n in enumerate(order):
        highest = max(highest, min(1.0, values[n] * (len(values) - rank)))
        out[n] = highest
    return out

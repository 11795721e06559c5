"""How far each source can be relied on, and how likely each claim is: truth discovery.

The model is the one-coin Dawid–Skene (Dawid and Skene 1979; of truth discovery the surveys of Li
et al. 2016 and Zheng et al. 2017) in full Bayesian form: each source has a reliability, the
reliabilities of a class come from one Beta distribution that is learnt with them (as in the latent
truth model of Zhao et al. 2012, whose priors are given), and votes may be taken over from others
(Dong, Berti-Équille and Srivastava 2009). A claim of one source tells nothing about it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sayso.reliability.beta import interval
from sayso.reliability.pairs import Pairs, find_pairs
from sayso.reliability.sample import BURN_IN, DRAWS, Sampler, Sums
from sayso.reliability.shared import Shared
from sayso.reliability.votes import UNKNOWN, Votes

__all__ = ["NOBODY", "Estimates", "estimate"]

FloatArray = npt.NDArray[np.float64]

NOBODY = -1
"""What a source copies that copies from none."""

LIKELY = 0.5
"""Posterior probability from which on a source is said to copy."""


@dataclass(frozen=True, slots=True)
class Estimates:
    """What truth discovery finds; sources and claims are numbered as in the votes.

    Attributes:
        reliability: float64[sources], posterior mean of the probability that what the source
            firmly states is so, copied statements included.
        low, high: float64[sources], ends of the 90 % interval.
        prior: float64[sources], mean of the class, to which small samples shrink.
        checked: float64[sources], how many claims' worth of evidence the estimate rests on: the
            sum over its votes of (2p - 1)², p the probability of the claim by all else but the
            vote itself: the Fisher information that the vote gives about a reliability of one
            half, as a share of what it would give were the truth known. Hedged votes count by the
            square of their weight. An outcome counts 1, a claim of its own 0.
        copied: float64[sources], expected share of its votes that are taken over.
        copies: int32[sources], whom from, `NOBODY` where copying is less likely than not.
        p_true: float64[claims], probability that the claim is true; 1 or 0 where an outcome says.
            A claim of one source is as likely as its source's reliability has it, one without
            votes 0.5.
        firm: weight of hedged votes: share that are as good as the same source's firm ones.
    """

    reliability: FloatArray
    low: FloatArray
    high: FloatArray
    prior: FloatArray
    checked: FloatArray
    copied: FloatArray
    copies: npt.NDArray[np.int32]
    p_true: FloatArray
    firm: float


def estimate(
    votes: Votes, *, seed: int = 0, burn_in: int = BURN_IN, draws: int = DRAWS, copying: bool = True
) -> Estimates:
    """Estimate reliability, copying and truth from votes and outcomes.

    Args:
        votes: whose order of rows makes no difference.
        seed: of the sampling; the same seed gives the same estimates.
        burn_in: sweeps thrown away.
        draws: sweeps counted, 1 or more.
        copying: whether copying is looked for.
    """
    shared = Shared.of(votes)
    groups = int(votes.group.max(initial=0)) + 1
    pairs = find_pairs(shared) if copying else _no_pairs()
    sums = Sampler(shared, pairs, groups, np.random.default_rng(seed)).run(burn_in, draws)
    prior = sums.prior_mean[votes.group] / draws
    mean, square = prior.copy(), sums.prior_square[votes.group] / draws
    mean[shared.sources] = sums.mean / draws
    square[shared.sources] = sums.square / draws
    low, high = interval(mean, np.maximum(square - mean**2, 1e-9))
    checked, copied = np.zeros((2, len(votes.group)))
    checked[shared.sources] = sums.checked / draws
    cast = np.bincount(votes.source, minlength=len(votes.group))[shared.sources]
    copied[shared.sources] = sums.copied / draws / cast
    firm = sums.firm / draws
    return Estimates(
        reliability=mean,
        low=low,
        high=high,
        prior=prior,
        checked=checked,
        copied=copied,
        copies=_copies(shared, pairs, sums, len(votes.group)),
        p_true=_truth(votes, shared, sums, mean, firm),
        firm=firm,
    )


def _no_pairs() -> Pairs:
    none = np.zeros(0, np.int64)
    return Pairs(none, none, np.zeros(0), none, none, none, np.zeros(0, np.bool_))


def _copies(shared: Shared, pairs: Pairs, sums: Sums, sources: int) -> npt.NDArray[np.int32]:
    share = sums.follows / sums.draws
    any_ = np.bincount(pairs.copier, share, minlength=len(shared.sources))
    out = np.full(sources, NOBODY, np.int32)
    rows = np.lexsort((share, pairs.copier))  # the likeliest original comes last
    rows = rows[any_[pairs.copier[rows]] >= LIKELY]
    out[shared.sources[pairs.copier[rows]]] = shared.sources[pairs.original[rows]]
    return out


def _truth(
    votes: Votes, shared: Shared, sums: Sums, reliability: FloatArray, firm: float
) -> FloatArray:
    p = np.full(len(votes.truth), 0.5)
    weight = np.where(votes.hedged, firm, 1.0)
    p[votes.claim] += votes.position * weight * (reliability[votes.source] - 0.5)
    p[shared.claims] = sums.true / sums.draws
    known = votes.truth != UNKNOWN
    p[known] = votes.truth[known]
    return p

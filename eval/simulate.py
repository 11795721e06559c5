"""Truth discovery in worlds with known truth: is it right, sure of the right things, and fooled?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from eval.simulaterivals import Rated, dawid_skene, majority, oracle, truth_finder
from eval.simulateworld import Setting, World, make_world
from sayso.reliability.estimate import estimate

__all__ = ["FIRST_SEED", "METHODS", "SETTINGS", "Measured", "Simulated", "simulate"]

FloatArray = npt.NDArray[np.float64]

FIRST_SEED = 1000
"""Seed of the first world of a setting. Constants were chosen in worlds of other settings and of
seeds under it."""

METHODS = ("sayso", "majority", "one-coin", "two-coin", "TruthFinder", "oracle")

SLOW = 1000
"""Sources above which crowd-kit's one-coin model is left out, which takes minutes, and above which
there is one world a setting."""

SETTINGS = (
    Setting("50", 50),
    Setting("200", 200),
    Setting("1,000", 1000),
    Setting("5,000", 5000),
    Setting("50, copiers", 50, copiers=20),
    Setting("200, copiers", 200, copiers=80),
    Setting("1,000, copiers", 1000, copiers=400),
    Setting("5,000, copiers", 5000, copiers=2000),
    Setting("200, copiers, undated", 200, copiers=80, dated=False),
    Setting("200, copiers of good", 200, copiers=80, originals="good"),
    Setting("200, copiers of bad", 200, copiers=80, originals="bad"),
    Setting("200, copiers of bad, undated", 200, copiers=80, originals="bad", dated=False),
    Setting("50, clique", 50, copiers=25, originals="liar"),
    Setting("200, clique", 200, copiers=60, originals="liar"),
    Setting("200, clique, undated", 200, copiers=60, originals="liar", dated=False),
    Setting("200, outcomes of 5 %", 200, copiers=80, outcomes=0.05),
    Setting("200, 20 % true", 200, copiers=80, base=0.2),
    Setting("200, 90 % true", 200, copiers=80, base=0.9),
    Setting("200, third of claims hard", 200, copiers=80, hard=0.33),
)
"""The worlds that are reported."""


@dataclass(frozen=True, slots=True)
class Measured:
    """One method in one world.

    Attributes:
        rank: Spearman correlation of estimated with true reliability, over all sources.
        claims: share of the claims spoken of whose truth is found; draws count a half; NaN where
            it is not looked for.
        raised: mean change, by the copiers, of the estimated reliability of those they copy; NaN
            without copiers.
        raised_bad: the same over originals of a reliability of at most one half.
        targets: as `claims`, of those on which the clique repeats the liar; NaN without one.
    """

    rank: float
    claims: float
    raised: float
    raised_bad: float
    targets: float


@dataclass(slots=True)
class Simulated:
    """All worlds of a setting.

    Attributes:
        setting: of the worlds.
        methods: figures of each method, one a world.
        covered: share of the sources whose 90 % interval holds their true reliability, one a
            world; then that of copiers alone.
        width: mean width of the intervals.
        found: share of the copiers that are tied to their original or to another copier of it,
            whichever of the two is said to copy.
        precise: share of the ties said that are such.
        votes: how many there are.
    """

    setting: Setting
    methods: dict[str, list[Measured]] = field(default_factory=dict)
    covered: list[float] = field(default_factory=list)
    covered_copiers: list[float] = field(default_factory=list)
    width: list[float] = field(default_factory=list)
    found: list[float] = field(default_factory=list)
    precise: list[float] = field(default_factory=list)
    votes: list[int] = field(default_factory=list)

    def mean(self, method: str, figure: str) -> float:
        """Mean of a figure over the worlds; NaN if the method was left out."""
        values = [getattr(one, figure) for one in self.methods.get(method, [])]
        return float(np.mean(values)) if values else float("nan")

    def to_dict(self) -> dict[str, Any]:
        """As a JSON object."""
        return asdict(self)


def simulate(
    settings: Sequence[Setting] = SETTINGS, *, seeds: int = 5, first: int = FIRST_SEED
) -> list[Simulated]:
    """Measure each method in worlds of each setting.

    Args:
        settings: of the worlds.
        seeds: worlds a setting; one of more than `SLOW` sources.
        first: seed of the first.
    """
    out = []
    for setting in settings:
        found = Simulated(setting)
        for number in range(seeds if setting.sources <= SLOW else 1):
            _measure(make_world(setting, first + number), found, first + number)
        out.append(found)
    return out


def _measure(world: World, out: Simulated, seed: int) -> None:
    copier = world.copies >= 0
    alone = world.without_copiers() if copier.any() else None

    def ours(one: World) -> Rated:
        found = estimate(one.votes, seed=seed)
        if one is world:
            within = (found.low <= one.reliability) & (one.reliability <= found.high)
            out.covered.append(float(within.mean()))
            out.covered_copiers.append(_mean(within[copier]))
            out.width.append(float((found.high - found.low).mean()))
            family = np.where(copier, one.copies, np.arange(len(copier)))
            said = found.copies >= 0
            tied = said & (family == family[found.copies])
            out.found.append(_mean(_tied(tied, found.copies)[copier]))
            out.precise.append(_mean(tied[said]))
        return Rated(found.reliability, found.p_true)

    methods: dict[str, Callable[[World], Rated]] = {
        "sayso": ours,
        "majority": lambda one: majority(one.votes),
        "one-coin": lambda one: dawid_skene(one.votes, one_coin=True),
        "two-coin": lambda one: dawid_skene(one.votes, one_coin=False),
        "TruthFinder": lambda one: truth_finder(one.votes),
        "oracle": oracle,
    }
    out.votes.append(len(world.votes.source))
    for name, method in methods.items():
        if name == "one-coin" and world.setting.sources > SLOW:
            continue
        before = method(alone) if alone else None
        out.methods.setdefault(name, []).append(_compare(world, method(world), before))


def _tied(tied: npt.NDArray[np.bool_], copies: npt.NDArray[np.int32]) -> npt.NDArray[np.bool_]:
    """Sources that are tied to one of their family, whichever of the two is said to copy."""
    either = tied.copy()
    either[copies[tied]] = True
    return either


def _compare(world: World, rated: Rated, before: Rated | None) -> Measured:
    from scipy.stats import spearmanr

    rank = float(spearmanr(rated.reliability, world.reliability).statistic)
    spoken = np.zeros(len(world.truth), np.bool_)
    spoken[world.votes.claim] = True
    raised = raised_bad = targets = float("nan")
    if before is not None:
        originals = np.unique(world.copies[world.copies >= 0])
        change = rated.reliability[originals] - before.reliability[originals]
        raised = float(change.mean())
        raised_bad = _mean(change[world.reliability[originals] <= 0.5])
    if world.setting.originals == "liar":
        aimed = np.zeros_like(spoken)
        aimed[world.votes.claim[world.votes.source == world.setting.sources]] = True
        targets = _right(world, rated, aimed)
    return Measured(rank, _right(world, rated, spoken), raised, raised_bad, targets)


def _right(world: World, rated: Rated, which: npt.NDArray[np.bool_]) -> float:
    """Share of the claims whose truth is found, those with a given outcome left out."""
    if rated.p_true is None:
        return float("nan")
    which = which & (world.votes.truth < 0)
    sure = np.sign(rated.p_true[which] - 0.5)
    return _mean((1 + sure * np.where(world.truth[which], 1, -1)) / 2)


def _mean(values: npt.NDArray[Any]) -> float:
    return float(values.mean()) if len(values) else float("nan")

"""Worlds with known truth: sources of known reliability, claims, and what each says of them."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from sayso.reliability.votes import UNDATED, UNKNOWN, Votes

__all__ = ["Setting", "World", "make_world"]

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]

FEWEST, MOST = 10, 200
"""Claims of a source; their logarithm is uniform."""

KINDS = ((0.6, 18.0, 3.0), (0.25, 5.0, 7.0), (0.15, 6.0, 4.0))
"""Kinds of sources: share of the sources, and the Beta that their reliability comes from: reliable
(mean 0.86), unreliable (0.42), mixed (0.60)."""

HEDGERS, OFTEN, SELDOM = 0.25, 0.5, 0.05
"""Share of sources that hedge often, and the shares of their and of the others' votes."""

LEFT_LOW, LEFT_HIGH = 0.3, 0.9
"""What is left, in a hedged vote, of how far its source's reliability is from one half; uniform by
source, so that no one weight of hedges is right for all."""

TAKEN_LOW, TAKEN_HIGH = 0.6, 1.0
"""Share of its original's claims that a copier takes over; uniform by copier."""

MISREAD = 0.03
"""Share of what is taken over that is turned into its contrary."""

OWN_LOW, OWN_HIGH = 5, 60
"""Claims of its own that a copier speaks of; uniform."""

LIAR, REPEATED, TARGETS = 0.15, 0.9, 60
"""Reliability of the liar whom a clique repeats, the least share that is repeated, its claims."""

HARD = 0.5
"""What is left, in a hard claim, of how far each source's reliability is from one half."""


@dataclass(frozen=True, slots=True)
class Setting:
    """What a world is made of.

    Attributes:
        name: what the world is called.
        sources: how many that copy from nobody.
        copiers: how many more copy.
        originals: whom they copy from: `any` source, `good` or `bad` ones, or a `liar` that is
            added and that all of them repeat.
        dated: whether the days of the votes are known.
        outcomes: share of the claims whose truth is given.
        base: share of the claims that are true.
        hard: share of the claims on which every source is nearer to chance.
        skew: exponent of the Zipf law of how many sources speak of a claim.
    """

    name: str
    sources: int
    copiers: int = 0
    originals: str = "any"
    dated: bool = True
    outcomes: float = 0.0
    base: float = 0.6
    hard: float = 0.0
    skew: float = 1.0

    @property
    def claims(self) -> int:
        """How many claims there are."""
        return max(400, 2 * self.sources)


@dataclass(frozen=True, slots=True)
class World:
    """A world and what is known of it.

    Attributes:
        setting: what it was made from.
        votes: what the sources say.
        reliability: float64[sources], probability that what each firmly states is so: expected
            share over its own votes, what it took over at its original's reliability.
        truth: bool[claims].
        right: bool[votes], whether each vote is.
        copies: int64[sources], whom each copies, -1 nobody.
    """

    setting: Setting
    votes: Votes
    reliability: FloatArray
    truth: BoolArray
    right: BoolArray
    copies: IntArray

    def without_copiers(self) -> World:
        """The same world, had nobody copied."""
        kept = self.copies < 0
        rows = kept[self.votes.source]
        votes = self.votes
        fewer = Votes(
            source=(np.cumsum(kept) - 1)[votes.source[rows]].astype(np.int32),
            claim=votes.claim[rows],
            position=votes.position[rows],
            hedged=votes.hedged[rows],
            day=votes.day[rows],
            group=votes.group[kept],
            truth=votes.truth,
        )
        return replace(
            self,
            votes=fewer,
            reliability=self.reliability[kept],
            right=self.right[rows],
            copies=self.copies[kept],
        )


@dataclass(slots=True)
class _Speech:
    """What one source says: claims, whether it is right, whether it hedges, when."""

    claim: IntArray
    right: BoolArray
    hedged: BoolArray
    day: IntArray
    expected: FloatArray


def make_world(setting: Setting, seed: int) -> World:
    """Make a world; the same seed gives the same one."""
    chance = np.random.default_rng(seed)
    truth = chance.random(setting.claims) < setting.base
    maker = _Maker(setting, chance)
    speeches = [maker.speak(theta) for theta in _reliabilities(setting.sources, chance)]
    copies = [-1] * len(speeches)
    means = np.array([speech.expected.mean() for speech in speeches])
    if setting.originals == "liar":
        speeches.append(maker.lie())
        copies.append(-1)
    for _ in range(setting.copiers):
        original = _original(setting, means, chance)
        speeches.append(maker.copy(speeches[original]))
        copies.append(original)
    return _world(setting, speeches, np.array(copies), truth, chance)


def _reliabilities(count: int, chance: np.random.Generator) -> FloatArray:
    kind = chance.choice(len(KINDS), count, p=[share for share, _, _ in KINDS])
    right, wrong = np.array(KINDS)[kind, 1:].T
    return np.asarray(chance.beta(right, wrong))


def _original(setting: Setting, means: FloatArray, chance: np.random.Generator) -> int:
    if setting.originals == "liar":
        return setting.sources
    eligible = {
        "any": means > 0,
        "good": means >= 0.8,
        "bad": means <= 0.5,
    }[setting.originals]
    return int(chance.choice(np.flatnonzero(eligible)))


class _Maker:
    """Makes what sources say."""

    def __init__(self, setting: Setting, chance: np.random.Generator) -> None:
        self._chance = chance
        self._popular = -setting.skew * np.log(np.arange(1, setting.claims + 1))
        self._hard = chance.random(setting.claims) < setting.hard
        self._began = chance.integers(0, 365, setting.claims)

    def speak(self, theta: float, count: int | None = None, *, alike: bool = False) -> _Speech:
        """What a source of such reliability says of claims, popular ones rather, or all alike."""
        chance, popular = self._chance, self._popular
        if count is None:
            count = int(np.exp(chance.uniform(np.log(FEWEST), np.log(MOST + 1))))
        order = chance.gumbel(size=len(popular)) + (0 if alike else popular)
        claim = np.sort(np.argsort(-order)[:count])
        expected = 0.5 + np.where(self._hard[claim], HARD, 1.0) * (theta - 0.5)
        often = OFTEN if chance.random() < HEDGERS else SELDOM
        hedged = chance.random(len(claim)) < often
        left = np.where(hedged, chance.uniform(LEFT_LOW, LEFT_HIGH), 1.0)
        right = chance.random(len(claim)) < 0.5 + left * (expected - 0.5)
        day = self._began[claim] + chance.integers(0, 10, len(claim))
        return _Speech(claim, right, hedged, day, expected)

    def lie(self) -> _Speech:
        """What the liar says, of claims that others seldom speak of."""
        return self.speak(LIAR, TARGETS, alike=True)

    def copy(self, original: _Speech) -> _Speech:
        """What a copier says: much of its original's, and something of its own."""
        chance = self._chance
        share = chance.uniform(TAKEN_LOW, TAKEN_HIGH)
        taken = np.flatnonzero(chance.random(len(original.claim)) < share)
        right = original.right[taken] ^ (chance.random(len(taken)) < MISREAD)
        day = original.day[taken] + chance.integers(1, 4, len(taken))
        own = self.speak(
            float(_reliabilities(1, chance)[0]), int(chance.integers(OWN_LOW, OWN_HIGH + 1))
        )
        fresh = ~np.isin(own.claim, original.claim[taken])
        return _Speech(
            np.append(original.claim[taken], own.claim[fresh]),
            np.append(right, own.right[fresh]),
            np.append(original.hedged[taken], own.hedged[fresh]),
            np.append(day, own.day[fresh]),
            np.append(MISREAD + (1 - 2 * MISREAD) * original.expected[taken], own.expected[fresh]),
        )


def _world(
    setting: Setting,
    speeches: list[_Speech],
    copies: IntArray,
    truth: BoolArray,
    chance: np.random.Generator,
) -> World:
    source = np.repeat(np.arange(len(speeches)), [len(one.claim) for one in speeches])
    claim = np.concatenate([one.claim for one in speeches])
    right = np.concatenate([one.right for one in speeches])
    day = np.concatenate([one.day for one in speeches])
    known = chance.random(setting.claims) < setting.outcomes
    votes = Votes(
        source=source.astype(np.int32),
        claim=claim.astype(np.int32),
        position=np.where(right == truth[claim], 1, -1).astype(np.int8),
        hedged=np.concatenate([one.hedged for one in speeches]),
        day=(day if setting.dated else np.full(len(day), UNDATED)).astype(np.int32),
        group=np.zeros(len(speeches), np.int32),
        truth=np.where(known, truth, UNKNOWN).astype(np.int8),
    )
    reliability = np.array([one.expected.mean() for one in speeches])
    return World(setting, votes, reliability, truth, right, copies)

"""What a rating is made from, and what it says."""

from __future__ import annotations

from dataclasses import dataclass

from sayso.rating.scale import INTERVAL

__all__ = ["ClaimRating", "ClaimRecord", "SourceRating", "SourceRecord"]


@dataclass(frozen=True, slots=True)
class SourceRecord:
    """The evidence on a source or an outlet: columns of `sayso.profiles.schema.SOURCES`.

    Attributes:
        reliability: estimated probability that what it states is so; None without an estimate.
        reliability_low, reliability_high: the ends of its 90 % interval.
        prior: what the estimate shrinks to.
        checked: how many claims' worth of evidence the estimate rests on.
        shared: claims on which it and other independent sources take a side.
        agreed, contradicted: of these, on how many most of the others are with it, and against it.
        known: claims on which it takes a side and whose outcome is known.
        right: of these, on how many it was right.
        brier: mean squared error of what its stances commit it to; None without outcomes.
        copied: share of its claims judged to be taken over from another, or None.
    """

    reliability: float | None = None
    reliability_low: float | None = None
    reliability_high: float | None = None
    prior: float | None = None
    checked: float | None = None
    shared: int | None = None
    agreed: int | None = None
    contradicted: int | None = None
    known: int | None = None
    right: int | None = None
    brier: float | None = None
    copied: float | None = None

    @property
    def own(self) -> float:
        """About what share of the estimate is the source's own record, the rest being the prior.

        That is evidence over evidence and prior together, in claims; the latter as a Beta
        distribution of this mean and with an interval of this width has it.
        """
        mean, low, high = self.reliability, self.reliability_low, self.reliability_high
        if mean is None or low is None or high is None or not self.checked or high <= low:
            return 0.0
        together = mean * (1 - mean) / ((high - low) / INTERVAL) ** 2 - 1
        return self.checked / max(self.checked, together)


@dataclass(frozen=True, slots=True)
class ClaimRecord:
    """The evidence on a claim: columns of `sayso.profiles.schema.CLAIMS`.

    There is nothing in it of how reliable its sources are. Sources are independent ones, copies
    left out, each by its latest side.

    Attributes:
        supporting, supporting_hedged: sources for it, without and with a hedge.
        opposing, opposing_hedged: sources against it, without and with a hedge.
        speculating: sources that leave it open; they count on neither side.
        carriers: outlets that carry it other than as a near-copy.
        outcome: whether it is known to be true or false; None where it is not known.
    """

    supporting: int = 0
    supporting_hedged: int = 0
    opposing: int = 0
    opposing_hedged: int = 0
    speculating: int = 0
    carriers: int = 0
    outcome: bool | None = None


@dataclass(frozen=True, slots=True)
class SourceRating:
    """How far a source can be relied on.

    Attributes:
        letter: a key of `sayso.rating.scale.LETTERS`.
        reasons: for it, in sentences.
    """

    letter: str
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ClaimRating:
    """How credible a claim is.

    Attributes:
        digit: a key of `sayso.rating.scale.DIGITS`: of what is said for the claim.
        contrary: the digit of what is said against it.
        reasons: for `digit`, in sentences.
    """

    digit: str
    contrary: str
    reasons: tuple[str, ...]

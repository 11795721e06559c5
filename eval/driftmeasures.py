"""What is compared between two scored corpora, and from when on it counts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from eval.articlecounts import COUNTS, EDGES, LOW, place_of
from eval.moments import Moments, Ratios

__all__ = ["MEAN", "MEASURES", "MIX", "MOVED_AT", "RELATIVE", "SHARE", "Measure"]

MEAN, RELATIVE, SHARE, MIX = "mean", "relative", "share", "mix"
"""How two values are compared: by their difference, by their quotient less 1, or by the population
stability index, of a share against its rest or of a whole mix."""

MOVED_AT, DUE_AT = 0.1, 0.25
"""The customary bounds of the population stability index (Lewis 1994; Siddiqi 2006)."""


@dataclass(frozen=True, slots=True)
class Measure:
    """One respect in which corpora are compared.

    Attributes:
        name: for files.
        title: for people.
        kind: one of `MEAN`, `RELATIVE`, `SHARE`, `MIX`.
        tops: the counts that are divided, one but for a mix.
        bottom: the count that they are divided by.
        notice: effect from which on a sure difference is told.
        due: effect from which on it is a reason to train again.
        texts: whether it takes the articles' texts.
        trust: whether it says how far the model is to be trusted, whoever is speaking: only these
            count of an outlet that the reference does not have.
        scale: what values are multiplied by to be told.
    """

    name: str
    title: str
    kind: str
    tops: tuple[str, ...]
    bottom: str
    notice: float
    due: float
    texts: bool = False
    trust: bool = False
    scale: float = 1.0

    def ratios(self, moments: Moments) -> Ratios | None:
        """The measure's values of a group of articles; of a share itself and its rest."""
        weights = np.zeros((len(self.tops) if self.kind == MIX else 1, len(COUNTS)))
        for number, top in enumerate(self.tops):
            weights[number if self.kind == MIX else 0, place_of(top)] = 1.0
        bottom = place_of(self.bottom)
        if self.kind == SHARE:
            rest = -weights
            rest[0, bottom] += 1.0
            weights = np.concatenate([weights, rest])
        return moments.ratios(weights, bottom)

    @property
    def cells(self) -> tuple[str, ...]:
        """The names of a mix's parts."""
        if self.name == "confidence_mix":
            return (f"< {EDGES[0]:g}", *(f"≥ {edge:g}" for edge in EDGES))
        return tuple(top.partition(".")[2] for top in self.tops)


def _mix(name: str, title: str, *, trust: bool = False) -> Measure:
    tops = tuple(one for one in COUNTS if one.startswith(f"{name}."))
    return Measure(f"{name}_mix", title, MIX, tops, "statements", MOVED_AT, DUE_AT, trust=trust)


def _share(name: str, title: str, tops: tuple[str, ...], *, trust: bool = False) -> Measure:
    return Measure(
        name, title, SHARE, tops, "statements", MOVED_AT, DUE_AT, trust=trust, scale=100.0
    )


_UNSURE = tuple(f"confidence.{n}" for n in range(EDGES.index(LOW) + 1))

MEASURES = (
    _mix("stance", "stance mix"),
    Measure("confidence", "mean confidence of the stance, %", MEAN, ("confidence",), "statements",
            0.025, 0.05, trust=True, scale=100.0),
    _share("low_confidence", f"statements with confidence under {LOW}, %", _UNSURE, trust=True),
    _mix("confidence", "histogram of confidence", trust=True),
    Measure("p_statement", "mean p_statement, %", MEAN, ("p_statement",), "statements",
            0.025, 0.05, trust=True, scale=100.0),
    Measure("per_article", "statements an article that has some", RELATIVE, ("statements",),
            "speaking", 0.15, 0.5),
    Measure("per_1000_words", "statements in 1,000 words", RELATIVE, ("statements",), "words",
            0.15, 0.3, texts=True, scale=1000.0),
    Measure("speaking", "articles with a statement, %", MEAN, ("speaking",), "articles",
            0.05, 0.1, texts=True, scale=100.0),
    _share("nested", "nested statements, %", ("nested",)),
    _share("without_source", "statements without a source, %", ("without_source",)),
    _mix("kind", "kinds of source"),
    _mix("form", "forms"),
)  # fmt: skip
"""The bounds of mixes and shares are the customary ones. Mean confidence falls by about as much
as accuracy does (Guillory et al. 2021), so that its bounds are points of accuracy. Those of rates
are chosen so that the halves of a corpus stay below and other kinds of news do not."""

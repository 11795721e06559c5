"""Denials tied to what they deny, within an article: a linear model over pairs of statements.

Each statement that a denial may deny gets a probability by logistic regression over the features
of `sayso.claims.pairs`; the likeliest is taken where it reaches a threshold. The weights in
`denials.json` are fitted on labelled news by `python -m eval denials --fit`.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from sayso.claims.mouths import Said, hear
from sayso.claims.pairs import FEATURES, candidates, pair_features, rarities

__all__ = ["WEIGHTS", "Said", "Weights", "link_denials"]

WEIGHTS = Path(__file__).with_name("denials.json")
"""Where the fitted weights are."""


@dataclass(frozen=True, slots=True)
class Weights:
    """A fitted model of links.

    Attributes:
        weights: [features] in the order of `FEATURES`.
        bias: the constant of the regression.
        threshold: least probability of a link.
    """

    weights: npt.NDArray[np.float64]
    bias: float
    threshold: float

    def to_json(self) -> str:
        """As the text of a JSON file, the weights by name."""
        named = dict(zip(FEATURES, self.weights.round(4).tolist(), strict=True))
        whole = {"bias": round(self.bias, 4), "threshold": self.threshold, "weights": named}
        return json.dumps(whole, indent=1) + "\n"

    @classmethod
    def from_json(cls, text: str) -> Weights:
        """Read what `to_json` writes."""
        whole = json.loads(text)
        weights = np.array([whole["weights"][name] for name in FEATURES])
        return cls(weights, whole["bias"], whole["threshold"])

    def probabilities(self, features: npt.ArrayLike) -> npt.NDArray[np.float64]:
        """[candidates, features] → how probable each link is, [candidates]."""
        each = np.asarray(features, np.float64).reshape(-1, len(FEATURES))
        return np.asarray(1 / (1 + np.exp(-(each @ self.weights + self.bias))))


@cache
def _shipped() -> Weights:
    return Weights.from_json(WEIGHTS.read_text(encoding="utf-8"))


def link_denials(said: Sequence[Said], *, weights: Weights | None = None) -> list[int | None]:
    """Tie each denial of an article to the statement whose claim it rejects.

    Args:
        said: all statements of one article, in reading order.
        weights: another model than the one that ships.

    Returns:
        For each statement the index of the one that it denies; None for one that is no denial, and
        where the article has no statement of what is denied.
    """
    links: list[int | None] = [None] * len(said)
    denials = [n for n, one in enumerate(said) if one.stance == "denial"]
    if not denials or len(said) < 2:
        return links
    weights = weights or _shipped()
    heard = hear(said)
    rarity = rarities(heard)
    for denial in denials:
        among = candidates(said, denial)
        if not among:
            continue
        chances = weights.probabilities(pair_features(said, heard, denial, among, rarity))
        best = int(chances.argmax())
        if chances[best] >= weights.threshold:
            links[denial] = among[best]
    return links

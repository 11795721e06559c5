"""Denials tied to what they deny, within an article: a linear model over pairs of statements.

A denial is taken for one of the statement that scores highest by the features of
`sayso.claims.pairs`, or of none that is written where that scores higher still (a conditional
logit; McFadden 1974). Denials are read in order, so that one that follows another may deny the
same. The weights in `denials.json` are fitted on labelled news: `python -m eval denials --fit`.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from sayso.claims.heard import Said
from sayso.claims.pairs import FEATURES, NOTHING, Choice, set_scene
from sayso.errors import InputError

__all__ = ["WEIGHTS", "Said", "Weights", "link_denials"]

WEIGHTS = Path(__file__).with_name("denials.json")
"""Where the fitted weights are."""

FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Weights:
    """A fitted model of links.

    Attributes:
        pairs: [`FEATURES`] weights of a denial with a statement.
        nothing: [`NOTHING`] weights of a denial of nothing written.
    """

    pairs: FloatArray
    nothing: FloatArray

    def to_json(self) -> str:
        """As the text of a JSON file, the weights by name."""
        named = {
            "pairs": dict(zip(FEATURES, self.pairs.round(4).tolist(), strict=True)),
            "nothing": dict(zip(NOTHING, self.nothing.round(4).tolist(), strict=True)),
        }
        return json.dumps(named, indent=1) + "\n"

    @classmethod
    def from_json(cls, text: str) -> Weights:
        """Read what `to_json` writes.

        Raises:
            InputError: it is something else.
        """
        try:
            named = json.loads(text)
            return cls(
                np.array([float(named["pairs"][name]) for name in FEATURES]),
                np.array([float(named["nothing"][name]) for name in NOTHING]),
            )
        except (ValueError, TypeError, KeyError) as error:
            raise InputError(f"expected weights by name, found {error!r}") from error

    def best(self, choice: Choice) -> int | None:
        """The statement that a denial is taken to deny, or None."""
        if not len(choice.among):
            return None
        scores = choice.features @ self.pairs
        best = int(scores.argmax())
        if scores[best] <= choice.nothing @ self.nothing:
            return None
        return int(choice.among[best])


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
    scene = set_scene(said)
    told: dict[int, int | None] = {}
    for denial in denials:
        best = weights.best(scene.choice(denial, told))
        told[denial] = links[denial] = None if best is None else scene.claimant(best, denial)
    return links

"""How far two annotators agree on what denials deny."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from data.denials import DeniedArticle
from eval.figures import Figure, accuracy, f1, interval

__all__ = ["LinkAgreement", "measure_link_agreement"]


@dataclass(frozen=True, slots=True)
class LinkAgreement:
    """Agreement of two annotators on the same denials, over articles.

    Attributes:
        alike: share of the denials of which both say that they deny something written, or both
            that they deny nothing written.
        overlapping: share of those that deny something to both whose statements overlap.
        pairs: F1 of the pairs of a denial and a statement denied, the same whoever is taken for
            right (Hripcsak and Rothschild 2005).
    """

    alike: Figure
    overlapping: Figure
    pairs: Figure

    def __str__(self) -> str:
        return (
            f"Annotators: {self.alike} % alike on whether something is denied, "
            f"{self.overlapping} % with a statement in common where it is, "
            f"F1 {self.pairs} of pairs."
        )


def measure_link_agreement(
    first: Sequence[DeniedArticle], second: Sequence[DeniedArticle]
) -> LinkAgreement:
    """Compare two annotators' links of the same articles in the same order."""
    alike, overlapping, pairs = [], [], []
    for one, other in zip(first, second, strict=True):
        both = [(set(one.denies[name]), set(other.denies[name])) for name in one.denies]
        alike.append(_shares([bool(a) == bool(b) for a, b in both]))
        overlapping.append(_shares([bool(a & b) for a, b in both if a and b]))
        pairs.append([sum(map(len, sets)) for sets in _columns(both)])
    return LinkAgreement(
        interval(alike, accuracy), interval(overlapping, accuracy), interval(pairs, f1)
    )


def _columns(both: Sequence[tuple[set[str], set[str]]]) -> list[list[set[str]]]:
    """What both link each denial to, the first annotator's links, and the second's."""
    return [[a & b for a, b in both], [a for a, _ in both], [b for _, b in both]]


def _shares(found: Sequence[bool]) -> list[list[int]]:
    return [[sum(found), len(found) - sum(found)], [0, 0]]

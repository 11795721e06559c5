"""A denial and each statement that it may deny, in numbers."""

from __future__ import annotations

import math
from collections.abc import Sequence

from sayso.claims.mouths import Heard, Said

__all__ = ["FEATURES", "REACH", "candidates", "pair_features", "rarities"]

REACH = 60
"""Statements before and after a denial among which the denied one is looked for."""

FEATURES = (
    "cover",
    "most",
    "share",
    "shared",
    "names",
    "numbers",
    "inside",
    "around",
    "beside",
    "own",
    "unsourced",
    "denial",
    "hedge",
    "speculation",
    "near_before",
    "near_after",
    "after",
    "last_other",
    "accuses",
    "accuses_denier",
    "guilt",
    "anaphor_near",
    "same_word",
    "claim_cue",
    "of_denier",
    "by_named",
    "wordless",
)
"""What is known of a denial and a candidate, in the order of the weights."""


def candidates(said: Sequence[Said], denial: int) -> list[int]:
    """The statements that a denial may deny: those of another mouth, within `REACH`."""
    first, last = max(denial - REACH, 0), min(denial + REACH + 1, len(said))
    return [n for n in range(first, last) if n != denial and said[n].stance in _DENIABLE]


_DENIABLE = frozenset(("assertion", "denial", "hedge", "speculation"))


def pair_features(
    said: Sequence[Said],
    heard: Sequence[Heard],
    denial: int,
    among: Sequence[int],
    rarity: dict[str, float],
) -> list[list[float]]:
    """The features of a denial with each candidate.

    Args:
        said: the statements of an article.
        heard: the same, read.
        denial: which of them denies.
        among: the candidates.
        rarity: how much each term tells, by how few statements have it.

    Returns:
        [candidates][features], in the order of `FEATURES`.
    """
    mine, one = heard[denial], said[denial]
    above = _ancestors(said, denial)
    whole = sum(rarity[t] for t in mine.terms) or 1.0
    shared = [mine.terms & heard[n].terms for n in among]
    worth = [sum(rarity[t] for t in terms) for terms in shared]
    most = max(worth, default=0.0) or 1.0
    last = max((n for n in among if n < denial and heard[n].entity != mine.entity), default=-1)
    out = []
    for n, terms, value in zip(among, shared, worth, strict=True):
        other, theirs = said[n], heard[n]
        near = 1.0 / (1.0 + abs(n - denial))
        before = n < denial
        out.append(
            [
                value / whole,
                float(value == most and value > 0),
                value / (whole + sum(rarity[t] for t in theirs.terms) - value or 1.0),
                min(len(terms), 4) / 4,
                float(not mine.names.isdisjoint(theirs.names & terms)),
                float(not mine.numbers.isdisjoint(theirs.numbers)),
                float(other.parent == denial),
                float(n in above),
                float(one.parent is not None and other.parent == one.parent),
                float(mine.entity != "" and theirs.entity == mine.entity),
                float(theirs.entity == ""),
                float(other.stance == "denial"),
                float(other.stance == "hedge"),
                float(other.stance == "speculation"),
                near if before else 0.0,
                0.0 if before else near,
                float(not before),
                float(n == last),
                float(theirs.accuses),
                float(theirs.accuses and not mine.source.isdisjoint(theirs.terms)),
                float(theirs.accuses and mine.guilt),
                near if before and mine.anaphor and mine.claim else 0.0,
                float(mine.claim != "" and theirs.cue.startswith(mine.claim[:5])),
                float(theirs.cue != ""),
                float(not mine.source.isdisjoint(theirs.terms)),
                float(not theirs.source.isdisjoint(mine.terms)),
                float(not mine.terms),
            ]
        )
    return out


def rarities(heard: Sequence[Heard]) -> dict[str, float]:
    """How much each term of an article tells: log of all statements over those that have it."""
    counts: dict[str, int] = {}
    for one in heard:
        for term in one.terms:
            counts[term] = counts.get(term, 0) + 1
    return {term: math.log(1 + len(heard) / many) for term, many in counts.items()}


def _ancestors(said: Sequence[Said], number: int) -> set[int]:
    found: set[int] = set()
    at = said[number].parent
    while at is not None and at not in found:
        found.add(at)
        at = said[at].parent
    return found

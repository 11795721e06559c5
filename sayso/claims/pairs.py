"""A denial and each statement that it may deny, in numbers."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from sayso.claims.heard import Heard, Said, families, hear, same_claim
from sayso.records import STANCES

__all__ = ["FEATURES", "NOTHING", "REACH", "Choice", "Scene", "set_scene"]

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
Columns: TypeAlias = "dict[str, FloatArray]"

REACH = 60
"""Statements before and after a denial among which the denied one is looked for."""

FEATURES = (
    "cover",  # weight of the terms shared, over that of the denial's terms
    "share",  # the same over that of either's terms
    "shared",  # terms shared, four at most
    "names",  # a name in both
    "family",  # acts of one kind in both
    "inside",  # the statement stands in the denial's content
    "inside_claim",  # and its cue is a word for a claim: denied claims that …
    "around",  # the denial stands in the statement's content
    "beside",  # both stand in one content
    "own",  # of one source
    "kin",  # the sources' names share a word
    "unsourced",
    "denial",
    "hedge",
    "speculation",
    "nested",
    "negated",
    "near_before",  # one over the distance in statements, where it stands before
    "near_after",
    "after",
    "last_other",  # the last one before of another source, on its own level
    "next_other",
    "close",  # hardly any text between the contents
    "close_wordless",  # and the denial's content has hardly a term
    "claim_cue",  # its cue is a word for a claim
    "accuses",
    "accuses_denier",  # and its content names the denier
    "accuses_guilt",  # and the denial speaks of guilt
    "of_denier",  # its content names the denier
    "by_named",  # the denial names its source
    "same_word",  # the denial's word for a claim is its cue's
    "same_mouth",  # or its source's
    "mouth_claim",  # its source is a claim: a report
    "report",  # its source is an outlet or a document
    "points_near",  # near before a denial that points back
    "inherits",  # denied by a denial just before
)
"""What is known of a denial and a statement, in the order of the weights."""

NOTHING = ("bias", "cover", "inside_claim", "wordless", "claim", "points", "guilt", "many")
"""What is known of a denial that may deny nothing written: its largest features, and its own."""

_SHARED = 4.0
_CLOSE = 90
"""Code points between contents that are close."""

_MOST = 0.5
"""Share of a content above which it is all that the content says."""

_STEPS = 3
"""Denials back whose target is inherited."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A denial and what it may deny.

    Attributes:
        among: [candidates] indices of the statements.
        features: [candidates, `FEATURES`].
        nothing: [`NOTHING`] features of denying none of them.
    """

    among: IntArray
    features: FloatArray
    nothing: FloatArray


@dataclass(frozen=True, slots=True)
class Scene:
    """The n statements of an article with what is looked up of them for each denial.

    Attributes:
        heard: the statements, read.
        rarity: how much each term tells: log of all statements over those that have it.
        holders: the statements whose content has a term or an act of a kind.
        mouths: the statements by a name of their source.
        entity: [n] a number for each source; 0 where none is written.
        parent: [n] -1 for none.
        start, end: [n] of the content; -1 where none is written.
        weight: [n] rarity of all terms.
        sided: [n] whether it has a stance, so that it can be denied.
        columns: features that do not depend on the denial, [n] each.
    """

    heard: list[Heard]
    rarity: dict[object, float]
    holders: Mapping[object, list[int]]
    mouths: Mapping[object, list[int]]
    entity: IntArray
    parent: IntArray
    start: IntArray
    end: IntArray
    weight: FloatArray
    sided: npt.NDArray[np.bool_]
    columns: Columns

    def choice(self, denial: int, told: Mapping[int, int | None]) -> Choice:
        """What a denial may deny.

        Args:
            denial: its index.
            told: what the denials before it deny.
        """
        mine, first = self.heard[denial], max(denial - REACH, 0)
        at = np.arange(first, min(denial + REACH + 1, len(self.heard)))
        span = slice(first, first + len(at))
        columns: Columns = {name: column[span] for name, column in self.columns.items()}
        columns |= self._overlap(mine, span)
        columns |= self._place(denial, at, span)
        columns |= self._speech(mine, columns, at, span)
        columns["close_wordless"] = columns["close"] * (len(mine.terms) < 2)
        columns["points_near"] = columns["near_before"] * (mine.points and mine.claim != "")
        columns["inside_claim"] = columns["inside"] * columns["claim_cue"]
        columns["inherits"] = _inherited(denial, told, at)
        table = np.empty((len(FEATURES), len(at)))
        for row, name in enumerate(FEATURES):
            table[row] = columns[name]
        kept = self.sided[span] & (at != denial)
        features = table.T[kept]
        return Choice(at[kept], features, _nothing(mine, features))

    def claimant(self, number: int, denial: int) -> int:
        """The statement by which the source of a claim makes it.

        Of statements of which one is nearly all that another tells it is the innermost one with a
        source of its own: what the officials say in `the paper reported that officials say X`, but
        not what they believe in `they said they believe X`.

        Args:
            number: the index of one of them.
            denial: that of the denial, which is not gone beyond.
        """
        for outer in self._above(number):
            same = self.entity[outer] == self.entity[number] > 0
            if outer == denial or not same or not self._tells(outer, number):
                break
            number = outer
        for _ in range(len(self.heard)):
            own = (
                inner
                for inner in np.flatnonzero(self.parent == number).tolist()
                if inner != denial and self.entity[inner] not in (0, self.entity[number])
            )
            inner = next((one for one in own if self._tells(number, one)), None)
            if inner is None:
                break
            number = inner
        return number

    def _tells(self, outer: int, inner: int) -> bool:
        """Whether a statement inside another is nearly all that the other tells."""
        part = self.end[inner] - self.start[inner]
        return bool(self.sided[outer] and self.sided[inner]) and bool(
            part >= _MOST * (self.end[outer] - self.start[outer])
        )

    def _overlap(self, mine: Heard, span: slice) -> Columns:
        """What the contents share."""
        size = span.stop - span.start
        worth, count = np.zeros(size), np.zeros(size)
        for term in mine.terms:
            value = self.rarity[term]
            for n in self.holders[term]:
                if span.start <= n < span.stop:
                    worth[n - span.start] += value
                    count[n - span.start] += 1
        whole = sum(self.rarity[term] for term in mine.terms) or 1.0
        return {
            "cover": worth / whole,
            "share": worth / np.maximum(whole + self.weight[span] - worth, 1e-9),
            "shared": np.minimum(count, _SHARED) / _SHARED,
            "names": _any_of(self.holders, mine.names, span),
            "family": _any_of(self.holders, families(mine.terms), span),
        }

    def _place(self, denial: int, at: IntArray, span: slice) -> Columns:
        """Where the statements stand towards the denial, and whose they are."""
        before, parent = at < denial, self.parent[span]
        near = 1 / (1 + np.abs(at - denial))
        own = (self.entity[span] == self.entity[denial]) & (self.entity[denial] > 0)
        above = np.zeros(len(at), np.bool_)
        above[[n - span.start for n in self._above(denial) if span.start <= n < span.stop]] = True
        inside = parent == denial
        other = ~own & ~above & ~inside
        gap = np.maximum(self.start[span] - self.end[denial], self.start[denial] - self.end[span])
        kin = _any_of(self.mouths, self.heard[denial].source, span) > 0
        return {
            "inside": inside,
            "around": above,
            "beside": (parent == self.parent[denial]) & (parent >= 0),
            "own": own,
            "kin": kin & ~own,
            "near_before": near * before,
            "near_after": near * ~before,
            "after": ~before,
            "last_other": _only(np.flatnonzero(other & before)[-1:], len(at)),
            "next_other": _only(np.flatnonzero(other & (at > denial))[:1], len(at)),
            "close": gap < _CLOSE,
        }

    def _speech(self, mine: Heard, columns: Columns, at: IntArray, span: slice) -> Columns:
        """Who accuses and who is named."""
        denier = _any_of(self.holders, mine.source, span)
        word, mouth = np.zeros(len(at)), np.zeros(len(at))
        if mine.claim:
            word[:] = [same_claim(one.cue, mine.claim) for one in self.heard[span]]
            mouth[:] = [same_claim(one.mouth, mine.claim) for one in self.heard[span]]
        return {
            "of_denier": denier,
            "accuses_denier": columns["accuses"] * denier,
            "accuses_guilt": columns["accuses"] * mine.guilt,
            "by_named": _any_of(self.mouths, mine.terms, span),
            "same_word": word,
            "same_mouth": mouth,
        }

    def _above(self, number: int) -> list[int]:
        """The statements in whose content one stands."""
        found: list[int] = []
        at = int(self.parent[number])
        while at >= 0 and at not in found:
            found.append(at)
            at = int(self.parent[at])
        return found


def set_scene(said: Sequence[Said]) -> Scene:
    """Read an article's statements, in reading order."""
    heard = hear(said)
    holders: dict[object, list[int]] = defaultdict(list)
    mouths: dict[object, list[int]] = defaultdict(list)
    for n, one in enumerate(heard):
        for term in (*one.terms, *families(one.terms)):
            holders[term].append(n)
        for name in one.source:
            mouths[name].append(n)
    rarity = {term: math.log(1 + len(heard) / len(places)) for term, places in holders.items()}
    codes: dict[str, int] = {"": 0}
    return Scene(
        heard=heard,
        rarity=rarity,
        holders=dict(holders),
        mouths=dict(mouths),
        entity=np.array([codes.setdefault(one.entity, len(codes)) for one in heard]),
        parent=np.array([-1 if one.parent is None else one.parent for one in said]),
        start=np.array([one.start for one in said]),
        end=np.array([one.end for one in said]),
        weight=np.array([sum(rarity[term] for term in one.terms) for one in heard]),
        sided=np.array([one.stance in STANCES for one in said]),
        columns={
            "unsourced": np.array([one.entity == "" for one in heard]),
            "denial": np.array([one.stance == "denial" for one in said]),
            "hedge": np.array([one.stance == "hedge" for one in said]),
            "speculation": np.array([one.stance == "speculation" for one in said]),
            "nested": np.array([one.parent is not None for one in said]),
            "negated": np.array([one.negated for one in heard]),
            "claim_cue": np.array([one.cue != "" for one in heard]),
            "mouth_claim": np.array([one.mouth != "" for one in heard]),
            "accuses": np.array([one.accuses for one in heard]),
            "report": np.array([one.source_kind in ("outlet", "document") for one in said]),
        },
    )


def _nothing(mine: Heard, features: FloatArray) -> FloatArray:
    most = features.max(axis=0, initial=0)
    return np.array(
        [
            1.0,
            most[FEATURES.index("cover")],
            most[FEATURES.index("inside_claim")],
            not mine.terms,
            mine.claim != "",
            mine.points,
            mine.guilt,
            math.log1p(len(features)),
        ]
    )


def _inherited(denial: int, told: Mapping[int, int | None], at: IntArray) -> FloatArray:
    """How near a denial before it is that denies a statement."""
    out = np.zeros(len(at))
    for n in range(denial - 1, denial - 1 - _STEPS, -1):
        target = told.get(n)
        if target is not None and at[0] <= target <= at[-1]:
            out[target - at[0]] = 1 / (denial - n)
            break
    return out


def _only(places: IntArray, size: int) -> FloatArray:
    out = np.zeros(size)
    out[places] = 1
    return out


def _any_of(held: Mapping[object, list[int]], terms: Iterable[object], span: slice) -> FloatArray:
    """Which statements of a span have any of the terms."""
    out = np.zeros(span.stop - span.start)
    for term in terms:
        for n in held.get(term, ()):
            if span.start <= n < span.stop:
                out[n - span.start] = 1
    return out

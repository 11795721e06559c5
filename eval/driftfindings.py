"""Every comparison of two profiles: measure by measure, over all, by outlet and by month."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from eval.driftmeasures import MEAN, MEASURES, MIX, MOVED_AT, RELATIVE, SHARE, Measure
from eval.driftprofile import MONTH, OUTLET, WHOLE, Group, Profile
from eval.moments import Moments, Ratios
from eval.shift import Shift, holm, mean_shift, mix_shift
from eval.wordshift import WordShift

__all__ = ["ALPHA", "DUE", "MOVED", "NEVER", "SAME", "Finding", "find_shifts"]

ALPHA = 0.05
"""Chance of any false alarm among all comparisons."""

SAME, MOVED, DUE = "same", "moved", "due"
"""What a comparison says: no sure and large difference, one, or one that is a reason to train."""

NEVER = float("inf")

_CELLS = 50
"""Outlets that are told apart in the mix of outlets."""

_UNKNOWN = Measure(
    "unknown_words", "unknown words of an article, %", RELATIVE, ("unknown",), "different",
    0.15, 0.5, texts=True, trust=True, scale=100.0,
)  # fmt: skip
_CLASSIFIER = Measure(
    "classifier", "articles told apart by their words, AUC", MEAN, (), "", 0.2, NEVER, texts=True
)
_OUTLETS = Measure("outlet_mix", "mix of outlets", MIX, (), "", MOVED_AT, NEVER)


@dataclass(frozen=True, slots=True)
class Finding:
    """A group of articles of the corpus in one respect.

    Attributes:
        measure: the respect.
        group: the articles.
        same: whether they are compared with the reference's articles of the same outlet, rather
            than with all of it.
        articles: how many of the reference and of the corpus.
        before, after: values of both; of a mix by `Measure.cells`, else one.
        reach: half the 95 % interval of each of `after`; empty where it is not known.
        shift: how far apart they lie; its `p` is of this comparison alone.
        p: corrected for all comparisons (Holm).
        level: one of `SAME`, `MOVED`, `DUE`.
    """

    measure: Measure
    group: Group
    same: bool
    articles: tuple[int, int]
    before: tuple[float, ...]
    after: tuple[float, ...]
    reach: tuple[float, ...]
    shift: Shift
    p: float = 1.0
    level: str = SAME

    def to_dict(self) -> dict[str, Any]:
        """As a JSON object."""
        shift = self.shift
        return {
            "measure": self.measure.name,
            "group": {"kind": self.group.kind, "name": self.group.name},
            "versus": "same outlet" if self.same else "all",
            "articles": list(self.articles),
            "cells": list(self.measure.cells),
            "before": list(self.before),
            "after": list(self.after),
            "reach": list(self.reach),
            "effect": shift.effect,
            "effect_interval": None if shift.low is None else [shift.low, shift.high],
            "js_distance": shift.distance,
            "p": shift.p,
            "p_corrected": self.p,
            "level": self.level,
        }


def find_shifts(
    reference: Profile, corpus: Profile, words: WordShift | None, *, floor: int
) -> tuple[Finding, ...]:
    """Compare the whole, then outlet by outlet, then month by month, in that order.

    An outlet is compared with the same one where the reference has enough of it, else with all of
    the reference, and so is a month.

    Args:
        reference: the one side.
        corpus: the other.
        words: their words compared.
        floor: fewest articles with a statement of a group.
    """
    texts = reference.vocabulary is not None and corpus.vocabulary is not None
    measures = [measure for measure in MEASURES if texts or not measure.texts]
    found = list(_of_group(reference.whole, corpus.whole, WHOLE, measures, same=False))
    found += _of_words(corpus.whole, WHOLE, words)
    found += _of_classifier(words)
    found += _of_outlets(reference, corpus, floor)
    known = set(reference.names(OUTLET, floor))
    for kind in (OUTLET, MONTH):
        for name in corpus.names(kind, floor):
            group = Group(kind, name)
            same = kind == OUTLET and name in known
            before = reference.groups[group] if same else reference.whole
            found += _of_group(before, corpus.groups[group], group, measures, same=same)
            found += _of_words(corpus.groups[group], group, words)
    return _levelled(found)


def _of_group(
    before: Moments, after: Moments, group: Group, measures: Sequence[Measure], *, same: bool
) -> Iterator[Finding]:
    for measure in measures:
        sides = [measure.ratios(moments) for moments in (before, after)]
        if sides[0] is None or sides[1] is None:
            continue
        shift = _shift(measure, sides[0], sides[1])
        if shift is None:
            continue
        shown = len(sides[1].values) if measure.kind == MIX else 1
        yield Finding(
            measure=measure,
            group=group,
            same=same,
            articles=(before.articles, after.articles),
            before=tuple(sides[0].values[:shown].tolist()),
            after=tuple(sides[1].values[:shown].tolist()),
            reach=tuple((1.96 * sides[1].errors[:shown]).tolist()),
            shift=shift,
        )


def _shift(measure: Measure, before: Ratios, after: Ratios) -> Shift | None:
    if measure.kind in (MIX, SHARE):
        return mix_shift(before, after)
    return mean_shift(before, after, relative=measure.kind == RELATIVE)


def _of_words(after: Moments, group: Group, words: WordShift | None) -> Iterator[Finding]:
    """The share of unknown words, against what is to be expected of the whole reference."""
    found = None if words is None else _UNKNOWN.ratios(after)
    if words is None or found is None:
        return
    shift = mean_shift(words.expected, found, relative=True)
    if shift is not None:
        yield Finding(
            measure=_UNKNOWN,
            group=group,
            same=False,
            articles=(words.expected.articles, after.articles),
            before=tuple(words.expected.values.tolist()),
            after=tuple(found.values.tolist()),
            reach=tuple((1.96 * found.errors).tolist()),
            shift=shift,
        )


def _of_classifier(words: WordShift | None) -> Iterator[Finding]:
    if words is not None and words.classified is not None:
        found = words.classified
        shift = Shift(found.auc - 0.5, None, None, found.p, words.distance)
        sizes = (found.articles - found.articles // 2, found.articles // 2)
        yield Finding(_CLASSIFIER, WHOLE, False, sizes, (0.5,), (found.auc,), (), shift)


def _of_outlets(reference: Profile, corpus: Profile, floor: int) -> Iterator[Finding]:
    """The mix of outlets, article by article."""
    sides = [
        Counter({g.name: m.articles for g, m in p.groups.items() if g.kind == OUTLET})
        for p in (reference, corpus)
    ]
    totals = (sides[0].total(), sides[1].total())
    if min(totals) < floor:
        return
    shared = {
        name: sides[0][name] / totals[0] + sides[1][name] / totals[1]
        for name in sides[0] | sides[1]
    }
    kept = sorted(shared, key=lambda name: (-shared[name], name))[:_CELLS]
    mixes = [_mix([side[name] for name in kept], side.total()) for side in sides]
    shift = mix_shift(*mixes)
    if shift is not None:
        yield Finding(_OUTLETS, WHOLE, False, totals, (), (), (), shift)


def _mix(counts: Sequence[int], total: int) -> Ratios:
    shares = np.array([*counts, total - sum(counts)]) / total
    return Ratios(shares, (np.diag(shares) - np.outer(shares, shares)) / total, total, total)


def _levelled(found: Sequence[Finding]) -> tuple[Finding, ...]:
    """The findings with corrected probabilities and what they say."""
    corrected = holm([one.shift.p for one in found])
    return tuple(
        replace(one, p=p, level=_level(one, p)) for one, p in zip(found, corrected, strict=True)
    )


def _level(found: Finding, p: float) -> str:
    measure, effect = found.measure, abs(found.shift.effect)
    if measure.kind == RELATIVE:  # half as many are as far off as twice as many
        effect = max(effect, 1 / (1 + found.shift.effect) - 1)
    if p >= ALPHA or effect < measure.notice:
        return SAME
    new = found.group.kind == OUTLET and not found.same
    return MOVED if effect < measure.due or (new and not measure.trust) else DUE

"""Has a scored corpus drifted from a reference, and is it time to train again?

A difference counts where it is both sure, corrected for all comparisons, and large. Which
differences do harm is told by what the model says of itself: its confidence (Guillory et al. 2021),
what it finds and how it labels it. That articles can be told apart by their words or are of other
outlets is told, but is no reason to train by itself (Rabanser et al. 2019).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from eval.articlecounts import place_of
from eval.driftfindings import ALPHA, DUE, SAME, Finding, find_shifts
from eval.driftprofile import MONTH, OUTLET, WHOLE, Group, Profile
from eval.moments import Moments
from eval.wordshift import WordShift, compare_words
from sayso.errors import InputError, UsageError

__all__ = ["FLOOR", "Drift", "compare_profiles"]

FLOOR = 30
"""Fewest articles with a statement of a group that is compared."""

OUTLET_SHARE = 0.2
"""Share of the statements from which on the outlets that have drifted make training due."""


@dataclass(frozen=True, slots=True)
class Drift:
    """A corpus against its reference.

    Attributes:
        model: id of the bundle that scored both.
        floor: fewest articles of a group.
        reference, corpus: the whole of each.
        findings: every comparison: the whole, then outlets, then months.
        words: of the texts, where both have them.
        outlets: share of the corpus's statements of each outlet that is compared.
        new_outlets: share of the corpus's statements that are of outlets the reference lacks.
        latest: the last month that is compared.
    """

    model: str
    floor: int
    reference: Moments
    corpus: Moments
    findings: tuple[Finding, ...]
    words: WordShift | None
    outlets: dict[str, float]
    new_outlets: float
    latest: str | None

    def at(self, name: str, group: Group = WHOLE) -> Finding | None:
        """The finding of a measure in a group, if there is one."""
        same = (f for f in self.findings if f.measure.name == name and f.group == group)
        return next(same, None)

    def of(self, kind: str) -> list[Finding]:
        """The findings of groups of a kind."""
        return [one for one in self.findings if one.group.kind == kind]

    @property
    def due(self) -> bool:
        """Whether it is time to train again."""
        return bool(self.reasons)

    @property
    def reasons(self) -> tuple[Finding, ...]:
        """The findings that make it due.

        Those of the whole corpus; those of the latest month, for what comes will be like it; and
        those of outlets, where these hold a fifth of the statements or more.
        """
        found = [one for one in self.findings if one.level == DUE]
        outlets = {one.group.name for one in found if one.group.kind == OUTLET}
        many = sum(self.outlets[name] for name in outlets) >= OUTLET_SHARE
        latest = Group(MONTH, self.latest or "")
        return tuple(
            one
            for one in found
            if one.group in (WHOLE, latest) or (many and one.group.kind == OUTLET)
        )

    @property
    def moved(self) -> tuple[Finding, ...]:
        """The other findings that are sure and large."""
        reasons = set(map(id, self.reasons))
        return tuple(f for f in self.findings if f.level != SAME and id(f) not in reasons)

    def to_dict(self) -> dict[str, Any]:
        """As a JSON object."""
        return {
            "due": self.due,
            "model": self.model,
            "floor": self.floor,
            "alpha": ALPHA,
            "comparisons": len(self.findings),
            "reference": _size(self.reference),
            "corpus": _size(self.corpus),
            "new_outlets": self.new_outlets,
            "latest_month": self.latest,
            "reasons": [one.to_dict() for one in self.reasons],
            "moved": [one.to_dict() for one in self.moved],
            "words": None if self.words is None else self.words.to_dict(),
            "findings": [one.to_dict() for one in self.findings],
        }


def compare_profiles(reference: Profile, corpus: Profile, *, floor: int = FLOOR) -> Drift:
    """Compare a scored corpus with the reference.

    Args:
        reference: what the model was last checked on, or any time at which all was well.
        corpus: what is to be judged.
        floor: fewest articles with a statement of a group that is compared.

    Raises:
        InputError: another model scored the one than the other, or either has fewer articles.
        UsageError: the floor is too low.
    """
    if floor < 2:
        raise UsageError(f"expected a floor of 2 articles or more, found {floor}")
    if reference.model != corpus.model:
        raise InputError(
            "expected both corpora to be scored by the same model, found "
            f"{reference.model} for the reference and {corpus.model}: score the reference again"
        )
    speaking = place_of("speaking")
    for name, profile in (("reference", reference), ("corpus", corpus)):
        if profile.whole.sums[speaking] < floor:
            raise InputError(
                f"expected {floor} articles with a statement or more in the {name}, found "
                f"{profile.whole.sums[speaking]:.0f}"
            )
    words = None
    if reference.vocabulary is not None and corpus.vocabulary is not None:
        words = compare_words(reference.vocabulary, corpus.vocabulary, floor=floor)
    months = corpus.names(MONTH, floor)
    return Drift(
        model=corpus.model,
        floor=floor,
        reference=reference.whole,
        corpus=corpus.whole,
        findings=find_shifts(reference, corpus, words, floor=floor),
        words=words,
        outlets=_shares(corpus, corpus.names(OUTLET, floor)),
        new_outlets=sum(
            _shares(corpus, set(corpus.names(OUTLET)) - set(reference.names(OUTLET))).values()
        ),
        latest=months[-1] if months else None,
    )


def _shares(profile: Profile, names: Sequence[str] | set[str]) -> dict[str, float]:
    """Share of the statements of each outlet."""
    place = place_of("statements")
    whole = profile.whole.sums[place]
    return {
        name: float(profile.groups[Group(OUTLET, name)].sums[place] / whole)
        for name in sorted(names)
    }


def _size(moments: Moments) -> dict[str, int]:
    return {
        "articles": moments.articles,
        "statements": int(moments.sums[place_of("statements")]),
        "words": int(moments.sums[place_of("words")]),
    }

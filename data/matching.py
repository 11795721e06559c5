"""Which statements of several people's marks of an article are the same one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import linear_sum_assignment

from data.records import LabelledArticle, LabelledStatement
from sayso.errors import InputError
from sayso.records import Span

__all__ = ["LEAST", "Unit", "jaccard", "match_statements", "readings", "units_of"]

LEAST = 0.3
"""Least Jaccard index of the contents of statements that are the same, as in `eval.tuples`."""


@dataclass(frozen=True, slots=True)
class Unit:
    """One statement as several people marked it.

    Attributes:
        marks: its mark by each annotator who has it, by name.
    """

    marks: dict[str, LabelledStatement]

    @property
    def stances(self) -> dict[str, str]:
        """The stance by each annotator who gave one."""
        return {name: one.stance for name, one in self.marks.items() if one.stance is not None}


def readings(articles: Sequence[LabelledArticle]) -> dict[str, dict[str, LabelledArticle]]:
    """Articles by id and then by annotator's name; the empty name stands for nobody known.

    Raises:
        InputError: an annotator has an article twice, or an article has several texts.
    """
    out: dict[str, dict[str, LabelledArticle]] = defaultdict(dict)
    for article in articles:
        known, name = out[article.id], article.annotator or ""
        if name in known:
            raise InputError(
                f"expected article {article.id!r} once for each annotator, found it twice for "
                f"{name or 'nobody'!r}"
            )
        if any(other.text != article.text for other in known.values()):
            raise InputError(f"expected one text of article {article.id!r}, found several")
        known[name] = article
    return dict(out)


def units_of(marked: dict[str, LabelledArticle]) -> list[Unit]:
    """The statements of an article's readings, those of the first annotator by name first."""
    units: list[Unit] = []
    for name in sorted(marked):
        statements = marked[name].statements
        firsts = [next(iter(unit.marks.values())) for unit in units]
        found = {mine: theirs for theirs, mine in match_statements(firsts, statements)}
        for place, one in enumerate(statements):
            if place in found:
                units[found[place]].marks[name] = one
            else:
                units.append(Unit({name: one}))
    return units


def match_statements(
    ones: Sequence[LabelledStatement], others: Sequence[LabelledStatement]
) -> list[tuple[int, int]]:
    """Places of statements that are the same, one to one, as many as possible.

    Two can be the same if their contents share `LEAST` of their characters and their cues overlap
    or one has none; without contents the cues share `LEAST`. Among as many, those that share most
    are taken.
    """
    if not ones or not others:
        return []
    worth = np.zeros((len(ones), len(others)))
    for row, one in enumerate(ones):
        for column, other in enumerate(others):
            share = _alike(one, other)
            worth[row, column] = min(len(ones), len(others)) + share if share else 0.0
    rows, columns = linear_sum_assignment(-worth)
    pairs = zip(rows.tolist(), columns.tolist(), strict=True)
    return [(row, column) for row, column in pairs if worth[row, column] > 0]


def jaccard(one: Sequence[Span], other: Sequence[Span]) -> float:
    """Characters that stand in both over characters that stand in either; 0 where none do.

    A character that pieces of the same side share counts once.
    """
    ours, theirs = _apart(one), _apart(other)
    both = sum(max(0, min(a.end, b.end) - max(a.start, b.start)) for a in ours for b in theirs)
    either = sum(span.end - span.start for span in (*ours, *theirs)) - both
    return both / either if either else 0.0


def _apart(spans: Sequence[Span]) -> Sequence[Span]:
    """The same characters in pieces that do not overlap."""
    if len(spans) < 2:
        return spans
    out: list[Span] = []
    for span in sorted(spans):
        if out and span.start <= out[-1].end:
            out[-1] = Span(out[-1].start, max(out[-1].end, span.end))
        else:
            out.append(span)
    return out


def _alike(one: LabelledStatement, other: LabelledStatement) -> float:
    """How much two statements share in (0, 1 + 1/1000], or 0 if they cannot be the same."""
    cues = jaccard(one.cue, other.cue)
    if not one.content and not other.content:
        return cues if cues >= LEAST else 0.0
    share = jaccard(one.content, other.content)
    if share < LEAST or (one.cue and other.cue and not cues):
        return 0.0
    return share + cues / 1000

"""A statement's pieces before it has an id, and which statements stand within others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sayso.records import Span

__all__ = ["Parts", "nest", "reaches"]


@dataclass(frozen=True, slots=True)
class Parts:
    """A statement before it has an id.

    Attributes:
        source, cue, content: pieces in reading order.
        stance: one of `data.records.LABELS`, or None where none was chosen.
        parent, denies: place of another statement in the list, where a link says so.
    """

    source: tuple[Span, ...]
    cue: tuple[Span, ...]
    content: tuple[Span, ...]
    stance: str | None = None
    parent: int | None = None
    denies: int | None = None


def nest(statements: Sequence[Parts]) -> list[Parts]:
    """Give each statement without a parent the smallest one whose content holds all its spans."""
    sizes = [sum(span.end - span.start for span in one.content) for one in statements]
    order = sorted(range(len(statements)), key=lambda n: (sizes[n], n))
    parents: list[int | None] = [one.parent for one in statements]
    for child, one in enumerate(statements):
        if parents[child] is not None:
            continue
        spans = (*one.source, *one.cue, *one.content)
        if not spans:
            continue
        low, high = min(s.start for s in spans), max(s.end for s in spans)
        for other in order:
            content = statements[other].content
            if sizes[other] <= sizes[child] or content[0].start > low or content[-1].end < high:
                continue
            if all(any(c.start <= s.start and s.end <= c.end for c in content) for s in spans):
                if not reaches(parents, other, child):
                    parents[child] = other
                break
    return [replace(one, parent=parent) for one, parent in zip(statements, parents, strict=True)]


def reaches(parents: Sequence[int | None], start: int, goal: int) -> bool:
    """Whether going up from one statement leads to another one, or round and round.

    Args:
        parents: place of each statement's parent.
        start: where to begin.
        goal: the other one; itself counts.
    """
    at: int | None = start
    for _ in range(len(parents) + 1):
        if at is None:
            return False
        if at == goal:
            return True
        at = parents[at]
    return True

"""Where in a text the source, cue and content of a statement stand, from their words alone."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping
from itertools import product

from sayso.errors import InputError
from sayso.records import PIECE_JOINT, Span
from sayso.tags import ROLES

__all__ = ["locate_parts"]

MOST = 5_000
"""Most combinations of places that are weighed for a statement."""

Pieces = tuple[Span, ...]


def locate_parts(text: str, wanted: Mapping[str, str]) -> dict[str, Pieces]:
    """The pieces of each role; none where no words are wanted.

    Words are found as they stand in the text, whole ones before parts of words. Where several
    places come into question, the combination is taken in which cue and content, and source and
    cue, stand nearest together and none lies within another.

    Args:
        text: of the article.
        wanted: words of each of `ROLES`, empty where there are none.

    Raises:
        InputError: words are not in the text, or several combinations are as near.
    """
    choices: dict[str, list[Pieces]] = {}
    for role in ROLES:
        choices[role] = _occurrences(text, wanted[role]) if wanted[role] else [()]
        if not choices[role]:
            raise InputError(f"expected the {role} in the text, found no {wanted[role]!r:.80}")
    count = len(choices["source"]) * len(choices["cue"]) * len(choices["content"])
    if count > MOST:
        raise InputError(f"expected words that tell the place, found {count} possible places")
    best: list[tuple[Pieces, Pieces, Pieces]] = []
    least = (len(ROLES), 0)
    for source, cue, content in product(*(choices[role] for role in ROLES)):
        pairs = ((cue, content), (source, cue or content))
        crossing = sum(_overlap(*pair) for pair in (*pairs, (source, content)))
        cost = (crossing, sum(_gap(*pair) for pair in pairs))
        if not best or cost < least:
            best, least = [], cost
        if cost == least:
            best.append((source, cue, content))
    if len(best) > 1:
        twice = next(role for role, at in zip(ROLES, zip(*best, strict=True), strict=True)
                     if len(set(at)) > 1)  # fmt: skip
        raise InputError(
            f"expected words that tell the place, found the {twice} {wanted[twice]!r:.80} at "
            f"{len(best)} places as near"
        )
    return dict(zip(ROLES, best[0], strict=True))


def _occurrences(text: str, words: str) -> list[Pieces]:
    """Where the words stand as one piece or, failing that, piece after piece."""
    found = _find(text, words)
    if found or PIECE_JOINT not in words:
        return [(span,) for span in found]
    first, *rest = (_find(text, piece.strip()) for piece in words.split(PIECE_JOINT))
    out = []
    for span in first:
        pieces = [span]
        for places in rest:
            after = bisect_left(places, pieces[-1].end, key=lambda one: one.start)
            pieces += places[after : after + 1]
        if len(pieces) == len(rest) + 1:
            out.append(tuple(pieces))
    return out


def _find(text: str, words: str) -> list[Span]:
    found: list[Span] = []
    at = text.find(words)
    while words and at >= 0 and len(found) <= MOST:
        found.append(Span(at, at + len(words)))
        at = text.find(words, at + 1)
    whole = [span for span in found if _is_whole(text, span)]
    return whole or found


def _is_whole(text: str, span: Span) -> bool:
    before, after = text[max(span.start - 1, 0) : span.start], text[span.end : span.end + 1]
    return not (
        (before.isalnum() and text[span.start].isalnum())
        or (after.isalnum() and text[span.end - 1].isalnum())
    )


def _overlap(one: Pieces, other: Pieces) -> bool:
    return any(a.start < b.end and b.start < a.end for a in one for b in other)


def _gap(one: Pieces, other: Pieces) -> int:
    """Characters between the nearest pieces."""
    if not one or not other:
        return 0
    return min(max(a.start - b.end, b.start - a.end, 0) for a in one for b in other)

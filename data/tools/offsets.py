"""Offsets of tools that count text otherwise than in code points, turned into code points.

- Label Studio counts code points since its editor took the length of `[...text]` (pull request
  HumanSignal/label-studio-frontend#308, 2022) and UTF-16 code units before (issue
  HumanSignal/label-studio#1347).
- doccano counts UTF-16 code units, or grapheme clusters where the project says "Count grapheme
  clusters as one character" (issue doccano/doccano#2290).
- Argilla counts UTF-16 code units (issue argilla-io/argilla#5729).

What a file was counted in is not said in it. It is told by what fits: the text that the tool says
it marked or, where it says none, words that are marked whole.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from sayso.records import Span

__all__ = ["CODE_POINTS", "GRAPHEMES", "UTF16", "Offsets", "fits", "to_units"]

CODE_POINTS, UTF16, GRAPHEMES = "code points", "UTF-16 code units", "grapheme clusters"

_GAPS = re.compile(r"(?:\s|\\n)+")
"""What Label Studio writes otherwise in the text that it says was marked: newlines as `\\n`."""

_INSIDE = -1
"""The place of an offset that stands within a character."""


@dataclass(frozen=True, slots=True)
class Offsets:
    """How the offsets of one marking of a text are counted.

    Attributes:
        unit: `CODE_POINTS`, `UTF16` or `GRAPHEMES`.
    """

    unit: str
    _places: Sequence[int]

    @classmethod
    def tell(
        cls,
        text: str,
        spans: Sequence[tuple[int, int]],
        *,
        units: Sequence[str],
        said: Sequence[str | None] = (),
    ) -> Offsets:
        """Take the unit in which most of the spans fit; the first of them if several do.

        Args:
            text: that was marked.
            spans: start and end as the tool has them.
            units: which ones come into question, the likeliest first.
            said: the text that the tool says it marked, span by span.
        """
        readings = [cls(unit, _places(text, unit)) for unit in units]
        if len({len(one._places) for one in readings}) == 1:
            return readings[0]
        texts = list(said) or [None] * len(spans)
        return max(readings, key=lambda one: one._fitting(text, spans, texts))

    def span(self, start: int, end: int) -> Span | None:
        """The span in code points; None where it is outside the text or parts a character."""
        if not 0 <= start < end < len(self._places):
            return None
        span = Span(self._places[start], self._places[end])
        return None if _INSIDE in (span.start, span.end) else span

    def _fitting(
        self, text: str, spans: Sequence[tuple[int, int]], said: Sequence[str | None]
    ) -> int:
        found = (self.span(*span) for span in spans)
        return sum(
            span is not None and fits(text, span, words)
            for span, words in zip(found, said, strict=True)
        )


def fits(text: str, span: Span, said: str | None) -> bool:
    """Whether a span holds the text that a tool says, or else whole words.

    White space does not count in the comparison.
    """
    piece = text[span.start : span.end]
    if said is not None:
        return _GAPS.sub("", piece) == _GAPS.sub("", said)
    edges = (
        (at == 0 or at == len(text) or not (text[at - 1].isalnum() and text[at].isalnum()))
        for at in (span.start, span.end)
    )
    return piece == piece.strip() and all(edges)


def to_units(text: str, unit: str) -> Sequence[int]:
    """Each code point's offset in another unit, and the text's length at the end.

    An offset within a grapheme cluster becomes that of its start.
    """
    places = _places(text, unit)
    offsets = [0] * (len(text) + 1)
    for offset, place in enumerate(places):
        if place != _INSIDE:
            offsets[place] = offset
    for at in range(1, len(offsets)):
        offsets[at] = offsets[at] or offsets[at - 1]
    return offsets


def _places(text: str, unit: str) -> Sequence[int]:
    """The code point at which each unit begins, and the text's length at the end."""
    if unit == UTF16 and not text.isascii() and max(text, default="") > "\uffff":
        places: list[int] = []
        for at, character in enumerate(text):
            places += (at, _INSIDE) if character > "\uffff" else (at,)
        return [*places, len(text)]
    if unit == GRAPHEMES and not (text.isascii() and "\r" not in text):
        import regex

        return [*(found.start() for found in regex.finditer(r"\X", text)), len(text)]
    return range(len(text) + 1)

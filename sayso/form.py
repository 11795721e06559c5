"""The form of a statement: how much of its content stands between quotation marks."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from sayso.records import Span
from sayso.tokens import QUOTES, SHAPES, TokenizedText

__all__ = ["form_of"]

_OUTSIDE = QUOTES.index("outside")
_PUNCTUATION = SHAPES.index("punctuation")


def form_of(tokens: TokenizedText, content: Sequence[Span]) -> str:
    """`direct`, `mixed` or `indirect`: all, some or none of the content's words are quoted.

    Punctuation does not count; content without a word is `indirect`.
    """
    quoted = words = 0
    for span in content:
        first = int(np.searchsorted(tokens.ends, span.start, side="right"))
        last = int(np.searchsorted(tokens.starts, span.end, side="left"))
        word = tokens.shapes[first:last] != _PUNCTUATION
        words += int(word.sum())
        quoted += int((word & (tokens.quotes[first:last] != _OUTSIDE)).sum())
    if not quoted:
        return "indirect"
    return "direct" if quoted == words else "mixed"

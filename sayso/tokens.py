"""Text → tokens with exact offsets and the layout features that an uncased vocabulary loses."""

from __future__ import annotations

import re
from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np
import numpy.typing as npt
from tokenizers import Tokenizer

__all__ = ["BREAKS", "QUOTES", "SHAPES", "TextTokenizer", "TokenizedText"]

SHAPES = ("other", "lower", "capitalised", "upper", "digit", "punctuation")
"""Letter shapes of a token; its index is the feature's value."""

QUOTES = ("outside", "inside", "open", "close")
"""Where a token stands towards double quotation marks."""

BREAKS = ("glued", "space", "newline", "paragraph")
"""What white space stands before a token."""

IntArray = npt.NDArray[np.int32]

_SURROGATE = re.compile("[\ud800-\udfff]")
_STRAIGHT, _OPENING, _CLOSING = '"\uff02', "“„«‟", "”»"


@dataclass(frozen=True, slots=True)
class TokenizedText:
    """The tokens of one text, without special tokens; every array has shape [tokens].

    Attributes:
        ids: vocabulary ids.
        starts, ends: half-open offsets in Unicode code points of the text given.
        shapes, quotes, breaks: indices into `SHAPES`, `QUOTES`, `BREAKS`.
    """

    ids: IntArray
    starts: IntArray
    ends: IntArray
    shapes: IntArray
    quotes: IntArray
    breaks: IntArray

    def __len__(self) -> int:
        return len(self.ids)

    def part(self, low: int, high: int) -> TokenizedText:
        """Tokens `[low, high)`; their offsets still refer to the whole text."""
        return TokenizedText(
            *(getattr(self, field.name)[low:high] for field in fields(TokenizedText))
        )


class TextTokenizer:
    """A `tokenizers` tokenizer that takes any Python string, lone surrogates and NUL included."""

    def __init__(self, tokenizer: Tokenizer) -> None:
        tokenizer.no_truncation()
        tokenizer.no_padding()
        self._tokenizer = tokenizer
        self.cls_id = _token_id(tokenizer, "<s>", "[CLS]")
        self.sep_id = _token_id(tokenizer, "</s>", "[SEP]")
        self.pad_id = _token_id(tokenizer, "<pad>", "[PAD]")

    @classmethod
    def load(cls, path: Path | str) -> TextTokenizer:
        """Load a `tokenizer.json`."""
        return cls(Tokenizer.from_file(str(path)))

    def __call__(self, text: str) -> TokenizedText:
        """Tokenize `text`; offsets are exact in it, whatever it holds."""
        clean = _SURROGATE.sub("\ufffd", text)
        encoding = self._tokenizer.encode(clean, add_special_tokens=False)
        offsets = np.array(encoding.offsets, dtype=np.int32).reshape(-1, 2)
        starts, ends = offsets[:, 0].copy(), offsets[:, 1].copy()
        return TokenizedText(
            ids=np.array(encoding.ids, dtype=np.int32),
            starts=starts,
            ends=ends,
            shapes=_shapes(text, starts, ends),
            quotes=_quotes(text, starts, ends),
            breaks=_breaks(text, starts, ends),
        )


def _token_id(tokenizer: Tokenizer, *names: str) -> int:
    for name in names:
        found = tokenizer.token_to_id(name)
        if found is not None:
            return int(found)
    raise ValueError(f"expected a vocabulary with one of {', '.join(names)}, found none of them")


def _shapes(text: str, starts: IntArray, ends: IntArray) -> IntArray:
    out = np.zeros(len(starts), dtype=np.int32)
    for n, (start, end) in enumerate(zip(starts.tolist(), ends.tolist(), strict=True)):
        piece = text[start:end]
        first = piece[:1]
        if first.islower():
            out[n] = 1
        elif first.isupper():
            out[n] = 3 if len(piece) > 1 and piece.isupper() else 2
        elif first.isdigit():
            out[n] = 4
        elif first and not first.isalnum():
            out[n] = 5
    return out


def _quotes(text: str, starts: IntArray, ends: IntArray) -> IntArray:
    """Follow double quotation marks; a paragraph's end closes what it left open."""
    out = np.zeros(len(starts), dtype=np.int32)
    inside, before = False, 0
    for n, (start, end) in enumerate(zip(starts.tolist(), ends.tolist(), strict=True)):
        if inside and "\n" in text[before:start]:
            inside = False
        before = end
        mark = text[start:end]
        if mark in _OPENING or (mark in _STRAIGHT and not inside):
            inside, out[n] = True, 2
        elif mark in _CLOSING or mark in _STRAIGHT:
            inside, out[n] = False, 3
        else:
            out[n] = int(inside)
    return out


def _breaks(text: str, starts: IntArray, ends: IntArray) -> IntArray:
    out = np.zeros(len(starts), dtype=np.int32)
    before = 0
    for n, (start, end) in enumerate(zip(starts.tolist(), ends.tolist(), strict=True)):
        if start > before or n == 0:
            gap = text[before:start]
            lines = gap.count("\n") or gap.count("\r")
            out[n] = 3 if lines > 1 or n == 0 else 2 if lines else 1
        before = end
    return out

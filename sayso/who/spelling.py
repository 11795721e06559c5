"""How names are written: one spelling for what differs in marks, case, dots and diacritics."""

from __future__ import annotations

import re
import unicodedata

__all__ = ["plain_words", "skeleton"]

_LETTERS = str.maketrans(
    {
        "ø": "o", "ł": "l", "ß": "ss", "đ": "d", "ð": "d", "þ": "th", "\u0131": "i", "æ": "ae",
        "œ": "oe", "ə": "e", "’": "'", "‘": "'", "\u02bc": "'", "`": "'", "\u2011": "-", "–": "-",
    }
)  # fmt: skip
"""Letters that do not come apart into one of ASCII and a mark."""

_POSSESSIVE = re.compile(r"'s\b|(?<=s)'(?!\w)")
_DOTTED = re.compile(r"\b(?:\w\.)+(?:\w\b)?")
_SIMPLE = re.compile(r"[A-Za-z0-9 ]*")
_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")

_SOUNDS = (
    (re.compile(r"(.)\1+"), r"\1"),
    (re.compile(r"ph"), "f"),
    (re.compile(r"(?:ck|kh|gh|q)"), "k"),
    (re.compile(r"tch|tsch|cz"), "ch"),
    (re.compile(r"sch"), "sh"),
    (re.compile(r"dzh|dj"), "j"),
    (re.compile(r"x"), "ks"),
    (re.compile(r"w"), "v"),
    (re.compile(r"ou|oo"), "u"),
    (re.compile(r"(?<!^)[iy]?[iye]?[iy]"), "i"),
    (re.compile(r"(.)\1+"), r"\1"),
)
"""What transliteration writes in two ways, in the order in which it is made one."""


def plain_words(text: str) -> list[str]:
    """The words of a name in lower-case ASCII.

    `the U.S.` gives `the`, `us`; `O’Malley` gives `omalley`; `Erdoğan` gives `erdogan`;
    `Clinton’s` gives `clinton`; words joined by hyphens come apart.
    """
    if _SIMPLE.fullmatch(text):
        return text.lower().split()
    flat = text.casefold().translate(_LETTERS)
    if not flat.isascii():
        apart = unicodedata.normalize("NFKD", flat)
        flat = "".join(letter for letter in apart if not unicodedata.combining(letter))
    if "'" in flat:
        flat = _POSSESSIVE.sub("", flat)
    if "." in flat:
        flat = _DOTTED.sub(lambda match: match.group().replace(".", "") + " ", flat)
    flat = flat.replace("&", " and ")
    return [word.replace("'", "") for word in _WORD.findall(flat)]


def skeleton(word: str) -> str:
    """A plain word as far as ways of transliterating leave it the same.

    `zelensky`, `zelenskyy` and `zelenskiy` give one skeleton; `anderson` and `andersen` two.
    """
    for pattern, to in _SOUNDS:
        word = pattern.sub(to, word)
    return word

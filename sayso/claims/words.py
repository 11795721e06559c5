"""Written words → what counts of them for a claim: stems, names, numbers; negation is left out."""

from __future__ import annotations

import re
from dataclasses import dataclass

__all__ = ["SCALES", "Word", "read_form"]

SCALES = {"hundred": 1e2, "thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12}
"""Words that multiply the number before them."""

_UNITS = {"k": 1e3, "m": 1e6, "mn": 1e6, "bn": 1e9, "b": 1e9, "tn": 1e12, "trn": 1e12}

_NUMERALS = {
    word: float(value)
    for value, word in enumerate(
        """two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen
        sixteen seventeen eighteen nineteen twenty""".split(),
        start=2,
    )
} | {"thirty": 30.0, "forty": 40.0, "fifty": 50.0, "sixty": 60.0, "seventy": 70.0, "eighty": 80.0}

_STOPS = frozenset(
    """a about above after again against ago all also although am among an and another any anyone
    anything are around as at away back be became because become becomes been before being below
    between both but by came can cannot come comes coming could d did do does doing done down during
    each either else even ever every everyone everything few for from further gave get gets getting
    give given go goes going gone got had has have having he her here hers herself him himself his
    how however i if in into is it its itself just keep kept know knows least less let like likely
    ll made make makes making many may maybe me might mine more most much must my myself need
    neither never no nobody none nor not nothing now of off often on once one ones only onto or
    other others our ours ourselves out over own per perhaps put quite rather re really said same
    saw say saying says see seen several shall she should since so some someone something somewhat
    soon still such t take taken takes taking than that the their theirs them themselves then there
    therefore these they thing things think this those though through thus to together told too took
    toward towards under until up upon us use used very via want wants was way we well went were
    what whatever when where whether which while who whoever whole whom whose why will with within
    without won would wouldn yes yet you your yours yourself ain aren couldn didn doesn don hadn
    hasn haven isn mustn shouldn ve wasn weren s m""".split()
)
"""Function words, and with them those of negation: both sides of a claim have the same terms."""

_DENYING = frozenset(
    """deny denies denied denying denial false falsely untrue true truth lie lies lied untruth
    refute refutes refuted rebut rebuts dismiss dismissed dispute disputes disputed baseless
    unfounded""".split()
)

_PIECE = re.compile(
    r"(?P<number>\d+(?:,\d{3})*(?:\.\d+)?)(?P<unit>bn|mn|tn|trn|[kmb])?(?![^\W_])(?P<share>%)?"
    r"|(?P<initials>(?:[^\W\d_]\.){2,})"
    r"|(?P<word>[^\W_]+(?:['’][^\W_]+)?)"
)
_POSSESSIVE = re.compile(r"['’](?:s|t|re|ve|ll|d|m)?$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Word:
    """One term of a written form.

    Attributes:
        stem: what it counts as; empty for a number.
        plain: the word in lower case, for its vector.
        capital: whether it is written with a capital.
        value: the number; None for a word.
        scale: what it multiplies a number before it by; 1 for most words.
    """

    stem: str
    plain: str
    capital: bool = False
    value: float | None = None
    scale: float = 1.0


def read_form(form: str) -> list[Word]:
    """The terms of what stands between two spaces: `"U.S.-led,` is `us` and `led`.

    Function words, negation and words of denying are none.
    """
    words = []
    for piece in _PIECE.finditer(form):
        if piece["number"]:
            value = float(piece["number"].replace(",", "")) * _UNITS.get(piece["unit"] or "", 1.0)
            words.append(Word("", "", value=value))
            if piece["share"]:
                words.append(Word("percent", "percent"))
            continue
        written = (piece["initials"] or piece["word"]).replace(".", "")
        written = _POSSESSIVE.sub("", written) if len(written) > 2 else written
        lower = written.lower()
        if lower in _NUMERALS:
            words.append(Word("", "", value=_NUMERALS[lower]))
        elif lower in _STOPS and not (written.isupper() and len(written) > 1):
            continue
        elif lower not in _DENYING:
            scale = SCALES.get(lower, SCALES.get(lower.removesuffix("s"), 1.0))
            stem = lower if scale > 1 else _stem(lower)
            words.append(Word(stem, lower, written[:1].isupper(), scale=scale))
    return words


def _stem(word: str) -> str:
    """The first letters of a word without its commonest endings (after Harman 1991) and without
    `un-`, so that `qualified`, `unqualified` and `qualifications` are one.
    """
    if len(word) > _LONGEST and word.startswith("un"):
        word = word[2:]
    if len(word) < 4 or not word.isascii():
        return word[:_LONGEST]
    word = _Y.sub(r"\1y", word, count=1)
    word = _ENDING.sub("", word, count=1)
    if len(word) > 3 and word[-1] == word[-2] and word[-1] not in "aeioslz":
        word = word[:-1]
    return word[: -1 if len(word) > 3 and word.endswith("e") else None][:_LONGEST]


_LONGEST = 6
"""Letters that a stem keeps at most."""

_Y = re.compile(r"(\w\w\w)ie[sd]$")

_ENDING = re.compile(
    r"(?<=\w{4})(?:ations?|ements?|ments?|ingly|edly)$"
    r"|(?<=\w{3})(?:ions?|ings?|ers?|ness|ed|ly|(?<!u)(?<!s)s)$"
)

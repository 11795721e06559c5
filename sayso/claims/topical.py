"""Contents that name a topic and put no proposition forward: `the claims`, `the former mayor`.

Two sources that name one topic need not be on one claim ("praised the mayor", "blamed the mayor"),
so that such contents are put together with nothing but what a denial ties them to.
"""

from __future__ import annotations

import re
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from sayso.records import PIECE_JOINT

__all__ = ["are_topics", "is_topic"]

Texts: TypeAlias = "pa.Array | pa.ChunkedArray"

LONGEST = 8
"""Words of the longest topic."""

FEWEST = 3
"""Words that tell something, from which on a phrase is a proposition; names only count after a
verb of saying or naming."""

_CLAUSE = 4
"""Words of the shortest clause with `that` before it."""

_WORD = re.compile(r"[\w.]*\w(?:['’-]\w+)*")
_QUOTED = re.compile(r"[\"“”]")

_SAYING = re.compile(
    r"\b(?:sa(?:y|ys|id|ying)|t(?:old|ells?|elling)|according|add(?:s|ed|ing)|think\w*|thought|"
    r"believ\w+|claim(?:s|ed|ing)|argu(?:e|es|ed|ing)|insist\w*|stat(?:es|ed|ing)|not(?:es|ed|ing)|"
    r"report(?:s|ed|edly|ing)|announc\w+|confirm\w*|suggest\w*|declar\w+|conclud\w+|found|finds?|"
    r"show(?:s|ed|n)?|indicat\w+|wr(?:ote|ites?|iting|itten)|expect\w*|predict\w*|estimat\w+|"
    r"assert\w*|alleg\w+|acknowledg\w+|admit\w*|explain\w*|accus\w+|charg\w+|call(?:s|ed|ing)?|"
    r"describ\w+|label\w*|dub(?:s|bed)|brand(?:s|ed|ing)|portray\w*|deem\w*|identif\w+)\b",
    re.IGNORECASE,
)
"""Cues after which a phrase is likely to put something forward: `announced a ban on cars`, `called
it a shameful act`."""

_VERBAL = re.compile(
    r"^(?:is|are|was|were|be|been|being|am|has|have|had|do|does|did|will|would|can|could|may|might|"
    r"must|shall|should|cannot|not|never|to|there|if|whether|how|why|what|who|which|because|"
    r"i|he|she|they|we|you|got|get|gets|went|came|come|goes|go|made|make|makes|took|take|takes|"
    r"knew|know|knows|said|say|says|lost|won|left|kept|held|gave|gives|put|led|met|paid|saw|told|"
    r"became|began|fell|rose|rise|rises|grew|ran|runs?|sold|spent|stood|cut|hit|shot|fired|died|"
    r"dead|ill|wrong|right|false|true|.*n['’]t|.+['’](?:s|re|ll|d|ve|m)|.{2,}(?:ed|ing))$"
)
"""Words that tell of a clause, or of an act."""

_EMPTY = frozenset(
    "a an the this that these those it its his her their our my your any all both such no some "
    "other one of in on at by for from with about over to into against and or as claim claims "
    "accusation accusations allegation allegations charge charges report reports story stories "
    "suggestion suggestions idea notion rumour rumours rumor rumors criticism criticisms matter "
    "issue question questions comment comments remark remarks statement statements them him me us "
    "yes so not too".split()
)
"""Words that tell nothing of what is said."""


def is_topic(content: str | None, cue: str | None) -> bool:
    """Whether a content names a topic only.

    Args:
        content: as `Statement.content_text`.
        cue: as `Statement.cue_text`.
    """
    if not content:
        return False
    whole = _WORD.findall(content)
    words = [word for word in whole if word.lower() not in _EMPTY]
    if not words:
        return True
    if len(words) > LONGEST or PIECE_JOINT in content or _QUOTED.search(content):
        return False
    if any(map(_tells, whole)) or (whole[0].lower() == "that" and len(whole) >= _CLAUSE):
        return False
    if cue is not None and not _SAYING.search(cue):
        words = [word for word in words if word[:1].islower()]
    return len(words) < FEWEST


def _tells(word: str) -> bool:
    """Whether a word is of a clause; names, as `United`, are not."""
    lower = word.lower()
    if _VERBAL.match(lower) is None:
        return False
    return not (word[:1].isupper() and lower.endswith(("ed", "ing")))


def are_topics(contents: Texts, cues: Texts) -> npt.NDArray[np.bool_]:
    """As `is_topic`, of many statements.

    Args:
        contents: string array of n values, nulls among them.
        cues: likewise.

    Returns:
        [n].
    """
    pairs = zip(contents.to_pylist(), cues.to_pylist(), strict=True)
    return np.fromiter((is_topic(*pair) for pair in pairs), np.bool_, len(contents))

"""Which side a statement takes: for or against what its content says with the negation taken away.

"They did not fire" and "denied that they fired" stand on one side, "they fired" and "denied that
they had not fired" on the other. Only the negation of the main clause counts (the scope of a
negation ends with its clause; Huddleston and Pullum 2002, chapter 9); the clause is found by its
words alone, without a parser.
"""

from __future__ import annotations

import re
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from sayso.records import PIECE_JOINT

__all__ = ["denies_by_cue", "has_negation", "is_negated", "position", "positions"]

Texts: TypeAlias = "pa.Array | pa.ChunkedArray"

_NEGATION = (
    r"(?:not|no|never|none|nobody|nothing|neither|nor|cannot|nowhere|hardly|fail(?:s|ed|ing)?)"
)
_ANY = rf"(?i)\b{_NEGATION}\b|n['’]t\b"
_MARK = re.compile(_ANY)
_WORD = re.compile(r"[\w.]*\w(?:['’]\w+)*|[,;:.!?…—–]")
_SENTENCE = re.compile(r"(?<=[.!?])[\"”’']?\s+|(?<=[,.!?])[\"”’'] … [\"“‘']?(?=[A-Z])")
_DENYING = re.compile(
    r"\b(?:den(?:y|ies|ied|ying|ials?)|disput\w+|reject\w*|refut\w+|rebut\w*|disagree\w*|"
    r"contradict\w*|repudiat\w+|disavow\w*|dismiss\w*|contest(?:s|ed|ing)?)\b",
    re.IGNORECASE,
)

_LEADING = frozenset(
    "if when while although though because since as after before unless until once whether "
    "despite given even".split()
)
"""Words that open a clause before the main one, which ends at a comma."""

_BOUNDS = frozenset(
    "who whom whose which because if when while although though whether unless until since "
    "but where why how than despite without ; : — – as so lest".split()
)
"""Words after which the main clause is over."""

_FAINT = frozenset("only just merely simply least necessarily surprisingly".split())
"""Words that take the force from a `not` before them: `not only`."""

_NO_FAINT = frozenset("doubt matter wonder less fewer more sooner".split())
"""The same after `no`."""

_PREPOSITIONS = frozenset("with in for by of under at on to from despite".split())
_ADVERBIAL = frozenset("circumstances circumstance time means way point case event".split())
"""Nouns that make `in no way` and `at no time` negations of the clause."""

_CONSTITUENT = _PREPOSITIONS | {",", "and", "or", "but", "to"}
"""Words before a `not` that negates the phrase after it alone: `for not paying`, `, not him`."""

_FAILING = frozenset("fail fails failed failing".split())
_SUBJECTS = frozenset("i he she we they you it".split())
"""Pronouns that open a relative clause where they follow a noun: `the house they did not sell`."""

_VERBAL = frozenset(
    "is are was were be been has have had do does did will would can could may might must shall "
    "should i he she it they we you there that not never didn't don't doesn't isn't aren't wasn't "
    "weren't hasn't haven't hadn't won't wouldn't can't cannot couldn't shouldn't".split()
)
"""Words that open another clause after `and` or `or`."""

_REPORTING = frozenset(
    "say says said think thinks thought believe believes believed know knows knew show shows "
    "showed guess suppose feel feels felt argue argues argued clear true sure certain insist "
    "insists insisted maintain maintains maintained".split()
)
"""Words whose `that` does not end the main clause: the claim is what follows."""


def position(content: str | None, cue: str | None, stance: str | None) -> int:
    """The side that a statement takes.

    Args:
        content: as `Statement.content_text`.
        cue: as `Statement.cue_text`.
        stance: one of `sayso.records.STANCES`, or None.

    Returns:
        1 for the content's proposition with its negation taken away, -1 against it, 0 where it is
        left open (speculation, or no stance).
    """
    if stance == "denial":
        return 1 if denies_by_cue(cue or "") and is_negated(content or "") else -1
    if stance not in ("assertion", "hedge"):
        return 0
    return -1 if is_negated(content or "") else 1


def positions(contents: Texts, cues: Texts, stances: Texts) -> npt.NDArray[np.int8]:
    """As `position`, of many statements.

    Args:
        contents: string array of n values, nulls among them.
        cues: likewise.
        stances: likewise.

    Returns:
        [n].
    """
    stance = pc.fill_null(stances, "")
    denial = pc.equal(stance, "denial").to_numpy(zero_copy_only=False)
    sided = pc.is_in(stance, pa.array(["assertion", "hedge"])).to_numpy(zero_copy_only=False)
    out: npt.NDArray[np.int8] = sided.astype(np.int8) - denial.astype(np.int8)
    marked = pc.fill_null(pc.match_substring_regex(contents, _ANY), False)
    rows = np.flatnonzero(marked.to_numpy(zero_copy_only=False) & (sided | denial))
    written, cue = contents.take(pa.array(rows)).to_pylist(), cues.take(pa.array(rows)).to_pylist()
    for at, content, said in zip(rows.tolist(), written, cue, strict=True):
        if (sided[at] or denies_by_cue(said or "")) and is_negated(content):
            out[at] = -out[at]
    return out


def denies_by_cue(cue: str) -> bool:
    """Whether it is the cue that denies, whatever the content says: `denied`, `disputed`."""
    return _DENYING.search(cue) is not None


def has_negation(text: str) -> bool:
    """Whether a text has a word of negation anywhere."""
    return _MARK.search(text) is not None


def is_negated(content: str) -> bool:
    """Whether the main clause of a content's first sentence is negated."""
    if not has_negation(content):
        return False
    first = _SENTENCE.split(content, maxsplit=1)[0].replace(PIECE_JOINT, " ")
    words = [word.lower().replace("’", "'") for word in _WORD.findall(first)]
    return _negated(_main(words))


def _main(words: list[str]) -> list[str]:
    """The words from the main clause on."""
    while words and words[0] in ("that", "and", "but", ",", "well", "so"):
        words = words[1:]
    if words and words[0] in _LEADING and "," in words:
        return words[words.index(",") + 1 :]
    return words


def _negated(words: list[str]) -> bool:
    for at, word in enumerate(words):
        last = words[at - 1] if at else ""
        following = words[at + 1] if at + 1 < len(words) else ""
        if at and _ends(word, last, following):
            return False
        if _negates(word, last, following, at):
            return True
        if word == "not" and following.endswith("ing") and not any(map(_is_verb, words[:at])):
            return True
    return False


def _is_verb(word: str) -> bool:
    return word in _VERBAL or word.endswith("ed")


def _ends(word: str, last: str, following: str) -> bool:
    """Whether the main clause is over at a word."""
    if word in _BOUNDS:
        return True
    if word == "that":
        return last not in _REPORTING
    if word in ("and", "or"):
        return following in _VERBAL
    if last == ",":
        return word.endswith("ing")
    subject = word.partition("'")[0] in _SUBJECTS
    return subject and last.isalpha() and last not in _REPORTING and last not in _VERBAL


def _negates(word: str, last: str, following: str, at: int) -> bool:
    if word.endswith("n't") or word == "cannot":
        return True
    if word == "not":
        if following in _FAINT or last == "if":
            return False
        if following == "to":
            return at < 2 or last.endswith("ed") or last in _VERBAL
        return at < 2 or last not in _CONSTITUENT
    if word == "no":
        if following in _NO_FAINT or following == ",":
            return False
        return last not in _PREPOSITIONS or following in _ADVERBIAL
    if word in ("never", "hardly"):
        return last != "to" or at < 2
    if word in ("nothing", "none", "nobody", "nowhere", "neither"):
        return last not in _PREPOSITIONS and following not in ("but", "short")
    return word in _FAILING and following == "to"

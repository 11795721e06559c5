"""Names that the article itself calls a body or a paper: `the newspaper Amber Post`, `X, which`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from sayso.kinds import clean_mention, core_mention
from sayso.names import CACHED, is_name_word, person_name

__all__ = ["apposed", "called", "named_things"]

_OUTLETS = frozenset(
    """newspaper magazine website site broadcaster channel network station daily weekly tabloid
    paper portal blog agency podcast""".split()
)
_ORGANISATIONS = frozenset(
    """company firm carmaker automaker drugmaker airline bank lender charity club retailer startup
    start-up union watchdog nonprofit manufacturer insurer organisation organization conglomerate
    team tank giant hospital party association group foundation consultancy""".split()
)
_ARMED = frozenset(
    """militant rebel terrorist terror extremist armed jihadist insurgent separatist islamist
    paramilitary militia guerrilla""".split()
)
_APART = frozenset("of for from at by with in on to and who".split())
_PROPER = r"(?:[^\W\da-z_][\w’'.&-]*)"
_NAME = rf"{_PROPER}(?:\s+(?:{_PROPER}|of|de|la|del|du|and|y|do|da))*"
_AFTER_NOUN = re.compile(rf"(?:^|.*\s)([a-z][a-z-]+)\s+[“\"]?({_NAME})[”\"]?$", re.DOTALL)
_SAYING = "said|says|say|added|adds|told|announced|claimed|claims|insisted|confirmed|denied"


@lru_cache(CACHED)
def apposed(text: str) -> tuple[str, str] | None:
    """The kind and the name of `the company Northwind`; None for what is not put so."""
    match = _AFTER_NOUN.match(text.strip())
    if match is None:
        return None
    before = text.strip()[: match.start(1)].split()
    if _APART.intersection(before):
        return None
    kind = _kind(match.group(1), before[-1:])
    return (kind, match.group(2)) if kind else None


def named_things(text: str, written: Sequence[str]) -> dict[str, str]:
    """Kinds of the names among an article's sources that it takes for things, by name."""
    found: dict[str, str] = {}
    for each in sorted(set(written)):
        core = core_mention(each)
        put = apposed(core)
        name = put[1] if put else person_name(each) or (core if is_name_word(core) else None)
        kind = put[0] if put else called(text, name) if name else None
        if name and kind:
            found[clean_mention(name)] = kind
    return found


def _kind(noun: str, before: list[str]) -> str | None:
    if noun in _OUTLETS and not (noun == "agency" and before != ["news"]):
        return "outlet"
    if noun == "group" and before and before[0].lower() in _ARMED:
        return "group"
    return "organisation" if noun in _ORGANISATIONS else None


def called(text: str, name: str) -> str | None:
    """What kind of thing an article takes a name for that could be a person's.

    Args:
        text: the article's text.
        name: as it is written there.

    Returns:
        `outlet`, `organisation` or `group` where the text puts such a noun before the name or
        after it, or goes on with `which`; None where it does not, or takes it for a person.
    """
    found = None
    place = text.find(name)
    while place >= 0:
        end = place + len(name)
        after = text[end : end + _REACH]
        if _PERSON.match(after):
            return None
        before = _BEFORE.search(text[max(0, place - _REACH) : place])
        if before and not text[end : end + 1].isalnum():
            found = found or _kind(before.group(2), [before.group(1) or ""])
        thing = _THING.match(after)
        if thing:
            noun = thing.group(1)
            found = found or (_kind(noun, []) if noun else "organisation")
        place = text.find(name, end)
    return found


_REACH = 60
_PERSON = re.compile(rf",\s+(?:who\b|\d\d,)|\s+(?:{_SAYING})\s+(?:that\s+)?s?he\b")
_BEFORE = re.compile(r"(?:([A-Za-z-]+)\s+)?\b([a-z][a-z-]+)\s+[“\"]?$")
_THING = re.compile(
    r",\s+(?:which\b|(?:an?|the)\s+(?:[\w-]+\s+){0,4}?([a-z-]+)\b"
    r"(?=[,.]|\s(?:of|in|for|that|which)\b))"
)

"""A domain that the released model has not seen: minutes of a harbour board, in a style of its own.

Each line names who speaks, after a dash what they hold, without a verb of saying.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from typing import Any

from sayso.tags import ROLES

__all__ = ["minutes", "plain"]

_PEOPLE = "Marlow Tessen Okoro Brandt Vieira Lindqvist Hassan Petrov Quigley Adeyemi".split()
_THINGS = "crane lock ferry pump warehouse beacon dredger pier gate tug".split()
_STATES = "closed repaired sold flooded inspected painted moved lit emptied hired".split()
_STANCES = {
    "assertion": "the {thing} was {state} on day {day}",
    "denial": "no {thing} was {state} on day {day}, whatever is said",
    "hedge": "the {thing} was {state} on day {day}, so far as can be told",
    "speculation": "the {thing} may be {state} by day {day}",
}
_BETWEEN = (
    "It rained.",
    "The clerk left at noon.",
    "Tea was served.",
    "Item {day} was passed over.",
)


_PLAIN = {
    "assertion": ("said", "that the {thing} was {state} on day {day}"),
    "denial": ("denied", "that the {thing} was {state} on day {day}"),
    "hedge": ("believes", "the {thing} was {state} on day {day}"),
    "speculation": ("said", "that the {thing} might be {state} by day {day}"),
}


def minutes(
    count: int, *, seed: int = 0, lines: int = 12, stances: Sequence[str] = tuple(_STANCES)
) -> list[dict[str, Any]]:
    """Articles with every statement marked, as `data.loaders.load_labels` reads them.

    Args:
        count: how many.
        seed: another one gives other articles.
        lines: statements of each.
        stances: what they are drawn from.
    """
    chosen = random.Random(seed)

    def line(stance: str, words: dict[str, Any]) -> tuple[str, str, str]:
        return words["person"], "—", _STANCES[stance].format(**words)

    return [_article(f"minutes-{seed}-{n}", lines, stances, chosen, line) for n in range(count)]


def plain(count: int, *, seed: int = 0, lines: int = 12) -> list[dict[str, Any]]:
    """As `minutes`, in sentences that the released model knows well: `Marlow said that …`."""
    chosen = random.Random(seed)

    def line(stance: str, words: dict[str, Any]) -> tuple[str, str, str]:
        cue, content = _PLAIN[stance]
        return words["person"], cue, content.format(**words)

    return [_article(f"plain-{seed}-{n}", lines, tuple(_PLAIN), chosen, line) for n in range(count)]


def _article(
    name: str,
    lines: int,
    stances: Sequence[str],
    chosen: random.Random,
    line: Callable[[str, dict[str, Any]], tuple[str, str, str]],
) -> dict[str, Any]:
    text, marks = "", []
    for _ in range(lines):
        day = chosen.randrange(1, 300)
        if chosen.random() < 0.3:
            text += chosen.choice(_BETWEEN).format(day=day) + "\n"
        stance = chosen.choice(list(stances))
        words = {
            "person": chosen.choice(_PEOPLE),
            "thing": chosen.choice(_THINGS),
            "state": chosen.choice(_STATES),
            "day": day,
        }
        mark: dict[str, Any] = {"stance": stance}
        for role, piece in zip(ROLES, line(stance, words), strict=True):
            mark[role] = [[len(text), len(text) + len(piece)]]
            text += piece + " "
        text = text[:-1] + ".\n"
        marks.append(mark)
    return {"id": name, "text": text, "convention": "full", "attributions": marks}

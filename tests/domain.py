"""A domain that the released model has not seen: minutes of a harbour board, in a style of its own.

Each line names who speaks, after a dash what they hold, without a verb of saying.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Any

__all__ = ["minutes"]

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
    return [_article(f"minutes-{seed}-{n}", lines, stances, chosen) for n in range(count)]


def _article(
    name: str, lines: int, stances: Sequence[str], chosen: random.Random
) -> dict[str, Any]:
    text, marks = "", []
    for _ in range(lines):
        day = chosen.randrange(1, 300)
        if chosen.random() < 0.3:
            text += chosen.choice(_BETWEEN).format(day=day) + "\n"
        person, stance = chosen.choice(_PEOPLE), chosen.choice(list(stances))
        thing, state = chosen.choice(_THINGS), chosen.choice(_STATES)
        content = _STANCES[stance].format(thing=thing, state=state, day=day)
        start = len(text)
        text += f"{person} — {content}.\n"
        dash = start + len(person) + 1
        marks.append(
            {
                "source": [[start, start + len(person)]],
                "cue": [[dash, dash + 1]],
                "content": [[dash + 2, dash + 2 + len(content)]],
                "stance": stance,
            }
        )
    return {"id": name, "text": text, "convention": "full", "attributions": marks}

"""An article that ends the whole worker is found by what each try writes down, and passed over."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from sayso.batches import score_placed
from sayso.places import Place
from sayso.read import Placed
from sayso.rejects import Reject
from sayso.scorer import ScoredArticle
from sayso.surely import EachScorer

__all__ = ["Tries"]

ENDS = 2
"""How often an article may be the last thing that a worker did before it is passed over."""


@dataclass(slots=True)
class Tries:
    """Notes beside a unit's manifest, read by the next worker if this one does not come back.

    The first try scores in batches. If it does not end, the next ones score article by article
    and note each before it is scored.

    Attributes:
        place: the output's folder.
        note: the note's name in it.
    """

    place: Place
    note: str

    def score(
        self,
        scorer: EachScorer,
        articles: Iterable[Placed],
        on_reject: Callable[[Reject], None],
    ) -> Iterator[ScoredArticle]:
        """Stream each article with its statements.

        Args:
            scorer: what finds the statements.
            articles: of the unit; in each try the same.
            on_reject: called for what cannot be scored.
        """
        state = self._read()
        first = state is None
        state = state or {"at": None, "ends": 0, "skip": []}
        if state["ends"] >= ENDS:
            state = {**state, "at": None, "ends": 0, "skip": [*state["skip"], state["at"]]}
        self._write(state)
        if first:
            yield from score_placed(scorer, articles, on_reject)
            return
        for number, placed in enumerate(articles):
            if number in state["skip"]:
                reason = f"expected a text that can be scored, found that it ended {ENDS} workers"
                on_reject(Reject(placed.file, placed.line, placed.article.id, reason))
                continue
            ends = state["ends"] if number == state["at"] else 0
            self._write({**state, "at": number, "ends": ends + 1})
            yield from score_placed(scorer, [placed], on_reject)

    def end(self) -> None:
        """The unit is done: drop the note."""
        self.place.remove(self.note)

    def _read(self) -> dict[str, Any] | None:
        data = self.place.read(self.note)
        found: dict[str, Any] | None = None if data is None else json.loads(data)
        return found

    def _write(self, state: dict[str, Any]) -> None:
        self.place.write(self.note, json.dumps(state).encode())

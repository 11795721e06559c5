"""What a scoring run did, counted as it goes and shown as a table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sayso.records import STANCES

if TYPE_CHECKING:
    from rich.table import Table

    from sayso.scorer import ScoredArticle

__all__ = ["STANCE_STYLES", "WITHHELD", "Summary"]

WITHHELD = "withheld"
"""How a stance is called that was left out because the model is not sure enough of it."""

STANCE_STYLES = {
    "assertion": "green",
    "denial": "red",
    "hedge": "yellow",
    "speculation": "magenta",
    WITHHELD: "bright_black",
}
"""The colour of each stance on a terminal."""

_COUNTS = ("articles", "statements", "nested", "sources", "rejects")


@dataclass(slots=True)
class Summary:
    """Counts of a scoring run.

    Attributes:
        articles: scored, those without a statement included.
        statements: written.
        stances: statements by stance.
        nested: statements inside another's content.
        sources: distinct resolved source names within each article, summed over articles.
        rejects: rows, files and articles that could not be read or scored.
        seconds: the run took, model loading included.
        shards: of the output; 0 where it has none.
        skipped: shards that an earlier run had finished; their articles are counted too.
        skipped_articles: how many articles those hold.
    """

    articles: int = 0
    statements: int = 0
    stances: Counter[str] = field(default_factory=Counter)
    nested: int = 0
    sources: int = 0
    rejects: int = 0
    seconds: float = 0.0
    shards: int = 0
    skipped: int = 0
    skipped_articles: int = 0

    def add(self, scored: ScoredArticle) -> None:
        """Count one article."""
        self.articles += 1
        self.statements += len(scored.statements)
        self.stances.update(s.stance or WITHHELD for s in scored.statements)
        self.nested += sum(s.parent_id is not None for s in scored.statements)
        self.sources += len({s.source_entity for s in scored.statements if s.source_entity})

    def counts(self) -> dict[str, Any]:
        """What was counted of articles, statements and rejects, as JSON takes it."""
        return {name: getattr(self, name) for name in _COUNTS} | {
            "stances": dict(sorted(self.stances.items()))
        }

    def merge(self, counts: Mapping[str, Any]) -> None:
        """Add what `counts` gave elsewhere."""
        for name in _COUNTS:
            setattr(self, name, getattr(self, name) + int(counts[name]))
        self.stances.update(counts["stances"])

    def table(self) -> Table:
        """The counts as a table for a terminal."""
        from rich.table import Table

        table = Table(show_header=False, box=None, pad_edge=False)
        table.add_column()
        table.add_column(justify="right")
        table.add_column()
        scored = self.articles - self.skipped_articles
        speed = f"{scored / self.seconds:.1f} a second" if self.seconds and scored else ""
        table.add_row("articles", f"{self.articles:,}", speed)
        table.add_row("statements", f"{self.statements:,}", f"{self.nested:,} nested")
        for stance in (*STANCES, WITHHELD):
            count = self.stances[stance]
            if stance == WITHHELD and not count:
                continue
            share = f"{count / self.statements:.1%}" if self.statements else ""
            table.add_row(f"  {stance}", f"{count:,}", share, style=STANCE_STYLES[stance])
        table.add_row("sources", f"{self.sources:,}", "by article")
        table.add_row("rejects", f"{self.rejects:,}", style="bold red" if self.rejects else None)
        if self.shards:
            done = f"{self.skipped:,} done before" if self.skipped else ""
            table.add_row("shards", f"{self.shards:,}", done)
        table.add_row("seconds", f"{self.seconds:.1f}")
        return table

"""What a scoring run did, counted as it goes and shown as a table."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from rich.table import Table

from sayso.records import STANCES
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


@dataclass(slots=True)
class Summary:
    """Counts of a scoring run.

    Attributes:
        articles: scored, those without a statement included.
        statements: written.
        stances: statements by stance.
        nested: statements inside another's content.
        sources: distinct resolved source names within each article, summed over articles.
        rejects: rows and files that could not be read.
        seconds: the run took, model loading included.
    """

    articles: int = 0
    statements: int = 0
    stances: Counter[str] = field(default_factory=Counter)
    nested: int = 0
    sources: int = 0
    rejects: int = 0
    seconds: float = 0.0

    def add(self, scored: ScoredArticle) -> None:
        """Count one article."""
        self.articles += 1
        self.statements += len(scored.statements)
        self.stances.update(s.stance or WITHHELD for s in scored.statements)
        self.nested += sum(s.parent_id is not None for s in scored.statements)
        self.sources += len({s.source_entity for s in scored.statements if s.source_entity})

    def table(self) -> Table:
        """The counts as a table for a terminal."""
        table = Table(show_header=False, box=None, pad_edge=False)
        table.add_column()
        table.add_column(justify="right")
        table.add_column()
        speed = f"{self.articles / self.seconds:.1f} a second" if self.seconds else ""
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
        table.add_row("seconds", f"{self.seconds:.1f}")
        return table

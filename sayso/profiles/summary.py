"""What a profiling run found, counted and shown as a table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import pyarrow.compute as pc

from sayso.profiles.build import Profiles
from sayso.rating.scale import DIGITS, LETTERS

if TYPE_CHECKING:
    from rich.table import Table

__all__ = ["Summary", "summarise"]


@dataclass(frozen=True, slots=True)
class Summary:
    """Counts of a profiling run.

    Attributes:
        statements, rejects: read, and left out.
        models: ids of the bundles that made the statements.
        sources, outlets, claims: rows of these tables.
        shared: claims on which two or more independent sources speak.
        contested: claims with sources on both sides.
        denials: denials tied to a statement of their article.
        copies: statements that repeat another article's.
        letters: sources by letter.
        digits: claims by digit.
    """

    statements: int
    rejects: int
    models: tuple[str, ...]
    sources: int
    outlets: int
    claims: int
    shared: int
    contested: int
    denials: int
    copies: int
    letters: Mapping[str, int]
    digits: Mapping[str, int]

    def counts(self) -> dict[str, Any]:
        """As JSON takes them."""
        return asdict(self)

    def table(self, seconds: float) -> Table:
        """The counts as a table for a terminal."""
        from rich.table import Table

        table = Table(show_header=False, box=None, pad_edge=False)
        table.add_column()
        table.add_column(justify="right")
        table.add_column()
        table.add_row("statements", f"{self.statements:,}", f"{self.copies:,} near-copies")
        table.add_row("sources", f"{self.sources:,}", _spread(self.letters))
        table.add_row("outlets", f"{self.outlets:,}", "")
        table.add_row("claims", f"{self.claims:,}", _spread(self.digits))
        table.add_row("  shared", f"{self.shared:,}", "by two or more independent sources")
        table.add_row("  contested", f"{self.contested:,}", f"{self.denials:,} denials tied")
        style = "bold red" if self.rejects else None
        table.add_row("rejects", f"{self.rejects:,}", "", style=style)
        table.add_row("seconds", f"{seconds:.1f}", "")
        return table


def summarise(profiles: Profiles) -> Summary:
    """Count what the tables hold."""
    claims, said = profiles.claims, profiles.said
    letters = Counter(profiles.sources["letter"].to_pylist())
    digits = Counter(claims["digit"].to_pylist())
    return Summary(
        statements=profiles.intake.statements,
        rejects=profiles.rejects,
        models=profiles.intake.models,
        sources=len(profiles.sources),
        outlets=len(profiles.outlets),
        claims=len(claims),
        shared=int(pc.sum(pc.greater(claims["sources"], 1)).as_py() or 0),
        contested=int(pc.sum(claims["contested"]).as_py() or 0),
        denials=len(said) - said["denies"].null_count,
        copies=len(said) - said["copy_of"].null_count,
        letters={letter: letters[letter] for letter in LETTERS},
        digits={digit: digits[digit] for digit in DIGITS},
    )


def _spread(counts: Mapping[str, int]) -> str:
    return "  ".join(f"{name} {count:,}" for name, count in counts.items() if count)

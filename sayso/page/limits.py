"""How much goes into a page, so that it stays one that a browser opens."""

from __future__ import annotations

from dataclasses import dataclass, fields

from sayso.errors import UsageError

__all__ = ["Limits"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """The most that a page holds of each kind; what is left out is said on the page.

    Attributes:
        sources: those with the most statements.
        outlets: those with the most statements.
        claims: contested ones by the size of the smaller side, then those with the most sources.
        statements: those on contested claims first, then on shared ones, then of kept sources.
        per_source: statements of one source that are on no contested claim.
        articles: whose text goes in, those with the most statements on contested claims first.
        characters: of article text in all.
        statement_characters: of one source, cue or content; the rest is cut.
    """

    sources: int = 2_000
    outlets: int = 1_000
    claims: int = 1_000
    statements: int = 30_000
    per_source: int = 300
    articles: int = 5_000
    characters: int = 15_000_000
    statement_characters: int = 4_000

    def __post_init__(self) -> None:
        for field in fields(self):
            value = getattr(self, field.name)
            if value < 0:
                raise UsageError(f"expected {field.name} of 0 or more, found {value}")

"""What a check of labels finds: `Finding`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

__all__ = ["ERROR", "KINDS", "WARNING", "Finding", "in_order"]

ERROR = "error"
"""What keeps labels from being trained on."""

WARNING = "warning"
"""What someone should look at."""

KINDS = {
    "unreadable": "Rows that cannot be read",
    "texts": "One article, several texts",
    "repeated": "An article twice by the same annotator",
    "label": "Unknown labels",
    "empty": "Statements and spans without words",
    "overlap": "Spans that overlap within a statement",
    "link": "Links between statements that lead nowhere",
    "leak": "Articles of the held-out sets",
    "conflict": "One statement, several stances",
    "withdrawn": "Withdrawn articles and labels",
    "duplicate": "Articles that are there twice",
    "twice": "Statements that are there twice",
    "nested": "Nested statements outside their parent's content",
    "edge": "Spans that begin or end within a word or with white space",
}
"""Every kind of finding with its heading, in the order of the report."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something wrong, or to be looked at.

    Attributes:
        kind: one of `KINDS`.
        severity: `ERROR` or `WARNING`.
        words: what was expected and what was found.
        file: the file that was checked.
        line: the row in it, from 1; None for what concerns none in particular.
        article: id of the article, if known.
        statement: id of the statement, if it concerns one.
    """

    kind: str
    severity: str
    words: str
    file: str
    line: int | None = None
    article: str | None = None
    statement: str | None = None

    def to_dict(self) -> dict[str, Any]:
        """As a JSON object."""
        return asdict(self)


def in_order(findings: Iterable[Finding]) -> list[Finding]:
    """Errors first, then by kind in the order of `KINDS`, then by line."""
    kinds = list(KINDS)
    return sorted(
        findings, key=lambda one: (one.severity != ERROR, kinds.index(one.kind), one.line or 0)
    )

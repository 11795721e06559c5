"""What an import or export did not take: named, or passed over by design and counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

from sayso.rejects import Reject

__all__ = ["Rejected"]

_LONGEST = 1_000
"""Most characters of a reason: it may quote what was found."""


class Rejected:
    """Hands on what could not be read, and counts what was not meant to be.

    Args:
        file: that is read, as given.
        on_reject: called for each thing that could not be read.
    """

    def __init__(self, file: str, on_reject: Callable[[Reject], None]) -> None:
        self.file = file
        self.count = 0
        self.skipped: Counter[str] = Counter()
        self._on_reject = on_reject

    def __call__(
        self, line: int | None, name: object, reason: str, *, file: str | None = None
    ) -> None:
        """Name one.

        Args:
            line: its line or row, from 1; None for a whole file.
            name: the article's id, where it could be read.
            reason: what was expected and what was found.
            file: where it stands, if not in the file that is read.
        """
        self.count += 1
        known = str(name)[:200] if isinstance(name, str | int) else None
        self._on_reject(Reject(file or self.file, line, known, reason[:_LONGEST]))

    def skip(self, what: str) -> None:
        """Count one that is passed over by design, such as a cancelled annotation."""
        self.skipped[what] += 1

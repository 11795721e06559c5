"""The exceptions that sayso raises on purpose; every one derives from `SaysoError`.

An error's text says what was expected and what was found, with the file and the line where there
is one.
"""

from __future__ import annotations

__all__ = ["BundleError", "InputError", "SaysoError", "UsageError"]


class SaysoError(Exception):
    """Base of every error that sayso raises on purpose."""


class InputError(SaysoError):
    """A file, a row or a value given by the user could not be read as what it should be.

    Args:
        reason: what was expected and what was found.
        file: the file it stands in, if any.
        line: its line (JSONL, CSV) or row (Parquet, Arrow), counted from 1, if known.
    """

    def __init__(self, reason: str, *, file: str | None = None, line: int | None = None) -> None:
        self.reason = reason
        self.file = file
        self.line = line
        place = f"{file}:{line}: " if file and line else f"{file}: " if file else ""
        super().__init__(place + reason)


class BundleError(SaysoError):
    """A model bundle is missing, incomplete, damaged or of a version this sayso cannot read."""


class UsageError(SaysoError):
    """The call itself makes no sense: options that contradict, an output that cannot be written."""

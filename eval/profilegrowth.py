"""How time and memory of `sayso sources` grow with the number of statements."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from eval.madestatements import write_statements
from eval.watched import run_watched
from sayso.errors import UsageError

__all__ = ["ProfileGrowth", "ProfilePoint", "profile_growth"]

_PROGRAM = "from sayso.cli import main; main()"


@dataclass(frozen=True, slots=True)
class ProfilePoint:
    """One run of `sayso sources`.

    Attributes:
        statements: read.
        seconds: from the start of the process to its end.
        peak_mb: most that the process and those below it held together, in MiB.
    """

    statements: int
    seconds: float
    peak_mb: float


@dataclass(frozen=True, slots=True)
class ProfileGrowth:
    """Runs over more and more statements.

    Attributes:
        points: in the order asked for.
    """

    points: tuple[ProfilePoint, ...]

    def to_dict(self) -> dict[str, Any]:
        """As a JSON object."""
        return {"points": [asdict(point) for point in self.points]}

    def to_text(self) -> str:
        """A line for each run, to be read."""
        return "\n".join(
            f"{point.statements:>9,} statements  {point.seconds:>7.1f} s  "
            f"{1e6 * point.seconds / point.statements:>7.1f} µs each  {point.peak_mb:>7,.0f} MiB"
            for point in self.points
        )


def profile_growth(sizes: Sequence[int]) -> ProfileGrowth:
    """Run `sayso sources` in a process of its own over a made corpus, once for each size.

    Args:
        sizes: numbers of statements, each 1 or more; see `eval.madestatements`.

    Raises:
        UsageError: no size, or one below 1.
        BenchError: the command failed.
    """
    if not sizes or min(sizes) < 1:
        raise UsageError(f"expected numbers of statements of 1 or more, found {list(sizes)}")
    return ProfileGrowth(tuple(map(_measure, sizes)))


def _measure(size: int) -> ProfilePoint:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        path = folder / "statements.parquet"
        write_statements(size, path)
        began = time.monotonic()
        words = [_PROGRAM, "sources", str(path), "-o", str(folder / "out")]
        peak_kb, _ = run_watched(words, folder)
        return ProfilePoint(size, time.monotonic() - began, peak_kb / 1024)

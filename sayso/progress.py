"""How far a job is, on a terminal."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from sayso.errors import UsageError
from sayso.inputs import HTML, PARQUET, STDIN, TEXT, Input, find_inputs, is_uri

if TYPE_CHECKING:
    from rich.console import Console

    from sayso.pool import Done
    from sayso.rejects import Reject

__all__ = ["COUNTED_BYTES", "SHOWN_REJECTS", "Watch", "count_articles", "show_progress"]

SHOWN_REJECTS = 5
"""Rejects printed as they come; the file names all of them."""

COUNTED_BYTES = 64 * 2**20
"""Inputs of more bytes are not read through only to say how much is left."""


class Watch:
    """Is told what happens, and shows it.

    Args:
        console: where rejects are printed.
        move: called with a number of articles, and whether an earlier run had done them.
    """

    def __init__(self, console: Console, move: Callable[[int, bool], None]) -> None:
        self._console, self._move = console, move
        self._rejects = 0

    def advance(self, articles: int, *, skipped: bool = False) -> None:
        """So many more articles are done; `skipped`, if by an earlier run."""
        self._move(articles, skipped)

    def take(self, done: Done) -> None:
        """A task is done."""
        self._move(len(done.task.items), False)
        for stood in done.rejects:
            if stood.scored:
                self.reject(stood.reject)

    def reject(self, found: Reject) -> None:
        """Something was rejected; the first few are printed."""
        self._rejects += 1
        if self._rejects <= SHOWN_REJECTS:
            place = f"{found.file}:{found.line}" if found.line else found.file
            self._console.print(f"rejected {place}: {found.reason}", style="red", markup=False)


@contextmanager
def show_progress(
    console: Console, inputs: Sequence[str], limit: int | None = None
) -> Iterator[Watch]:
    """A bar with articles a second, and with the time left where the total is cheap to know.

    Args:
        console: where it is shown, if that is a terminal.
        inputs: what is read.
        limit: most articles of it.
    """
    if not console.is_terminal:
        yield Watch(console, lambda articles, skipped: None)
        return
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )

    total = count_articles(inputs)
    if total is not None and limit is not None:
        total = min(total, limit)
    columns = (
        TextColumn("scoring"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[speed]}"),
        TimeElapsedColumn() if total is None else TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task("scoring", total=total, speed="")
        began, scored = time.monotonic(), 0

        def advance(articles: int, skipped: bool) -> None:
            nonlocal scored
            scored += 0 if skipped else articles
            speed = scored / max(time.monotonic() - began, 1e-6)
            progress.update(task, advance=articles, speed=f"{speed:.1f} articles/s")

        yield Watch(console, advance)


def count_articles(inputs: Sequence[str]) -> int | None:
    """How many articles inputs hold, rejects counted too; None where that is not cheap to know."""
    if any(name == STDIN or is_uri(name) for name in inputs):
        return None
    total = 0
    try:
        for name in inputs:
            for source in find_inputs(name, lambda name, reason: None):
                count = _count(source)
                if count is None:
                    return None
                total += count
    except (OSError, UsageError):
        return None
    return total


def _count(source: Input) -> int | None:
    if source.kind in (TEXT, HTML):
        return 1
    if source.kind == PARQUET:
        import pyarrow as pa
        import pyarrow.parquet as pq

        try:
            return int(pq.read_metadata(source.path).num_rows)
        except pa.ArrowException:
            return None
    if source.packed or Path(source.path).stat().st_size > COUNTED_BYTES:
        return None
    with source.open() as handle:
        return sum(block.count(b"\n") for block in iter(lambda: handle.read(2**20), b""))

"""The batch job: articles from inputs through a scorer to an output, counted and shown."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from typing import Protocol

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from sayso.read import FieldMap, check_inputs, read_articles
from sayso.records import Article
from sayso.rejects import Reject, RejectWriter, rejects_path
from sayso.scorer import ScoredArticle
from sayso.summary import Summary
from sayso.write import check_output, open_writer

__all__ = ["EachScorer", "count_articles", "run_job"]


class EachScorer(Protocol):
    """What the job needs of a scorer."""

    def score_each(self, articles: Iterable[Article]) -> Iterator[ScoredArticle]:
        """Stream each article with its statements, in input order."""


def run_job(
    scorer: EachScorer,
    inputs: Sequence[str],
    output: str,
    *,
    fields: FieldMap | None = None,
    limit: int | None = None,
    console: Console | None = None,
    began: float | None = None,
) -> Summary:
    """Score every article of `inputs` to `output`; rejects go to `OUT.rejects.jsonl`.

    Args:
        scorer: what finds the statements.
        inputs: files, folders and `-`.
        output: Parquet or JSONL by its ending, or `-`.
        fields: the input's names for an article's fields.
        limit: most articles to score.
        console: where progress is shown, if it is a terminal.
        began: `time.monotonic()` of the start that is counted from; None for now.

    Raises:
        UsageError: an input or the output does not make sense; nothing was read or written.
    """
    check_inputs(inputs)
    check_output(output, inputs)
    began = time.monotonic() if began is None else began
    console = console or Console(stderr=True)
    summary = Summary()
    with RejectWriter(rejects_path(output)) as rejects, open_writer(output) as writer:

        def reject(found: Reject) -> None:
            rejects(found)
            if rejects.count <= SHOWN_REJECTS:
                place = f"{found.file}:{found.line}" if found.line else found.file
                console.print(f"rejected {place}: {found.reason}", style="red", markup=False)

        articles: Iterator[Article] = read_articles(inputs, fields=fields, on_reject=reject)
        with _progress(console, inputs, limit) as advance:
            for scored in scorer.score_each(islice(articles, limit)):
                writer.write(scored.statements)
                summary.add(scored)
                advance()
    summary.rejects = rejects.count
    summary.seconds = time.monotonic() - began
    return summary


SHOWN_REJECTS = 5
"""Rejects printed as they come; the file names all of them."""


class _Advance(Protocol):
    def __call__(self) -> None: ...


@contextmanager
def _progress(console: Console, inputs: Sequence[str], limit: int | None) -> Iterator[_Advance]:
    """A bar with articles a second and time left on a terminal, nothing elsewhere."""
    if not console.is_terminal:
        yield lambda: None
        return
    columns = (
        TextColumn("scoring"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[speed]}"),
        TimeRemainingColumn(),
    )
    total = count_articles(inputs)
    if total is not None and limit is not None:
        total = min(total, limit)
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task("scoring", total=total, speed="")
        began = time.monotonic()

        def advance() -> None:
            progress.advance(task)
            done = progress.tasks[0].completed
            speed = done / max(time.monotonic() - began, 1e-6)
            progress.update(task, speed=f"{speed:.1f} articles/s")

        yield advance


def count_articles(inputs: Sequence[str]) -> int | None:
    """How many articles the inputs hold, rejects counted too; None where only reading can tell."""
    from pathlib import Path

    import pyarrow as pa
    import pyarrow.parquet as pq

    from sayso.lines import open_bytes

    total = 0
    try:
        for name in inputs:
            path = Path(name)
            if name == "-":
                return None
            if path.is_dir():
                total += sum(p.suffix.lower() in (".txt", ".html", ".htm") for p in path.rglob("*"))
            elif path.suffix.lower() in (".parquet", ".pq"):
                total += pq.ParquetFile(name).metadata.num_rows
            elif path.suffix.lower() in (".txt", ".html", ".htm"):
                total += 1
            else:
                with open_bytes(name) as handle:
                    total += sum(
                        block.count(b"\n") for block in iter(lambda: handle.read(2**20), b"")
                    )
    except (OSError, EOFError, pa.ArrowException):
        return None
    return total

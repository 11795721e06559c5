"""`sayso score --engine ray|spark`: files scored by a cluster into a folder, each row once.

The input is divided into units. The engine hands them to workers, each of which reads, scores and
writes its unit by itself; what is finished is known from the output's folder alone, so that the
same command goes on where an earlier one ended.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Protocol

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from sayso.cargo import plan_cargo
from sayso.errors import SaysoError, UsageError
from sayso.ledger import Job, Ledger
from sayso.places import find_files, full_name
from sayso.read import FieldMap
from sayso.settings import ScorerSettings
from sayso.summary import Summary
from sayso.units import plan_units

__all__ = ["ENGINES", "EngineError", "run_engine"]

ENGINES = ("ray", "spark")
"""What scores beside `local`."""


class EngineError(SaysoError):
    """A cluster could not score all of the input; what it did is kept, and need not be repeated."""


class UnitScorer(Protocol):
    """What an engine's module does for a job, named `score_units`."""

    def __call__(
        self, job: Job, units: Sequence[str], *, bundle: Path, workers: int | None
    ) -> Iterator[str]:
        """Have each unit scored by `sayso.work.attempt_unit`; stream what that says."""


def run_engine(
    engine: str,
    settings: ScorerSettings,
    inputs: Sequence[str],
    output: str,
    *,
    fields: FieldMap,
    workers: int | None,
    console: Console,
) -> Summary:
    """Score files with Ray or Spark into a folder of Parquet files.

    Ray runs on the cluster that `RAY_ADDRESS` names, Spark where `spark-submit` started this
    process; else both run on this machine. An article without an id gets `FILE:LINE`, as on one
    machine; a repeated id is noticed within a unit (about 8 MiB of input) only.

    Args:
        engine: one of `ENGINES`.
        settings: what to score with; `threads` None is one thread a worker.
        inputs: paths or URIs of files, folders and globs, as each worker can reach them.
        output: path or URI of a folder that is new, empty or was begun by the same command.
        fields: the input's names for an article's fields.
        workers: units that are scored at once; None for what the cluster has room for.
        console: where progress is shown, if it is a terminal.

    Returns:
        Counts over the whole output, what an earlier run did included.

    Raises:
        UsageError: an input, the output or the engine makes no sense, or the output was begun
            with another bundle, other settings or other input.
        BundleError: the model is no whole bundle.
        EngineError: some units could not be scored; the others were.
    """
    began = time.monotonic()
    score_units = _engine(engine)
    cargo, folder = plan_cargo(settings)
    files = find_files(inputs)
    job = Job(cargo, fields, full_name(output))
    ledger = Ledger(job)
    within = [one for one in files if one.place().path.startswith(f"{ledger.place.path}/")]
    if within:
        raise UsageError(f"expected an output apart from the input, found {within[0].label} in it")
    planned, done = ledger.begin(plan_units(files))
    missing = [unit.to_json() for name, unit in planned.items() if name not in set(done)]
    counts = ledger.all_counts(done)
    summary = Summary(shards=len(planned), skipped=len(done))
    summary.skipped_articles = sum(int(one["articles"]) for one in counts)
    failed: list[dict[str, Any]] = []
    if missing:
        said = score_units(job, missing, bundle=folder, workers=workers)
        for answer in _shown(said, len(done), len(planned), console):
            if "counts" in answer:
                counts.append(answer["counts"])
            else:
                failed.append(answer)
    if len(counts) < len(planned):
        first = f", {failed[0]['file']} first: {failed[0]['error']}" if failed else ""
        raise EngineError(
            f"expected all {len(planned)} shards to be scored, found "
            f"{len(planned) - len(counts)} failed{first}; the same command does what is missing"
        )
    ledger.succeed()
    for one in counts:
        summary.merge(one)
    summary.seconds = time.monotonic() - began
    return summary


def _engine(name: str) -> UnitScorer:
    if name == "ray":
        from sayso.ray import score_units as on_ray

        return on_ray
    if name == "spark":
        from sayso.spark import score_units as on_spark

        return on_spark
    raise UsageError(f"expected an engine of {', '.join(ENGINES)}, found {name}")


def _shown(
    said: Iterator[str], done: int, total: int, console: Console
) -> Iterator[dict[str, Any]]:
    """What is said, with a bar of units on a terminal."""
    columns = (TextColumn("scoring"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(
        *columns, console=console, transient=True, disable=not console.is_terminal
    ) as bar:
        task = bar.add_task("scoring", total=total, completed=done)
        for text in said:
            yield json.loads(text)
            bar.advance(task)

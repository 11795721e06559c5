"""The batch job: articles through worker processes to an output, each row once whatever happens."""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from sayso.bundle import bundle_folder
from sayso.errors import UsageError
from sayso.jobrecord import JobSpec
from sayso.plan import TASK_ARTICLES, Cut, Plan
from sayso.pool import Pool, PoolSettings
from sayso.progress import Watch, show_progress
from sayso.read import FieldMap, check_inputs
from sayso.rejects import RejectWriter, rejects_path
from sayso.sharded import JobInterrupted, score_shards
from sayso.summary import Summary
from sayso.write import check_output

if TYPE_CHECKING:
    from rich.console import Console

    from sayso.settings import ScorerSettings

__all__ = ["SHARD_SIZE", "run_job"]

SHARD_SIZE = 1_000
"""Articles of a shard."""


def run_job(
    scorer: ScorerSettings,
    inputs: Sequence[str],
    output: str,
    *,
    fields: FieldMap | None = None,
    limit: int | None = None,
    shard_size: int = SHARD_SIZE,
    pool: PoolSettings | None = None,
    fresh: bool = False,
    console: Console | None = None,
    began: float | None = None,
) -> Summary:
    """Score every article of `inputs` to `output` with worker processes.

    Files and folders are made in shards. If a run ends before its end, however it does, the same
    call goes on with what is missing, and the output is the same in the end. Rejects go to
    `OUT.rejects.jsonl`, or `_rejects.jsonl` in a folder.

    Args:
        scorer: what each worker loads; `threads` is 1 if left out.
        inputs: files, folders and `-`.
        output: Parquet or JSONL by its ending; a folder of Parquet files if it is one or ends in
            `/`; `-` for JSONL on standard output.
        fields: the input's names for an article's fields.
        limit: most articles that are read.
        shard_size: articles of a shard.
        pool: how many workers there are, and how long they may take.
        fresh: remove what an earlier run has left, rather than go on from it.
        console: where progress is shown, if it is a terminal.
        began: `time.monotonic()` of the start that is counted from; None for now.

    Raises:
        UsageError: an input or the output does not make sense; or shards that are there are of
            another bundle, other settings or another input, or another run is at work on them.
        BundleError: the model is no whole bundle.
        OutputError: the output cannot be written; what is done is kept.
        WorkerError: worker processes do not start.
        JobInterrupted: Ctrl-C; what is done is kept.
    """
    began = time.monotonic() if began is None else began
    check_inputs(inputs)
    check_output(output, inputs)
    if shard_size < 1:
        raise UsageError(f"expected a shard of at least 1 article, found {shard_size}")
    scorer = replace(scorer, model=bundle_folder(scorer.model), threads=scorer.threads or 1)
    spec = JobSpec(scorer, tuple(inputs), output, fields or FieldMap(), limit, shard_size)
    pool = pool or PoolSettings()
    with show_progress(console or _standard_error(), inputs, limit) as watch:
        if output == "-":
            summary = _stream(spec, pool, watch)
        else:
            summary = score_shards(spec, pool, watch, fresh=fresh)
    summary.seconds = time.monotonic() - began
    return summary


def _stream(spec: JobSpec, pool: PoolSettings, watch: Watch) -> Summary:
    """Score to standard output, in order and as soon as may be; nothing is kept."""
    summary = Summary()
    task = 1 if "-" in spec.inputs else TASK_ARTICLES
    plan = Plan(
        spec.inputs,
        Cut(limit=spec.limit, task=task, workers=pool.count),
        fields=spec.fields,
        on_reject=watch.reject,
    )
    try:
        with (
            RejectWriter(rejects_path(spec.output)) as rejects,
            Pool(spec.scorer, pool, parquet=False) as workers,
        ):
            for done in workers.run(plan):
                sys.stdout.buffer.write(done.packed)
                sys.stdout.buffer.flush()
                for stood in done.rejects:
                    rejects(stood.reject)
                if done.counts is not None:
                    summary.merge(done.counts)
                watch.take(done)
    except KeyboardInterrupt:
        raise JobInterrupted(
            "interrupted: what goes to standard output is not kept track of; the same command "
            "begins anew"
        ) from None
    summary.rejects = rejects.count
    return summary


def _standard_error() -> Console:
    from rich.console import Console

    return Console(stderr=True)

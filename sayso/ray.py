"""Scoring with Ray Data: a data set of articles to one of statements."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sayso.batches import BATCH, needed_columns, score_batch
from sayso.cargo import Cargo, pack_bundle, plan_cargo, worker_scorer
from sayso.errors import UsageError
from sayso.ledger import Job
from sayso.read import FieldMap
from sayso.scorer import Scorer
from sayso.settings import ScorerSettings
from sayso.work import attempt_unit

if TYPE_CHECKING:
    import pyarrow as pa
    from ray import ObjectRef
    from ray.data import ActorPoolStrategy, Dataset

__all__ = ["score", "score_units"]

MOST_BLOCKS = 4_096
"""Most tasks that a job's units are divided into."""

os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")


def score(
    dataset: Dataset,
    *,
    settings: ScorerSettings | None = None,
    fields: FieldMap | None = None,
    actors: int | tuple[int, int] | None = None,
    batch_size: int = BATCH,
    rejects: str | None = None,
) -> Dataset:
    """Score a data set of articles: lazily, streamed, the model loaded once an actor.

    Rows that cannot be scored (no id, no text, a wrong type, too long) are left out, logged, and
    written to `rejects`. Repeated ids are scored each time.

    Args:
        dataset: one row an article; what columns are called says `fields`.
        settings: what to score with; `threads` None is one. A bundle other than the shipped one
            is sent to the nodes through Ray's object store.
        fields: the columns' names.
        actors: how many, or the fewest and the most; None for one, and as many more as the
            cluster has room for. Each takes `threads` CPUs and some 300 MB.
        batch_size: articles that are scored before their rows are handed on.
        rejects: path or URI of a folder for JSONL files of rows left out. A file is named by its
            content, so that a task that Ray repeats writes the same one again.

    Returns:
        One row a statement, with the columns of `sayso.table.STATEMENT_SCHEMA`.

    Raises:
        BundleError: the model is no whole bundle.
        UsageError: Ray is not installed, or `abstain` makes no sense for the bundle.
        InputError: a column is missing; raised by the job where columns are not known before.
    """
    names = fields or FieldMap()
    known = dataset.schema(fetch_if_missing=False)
    if known is not None:
        needed_columns(known.names, names)
    cargo, folder = plan_cargo(settings)
    return dataset.map_batches(
        _Scoring,
        fn_constructor_args=(cargo, _sent(cargo, folder), names, rejects),
        batch_size=batch_size,
        batch_format="pyarrow",
        compute=_pool(actors),
        num_cpus=cargo.settings.threads,
    )


def score_units(
    job: Job, units: Sequence[str], *, bundle: Path, workers: int | None
) -> Iterator[str]:
    """Have each unit scored by an actor; see `sayso.engines.UnitScorer`."""
    with _cluster():
        import ray.data

        blocks = min(len(units), MOST_BLOCKS)
        dataset = ray.data.from_items(
            [{"unit": unit} for unit in units], override_num_blocks=blocks
        ).map_batches(
            _Working,
            fn_constructor_args=(job, _sent(job.cargo, bundle)),
            batch_size=1,
            batch_format="pyarrow",
            compute=_pool(workers),
            num_cpus=job.cargo.settings.threads,
        )
        for row in dataset.iter_rows():
            yield row["said"]


class _Scoring:
    """An actor that holds a scorer."""

    def __init__(
        self, cargo: Cargo, sent: ObjectRef | None, fields: FieldMap, rejects: str | None
    ) -> None:
        self._scorer = _load(cargo, sent)
        self._fields, self._rejects = fields, rejects

    def __call__(self, table: pa.Table) -> pa.Table:
        return score_batch(self._scorer, table, fields=self._fields, rejects=self._rejects)


class _Working:
    """An actor that scores units."""

    def __init__(self, job: Job, sent: ObjectRef | None) -> None:
        self._job, self._sent = job, sent

    def __call__(self, table: pa.Table) -> pa.Table:
        import pyarrow as pa

        said = [
            attempt_unit(lambda: _load(self._job.cargo, self._sent), text, self._job)
            for text in table.column("unit").to_pylist()
        ]
        return pa.table({"said": pa.array(said, pa.string())})


def _load(cargo: Cargo, sent: ObjectRef | None) -> Scorer:
    import ray

    return worker_scorer(cargo, lambda: bytes(ray.get(sent)))


def _sent(cargo: Cargo, folder: Path) -> ObjectRef | None:
    """The bundle in the object store; None where workers have their own."""
    import ray

    return None if cargo.shipped else ray.put(pack_bundle(folder))


def _pool(actors: int | tuple[int, int] | None) -> ActorPoolStrategy:
    import ray.data

    if actors is None:
        return ray.data.ActorPoolStrategy(min_size=1)
    low, high = actors if isinstance(actors, tuple) else (actors, actors)
    return ray.data.ActorPoolStrategy(min_size=low, max_size=high)


@contextmanager
def _cluster() -> Iterator[None]:
    """The cluster that is connected to, or that `RAY_ADDRESS` names, or one on this machine."""
    ray = _installed()
    mine = not ray.is_initialized()
    if mine:
        options: dict[str, Any] = {"log_to_driver": False, "logging_level": logging.ERROR}
        if "RAY_ADDRESS" not in os.environ:
            options |= {"include_dashboard": False, "_node_ip_address": "127.0.0.1"}
        ray.init(**options)
    context, log = ray.data.DataContext.get_current(), logging.getLogger("ray.data")
    bars, level = context.enable_progress_bars, log.level
    context.enable_progress_bars = False
    log.setLevel(logging.ERROR)
    try:
        yield
    finally:
        context.enable_progress_bars = bars
        log.setLevel(level)
        if mine:
            ray.shutdown()


def _installed() -> Any:
    try:
        import ray
        import ray.data
    except ImportError as error:
        raise UsageError(f'expected Ray, found {error}: pip install "sayso[ray]"') from error
    return ray

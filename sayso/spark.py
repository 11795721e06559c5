"""Scoring with Spark: a data frame of articles to one of statements."""

from __future__ import annotations

import atexit
import os
import sys
import tempfile
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

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
    from pyspark.sql import Column, DataFrame, SparkSession

__all__ = ["score", "score_units"]

MOST_TASKS = 4_096
"""Most tasks that a job's units are divided into."""

_SENT: WeakKeyDictionary[SparkSession, set[str]] = WeakKeyDictionary()
"""Digests of the bundles that a session's executors have."""


def score(
    dataframe: DataFrame,
    *,
    settings: ScorerSettings | None = None,
    fields: FieldMap | None = None,
    batch_size: int = BATCH,
    rejects: str | None = None,
) -> DataFrame:
    """Score a data frame of articles: lazily, the model loaded once a Python worker.

    Rows that cannot be scored (no id, no text, a wrong type, too long) are left out, logged, and
    written to `rejects`. Repeated ids are scored each time.

    Args:
        dataframe: one row an article; what columns are called says `fields`.
        settings: what to score with; `threads` None is one, and more want as many for
            `spark.task.cpus`. A bundle other than the shipped one is sent to the executors.
        fields: the columns' names.
        batch_size: articles that are scored before their rows are handed on. How many Spark
            hands over at once says `spark.sql.execution.arrow.maxRecordsPerBatch`.
        rejects: path or URI of a folder for JSONL files of rows left out. A file is named by its
            content, so that a task that Spark repeats writes the same one again.

    Returns:
        One row a statement, with the columns of `sayso.table.STATEMENT_SCHEMA`.

    Raises:
        InputError: a column is missing.
        BundleError: the model is no whole bundle.
        UsageError: `abstain` makes no sense for the bundle.
    """
    from pyspark.sql.pandas.types import from_arrow_schema

    from sayso.table import STATEMENT_SCHEMA

    names = fields or FieldMap()
    needed = needed_columns(dataframe.columns, names)
    columns = [_column(theirs).alias(ours) for ours, theirs in needed.items()]
    cargo, folder = plan_cargo(settings)
    sent = _send(dataframe.sparkSession, cargo, folder)

    def run(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        return _scored(batches, cargo, sent, batch_size, rejects)

    with _quiet():
        return dataframe.select(*columns).mapInArrow(run, from_arrow_schema(STATEMENT_SCHEMA))


def score_units(
    job: Job, units: Sequence[str], *, bundle: Path, workers: int | None
) -> Iterator[str]:
    """Have each unit scored by a task; see `sayso.engines.UnitScorer`."""
    threads = job.cargo.settings.threads or 1
    with _quiet(), _session(threads, workers) as session:
        sent = _send(session, job.cargo, bundle)

        def work(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
            return _worked(batches, job, sent)

        tasks = min(len(units), workers or MOST_TASKS)
        rows = session.sparkContext.parallelize([(unit,) for unit in units], tasks)
        frame = session.createDataFrame(rows, "unit string").mapInArrow(work, "said string")
        said = [row["said"] for row in frame.collect()]
    yield from said


def _column(name: str) -> Column:
    from pyspark.sql.functions import col

    quoted = name.replace("`", "``")
    return col(f"`{quoted}`")


def _scored(
    batches: Iterator[pa.RecordBatch],
    cargo: Cargo,
    sent: str | None,
    batch_size: int,
    rejects: str | None,
) -> Iterator[pa.RecordBatch]:
    """Run by a worker: statements of batches of articles."""
    import pyarrow as pa

    scorer = _load(cargo, sent)
    for batch in batches:
        for start in range(0, len(batch), batch_size):
            table = pa.Table.from_batches([batch.slice(start, batch_size)])
            yield from score_batch(scorer, table, rejects=rejects).to_batches()


def _worked(
    batches: Iterator[pa.RecordBatch], job: Job, sent: str | None
) -> Iterator[pa.RecordBatch]:
    """Run by a worker: what became of units."""
    import pyarrow as pa

    for batch in batches:
        for text in batch.column(0).to_pylist():
            said = attempt_unit(lambda: _load(job.cargo, sent), text, job)
            yield pa.record_batch({"said": pa.array([said], pa.string())})


def _load(cargo: Cargo, sent: str | None) -> Scorer:
    from pyspark import SparkFiles

    return worker_scorer(cargo, lambda: Path(SparkFiles.get(str(sent))).read_bytes())


def _send(session: SparkSession, cargo: Cargo, folder: Path) -> str | None:
    """Give the bundle to all executors as a file; None where workers have their own.

    Returns:
        The file's name among `SparkFiles`.
    """
    if cargo.shipped:
        return None
    name = f"sayso-{cargo.digest}.zip"
    sent = _SENT.setdefault(session, set())
    if cargo.digest not in sent:
        held = tempfile.TemporaryDirectory(prefix="sayso-")
        atexit.register(held.cleanup)
        path = Path(held.name) / name
        path.write_bytes(pack_bundle(folder))
        session.addArtifacts(str(path), file=True)
        sent.add(cargo.digest)
    return name


@contextmanager
def _session(threads: int, workers: int | None) -> Iterator[SparkSession]:
    """The session that is there, or the cluster's that `spark-submit` chose, or one on this
    machine.
    """
    try:
        from pyspark.sql import SparkSession
    except ImportError as error:
        raise UsageError(f'expected Spark, found {error}: pip install "sayso[spark]"') from error
    active = SparkSession.getActiveSession()
    if active is not None:
        yield active
        return
    builder = SparkSession.builder.appName("sayso").config("spark.task.cpus", str(threads))
    if "PYSPARK_GATEWAY_PORT" not in os.environ:
        os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
        os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
        cores = "*" if workers is None else str(workers * threads)
        for key, value in (LOCAL | {"spark.master": f"local[{cores},{TASK_TRIES}]"}).items():
            builder = builder.config(key, value)
    try:
        session = builder.getOrCreate()
    except Exception as error:
        raise UsageError(f"expected Spark to start (it takes Java 17 or later): {error}") from error
    try:
        yield session
    finally:
        session.stop()


TASK_TRIES = 8
"""How often Spark begins a task again whose worker went away."""

LOCAL = {
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.log.level": "ERROR",
}
"""Settings of a session on this machine: nothing listens to the outside."""


@contextmanager
def _quiet() -> Iterator[None]:
    """Without what Spark says of the version of pandas, of which nothing is used here."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="PySpark does not yet fully support pandas")
        yield

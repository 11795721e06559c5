"""Spark gives the rows that one machine gives, and leaves out what cannot be scored."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from rich.console import Console

import sayso.spark
import sayso.units
from sayso.bundle import DEFAULT_BUNDLE
from sayso.engines import run_engine
from sayso.errors import InputError
from sayso.read import FieldMap
from sayso.scorer import Scorer
from sayso.settings import ScorerSettings
from sayso.summary import Summary
from tests.java import find_java
from tests.rows import (
    BAD,
    assert_files_are_scored,
    assert_rows_are_scored,
    gold_rows,
)

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

pytestmark = [
    # Spark about the pandas that is installed, which it does not use here.
    pytest.mark.filterwarnings("ignore:PySpark does not yet fully support pandas:FutureWarning"),
    pytest.mark.timeout(600),
]

EVERY_ROW = ScorerSettings(threshold=0.0)


@pytest.fixture(scope="module", autouse=True)
def spark(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SparkSession]:
    """Spark on this machine, with two workers at a time."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYSPARK_PYTHON", sys.executable)
        patch.setenv("SPARK_LOCAL_IP", "127.0.0.1")
        java = find_java(tmp_path_factory.mktemp("java"))
        if java is not None:
            patch.setenv("JAVA_HOME", java)
        from pyspark.sql import SparkSession

        builder = SparkSession.builder.appName("tests")
        for key, value in {
            **sayso.spark.LOCAL,
            "spark.master": "local[2]",
            "spark.sql.warehouse.dir": str(tmp_path_factory.mktemp("warehouse")),
            "spark.sql.execution.arrow.maxRecordsPerBatch": "5",
        }.items():
            builder = builder.config(key, value)
        session = builder.getOrCreate()
        yield session
        session.stop()


def run(inputs: list[Path], out: Path) -> Summary:
    return run_engine(
        "spark",
        EVERY_ROW,
        [str(name) for name in inputs],
        out.as_uri(),
        fields=FieldMap(),
        workers=2,
        console=Console(quiet=True),
    )


def test_a_data_frame_is_scored(scorer: Scorer, spark: SparkSession, tmp_path: Path) -> None:
    good = gold_rows(6)
    rows = [(row["id"], row["text"], 7) for row in [*good[:3], *BAD, *good[3:]]]
    bundle = tmp_path / "bundle"
    shutil.copytree(DEFAULT_BUNDLE, bundle)
    found = sayso.spark.score(
        spark.createDataFrame(rows, "`the.key` string, body string, other int").coalesce(1),
        settings=ScorerSettings(model=str(bundle), threshold=0.0),
        fields=FieldMap(id="the.key", text="body"),
        batch_size=2,
        rejects=(tmp_path / "rejects").as_uri(),
    )
    assert_rows_are_scored(found.toArrow(), scorer, good, tmp_path / "rejects")


def test_files_are_scored_as_on_one_machine(
    scorer: Scorer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sayso.units, "UNIT_BYTES", 4_000)
    assert_files_are_scored(run, scorer, tmp_path)


def test_what_cannot_work_is_told_before(spark: SparkSession) -> None:
    frame = spark.createDataFrame([("1", "A text.")], "id string, text string")
    with pytest.raises(InputError, match="expected a column 'body'"):
        sayso.spark.score(frame, fields=FieldMap(text="body"))

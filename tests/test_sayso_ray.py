"""Ray gives the rows that one machine gives, and leaves out what cannot be scored."""

from __future__ import annotations

import logging
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pytest
from rich.console import Console

import sayso.ray
import sayso.units
from sayso.bundle import DEFAULT_BUNDLE
from sayso.engines import run_engine
from sayso.errors import BundleError, InputError
from sayso.read import FieldMap
from sayso.scorer import Scorer
from sayso.settings import ScorerSettings
from sayso.summary import Summary
from tests.rows import (
    BAD,
    assert_files_are_scored,
    assert_rows_are_scored,
    gold_rows,
)

pytestmark = [
    # Ray about its own settings.
    pytest.mark.filterwarnings("ignore::DeprecationWarning:ray.data.context"),
    pytest.mark.timeout(600),
]

EVERY_ROW = ScorerSettings(threshold=0.0)


@pytest.fixture(scope="module", autouse=True)
def cluster() -> Iterator[None]:
    """Ray on this machine, with one worker at a time."""
    import ray

    # Otherwise workers wait behind all else that a busy machine does.
    os.environ.setdefault("RAY_worker_niceness", "0")
    ray.init(
        num_cpus=1,
        object_store_memory=100 * 2**20,
        include_dashboard=False,
        log_to_driver=False,
        logging_level=logging.ERROR,
        _node_ip_address="127.0.0.1",
    )
    yield
    ray.shutdown()


def run(inputs: list[Path], out: Path, settings: ScorerSettings = EVERY_ROW) -> Summary:
    return run_engine(
        "ray",
        settings,
        [str(name) for name in inputs],
        out.as_uri(),
        fields=FieldMap(),
        workers=1,
        console=Console(quiet=True),
    )


def test_a_data_set_is_scored(scorer: Scorer, tmp_path: Path) -> None:
    import ray.data

    good = gold_rows(6)
    rows = [{"key": row["id"], "body": row["text"]} for row in [*good[:3], *BAD, *good[3:]]]
    bundle = tmp_path / "bundle"
    shutil.copytree(DEFAULT_BUNDLE, bundle)
    found = sayso.ray.score(
        ray.data.from_arrow(pa.Table.from_pylist(rows)),
        settings=ScorerSettings(model=str(bundle), threshold=0.0),
        fields=FieldMap(id="key", text="body"),
        actors=1,
        batch_size=4,
        rejects=str(tmp_path / "rejects"),
    )
    assert_rows_are_scored(
        pa.concat_tables(ray.get(found.to_arrow_refs())), scorer, good, tmp_path / "rejects"
    )


def test_files_are_scored_as_on_one_machine(
    scorer: Scorer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sayso.units, "UNIT_BYTES", 4_000)
    assert_files_are_scored(run, scorer, tmp_path)


def test_what_cannot_work_is_told_before(tmp_path: Path) -> None:
    import ray.data

    dataset = ray.data.from_arrow(pa.table({"id": ["1"], "text": ["A text."]}))
    with pytest.raises(BundleError, match="expected a bundle"):
        sayso.ray.score(dataset, settings=ScorerSettings(model=str(tmp_path)))
    with pytest.raises(InputError, match="expected a column 'body'"):
        sayso.ray.score(dataset, fields=FieldMap(text="body"))

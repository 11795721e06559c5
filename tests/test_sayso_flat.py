"""Tables as rows: every value comes back, no cell runs as a formula, no file is half written."""

import csv
import json
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq
import pytest

import sayso
from sayso.errors import UsageError
from sayso.profiles.schema import OUTLETS, SOURCES
from sayso.rating.flat import TABLES, write_flat
from tests.profiled import invented_corpus, rows


def test_parquet_has_the_tables_with_version_and_settings(tmp_path: Path) -> None:
    corpus = invented_corpus()
    paths = write_flat(corpus, tmp_path / "out", settings={"merge": True, "at": Path("x")})
    assert [path.name for path in paths] == [f"{name}.parquet" for name in TABLES]
    for name, path in zip(TABLES, paths, strict=True):
        found, wanted = pq.read_table(path), getattr(corpus, name)
        assert found.schema.equals(wanted.schema)
        assert [str(row) for row in found.to_pylist()] == [str(row) for row in wanted.to_pylist()]
        about = found.schema.metadata
        assert about[b"sayso.version"].decode() == sayso.__version__
        assert json.loads(about[b"sayso.settings"]) == {"merge": True, "at": "x"}


@pytest.mark.parametrize(
    "name",
    ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1", "＋1", "－1", "＠1"],
)
def test_no_cell_of_csv_begins_as_a_formula(name: str, tmp_path: Path) -> None:
    outlets = rows(OUTLETS, [{"id": "o1", "name": name}, {"id": "o2", "name": "a=b"}])
    write_flat(replace(invented_corpus(), outlets=outlets), tmp_path, ending=".csv")
    with (tmp_path / "outlets.csv").open(encoding="utf-8", newline="") as handle:
        found = list(csv.DictReader(handle))
    assert [row["name"] for row in found] == [f"'{name}", "a=b"]


def test_csv_has_every_value(tmp_path: Path) -> None:
    write_flat(invented_corpus(), tmp_path, ending=".csv")
    with (tmp_path / "sources.csv").open(encoding="utf-8", newline="") as handle:
        first, second = csv.DictReader(handle)
    assert list(first) == SOURCES.names
    assert json.loads(first["aliases"]) == ["Abeni", "@ruth"]
    assert (first["reliability"], second["reliability"], second["letter"]) == ("0.82", "", "F")
    assert pa_csv.read_csv(tmp_path / "claims.csv")["outcome"].to_pylist() == [
        None,
        True,
        None,
        None,
    ]


def test_negative_numbers_of_csv_stay_numbers(tmp_path: Path) -> None:
    table = rows(SOURCES, [{"id": "s1", "log_loss": -0.5, "claims": -1}])
    write_flat(replace(invented_corpus(), sources=table), tmp_path, ending=".csv")
    with (tmp_path / "sources.csv").open(encoding="utf-8", newline="") as handle:
        (row,) = csv.DictReader(handle)
    assert (row["log_loss"], row["claims"]) == ("-0.5", "-1")


def test_lines_of_json_are_the_rows(tmp_path: Path) -> None:
    corpus = invented_corpus()
    write_flat(corpus, tmp_path, ending=".jsonl")
    lines = (tmp_path / "said.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line) for line in lines] == corpus.said.to_pylist()
    first, second = map(json.loads, (tmp_path / "sources.jsonl").read_text().splitlines())
    assert (first["reliability"], second["reliability"]) == (0.82, None)
    assert first["aliases"] == ["Abeni", "@ruth"]


@pytest.mark.parametrize("ending", [".parquet", ".csv", ".jsonl"])
def test_tables_without_rows_are_written(ending: str, tmp_path: Path) -> None:
    corpus = replace(invented_corpus(), claims=invented_corpus().claims.slice(0, 0))
    assert all(path.is_file() for path in write_flat(corpus, tmp_path, ending=ending))


def test_a_failure_leaves_the_file_as_it_was(tmp_path: Path) -> None:
    (tmp_path / "sources.csv").write_text("before")
    broken = replace(invented_corpus(), sources=pa.table({"id": [{"a": 1}]}))
    with pytest.raises(pa.ArrowException):
        write_flat(broken, tmp_path, ending=".csv")
    assert (tmp_path / "sources.csv").read_text() == "before"
    assert [path.name for path in tmp_path.iterdir()] == ["sources.csv"]


def test_bad_calls_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"expected an ending .*, found \.xlsx"):
        write_flat(invented_corpus(), tmp_path, ending=".xlsx")
    (tmp_path / "file").write_text("")
    with pytest.raises(UsageError, match="expected a folder to write to"):
        write_flat(invented_corpus(), tmp_path / "file")

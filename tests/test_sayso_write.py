"""Writers: the contract's columns, the same bytes every time, whole files or none."""

import gzip
import json
from dataclasses import replace
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sayso.errors import InputError, UsageError
from sayso.records import Span, Statement
from sayso.statements import read_statements
from sayso.table import STATEMENT_SCHEMA, encodable, statements_to_table, table_to_statements
from sayso.write import check_output, json_line, open_rows, open_writer, pack_rows

STATEMENT = Statement(
    article_id="a",
    statement_id="a#0",
    source_spans=(Span(0, 2),),
    cue_spans=(),
    content_spans=(Span(4, 9), Span(12, 15)),
    source_text="He",
    cue_text=None,
    content_text="one … two",
    form="mixed",
    stance="hedge",
    p_assertion=0.25,
    p_denial=0.125,
    p_hedge=0.5,
    p_speculation=0.125,
    p_statement=0.75,
    source_entity=None,
    source_kind="person",
    parent_id=None,
    outlet=None,
    published="2025-01-01",
    model="m",
)
ENDINGS = ["parquet", "jsonl", "jsonl.gz", "jsonl.zst"]


def write(path: Path, count: int = 3) -> None:
    with open_writer(str(path)) as writer:
        for _ in range(count):
            writer.write([STATEMENT])


@pytest.mark.parametrize("ending", ENDINGS)
def test_what_was_written_is_read_back(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"out.{ending}"
    write(path)
    assert list(read_statements(str(path))) == [STATEMENT] * 3
    first = path.read_bytes()
    write(path)
    assert path.read_bytes() == first, "the same rows give the same bytes"
    assert [p.name for p in tmp_path.iterdir()] == [path.name]


def test_parquet_has_the_contract_columns(tmp_path: Path) -> None:
    write(tmp_path / "out.parquet", 0)
    schema = pq.read_schema(tmp_path / "out.parquet")
    assert schema.names == STATEMENT_SCHEMA.names
    assert str(schema.field("source_spans").type) == (
        "list<element: struct<start: int32, end: int32>>"
    )
    assert str(schema.field("p_denial").type) == "float"


def test_row_groups_do_not_reorder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sayso.write.ROW_GROUP", 4)
    path = tmp_path / "out.parquet"
    write(path, 11)
    assert pq.ParquetFile(path).num_row_groups == 3
    assert len(list(read_statements(str(path)))) == 11


@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize("error", [KeyboardInterrupt, OSError])
def test_an_interruption_leaves_the_old_file(
    tmp_path: Path, ending: str, error: type[BaseException]
) -> None:
    path = tmp_path / f"out.{ending}"
    path.write_bytes(b"old")
    with pytest.raises(error), open_writer(str(path)) as writer:
        writer.write([STATEMENT])
        raise error
    assert path.read_bytes() == b"old"
    assert [p.name for p in tmp_path.iterdir()] == [path.name]


@pytest.mark.parametrize(
    "name", ["out", "out.csv", "nowhere/out.jsonl", "nowhere/out/", "file.jsonl/"]
)
def test_outputs_that_make_no_sense(tmp_path: Path, name: str) -> None:
    (tmp_path / "file.jsonl").touch()
    with pytest.raises(UsageError, match="expected an output"):
        check_output(f"{tmp_path}/{name}")


def test_folders(tmp_path: Path) -> None:
    check_output(f"{tmp_path}/new/")
    check_output(str(tmp_path))
    with pytest.raises(UsageError, match="expected an output file"), open_writer(str(tmp_path)):
        pass
    with pytest.raises(UsageError, match="other than the input"):
        check_output(str(tmp_path), [str(tmp_path)])


@pytest.mark.parametrize("ending", ENDINGS)
def test_bytes_do_not_depend_on_how_rows_come(
    tmp_path: Path, ending: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sayso.write.ROW_GROUP", 5)
    monkeypatch.setattr("sayso.write.BLOCK", 64)
    rows = [replace(STATEMENT, statement_id=f"a#{n}", cue_text=str(n) * (n % 3)) for n in range(23)]
    parquet = ending == "parquet"
    whole, found = tmp_path / f"whole.{ending}", set()
    with open_writer(str(whole)) as writer:
        writer.write(rows)
    for size in (1, 4, 5, 22, 23):
        parts = []
        for start in range(0, len(rows), size):
            part = tmp_path / ("part.parquet" if parquet else "part.jsonl.zst")
            with open_rows(part, part.name) as writer:
                writer.add(pack_rows(rows[start : start + size], parquet=parquet))
            parts.append(part.rename(tmp_path / f"{start}-{part.name}"))
        with open_writer(str(tmp_path / f"joined.{ending}")) as writer:
            for part in parts:
                writer.copy(part)
        found.add((tmp_path / f"joined.{ending}").read_bytes())
    assert found == {whole.read_bytes()}
    assert list(read_statements(str(whole))) == rows


def test_the_input_is_not_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "in.jsonl"
    path.touch()
    with pytest.raises(UsageError, match="other than the input"):
        check_output(str(path), [str(path)])


def test_surrogates() -> None:
    odd = replace(STATEMENT, source_text="x\ud800é")
    line = json_line(odd)
    assert "é".encode() in line
    assert json.loads(line)["source_text"] == "x\ud800é"
    (back,) = table_to_statements(statements_to_table([odd]))
    assert back.source_text == "x\ufffdé"


@given(st.text(alphabet=st.characters(exclude_categories=[]), max_size=50))
def test_encodable_keeps_length(text: str) -> None:
    found = encodable(text)
    assert len(found) == len(text)
    found.encode("utf-8")
    assert all(a == b for a, b in zip(text, found, strict=True) if not "\ud800" <= a <= "\udfff")


@pytest.mark.parametrize("content", [b"{}\n", b"nonsense\n", b'{"article_id": 1}\n'])
def test_other_files_are_refused_with_the_line(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "out.jsonl.gz"
    path.write_bytes(gzip.compress(content))
    with pytest.raises(InputError, match=r"out\.jsonl\.gz:1: "):
        list(read_statements(str(path)))

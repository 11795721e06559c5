"""Rows of Parquet: damage, and memory."""

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from sayso.read import read_articles
from tests.reading import read


def test_a_damaged_row_group_takes_no_other_with_it(tmp_path: Path) -> None:
    path = tmp_path / "in.parquet"
    rows = [{"id": f"r{n}", "text": f"{n} said " * 50} for n in range(300)]
    pq.write_table(pa.Table.from_pylist(rows), path, row_group_size=100, use_dictionary=False)
    chunk = pq.read_metadata(path).row_group(1).column(1)
    raw = bytearray(path.read_bytes())
    at = chunk.data_page_offset + chunk.total_compressed_size // 2
    raw[at : at + 40] = b"\xff" * 40
    path.write_bytes(raw)
    articles, (reject,) = read(path)
    assert [a.id for a in articles] == [f"r{n}" for n in (*range(100), *range(200, 300))]
    assert reject.line == 101
    assert "rows 101 to 200 are lost" in reject.reason


def test_a_row_of_parquet_without_a_value_in_python_is_named(tmp_path: Path) -> None:
    path = tmp_path / "in.parquet"
    times = pa.array([0, 2**62, 1], pa.timestamp("us"))
    ids = pa.array(["a", "b", "c"]).dictionary_encode()
    table = pa.table({"id": ids, "text": pa.array(["1", "2", "3"], pa.large_string())})
    pq.write_table(table.append_column("published", times), path)
    articles, (reject,) = read(path)
    assert [(a.id, a.published) for a in articles] == [
        ("a", "1970-01-01T00:00:00"),
        ("c", "1970-01-01T00:00:00.000001"),
    ]
    assert reject.line == 2


def test_one_row_group_does_not_fill_memory(tmp_path: Path) -> None:
    path = tmp_path / "in.parquet"
    table = pa.Table.from_pylist([{"text": f"{n} said " * 100} for n in range(20_000)])
    pq.write_table(table, path, row_group_size=20_000, use_dictionary=False)
    pool = pa.default_memory_pool()
    del table
    before, most = pool.bytes_allocated(), 0
    for _ in read_articles([str(path)], on_reject=lambda reject: None):
        most = max(most, pool.bytes_allocated() - before)
    assert pq.read_metadata(path).row_group(0).total_byte_size > 16 * 2**20
    assert most < 8 * 2**20

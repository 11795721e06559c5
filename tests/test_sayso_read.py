"""Readers: every kind of input, and every kind of damage named while the rest goes on."""

import gzip
import io
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sayso.read import FieldMap
from sayso.records import Article
from tests.reading import GOOD, lines, read


def test_every_format(good: Path) -> None:
    articles, rejects = read(good)
    assert [(a.id, a.text, a.outlet) for a in articles] == [
        ("a", "One, he said.", None), ("b", "Two.", "Wire"),
    ]  # fmt: skip
    assert rejects == []


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b"{", "expected a JSON object"),
        (b"[" * 100_000, "expected a JSON object"),
        (b'"text"', "expected a JSON object, found str"),
        (b"{}", "expected text to be a string, found nothing"),
        (b'{"text": null}', "expected text to be a string, found nothing"),
        (b'{"text": ["a"]}', "expected text to be a string, found list"),
        (b'{"id": 1.5, "text": "a"}', "expected id to be a string or a whole number"),
        (b'{"id": true, "text": "a"}', "expected id to be a string or a whole number"),
        (b'{"text": "a", "outlet": {}}', "expected outlet to be a string, found dict"),
        (b'{"text": "caf\xe9"}', "expected UTF-8, found byte 0xe9 at column 14"),
        (b'{"id": "a", "text": "again"}', "expected an id used once, found 'a' again"),
    ],
)
def test_a_bad_row_is_named_and_the_rest_is_read(tmp_path: Path, line: bytes, reason: str) -> None:
    path = tmp_path / "in.jsonl"
    path.write_bytes(lines(GOOD[:1]) + b"\n" + line + b"\r\n" + lines(GOOD[1:]))
    articles, rejects = read(path)
    assert [a.id for a in articles] == ["a", "b"]
    (reject,) = rejects
    assert (reject.file, reject.line) == (str(path), 3)
    assert reason in reject.reason


@pytest.mark.parametrize("ending", ["gz", "zst"])
def test_a_cut_off_file_gives_what_came_before(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"in.jsonl.{ending}"
    rows = lines([{"id": str(n), "text": f"{n * 7919} said " * 40} for n in range(3000)])
    if ending == "gz":
        whole = gzip.compress(rows)
    else:
        with pa.OSFile(str(path), "wb") as raw, pa.CompressedOutputStream(raw, "zstd") as out:
            out.write(rows)
        whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    articles, rejects = read(path)
    assert 0 < len(articles) < 3000
    assert [a.id for a in articles] == [str(n) for n in range(len(articles))]
    assert any("cut off or damaged" in r.reason for r in rejects)


@pytest.mark.parametrize("name", ["in.parquet", "in.jsonl.gz", "in.jsonl.zst"])
def test_a_file_that_is_something_else(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"hello\n" * 100)
    articles, rejects = read(tmp_path / name)
    assert articles == []
    assert len(rejects) == 1


def test_a_line_too_long_is_skipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sayso.rows.MAX_FILE", 1000)
    path = tmp_path / "in.jsonl"
    path.write_bytes(lines([GOOD[0], {"id": "x", "text": "y" * 5000}, GOOD[1]]))
    articles, rejects = read(path)
    assert [a.id for a in articles] == ["a", "b"]
    assert "expected a line of at most 1000 bytes, found 50" in rejects[0].reason


def test_fields_can_be_named_otherwise(tmp_path: Path) -> None:
    path = tmp_path / "in.jsonl"
    path.write_bytes(lines([{"url": "http://x", "body": "He said.", "date": 20250101}]))
    fields = FieldMap(id="url", text="body", published="date")
    (article,), _ = read(path, fields=fields)
    assert article == Article("http://x", "He said.", published="20250101", url="http://x")


def test_without_an_id_the_place_is_one(tmp_path: Path) -> None:
    path = tmp_path / "in.jsonl"
    path.write_bytes(lines([{"text": "a"}, {"text": "b"}]))
    articles, _ = read(path)
    assert [a.id for a in articles] == [f"{path}:1", f"{path}:2"]


@pytest.mark.parametrize(
    ("page", "reason"),
    [
        ("<p>He said so.</p>" * 30_000, "expected a page of at most 50000 tags, found 60000"),
        ("<p " + "a " * 3_000 + ">He said so.</p>", "at most 2000 attributes"),
    ],
)
def test_a_page_that_would_take_very_long(tmp_path: Path, page: str, reason: str) -> None:
    (tmp_path / "in.html").write_text(page)
    articles, (reject,) = read(tmp_path / "in.html")
    assert articles == []
    assert reason in reject.reason


def test_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = io.TextIOWrapper(io.BytesIO(lines(GOOD) + b"{\n"))
    monkeypatch.setattr(sys, "stdin", stream)
    articles, rejects = read("-")
    assert [a.id for a in articles] == ["a", "b"]
    assert (rejects[0].file, rejects[0].line) == ("-", 3)


@pytest.mark.parametrize("ending", ["csv", "parquet"])
def test_without_the_column_the_file_is_named_once(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"in.{ending}"
    if ending == "csv":
        path.write_text("id,body\n" + "a,b\n" * 50)
    else:
        pq.write_table(pa.Table.from_pylist([{"id": "a", "body": "b"}] * 50), path)
    articles, rejects = read(path)
    assert articles == []
    (reject,) = rejects
    assert "expected a column 'text'" in reject.reason
    assert "id, body" in reject.reason


@pytest.mark.parametrize(
    ("field", "size", "reason"),
    [
        ("text", 1_000_001, "expected a text of at most 1000000 characters, found 1000001"),
        ("id", 65_537, "expected id to be of at most 65536 characters, found 65537"),
        ("url", 65_537, "expected url to be of at most 65536 characters, found 65537"),
    ],
)
def test_a_field_has_a_most(tmp_path: Path, field: str, size: int, reason: str) -> None:
    path = tmp_path / "in.jsonl"
    row = {"id": "c", "text": "x"}
    path.write_bytes(lines([{**row, field: "y" * size}, {**row, field: "y" * (size - 1)}]))
    (article,), (reject,) = read(path)
    assert getattr(article, field) == "y" * (size - 1)
    assert reject.reason == reason


@pytest.mark.parametrize("coding", ["utf-16", "utf-16-be"])
def test_utf_16_is_named(tmp_path: Path, coding: str) -> None:
    raw = ("\ufeff" if coding != "utf-16" else "") + lines(GOOD).decode()
    (tmp_path / "in.jsonl").write_bytes(raw.encode(coding))
    articles, rejects = read(tmp_path / "in.jsonl")
    assert articles == []
    assert [r.reason for r in rejects] == ["expected UTF-8, found the mark of UTF-16"]


def test_json_of_very_many_values_is_not_parsed(tmp_path: Path) -> None:
    path = tmp_path / "in.jsonl"
    path.write_bytes(b'{"text": "x", "more": [' + b"[]," * 1_000_000 + b"[]]}\n" + lines(GOOD))
    articles, (reject,) = read(path)
    assert [a.id for a in articles] == ["a", "b"]
    assert "at most 1000000 values" in reject.reason


@given(st.binary(max_size=300))
def test_no_bytes_are_too_odd(raw: bytes) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        for name in ("in.jsonl", "in.csv", "in.jsonl.gz", "in.jsonl.zst", "in.parquet"):
            path = Path(folder) / name
            path.write_bytes(raw)
            read(path)

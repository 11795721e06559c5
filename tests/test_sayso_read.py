"""Readers: every kind of input, and every kind of damage named while the rest goes on."""

import gzip
import io
import json
import os
import socket
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyarrow import fs

from sayso.errors import UsageError
from sayso.places import Place
from sayso.read import FieldMap, check_inputs, read_articles
from sayso.records import Article
from sayso.rejects import Reject

GOOD = [{"id": "a", "text": "One, he said."}, {"id": "b", "text": "Two.", "outlet": "Wire"}]


def read(
    *inputs: Path | str, fields: FieldMap | None = None
) -> tuple[Sequence[Article], Sequence[Reject]]:
    rejects: list[Reject] = []
    names = [str(name) for name in inputs]
    return list(read_articles(names, fields=fields, on_reject=rejects.append)), rejects


def lines(rows: Sequence[object]) -> bytes:
    return b"".join(json.dumps(row).encode() + b"\n" for row in rows)


@pytest.fixture(params=["jsonl", "jsonl.gz", "jsonl.zst", "parquet", "csv", "csv.gz"])
def good(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    path = tmp_path / f"in.{request.param}"
    table = b'id,text,outlet\na,"One, he said.",\nb,Two.,Wire\n'
    if request.param == "parquet":
        pq.write_table(pa.Table.from_pylist([{**GOOD[0], "outlet": None}, GOOD[1]]), path)
    elif request.param.endswith("gz"):
        path.write_bytes(gzip.compress(table if "csv" in request.param else lines(GOOD)))
    elif request.param.endswith("zst"):
        path.write_bytes(pa.Codec("zstd").compress(lines(GOOD), asbytes=True))
        with pa.OSFile(str(path), "wb") as raw, pa.CompressedOutputStream(raw, "zstd") as out:
            out.write(lines(GOOD))
    else:
        path.write_bytes(table if request.param == "csv" else lines(GOOD))
    return path


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


def test_a_folder_of_texts_and_pages(tmp_path: Path) -> None:
    (tmp_path / "b.txt").write_bytes(b"\xef\xbb\xbfSecond, she said.\r\n")
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "a.txt").write_text("Third.")
    (tmp_path / "bad.txt").write_bytes(b"\xff\xfe")
    paragraph = "<p>The harbour master said the port would open at noon on Monday. </p>" * 8
    (tmp_path / "page.html").write_text(
        f"<html><head><title>Port</title></head><body><nav>Menu</nav><article><h1>Port</h1>"
        f"{paragraph}</article></body></html>"
    )
    (tmp_path / "empty.html").write_text("<html></html>")
    articles, rejects = read(tmp_path)
    assert [a.id for a in articles] == ["b.txt", "page.html", "sub/a.txt"]
    assert articles[0].text == "Second, she said.\r\n"
    assert "harbour master" in articles[1].text
    assert "Menu" not in articles[1].text
    assert sorted(Path(r.file).name for r in rejects) == ["bad.txt", "empty.html"]


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


def test_a_folder_of_every_kind_of_file(tmp_path: Path) -> None:
    for name in ("a/part-1.jsonl", "b.jsonl.gz", "c.csv", "d.jsonl.zst", "e.parquet", "f.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        row = [{"text": f"From {name}."}]
        if name.endswith("parquet"):
            pq.write_table(pa.Table.from_pylist(row), tmp_path / name)
        elif name.endswith("zst"):
            with pa.output_stream(str(tmp_path / name), compression="zstd") as out:
                out.write(lines(row))
        elif name.endswith("gz"):
            (tmp_path / name).write_bytes(gzip.compress(lines(row)))
        else:
            text = {"csv": f"text\nFrom {name}.\n", "txt": f"From {name}."}
            raw = text.get(name[-3:], lines(row).decode())
            (tmp_path / name).write_text(raw)
    for name in ("_SUCCESS", "_part.jsonl", ".part.jsonl", ".git/x.txt", "README.md", "x.txt.gz"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("no JSON")
    articles, rejects = read(tmp_path)
    assert {a.id: a.text.removeprefix("From ")[:-1] for a in articles} == {
        f"{tmp_path}/a/part-1.jsonl:1": "a/part-1.jsonl",
        f"{tmp_path}/b.jsonl.gz:1": "b.jsonl.gz",
        f"{tmp_path}/c.csv:2": "c.csv",
        f"{tmp_path}/d.jsonl.zst:1": "d.jsonl.zst",
        f"{tmp_path}/e.parquet:1": "e.parquet",
        "f.txt": "f.txt",
    }
    assert rejects == []


def test_a_folder_is_read_in_the_order_of_its_parts(tmp_path: Path) -> None:
    names = ["b.txt", "a/z.txt", "a.txt", "a/b/c.txt", "a/b.txt", "B.txt", "é.txt", "a-b/c.txt"]
    for name in names:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(name)
    articles, _ = read(tmp_path)
    assert [a.id for a in articles] == sorted(names, key=lambda name: name.split("/"))


def test_names_of_many_batches_come_in_order(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sayso.inputs._BATCH", 3)
    for number in range(20):
        (tmp_path / f"{number * 7 % 20:02d}.txt").write_text(str(number))
    articles, _ = read(tmp_path)
    assert [a.id for a in articles] == [f"{number:02d}.txt" for number in range(20)]


def test_an_empty_folder_is_named(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("Nothing to read.")
    _, (reject,) = read(tmp_path)
    assert reject.file == str(tmp_path)
    assert "found none" in reject.reason


def test_what_is_no_file_in_a_folder_is_named_and_not_opened(tmp_path: Path) -> None:
    (tmp_path / "good.txt").write_text("Good.")
    os.mkfifo(tmp_path / "pipe.jsonl")
    (tmp_path / "loop").symlink_to(tmp_path)
    (tmp_path / "gone.txt").symlink_to(tmp_path / "nothing")
    (tmp_path / "self.txt").symlink_to(tmp_path / "self.txt")
    (tmp_path / "link.txt").symlink_to(tmp_path / "good.txt")
    with socket.socket(socket.AF_UNIX) as bound:
        bound.bind(str(tmp_path / "s.csv"))
        articles, rejects = read(tmp_path)
    assert [a.id for a in articles] == ["good.txt", "link.txt"]
    found = {Path(r.file).name: r.reason for r in rejects}
    assert found["pipe.jsonl"] == "expected a file, found a pipe"
    assert found["s.csv"] == "expected a file, found a socket"
    assert "found a link to one" in found["loop"]
    assert set(found) == {"pipe.jsonl", "s.csv", "loop", "gone.txt", "self.txt"}


def test_a_pipe_is_no_input(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "in.jsonl")
    with pytest.raises(UsageError, match="found a pipe"):
        check_inputs([str(tmp_path / "in.jsonl")])


def test_a_file_that_goes_while_its_folder_is_read(tmp_path: Path) -> None:
    for name in ("a.txt", "b.jsonl", "c.parquet", "d.txt"):
        (tmp_path / name).write_text('{"text": "x"}')
    rejects: list[Reject] = []
    articles = read_articles([str(tmp_path)], on_reject=rejects.append)
    first = next(articles)
    for name in ("b.jsonl", "c.parquet"):
        (tmp_path / name).unlink()
    assert [first.id, *(a.id for a in articles)] == ["a.txt", "d.txt"]
    assert [Path(r.file).name for r in rejects] == ["b.jsonl", "c.parquet"]


def test_a_name_that_is_no_utf_8(tmp_path: Path) -> None:
    packed, table = pa.BufferOutputStream(), pa.BufferOutputStream()
    with pa.CompressedOutputStream(packed, "zstd") as out:
        out.write(lines(GOOD[:1]))
    pq.write_table(pa.Table.from_pylist(GOOD[1:]), table)
    raws = {b"jsonl.zst": packed.getvalue(), b"parquet": table.getvalue(), b"txt": b"Text."}
    for ending, raw in raws.items():
        with open(os.fsencode(tmp_path) + b"/\xff." + ending, "wb") as handle:
            handle.write(raw)
    articles, rejects = read(tmp_path)
    assert [a.id for a in articles] == ["a", "b", "\udcff.txt"]
    assert rejects == []


def test_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = io.TextIOWrapper(io.BytesIO(lines(GOOD) + b"{\n"))
    monkeypatch.setattr(sys, "stdin", stream)
    articles, rejects = read("-")
    assert [a.id for a in articles] == ["a", "b"]
    assert (rejects[0].file, rejects[0].line) == ("-", 3)


def test_csv_rows_of_another_width(tmp_path: Path) -> None:
    path = tmp_path / "in.csv"
    path.write_text('id,text\na,One\nb\nc,Two,extra\nd,"Three\nlines"\n')
    articles, rejects = read(path)
    assert [(a.id, a.text) for a in articles] == [("a", "One"), ("d", "Three\nlines")]
    assert [r.line for r in rejects] == [3, 4]


def test_csv_text_is_kept_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "in.csv"
    path.write_bytes(b'id,text\r\n\r\na,"One.\r\n\r\nTwo ""said"".\n"\r\nb,Three\r\n')
    articles, rejects = read(path)
    assert [a.text for a in articles] == ['One.\r\n\r\nTwo "said".\n', "Three"]
    assert rejects == []


@pytest.mark.parametrize("last", [b"d,Four\n", b'd,"Four, or so"\n', b'd,"a ""b"""\n', b'"d",e\n'])
def test_an_unclosed_quote_takes_one_row(tmp_path: Path, last: bytes) -> None:
    path = tmp_path / "in.csv"
    path.write_bytes(b'id,text\na,One\nb,"Two\nc,Three\n' + last)
    articles, rejects = read(path)
    assert [a.id for a in articles] == ["a", "c", "d"]
    assert [r.line for r in rejects] == [3]


def test_an_unclosed_quote_does_not_fill_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sayso.csvrows.MOST", 10_000)
    path = tmp_path / "in.csv"
    rows = b"".join(b"r%d,Text\n" % n for n in range(2_000))
    path.write_bytes(b'id,text\na,"One\n' + rows)
    articles, rejects = read(path)
    assert [a.id for a in articles] == [f"r{n}" for n in range(2_000)]
    assert [r.line for r in rejects] == [2]


def test_rows_made_to_be_read_again_and_again_are_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sayso.csvrows.MOST", 20_000)
    path = tmp_path / "in.csv"
    path.write_bytes(b"id,text\n" + b'a",",\n' * 20_000 + b'"\nb,Two\n')
    before = time.process_time()
    _, rejects = read(path)
    assert time.process_time() - before < 5
    assert any("lines after it" in r.reason for r in rejects)


def test_the_rest_of_a_broken_row_is_no_row(tmp_path: Path) -> None:
    path = tmp_path / "in.csv"
    path.write_bytes(b'id,text\na,"One "two"\nthree",four\nb,Five" or six\n')
    articles, rejects = read(path)
    assert articles == []
    assert [r.line for r in rejects] == [2, 3, 4]
    path.write_bytes(b'id,text\nb,Five" or six\n')
    assert read(path)[0][0].text == 'Five" or six'


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


@pytest.mark.parametrize(
    "block", [b"x" * 2**20, b"\n" * 2**20, b"{}\n" * 2**18, b'{"id":"a","text":"b"}\n' * 2**16]
)
@pytest.mark.parametrize("ending", ["gz", "zst"])
def test_a_bomb_ends_early_and_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, block: bytes, ending: str
) -> None:
    monkeypatch.setattr("sayso.fuse.MOST", 4 * 2**20)
    path = tmp_path / f"in.jsonl.{ending}"
    packing = {"gz": "gzip", "zst": "zstd"}[ending]
    with pa.output_stream(str(path), compression=packing) as out:
        out.write(lines(GOOD[:1]))
        for _ in range(60):
            out.write(block)
    before = time.process_time()
    articles, rejects = read(path)
    assert time.process_time() - before < 10
    assert len(rejects) < 500_000
    assert [a.id for a in articles] == ["a"]
    assert "the rest of the file is not read" in rejects[-1].reason


def test_what_packs_well_is_no_bomb_if_it_holds_articles(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sayso.fuse.MOST", 100_000)
    path = tmp_path / "in.jsonl.gz"
    path.write_bytes(gzip.compress(lines([{"text": "The same. " * 500}] * 1_000)))
    articles, rejects = read(path)
    assert (len(articles), rejects) == (1_000, [])
    path.write_bytes(gzip.compress(b'{"text": 1}\n' * 5_000 + lines(GOOD)))
    articles, rejects = read(path)
    assert articles == []
    assert "without one, unpacked from" in rejects[-1].reason


@pytest.mark.parametrize("ending", ["gz", "zst"])
def test_an_empty_packed_file_is_named(tmp_path: Path, ending: str) -> None:
    (tmp_path / f"in.jsonl.{ending}").touch()
    articles, (reject,) = read(tmp_path / f"in.jsonl.{ending}")
    assert articles == []
    assert "found an empty file" in reject.reason


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


def test_a_uri_is_read_as_its_file_is(good: Path) -> None:
    articles, rejects = read(good.as_uri())
    assert [(a.id, a.text) for a in articles] == [("a", "One, he said."), ("b", "Two.")]
    assert rejects == []


def test_a_folder_at_a_uri(tmp_path: Path) -> None:
    (tmp_path / "b.txt").write_text("Text.")
    (tmp_path / "a.jsonl").write_bytes(lines([{"text": "Row."}]) + b"{\n")
    articles, (reject,) = read(tmp_path.as_uri())
    assert [a.id for a in articles] == [f"{tmp_path.as_uri()}/a.jsonl:1", "b.txt"]
    assert (reject.file, reject.line) == (f"{tmp_path.as_uri()}/a.jsonl", 2)


def test_another_file_system(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "bucket").mkdir()
    with pa.output_stream(str(tmp_path / "bucket/in.jsonl.gz"), compression="gzip") as out:
        out.write(lines(GOOD))
    pq.write_table(pa.Table.from_pylist([{"text": "Row."}]), tmp_path / "bucket/in.parquet")
    inner = fs.SubTreeFileSystem(str(tmp_path), fs.LocalFileSystem())
    monkeypatch.setattr(
        "sayso.places.open_place", lambda name: Place(inner, name.removeprefix("mock://"))
    )
    articles, rejects = read("mock://bucket/in.jsonl.gz", "mock://bucket/in.parquet")
    assert [a.id for a in articles] == ["a", "b", "mock://bucket/in.parquet:1"]
    assert rejects == []


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("foo://x/y.jsonl", "expected a path or a URI"),
        ("file:///nowhere/y.jsonl", "found none"),
    ],
)
def test_a_uri_that_cannot_be_read(name: str, reason: str) -> None:
    with pytest.raises(UsageError, match=reason):
        check_inputs([name])


def test_a_file_system_that_does_not_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(inputs: Sequence[str]) -> None:
        raise OSError(f"no credentials for {inputs[0]}")

    monkeypatch.setattr("sayso.places.find_files", refuse)
    with pytest.raises(UsageError, match=r"expected to reach gs://b/x\.jsonl, found no cred"):
        check_inputs(["gs://b/x.jsonl"])


@pytest.mark.parametrize("name", ["nowhere.jsonl", "in.docx", "in"])
def test_wrong_use(tmp_path: Path, name: str) -> None:
    if name != "nowhere.jsonl":
        (tmp_path / name).touch()
    with pytest.raises(UsageError, match="expected"):
        check_inputs([str(tmp_path / name)])


@given(st.binary(max_size=300))
def test_no_bytes_are_too_odd(raw: bytes) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        for name in ("in.jsonl", "in.csv", "in.jsonl.gz", "in.jsonl.zst", "in.parquet"):
            path = Path(folder) / name
            path.write_bytes(raw)
            read(path)

"""Readers: every kind of input, and every kind of damage named while the rest goes on."""

import gzip
import io
import json
import sys
from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sayso.errors import UsageError
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

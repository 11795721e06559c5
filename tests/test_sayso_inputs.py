"""Inputs: folders, URIs, and what is neither."""

import gzip
import os
import socket
from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from pyarrow import fs

from sayso.errors import UsageError
from sayso.places import Place
from sayso.read import check_inputs, read_articles
from sayso.rejects import Reject
from tests.reading import GOOD, lines, read


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

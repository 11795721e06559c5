"""Packed files that hold nothing but bulk."""

import gzip
import time
from pathlib import Path

import pyarrow as pa
import pytest

from tests.reading import GOOD, lines, read


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

"""Rows of CSV: what is kept, and what a broken one costs."""

import time
from pathlib import Path

import pytest

from tests.reading import read


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

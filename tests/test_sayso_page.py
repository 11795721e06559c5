"""The report's file: what goes in, what is left out, and that none of it is markup."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from sayso.errors import InputError, UsageError
from sayso.page.limits import Limits
from sayso.page.page import build_page, write_page
from tests.pages import HOSTILE, Corpus, corpus, demo, hostile


def block(page: str, name: str) -> Any:
    found = re.search(rf'<script type="application/json" id="{name}">(.*?)</script>', page, re.S)
    assert found
    return json.loads(found[1])


def page_of(made: Corpus, **options: Any) -> str:
    return build_page(made, made.statements, made.articles, **options)


def test_policy_allows_this_style_and_this_script_only() -> None:
    page = page_of(demo(3))
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', page)
    assert policy
    assert policy[1].startswith("default-src 'none';")
    for name, element in (("style", "<style>"), ("script", "<script>")):
        assert page.count(element) == 1
        inside = page.split(element)[1].split(element.replace("<", "</"))[0]
        digest = base64.b64encode(hashlib.sha256(inside.encode()).digest()).decode()
        assert f"{name}-src 'sha256-{digest}'" in policy[1]
    assert "unsafe" not in policy[1]
    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(", page)


def test_data_are_no_markup() -> None:
    plain, page = page_of(demo(3)), page_of(hostile(), title=HOSTILE[0])
    page.encode("utf-8")
    assert page.count("<script") == plain.count("<script") == 3
    assert page.count("<img") == 0
    data = page[page.index('id="data"') :]
    held = data[data.index(">") + 1 : data.index("</script>")]
    assert not re.search("[<>&\u2028\u2029\x00-\x1f\ud800-\udfff\u202e]", held)
    assert HOSTILE[0] in block(page, "data")["sources"]["name"]
    assert "lone \ufffd half" in block(page, "data")["articles"]["title"]


def test_spans_are_in_units_of_utf16() -> None:
    page = page_of(demo(3))
    data, texts = block(page, "data"), block(page, "texts")
    row = data["statements"]["content_text"].index("that the bridge was safe 🌉")
    text = texts[str(data["statements"]["article"][row])].encode("utf-16-le")
    start, end = data["statements"]["spans"][row][2]
    assert text[2 * start : 2 * end].decode("utf-16-le") == "that the bridge was safe 🌉"
    source = data["statements"]["spans"][row + 1][0]
    assert text[2 * source[0] : 2 * source[1]].decode("utf-16-le") == "Tom Vale"


def test_statements_are_tied() -> None:
    data = block(page_of(demo(3)), "data")
    said = data["statements"]
    assert said["parent"][:4] == [-1, -1, 1, -1]
    assert said["denies"][4] == 0
    assert data["sources"]["name"][said["source"][5]] == "Ada Brink"
    assert data["claims"]["contested"][said["claim"][5]]
    assert data["totals"]["statements"] == 10
    assert data["stances"] == [5, 3, 1, 1, 0]
    assert data["unit"] == "day"
    assert sum(sum(row[1:]) for row in data["periods"]) == 10 - data["undated"] == 7


def test_left_out_is_said() -> None:
    made = demo(50)
    limits = Limits(sources=5, claims=4, statements=9, per_source=1, articles=1)
    data = block(page_of(made, limits=limits), "data")
    assert len(data["sources"]["id"]) == 5
    assert len(data["statements"]["article"]) == 9
    on = [data["claims"]["contested"][c] for c in data["statements"]["claim"] if c >= 0]
    assert sum(on) >= 4, "statements on contested claims come first"
    assert data["stances"] == [52, 3, 1, 1, 0], "counts are of all of the corpus"
    notes = " ".join(data["left_out"])
    for part in ("5 of 55 sources", "4 of 54 claims", "9 of 57 statements", "text of 2 articles"):
        assert part in notes
    assert block(page_of(made), "data")["left_out"] == []


def test_text_that_was_not_scored_is_not_shown() -> None:
    made = demo(3)
    changed = [replace(made.articles[0], text=f"Now {made.articles[0].text}"), *made.articles[1:]]
    page = build_page(made, made.statements, changed)
    assert sorted(block(page, "texts")) == ["1", "2"]
    assert "is not the one that was scored" in block(page, "data")["left_out"][0]


def test_without_articles() -> None:
    made = demo(3)
    page = build_page(made, made.statements)
    assert block(page, "texts") == {}
    assert set(block(page, "data")["statements"]["spans"]) == {0}


def test_nothing_said() -> None:
    data = block(page_of(corpus([], [])), "data")
    assert data["totals"]["statements"] == 0
    assert data["sources"]["id"] == []


def test_order_of_said_does_not_matter() -> None:
    made = demo(3)
    turned = replace(made, said=made.said.take(pa.array(range(made.said.num_rows)[::-1])))
    assert page_of(turned) == page_of(made)


def test_tables_that_do_not_fit_are_named() -> None:
    made = demo(3)
    with pytest.raises(InputError, match=r"expected a column 'letter' in the table of sources"):
        page_of(replace(made, sources=made.sources.drop_columns(["letter"])))
    with pytest.raises(InputError, match=r"profile of every statement, found none of 'road#2'"):
        page_of(replace(made, said=made.said.slice(0, 9)))
    with pytest.raises(UsageError, match="expected sources of 0 or more, found -1"):
        Limits(sources=-1)


def test_written_whole_or_not_at_all(tmp_path: Path) -> None:
    made = demo(3)
    path = tmp_path / "report.html"
    write_page(path, made, made.statements, made.articles)
    before = path.read_bytes()
    assert before == page_of(made).encode()
    with pytest.raises(InputError):
        write_page(path, replace(made, said=made.said.slice(0, 1)), made.statements)
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]
    with pytest.raises(UsageError, match="found the folder"):
        write_page(tmp_path, made, made.statements)
    with pytest.raises(UsageError, match="in a folder that is there"):
        write_page(tmp_path / "none" / "report.html", made, made.statements)

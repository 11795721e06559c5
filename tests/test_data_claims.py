"""Labels of claims are read by part, and what is wrong in them is named by file and line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from data.claims import CLAIMS, PARTS, ClaimRow, load_claims
from sayso.errors import InputError, UsageError
from sayso.records import Span


def row(doc: str, number: int, **fields: Any) -> dict[str, Any]:
    return {
        "id": f"{doc}#{number}",
        "part": "tune",
        "event": "t1",
        "doc": doc,
        "source": [[17, 25]],
        "cue": [[26, 30]],
        "content": [[31, 38], [0, 15]],
        "claim": "t1-c01",
        "position": "for",
        **fields,
    }


def write(path: Path, *rows: object) -> Path:
    path.write_text("".join(json.dumps(one) + "\n" for one in rows), encoding="utf-8")
    return path


def test_a_part_is_read_in_the_order_of_the_file(tmp_path: Path) -> None:
    path = write(
        tmp_path / "claims.jsonl",
        row("mill", 0),
        row("port", 0, part="report", event="r1", claim="r1-c01"),
        row("barn", 3, source=[], position="against", copy=True),
    )
    found = load_claims(path, part="tune")
    assert [one.id for one in found] == ["mill#0", "barn#3"]
    assert found[0].content == (Span(0, 15), Span(31, 38))
    assert found[1] == ClaimRow(
        id="barn#3",
        part="tune",
        event="t1",
        doc="barn",
        source=(),
        cue=(Span(26, 30),),
        content=(Span(0, 15), Span(31, 38)),
        claim="t1-c01",
        position="against",
        copy=True,
    )
    assert [one.doc for one in load_claims(path, part="report")] == ["port"]


@pytest.mark.parametrize(
    ("second", "expected"),
    [
        (row("mill", 0), "mill#0: expected once, found also in line 1"),
        (row("mill", 1, claim=7), "expected claim as text, found 7"),
        (row("mill", 1, part="dev"), "expected part to be one of tune, report, found 'dev'"),
        (row("mill", 1, position="yes"), "expected position to be one of for, against, open"),
        (row("mill", 1, copy=1), "expected copy to be true or false, found 1"),
        (row("mill", 1, id="barn#1"), "expected id to be mill# and a number, found 'barn#1'"),
        (row("mill", 1, id="mill#x"), "expected id to be mill# and a number"),
        (row("mill", 1, content=[]), "expected content, and pieces with 0 <= start < end"),
        (row("mill", 1, cue=[[9, 4]]), "expected content, and pieces with 0 <= start < end"),
        (row("mill", 1, cue="said"), "expected id, doc, source, cue and content as lists"),
        (row("barn", 0, part="report"), "expected event t1 in tune alone, found report"),
        (row("mill", 1, event="t2"), "expected article mill in t1 alone, found t2"),
        (row("barn", 1, event="t2"), "expected claim t1-c01 in t1 alone, found t2"),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, second: dict[str, Any], expected: str) -> None:
    path = write(tmp_path / "claims.jsonl", row("mill", 0), second)
    with pytest.raises(InputError) as caught:
        load_claims(path, part="report")
    assert caught.value.line == 2
    assert caught.value.file == str(path)
    assert expected in caught.value.reason


def test_another_part_is_a_wrong_use(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="expected part to be tune or report, found 'dev'"):
        load_claims(write(tmp_path / "claims.jsonl", row("mill", 0)), part="dev")


def test_what_ships_holds_no_text_and_shares_no_article() -> None:
    known = {"id", "part", "event", "doc", "source", "cue", "content", "claim", "position", "copy"}
    lines = CLAIMS.read_text(encoding="utf-8").splitlines()
    assert all(set(json.loads(line)) <= known for line in lines)
    parts = [load_claims(part=part) for part in PARTS]
    assert sum(map(len, parts)) == len(lines)
    assert not {one.doc for one in parts[0]} & {one.doc for one in parts[1]}

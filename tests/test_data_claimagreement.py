"""Agreement on claims: counted over pairs, blind to names and to which contrary is which."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from data.__main__ import main
from data.claimagreement import SECOND, measure_claim_agreement
from data.claims import CLAIMS, PARTS, ClaimRow, load_claims
from sayso.errors import InputError
from sayso.records import Span


def reading(event: str, **claims: str) -> list[ClaimRow]:
    """Statements `a0`, `a1`, `b0` … of articles `a` and `b`; with `-` against, with `?` open."""
    known = {"-": "against", "?": "open"}
    return [
        ClaimRow(
            id=f"{event}{name[0]}#{name[1:]}",
            part="tune",
            event=event,
            doc=f"{event}{name[0]}",
            source=(),
            cue=(),
            content=(Span(0, 9),),
            claim=f"{event}-{claim.rstrip('-?')}",
            position=known.get(claim[-1], "for"),
        )
        for name, claim in claims.items()
    ]


def test_pairs_are_counted_by_hand() -> None:
    first = reading("t1", a0="mill", a1="mill", b0="mill", b1="port")
    second = reading("t1", a0="one", a1="two", b0="one", b1="two")
    event, over_all = measure_claim_agreement(first, second)
    assert (event.event, over_all.event) == ("t1", "")
    assert (event.every, event.b_cubed) == (over_all.every, over_all.b_cubed)
    every, across = event.every, event.across
    assert (every.pairs, every.both, every.first, every.second) == (6, 1, 2, 1)
    assert (across.pairs, across.both, across.first, across.second) == (4, 1, 1, 1)
    assert [every.f1, every.kappa] == pytest.approx([0.4, 0])
    assert [across.f1, across.kappa] == pytest.approx([0.5, 0])
    assert event.b_cubed == pytest.approx(12 / 17)
    assert event.statements == 4


def test_which_contrary_is_positive_makes_no_difference_to_sides() -> None:
    first = reading("t1", a0="mill", a1="mill-", b0="mill?", b1="port")
    swapped = reading("t1", a0="mill-", a1="mill", b0="mill?", b1="port")
    found = measure_claim_agreement(first, swapped)[0]
    assert (found.sides, found.sides_kappa) == (1, 1)
    assert found.positions == 0.5
    assert found.every.kappa == 1
    other = reading("t1", a0="mill", a1="mill", b0="mill?", b1="port")
    assert measure_claim_agreement(first, other)[0].sides == pytest.approx(2 / 3)


def test_events_are_pooled_and_others_left_out() -> None:
    first = [
        *reading("t1", a0="mill", b0="mill"),
        *reading("t2", a0="barn", b0="barn", b1="barn"),
        *reading("t3", a0="port", b0="port"),
    ]
    second = [*reading("t3", b0="x", a0="y"), *reading("t1", b0="x", a0="x")]
    found = measure_claim_agreement(first, second)
    assert [one.event for one in found] == ["t3", "t1", ""]
    assert found[0].every.f1 == 0
    assert found[0].sides is None
    assert found[1].every.kappa is None
    over_all = found[-1].every
    assert (over_all.pairs, over_all.both, over_all.first) == (2, 1, 1)
    assert over_all.f1 == pytest.approx(2 / 3)
    assert measure_claim_agreement(first, []) == []


@pytest.mark.parametrize(
    ("extra", "who"), [({"b1": "mill"}, "t1b#1 by the second"), ({}, "t1b#0 by the first")]
)
def test_other_statements_are_named(extra: dict[str, str], who: str) -> None:
    first = reading("t1", a0="mill", b0="mill")
    second = reading("t1", a0="mill", **({"b0": "mill", **extra} if extra else {}))
    with pytest.raises(InputError) as caught:
        measure_claim_agreement(first, second)
    assert caught.value.reason == (
        f"expected t1 to have the same statements by both annotators, found {who} alone"
    )


def test_what_ships_covers_whole_events_and_holds_no_text(
    capsys: pytest.CaptureFixture[str],
) -> None:
    known = {"id", "part", "event", "doc", "source", "cue", "content", "claim", "position", "copy"}
    lines = SECOND.read_text(encoding="utf-8").splitlines()
    assert all(set(json.loads(line)) <= known for line in lines)
    spans = [
        {
            row.id: (row.part, row.event, row.source, row.cue, row.content, row.copy)
            for part in PARTS
            for row in load_claims(path, part=part)
        }
        for path in (CLAIMS, SECOND)
    ]
    assert spans[1].items() <= spans[0].items()
    assert main(["claims-agreement"]) == 0
    table = capsys.readouterr().out.splitlines()
    assert table[-1].split()[:2] == ["all", str(len(lines))]
    assert main(["claims-agreement", "--second", "missing.jsonl"]) == 2
    assert "missing.jsonl" in capsys.readouterr().err


def test_a_table_of_one_event(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    row = {"part": "tune", "event": "t1", "source": [], "cue": [], "content": [[0, 9]]}
    row |= {"claim": "t1-c1", "position": "for"}
    path = tmp_path / "claims.jsonl"
    rows = [{**row, "id": f"{doc}#0", "doc": doc} for doc in ("mill", "port")]
    path.write_text("".join(json.dumps(one) + "\n" for one in rows), encoding="utf-8")
    assert main(["claims-agreement", "--first", str(path), "--second", str(path)]) == 0
    found = capsys.readouterr().out.splitlines()
    assert found[1].split() == "t1 2 1+0+0 1.000 - 1+0+0 1.000 - 1.000 1.000 - 1.000".split()

"""From scored statements to sources, outlets, claims and what is said of them."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from sayso.cli import app
from sayso.errors import UsageError
from sayso.profiles.build import open_profiles
from sayso.profiles.schema import CLAIMS, OUTLETS, SAID, SOURCES
from sayso.records import Statement
from sayso.rejects import Reject
from tests.spoken import say, write_jsonl, write_parquet

DAM = "that the Ostra dam will close for repairs in May"
TOLL = "that 14 miners died in the Karsk pit"
TEAM = "that the Halden team sold the trophy to a bank"

CORPUS = [
    say("a1", "Ada Marsh", DAM, outlet="Quay Post"),
    say("a1", "the ministry", TOLL, kind="government", number=1),
    say("a1", "a senior official", DAM, kind="unnamed", number=2),
    say("b1", "Bruno Vance", DAM, outlet="Fen Daily", day="2025-03-03"),
    say("b1", "a senior official", DAM, kind="unnamed", outlet="Fen Daily", number=1),
    say("c1", "Ada Marsh", DAM, outlet="Moor News", day="2025-03-05", stance="hedge"),
    say("c1", "Carla Ode", DAM, outlet="Moor News", day="2025-03-05", stance="denial", number=1),
    say("c1", "Dario Pell", TEAM, outlet="Moor News", stance="speculation", number=2),
    say("d1", None, DAM, outlet=None, day=None),
]


def profile(inputs: Sequence[str], folder: Path, **more: Any) -> dict[str, list[dict[str, Any]]]:
    """The four tables as rows, and the rejects as `rejects`."""
    rejects: list[Reject] = []
    with open_profiles(inputs, folder=folder, on_reject=rejects.append, **more) as found:
        tables = {name: getattr(found, name) for name in ("sources", "outlets", "claims", "said")}
        for name, schema in zip(tables, (SOURCES, OUTLETS, CLAIMS, SAID), strict=True):
            assert tables[name].schema.equals(schema), name
        assert found.rejects == len(rejects)
        assert found.statements.num_rows == tables["said"].num_rows
    rows = {name: table.to_pylist() for name, table in tables.items()}
    return {**rows, "rejects": [asdict(reject) for reject in rejects]}


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[dict[str, Any]]]:
    folder = tmp_path_factory.mktemp("profiles")
    tables = profile([write_parquet(folder / "in.parquet", CORPUS)], folder)
    assert [path.name for path in folder.iterdir()] == ["in.parquet"]
    return tables


def by(rows: list[dict[str, Any]], column: str) -> dict[Any, dict[str, Any]]:
    return {row[column]: row for row in rows}


def test_a_source_is_one_across_articles(found: dict[str, list[dict[str, Any]]]) -> None:
    sources = by(found["sources"], "name")
    marsh = sources["Ada Marsh"]
    assert (marsh["statements"], marsh["articles"], marsh["outlets"]) == (2, 2, 2)
    assert (marsh["first"], marsh["last"]) == ("2025-03-02", "2025-03-05")
    assert marsh["share_assertion"] == marsh["share_hedge"] == 0.5
    said = by(found["said"], "statement_id")
    assert said["a1#0"]["source_id"] == said["c1#0"]["source_id"] == marsh["id"]
    assert said["d1#0"]["source_id"] is None


def test_what_is_unnamed_or_only_described_is_of_its_article(
    found: dict[str, list[dict[str, Any]]],
) -> None:
    assert {row["name"] for row in found["sources"]} == {
        "Ada Marsh",
        "Bruno Vance",
        "Carla Ode",
        "Dario Pell",
    }
    said = by(found["said"], "statement_id")
    assert said["a1#2"]["source_id"] != said["b1#1"]["source_id"]
    assert said["a1#1"]["source_id"] is not None


def test_a_claim_counts_sources_by_their_latest_side(
    found: dict[str, list[dict[str, Any]]],
) -> None:
    claim = found["claims"][0]
    assert claim["text"] == DAM
    assert claim["statements"] == 7
    assert claim["sources"] == 4  # two officials may be one
    assert (claim["asserting"], claim["hedging"], claim["denying"]) == (2, 1, 1)
    assert (claim["supporting"], claim["supporting_hedged"], claim["opposing"]) == (2, 1, 1)
    assert claim["carriers"] == 4
    assert claim["outlets"] == 3
    assert claim["contested"]
    assert claim["digit"] == "3"
    said = by(found["said"], "statement_id")
    assert {said[one]["claim_id"] for one in ("a1#0", "b1#0", "c1#1", "d1#0")} == {claim["id"]}
    assert said["c1#1"]["position"] == "against"
    assert said["c1#2"]["position"] == "open"
    assert said["a1#1"]["digit"] == "6"


def test_a_denial_is_tied_to_what_it_denies(found: dict[str, list[dict[str, Any]]]) -> None:
    assert by(found["said"], "statement_id")["c1#1"]["denies"] == "c1#0"


def test_agreement_and_contradiction_are_counted(found: dict[str, list[dict[str, Any]]]) -> None:
    sources = by(found["sources"], "name")
    vance, ode, pell = (sources[name] for name in ("Bruno Vance", "Carla Ode", "Dario Pell"))
    assert (vance["claims"], vance["shared"], vance["agreed"], vance["contradicted"]) == (
        1,
        1,
        1,
        0,
    )
    assert (ode["claims"], ode["shared"], ode["agreed"], ode["contradicted"]) == (1, 1, 0, 1)
    assert (pell["claims"], pell["shared"], pell["share_contested"]) == (0, 0, None)
    assert ode["evidence"] == ["c1#1"]
    assert pell["evidence"] == []
    assert {row["letter"] for row in found["sources"]} == {"F"}
    assert all(row["reasons"] for row in found["sources"])


def test_outlets_count_what_they_carry(found: dict[str, list[dict[str, Any]]]) -> None:
    outlets = by(found["outlets"], "name")
    assert set(outlets) == {"Quay Post", "Fen Daily", "Moor News"}
    assert outlets["Quay Post"]["share_unnamed"] == pytest.approx(1 / 3)
    assert outlets["Moor News"]["shared"] == 0  # it carries both sides of the one, and takes none
    assert outlets["Fen Daily"]["agreed"] == 1
    assert all(row["p_high"] is None for row in found["outlets"])  # one article each


def test_an_outlet_of_many_articles_is_told_how_likely_it_reports_well(tmp_path: Path) -> None:
    rows = [say(f"a{n}", "Ada Marsh", DAM, day=f"2025-03-{n + 1:02}") for n in range(12)]
    (outlet,) = profile([write_parquet(tmp_path / "in.parquet", rows)], tmp_path)["outlets"]
    assert outlet["p_high"] + outlet["p_mixed"] + outlet["p_low"] == pytest.approx(1, abs=1e-5)


def test_the_order_and_kind_of_files_change_nothing(
    found: dict[str, list[dict[str, Any]]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = write_jsonl(tmp_path / "one.jsonl", CORPUS[:5])
    two = write_parquet(tmp_path / "two.parquet", CORPUS[5:])
    monkeypatch.setattr("sayso.profiles.linking.ALONE", 0)
    assert profile([one, two], tmp_path, threads=1, memory=200, processes=2) == found
    folder = tmp_path / "folder"
    folder.mkdir()
    write_parquet(folder / "part-0.parquet", CORPUS[:2])
    write_parquet(folder / "part-1.parquet", CORPUS[2:])
    (folder / "_rejects.jsonl").write_text('{"file": "x"}\n')
    assert profile([str(folder)], tmp_path) == found


def test_who_passes_on_is_no_second_source(tmp_path: Path) -> None:
    rows = [
        say("a", "Quay Post", DAM, kind="outlet"),
        say("a", "Ada Marsh", DAM, number=1, parent=0),
    ]
    claim = profile([write_parquet(tmp_path / "in.parquet", rows)], tmp_path)["claims"][0]
    assert (claim["statements"], claim["sources"], claim["digit"]) == (2, 1, "6")


def test_near_copies_count_once(tmp_path: Path) -> None:
    wire = [
        ("a senior official", "unnamed", f"{DAM} once the spring flood at Grell has gone down"),
        ("Hugo Brandt", "person", f"{TOLL} when a lift cable tore above the seventh gallery"),
        ("the harbour union", "organisation", f"{TEAM} of which its treasurer was a director"),
        ("Irma Sole", "person", "the Lund bridge was shut after a barge laden with gravel hit it"),
    ]
    rows = [
        say(name, source, content, kind=kind, outlet=name, number=number)
        for name in ("First", "Second", "Third")
        for number, (source, kind, content) in enumerate(wire)
    ]
    found = profile([write_parquet(tmp_path / "in.parquet", rows)], tmp_path)
    assert [row["copy_of"] for row in found["said"][:4]] == [None] * 4
    assert [row["copy_of"] for row in found["said"][4:8]] == [f"First#{n}" for n in range(4)]
    for claim in found["claims"]:
        assert (claim["statements"], claim["sources"], claim["carriers"]) == (3, 1, 1)
        assert claim["digit"] == "6"


def test_outcomes_make_a_track_record(tmp_path: Path) -> None:
    outcomes = tmp_path / "known.csv"
    outcomes.write_text("statement_id,outcome\na1#0,false\nc1#1,true\nnobody#1,true\na1#1,maybe\n")
    path = write_parquet(tmp_path / "in.parquet", CORPUS)
    found = profile([path], tmp_path, outcomes=str(outcomes))
    sources, claim = by(found["sources"], "name"), found["claims"][0]
    assert claim["outcome"] is False
    assert (claim["digit"], claim["p_true"]) == ("5", 0.0)
    said = by(found["said"], "statement_id")
    assert (said["a1#0"]["digit"], said["c1#1"]["digit"]) == ("5", "1")
    ode, vance = sources["Carla Ode"], sources["Bruno Vance"]
    assert (ode["known"], ode["right"], vance["known"], vance["right"]) == (1, 1, 1, 0)
    assert ode["brier"] < sources["Ada Marsh"]["brier"] < vance["brier"]
    assert ode["reliability"] > vance["reliability"]
    assert [(reject["line"], reject["id"]) for reject in found["rejects"]] == [
        (5, None),
        (4, "nobody#1"),
    ]


def test_bad_rows_are_named_and_the_rest_is_used(
    found: dict[str, list[dict[str, Any]]], tmp_path: Path
) -> None:
    good = [*CORPUS]
    wrong: list[Statement | str] = [
        "{broken",
        replace(CORPUS[0], statement_id="x#1", stance="certainty"),
        json.dumps({"article_id": "x"}),
        replace(CORPUS[0], statement_id="x#2", p_denial="high"),  # type: ignore[arg-type]
        replace(CORPUS[0], statement_id="x#3", content_spans=[{"start": 1}]),  # type: ignore[arg-type]
        CORPUS[0],
    ]
    path = write_jsonl(tmp_path / "in.jsonl", [*good, *wrong])
    told = profile([path], tmp_path)
    rejects = told.pop("rejects")
    assert [reject["line"] for reject in rejects] == [10, 12, 13, 14, 11, 15]
    assert "expected stance as assertion or denial" in rejects[4]["reason"]
    assert "a second time" in rejects[5]["reason"]
    assert told == {name: rows for name, rows in found.items() if name != "rejects"}


def test_files_that_are_no_statements_are_named(tmp_path: Path) -> None:
    odd = tmp_path / "odd.parquet"
    pq.write_table(pa.table({"id": ["1"]}), odd)
    broken = tmp_path / "broken.parquet"
    broken.write_bytes(b"PAR1 and no more")
    good = write_parquet(tmp_path / "good.parquet", CORPUS)
    found = profile([str(odd), str(broken), good], tmp_path)
    assert [reject["file"] for reject in found["rejects"]] == [str(odd), str(broken)]
    assert (
        "expected a column 'article_id' of scored statements, found id"
        in found["rejects"][0]["reason"]
    )
    with pytest.raises(UsageError, match="found none in"):
        profile([str(odd)], tmp_path)
    with pytest.raises(UsageError, match="found no"):
        profile([str(tmp_path / "absent.parquet")], tmp_path)


def test_a_corpus_without_sources_outlets_or_contents(tmp_path: Path) -> None:
    nothing = say("a", None, None, outlet=None, day=None)
    rows = [nothing, replace(nothing, statement_id="a#1", stance=None, content_text="it")]
    found = profile([write_parquet(tmp_path / "in.parquet", rows)], tmp_path)
    assert found["sources"] == found["outlets"] == []
    assert [row["position"] for row in found["said"]] == ["for", "open"]
    assert all(row["sources"] == 0 for row in found["claims"])


def test_the_command_writes_a_whole_folder(tmp_path: Path) -> None:
    path = write_parquet(tmp_path / "in.parquet", CORPUS)
    out = tmp_path / "out"
    formats = [word for name in ("parquet", "csv", "jsonl", "stix") for word in ("--format", name)]
    more = ["--most", "1", "--as-of", "2025-04-01"]
    result = CliRunner().invoke(app, ["sources", path, "-o", str(out), *formats, *more])
    assert result.exit_code == 0, result.output
    assert {entry.name for entry in out.iterdir()} == {
        "profile.json",
        "stix",
        *(
            f"{table}.{kind}"
            for table in ("sources", "outlets", "claims", "said")
            for kind in ("parquet", "csv", "jsonl")
        ),
    }
    about = json.loads((out / "profile.json").read_text())
    assert (about["statements"], about["sources"], about["contested"]) == (9, 4, 1)
    stix = json.loads((out / "stix" / "bundle-00001.json").read_text())
    groupings = [one for one in stix["objects"] if one["type"] == "grouping"]
    assert [one["modified"][:10] for one in groupings] == ["2025-04-01"]
    assert {entry.name for entry in tmp_path.iterdir()} == {"in.parquet", "out"}
    before = (out / "sources.parquet").read_bytes()
    result = CliRunner().invoke(app, ["sources", path, "-o", str(out)])
    assert result.exit_code == 0
    assert pq.read_table(out / "sources.parquet").equals(pq.read_table(pa.BufferReader(before)))


def test_the_command_refuses_what_cannot_be(tmp_path: Path) -> None:
    path = write_parquet(tmp_path / "in.parquet", CORPUS)
    for out, expected in (
        (tmp_path, "apart from the input"),
        (tmp_path / "in.parquet", "found the file"),
        (tmp_path / "no" / "out", "in a folder that is there"),
    ):
        inputs = str(tmp_path) if out == tmp_path else path
        with pytest.raises(UsageError, match=expected):
            CliRunner().invoke(app, ["sources", inputs, "-o", str(out)], catch_exceptions=False)


def test_what_takes_a_library_says_so_before_the_work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sayso.profiles.write.find_spec", lambda name: None)
    words = ["sources", "absent.parquet", "-o", str(tmp_path / "out"), "--format", "stix"]
    with pytest.raises(UsageError, match=r"sayso\[stix\]"):
        CliRunner().invoke(app, words, catch_exceptions=False)


def test_rejects_are_kept_and_strict_says_so(tmp_path: Path) -> None:
    path = write_jsonl(tmp_path / "in.jsonl", [*CORPUS, "nothing"])
    result = CliRunner().invoke(app, ["sources", path, "-o", str(tmp_path / "out"), "--strict"])
    assert result.exit_code == 1
    rejects = (tmp_path / "out.rejects.jsonl").read_text().splitlines()
    assert [json.loads(line)["line"] for line in rejects] == [10]


def test_statements_come_from_standard_input(tmp_path: Path) -> None:
    path = Path(write_jsonl(tmp_path / "in.jsonl", CORPUS))
    words = [sys.executable, "-m", "sayso.cli", "sources", "-", "-o", str(tmp_path / "out")]
    with path.open() as handle:
        done = subprocess.run(words, stdin=handle, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    assert pq.read_table(tmp_path / "out" / "said.parquet").num_rows == len(CORPUS)

"""A check of labels gathers all that is wrong, measures, and ranks what to look at again."""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from data.__main__ import main
from data.check import CheckReport, check_labels
from data.checkreport import check_page
from data.findings import ERROR, KINDS, WARNING
from data.loaders import GOLD
from data.records import LabelledArticle
from data.save import save_articles
from data.withdrawing import withdraw

TEXT = "The mill closed, Ana Ruiz said. No one, she added, was told."
FIRST: dict[str, Any] = {
    "source": [[17, 25]],
    "cue": [[26, 30]],
    "content": [[0, 15]],
    "stance": "assertion",
}
SECOND: dict[str, Any] = {
    "source": [[40, 43]],
    "cue": [[44, 49]],
    "content": [[32, 38], [51, 59]],
    "stance": "assertion",
}


def row(name: str, *marks: dict[str, Any], **fields: Any) -> dict[str, Any]:
    return {"id": name, "text": TEXT, "attributions": list(marks or (FIRST, SECOND)), **fields}


def write(path: Path, *rows: object) -> Path:
    lines = [one if isinstance(one, str) else json.dumps(one) for one in rows]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def check(folder: Path, *rows: object, **options: Any) -> CheckReport:
    (folder / "data").mkdir(exist_ok=True)
    return check_labels(write(folder / "new.jsonl", *rows), data=folder / "data", **options)


def found(report: CheckReport) -> list[tuple[str, str, int | None, str | None]]:
    return [(f.kind, f.severity, f.line, f.statement or f.article) for f in report.findings]


def test_good_labels_have_no_findings(tmp_path: Path) -> None:
    report = check(tmp_path, row("a"))
    assert report.findings == ()
    assert (report.articles, report.readings, report.statements) == (1, 1, 2)
    assert report.against == {"gold": 43}
    assert report.queue is None


def test_all_that_is_wrong_is_gathered_by_line(tmp_path: Path) -> None:
    report = check(
        tmp_path,
        row("good"),
        "{broken",
        row("two", {**FIRST, "cue": [[26, 999]]}, SECOND, {**SECOND, "stance": "praise"}),
        '["list"]',
        row("con", convention="half"),
        row("ann", annotator=5),
        row("sou", {**FIRST, "entity": ["Ana"]}),
        row("wei", {**FIRST, "weight": float("nan")}),
        '{"id": "deep", "text": ' + "[" * 100_000 + "]" * 100_000 + "}",
        row("other", text="Quite another text, it said."),
    )
    unreadable = [(f.line, f.kind) for f in report.errors]
    assert unreadable == [
        (2, "unreadable"),
        (3, "unreadable"),
        (4, "unreadable"),
        (5, "unreadable"),
        (6, "unreadable"),
        (7, "unreadable"),
        (8, "unreadable"),
        (9, "unreadable"),
        (10, "unreadable"),
        (10, "unreadable"),
        (3, "label"),
    ]
    assert report.articles == 1
    assert "expected stance to be one of" in report.errors[-1].words


@pytest.mark.parametrize(
    ("marks", "kind", "severity"),
    [
        ([{**FIRST, "cue": [], "content": []}], "empty", ERROR),
        ([{**FIRST, "content": []}], "empty", WARNING),
        ([{**FIRST, "cue": [[16, 17]]}], "empty", ERROR),
        ([{**FIRST, "content": [[0, 20]]}], "overlap", ERROR),
        ([{**FIRST, "content": [[0, 8], [4, 15]]}], "overlap", WARNING),
        ([{**FIRST, "form": "quoted"}], "label", ERROR),
        ([{**FIRST, "kind": "robot"}], "label", ERROR),
        ([{**FIRST, "parent": 0}], "link", ERROR),
        ([{**FIRST, "parent": 1}, {**SECOND, "parent": 0}], "link", ERROR),
        ([{**FIRST, "denies": "nobody#1"}], "link", ERROR),
        ([FIRST, {**SECOND, "parent": 0}], "nested", WARNING),
        ([FIRST, FIRST], "twice", WARNING),
        ([FIRST, {**FIRST, "stance": "hedge"}], "conflict", ERROR),
        ([{**FIRST, "content": [[0, 16]]}], None, None),
        ([{**FIRST, "content": [[0, 14]]}], "edge", WARNING),
        ([{**FIRST, "cue": [[25, 30]]}], "edge", WARNING),
    ],
)
def test_marks(tmp_path: Path, marks: list[Any], kind: str | None, severity: str | None) -> None:
    report = check(tmp_path, row("a", *marks))
    assert {(f.kind, f.severity) for f in report.findings} == (
        {(kind, severity)} if kind else set()
    )
    assert all((f.line, f.article) == (1, "a") for f in report.findings)


def test_rows_that_contradict_each_other(tmp_path: Path) -> None:
    report = check(
        tmp_path,
        row("a", annotator="ana"),
        row("a", annotator="ana"),
        row("a", annotator="bea", text=TEXT + " "),
        row("a", {**FIRST, "stance": "denial"}, SECOND, annotator="cy"),
        row("b"),
    )
    assert found(report) == [
        ("texts", ERROR, 3, "a"),
        ("repeated", ERROR, 2, "a"),
        ("conflict", WARNING, 1, "a#0"),
        ("duplicate", WARNING, 5, "b"),
    ]
    assert report.findings[2].words == "expected one stance, found assertion by ana, denial by cy"
    assert (report.articles, report.readings) == (2, 3)
    assert report.agreement.overall is not None
    assert report.agreement.overall.stances.items == 2


def test_the_data_so_far(tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    wire = " ".join(f"word{n}" for n in range(60))
    write(data / "news.train.jsonl", row("old", {**FIRST, "stance": "hedge"}))
    write(data / "wire.dev.jsonl", row("wire", text=wire))
    gold = json.loads((GOLD / "articles.jsonl").read_text(encoding="utf-8").splitlines()[0])
    far = " ".join(f"other{n}" for n in range(40))
    withdraw(data, ["gone", "part#1"], because="asked", date="2031-05-02")
    report = check(
        tmp_path,
        row("new"),
        row("leak", {**FIRST, "content": []}, text=wire + " and more"),
        {"id": "gold", "text": gold["text"], "attributions": []},
        row("gone", text=far),
        row("part", text=f"{far} {far[::-1]}"),
    )
    assert [one for one in found(report) if one[0] not in ("empty", "edge", "overlap")] == [
        ("leak", ERROR, 2, "leak"),
        ("leak", ERROR, 3, "gold"),
        ("conflict", WARNING, 1, "new#0"),
        ("withdrawn", WARNING, 4, "gone"),
        ("withdrawn", WARNING, 5, "part"),
        ("duplicate", WARNING, 1, "new"),
    ]
    words = {f.kind: f.words for f in report.findings}
    assert words["conflict"] == "expected hedge as in news.train, found assertion"
    assert "'old' of news.train, word for word" in words["duplicate"]
    again = check_labels(data / "news.train.jsonl", data=data)
    assert found(again) == [], "a file is not held against itself"
    assert "news.train" not in again.against


def test_any_row_is_read_or_named(tmp_path: Path) -> None:
    """Values of all sorts in all places: a finding each, and never an exception."""
    rng = random.Random(7)
    values: list[object] = [
        None,
        5,
        -1,
        True,
        "",
        "x",
        [],
        [[]],
        {},
        [1],
        [[0, "b"]],
        1e400,
        [[9**30, 2]],
        "\ud800",
    ]
    rows = []
    for number in range(400):
        changed = copy.deepcopy(row(f"r{number}", annotator="ana"))
        place: Any = changed if rng.random() < 0.4 else rng.choice(changed["attributions"])
        names = [*place, "parent", "denies", "form", "sure", "origin", "weight", "annotator"]
        place[rng.choice(names)] = rng.choice(values)
        rows.append(changed)
    report = check(tmp_path, *rows)
    assert report.findings
    assert {one.kind for one in report.findings} <= set(KINDS)
    assert check_page(report)
    assert json.loads(json.dumps(report.to_dict()))["errors"] == len(report.errors)


def test_the_page_says_how_many_more(tmp_path: Path) -> None:
    rows = [row(f"n{n}", {**FIRST, "stance": "praise"}) for n in range(14)]
    report = check(tmp_path, *rows, row("a", annotator="ana"), row("a", annotator="bea"))
    page = check_page(report, limit=3)
    assert "**14 errors**" in page
    assert "### Unknown labels (14)" in page
    assert page.count("'praise'") == 3
    assert "… and 11 more" in page
    assert "| ana and bea | 1 | 2 | 100.0% | – |" in page
    assert "Alpha is not defined" in page


def test_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "data").mkdir()
    path = write(tmp_path / "new.jsonl", row("a", annotator="ana"), row("a", annotator="bea"))
    base = ["check", str(path), "--data", str(tmp_path / "data")]
    out, queue = tmp_path / "out" / "deep", tmp_path / "queue.jsonl"
    assert main([*base, "--queue", str(queue), "-o", str(out), "--threads", "1"]) == 0
    page = capsys.readouterr().out
    assert page == (out / "check.md").read_text(encoding="utf-8")
    assert "## Suspected label errors" in page
    assert len(queue.read_text(encoding="utf-8").splitlines()) == 1
    whole = json.loads((out / "check.json").read_text(encoding="utf-8"))
    assert (whole["errors"], whole["judges"], len(whole["suspects"])) == (0, ["network"], 4)
    write(path, "{broken")
    assert main([*base, "--quick"]) == 1
    write(path)
    assert main([*base, "--quick"]) == 1
    assert "expected articles, found none" in capsys.readouterr().out


def test_lone_surrogates_are_printed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "data").mkdir()
    path = write(tmp_path / "new.jsonl", row("a\ud800"), row("b\ud800"))
    assert main(["check", str(path), "--data", str(tmp_path / "data"), "--quick"]) == 0
    assert r"a\ud800" in capsys.readouterr().out


def test_wrong_use_is_one_line_and_2(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = tmp_path / "data"
    data.mkdir()
    path = str(write(tmp_path / "new.jsonl", row("a")))
    for args, reason in [
        (["check", path, "--data", str(tmp_path / "none"), "--quick"], "expected the folder"),
        (["check", str(data / "no"), "--data", str(data), "--quick"], "expected a file to read"),
        (["check", path, "--data", str(data), "--quick", "--queue", "q"], "either --queue or"),
        (["check", path, "--data", str(data), "--worst", "0"], "a share over 0"),
        (["check", path, "--data", str(data), "--quick", "-o", path], "expected a folder"),
        (["planted", "--data", str(data), "--file", "nothing"], "expected one of gold"),
        (["planted", "--data", str(data), "--seeds", "0"], "expected 1 seed or more"),
        (["withdraw", "a", "--data", str(data)], "expected --because TEXT"),
        (["withdraw", "--data", str(data), "--because", "x"], "expected ids"),
        (["withdraw", "a", "--data", str(data), "--list"], "either ids or --list"),
    ]:
        assert main(args) == 2, args
        assert reason in capsys.readouterr().err


def test_withdraw_and_list(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(tmp_path / "news.train.jsonl", row("a"), row("b", text=TEXT + " Again."))
    base = ["withdraw", "--data", str(tmp_path)]
    assert main([*base, "a", "c#1", "--because", "asked by the author"]) == 0
    told = capsys.readouterr().out.splitlines()
    assert "a: asked by the author; news.train.jsonl (1, sha256 " in told[0]
    assert "c#1: asked by the author; found in no file yet" in told[1]
    assert main([*base, "a", "--because", "again"]) == 0
    assert capsys.readouterr().out == "a: was withdrawn before\n"
    assert main([*base, "--list"]) == 0
    assert capsys.readouterr().out.splitlines() == told


def test_what_was_read_can_be_saved_and_checked(
    gold: Sequence[LabelledArticle], tmp_path: Path
) -> None:
    """Our own gold has nothing wrong in it but that it is our own gold."""
    (tmp_path / "data").mkdir()
    save_articles(gold, tmp_path / "new.jsonl")
    report = check_labels(tmp_path / "new.jsonl", data=tmp_path / "data")
    assert {one.kind for one in report.findings} == {"leak"}
    assert len(report.findings) == len(gold)

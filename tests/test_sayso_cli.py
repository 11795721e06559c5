"""The command as people run it: in a process of its own, on real files."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from data.loaders import GOLD
from sayso.bundle import default_bundle_id
from sayso.statements import read_statements

ARTICLES = GOLD / "articles.jsonl"


def run(*arguments: object, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-W", "error", "-c", "from sayso.cli import main; main()",
         *map(str, arguments)],
        input=stdin,
        capture_output=True,
        timeout=120,
    )  # fmt: skip


@pytest.fixture(scope="module")
def scored(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("cli") / "out.jsonl"
    done = run("score", ARTICLES, "-o", path)
    assert done.returncode == 0, done.stderr
    assert b"statements" in done.stderr
    assert b"\x1b" not in done.stderr, "no colours or bars where nobody watches"
    return path


def test_gold_to_jsonl(scored: Path) -> None:
    rows = [json.loads(line) for line in scored.read_text().splitlines()]
    texts = {r["id"]: r["text"] for r in map(json.loads, ARTICLES.read_text().splitlines())}
    assert {row["article_id"] for row in rows} == set(texts)
    assert {row["model"] for row in rows} == {default_bundle_id()}
    for row in rows:
        pieces = [texts[row["article_id"]][s["start"] : s["end"]] for s in row["content_spans"]]
        assert row["content_text"] == " … ".join(pieces)


def test_same_bytes_and_same_rows_in_parquet(scored: Path, tmp_path: Path) -> None:
    assert run("score", ARTICLES, "-o", tmp_path / "again.jsonl").returncode == 0
    assert (tmp_path / "again.jsonl").read_bytes() == scored.read_bytes()
    assert run("score", ARTICLES, "-o", tmp_path / "out.parquet").returncode == 0
    ids = [s.statement_id for s in read_statements(str(tmp_path / "out.parquet"))]
    assert ids == [s.statement_id for s in read_statements(str(scored))]


def test_pipes() -> None:
    done = run("score", "-", "-o", "-", "--limit", "2", stdin=ARTICLES.read_bytes())
    assert done.returncode == 0
    assert len({json.loads(line)["article_id"] for line in done.stdout.splitlines()}) == 2


def test_rejects_and_strict(tmp_path: Path) -> None:
    source, out = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    source.write_text('{"body": "The mayor said it was over."}\n{"body": 1}\n')
    for strict, code in ((["--strict"], 1), ([], 0)):
        done = run("score", source, "-o", out, "--text", "body", *strict)
        assert done.returncode == code
        (reject,) = map(json.loads, Path(f"{out}.rejects.jsonl").read_text().splitlines())
        assert reject["line"] == 2
        assert "expected text to be a string, found int 1" in reject["reason"]
    source.write_text('{"text": "The mayor said it was over."}\n')
    assert run("score", source, "-o", out).returncode == 0
    assert not Path(f"{out}.rejects.jsonl").exists(), "rejects of an earlier run are gone"


@pytest.mark.parametrize(
    "arguments",
    [
        ["score"],
        ["score", "nowhere.jsonl", "-o", "x.jsonl"],
        ["score", ARTICLES, "-o", "x.xls"],
        ["score", ARTICLES, "-o", "x.jsonl", "--model", "nowhere"],
        ["score", ARTICLES, "-o", "x.jsonl", "--no-such-option"],
        ["show", "nowhere.jsonl"],
        ["show", ARTICLES, "--article", "none-such"],
    ],
)
def test_wrong_use_is_2_and_one_message(arguments: Sequence[object], tmp_path: Path) -> None:
    done = run(*arguments)
    assert done.returncode == 2
    assert b"Traceback" not in done.stderr
    assert done.stderr.strip()
    assert not (tmp_path / "x.jsonl").exists()


def test_help_and_version() -> None:
    assert b"Examples" in run("score", "--help").stdout
    found = run("--version").stdout.decode()
    assert found.startswith("sayso 0.1.0")
    assert default_bundle_id() in found


def test_show(scored: Path) -> None:
    live = run("show", ARTICLES, "--article", "gold-conflict-02").stdout.decode()
    assert "The army of Kasteria" in live
    assert "denial" in live
    stored = run(
        "show", scored, "--articles", ARTICLES, "--article", "gold-conflict-02"
    ).stdout.decode()
    assert stored == live


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_ctrl_c_leaves_nothing_half_done(tmp_path: Path) -> None:
    source, out = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    rows = ARTICLES.read_text().splitlines()
    with source.open("w") as handle:
        for number in range(3000):
            row = json.loads(rows[number % len(rows)])
            handle.write(json.dumps({**row, "id": f"{number}"}) + "\n")
    program = (
        "import signal; signal.signal(signal.SIGINT, signal.default_int_handler); "
        "from sayso.cli import main; main()"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", program, "score", str(source), "-o", str(out)],
        stderr=subprocess.PIPE,
    )
    until = time.monotonic() + 60
    while not list(tmp_path.glob(".out.jsonl.*.tmp")) and time.monotonic() < until:
        time.sleep(0.05)
    os.kill(process.pid, signal.SIGINT)
    _, message = process.communicate(timeout=60)
    assert process.returncode == 130
    assert b"interrupted" in message
    assert [p.name for p in tmp_path.iterdir()] == ["in.jsonl"]

"""The command as people run it: in a process of its own, on real files."""

import json
import os
import re
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
from tests.corpus import make_articles, quick_bundle, write_jsonl

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


@pytest.fixture(scope="module")
def quick(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return quick_bundle(tmp_path_factory.mktemp("cli") / "bundle")


PROGRAM = (
    "import signal; signal.signal(signal.SIGINT, signal.default_int_handler); "
    "from sayso.cli import main; main()"
)


def start(*arguments: object, stdin: int | None = None) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        [sys.executable, "-c", PROGRAM, *map(str, arguments)],
        stdin=stdin,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interruption_keeps_what_is_done(
    quick: Path, tmp_path: Path, number: signal.Signals
) -> None:
    source, out = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    write_jsonl(source, make_articles(2_000, sentences=20))
    command = ["score", source, "-o", out, "--model", quick, "--shard-size", 5, "--workers", 1]
    process = start(*command)
    until = time.monotonic() + 120
    manifests = tmp_path / ".out.jsonl.shards" / "_shards"
    while not list(manifests.glob("*.json")) and time.monotonic() < until:
        time.sleep(0.02)
    os.kill(process.pid, number)
    _, message = process.communicate(timeout=60)
    assert process.returncode == 130
    said = re.search(rb"interrupted: (\d+) shards are done \((\d+) articles\)", message)
    assert said is not None, message
    assert b"same command" in message
    assert message.count(b"interrupted") == 1
    assert len(list(manifests.glob("*.json"))) == int(said[1]) == int(said[2]) / 5
    assert not list(tmp_path.glob(".out.jsonl.shards/*.tmp"))
    assert not out.exists()
    other = run(*command, "--limit", 7)
    assert other.returncode == 2
    assert b"settings.limit: expected null, found 7" in other.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_an_interrupted_stream_says_that_nothing_is_kept(quick: Path) -> None:
    process = start("score", "-", "-o", "-", "--model", quick, stdin=subprocess.PIPE)
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(json.dumps(make_articles(1)[0]).encode() + b"\n")
    process.stdin.flush()
    assert json.loads(process.stdout.readline())["article_id"] == "a0", "rows come at once"
    os.kill(process.pid, signal.SIGINT)
    assert process.wait(timeout=60) == 130
    with process:
        assert b"begins anew" in process.stderr.read()  # type: ignore[union-attr]


def test_a_reader_that_goes_away_ends_it_quietly(quick: Path, tmp_path: Path) -> None:
    source = write_jsonl(tmp_path / "in.jsonl", make_articles(500, sentences=20))
    process = start("score", source, "-o", "-", "--model", quick)
    assert process.stdout is not None
    process.stdout.readline()
    process.stdout.close()
    assert process.wait(timeout=60) == 0
    with process:
        assert process.stderr.read() == b""  # type: ignore[union-attr]


def test_a_folder_and_its_resumption(quick: Path, tmp_path: Path) -> None:
    source = write_jsonl(tmp_path / "in.jsonl", make_articles(12))
    command = ["score", source, "-o", f"{tmp_path}/out/", "--model", quick, "--shard-size", 5]
    assert run(*command).returncode == 0
    (tmp_path / "out" / "_shards" / "part-000001.json").unlink()
    again = run(*command)
    assert again.returncode == 0
    assert re.search(rb"shards +3 +2 done before", again.stderr)


@pytest.mark.parametrize("option", [["--limit", "3"], ["--fresh"], ["--timeout", "5"]])
def test_what_other_engines_do_not_take(tmp_path: Path, option: Sequence[str]) -> None:
    done = run("score", ARTICLES, "-o", f"{tmp_path}/out/", "--engine", "ray", *option)
    assert done.returncode == 2
    assert f"expected --engine local with {option[0]}".encode() in done.stderr

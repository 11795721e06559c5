"""Killed at random moments and started again, a job loses nothing, doubles nothing, and ends with
the very bytes of an undisturbed run.

`SAYSO_KILLS=200 python -m pytest tests/test_sayso_kill.py` does so for longer.
"""

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.corpus import make_articles, quick_bundle, write_jsonl

KILLS = int(os.environ.get("SAYSO_KILLS", "8"))
SEED = int(os.environ.get("SAYSO_KILLS_SEED", "1"))
ARTICLES, SHARD = 120, 10
PATIENCE = 1.2
"""How much later a run may be killed than the one before, so that each round ends."""

NAMES = ("out.parquet", "folder/", "out.jsonl.gz", "out.jsonl")

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="finds processes in /proc"),
    pytest.mark.timeout(120 + 120 * KILLS),
]


@dataclass(frozen=True, slots=True)
class Job:
    """A corpus and how to score it.

    Attributes:
        source: the articles.
        bundle: the model.
        seconds: an undisturbed run takes.
    """

    source: Path
    bundle: Path
    seconds: float

    def start(self, out: str, folder: Path) -> "subprocess.Popen[bytes]":
        """Start the command in a folder."""
        options = ["--model", self.bundle, "--workers", "2", "--shard-size", SHARD]
        return subprocess.Popen(
            [sys.executable, "-P", "-m", "sayso.cli", "score", self.source, "-o", out,
             *map(str, options)],
            cwd=folder,
            env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])},
            stderr=subprocess.PIPE,
        )  # fmt: skip

    def finish(self, out: str, folder: Path) -> float:
        """Run to the end; gives the seconds that took."""
        began = time.monotonic()
        process = self.start(out, folder)
        _, said = process.communicate(timeout=600)
        assert process.returncode == 0, said
        return time.monotonic() - began


@pytest.fixture(scope="module")
def job(tmp_path_factory: pytest.TempPathFactory) -> Job:
    folder = tmp_path_factory.mktemp("kill")
    rows = make_articles(ARTICLES, sentences=3)
    source = write_jsonl(folder / "in.jsonl", rows)
    lines = source.read_text().splitlines()
    lines[33:33] = ["{broken", json.dumps({"id": "a1", "text": "again"})]
    source.write_text("\n".join(lines) + "\n")
    bundle = quick_bundle(folder / "bundle")
    once = Job(source, bundle, 0.0)
    seconds = [once.finish(f"{n}.jsonl", folder) for n in range(2)]
    return Job(source, bundle, min(seconds))


@pytest.fixture(scope="module")
def undisturbed(job: Job, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("undisturbed")
    for name in NAMES:
        job.finish(name, folder)
    return folder


def data(folder: Path) -> dict[str, bytes]:
    """All files below, by name; the lock's names whoever held it."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != "_lock"
    }


def of_output(name: str, folder: Path) -> dict[str, bytes]:
    """What an output consists of."""
    found = data(folder).items()
    if name.endswith("/"):
        return {key: value for key, value in found if key.startswith(name)}
    return {key: value for key, value in found if key in (name, f"{name}.rejects.jsonl")}


def children(process: int) -> list[int]:
    try:
        return [
            int(n) for n in Path(f"/proc/{process}/task/{process}/children").read_text().split()
        ]
    except OSError:
        return []


def is_alive(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def wait_gone(processes: Sequence[int]) -> None:
    until = time.monotonic() + 60
    while any(map(is_alive, processes)):
        assert time.monotonic() < until, "workers outlive the process that started them"
        time.sleep(0.02)


def kill_at_random(
    process: "subprocess.Popen[bytes]", chosen: random.Random, longest: float
) -> Iterator[str]:
    """Kill the process, or one of its workers first, and say which; nothing if it ends before."""
    until = time.monotonic() + chosen.uniform(0, longest)
    spare = chosen.random() < 0.3
    while time.monotonic() < until and process.poll() is None:
        time.sleep(0.001)
    workers = children(process.pid)
    if spare and workers and process.poll() is None:
        os.kill(chosen.choice(workers), signal.SIGKILL)
        yield "worker"
        pause = time.monotonic() + chosen.uniform(0, longest / 2)
        while time.monotonic() < pause and process.poll() is None:
            time.sleep(0.001)
        workers = children(process.pid)
    if process.poll() is None:
        process.kill()
        process.wait()
        wait_gone(workers)
        yield "parent"


def test_kills_lose_and_double_nothing(job: Job, undisturbed: Path, tmp_path: Path) -> None:
    chosen = random.Random(SEED)
    kills = rounds = 0
    while kills < KILLS:
        name = NAMES[rounds % len(NAMES)]
        folder = tmp_path / str(rounds)
        folder.mkdir()
        longest = job.seconds / 2
        while kills < KILLS:
            process = job.start(name, folder)
            kills += len(list(kill_at_random(process, chosen, longest)))
            longest *= PATIENCE
            _, said = process.communicate()
            if process.returncode == 0:
                break
            assert process.returncode == -signal.SIGKILL, said
        job.finish(name, folder)
        rounds += 1
        assert data(folder) == of_output(name, undisturbed)
        shutil.rmtree(folder)
        print(f"{kills} kills, {rounds} rounds", file=sys.stderr)


def test_what_it_is_held_against(undisturbed: Path) -> None:
    rows = [json.loads(line) for line in (undisturbed / "out.jsonl").read_text().splitlines()]
    assert list(dict.fromkeys(row["article_id"] for row in rows)) == [
        f"a{number}" for number in range(ARTICLES)
    ]
    assert len({row["statement_id"] for row in rows}) == len(rows)
    rejects = (undisturbed / "out.jsonl.rejects.jsonl").read_bytes()
    assert [json.loads(line)["line"] for line in rejects.splitlines()] == [34, 35]
    assert (undisturbed / "folder" / "_rejects.jsonl").read_bytes() == rejects
    assert len(list((undisturbed / "folder").glob("part-*.parquet"))) == ARTICLES // SHARD

"""Throughput, start-up and memory of the command, each in a process of its own."""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import sayso
from data.loaders import load_gold
from sayso.errors import SaysoError, UsageError
from sayso.scorer import Scorer

__all__ = ["Bench", "BenchError", "articles_of", "bench"]

WORDS = 500
"""Words of a generated article."""


class BenchError(SaysoError):
    """The command that was timed failed, or took too short to be timed."""


@dataclass(frozen=True, slots=True)
class Bench:
    """What the command did on generated articles.

    Attributes:
        model: id of the bundle.
        articles: scored, of `WORDS` words each.
        articles_per_second: reading, scoring and writing counted, start-up not.
        tokens_per_second: the same in tokens of the bundle's vocabulary.
        words_per_cpu_second: words over user and system seconds of the scoring process, start-up
            included.
        startup_seconds: from the start of the process to its first row, of one article; the
            quicker of two, so that its files were read before.
        peak_memory_mb: largest resident set of the scoring process, in MiB.
        statements: found.
        machine: processor architecture and number.
    """

    model: str
    articles: int
    articles_per_second: float
    tokens_per_second: float
    words_per_cpu_second: float
    startup_seconds: float
    peak_memory_mb: float
    statements: int
    machine: str

    def to_dict(self) -> dict[str, Any]:
        """As a JSON object."""
        return asdict(self)

    def to_json(self) -> str:
        """As a JSON object, written out."""
        return json.dumps(self.to_dict(), indent=1)

    def to_text(self) -> str:
        """To be read: one line a figure."""
        rows = [
            ("model", self.model),
            ("machine", self.machine),
            ("articles", f"{self.articles:,} of {WORDS} words; {self.statements:,} statements"),
            ("articles/s", f"{self.articles_per_second:,.2f}"),
            ("tokens/s", f"{self.tokens_per_second:,.0f}"),
            ("words/CPU s", f"{self.words_per_cpu_second:,.0f}"),
            ("start-up", f"{self.startup_seconds:.2f} s to the first row"),
            ("peak memory", f"{self.peak_memory_mb:,.0f} MiB"),
        ]
        return "\n".join(f"{name:<13}{value}" for name, value in rows)


def articles_of(count: int, *, words: int = WORDS) -> list[dict[str, str]]:
    """`count` articles of `words` words, put together from the paragraphs of our own gold."""
    paragraphs = [p for a in load_gold() for p in a.text.split("\n\n")]
    out, at = [], 0
    for number in range(count):
        parts: list[str] = []
        left = words
        while left > 0:
            piece = paragraphs[at % len(paragraphs)].split(" ")[:left]
            parts.append(" ".join(piece))
            left -= len(piece)
            at += 1
        at += 1
        out.append({"id": f"bench-{number:06d}", "text": "\n\n".join(parts)})
    return out


def bench(*, articles: int = 200, threads: int | None = None, model: Path | None = None) -> Bench:
    """Time `sayso score` on generated articles.

    Args:
        articles: how many, at least 2: the quicker of two runs over one is taken off the run over
            all.
        threads: passed on.
        model: bundle folder; None for the one that ships.

    Raises:
        UsageError: fewer than 2 articles.
        BenchError: the command failed, or the articles are too few to tell speed from start-up.
    """
    if articles < 2:
        raise UsageError(f"expected 2 articles or more, found {articles}")
    scorer = Scorer.load(model)
    rows = articles_of(articles)
    tokens = sum(scorer.count_tokens(row["text"]) for row in rows[1:])
    options = ["--threads", str(threads)] if threads else []
    options += ["--model", str(model.absolute())] if model else []
    one = min((_run(rows[:1], options) for _ in range(2)), key=lambda run: run.seconds)
    many = _run(rows, options)
    seconds = many.seconds - one.seconds
    if seconds < one.seconds:
        raise BenchError(
            f"expected {articles} articles to take at least twice as long as one, found "
            f"{many.seconds:.2f} s and {one.seconds:.2f} s: too few to tell speed from start-up"
        )
    return Bench(
        model=scorer.model_id,
        articles=articles,
        articles_per_second=(articles - 1) / seconds,
        tokens_per_second=tokens / seconds,
        words_per_cpu_second=WORDS * articles / many.cpu_seconds,
        startup_seconds=one.first_row_seconds,
        peak_memory_mb=many.peak_kb / 1024,
        statements=many.statements,
        machine=f"{platform.machine()}, {os.cpu_count()} processors",
    )


@dataclass(frozen=True, slots=True)
class _Run:
    """One run: seconds to its first row, to its end, of processors; peak in KiB; rows written."""

    first_row_seconds: float
    seconds: float
    cpu_seconds: float
    peak_kb: int
    statements: int


def _run(rows: Sequence[dict[str, str]], options: Sequence[str]) -> _Run:
    program = "from sayso.cli import main; main()"
    paths = (str(Path(sayso.__file__).parents[1]), os.environ.get("PYTHONPATH"))
    with tempfile.TemporaryDirectory() as folder:
        source, report = Path(folder) / "in.jsonl", Path(folder) / "report.json"
        source.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
        score = [sys.executable, "-c", program, "score", str(source), "-o", "-", *options]
        done = subprocess.run(
            [sys.executable, "-c", _WATCH, str(report), *score],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
            cwd=folder,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(path for path in paths if path)},
        )
        if done.returncode:
            raise BenchError(
                f"expected sayso score to end with 0, found {done.returncode}: "
                f"{done.stderr.strip()[-500:]}"
            )
        return _Run(**json.loads(report.read_text(encoding="utf-8")))


_WATCH = """
import json, resource, subprocess, sys, time
began = time.monotonic()
child = subprocess.Popen(sys.argv[2:], stdout=subprocess.PIPE)
first, rows = None, 0
for line in child.stdout:
    first = first or time.monotonic() - began
    rows += 1
code = child.wait()
seconds = time.monotonic() - began
used = resource.getrusage(resource.RUSAGE_CHILDREN)
report = {
    "first_row_seconds": first or seconds,
    "seconds": seconds,
    "cpu_seconds": used.ru_utime + used.ru_stime,
    "peak_kb": used.ru_maxrss,
    "statements": rows,
}
with open(sys.argv[1], "w") as handle:
    json.dump(report, handle)
sys.exit(code)
"""
"""A small parent whose only child is the command, so that the peak is the command's."""

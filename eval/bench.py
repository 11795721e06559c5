"""Throughput, start-up and memory of the command, each in a process of its own."""

from __future__ import annotations

import json
import os
import platform
import re
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from data.loaders import load_gold
from sayso.scorer import Scorer

__all__ = ["Bench", "articles_of", "bench"]

WORDS = 500
"""Words of a generated article."""


@dataclass(frozen=True, slots=True)
class Bench:
    """What the command did on generated articles.

    Attributes:
        model: id of the bundle.
        articles: scored, of `WORDS` words each.
        articles_per_second: reading, scoring and writing counted, model loading not.
        tokens_per_second: the same in tokens of the bundle's vocabulary.
        words_per_cpu_second: words over user and system seconds of the scoring process, start-up
            included.
        startup_seconds: from the start of the process to the end of a run over one article.
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

    def to_json(self) -> str:
        """As a JSON object."""
        return json.dumps(asdict(self), indent=1)


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
        articles: how many.
        threads: passed on.
        model: bundle folder; None for the one that ships.
    """
    scorer = Scorer.load(model)
    rows = articles_of(articles)
    tokens = sum(scorer.count_tokens(row["text"]) for row in rows)
    with tempfile.TemporaryDirectory() as folder:
        options = ["--threads", str(threads)] if threads else []
        options += ["--model", str(model)] if model else []
        one = _run(Path(folder), rows[:1], options)
        many = _run(Path(folder), rows, options)
    seconds = max(many.seconds - one.seconds, 1e-6)
    counted = articles - 1 if articles > 1 else 1
    return Bench(
        model=scorer.model_id,
        articles=articles,
        articles_per_second=counted / seconds,
        tokens_per_second=tokens * counted / articles / seconds,
        words_per_cpu_second=WORDS * articles / many.cpu_seconds,
        startup_seconds=one.seconds,
        peak_memory_mb=many.peak_mb,
        statements=many.statements,
        machine=f"{platform.machine()}, {os.cpu_count()} processors",
    )


@dataclass(frozen=True, slots=True)
class _Run:
    seconds: float
    cpu_seconds: float
    peak_mb: float
    statements: int


def _run(folder: Path, rows: Sequence[dict[str, str]], options: Sequence[str]) -> _Run:
    source, target = folder / "in.jsonl", folder / "out.jsonl"
    source.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    program = "from sayso.cli import main; main()"
    command = [sys.executable, "-c", program, "score", str(source), "-o", str(target), *options]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    began = time.monotonic()
    watched = subprocess.run(
        [sys.executable, "-c", _WATCH, *command], capture_output=True, text=True, check=True
    )
    seconds = time.monotonic() - began
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    found = re.search(r"peak_kb=(\d+)", watched.stderr)
    return _Run(
        seconds=seconds,
        cpu_seconds=after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime,
        peak_mb=int(found.group(1)) / 1024 if found else 0.0,
        statements=sum(1 for _ in target.open(encoding="utf-8")),
    )


_WATCH = """
import resource, subprocess, sys
code = subprocess.call(sys.argv[1:])
peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
print(f"peak_kb={peak}", file=sys.stderr)
sys.exit(code)
"""
"""A small parent whose only child is the command, so that the peak is the command's."""

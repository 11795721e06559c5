"""The command `sayso score`, run in a process of its own and timed."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from sayso.errors import SaysoError
from sayso.process import own_environment

__all__ = ["BenchError", "Figures", "TimedRun", "measure_score", "score_options", "time_score"]

STARTS = 3
"""Runs over one article, of which the quickest counts, so that its files were read before."""


class BenchError(SaysoError):
    """What was timed failed, or took too short to be timed."""


@dataclass(frozen=True, slots=True)
class TimedRun:
    """One run of the command.

    Attributes:
        first_row_seconds: from the start of the process to its first row.
        seconds: to its end.
        cpu_seconds: user and system, its workers included.
        peak_kb: largest resident set of one of its processes, in KiB.
        together_kb: largest proportional set (shared pages counted once) of all its processes
            together, looked at ten times a second; 0 where the system does not tell.
        rows: written.
    """

    first_row_seconds: float
    seconds: float
    cpu_seconds: float
    peak_kb: int
    together_kb: int
    rows: int


@dataclass(frozen=True, slots=True)
class Figures:
    """What the command did in one setting.

    Attributes:
        options: that set its processes and threads.
        articles_per_second: reading, scoring and writing counted, start-up not.
        tokens_per_second: the same in tokens of the bundle's vocabulary.
        words_per_cpu_second: words over user and system seconds of all its processes, start-up
            included.
        startup_seconds: from the start of the process to its first row, of one article.
        peak_memory_mb: largest resident set of one of its processes, in MiB.
        together_memory_mb: most that all its processes held together, shared pages counted once.
        statements: found.
    """

    options: tuple[str, ...]
    articles_per_second: float
    tokens_per_second: float
    words_per_cpu_second: float
    startup_seconds: float
    peak_memory_mb: float
    together_memory_mb: float
    statements: int

    def told(self, title: str) -> list[tuple[str, str]]:
        """Names and values, to be read; the first is the title with the options."""
        return [
            (title, " ".join(self.options) or "no options"),
            ("articles/s", f"{self.articles_per_second:,.2f}"),
            ("tokens/s", f"{self.tokens_per_second:,.0f}"),
            ("words/CPU s", f"{self.words_per_cpu_second:,.0f}"),
            ("start-up", f"{self.startup_seconds:.2f} s to the first row"),
            (
                "memory",
                f"{self.peak_memory_mb:,.0f} MiB at most in one process, "
                f"{self.together_memory_mb:,.0f} MiB in all",
            ),
        ]


def score_options(
    *, model: Path | None = None, threads: int | None = None, workers: int | None = None
) -> list[str]:
    """Options of `sayso score`; those that it does not know are left out.

    Args:
        model: bundle folder.
        threads: of one process.
        workers: processes.
    """
    from typer.main import get_command

    from sayso.cli import app

    score = get_command(app).commands["score"]  # type: ignore[attr-defined]
    known = {name for option in score.params for name in option.opts}
    wanted = {
        "--model": model.absolute() if model else None,
        "--threads": threads,
        "--workers": workers,
    }
    pairs = [(name, str(v)) for name, v in wanted.items() if v is not None and name in known]
    return [word for pair in pairs for word in pair]


def time_score(rows: Sequence[Mapping[str, str]], options: Sequence[str]) -> TimedRun:
    """Score articles with rows to standard output, which are counted and dropped.

    Args:
        rows: articles as JSON objects.
        options: of the command.

    Raises:
        BenchError: the command failed.
    """
    program = "from sayso.cli import main; main()"
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
            env=own_environment(),
        )
        if done.returncode:
            raise BenchError(
                f"expected sayso score to end with 0, found {done.returncode}: "
                f"{done.stderr.strip()[-500:]}"
            )
        return TimedRun(**json.loads(report.read_text(encoding="utf-8")))


def measure_score(
    rows: Sequence[Mapping[str, str]], options: Sequence[str], *, tokens: int, words: int
) -> Figures:
    """Time the command in one setting.

    Args:
        rows: articles as JSON objects, two or more: what the quickest of `STARTS` runs over the
            first takes is taken off the run over all.
        options: of the command.
        tokens: of all articles but the first.
        words: of each article.

    Raises:
        BenchError: the command failed, or the articles are too few to tell speed from start-up.
    """
    starts = [time_score(rows[:1], options) for _ in range(STARTS)]
    least, many = min(run.seconds for run in starts), time_score(rows, options)
    seconds = many.seconds - least
    if seconds < least:
        raise BenchError(
            f"expected {len(rows)} articles to take at least twice as long as one, found "
            f"{many.seconds:.2f} s and {least:.2f} s: too few to tell speed from start-up"
        )
    return Figures(
        options=tuple(options),
        articles_per_second=(len(rows) - 1) / seconds,
        tokens_per_second=tokens / seconds,
        words_per_cpu_second=words * len(rows) / many.cpu_seconds,
        startup_seconds=min(run.first_row_seconds for run in starts),
        peak_memory_mb=many.peak_kb / 1024,
        together_memory_mb=(many.together_kb or many.peak_kb) / 1024,
        statements=many.rows,
    )


_WATCH = """
import json, re, resource, subprocess, sys, threading, time
began = time.monotonic()
child = subprocess.Popen(sys.argv[2:], stdout=subprocess.PIPE)
most, over = [0], threading.Event()

def family(pid):
    out = [pid]
    try:
        for task in open(f"/proc/{pid}/task/{pid}/children").read().split():
            out += family(int(task))
    except OSError:
        pass
    return out

def share(pid):
    try:
        found = re.search(r"^Pss:\\s+(\\d+)", open(f"/proc/{pid}/smaps_rollup").read(), re.M)
        return int(found.group(1)) if found else 0
    except OSError:
        return 0

def look():
    while not over.wait(0.1):
        most[0] = max(most[0], sum(share(pid) for pid in family(child.pid)))

looking = threading.Thread(target=look, daemon=True)
looking.start()
first, rows = None, 0
for line in child.stdout:
    first = first or time.monotonic() - began
    rows += 1
code = child.wait()
seconds = time.monotonic() - began
over.set()
looking.join()
used = resource.getrusage(resource.RUSAGE_CHILDREN)
report = {
    "first_row_seconds": first or seconds,
    "seconds": seconds,
    "cpu_seconds": used.ru_utime + used.ru_stime,
    "peak_kb": used.ru_maxrss,
    "together_kb": most[0],
    "rows": rows,
}
with open(sys.argv[1], "w") as handle:
    json.dump(report, handle)
sys.exit(code)
"""
"""A small parent whose only child is the command, so that the peak is the command's."""

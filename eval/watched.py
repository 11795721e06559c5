"""A program of Python run in a process of its own, and the most that it held in memory."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from eval.timed import BenchError
from sayso.process import own_environment

__all__ = ["run_watched"]

_INTERVAL = 0.1
"""Most seconds between two looks at what processes hold."""
_FIRST = 0.002
"""Seconds between the first two; they grow with the time that has passed, so that a process that
lives for a tenth of a second is seen close to its end too."""


def run_watched(words: Sequence[str], folder: Path) -> tuple[int, str]:
    """Run a program of Python; its peak in KiB, and what it printed.

    The peak is the sum of what the process and those below it held at most, pages that they share
    counted for each. Of processes that were replaced only those count that lived at the same time.

    Args:
        words: the program's text, then its arguments.
        folder: where it runs.

    Raises:
        BenchError: it did not end with 0.
    """
    with (folder / "said").open("w+", encoding="utf-8") as said:
        child = subprocess.Popen(
            [sys.executable, "-c", *words],
            stdout=said,
            stderr=subprocess.STDOUT,
            cwd=folder,
            env=own_environment(),
        )
        peak, began = 0, time.monotonic()
        while child.poll() is None:
            peak = max(peak, sum(_peak(pid) for pid in _family(child.pid)))
            time.sleep(min(_INTERVAL, _FIRST + (time.monotonic() - began) / 20))
        said.seek(0)
        text = said.read()
    if child.returncode:
        raise BenchError(
            f"expected the command to end with 0, found {child.returncode}: {text.strip()[-500:]}"
        )
    return peak or _largest_child(), text


def _family(pid: int) -> list[int]:
    """A process and all below it; it alone where the system does not tell."""
    try:
        tasks = list(Path(f"/proc/{pid}/task").iterdir())
        below = [int(c) for task in tasks for c in (task / "children").read_text().split()]
    except OSError:
        return [pid]
    return [pid, *(one for child in below for one in _family(child))]


def _peak(pid: int) -> int:
    """Most that a process has held so far, in KiB; 0 if it is gone or the system does not tell."""
    try:
        status = Path(f"/proc/{pid}/status").read_text(encoding="ascii", errors="replace")
    except OSError:
        return 0
    found = [line.split()[1] for line in status.splitlines() if line.startswith("VmHWM:")]
    return int(found[0]) if found else 0


def _largest_child() -> int:
    """Most that any child of this process has held, in KiB."""
    import resource

    most = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    return most // 1024 if sys.platform == "darwin" else most

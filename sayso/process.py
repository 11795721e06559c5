"""One worker process as its parent sees it: tasks in, events out, and why it ended."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue
from threading import Thread
from typing import IO, Any

from sayso.frames import Frame, read_frame, write_frame
from sayso.tasks import Task

__all__ = ["Errand", "WorkerProcess", "own_environment"]


@dataclass(slots=True, eq=False)
class Errand:
    """A task on its way through workers.

    Attributes:
        task: the articles.
        alone: it is one article that a worker has died of, to be tried in a fresh worker.
        reason: what that worker died of.
        losses: workers that died with it between articles.
        answer: what a worker said in the end; None until then.
    """

    task: Task
    alone: bool = False
    reason: str | None = None
    losses: int = 0
    answer: Frame | None = None


class WorkerProcess:
    """Starts a worker; two threads write to it and read from it, so that nobody waits for it.

    Args:
        command: what to run.
        settings: its first frame's head.
        on_frame: called in a thread with the worker and each of its frames, and with None when it
            has ended.

    Attributes:
        errands: what it was given and has not done, oldest first.
        ready: whether it has loaded its scorer.
        begun, ended: articles of the oldest errand that it has begun, and that it is through with.
        said: `time.monotonic()` of its last sign of life, or of when it was given work.
    """

    def __init__(
        self,
        command: Sequence[str],
        settings: dict[str, Any],
        on_frame: Callable[[WorkerProcess, Frame | None], None],
    ) -> None:
        self.errands: deque[Errand] = deque()
        self.ready = False
        self.begun = self.ended = 0
        self.said = time.monotonic()
        self._why: str | None = None
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=own_environment(),
            start_new_session=True,  # Ctrl-C is for the parent to act on
        )
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._outbox: SimpleQueue[Frame | None] = SimpleQueue()
        self._threads = [
            Thread(target=self._write, args=(self._process.stdin,), daemon=True),
            Thread(target=self._read, args=(self._process.stdout, on_frame), daemon=True),
        ]
        for thread in self._threads:
            thread.start()
        self._outbox.put(Frame(settings))

    def give(self, errand: Errand) -> None:
        """Give it something to do after what it has."""
        if not self.errands:
            self.said = time.monotonic()
        self.errands.append(errand)
        self._outbox.put(Frame({}, errand.task.pack()))

    def kill(self, why: str | None = None) -> None:
        """End it at once; `why` is what `end` then says."""
        self._why = self._why or why
        self._process.kill()

    def end(self) -> str:
        """End it, if it has not ended, free all it held, and say how it ended."""
        self._process.kill()
        self._outbox.put(None)
        code = self._process.wait()
        for thread in self._threads:
            thread.join()
        if self._why is not None:
            return self._why
        if code < 0:
            return f"killed by signal {-code} ({_signal_name(-code)})"
        return f"ended with exit code {code}"

    def _write(self, sink: IO[bytes]) -> None:
        with contextlib.suppress(OSError):  # it has ended, as its other end tells
            while (frame := self._outbox.get()) is not None:
                write_frame(sink, frame)
        with contextlib.suppress(OSError):
            sink.close()

    def _read(
        self, source: IO[bytes], on_frame: Callable[[WorkerProcess, Frame | None], None]
    ) -> None:
        with source:
            while (frame := read_frame(source)) is not None:
                self.said = time.monotonic()
                on_frame(self, frame)
        on_frame(self, None)


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return "unknown"


def own_environment() -> dict[str, str]:
    """This environment, with this very package first, from wherever it was imported."""
    root = str(Path(__file__).resolve().parents[1])
    paths = [root, *filter(None, [os.environ.get("PYTHONPATH")])]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(paths)}

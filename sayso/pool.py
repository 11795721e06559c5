"""Worker processes that score tasks in order, and outlive articles that end them."""

from __future__ import annotations

import sys
import time
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from queue import Empty, SimpleQueue
from threading import Condition, Thread
from types import TracebackType
from typing import TYPE_CHECKING, Any

from sayso import errors
from sayso.errors import SaysoError
from sayso.frames import Frame
from sayso.process import Job, WorkerProcess
from sayso.processors import usable_processors
from sayso.rejects import Reject
from sayso.tasks import Item, Stood, Task

if TYPE_CHECKING:
    from sayso.scorer import ScorerSettings

__all__ = ["COMMAND", "TIMEOUT", "Done", "Pool", "PoolSettings", "WorkerError"]

COMMAND = (sys.executable, "-P", "-m", "sayso.worker")
"""What runs a worker."""

TIMEOUT = 600.0
"""Seconds an article may take."""

DEPTH = 2
"""Tasks that a worker is given at once, so that it need not wait for the next."""

AHEAD = 16
"""Tasks taken ahead for each worker, so that a slow article does not hold up the others."""

AHEAD_BYTES = 16 * 2**20
"""Bytes of articles taken ahead, if it is more than one task."""

START_SECONDS = 300.0
"""Seconds a worker may take to load its scorer."""

FAILED_STARTS = 3
"""Workers in a row that may end before they are ready."""

LOSSES = 3
"""Workers that may end with a task, but between its articles, before each of them is suspected."""


class WorkerError(SaysoError):
    """Workers end before they are ready to score anything."""


@dataclass(frozen=True, slots=True)
class PoolSettings:
    """How the work is spread; it changes no row.

    Attributes:
        workers: processes at most; None for all processors that may be used.
        timeout: seconds an article may take before its worker is ended.
        command: what runs a worker.
    """

    workers: int | None = None
    timeout: float = TIMEOUT
    command: tuple[str, ...] = COMMAND

    @property
    def count(self) -> int:
        """Processes at most."""
        return usable_processors() if self.workers is None else self.workers


@dataclass(frozen=True, slots=True)
class Done:
    """A task, or a part of one, that was scored.

    Attributes:
        task: what was to be scored.
        packed: its rows, as `sayso.write.pack_rows` packs them.
        counts: of it, as `sayso.summary.Summary.counts` gives them; None if it has no article.
        rejects: its rejects, the reader's and those of scoring, in the input's order.
    """

    task: Task
    packed: bytes
    counts: Mapping[str, Any] | None
    rejects: tuple[Stood, ...]


class Pool:
    """Scores tasks in worker processes that each load a scorer once.

    Workers start when there is something to do for them. A worker that dies or says nothing for
    too long is replaced; the article that it was at is tried once more, alone in a fresh worker,
    and becomes a reject if that dies as well. Use it as a context manager.

    Args:
        scorer: what each worker loads; a model given by its folder.
        settings: how many there are, and what they run.
        parquet: whether rows are wanted as Arrow tables; else they are lines of JSON.
    """

    def __init__(
        self, scorer: ScorerSettings, settings: PoolSettings | None = None, *, parquet: bool
    ) -> None:
        self._settings = settings or PoolSettings()
        self._count = self._settings.count
        self._first = {**asdict(scorer), "parquet": parquet}
        self._workers: list[WorkerProcess] = []
        self._waiting: deque[Job] = deque()
        self._order: deque[Job] = deque()
        self._events: SimpleQueue[_Event] = SimpleQueue()
        self._room = _Room(AHEAD * self._count, AHEAD_BYTES)
        self._ended = False
        self._failed_starts = 0
        self._checked = time.monotonic()

    def __enter__(self) -> Pool:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._room.close()
        workers, self._workers = self._workers, []
        for worker in workers:
            worker.kill()
        for worker in workers:
            worker.end()

    def run(self, tasks: Iterable[Task]) -> Iterator[Done]:
        """Stream what came of each task, in order; once a pool.

        Args:
            tasks: gone through in a thread of its own, some way ahead.

        Raises:
            WorkerError: workers cannot be started.
            SaysoError: what a worker raised when it loaded the scorer, or reading raised.
        """
        Thread(target=self._read, args=(tasks,), daemon=True).start()
        while True:
            while self._order and (answer := self._order[0].answer) is not None:
                job = self._order.popleft()
                self._room.give(job.task)
                yield _done(job.task, answer)
            if self._ended and not self._order:
                return
            self._assign()
            self._take(self._next_event())

    def _read(self, tasks: Iterable[Task]) -> None:
        """Take tasks as long as there is room for them (in a thread)."""
        try:
            for task in tasks:
                if not self._room.take(task):
                    return
                self._events.put(_Event(task=task))
            self._events.put(_Event())
        except BaseException as error:
            self._events.put(_Event(error=error))

    def _next_event(self) -> _Event | None:
        """What happened next; None if nothing did for a while.

        Only where all that happened is known are time limits looked at.
        """
        pause = min(1.0, self._settings.timeout / 4)
        with suppress(Empty):
            return self._events.get_nowait()
        if time.monotonic() - self._checked >= pause:
            self._check_time()
        with suppress(Empty):
            return self._events.get(timeout=pause)
        return None

    def _take(self, event: _Event | None) -> None:
        if event is None:
            return
        if event.error is not None:
            raise event.error
        elif event.worker is not None:
            self._hear(event.worker, event.frame)
        elif event.task is not None:
            job = Job(event.task, answer=None if event.task.items else NOTHING)
            self._order.append(job)
            if job.answer is None:
                self._waiting.append(job)
        else:
            self._ended = True

    def _hear(self, worker: WorkerProcess, frame: Frame | None) -> None:
        if worker not in self._workers:
            return
        if frame is None:
            self._lose(worker)
        elif frame.head["kind"] == "ready":
            worker.ready, self._failed_starts = True, 0
        elif frame.head["kind"] == "at":
            worker.begun, worker.ended = frame.head["begun"], frame.head["ended"]
        elif frame.head["kind"] == "done":
            worker.jobs.popleft().answer = frame
            worker.begun = worker.ended = 0
        else:
            kind = getattr(errors, frame.head["error"], SaysoError)
            raise kind(frame.head["reason"])

    def _assign(self) -> None:
        """Give out what is waiting, as far as workers may be given more."""
        while self._waiting:
            job = self._waiting[0]
            worker = self._fresh() if job.alone else self._freest()
            if worker is None:
                return
            worker.give(self._waiting.popleft())

    def _freest(self) -> WorkerProcess | None:
        """The worker with the least to do, a new one if all have something."""
        open_ones = [w for w in self._workers if not any(job.alone for job in w.jobs)]
        best = min(open_ones, key=lambda w: len(w.jobs), default=None)
        if (best is None or best.jobs) and len(self._workers) < self._count:
            return self._start()
        return best if best is not None and len(best.jobs) < DEPTH else None

    def _fresh(self) -> WorkerProcess | None:
        """A new worker, in the place of one that has nothing to do if need be."""
        if len(self._workers) >= self._count:
            idle = next((w for w in self._workers if not w.jobs), None)
            if idle is None:
                return None
            self._workers.remove(idle)
            idle.end()
        return self._start()

    def _start(self) -> WorkerProcess:
        def on_frame(worker: WorkerProcess, frame: Frame | None) -> None:
            self._events.put(_Event(worker=worker, frame=frame))

        worker = WorkerProcess(self._settings.command, self._first, on_frame)
        self._workers.append(worker)
        return worker

    def _check_time(self) -> None:
        self._checked = now = time.monotonic()
        for worker in self._workers:
            timeout = self._settings.timeout if worker.ready else START_SECONDS
            if worker.jobs and now - worker.said > timeout:
                worker.kill(f"without an answer for {timeout:g} s")

    def _lose(self, worker: WorkerProcess) -> None:
        """A worker has ended: find what it was at, and give the rest to others."""
        self._workers.remove(worker)
        how = worker.end()
        again = list(worker.jobs)
        if not worker.ready:
            self._failed_starts += 1
            if self._failed_starts >= FAILED_STARTS:
                raise WorkerError(f"expected a worker to start, found it {how}")
        elif again:
            again[:1] = self._part(again[0], worker.begun, worker.ended, how)
        self._waiting.extendleft(job for job in reversed(again) if job.answer is None)

    def _part(self, job: Job, begun: int, ended: int, how: str) -> list[Job]:
        """The jobs in place of one whose worker has died."""
        if job.alone and (begun > ended or job.losses + 1 >= LOSSES):
            twice = f"{how}, twice" if how == job.reason else f"{job.reason}, then {how}"
            job.answer = _refused(f"expected the article to be scored, found the worker {twice}")
            return [job]
        if begun <= ended:
            job.losses += 1
            if job.alone or job.losses < LOSSES:
                return [job]
            begun, ended = len(job.task.items), 0
        parts = [Job(job.task.part(0, ended))] if ended else []
        parts += [Job(job.task.part(n, n + 1), alone=True, reason=how) for n in range(ended, begun)]
        if begun < len(job.task.items):
            parts.append(Job(job.task.part(begun, len(job.task.items))))
        place = self._order.index(job)
        del self._order[place]
        for part in reversed(parts):
            self._order.insert(place, part)
        self._room.add(len(parts) - 1)
        return parts


NOTHING = Frame({"counts": None, "rejects": ()})
"""The answer to a task without articles."""


def _refused(reason: str) -> Frame:
    """The answer to a task of one article that cannot be scored."""
    counts = {"articles": 0, "statements": 0, "nested": 0, "sources": 0, "rejects": 0}
    return Frame({"counts": {**counts, "stances": {}}, "rejects": ((0, reason),)})


def _done(task: Task, answer: Frame) -> Done:
    rejects = [*task.rejects]
    for number, reason in answer.head["rejects"]:
        item: Item = task.items[number]
        reject = Reject(item.file, item.line, item.id, reason)
        rejects.append(Stood(2 * (task.first + number) + 1, reject))
    rejects.sort(key=lambda stood: stood.place)
    return Done(task, answer.body, answer.head["counts"], tuple(rejects))


@dataclass(frozen=True, slots=True)
class _Event:
    """A task that was read, a worker's frame or end, an error of reading; else the input's end."""

    task: Task | None = None
    error: BaseException | None = None
    worker: WorkerProcess | None = None
    frame: Frame | None = None


class _Room:
    """Keeps what was taken and not yet given back within bounds; one task always has room."""

    def __init__(self, tasks: int, size: int) -> None:
        self._most, self._most_size = tasks, size
        self._tasks = self._size = 0
        self._closed = False
        self._changed = Condition()

    def take(self, task: Task) -> bool:
        """Wait until there is room; False once closed."""
        with self._changed:
            while not self._closed and self._is_full(task.size):
                self._changed.wait()
            self._tasks += 1
            self._size += task.size
            return not self._closed

    def add(self, tasks: int) -> None:
        """Count so many more tasks: one was parted."""
        with self._changed:
            self._tasks += tasks

    def give(self, task: Task) -> None:
        """Give a task's room back."""
        with self._changed:
            self._tasks -= 1
            self._size -= task.size
            self._changed.notify_all()

    def close(self) -> None:
        """Let nobody wait any longer."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    def _is_full(self, size: int) -> bool:
        return self._tasks > 0 and (
            self._tasks >= self._most or self._size + size > self._most_size
        )

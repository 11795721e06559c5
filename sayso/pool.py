"""Worker processes that score tasks in order, and outlive articles that end them."""

from __future__ import annotations

import sys
import time
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from queue import Empty, SimpleQueue
from threading import Thread
from types import TracebackType
from typing import TYPE_CHECKING, Any

from sayso import errors
from sayso.errors import SaysoError, UsageError
from sayso.frames import Frame
from sayso.process import Errand, WorkerProcess
from sayso.processors import usable_processors
from sayso.rejects import Reject
from sayso.room import Room
from sayso.tasks import Item, Stood, Task

if TYPE_CHECKING:
    from sayso.settings import ScorerSettings

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

    Raises:
        UsageError: there are none, or they may take no time.
    """

    workers: int | None = None
    timeout: float = TIMEOUT
    command: tuple[str, ...] = COMMAND

    def __post_init__(self) -> None:
        if self.workers is not None and self.workers < 1:
            raise UsageError(f"expected at least 1 worker, found {self.workers}")
        if not self.timeout > 0:
            raise UsageError(f"expected a timeout of more than 0 seconds, found {self.timeout}")

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
        self._waiting: deque[Errand] = deque()
        self._order: deque[Errand] = deque()
        self._events: SimpleQueue[_Event] = SimpleQueue()
        self._room = Room(AHEAD * self._count, AHEAD_BYTES)
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
                errand = self._order.popleft()
                self._room.give(errand.task)
                yield _done(errand.task, answer)
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
            errand = Errand(event.task, answer=None if event.task.items else NOTHING)
            self._order.append(errand)
            if errand.answer is None:
                self._waiting.append(errand)
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
            worker.errands.popleft().answer = frame
            worker.begun = worker.ended = 0
        else:
            kind = getattr(errors, frame.head["error"], SaysoError)
            raise kind(frame.head["reason"])

    def _assign(self) -> None:
        """Give out what is waiting, as far as workers may be given more."""
        while self._waiting:
            errand = self._waiting[0]
            worker = self._fresh() if errand.alone else self._freest()
            if worker is None:
                return
            worker.give(self._waiting.popleft())

    def _freest(self) -> WorkerProcess | None:
        """The worker with the least to do, a new one if all have something."""
        open_ones = [w for w in self._workers if not any(errand.alone for errand in w.errands)]
        best = min(open_ones, key=lambda w: len(w.errands), default=None)
        if (best is None or best.errands) and len(self._workers) < self._count:
            return self._start()
        return best if best is not None and len(best.errands) < DEPTH else None

    def _fresh(self) -> WorkerProcess | None:
        """A new worker, in the place of one that has nothing to do if need be."""
        if len(self._workers) >= self._count:
            idle = next((w for w in self._workers if not w.errands), None)
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
            if worker.errands and now - worker.said > timeout:
                worker.kill(f"without an answer for {timeout:g} s")

    def _lose(self, worker: WorkerProcess) -> None:
        """A worker has ended: find what it was at, and give the rest to others."""
        self._workers.remove(worker)
        how = worker.end()
        again = list(worker.errands)
        if not worker.ready:
            self._failed_starts += 1
            if self._failed_starts >= FAILED_STARTS:
                raise WorkerError(f"expected a worker to start, found it {how}")
        elif again:
            again[:1] = self._part(again[0], worker.begun, worker.ended, how)
        self._waiting.extendleft(errand for errand in reversed(again) if errand.answer is None)

    def _part(self, errand: Errand, begun: int, ended: int, how: str) -> list[Errand]:
        """The errands in place of one whose worker has died."""
        if errand.alone and (begun > ended or errand.losses + 1 >= LOSSES):
            twice = f"{how}, twice" if how == errand.reason else f"{errand.reason}, then {how}"
            errand.answer = _refused(f"expected the article to be scored, found the worker {twice}")
            return [errand]
        if begun <= ended:
            errand.losses += 1
            if errand.alone or errand.losses < LOSSES:
                return [errand]
            begun, ended = len(errand.task.items), 0
        parts = [Errand(errand.task.part(0, ended))] if ended else []
        parts += [
            Errand(errand.task.part(n, n + 1), alone=True, reason=how) for n in range(ended, begun)
        ]
        if begun < len(errand.task.items):
            parts.append(Errand(errand.task.part(begun, len(errand.task.items))))
        place = self._order.index(errand)
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

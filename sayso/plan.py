"""The input cut into shards and tasks as it is read; finished shards are held against it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from sayso.errors import UsageError
from sayso.read import FieldMap, Placed, read_placed
from sayso.rejects import Reject, reject_line
from sayso.tasks import Closing, Item, Stood, Task, pack_article

__all__ = ["TASK_ARTICLES", "Cut", "Plan"]

TASK_ARTICLES = 8
"""Most articles of a task."""

TASK_BYTES = 128 * 1024
"""A task that holds so many bytes of articles is given out."""


@dataclass(frozen=True, slots=True)
class Cut:
    """How the input is cut.

    Attributes:
        shard: articles of a shard; None for one shard without end.
        limit: most articles that are read.
        task: most articles of a task.
        workers: tasks that may be done at once; the first ones are small, so that all have some.
    """

    shard: int | None = None
    limit: int | None = None
    task: int = TASK_ARTICLES
    workers: int = 1


class Plan:
    """Reads inputs into tasks, in order; can be gone through once.

    A shard's range is `Cut.shard` articles and the rejects up to the article after it. There is at
    least one shard.

    Args:
        inputs: files, folders and `-`.
        cut: how they are cut.
        fields: the input's names for an article's fields.
        finished: the digest of a shard that is done, None for one that is not.
        on_reject: called for each reject of a shard that is to do, as it is read.
        last: number of the last shard that is done; -1 for none.

    Raises:
        UsageError: on the way, where a finished shard was made of another input.
    """

    def __init__(
        self,
        inputs: Sequence[str],
        cut: Cut,
        *,
        fields: FieldMap | None = None,
        finished: Callable[[int], str | None] = lambda number: None,
        on_reject: Callable[[Reject], None] = lambda reject: None,
        last: int = -1,
    ) -> None:
        self._inputs, self._cut, self._fields = inputs, cut, fields
        self._finished, self._on_reject, self._last = finished, on_reject, last
        self._shard, self._tasks = 0, 0
        self._begin()

    def __iter__(self) -> Iterator[Task]:
        placed = read_placed(self._inputs, fields=self._fields, on_reject=self._reject)
        for one in islice(placed, self._cut.limit):
            if self._count == self._cut.shard:
                yield self._close()
                self._shard += 1
                self._begin()
            if self._add(one):
                yield self._cut_off()
        yield self._close()
        if self._last > self._shard:
            raise self._changed(self._last, "found it ends before")

    def _begin(self) -> None:
        self._digest = hashlib.sha256()
        self._count = 0
        self._first = 0
        self._items: list[Item] = []
        self._rejects: list[Stood] = []
        self._size = 0
        self._done = self._finished(self._shard)

    def _add(self, placed: Placed) -> bool:
        """Take an article; whether a task is full."""
        packed = pack_article(placed.article)
        self._digest.update(packed + b"\n")
        self._count += 1
        if self._done is not None:
            return False
        self._items.append(Item(placed.article.id, placed.file, placed.line, packed))
        self._size += len(packed)
        most = min(self._cut.task, 2 ** min(self._tasks // self._cut.workers, 16))
        return len(self._items) >= most or self._size >= TASK_BYTES

    def _reject(self, reject: Reject) -> None:
        self._digest.update(reject_line(reject))
        if self._done is None:
            self._on_reject(reject)
            self._rejects.append(Stood(2 * self._count, reject))

    def _cut_off(self, closing: Closing | None = None) -> Task:
        task = Task(
            self._shard, self._first, tuple(self._items), tuple(self._rejects), closing=closing
        )
        self._tasks += 1
        self._first, self._items, self._rejects, self._size = self._count, [], [], 0
        return task

    def _close(self) -> Task:
        digest = self._digest.hexdigest()
        if self._done not in (None, digest):
            raise self._changed(self._shard, "found it changed")
        return self._cut_off(Closing(self._count, digest, done=self._done is not None))

    def _changed(self, shard: int, found: str) -> UsageError:
        size = self._cut.shard or 0
        return UsageError(
            f"expected the input as it was when shard {shard} (from article {shard * size + 1:,}) "
            f"was scored, {found}: score it to another output, or start over with --fresh"
        )

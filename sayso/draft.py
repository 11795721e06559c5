"""A shard that is being made: rows on disk under a temporary name, counts and rejects beside."""

from __future__ import annotations

from contextlib import ExitStack, suppress

from sayso.pool import Done
from sayso.rejects import Reject
from sayso.shards import ShardFolder
from sayso.summary import Summary
from sayso.tasks import Closing
from sayso.write import open_rows

__all__ = ["Draft"]


class Draft:
    """Takes what came of a shard's tasks, in order.

    Args:
        folder: where the shard goes.
        number: the shard's.

    Raises:
        OSError: here and in every method, where it cannot be written.
    """

    def __init__(self, folder: ShardFolder, number: int) -> None:
        self._folder, self._number = folder, number
        name = folder.data_path(number).name
        self._fresh = folder.temporary(name)
        self._summary = Summary()
        self._rejects: list[Reject] = []
        self._open = ExitStack()
        self._writer = self._open.enter_context(open_rows(self._fresh, name))

    def add(self, done: Done) -> None:
        """Add the rows, counts and rejects of a task."""
        self._writer.add(done.packed)
        if done.counts is not None:
            self._summary.merge(done.counts)
        self._rejects += [stood.reject for stood in done.rejects]

    def commit(self, closing: Closing) -> None:
        """Make it a finished shard."""
        self._open.close()
        self._summary.rejects = len(self._rejects)
        self._folder.commit(
            self._number,
            self._fresh,
            input_sha256=closing.digest,
            counts=self._summary.counts(),
            rejects=tuple(self._rejects),
        )

    def drop(self) -> None:
        """Leave nothing of it, if it is not finished."""
        with suppress(_DroppedError, OSError):
            self._open.__exit__(_DroppedError, _DroppedError(), None)
        with suppress(OSError):
            self._fresh.unlink(missing_ok=True)


class _DroppedError(Exception):
    """Goes through the writers that are open, so that they write nothing more."""

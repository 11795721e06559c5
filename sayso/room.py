"""A bound on how much is taken ahead."""

from __future__ import annotations

from threading import Condition

from sayso.tasks import Task

__all__ = ["Room"]


class Room:
    """Keeps what was taken and not yet given back within bounds; one task always has room.

    Args:
        tasks: most of them.
        size: most bytes of articles in them.
    """

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

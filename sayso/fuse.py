"""Gives up on a packed file that unpacks to very much and holds no article."""

from __future__ import annotations

import io
from typing import IO

from sayso.errors import InputError

__all__ = ["Fuse"]

MOST = 32 * 2**20
"""Bytes without an article, unpacked, that any packed file may hold."""

RATIO = 50
"""How many times as long as it is packed more than that may be; text reaches three to ten."""

ROW = 320
"""A row that is rejected counts as at least so many bytes, as what is told of it takes."""


class Fuse:
    """Counts what went in and came out since the last article.

    It blows where more than `MOST` bytes came out without an article, from less than a `RATIO`-th
    of as many. A file that is not packed never blows it.
    """

    def __init__(self) -> None:
        self._stored: _Counted | None = None
        self.article()

    def watch(self, stored: IO[bytes]) -> IO[bytes]:
        """Count the bytes of a packed file as they are read."""
        self._stored = _Counted(stored)
        return io.BufferedReader(self._stored)

    @property
    def stored(self) -> int:
        """Bytes of the packed file that were read."""
        return self._stored.count if self._stored else 0

    def article(self) -> None:
        """An article was read: begin anew."""
        self._before, self._bytes, self._lines = self.stored, 0, 0

    def take(self, size: int) -> None:
        """So many bytes were unpacked.

        Raises:
            InputError: the fuse has blown.
        """
        self._bytes += size
        self._check()

    def take_line(self) -> None:
        """A line is handed out.

        Raises:
            InputError: the fuse has blown.
        """
        self._lines += 1
        if not self._lines % 1024:
            self._check()

    def _check(self) -> None:
        if self._stored is None or self._bytes + ROW * self._lines <= MOST:
            return
        packed = self.stored - self._before
        if self._bytes > RATIO * packed:
            raise InputError(
                f"expected articles, found {self._bytes} bytes without one, unpacked from "
                f"{packed}: the rest of the file is not read"
            )


class _Counted(io.RawIOBase):
    def __init__(self, stored: IO[bytes]) -> None:
        self._handle = stored
        self.count = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        data = self._handle.read(len(buffer))
        buffer[: len(data)] = data
        self.count += len(data)
        return len(data)

"""Which ids were seen, in eight bytes each and room to find them."""

from __future__ import annotations

import hashlib
from array import array

__all__ = ["SeenIds"]

_SMALLEST = 4096
"""Places of the first table."""

_GROWTH = 1.4
"""How many times as many places the next table has."""

_FULL = 0.75
"""Share of the places that may be taken."""

_SLACK = 64
"""Places after the last one, for keys that would stand there if it were free."""

_CHUNK = 4096
"""Keys that are laid out at a time."""


class SeenIds:
    """A set of ids that is told one at a time; it keeps 64 bits of BLAKE2b of each.

    It takes 11 to 15 bytes an id, and for a moment 26 when it grows. An id may be taken for
    another; the chance that this happens at all is 3e-8 among a million ids and 3e-4 among a
    hundred million.
    """

    __slots__ = ("_count", "_places", "_table")

    def __init__(self) -> None:
        self._places = _SMALLEST
        self._count = 0
        self._table = array("Q", bytes(8 * (_SMALLEST + _SLACK)))

    def __len__(self) -> int:
        return self._count

    @property
    def nbytes(self) -> int:
        """Bytes that the table takes."""
        return len(self._table) * self._table.itemsize

    def add(self, name: str) -> bool:
        """Take an id in.

        Args:
            name: the id; lone surrogates are letters like others.

        Returns:
            Whether it is new.
        """
        digest = hashlib.blake2b(name.encode("utf-8", "surrogatepass"), digest_size=8).digest()
        key = int.from_bytes(digest, "big") or 1
        table = self._table
        at = (key >> 32) * self._places >> 32
        while found := table[at]:
            if found == key:
                return False
            at += 1
        table[at] = key
        self._count += 1
        if at + 2 >= len(table):
            table.extend(array("Q", bytes(8 * _SLACK)))
        if self._count > _FULL * self._places:
            self._grow()
        return True

    def _grow(self) -> None:
        """Lay all keys out anew in order, each at its own place or the next that is free.

        A key's own place rises with the key, so that sorted keys are laid out from left to right.
        """
        import numpy as np

        old = np.frombuffer(self._table, np.uint64)
        old.sort()
        keys = old[len(old) - self._count :]
        self._places = int(self._places * _GROWTH)
        fresh, free = array("Q", bytes(8 * (self._places + _SLACK))), 0
        for start in range(0, len(keys), _CHUNK):
            chunk = keys[start : start + _CHUNK]
            steps = np.arange(len(chunk))
            own = (chunk >> np.uint64(32)) * np.uint64(self._places) >> np.uint64(32)
            least = np.maximum.accumulate(np.maximum(own.astype(np.int64), free) - steps)
            places = least + steps
            free = int(places[-1]) + 1
            if len(fresh) < free + _SLACK:
                fresh.extend(array("Q", bytes(8 * _SLACK + 8 * (free + _SLACK - len(fresh)))))
            np.frombuffer(fresh, np.uint64)[places] = chunk
        self._table = fresh

"""Which ids were seen, in eight bytes each and room to find them."""

from __future__ import annotations

import hashlib
from array import array

__all__ = ["SeenIds"]

_TABLES = 64
"""So many tables share the keys, so that what grows at a time is small."""

_SMALLEST = 64
"""Places of the first table."""

_GROWTH = 1.3
"""How many times as many places the next table has."""

_FULL = 0.8
"""Share of the places that may be taken."""

_SLACK = 16
"""Places after the last one, for keys that would stand there if it were free."""

_CHUNK = 4096
"""Keys that are laid out at a time."""


class SeenIds:
    """A set of ids that is told one at a time; it keeps 64 bits of BLAKE2b of each.

    It takes 10 to 13 bytes an id, once there are thousands. An id may be taken for another; the
    chance that this happens at all is 3e-8 among a million ids and 3e-4 among a hundred million.
    """

    __slots__ = ("_tables",)

    def __init__(self) -> None:
        self._tables = [_Table() for _ in range(_TABLES)]

    def __len__(self) -> int:
        return sum(table.count for table in self._tables)

    @property
    def nbytes(self) -> int:
        """Bytes that the tables take."""
        return sum(table.nbytes for table in self._tables)

    def add(self, name: str) -> bool:
        """Take an id in.

        Args:
            name: the id; lone surrogates are letters like others.

        Returns:
            Whether it is new.
        """
        digest = hashlib.blake2b(name.encode("utf-8", "surrogatepass"), digest_size=8).digest()
        key = int.from_bytes(digest, "big") or 1
        return self._tables[key % _TABLES].add(key)


class _Table:
    """Keys of 64 bits, none of them 0: each at its own place or the next that was free."""

    __slots__ = ("_places", "_table", "count")

    def __init__(self) -> None:
        self._places = _SMALLEST
        self._table = array("Q", bytes(8 * (_SMALLEST + _SLACK)))
        self.count = 0

    @property
    def nbytes(self) -> int:
        return len(self._table) * self._table.itemsize

    def add(self, key: int) -> bool:
        """Take a key in; whether it is new."""
        table = self._table
        at = (key >> 32) * self._places >> 32
        while found := table[at]:
            if found == key:
                return False
            at += 1
        table[at] = key
        self.count += 1
        if at + 2 >= len(table):
            table.extend(array("Q", bytes(8 * _SLACK)))
        if self.count > _FULL * self._places:
            self._grow()
        return True

    def _grow(self) -> None:
        """Lay all keys out anew in order, each at its own place or the next that is free.

        A key's own place rises with the key, so that sorted keys are laid out from left to right.
        """
        import numpy as np

        old = np.frombuffer(self._table, np.uint64)
        old.sort()
        keys = old[len(old) - self.count :]
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

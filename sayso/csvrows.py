"""Rows of CSV, of which a broken one takes no others with it."""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass

from sayso.errors import InputError
from sayso.lines import Line, OnDamage

__all__ = ["CsvRow", "csv_rows"]

MOST = 8 * 2**20
"""Most characters of a row of several lines; each line counts for 80 more."""

_LINE = 80


@dataclass(frozen=True, slots=True)
class CsvRow:
    """A row: its fields, and the line that it begins on, from 1."""

    line: int
    fields: list[str]


def csv_rows(lines: Iterator[Line], delimiter: str, on_damage: OnDamage) -> Iterator[CsvRow]:
    """Parse rows, the header included; empty lines between rows are passed over.

    Where a quote is never closed, or a row is broken otherwise, its first line alone is given up
    and reading goes on with the line after it. Until a row is whole again, one with a quote too
    many is held to be the rest of the broken one. So that hostile input cannot have lines read
    over and over, broken rows are given up whole once more was read again than for the first time.

    Args:
        lines: of the file, with their ends, empty ones too.
        delimiter: between fields.
        on_damage: called with line and reason for each row that is broken.
    """
    csv.field_size_limit(MOST)
    source = _Source(lines)
    reader = csv.reader(source, delimiter=delimiter, strict=True)
    broken, width = False, 0
    while True:
        source.taken.clear()
        try:
            fields = next(reader)
        except StopIteration:
            return
        except (csv.Error, InputError) as error:
            reason = error.reason if isinstance(error, InputError) else f"found {error}"
            first, count = source.give_back()
            lost = f" (and {count - 1} lines after it)" if count > 1 else ""
            on_damage(first, f"expected a row of CSV, {reason}{lost}")
            broken = True
            continue
        if not fields:
            continue
        at = source.taken[0].number
        if broken and sum(line.text.count('"') for line in source.taken) % 2:
            on_damage(at, "expected a row of CSV, found the rest of a broken one")
            continue
        if width and len(fields) != width:
            found = f"expected {width} fields as in the first line, found {len(fields)}"
            on_damage(at, found)
            continue
        broken, width = False, width or len(fields)
        yield CsvRow(at, fields)


class _Source:
    """Hands out lines, and takes back all but the first of those that a broken row took."""

    def __init__(self, lines: Iterator[Line]) -> None:
        self._lines = lines
        self._again: deque[Line] = deque()
        self._fresh = self._repeated = self._size = 0
        self.taken: list[Line] = []

    def __iter__(self) -> _Source:
        return self

    def __next__(self) -> str:
        if not self.taken:
            self._size = 0
        elif self._size > MOST:
            raise InputError(f"found one of more than {MOST} characters: is a quote not closed?")
        if self._again:
            line = self._again.popleft()
        else:
            line = next(self._lines)
            self._fresh += len(line.text) + _LINE
        self._size += len(line.text) + _LINE
        self.taken.append(line)
        return line.text

    def give_back(self) -> tuple[int, int]:
        """The number of a broken row's first line, and how many lines are given up."""
        first, *rest = self.taken
        size = sum(len(line.text) + _LINE for line in rest)
        if self._repeated + size > self._fresh + MOST:
            return first.number, len(self.taken)
        self._repeated += size
        self._again.extendleft(reversed(rest))
        return first.number, 1

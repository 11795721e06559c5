"""Values of a file of JSON: the items of one array, or an object a line."""

from __future__ import annotations

import json
import math
import re
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

from data.tools.rejected import Rejected
from sayso.errors import InputError
from sayso.lines import json_object, open_bytes, text_lines
from sayso.rows import MAX_FILE

__all__ = [
    "JsonRow",
    "int_pair",
    "iso_date",
    "json_array",
    "json_rows",
    "listed",
    "reading",
    "text_of",
]

MAX_ARRAY = 2**30
"""Most bytes of a file that is one array: it is held in memory whole."""

MAX_ITEMS = 20_000
"""Most items of a list of regions or relations."""

_HEAD = 4_096
_PARTED = re.compile(rb"\{\s*\n\s*\"")


@dataclass(frozen=True, slots=True)
class JsonRow:
    """An object of the file.

    Attributes:
        line: its line, or its place in the array, from 1.
        values: the object.
    """

    line: int
    values: dict[str, Any]


def json_rows(path: Path, rejected: Rejected) -> Iterator[JsonRow]:
    """Stream the objects of a file; what is no object is rejected by line.

    A file that begins with `[` is one array and is read whole, and so is one object that begins
    with `{` alone on its line; any other holds an object a line. Either may end in `.gz` or `.zst`.

    Raises:
        InputError: the file is empty or cannot be read, or the array is no JSON.
    """
    with reading(path) as handle:
        head = handle.peek(_HEAD)[:_HEAD]  # type: ignore[attr-defined]
        start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
        if start.startswith(b"[") or _PARTED.match(start):
            yield from _whole(handle, path, rejected)
            return
        before = rejected.count
        line = None
        for line in text_lines(handle, MAX_FILE, lambda n, why: rejected(n, None, why)):
            try:
                yield JsonRow(line.number, json_object(line.text))
            except InputError as error:
                rejected(line.number, None, error.reason)
        if line is None and rejected.count == before:
            raise InputError("expected rows of JSON, found none", file=str(path))


@contextmanager
def reading(path: Path) -> Iterator[IO[bytes]]:
    """Open a file, unpacked by its ending.

    Raises:
        InputError: it cannot be opened or unpacked.
    """
    try:
        with open_bytes(str(path)) as handle:
            yield handle
    except (OSError, EOFError, zlib.error) as error:
        raise InputError(f"expected a file to read, found {error}", file=str(path)) from error


def listed(values: Mapping[str, Any], key: str) -> list[Any]:
    """A list of the object, empty where it has none.

    Raises:
        InputError: it is something else, or longer than `MAX_ITEMS`.
    """
    found = values.get(key)
    if found is None:
        return []
    if not isinstance(found, list):
        raise InputError(f"expected {key} to be a list, found {type(found).__name__} {found!r:.60}")
    if len(found) > MAX_ITEMS:
        raise InputError(f"expected at most {MAX_ITEMS} {key}, found {len(found)}")
    return found


def text_of(value: object) -> str | None:
    """A string or whole number as text; None for anything else, and for an empty string."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        return None
    return str(value)[:1_000] or None


def iso_date(value: object) -> str | None:
    """A date as text or as seconds since 1970, in ISO 8601; None where there is none.

    Raises:
        InputError: it is neither.
    """
    if value is None or value == "":
        return None
    try:
        if isinstance(value, str):
            datetime.fromisoformat(value.strip())
            return value.strip()
        if isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value):
            moment = datetime.fromtimestamp(value, tz=UTC)
            return moment.isoformat(timespec="seconds")
    except (ValueError, OverflowError, OSError):
        pass
    raise InputError(f"expected a date in ISO 8601, found {value!r:.60}")


def _whole(handle: IO[bytes], path: Path, rejected: Rejected) -> Iterator[JsonRow]:
    try:
        raw = handle.read(MAX_ARRAY + 1)
        if len(raw) > MAX_ARRAY:
            raise InputError(
                f"expected JSON of at most {MAX_ARRAY} bytes, found more", file=str(path)
            )
        value = json.loads(raw.decode("utf-8-sig"))
    except (ValueError, OSError, EOFError, zlib.error, RecursionError) as error:
        raise InputError(f"expected JSON in UTF-8, found {error}", file=str(path)) from error
    for number, row in enumerate(value if isinstance(value, list) else [value], 1):
        if isinstance(row, dict):
            yield JsonRow(number, row)
        else:
            rejected(number, None, f"expected a JSON object, found {type(row).__name__}")


def int_pair(value: Any) -> tuple[int, int] | None:
    """`start` and `end` of an object; None if it is none, or they are no whole numbers."""
    start, end = map(value.get, ("start", "end")) if isinstance(value, dict) else (None, None)
    return (start, end) if type(start) is int and type(end) is int else None


def json_array(rows: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """The text of a file that is one array, an object a line, piece by piece."""
    between = "[\n"
    for row in rows:
        yield between + json.dumps(row, ensure_ascii=False)
        between = ",\n"
    yield "[]\n" if between == "[\n" else "\n]\n"

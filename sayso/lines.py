"""Lines of plain or packed files, bounded in length, with damage named by its line."""

from __future__ import annotations

import gzip
import io
import json
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import pyarrow as pa

from sayso.errors import InputError

__all__ = ["Line", "json_object", "open_bytes", "text_lines"]

_DAMAGE = (EOFError, OSError, zlib.error, pa.ArrowException)


@dataclass(frozen=True, slots=True)
class Line:
    """A line's text without its end, and its number from 1."""

    number: int
    text: str


@contextmanager
def open_bytes(name: str, stream: IO[bytes] | None = None) -> Iterator[IO[bytes]]:
    """Open a file for reading, unpacked by its ending (.gz, .zst); `stream` is taken as it is.

    Raises:
        OSError: it cannot be opened.
    """
    if stream is not None:
        yield stream
    elif name.lower().endswith(".gz"):
        with gzip.open(name) as handle:
            yield handle  # type: ignore[misc]
    elif name.lower().endswith(".zst"):
        with pa.OSFile(name) as packed, pa.CompressedInputStream(packed, "zstd") as plain:
            yield io.BufferedReader(plain)
    else:
        with Path(name).open("rb") as handle:
            yield handle


def text_lines(
    handle: IO[bytes], longest: int, on_damage: Callable[[int, str], None]
) -> Iterator[Line]:
    """Decode lines as UTF-8 (a byte-order mark is dropped); empty lines are passed over.

    Args:
        handle: opened by `open_bytes`.
        longest: most bytes of a line; a longer one is skipped without being held in memory.
        on_damage: called with line and reason for what is too long, no UTF-8 or cut off.
    """
    number = 0
    while True:
        number += 1
        try:
            raw = handle.readline(longest + 1)
            if len(raw) > longest:
                size = len(raw) + _skip_line(handle, longest)
                on_damage(number, f"expected a line of at most {longest} bytes, found {size}")
                continue
        except _DAMAGE as error:
            on_damage(number, f"expected more data, found the file cut off or damaged: {error}")
            return
        if not raw:
            return
        if number == 1:
            raw = raw.removeprefix(b"\xef\xbb\xbf")
        try:
            text = raw.decode("utf-8").rstrip("\r\n")
        except UnicodeDecodeError as error:
            at = f"byte 0x{raw[error.start]:02x} at column {error.start + 1}"
            on_damage(number, f"expected UTF-8, found {at}")
            continue
        if text.strip():
            yield Line(number, text)


def _skip_line(handle: IO[bytes], step: int) -> int:
    size = 0
    while True:
        raw = handle.readline(min(step, 2**20))
        size += len(raw)
        if not raw or raw.endswith(b"\n"):
            return size


def json_object(text: str) -> dict[str, Any]:
    """Parse one JSON object.

    Raises:
        InputError: it is not JSON, is nested too deeply, or is no object.
    """
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise InputError(f"expected a JSON object, found {error}") from error
    if not isinstance(value, dict):
        raise InputError(f"expected a JSON object, found {type(value).__name__}")
    return value

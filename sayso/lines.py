"""Lines of plain or packed files, bounded in length, with damage named by its line."""

from __future__ import annotations

import gzip
import io
import json
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO, Any

from sayso.errors import InputError
from sayso.fuse import Fuse

__all__ = ["Line", "json_object", "open_bytes", "text_lines"]

MAX_VALUES = 1_000_000
"""Most values of a line of JSON that is long; each takes much more memory than it is long."""

_LONG = 2**20
_BLOCK = 2**16
_UTF16 = (b"\xff\xfe", b"\xfe\xff")

OnDamage = Callable[[int, str], None]


@dataclass(frozen=True, slots=True)
class Line:
    """A line's text, and its number from 1."""

    number: int
    text: str


@contextmanager
def open_bytes(name: str, stream: IO[bytes] | None = None) -> Iterator[IO[bytes]]:
    """A file's bytes, unpacked by its ending (.gz, .zst).

    Args:
        name: of the file.
        stream: its bytes as they are stored; None to open it.

    Raises:
        OSError: it cannot be opened.
    """
    if stream is None:
        with open(name, "rb") as stored, open_bytes(name, stored) as handle:
            yield handle
    elif name.lower().endswith(".gz"):
        with gzip.GzipFile(fileobj=stream) as handle:
            yield handle  # type: ignore[misc]
    elif name.lower().endswith(".zst"):
        import pyarrow as pa

        with pa.CompressedInputStream(pa.PythonFile(stream, "r"), "zstd") as plain:
            yield io.BufferedReader(plain)
    else:
        yield stream


def text_lines(
    handle: IO[bytes],
    longest: int,
    on_damage: OnDamage,
    *,
    whole: bool = False,
    fuse: Fuse | None = None,
) -> Iterator[Line]:
    r"""Decode lines as UTF-8 (a byte-order mark is dropped); `\n` alone ends a line.

    Args:
        handle: opened by `open_bytes`.
        longest: most bytes of a line; a longer one is skipped without being held in memory.
        on_damage: called with line and reason for what is too long, no UTF-8 or cut off.
        whole: give lines with their ends, and empty ones too; else neither.
        fuse: ends the file early if it is a bomb.
    """
    for number, raw in _raw_lines(handle, longest, on_damage, fuse, keep_empty=whole):
        if number == 1:
            if raw.startswith(_UTF16):
                on_damage(1, "expected UTF-8, found the mark of UTF-16")
                return
            raw = raw.removeprefix(b"\xef\xbb\xbf")
        try:
            text = raw.decode("utf-8")
        except UnicodeDecodeError as error:
            at = f"byte 0x{raw[error.start]:02x} at column {error.start + 1}"
            on_damage(number, f"expected UTF-8, found {at}")
            continue
        if whole:
            yield Line(number, text)
        elif text.strip():
            yield Line(number, text.rstrip("\r\n"))


def _raw_lines(
    handle: IO[bytes], longest: int, on_damage: OnDamage, fuse: Fuse | None, *, keep_empty: bool
) -> Iterator[tuple[int, bytes]]:
    """Lines with their ends, numbered from 1."""
    number, size, parts = 1, 0, list[bytes]()
    try:
        while block := handle.read1(_BLOCK):  # type: ignore[attr-defined]
            if fuse:
                fuse.take(len(block))
            if not (size or keep_empty or block.strip()):
                number += block.count(b"\n")
                continue
            first, *more = block.split(b"\n")
            if not more:
                size += len(first)
                if size <= longest:
                    parts.append(first)
                else:
                    parts.clear()
                continue
            last = more.pop()
            for piece in (first, *more):
                size += len(piece)
                if size > longest:
                    on_damage(number, _too_long(longest, size))
                elif size or keep_empty:
                    if fuse:
                        fuse.take_line()
                    yield number, b"".join((*parts, piece, b"\n"))
                number, size = number + 1, 0
                if parts:
                    parts.clear()
            size = len(last)
            if size:
                parts.append(last)
    except _damage() as error:
        on_damage(number, f"expected more data, found the file cut off or damaged: {error}")
    except InputError as error:
        on_damage(number, error.reason)
    else:
        if size > longest:
            on_damage(number, _too_long(longest, size))
        elif size:
            yield number, b"".join(parts)


def _damage() -> tuple[type[Exception], ...]:
    """What reading a damaged file raises."""
    import pyarrow as pa

    return EOFError, OSError, zlib.error, pa.ArrowException


def _too_long(longest: int, size: int) -> str:
    return f"expected a line of at most {longest} bytes, found {size}"


def json_object(text: str) -> dict[str, Any]:
    """Parse one JSON object.

    Raises:
        InputError: it is not JSON, is nested too deeply, holds too many values, or is no object.
    """
    if len(text) > _LONG and (count := sum(map(text.count, "[{,"))) > MAX_VALUES:
        raise InputError(f"expected a JSON object of at most {MAX_VALUES} values, found {count}")
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise InputError(f"expected a JSON object, found {error}") from error
    if not isinstance(value, dict):
        raise InputError(f"expected a JSON object, found {type(value).__name__}")
    return value

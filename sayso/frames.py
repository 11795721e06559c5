"""Messages between processes: a head of JSON and a body of bytes, with their lengths before."""

from __future__ import annotations

import json
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from typing import IO, Any

__all__ = ["Frame", "read_frame", "write_frame"]

_LENGTHS = struct.Struct(">II")


@dataclass(frozen=True, slots=True)
class Frame:
    """One message.

    Attributes:
        head: what it says, as JSON.
        body: bytes that go with it, if any.
    """

    head: Mapping[str, Any]
    body: bytes = b""


def write_frame(handle: IO[bytes], frame: Frame) -> None:
    """Write a message and flush it.

    Raises:
        OSError: the other end is gone.
    """
    head = json.dumps(frame.head).encode("ascii")
    handle.write(_LENGTHS.pack(len(head), len(frame.body)) + head)
    if frame.body:
        handle.write(frame.body)
    handle.flush()


def read_frame(handle: IO[bytes]) -> Frame | None:
    """The next message; None where the other end has gone, also in the middle of a message."""
    lengths = _read_exactly(handle, _LENGTHS.size)
    if lengths is None:
        return None
    head_size, body_size = _LENGTHS.unpack(lengths)
    head = _read_exactly(handle, head_size)
    body = _read_exactly(handle, body_size)
    if head is None or body is None:
        return None
    return Frame(json.loads(head), body)


def _read_exactly(handle: IO[bytes], size: int) -> bytes | None:
    pieces = []
    while size:
        piece = handle.read(size)
        if not piece:
            return None
        pieces.append(piece)
        size -= len(piece)
    return b"".join(pieces)

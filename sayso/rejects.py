"""What could not be read or scored, each with its place and reason, in `OUT.rejects.jsonl`."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path
from types import TracebackType
from typing import IO

from sayso.write import is_folder

__all__ = ["Reject", "RejectWriter", "reject_line", "rejects_path"]


@dataclass(frozen=True, slots=True)
class Reject:
    """One row, file or article that was not scored.

    Attributes:
        file: where it stands, as given; `-` for standard input.
        line: line or row, from 1; None for a whole file.
        id: the article's id, where it could be read.
        reason: what was expected and what was found.
    """

    file: str
    line: int | None
    id: str | None
    reason: str


def rejects_path(output: str) -> Path:
    """Where an output's rejects go: beside a file, into a folder, to the current folder for `-`."""
    if is_folder(output):
        return Path(output, "_rejects.jsonl")
    return Path("sayso.rejects.jsonl" if output == "-" else f"{output}.rejects.jsonl")


def reject_line(reject: Reject) -> bytes:
    """A reject as one line of JSON."""
    return json.dumps(asdict(reject)).encode("ascii") + b"\n"


class RejectWriter:
    """Writes rejects to a temporary file that is renamed at the end; without any, none is left.

    Use it as a context manager; after an error or an interruption nothing is changed.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.count = 0
        self._fresh = path.with_name(f".{path.name}.{os.getpid()}.tmp")
        self._handle: IO[bytes] | None = None

    def __call__(self, reject: Reject) -> None:
        """Write one."""
        if self._handle is None:
            self._handle = self._fresh.open("wb")
        self._handle.write(reject_line(reject))
        self.count += 1

    def __enter__(self) -> RejectWriter:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._handle is not None:
            self._handle.close()
        if kind is not None:
            self._fresh.unlink(missing_ok=True)
        elif self._handle is not None:
            os.replace(self._fresh, self.path)
        else:
            self.path.unlink(missing_ok=True)

"""What could not be read, each with its place and reason, in `OUT.rejects.jsonl`."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path
from types import TracebackType
from typing import IO

__all__ = ["Reject", "RejectWriter", "rejects_path"]


@dataclass(frozen=True, slots=True)
class Reject:
    """One row or file that was not scored.

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
    """Where the rejects of an output go: beside it, or in the current folder for `-`."""
    return Path("sayso.rejects.jsonl" if output == "-" else f"{output}.rejects.jsonl")


class RejectWriter:
    """Writes rejects to a temporary file that is renamed at the end; without any, none is left.

    Use it as a context manager; after an error or an interruption nothing is changed.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.count = 0
        self._fresh = path.with_name(f".{path.name}.{os.getpid()}.tmp")
        self._handle: IO[str] | None = None

    def __call__(self, reject: Reject) -> None:
        """Write one."""
        if self._handle is None:
            self._handle = self._fresh.open("w", encoding="utf-8")
        self._handle.write(json.dumps(asdict(reject)) + "\n")
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

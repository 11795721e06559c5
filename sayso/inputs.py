"""The files that an input names: itself, those of a folder in order, or those at a URI."""

from __future__ import annotations

import heapq
import os
import re
import stat
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from typing import IO, TYPE_CHECKING, cast

from sayso.errors import UsageError

if TYPE_CHECKING:
    from sayso.places import Place

__all__ = [
    "JSONL",
    "KINDS",
    "PACKED",
    "PARQUET",
    "STDIN",
    "Input",
    "check_input",
    "file_ending",
    "file_kind",
    "find_inputs",
    "is_uri",
]

STDIN = "-"
"""Names standard input, which is JSONL."""

JSONL, CSV, TSV, PARQUET, TEXT, HTML = "jsonl", "csv", "tsv", "parquet", "text", "html"

KINDS = {
    ".jsonl": JSONL,
    ".ndjson": JSONL,
    ".json": JSONL,
    ".csv": CSV,
    ".tsv": TSV,
    ".parquet": PARQUET,
    ".pq": PARQUET,
    ".txt": TEXT,
    ".html": HTML,
    ".htm": HTML,
}
"""Kind of a file by its ending."""

PACKED = (".gz", ".zst")
"""What may follow the ending of a file of lines."""

_LINES = (JSONL, CSV, TSV)
_READABLE = ".jsonl, .ndjson, .json, .csv, .tsv (each also .gz, .zst), .parquet, .txt, .html"
_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:/")
_GOOGLE = re.compile(r"(gs|gcs)://(?!.*[?&]retry_limit_seconds=)")
_BATCH = 10_000

OnSkip = Callable[[str, str], None]


@dataclass(frozen=True, slots=True)
class Input:
    """A file to read.

    Attributes:
        name: what its rows without an id and its rejects call it.
        path: where it is, as its file system takes it.
        kind: a value of `KINDS`.
        page: the id of a text or HTML file.
        place: on which file system; None for a local path and for standard input.
    """

    name: str
    path: str
    kind: str
    page: str
    place: Place | None = field(default=None, repr=False)

    @property
    def packed(self) -> bool:
        """Whether it is unpacked as it is read."""
        return self.path.lower().endswith(PACKED)

    @contextmanager
    def open(self) -> Iterator[IO[bytes]]:
        """Its bytes, as they are stored.

        Raises:
            OSError: it cannot be opened.
        """
        if self.name == STDIN:
            yield sys.stdin.buffer
        elif self.place is None:
            with open(self.path, "rb") as handle:
                yield handle
        elif self.kind == PARQUET:
            with self.place.system.open_input_file(self.path) as handle:
                yield cast("IO[bytes]", handle)
        else:
            with self.place.system.open_input_stream(self.path, compression=None) as handle:
                yield cast("IO[bytes]", handle)


def is_uri(name: str) -> bool:
    """Whether a name is the URI of something on a file system, and no local path."""
    return _URI.match(name) is not None


def file_ending(name: str) -> str:
    """The ending of a file's name, without that of its packing; "" if it cannot be read."""
    stem, ending = os.path.splitext(name.lower())
    if ending not in PACKED:
        return ending if ending in KINDS else ""
    inner = os.path.splitext(stem)[1]
    return inner if KINDS.get(inner) in _LINES else ""


def file_kind(name: str) -> str | None:
    """The kind of file that has such a name; None if it is none that can be read."""
    return KINDS.get(file_ending(name))


def check_input(name: str) -> None:
    """See that an input is there and is of a kind that can be read.

    Raises:
        UsageError: it is not.
    """
    if name == STDIN:
        return
    if is_uri(name):
        _find_remote(name)
        return
    try:
        mode = os.stat(name).st_mode
    except (OSError, ValueError) as error:
        if isinstance(error, FileNotFoundError | NotADirectoryError):
            raise UsageError(f"expected an input file or folder, found no {name}") from error
        raise UsageError(f"expected an input file or folder, found {error}") from error
    if stat.S_ISDIR(mode):
        return
    if not stat.S_ISREG(mode):
        raise UsageError(
            f"expected a file, a folder or - for standard input, found {_called(mode)} {name}"
        )
    if file_kind(name) is None:
        raise UsageError(f"expected {_READABLE} or a folder, found {name}")


def find_inputs(name: str, on_skip: OnSkip) -> Iterator[Input]:
    """Stream the files that an input names.

    Folders are gone through in the order of the names in each, so that a path sorts by its parts
    (`a/b.txt` before `a.txt`). Of one folder the names are held, and nothing else. What begins
    with `_` or `.`, or has another ending, is passed over.

    Args:
        name: a file, a folder, a URI or `-`.
        on_skip: called with the name of what is no readable file though it seems to be, and why.

    Raises:
        UsageError: it is not there or is of no kind that can be read.
    """
    if is_uri(name):
        yield from _find_remote(name)
        return
    check_input(name)
    if name == STDIN:
        yield Input(STDIN, STDIN, JSONL, STDIN)
    elif os.path.isdir(name):
        found = False
        for one in _below(name, "", on_skip):
            found = True
            yield one
        if not found:
            on_skip(name, f"expected {_READABLE} files, found none")
    else:
        yield Input(name, name, file_kind(name) or "", name)


def _find_remote(name: str) -> list[Input]:
    import pyarrow as pa

    from sayso.places import find_files

    patient = name
    if _GOOGLE.match(name):  # it would try for a quarter of an hour
        patient += ("&" if "?" in name else "?") + "retry_limit_seconds=30"
    try:
        found = find_files([patient])
    except (OSError, pa.ArrowException) as error:
        raise UsageError(f"expected to reach {name}, found {error}") from error
    return [
        Input(one.label, one.path, file_kind(one.path) or "", one.page, one.place())
        for one in found
    ]


def _below(folder: str, inner: str, on_skip: OnSkip) -> Iterator[Input]:
    try:
        with os.scandir(folder) as entries:
            names = _packed_names(entry.name for entry in entries if _wanted(entry))
    except OSError as error:
        on_skip(folder, f"expected a readable folder, found {error}")
        return
    for name in _in_order(names):
        path, page = os.path.join(folder, name), f"{inner}{name}"
        try:
            mode = os.lstat(path).st_mode
            link = stat.S_ISLNK(mode)
            mode = os.stat(path).st_mode if link else mode
        except OSError as error:
            on_skip(path, f"expected a readable file, found {error}")
            continue
        kind = file_kind(name)
        if stat.S_ISDIR(mode):
            if link:
                on_skip(path, "expected a folder, found a link to one: name it as an input")
            else:
                yield from _below(path, f"{page}/", on_skip)
        elif kind and not stat.S_ISREG(mode):
            on_skip(path, f"expected a file, found {_called(mode)}")
        elif kind:
            yield Input(path, path, kind, page)


def _wanted(entry: os.DirEntry[str]) -> bool:
    if entry.name.startswith(("_", ".")):
        return False
    if file_kind(entry.name):
        return True
    try:
        return entry.is_dir()
    except OSError:
        return True


def _packed_names(names: Iterator[str]) -> list[bytes]:
    """Names in sorted batches, each in one piece: a fraction of what as many strings take."""
    batches = []
    while batch := sorted(islice(names, _BATCH)):
        batches.append("\0".join(batch).encode("utf-8", "surrogateescape"))
    return batches


def _in_order(batches: Iterable[bytes]) -> Iterator[str]:
    return heapq.merge(*map(_unpacked_names, batches))


def _unpacked_names(batch: bytes) -> Iterator[str]:
    start = 0
    while start >= 0:
        end = batch.find(b"\0", start)
        name = batch[start:] if end < 0 else batch[start:end]
        yield name.decode("utf-8", "surrogateescape")
        start = end + 1 if end >= 0 else -1


def _called(mode: int) -> str:
    if stat.S_ISFIFO(mode):
        return "a pipe"
    if stat.S_ISSOCK(mode):
        return "a socket"
    return "a device"

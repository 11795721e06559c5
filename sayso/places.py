"""Files and folders on any Arrow file system: found by path, URI, folder or glob; written whole."""

from __future__ import annotations

import os
import posixpath
import re
import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from sayso.errors import UsageError
from sayso.inputs import KINDS, PACKED, file_ending, file_kind, is_uri

__all__ = ["Found", "Place", "find_files", "full_name", "open_place"]

_MAGIC = re.compile(r"[*?\[]")


@dataclass(frozen=True, slots=True)
class Place:
    """A path on an Arrow file system.

    Attributes:
        system: a `pyarrow.fs.FileSystem`.
        path: as the file system takes it.
    """

    system: Any
    path: str

    def child(self, name: str) -> Place:
        """The place `name` in this folder."""
        return Place(self.system, posixpath.join(self.path, name))

    def names(self, folder: str = "") -> list[str]:
        """Names of the files of this folder, or of one in it, sorted; none where it is not."""
        from pyarrow import fs

        where = posixpath.join(self.path, folder) if folder else self.path
        infos = self.system.get_file_info(fs.FileSelector(where, allow_not_found=True))
        return sorted(info.base_name for info in infos if info.type == fs.FileType.File)

    def read(self, name: str) -> bytes | None:
        """The bytes of a file in this folder; None where there is none."""
        try:
            with self.system.open_input_stream(posixpath.join(self.path, name)) as handle:
                return bytes(handle.read())
        except FileNotFoundError:
            return None

    def write(self, name: str, data: bytes | Path) -> None:
        """Put a file into this folder, whole or not at all.

        A local file system takes it under another name first; an object store shows an object
        only once all of it is there.

        Args:
            name: in this folder; its own folder exists.
            data: the bytes, or a local file that holds them.
        """
        target = posixpath.join(self.path, name)
        moves = self.system.type_name in ("local", "hdfs")
        folder, base = posixpath.split(target)
        fresh = f"{folder}/.{base}.{os.getpid()}.{os.urandom(4).hex()}.tmp" if moves else target
        with self.system.open_output_stream(fresh, compression=None) as out:
            if isinstance(data, bytes):
                out.write(data)
            else:
                with data.open("rb") as handle:
                    shutil.copyfileobj(handle, out, 2**20)
        if moves:
            self.system.move(fresh, target)

    def remove(self, name: str) -> None:
        """Delete a file in this folder, if it is there."""
        try:
            self.system.delete_file(posixpath.join(self.path, name))
        except FileNotFoundError:
            return

    def make_folder(self, name: str = "") -> None:
        """Make this folder, or one in it, if it is not there."""
        self.system.create_dir(posixpath.join(self.path, name) if name else self.path)


@dataclass(frozen=True, slots=True)
class Found:
    """A file to read.

    Attributes:
        base: URI that opens its file system; empty for the local one.
        path: as the file system takes it.
        label: what rows without an id and rejects call it.
        page: the id of a text or HTML page without one.
        size: bytes.
        mtime_ns: when it was last changed, nanoseconds since 1970; 0 where that is not known.
    """

    base: str
    path: str
    label: str
    page: str
    size: int
    mtime_ns: int

    @property
    def kind(self) -> str:
        """Its ending, without .gz and .zst."""
        return file_ending(self.path)

    @property
    def packed(self) -> bool:
        """Whether it is compressed as a whole."""
        return self.path.lower().endswith(PACKED)

    def place(self) -> Place:
        """Where it is."""
        return Place(open_place(self.base).system, self.path)


def open_place(name: str) -> Place:
    """The place that a path or a URI names.

    Args:
        name: a local path, taken from the current folder, or a URI such as `s3://bucket/key`,
            `hdfs://host/path` or `file:///path`.

    Raises:
        UsageError: no Arrow file system takes it.
    """
    import pyarrow as pa
    from pyarrow import fs

    if not is_uri(name):
        return Place(fs.LocalFileSystem(), full_name(name))
    try:
        return Place(*fs.FileSystem.from_uri(name))
    except (pa.ArrowException, OSError, ImportError) as error:
        raise UsageError(
            f"expected a path or a URI of an Arrow file system (file, s3, gs, abfs, hdfs), "
            f"found {name}: {error}"
        ) from error


def full_name(name: str) -> str:
    """A URI as it is, a local path from the root, so that each process takes it for the same."""
    return name if is_uri(name) else Path(name).absolute().as_posix()


def find_files(inputs: Iterable[str]) -> list[Found]:
    """The files that inputs name: files, folders with all below them, and globs of both.

    In folders, what begins with `_` or `.` is passed over, as Spark and Arrow do it.

    Raises:
        UsageError: an input is standard input, is not there, is of no kind that can be read, or
            is named twice.
    """
    out: list[Found] = []
    seen: set[tuple[str, str]] = set()
    for name in inputs:
        if name == "-":
            raise UsageError("expected files for an engine to read, found - (standard input)")
        found = list(_find(name))
        if not found:
            raise UsageError(f"expected {', '.join(KINDS)} files, found none at {name}")
        for one in found:
            key = (one.base.partition(":")[0].replace("file", ""), one.path)
            if key in seen:
                raise UsageError(f"expected each file once, found {one.label} again")
            seen.add(key)
            out.append(one)
    return out


def _find(name: str) -> Iterator[Found]:
    from pyarrow import fs

    head, query, options = name.partition("?") if is_uri(name) else (name, "", "")
    parts = head.split("/")
    first = next((n for n, part in enumerate(parts) if _MAGIC.search(part)), len(parts))
    plain = "/".join(parts[:first]) or ("/" if head.startswith("/") else ".")
    place = open_place(plain + query + options)
    base = plain + query + options if is_uri(name) else ""
    infos = [place.system.get_file_info(place.path)]
    for pattern in parts[first:]:
        folders = [info.path for info in infos if info.type != fs.FileType.File]
        infos = [info for above in folders for info in _matching(place.system, above, pattern)]
    for info in infos:
        label = _label(plain, place.path, info.path)
        if info.type == fs.FileType.File:
            if file_kind(info.path) is None:
                raise UsageError(f"expected {', '.join(KINDS)} or a folder, found {label}")
            yield _found(base, info, label, label)
        elif info.type == fs.FileType.Directory:
            for below in _below(place.system, info.path):
                inner = posixpath.relpath(below.path, info.path)
                yield _found(base, below, f"{label}/{inner}", inner)


def _matching(system: Any, folder: str, pattern: str) -> list[Any]:
    from pyarrow import fs

    infos = system.get_file_info(fs.FileSelector(folder, allow_not_found=True))
    hidden = ("_", ".") if not pattern.startswith(("_", ".")) else ()
    found = [i for i in infos if fnmatchcase(i.base_name, pattern)]
    return sorted((i for i in found if not i.base_name.startswith(hidden)), key=lambda i: i.path)


def _below(system: Any, folder: str) -> list[Any]:
    from pyarrow import fs

    infos = system.get_file_info(fs.FileSelector(folder, recursive=True))
    kept = []
    for info in infos:
        names = posixpath.relpath(info.path, folder).split("/")
        hidden = any(name.startswith(("_", ".")) for name in names)
        if info.type == fs.FileType.File and not hidden and file_kind(info.path):
            kept.append(info)
    return sorted(kept, key=lambda info: info.path)


def _label(plain: str, folder: str, path: str) -> str:
    inner = posixpath.relpath(path, folder)
    if inner == ".":
        return plain
    return inner if plain == "." else posixpath.join(plain, inner)


def _found(base: str, info: Any, label: str, page: str) -> Found:
    return Found(base, info.path, label, page, info.size, info.mtime_ns or 0)

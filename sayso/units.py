"""Units of work: files, parts of files or groups of small ones, which one worker reads by itself.

A unit is read by the reader that scores files on one machine too: a part of a file is first
copied to a local file, and what is named by that copy's name and line is named by its own again.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import IO, Any

from sayso.errors import InputError
from sayso.inputs import JSONL, PARQUET, file_kind
from sayso.places import Found
from sayso.read import FieldMap, Placed, read_placed
from sayso.rejects import Reject

__all__ = ["Slice", "Unit", "plan_units", "read_unit"]

UNIT_BYTES = 8 * 2**20
"""About how much a unit reads, as the files are: 2,000 articles and some minutes of one core."""

UNIT_FILES = 1_000
"""Most files of a unit."""

_BLOCK = 2**20

OnReject = Callable[[Reject], None]


@dataclass(frozen=True, slots=True)
class Slice:
    """A file, or a range of one.

    Attributes:
        found: the file, as it was when the work was planned.
        start, stop: bytes of a file of lines, rows of Parquet; None for the whole file.
        line: lines or rows that come before.
    """

    found: Found
    start: int | None = None
    stop: int | None = None
    line: int = 0

    @property
    def weight(self) -> int:
        """About how many bytes are read; 0 for a range of rows, which stands for a unit."""
        return self.found.size if self.start is None else UNIT_BYTES


@dataclass(frozen=True, slots=True)
class Unit:
    """What one worker scores in one go, into one file.

    Attributes:
        number: its place in the input, from 0.
        slices: what is read, in order.
    """

    number: int
    slices: tuple[Slice, ...]

    def to_json(self) -> str:
        """One line of JSON; the same unit gives the same."""
        return json.dumps(asdict(self), sort_keys=True)

    @classmethod
    def from_json(cls, text: str) -> Unit:
        """The unit that `to_json` wrote."""
        raw = json.loads(text)
        slices = (Slice(**{**one, "found": Found(**one["found"])}) for one in raw["slices"])
        return cls(raw["number"], tuple(slices))

    def name(self, binding: str) -> str:
        """Its name, which stands for what is read and for what rows are made with.

        Args:
            binding: names the bundle, the settings and the fields.
        """
        digest = hashlib.sha256(f"{binding}\n{self.to_json()}".encode()).hexdigest()
        return f"{self.number:06d}-{digest[:24]}"


def plan_units(files: Iterable[Found]) -> Iterator[Unit]:
    """Divide files into units: large ones into ranges, small ones in groups.

    Lines and Parquet are divided; what is packed as a whole and CSV, whose rows may hold
    newlines, are not. Files of lines above `UNIT_BYTES` are read once here, for their line
    numbers.
    """
    group: list[Slice] = []
    number = weight = 0
    for one in (piece for found in files for piece in _slices(found)):
        if group and (weight + one.weight > UNIT_BYTES or len(group) == UNIT_FILES):
            yield Unit(number, tuple(group))
            number, group, weight = number + 1, [], 0
        group.append(one)
        weight += one.weight
    if group:
        yield Unit(number, tuple(group))


def read_unit(unit: Unit, *, fields: FieldMap, on_reject: OnReject) -> Iterator[Placed]:
    """Stream a unit's articles as `read_placed` does; repeated ids are seen within the unit.

    Raises:
        InputError: a file was changed since the work was planned.
        OSError: a file cannot be read now.
    """
    with tempfile.TemporaryDirectory(prefix="sayso-") as folder:
        staged = {f"{folder}/{n}{_ending(one)}": one for n, one in enumerate(unit.slices)}
        for path, one in staged.items():
            _stage(one, path, fields)
        articles = read_placed(
            staged, fields=fields, on_reject=lambda reject: on_reject(_own(reject, staged))
        )
        for placed in articles:
            yield _named(placed, staged)


def _slices(found: Found) -> Iterator[Slice]:
    import pyarrow as pa

    ranges: list[Slice] = []
    try:
        if file_kind(found.path) == JSONL and not found.packed and found.size > UNIT_BYTES:
            ranges = list(_line_ranges(found))
        elif file_kind(found.path) == PARQUET and found.size > UNIT_BYTES // 4:
            ranges = list(_row_ranges(found))
    except (OSError, pa.ArrowException):  # for the worker to name
        ranges = []
    yield from ranges or [Slice(found)]


def _line_ranges(found: Found) -> Iterator[Slice]:
    start = position = before = lines = 0
    place = found.place()
    with place.system.open_input_stream(place.path, compression=None) as handle:
        while block := handle.read(_BLOCK):
            at = 0
            while position + len(block) - start >= UNIT_BYTES:
                end = block.find(b"\n", max(at, start + UNIT_BYTES - 1 - position))
                if end < 0:
                    break
                lines += block.count(b"\n", at, end + 1)
                at = end + 1
                yield Slice(found, start, position + at, before)
                start, before = position + at, lines
            lines += block.count(b"\n", at)
            position += len(block)
    if position > start:
        yield Slice(found, start, position, before)


def _row_ranges(found: Found) -> Iterator[Slice]:
    import pyarrow.parquet as pq

    place = found.place()
    meta = pq.read_metadata(place.path, filesystem=place.system)
    size = sum(meta.row_group(n).total_byte_size for n in range(meta.num_row_groups))
    step = max(1, meta.num_rows * UNIT_BYTES // max(size, UNIT_BYTES))
    for start in range(0, meta.num_rows, step):
        yield Slice(found, start, min(start + step, meta.num_rows), start)


def _ending(one: Slice) -> str:
    return one.found.kind + (Path(one.found.path).suffix.lower() if one.found.packed else "")


def _stage(one: Slice, path: str, fields: FieldMap) -> None:
    """Give a slice a local name of its own: a link to a whole local file, else a copy."""
    place = one.found.place()
    _check_same(one.found)
    if one.start is not None and file_kind(one.found.path) == PARQUET:
        _copy_rows(one, path, fields)
    elif one.start is None and place.system.type_name == "local":
        os.symlink(place.path, path)
    else:
        with place.system.open_input_file(place.path) as source, Path(path).open("wb") as out:
            source.seek(one.start or 0)
            _copy_bytes(source, out, (one.stop or one.found.size) - (one.start or 0))


def _check_same(found: Found) -> None:
    place = found.place()
    info = place.system.get_file_info(place.path)
    if (info.size, info.mtime_ns or 0) != (found.size, found.mtime_ns):
        raise InputError(
            f"expected it as it was when the work was planned ({found.size} bytes), found "
            f"{'no such file' if info.size is None else 'that it changed'}",
            file=found.label,
        )


def _copy_bytes(source: IO[bytes], out: IO[bytes], size: int) -> None:
    while size and (block := source.read(min(size, _BLOCK))):
        out.write(block)
        size -= len(block)


def _copy_rows(one: Slice, path: str, fields: FieldMap) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    start, stop = one.start or 0, one.stop or 0
    wanted = set(fields.names())
    place = one.found.place()
    with pq.ParquetFile(place.path, filesystem=place.system) as file:
        groups, first = _groups(file.metadata, start, stop)
        schema = file.schema_arrow
        names = [name for name in schema.names if name in wanted]
        kept = [schema.field(name) for name in names]
        with pq.ParquetWriter(path, pa.schema(kept)) as out:
            at = first
            for batch in file.iter_batches(batch_size=256, row_groups=groups, columns=names):
                low, high = max(start - at, 0), min(stop - at, len(batch))
                if low < high:
                    out.write_batch(batch.slice(low, high - low))
                at += len(batch)


def _groups(metadata: Any, start: int, stop: int) -> tuple[list[int], int]:
    """Row groups that hold rows `[start, stop)`, and the number of their first row."""
    groups: list[int] = []
    first = at = 0
    for number in range(metadata.num_row_groups):
        rows = metadata.row_group(number).num_rows
        if at < stop and at + rows > start:
            first = first if groups else at
            groups.append(number)
        at += rows
    return groups, first


def _own(reject: Reject, staged: Mapping[str, Slice]) -> Reject:
    """A reject by its file's own name and line."""
    one = staged[reject.file]
    line = reject.line and reject.line + one.line
    reason = reject.reason.replace(reject.file, one.found.label)
    return replace(reject, file=one.found.label, line=line, reason=reason)


def _named(placed: Placed, staged: Mapping[str, Slice]) -> Placed:
    """An article by its file's own name and line, which also name it if it has no id."""
    one, article, line = staged[placed.file], placed.article, placed.line
    if article.id == placed.file:
        article = replace(article, id=one.found.page)
    elif article.id == f"{placed.file}:{line}":
        article = replace(article, id=f"{one.found.label}:{(line or 0) + one.line}")
    return Placed(article, one.found.label, line and line + one.line)

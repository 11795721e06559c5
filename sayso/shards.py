"""Finished work on disk: a folder of shards, each there as a whole with its manifest or not at all.

```
part-000000.parquet             rows of a shard (or .jsonl.zst)
_shards/part-000000.json        its manifest, renamed into place last: only then is it done
_job.json                       what all shards have in common
_rejects.jsonl, _SUCCESS        once all is done
_lock                           held by the run at work
```

What is no data begins with `_`, so that Arrow and Spark read the folder as one data set.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from sayso.errors import UsageError
from sayso.jobrecord import JobRecord
from sayso.lock import LOCK, FolderLock
from sayso.rejects import Reject
from sayso.write import whole_file

__all__ = ["JOB", "MANIFESTS", "REJECTS", "SUCCESS", "Manifest", "ShardFolder"]

JOB, MANIFESTS, REJECTS, SUCCESS = "_job.json", "_shards", "_rejects.jsonl", "_SUCCESS"

_TEMPORARY = re.compile(r"_.*\.tmp")
_CLEARED = re.compile(r"_.*\.tmp|part-\d{6,}\.(?:parquet|jsonl\.zst)")
_MANIFEST = re.compile(r"part-(\d{6,})\.json")


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a finished shard is bound to.

    Attributes:
        number: of the shard, from 0.
        file: name of its data file.
        size: bytes of that file.
        sha256: of that file.
        input_sha256: of all that was read in the shard's range.
        counts: as `sayso.summary.Summary.counts` gives them.
        rejects: what of its range was not read or scored, in the input's order.
        job: digest of the job's record.
    """

    number: int
    file: str
    size: int
    sha256: str
    input_sha256: str
    counts: Mapping[str, Any]
    rejects: tuple[Reject, ...]
    job: str

    def to_json(self) -> bytes:
        """All of it."""
        return json.dumps(asdict(self), indent=1).encode("ascii") + b"\n"

    @classmethod
    def from_json(cls, text: bytes) -> Manifest:
        """What `to_json` gave.

        Raises:
            ValueError, TypeError, KeyError: it is something else.
        """
        values = json.loads(text)
        values["rejects"] = tuple(Reject(**reject) for reject in values["rejects"])
        return cls(**values)


class ShardFolder:
    """A folder of shards of one job, held by this process; use it as a context manager.

    Args:
        path: the folder, made if need be.
        record: what the job is.
        suffix: ending of data files, `.parquet` or `.jsonl.zst`.
        ours: whether nobody else puts anything into the folder, so that all may be removed.
        fresh: whether finished shards are removed first.

    Raises:
        UsageError: another run holds the folder, it holds something else, or shards of another
            bundle, of other settings or of other inputs.
    """

    def __init__(
        self, path: Path, record: JobRecord, *, suffix: str, ours: bool, fresh: bool = False
    ) -> None:
        self.path, self.record, self._suffix, self._ours = path, record, suffix, ours
        self._made = not path.exists()
        self._lock = FolderLock(path)
        try:
            self._settle(fresh)
        except BaseException:
            self._lock.release()
            raise

    def __enter__(self) -> ShardFolder:
        return self

    def __exit__(self, *_: object) -> None:
        self._lock.release()

    def data_path(self, number: int) -> Path:
        """Where a shard's data file is when it is done."""
        return self.path / f"part-{number:06d}{self._suffix}"

    def numbers(self) -> list[int]:
        """Numbers of the shards with a manifest, sorted."""
        return sorted(
            int(match[1])
            for path in (self.path / MANIFESTS).glob("part-*.json")
            if (match := _MANIFEST.fullmatch(path.name))
        )

    def manifest(self, number: int) -> Manifest | None:
        """A shard's manifest; None where there is none, or no whole one.

        Raises:
            UsageError: it is of another job.
        """
        path = self._manifest_path(number)
        try:
            manifest = Manifest.from_json(path.read_bytes())
        except (FileNotFoundError, ValueError, TypeError, KeyError):
            return None
        if manifest.job != self.record.digest:
            raise UsageError(
                f"{path}: expected a shard of job {self.record.digest[:12]}, found one of "
                f"{manifest.job[:12]}: remove it, or start over with --fresh"
            )
        return manifest

    def finished(self, number: int) -> Manifest | None:
        """The manifest of a shard whose data file is as it was written; None where it is to do."""
        manifest = self.manifest(number)
        path = self.data_path(number)
        if manifest is None or not path.is_file() or path.stat().st_size != manifest.size:
            return None
        return manifest if _file_digest(path) == manifest.sha256 else None

    def manifests(self) -> Iterator[Manifest]:
        """The manifests in order."""
        for number in self.numbers():
            manifest = self.manifest(number)
            if manifest is not None:
                yield manifest

    def temporary(self, name: str) -> Path:
        """A name for a file that is not whole yet."""
        return self.path / f"_{name}.tmp"

    def commit(
        self,
        number: int,
        fresh: Path,
        *,
        input_sha256: str,
        counts: Mapping[str, Any],
        rejects: tuple[Reject, ...],
    ) -> None:
        """Make a shard's data file, written under a temporary name, a finished shard."""
        path = self.data_path(number)
        manifest = Manifest(
            number=number,
            file=path.name,
            size=fresh.stat().st_size,
            sha256=_file_digest(fresh),
            input_sha256=input_sha256,
            counts=counts,
            rejects=rejects,
            job=self.record.digest,
        )
        with whole_file(path, fresh=fresh):
            pass
        (self.path / MANIFESTS).mkdir(exist_ok=True)
        self.put(self._manifest_path(number), manifest.to_json())

    def put(self, path: Path, data: bytes) -> None:
        """Write a small file, whole or not at all."""
        with whole_file(path, fresh=self.temporary(path.name)) as fresh:
            fresh.write_bytes(data)

    def drop(self, number: int) -> None:
        """Forget a shard."""
        self._manifest_path(number).unlink(missing_ok=True)
        self.data_path(number).unlink(missing_ok=True)

    def clear(self) -> None:
        """Remove all that belongs to the job; the record last, so that the rest is still known."""
        for number in self.numbers():
            self.drop(number)
        for path in self.path.iterdir():
            if path.name in (REJECTS, SUCCESS) or _CLEARED.fullmatch(path.name):
                path.unlink()
        if (self.path / MANIFESTS).is_dir():
            for path in (self.path / MANIFESTS).iterdir():
                path.unlink()
            (self.path / MANIFESTS).rmdir()
        (self.path / JOB).unlink(missing_ok=True)

    def remove(self) -> None:
        """Remove all that belongs to the job, and the folder if it was made for it."""
        self.clear()
        if self._ours or self._made:
            shutil.rmtree(self.path, ignore_errors=True)

    def _settle(self, fresh: bool) -> None:
        """Take over what there is, or begin anew."""
        record = self.path / JOB
        if not record.exists():
            names = sorted(path.name for path in self.path.iterdir())
            strange = [n for n in names if n != LOCK and not _TEMPORARY.fullmatch(n)]
            if strange and not self._ours:
                raise UsageError(
                    f"expected {self.path} to be empty or an output of sayso score, "
                    f"found {strange[0]} in it"
                )
            fresh = True
        if fresh:
            self.clear()
            self.put(record, self.record.to_json())
            return
        self._check_record(record)
        for path in self.path.iterdir():
            if _TEMPORARY.fullmatch(path.name):
                path.unlink()

    def _check_record(self, path: Path) -> None:
        try:
            found = JobRecord(dict(json.loads(path.read_bytes())))
        except (ValueError, TypeError) as error:
            raise UsageError(
                f"{path}: expected the record of a job, found {error}: start over with --fresh"
            ) from error
        differences = found.differences(self.record)
        if differences:
            raise UsageError(
                f"{self.path} holds shards of another job: {'; '.join(differences)}. "
                "Score to another output, go on with what is expected, or start over with --fresh"
            )

    def _manifest_path(self, number: int) -> Path:
        return self.path / MANIFESTS / f"part-{number:06d}.json"


def _file_digest(path: Path) -> str:
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()

"""The output folder of an engine: which units are done, with what, and what they came to.

```
part-000012-<name>.parquet         rows of a unit
_rejects-000012-<name>.jsonl       what of it could not be scored, if anything
_shards/part-000012-<name>.json    its manifest, written last: only then is the unit done
_job.json                          bundle, settings and field names of all of them
_SUCCESS                           once all is done
```

It is laid out as the folders of one machine are (`sayso.shards`), but on any Arrow file system,
where nothing can be locked or renamed: so a unit's name stands for its input, the bundle and the
settings, and a part is never taken for another.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from sayso.cargo import Cargo
from sayso.errors import UsageError
from sayso.jobrecord import JobRecord, scoring_terms
from sayso.places import Place, open_place
from sayso.read import FieldMap
from sayso.rejects import Reject, reject_line
from sayso.shards import JOB, MANIFESTS, SUCCESS
from sayso.units import Unit

__all__ = ["Job", "Ledger"]

_OURS = re.compile(r"(?:part|_rejects)-(\d{6,}-[0-9a-f]{24})\.(?:parquet|jsonl)")
_MANIFEST = re.compile(r"part-(\d{6,}-[0-9a-f]{24})\.json")


@dataclass(frozen=True, slots=True)
class Job:
    """All that decides an output's rows but for the input.

    Attributes:
        cargo: the bundle and the settings.
        fields: the input's names for an article's fields.
        output: path or URI of the output's folder.
    """

    cargo: Cargo
    fields: FieldMap
    output: str

    @property
    def record(self) -> JobRecord:
        """What a resumed job must have in common with the one before."""
        cargo = self.cargo
        return JobRecord(
            scoring_terms(cargo.settings, self.fields, model=cargo.model, digest=cargo.digest)
        )


class Ledger:
    """Reads and writes what is known of a job's units.

    Args:
        job: whose.

    Raises:
        UsageError: no Arrow file system takes the output.
    """

    def __init__(self, job: Job) -> None:
        self.job = job
        self.place: Place = open_place(job.output)
        self._record = job.record

    def name(self, unit: Unit) -> str:
        """The name of a unit of this job."""
        return unit.name(self._record.digest)

    def note(self, name: str) -> str:
        """The file for notes of tries of a unit."""
        return f"{MANIFESTS}/part-{name}.try"

    def begin(self, units: Iterable[Unit]) -> tuple[dict[str, Unit], list[str]]:
        """Make the output ready, and delete what units left that did not end.

        Returns:
            The units by name, and the names of those that are done.

        Raises:
            UsageError: the folder holds something else, or units of another bundle, of other
                settings or of other input.
        """
        names = self._names()
        record = self.place.read(JOB)
        others = [name for name in names if not name.startswith(("_", "."))]
        if others and record is None:
            raise UsageError(
                f"expected {self.job.output} to be empty or an output of sayso score, "
                f"found {others[0]} in it"
            )
        self.place.make_folder(MANIFESTS)
        done = [found[1] for n in self.place.names(MANIFESTS) if (found := _MANIFEST.fullmatch(n))]
        if record is not None and (done or others):
            self._check_record(JobRecord(json.loads(record)))
        planned = {self.name(unit): unit for unit in units}
        for name in done:
            if name not in planned:
                self._refuse_input(name)
        self._sweep(names, set(done))
        self.place.write(JOB, self._record.to_json())
        return planned, done

    def write(
        self,
        name: str,
        unit: Unit,
        rows: Path,
        rejects: Sequence[Reject],
        counts: Mapping[str, Any],
    ) -> None:
        """Put a unit's files in place, its manifest last.

        Args:
            name: the unit's.
            unit: what was read.
            rows: a local Parquet file of its statements.
            rejects: what could not be scored.
            counts: as `Summary.counts` gives them.
        """
        self.place.write(f"part-{name}.parquet", rows)
        if rejects:
            self.place.write(f"_rejects-{name}.jsonl", b"".join(map(reject_line, rejects)))
        found = {"unit": asdict(unit), "job": self._record.digest, "counts": counts}
        self.place.write(_manifest(name), json.dumps(found).encode("ascii") + b"\n")

    def succeed(self) -> None:
        """All units are done."""
        self.place.write(SUCCESS, b"")

    def counts(self, name: str) -> dict[str, Any] | None:
        """What a unit came to, as its manifest says; None where it is not done."""
        found = self.place.read(_manifest(name))
        return None if found is None else dict(json.loads(found)["counts"])

    def all_counts(self, names: Iterable[str]) -> list[Mapping[str, Any]]:
        """What units that are done came to, many asked for at a time."""
        with ThreadPoolExecutor(16) as pool:
            return [counts for counts in pool.map(self.counts, names) if counts is not None]

    def _names(self) -> list[str]:
        from pyarrow import fs

        if self.place.system.get_file_info(self.place.path).type == fs.FileType.File:
            raise UsageError(f"expected a folder for the output, found a file {self.job.output}")
        return self.place.names()

    def _check_record(self, found: JobRecord) -> None:
        differences = found.differences(self._record)
        if differences:
            raise UsageError(
                f"{self.job.output} holds shards of another job: {'; '.join(differences)}. "
                "Score to another output, or go on with what is expected"
            )

    def _refuse_input(self, name: str) -> None:
        unit = json.loads(self.place.read(_manifest(name)) or b"{}")["unit"]
        raise UsageError(
            f"{self.job.output} holds shards of other inputs: "
            f"{unit['slices'][0]['found']['label']} changed, or its place among the inputs did. "
            "Score to another output, or go on with what it was begun with"
        )

    def _sweep(self, names: Iterable[str], done: set[str]) -> None:
        for name in names:
            ours = _OURS.fullmatch(name)
            if (ours and ours[1] not in done) or name.endswith(".tmp") or name == SUCCESS:
                self.place.remove(name)
        for name in self.place.names(MANIFESTS):
            if name.endswith((".tmp", ".try")):
                self.place.remove(f"{MANIFESTS}/{name}")


def _manifest(name: str) -> str:
    return f"{MANIFESTS}/part-{name}.json"

"""What all shards of an output have in common: bundle, settings and the names of the inputs."""

from __future__ import annotations

import hashlib
import importlib.metadata
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sayso
from sayso.bundle import DEFAULT_BUNDLE, manifest_digest, read_manifest
from sayso.read import FieldMap

if TYPE_CHECKING:
    from sayso.settings import ScorerSettings

__all__ = ["JobRecord", "JobSpec", "make_record", "scoring_terms"]

FORMAT = 1
"""Version of `_job.json` and of the manifests of shards."""


@dataclass(frozen=True, slots=True)
class JobSpec:
    """What is to be scored, with what, and where to: all that decides the output.

    Attributes:
        scorer: `model` is a folder, or None for the bundle that ships.
        inputs: files, folders and `-`, as they were named.
        output: see `sayso.write.check_output`.
        fields: the input's names for an article's fields.
        limit: most articles that are read.
        shard_size: articles of a shard.
    """

    scorer: ScorerSettings
    inputs: Sequence[str]
    output: str
    fields: FieldMap
    limit: int | None
    shard_size: int


@dataclass(frozen=True, slots=True)
class JobRecord:
    """A job's terms: what may not change from one run of it to the next.

    Attributes:
        terms: by name; JSON.
    """

    terms: Mapping[str, Any]

    @property
    def digest(self) -> str:
        """SHA-256 of the terms."""
        return hashlib.sha256(self.to_json()).hexdigest()

    def to_json(self) -> bytes:
        """The terms, sorted by name."""
        return json.dumps(self.terms, indent=2, sort_keys=True).encode("ascii") + b"\n"

    def differences(self, other: JobRecord) -> list[str]:
        """What differs, as `NAME: expected A, found B` with ours for A."""
        ours, theirs = dict(_flat(self.terms)), dict(_flat(other.terms))
        return [
            f"{name}: expected {_said(ours, name)}, found {_said(theirs, name)}"
            for name in sorted(ours.keys() | theirs.keys())
            if _said(ours, name) != _said(theirs, name)
        ]


def make_record(spec: JobSpec, *, rows: str) -> JobRecord:
    """The record of a job as it is asked for now.

    Args:
        spec: the job.
        rows: ending of the shards' files.

    Raises:
        BundleError: there is no bundle.
    """
    scorer = spec.scorer
    folder = DEFAULT_BUNDLE if scorer.model is None else Path(scorer.model)
    model = str(read_manifest(folder)["model"])
    terms = scoring_terms(scorer, spec.fields, model=model, digest=manifest_digest(folder))
    terms["settings"] |= {"limit": spec.limit, "shard_size": spec.shard_size, "rows": rows}
    return JobRecord({**terms, "inputs": list(spec.inputs)})


def scoring_terms(
    scorer: ScorerSettings, fields: FieldMap, *, model: str, digest: str
) -> dict[str, Any]:
    """The terms of every job: what rows are made with, whatever cuts the input and hands it out.

    Args:
        scorer: the settings that decide rows.
        fields: the input's names for an article's fields.
        model: id of the bundle.
        digest: SHA-256 of its manifest.
    """
    return {
        "format": FORMAT,
        "bundle": {"model": model, "manifest_sha256": digest},
        "software": {
            "sayso": sayso.__version__,
            "onnxruntime": importlib.metadata.version("onnxruntime"),
        },
        "settings": {
            "threshold": scorer.threshold,
            "abstain": scorer.abstain,
            "fields": asdict(fields),
        },
    }


def _flat(terms: Mapping[str, Any], before: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in terms.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{before}{name}.")
        else:
            yield f"{before}{name}", value


def _said(terms: Mapping[str, Any], name: str) -> str:
    return json.dumps(terms[name]) if name in terms else "nothing"

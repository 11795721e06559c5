"""The run folder: all that a run says of itself, written before it is tracked."""

from __future__ import annotations

import contextlib
import hashlib
import importlib.metadata
import json
import os
import platform
import subprocess
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

__all__ = ["Metric", "RunDirectory", "collect_environment"]

_PACKAGES = (
    "datasets", "mlflow", "numpy", "onnx", "onnxruntime", "pyarrow", "safetensors",
    "scikit-learn", "scipy", "tokenizers", "torch", "transformers",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Metric:
    """One value of one metric; `seconds` since the epoch."""

    step: int
    seconds: float
    name: str
    value: float


@dataclass(frozen=True, slots=True)
class RunDirectory:
    """A folder with what a run was made by, what came of it, and its bundles.

    `params.json` (recipe), `digests.json` (SHA-256 of each part of the data trained on),
    `tracking.json` (where and under what name it is tracked), `metrics.jsonl` (curves),
    `environment.json`, `evaluation.json` (how the figures came about; `eval.evaluation`),
    `results.json` and `results.md` (the figures), `plots/`, `bundle/`.

    Attributes:
        path: the folder; made on first writing. Its name says recipe and data.
    """

    path: Path

    def write_params(self, params: Mapping[str, Any]) -> None:
        """Write the recipe's parameters, a flat mapping."""
        self._write("params.json", params)

    def write_digests(self, digests: Mapping[str, str]) -> None:
        """Write the SHA-256 of each part of the data."""
        self._write("digests.json", digests)

    def write_environment(self, environment: Mapping[str, Any]) -> None:
        """Write where and by which code the run was made."""
        self._write("environment.json", environment)

    def write_tracking(self, *, experiment: str, name: str, parent: str | None = None) -> None:
        """Write where the run is tracked, so that it can be published at any later time.

        Args:
            experiment: MLflow's.
            name: the run's.
            parent: name of the run that this one stands under, if any.
        """
        self._write("tracking.json", {"experiment": experiment, "name": name, "parent": parent})

    def write_evaluation(self, evaluation: Mapping[str, Any]) -> None:
        """Write how the figures came about."""
        self._write("evaluation.json", evaluation)

    def write_results(self, results: Mapping[str, Any]) -> None:
        """Write the evaluation's figures, nested as they come."""
        self._write("results.json", results)

    def write_page(self, name: str, text: str) -> None:
        """Write a text to be read, such as `results.md`."""
        self._put(name, text.encode("utf-8"))

    def write_bytes(self, name: str, content: bytes) -> None:
        """Write a file that is no text."""
        self._put(name, content)

    def append_metrics(self, step: int, metrics: Mapping[str, float]) -> None:
        """Append values of one step, on a line of their own even after one that was cut short."""
        self.path.mkdir(parents=True, exist_ok=True)
        row = {"step": step, "seconds": round(time.time(), 3), **metrics}
        with (self.path / "metrics.jsonl").open("a+b") as handle:
            if handle.tell():
                handle.seek(-1, os.SEEK_END)
                if handle.read(1) != b"\n":
                    handle.write(b"\n")
            handle.write(json.dumps(row).encode() + b"\n")

    def read(self, name: str) -> dict[str, Any]:
        """What was written to `name`, or nothing."""
        path = self.path / name
        return dict(json.loads(path.read_text(encoding="utf-8"))) if path.exists() else {}

    def metrics(self) -> Iterator[Metric]:
        """Every value logged, the last one of a step that was run twice after a kill."""
        seen: dict[tuple[str, int], Metric] = {}
        for row in self._rows():
            step, seconds = row.pop("step"), row.pop("seconds")
            for name, value in row.items():
                seen[name, step] = Metric(step, seconds, name, value)
        yield from seen.values()

    def identity(self) -> str:
        """Content id: of the parameters, the data and the first values logged.

        The last carry the time, so that the same recipe trained again is another run; a run that
        is resumed, evaluated again or moved keeps its id.
        """
        first = next(self._rows(), None)
        content = [self.read("params.json"), self.read("digests.json"), first]
        return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()

    def _rows(self) -> Iterator[dict[str, Any]]:
        """The lines of `metrics.jsonl` but those that a kill or a full disk cut short."""
        path = self.path / "metrics.jsonl"
        for line in path.read_bytes().splitlines() if path.exists() else ():
            with contextlib.suppress(ValueError):
                yield json.loads(line)

    def _write(self, name: str, content: Mapping[str, Any]) -> None:
        self.write_page(name, json.dumps(content, indent=1, sort_keys=True) + "\n")

    def _put(self, name: str, content: bytes) -> None:
        self.path.mkdir(parents=True, exist_ok=True)
        fresh = self.path / f".{name}.tmp"
        fresh.write_bytes(content)
        os.replace(fresh, self.path / name)


def collect_environment() -> dict[str, Any]:
    """Code version and whether the tree was clean, package versions, Python and machine."""
    versions = {}
    for name in _PACKAGES:
        try:
            versions[name] = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            continue
    return {
        "commit": _git("rev-parse", "HEAD") or "unknown",
        "clean": _git("status", "--porcelain") == "",
        "python": platform.python_version(),
        "platform": platform.platform(),
        "machine": platform.machine(),
        "processors": os.cpu_count(),
        "packages": versions,
    }


def _git(*arguments: str) -> str | None:
    try:
        done = subprocess.run(
            ["git", *arguments],
            capture_output=True,
            text=True,
            check=True,
            timeout=20,
            cwd=Path(__file__).parent,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout.strip()

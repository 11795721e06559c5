"""What a benchmark ran on: processors, memory, versions, and who else was at work."""

from __future__ import annotations

import os
import platform
from dataclasses import asdict, dataclass
from importlib import metadata
from pathlib import Path
from typing import Any

from sayso.processors import usable_processors

__all__ = ["Machine", "describe_machine"]

BUSY = 0.25
"""Load a processor, over the last minute, from which speed says little."""

PACKAGES = (
    "numpy",
    "onnx",
    "onnxruntime",
    "pyarrow",
    "sayso",
    "tokenizers",
    "torch",
    "transformers",
)
"""Whose versions are told, where they are installed."""


@dataclass(frozen=True, slots=True)
class Machine:
    """A machine before a run.

    Attributes:
        architecture: e.g. x86_64.
        processor: its name, as the system tells it.
        processors: that this process may use.
        instructions: those of its vector instructions that matter to int8 and float products.
        memory_mb: all of it, in MiB.
        system: kernel and its release.
        python: version.
        versions: of installed packages, by name.
        load: mean number of running processes over the last 1, 5 and 15 minutes.
    """

    architecture: str
    processor: str
    processors: int
    instructions: tuple[str, ...]
    memory_mb: float
    system: str
    python: str
    versions: dict[str, str]
    load: tuple[float, float, float]

    @property
    def busy(self) -> bool:
        """Whether others were at work in the last minute."""
        return self.load[0] > BUSY * self.processors

    def warning(self) -> str | None:
        """What to tell of a busy machine, or None of an idle one."""
        if not self.busy:
            return None
        return (
            f"the machine was busy before the run: expected a load of at most "
            f"{BUSY * self.processors:g}, found {self.load[0]:.2f}; figures are too low"
        )

    def to_text(self) -> str:
        """In one line."""
        names = ", ".join(self.instructions)
        return (
            f"{self.processor or self.architecture}, {self.processors} processors, "
            f"{self.memory_mb / 1024:.1f} GiB" + (f", {names}" if names else "")
        )

    def to_dict(self) -> dict[str, Any]:
        """As a JSON object."""
        return asdict(self)


def describe_machine() -> Machine:
    """The machine that this process runs on, as it is now."""
    facts = _processor_facts()
    flags = set(facts.get("flags", facts.get("Features", "")).split())
    return Machine(
        architecture=platform.machine(),
        processor=facts.get("model name", platform.processor()),
        processors=usable_processors(),
        instructions=tuple(name for name in _INSTRUCTIONS if name in flags),
        memory_mb=os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**20,
        system=f"{platform.system()} {platform.release()}",
        python=platform.python_version(),
        versions=_versions(),
        load=os.getloadavg(),
    )


def _versions() -> dict[str, str]:
    out = {}
    for name in PACKAGES:
        try:
            out[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
    return out


def _processor_facts() -> dict[str, str]:
    """The first processor's lines of Linux's /proc/cpuinfo; empty elsewhere."""
    try:
        text = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    except OSError:
        return {}
    pairs = (line.partition(":") for line in text.split("\n\n")[0].splitlines())
    return {name.strip(): value.strip() for name, _, value in pairs}


_INSTRUCTIONS = ("avx2", "avx512f", "avx_vnni", "avx512_vnni", "amx_int8", "asimddp", "i8mm")

"""How many processors this process may use: by affinity, and by the quota of its container."""

from __future__ import annotations

import math
import os
from pathlib import Path

__all__ = ["usable_processors"]

CGROUPS = Path("/sys/fs/cgroup")
"""Where Linux shows the limits of control groups."""


def usable_processors(cgroups: Path = CGROUPS) -> int:
    """Processors that this process may run on, at least 1.

    Args:
        cgroups: where the limits of control groups stand.
    """
    affinity = getattr(os, "sched_getaffinity", None)
    count = len(affinity(0)) if affinity else os.cpu_count() or 1
    quota = _quota(cgroups)
    return count if quota is None else max(1, min(count, math.ceil(quota)))


def _quota(cgroups: Path) -> float | None:
    """Processors' worth of time that a container may use; None where nothing limits it."""
    try:
        if (cgroups / "cpu.max").is_file():
            limit, period = (cgroups / "cpu.max").read_text().split()
        else:
            limit = (cgroups / "cpu" / "cpu.cfs_quota_us").read_text()
            period = (cgroups / "cpu" / "cpu.cfs_period_us").read_text()
        return int(limit) / int(period) if int(limit) > 0 else None
    except (OSError, ValueError, ZeroDivisionError):
        return None

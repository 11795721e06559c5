"""Where what can be had again is kept."""

from __future__ import annotations

import os
from pathlib import Path

__all__ = ["CACHE", "cache_folder"]

CACHE = "SAYSO_CACHE"
"""Names another folder than the user's cache."""


def cache_folder() -> Path:
    """`SAYSO_CACHE`, or sayso's own folder in the user's cache.

    The user's cache is `XDG_CACHE_HOME` where that is an absolute path, else `~/.cache`.
    """
    if own := os.environ.get(CACHE):
        return Path(own)
    base = Path(os.environ.get("XDG_CACHE_HOME", ""))
    return (base if base.is_absolute() else Path.home() / ".cache") / "sayso"

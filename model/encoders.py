"""Pretrained encoders whose weights stand inside an installed package."""

from __future__ import annotations

import importlib.util
from pathlib import Path

__all__ = ["PACKAGE", "package_folder"]

PACKAGE = "package:"
"""How names of the form `package:MODULE/PATH` begin."""


def package_folder(name: str) -> Path | None:
    """The folder that `package:MODULE/PATH` names, or None where the module is not installed."""
    module, _, inner = name.removeprefix(PACKAGE).partition("/")
    spec = importlib.util.find_spec(module)
    return None if spec is None or spec.origin is None else Path(spec.origin).parent / inner

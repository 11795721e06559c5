"""The formats of labels, and which of them a file is of."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from data.tools.jsonfile import json_rows
from data.tools.rejected import Rejected
from sayso.errors import UsageError
from sayso.inputs import PACKED

__all__ = ["FORMATS", "guess_format", "plain_name"]

FORMATS = ("label-studio", "doccano", "prodigy", "argilla", "brat", "csv", "jsonl")
"""What can be read and written; `jsonl` is our own."""

_SHEETS = (".csv", ".tsv")


def guess_format(path: Path) -> str:
    """The format of a file by its name and its first row.

    Raises:
        InputError: the file cannot be read.
        UsageError: it looks like none of them.
    """
    if path.is_dir() or path.suffix == ".ann":
        return "brat"
    if Path(plain_name(path)).suffix.lower() in _SHEETS:
        return "csv"
    row = next(json_rows(path, Rejected(str(path), lambda _: None)), None)
    found = _by_keys(row.values) if row else None
    if found is None:
        raise UsageError(
            f"expected --from {'|'.join(FORMATS)}, since {path} looks like none of them"
        )
    return found


def plain_name(path: Path) -> str:
    """A file's name without what packing adds to it."""
    name = path.name
    for ending in PACKED:
        name = name.removesuffix(ending)
    return name


def _by_keys(row: Mapping[str, Any]) -> str | None:
    keys = row.keys()
    if "attributions" in keys:
        return "jsonl"
    if keys & {"annotations", "annotation_id"}:
        return "label-studio"
    if {"fields", "responses"} <= keys:
        return "argilla"
    if "entities" in keys or ("label" in keys and isinstance(row["label"], list)):
        return "doccano"
    if keys & {"spans", "_input_hash"}:
        return "prodigy"
    return None

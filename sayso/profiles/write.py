"""The folder that `sayso sources` writes: whole under its name, or as it was."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from importlib.util import find_spec
from pathlib import Path

import sayso
from sayso.errors import UsageError
from sayso.profiles.build import Profiles
from sayso.profiles.summary import Summary, summarise

__all__ = ["FORMATS", "SETTINGS", "check_folder", "check_formats", "write_profiles"]

FORMATS = ("parquet", "csv", "jsonl", "misp", "stix")
"""What the tables can be written as; the last two go into folders of their own."""

SETTINGS = "profile.json"
"""The file that says what was read, and under which settings."""


def check_folder(out: str, inputs: Collection[str]) -> Path:
    """See that an output folder can be written and is none of the inputs, nor in one of them.

    Raises:
        UsageError: it cannot, or is.
    """
    folder = Path(out)
    if folder.exists() and not folder.is_dir():
        raise UsageError(f"expected a folder to write to, found the file {out}")
    if not folder.absolute().parent.is_dir():
        raise UsageError(f"expected an output in a folder that is there, found {out}")
    for name in inputs:
        if not os.path.isdir(name):
            continue
        place = Path(name).resolve()
        if place == folder.resolve() or place in folder.resolve().parents:
            raise UsageError(f"expected an output apart from the input, found {out} in {name}")
    return folder


def check_formats(formats: Collection[str]) -> None:
    """See that the formats are known and can be written here.

    Raises:
        UsageError: one is not, or takes a library that is not installed.
    """
    for name in formats:
        if name not in FORMATS:
            raise UsageError(f"expected a format of {', '.join(FORMATS)}, found {name}")
    if "stix" in formats and find_spec("stix2") is None:
        raise UsageError('expected stix2, found none: pip install "sayso[stix]"')


def write_profiles(
    profiles: Profiles,
    folder: Path,
    *,
    formats: Collection[str],
    settings: Mapping[str, object],
    most: int | None = None,
    as_of: datetime | None = None,
) -> Summary:
    """Write the tables, and `profile.json`, into a folder.

    Each file is replaced at the end, when all are written; others in the folder are left.

    Args:
        profiles: what to write.
        folder: where; made if need be.
        formats: of `FORMATS`.
        settings: said in `profile.json`, and in the Parquet files' metadata.
        most: so many claims at most in MISP events and STIX bundles, those of most sources.
        as_of: the time of what is in these; without it that of the articles, so that who has an
            object already does not take a new rating of it for newer.

    Returns:
        What was written, counted.

    Raises:
        UsageError: a format is unknown, takes a library that is not there, or there is no room.
    """
    from sayso.rating.flat import write_flat
    from sayso.rating.misp import write_misp
    from sayso.rating.stix import write_stix

    check_formats(formats)
    with _fresh(folder) as fresh:
        for name in ("parquet", "csv", "jsonl"):
            if name in formats:
                write_flat(profiles, fresh, ending=f".{name}", settings=settings)
        if "misp" in formats:
            write_misp(profiles, profiles.statements, fresh / "misp", most=most, created=as_of)
        if "stix" in formats:
            write_stix(profiles, profiles.statements, fresh / "stix", most=most, modified=as_of)
        summary = summarise(profiles)
        about = {
            "sayso": sayso.__version__,
            "settings": dict(settings),
            **summary.counts(),
        }
        text = json.dumps(about, indent=1, sort_keys=True, default=str)
        (fresh / SETTINGS).write_text(text + "\n", encoding="utf-8")
    return summary


@contextmanager
def _fresh(folder: Path) -> Iterator[Path]:
    """A folder to fill, whose entries take the place of those of `folder` if all goes well."""
    fresh = folder.with_name(f".{folder.name}.{os.getpid()}.tmp")
    try:
        fresh.mkdir()
        yield fresh
        folder.mkdir(exist_ok=True)
        for entry in sorted(fresh.iterdir()):
            there = folder / entry.name
            if there.is_dir():
                shutil.rmtree(there)
            os.replace(entry, there)
    except OSError as error:
        raise UsageError(f"expected room and rights to write {folder}, found {error}") from error
    finally:
        shutil.rmtree(fresh, ignore_errors=True)

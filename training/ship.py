"""A bundle takes the place of the one that ships, whole or not at all."""

from __future__ import annotations

import contextlib
import ctypes
import errno
import fcntl
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from sayso.bundle import DEFAULT_BUNDLE, FILES, MANIFEST, load_bundle

__all__ = ["ship"]

_HERE, _EXCHANGE = -100, 2
"""`AT_FDCWD` and `RENAME_EXCHANGE` of Linux's renameat2(2)."""


def ship(bundle: Path, place: Path = DEFAULT_BUNDLE) -> str:
    """Copy a bundle to where the released one stands.

    The copy is made beside it, checked against its manifest, and swapped in. On Linux the swap is
    one step: whoever looks finds the old bundle or the new one. Elsewhere there is an instant
    without any. Killed at any point, it leaves one of the two whole; a second call at the same time
    waits for the first.

    Args:
        bundle: folder of the new one.
        place: folder of the released one; made if it is not there.

    Returns:
        Id of the model that stands there now.

    Raises:
        BundleError: the bundle, or its copy, is not whole; `place` is as it was.
    """
    load_bundle(bundle)
    place.parent.mkdir(parents=True, exist_ok=True)
    with _alone(place.parent):
        fresh = place.with_name(f".{place.name}.new")
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir()
        for name in (*FILES, MANIFEST):
            shutil.copyfile(bundle / name, fresh / name)
            _flush(fresh / name)
        model = load_bundle(fresh).model
        if place.exists():
            _swap(fresh, place)
            shutil.rmtree(fresh)
        else:
            os.replace(fresh, place)
        _flush(place.parent)
    return model


@contextlib.contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Wait until no other process ships into the folder."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _swap(one: Path, other: Path) -> None:
    """Exchange two folders of the same file system."""
    library = ctypes.CDLL(None, use_errno=True)
    exchange = getattr(library, "renameat2", None)
    if exchange is not None:
        if exchange(_HERE, os.fsencode(one), _HERE, os.fsencode(other), _EXCHANGE) == 0:
            return
        number = ctypes.get_errno()
        if number not in (errno.EINVAL, errno.ENOSYS, errno.ENOTSUP):
            raise OSError(number, os.strerror(number), str(other))
    old = other.with_name(f".{other.name}.old")
    shutil.rmtree(old, ignore_errors=True)
    os.replace(other, old)
    os.replace(one, other)
    os.replace(old, one)


def _flush(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)

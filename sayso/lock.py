"""A folder that one process works in at a time."""

from __future__ import annotations

import os
from pathlib import Path
from types import TracebackType

from sayso.errors import UsageError

try:
    import fcntl
except ImportError:  # Windows, where nothing is locked
    fcntl = None  # type: ignore[assignment]

__all__ = ["LOCK", "FolderLock"]

LOCK = "_lock"
"""Name of the file that is locked; it is left behind, as its removal would race with others."""


class FolderLock:
    """Held from its making until `release`, or until the process ends, however it does.

    Args:
        folder: has to be there.

    Raises:
        UsageError: another process holds it.
    """

    def __init__(self, folder: Path) -> None:
        self._handle = self._locked(folder, folder / LOCK)

    def release(self) -> None:
        """Let others have the folder."""
        os.close(self._handle)

    def __enter__(self) -> FolderLock:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.release()

    @staticmethod
    def _locked(folder: Path, path: Path) -> int:
        while True:
            folder.mkdir(exist_ok=True)
            try:
                handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
            except FileNotFoundError:  # another process has just removed the folder
                continue
            try:
                if fcntl is not None:
                    fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                if os.path.exists(path) and os.path.samestat(os.fstat(handle), os.stat(path)):
                    os.ftruncate(handle, 0)
                    os.write(handle, str(os.getpid()).encode("ascii"))
                    return handle
            except BlockingIOError:
                holder = os.read(handle, 20).decode("ascii", "replace")
                os.close(handle)
                raise UsageError(
                    f"expected no other run on this output, found process {holder} at work in "
                    f"{folder}"
                ) from None
            except BaseException:
                os.close(handle)
                raise
            os.close(handle)  # another process has just removed the file

"""The working database of a profiling run: DuckDB in a folder that goes when the run ends."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from sayso.errors import UsageError

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

__all__ = ["MEMORY", "Store", "open_store"]

MEMORY = 512
"""MiB that DuckDB may hold before it goes to disk; the arrays of a run come on top."""

_SMALL = 128
"""MiB that it may hold while others need memory."""

_DAMAGE = "expected room and rights to work in {folder}, found {error}"


class Store:
    """A DuckDB connection, by whole tables and columns.

    Args:
        connection: an open one.
        memory: MiB that it may hold.
    """

    def __init__(self, connection: DuckDBPyConnection, memory: int) -> None:
        self.connection, self._memory = connection, memory

    def run(self, statement: str, **tables: pa.Table) -> None:
        """Run SQL that gives no rows; `tables` can be named in it."""
        with self._views(tables):
            self.connection.execute(statement)

    def table(self, query: str, **tables: pa.Table) -> pa.Table:
        """What a query gives, whole."""
        with self._views(tables):
            return self.connection.sql(query).to_arrow_table().combine_chunks()

    def array(self, query: str, kind: type[np.generic]) -> npt.NDArray[Any]:
        """The one column of a query's rows, which has no null, as an array of `kind`."""
        column = self.table(query).column(0)
        return np.asarray(column.to_numpy(), dtype=kind)

    def value(self, query: str) -> Any:
        """The one value of a query."""
        return self.table(query).column(0)[0].as_py()

    @contextmanager
    def small(self) -> Iterator[None]:
        """Leave memory to others: what the database holds goes to disk for a while."""
        self.run(f"SET memory_limit = '{_SMALL}MiB'")
        pa.default_memory_pool().release_unused()
        try:
            yield
        finally:
            self.run(f"SET memory_limit = '{self._memory}MiB'")

    @contextmanager
    def _views(self, tables: dict[str, pa.Table]) -> Iterator[None]:
        for name, table in tables.items():
            self.connection.register(name, table)
        try:
            yield
        finally:
            for name in tables:
                self.connection.unregister(name)


def _full(duckdb: Any) -> tuple[type[Exception], ...]:
    """What DuckDB raises where memory or the disk is full, or a file cannot be written."""
    return (
        duckdb.IOException,
        duckdb.OutOfMemoryException,
        duckdb.TransactionException,
        duckdb.FatalException,
    )


@contextmanager
def open_store(
    folder: Path, *, memory: int = MEMORY, threads: int | None = None
) -> Iterator[Store]:
    """Open an empty database that works in a hidden folder inside `folder`, and clear it away.

    Args:
        folder: exists and has room for the statements.
        memory: MiB that the database may hold.
        threads: of the database; all usable processors if None.

    Raises:
        UsageError: the folder cannot be written, or its disk is full.
    """
    import duckdb

    try:
        work = Path(tempfile.mkdtemp(prefix=".sayso-", dir=folder))
    except OSError as error:
        raise UsageError(_DAMAGE.format(folder=folder, error=error)) from error
    config: dict[str, str | bool | int | float | list[str]] = {
        "memory_limit": f"{memory}MiB",
        "temp_directory": str(work),
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
    }
    if threads is not None:
        config["threads"] = threads
    try:
        with duckdb.connect(str(work / "statements.duckdb"), config=config) as connection:
            yield Store(connection, memory)
    except _full(duckdb) as error:
        raise UsageError(_DAMAGE.format(folder=folder, error=error)) from error
    finally:
        shutil.rmtree(work, ignore_errors=True)

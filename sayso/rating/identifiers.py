"""Identifiers and times for other systems, the same at every run."""

from __future__ import annotations

import hashlib
import uuid
from datetime import UTC, datetime, timedelta

import pyarrow as pa

from sayso.errors import UsageError

__all__ = ["NAMESPACE", "check_time", "corpus_key", "day_start", "make_uuid"]

NAMESPACE = uuid.UUID("0ae7cc9d-f75d-4e77-896b-dcc4415cc0c0")
"""Every identifier that sayso makes is a UUID of version 5 in this namespace (RFC 9562)."""


def make_uuid(*names: str) -> str:
    """The UUID of a thing by its names, the kind of thing first."""
    return str(uuid.uuid5(NAMESPACE, "\x1f".join(names)))


def corpus_key(said: pa.Table) -> str:
    """What tells one corpus from another: a digest of its statements' ids, in their order.

    Ids of sources, outlets and claims are numbers within a corpus, so whatever is made of them
    needs this beside them.
    """
    digest = hashlib.sha256()
    for batch in said.select(["statement_id"]).to_batches(max_chunksize=65_536):
        digest.update("\x1f".join(map(str, batch.column(0).to_pylist())).encode())
        digest.update(b"\x1e")
    return digest.hexdigest()[:32]


def day_start(day: int) -> datetime:
    """The start of a day, counted from 1970-01-01, in UTC."""
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(days=day)


def check_time(time: datetime | None) -> None:
    """See that a time, if there is one, says where it is.

    Raises:
        UsageError: it has no zone.
    """
    if time is not None and time.tzinfo is None:
        raise UsageError(f"expected a time with its zone, found {time.isoformat()}")

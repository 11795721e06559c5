"""What the statements of a corpus are about: denials tied, sides told, claims grouped."""

from __future__ import annotations

import signal
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from itertools import groupby
from multiprocessing import get_context
from operator import itemgetter
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from sayso.claims.contents import Contents, Groups
from sayso.claims.denials import Said, link_denials
from sayso.claims.group import group_claims
from sayso.claims.polarity import positions
from sayso.claims.topical import are_topics
from sayso.profiles.store import Store

__all__ = ["link", "mark"]

ARTICLES = 300
"""Articles whose denials are tied at a time."""

ALONE = 50_000
"""Up to so many statements denials are tied by one process, which is then the faster."""

IntArray = npt.NDArray[np.int32]


def link(store: Store, *, processes: int = 1) -> IntArray:
    """Tie the denials of the table `base`: [statements], the `n` of what each denies, or -1.

    Args:
        store: has `base`.
        processes: that tie where there is much to do; what they find does not depend on it.
    """
    size = int(store.value("SELECT count(*) FROM base"))
    denies = np.full(size, -1, np.int32)
    if processes == 1 or size <= ALONE:
        for table in _parts(store):
            _note(denies, _tied(table))
        return denies
    spawn = get_context("spawn")
    pool = ProcessPoolExecutor(processes, mp_context=spawn, initializer=_ignore_interrupts)
    waiting: deque[Future[npt.NDArray[np.int64]]] = deque()
    try:
        for table in _parts(store):
            with _interrupts_wait():
                waiting.append(pool.submit(_tied, table))
            if len(waiting) > 2 * processes:
                _note(denies, waiting.popleft().result())
        for one in waiting:
            _note(denies, one.result())
    finally:
        pool.shutdown(cancel_futures=True)
    return denies


def _ignore_interrupts() -> None:
    """The process that gave the work is told, and ends the others."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


@contextmanager
def _interrupts_wait() -> Iterator[None]:
    """Processes that are started meanwhile are not told of interrupts even as they begin."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})


def _note(denies: IntArray, pairs: npt.NDArray[np.int64]) -> None:
    denies[pairs[0]] = pairs[1]


def _tied(table: pa.Table) -> npt.NDArray[np.int64]:
    """The `n` of denials and of what they deny, [2, denials], of the statements of articles."""
    pairs: list[tuple[int, int]] = []
    for _, article in groupby(table.to_pylist(), key=itemgetter("article")):
        rows = list(article)
        places = {row["statement_id"]: place for place, row in enumerate(rows)}
        said = [_said(row, places.get(row["parent_id"])) for row in rows]
        for row, target in zip(rows, link_denials(said), strict=True):
            if target is not None:
                pairs.append((row["n"], rows[target]["n"]))
    return np.array(pairs, np.int64).reshape(-1, 2).T


def mark(store: Store, source: IntArray, denies: IntArray) -> pa.Table:
    """Say of each statement of `base` on which claim it is, and on which side.

    Args:
        store: has `base`.
        source: [statements] ordinals of sources, -1 for none.
        denies: [statements] from `link`.

    Returns:
        n, source, claim, position, denies and copy_of, as `sayso.profiles.arrange.join` takes them.
    """
    written = store.table("SELECT content_text, cue_text, stance FROM base ORDER BY n")
    side = positions(written["content_text"], written["cue_text"], written["stance"])
    topical = are_topics(written["content_text"], written["cue_text"])
    content = written["content_text"].combine_chunks()
    del written
    placed = store.table("SELECT article, coalesce(outlet, -1) AS outlet, day FROM base ORDER BY n")
    article, outlet, day = (
        np.asarray(placed[name], dtype=np.int32) for name in placed.column_names
    )
    contents = Contents(
        content=content,
        position=side,
        article=article,
        outlet=outlet,
        day=day,
        source=source,
        denies=denies,
        topical=topical,
    )
    with store.small():
        groups = group_claims(contents)
    return _marks(source, side, denies, groups)


def _marks(
    source: IntArray, side: npt.NDArray[np.int8], denies: IntArray, groups: Groups
) -> pa.Table:
    columns = {"source": source, "claim": groups.claim, "denies": denies, "copy_of": groups.copy_of}
    return pa.table(
        {
            "n": pa.array(np.arange(len(source), dtype=np.int32)),
            **{name: pa.array(values, mask=values < 0) for name, values in columns.items()},
            "position": pa.array(side),
        }
    )


def _parts(store: Store) -> Iterator[pa.Table]:
    """The statements of articles that have a denial, some articles at a time, in reading order."""
    last = store.value("SELECT max(article) FROM base")
    for first in range(0, -1 if last is None else int(last) + 1, ARTICLES):
        part = store.table(_DENYING.format(first=first, end=first + ARTICLES))
        if len(part):
            yield part


_DENYING = """
WITH part AS (SELECT * FROM base WHERE article >= {first} AND article < {end})
SELECT n, article, statement_id, parent_id, source_entity, source_kind, source_text, cue_text,
  content_text, content_start, content_end, stance, form
FROM part WHERE article IN (SELECT article FROM part WHERE stance = 'denial') ORDER BY n
"""


def _said(row: dict[str, Any], parent: int | None) -> Said:
    return Said(
        source_entity=row["source_entity"],
        source_kind=row["source_kind"],
        source_text=row["source_text"],
        cue_text=row["cue_text"],
        content_text=row["content_text"],
        stance=row["stance"],
        parent=parent,
        start=-1 if row["content_start"] is None else row["content_start"],
        end=-1 if row["content_end"] is None else row["content_end"],
        form=row["form"],
    )

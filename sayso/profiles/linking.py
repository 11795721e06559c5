"""What the statements of a corpus are about: denials tied, sides told, claims grouped."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from sayso.claims.contents import Contents, Groups
from sayso.claims.denials import Said, link_denials
from sayso.claims.group import group_claims
from sayso.claims.polarity import positions
from sayso.profiles.store import Store

__all__ = ["link", "mark"]

BATCH = 16_384
"""Statements read at a time when denials are tied."""

IntArray = npt.NDArray[np.int32]


def link(store: Store) -> IntArray:
    """Tie the denials of the table `base`: [statements], the `n` of what each denies, or -1."""
    denies = np.full(int(store.value("SELECT count(*) FROM base")), -1, np.int32)
    for rows in _articles(store):
        places = {row["statement_id"]: place for place, row in enumerate(rows)}
        said = [_said(row, places.get(row["parent_id"])) for row in rows]
        for row, target in zip(rows, link_denials(said), strict=True):
            if target is not None:
                denies[row["n"]] = rows[target]["n"]
    return denies


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
    content = written["content_text"].combine_chunks()
    del written
    placed = store.table("SELECT article, coalesce(outlet, -1) AS outlet, day FROM base ORDER BY n")
    article, outlet, day = (
        np.asarray(placed[name], dtype=np.int32) for name in placed.column_names
    )
    groups = group_claims(
        Contents(
            content=content,
            position=side,
            article=article,
            outlet=outlet,
            day=day,
            source=source,
            denies=denies,
        )
    )
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


def _articles(store: Store) -> Iterator[list[dict[str, Any]]]:
    """The statements of each article that has a denial, in reading order."""
    rows = (row for batch in store.batches(_DENYING, BATCH) for row in batch.to_pylist())
    for _, article in groupby(rows, key=itemgetter("article")):
        yield list(article)


_DENYING = """
SELECT n, article, statement_id, parent_id, source_entity, source_kind, source_text, cue_text,
  content_text, content_start, content_end, stance, form
FROM base WHERE article IN (SELECT DISTINCT article FROM base WHERE stance = 'denial') ORDER BY n
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

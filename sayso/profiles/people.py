"""Who the sources of a corpus are: one ordinal each, across its articles."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from sayso.profiles.store import Store
from sayso.who.merge import Merged, merge_sources

__all__ = ["People", "find_people"]

IntArray = npt.NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class People:
    """The sources of a corpus.

    Attributes:
        sources: one row a source: source (ordinal), source_id, source_name, source_kind, aliases,
            and `profiled`: whether it goes by a name beyond its article, or is a named person.
        source: [statements] ordinals, -1 where no source is written.
    """

    sources: pa.Table
    source: IntArray


def find_people(store: Store) -> People:
    """Merge the sources of the articles of the table `base`.

    A source's id is made of its kind and name, so that it is the same over another corpus; where
    two have one kind and name, as unnamed sources of several articles do, the article in which
    each comes first makes the difference.
    """
    names = store.table(_NAMES)
    merged = merge_sources(
        np.asarray(names.column("article"), dtype=np.int32),
        names.column("entity"),
        names.column("kind"),
        np.asarray(names.column("weight"), dtype=np.int32),
        written=names.column("written"),
    )
    sources = pa.table(
        {
            "source": pa.array(np.arange(len(merged.names), dtype=np.int32)),
            "source_name": pa.array(merged.names, pa.string()),
            "source_kind": pa.array(merged.kinds, pa.string()),
            "profiled": pa.array(_profiled(merged), pa.bool_()),
            "aliases": pa.array(merged.aliases, pa.list_(pa.string())),
        }
    )
    ids = pa.array(np.asarray(merged.ids, dtype=np.int32))
    resolved = names.select(["article", "entity", "kind"]).append_column("source", ids)
    store.run("CREATE TABLE resolved AS SELECT * FROM names", names=resolved)
    found = store.table(_IDS, merged=sources)
    source = store.array(_EACH, np.int32)
    store.run("DROP TABLE resolved")
    return People(found, source)


def _profiled(merged: Merged) -> list[bool]:
    """Whether each goes by a name: not what is unnamed or only described, as `the ministry`."""
    return [
        kind != "unnamed" and named and (kind == "person" or not local)
        for kind, named, local in zip(
            merged.kinds, merged.named.tolist(), merged.local.tolist(), strict=True
        )
    ]


_NAMES = """
SELECT article, source_entity AS entity, coalesce(source_kind, 'unnamed') AS kind,
  count(*)::INTEGER AS weight, string_agg(DISTINCT source_text, chr(10)) AS written
FROM base WHERE source_entity IS NOT NULL AND source_entity <> ''
GROUP BY 1, 2, 3 ORDER BY article, min(n)
"""

_IDS = """
WITH firsts AS (
  SELECT source, min(base.n) AS n, arg_min(base.article_id, base.n) AS article_id
  FROM resolved JOIN base ON base.article = resolved.article
    AND base.source_entity = resolved.entity
    AND coalesce(base.source_kind, 'unnamed') = resolved.kind
  GROUP BY 1
), named AS (
  SELECT *, source_kind || chr(31) || source_name AS label,
    row_number() OVER (PARTITION BY source_kind, source_name ORDER BY n) AS place
  FROM merged JOIN firsts USING (source)
)
SELECT source,
  's-' || substr(md5(CASE WHEN place = 1 AND source_kind <> 'unnamed' THEN label
    ELSE label || chr(31) || article_id || chr(31) || place END), 1, 16) AS source_id,
  source_name, source_kind, aliases, profiled
FROM named ORDER BY source
"""

_EACH = """
SELECT coalesce(source, -1)::INTEGER FROM base LEFT JOIN resolved
  ON base.article = resolved.article AND base.source_entity = resolved.entity
  AND coalesce(base.source_kind, 'unnamed') = resolved.kind
ORDER BY n
"""

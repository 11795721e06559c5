"""The statements in the order of their articles, numbered, with days and outlets."""

from __future__ import annotations

import pyarrow as pa

from sayso.profiles.dates import days
from sayso.profiles.store import Store

__all__ = ["arrange", "join"]


def arrange(store: Store) -> None:
    """Make the table `base` of the table `raw`, which goes; see `sayso.profiles.intake`.

    Its rows are numbered by `n` from 0: articles in the order in which they came, statements of
    each in reading order. `article` and `outlet` are ordinals (`outlet` null where none is given),
    `day` is days since 1970-01-01 or -1.
    """
    published = store.table("SELECT DISTINCT published FROM raw ORDER BY 1").column(0)
    dated = pa.table({"published": published, "day": pa.array(days(published), pa.int32())})
    store.run("CREATE TABLE dated AS SELECT * FROM dates", dates=dated)
    store.run(_BASE)
    store.run("DROP TABLE raw; DROP TABLE dated")


_BASE = """
CREATE TABLE base AS
WITH places AS (
  SELECT article_id, row_number() OVER (ORDER BY first) - 1 AS article
  FROM (SELECT article_id, min(n) AS first FROM raw GROUP BY 1)
), named AS (
  SELECT outlet, row_number() OVER (ORDER BY first) - 1 AS place
  FROM (SELECT outlet, min(n) AS first FROM raw WHERE trim(outlet) <> '' GROUP BY 1)
)
SELECT
  (row_number() OVER (ORDER BY article, raw.n) - 1)::INTEGER AS n,
  article::INTEGER AS article, place::INTEGER AS outlet, raw.outlet AS outlet_name,
  coalesce(dated.day, -1)::INTEGER AS day,
  raw.* EXCLUDE (n, file, line, outlet)
FROM raw
JOIN places USING (article_id)
LEFT JOIN named ON raw.outlet = named.outlet
LEFT JOIN dated ON raw.published = dated.published
ORDER BY 1
"""


def join(store: Store, sources: pa.Table, marks: pa.Table) -> None:
    """Make the table `said` of `base`, who the sources are and what the statements are about.

    Args:
        store: has `base`, which goes.
        sources: source (ordinal), source_id, source_name, source_kind.
        marks: one row a statement: n, source, claim, position, denies, copy_of; ordinals of
            sources, claims and statements, null where there is none; position is 1, -1 or 0.
    """
    store.run("CREATE TABLE people AS SELECT * FROM sources", sources=sources)
    store.run("CREATE TABLE marked AS SELECT * FROM marks", marks=marks)
    store.run(_CLAIM_IDS)
    store.run(_SAID)
    store.run("DROP TABLE base; DROP TABLE marked")


_CLAIM_IDS = """
CREATE TABLE topics AS
SELECT claim, 'c-' || substr(md5(statement_id), 1, 16) AS claim_id FROM (
  SELECT claim, arg_min(statement_id, n) AS statement_id
  FROM marked JOIN base USING (n) WHERE claim IS NOT NULL GROUP BY 1)
"""

_SAID = """
CREATE TABLE said AS
SELECT
  base.* EXCLUDE (source_kind), base.source_kind AS kind_there,
  CASE WHEN outlet IS NOT NULL THEN 'o-' || substr(md5(outlet_name), 1, 16) END AS outlet_id,
  marked.source, people.source_id, people.source_name,
  coalesce(people.source_kind, base.source_kind) AS source_kind,
  marked.claim, topics.claim_id,
  marked.position AS side,
  CASE marked.position WHEN 1 THEN 'for' WHEN -1 THEN 'against' ELSE 'open' END AS position,
  marked.denies, marked.copy_of
FROM base
JOIN marked USING (n)
LEFT JOIN people ON people.source = marked.source
LEFT JOIN topics ON topics.claim = marked.claim
ORDER BY n
"""

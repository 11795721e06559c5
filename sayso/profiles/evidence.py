"""What each source's or outlet's claims say of it: agreement, contradiction, and where."""

from __future__ import annotations

import pyarrow as pa

from sayso.profiles.store import Store

__all__ = ["EVIDENCE", "agreement"]

EVIDENCE = 10
"""Most statements named behind a rating."""


def agreement(store: Store, voices: str, voters: str) -> pa.Table:
    """Counts of the claims of each voter, and the statements that tell most of it.

    Args:
        store: has `said` and the table of voices.
        voices: made by `sayso.profiles.voices.make_voices`.
        voters: table with voter (ordinal) and id; voters without a voice get zeros.

    Returns:
        id, claims, shared, agreed, contradicted, share_contested and evidence, as in
        `sayso.profiles.schema`; sorted by id.
    """
    return store.table(_AGREEMENT.format(voices=voices, voters=voters, most=EVIDENCE))


_AGREEMENT = """
WITH taken AS (
  SELECT voter, n, claim,
    CASE WHEN side = 1 THEN others_for ELSE others_against END AS same,
    CASE WHEN side = 1 THEN others_against ELSE others_for END AS other,
    truth
  FROM {voices} LEFT JOIN outcomes USING (claim)
  WHERE side IS NOT NULL
), counts AS (
  SELECT voter,
    count(*)::INTEGER AS claims,
    count(*) FILTER (same + other > 0)::INTEGER AS shared,
    count(*) FILTER (same > other)::INTEGER AS agreed,
    count(*) FILTER (same < other)::INTEGER AS contradicted,
    (count(*) FILTER (other > 0) / count(*))::FLOAT AS share_contested
  FROM taken GROUP BY 1
), ranked AS (
  SELECT voter, n, row_number() OVER (
    PARTITION BY voter ORDER BY truth IS NULL, other < same, same + other DESC, n) AS place
  FROM taken WHERE same + other > 0 OR truth IS NOT NULL
), named AS (
  SELECT voter, list(statement_id ORDER BY place) AS evidence
  FROM ranked JOIN said USING (n) WHERE place <= {most} GROUP BY 1
)
SELECT id, coalesce(claims, 0) AS claims, coalesce(shared, 0) AS shared,
  coalesce(agreed, 0) AS agreed, coalesce(contradicted, 0) AS contradicted, share_contested,
  coalesce(evidence, []) AS evidence
FROM {voters} LEFT JOIN counts USING (voter) LEFT JOIN named USING (voter)
ORDER BY id
"""

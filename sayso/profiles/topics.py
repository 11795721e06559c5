"""The claims of a corpus: what each is, who takes which side, when."""

from __future__ import annotations

import pyarrow as pa

from sayso.profiles.store import Store

__all__ = ["claim_rows"]


def claim_rows(store: Store) -> pa.Table:
    """The columns of `sayso.profiles.schema.CLAIMS` that are counted, one row a claim.

    Args:
        store: has `said`, `source_voices` and `outcomes`.

    Returns:
        claim (ordinal), then the columns but for p_true, digit and reasons; sorted by claim.
        The statement that stands for a claim is the first that asserts it, else the first.
    """
    return store.table(_CLAIMS)


_CLAIMS = """
WITH spoken AS (
  SELECT claim, any_value(claim_id) AS id, count(*)::INTEGER AS statements,
    count(DISTINCT article)::INTEGER AS articles, count(DISTINCT outlet)::INTEGER AS outlets,
    arg_min(n, (side <> 1, stance IS DISTINCT FROM 'assertion', copy_of IS NOT NULL, n)) AS n,
    arg_min(published, (day, n)) FILTER (day >= 0) AS first,
    arg_max(published, (day, n)) FILTER (day >= 0) AS last,
    (count(DISTINCT coalesce(outlet_id, article_id))
      FILTER (side <> 0 AND copy_of IS NULL))::INTEGER AS carriers
  FROM said WHERE claim IS NOT NULL GROUP BY 1
), heard AS (
  SELECT claim, count(*)::INTEGER AS sources,
    count(*) FILTER (stance = 'assertion')::INTEGER AS asserting,
    count(*) FILTER (stance = 'denial')::INTEGER AS denying,
    count(*) FILTER (stance = 'hedge')::INTEGER AS hedging,
    count(*) FILTER (stance = 'speculation')::INTEGER AS speculating,
    count(*) FILTER (side = 1 AND NOT hedged)::INTEGER AS supporting,
    count(*) FILTER (side = 1 AND hedged)::INTEGER AS supporting_hedged,
    count(*) FILTER (side = -1 AND NOT hedged)::INTEGER AS opposing,
    count(*) FILTER (side = -1 AND hedged)::INTEGER AS opposing_hedged
  FROM source_voices GROUP BY 1
)
SELECT claim, id, content_text AS text, statement_id AS statement, statements, articles, outlets,
  coalesce(sources, 0) AS sources, coalesce(asserting, 0) AS asserting,
  coalesce(denying, 0) AS denying, coalesce(hedging, 0) AS hedging,
  coalesce(speculating, 0) AS speculating, coalesce(supporting, 0) AS supporting,
  coalesce(supporting_hedged, 0) AS supporting_hedged, coalesce(opposing, 0) AS opposing,
  coalesce(opposing_hedged, 0) AS opposing_hedged, carriers, first, last,
  coalesce(supporting + supporting_hedged > 0 AND opposing + opposing_hedged > 0, false)
    AS contested,
  CASE truth WHEN 1 THEN true WHEN 0 THEN false END AS outcome
FROM spoken
JOIN (SELECT n, content_text, statement_id FROM said) USING (n)
LEFT JOIN heard USING (claim)
LEFT JOIN outcomes USING (claim)
ORDER BY claim
"""

"""Who takes which side on a claim: one voice a source, or an outlet, and claim."""

from __future__ import annotations

from typing import Literal

from sayso.profiles.store import Store

__all__ = ["Voter", "make_voices"]

Voter = Literal["source", "outlet"]
"""Whose voices they are."""


def make_voices(store: Store, voter: Voter) -> str:
    """Make the table of voices of sources or of outlets from the table `said`; returns its name.

    Near-copies are left out, and who only passes on: of "media reported, citing officials, that …"
    the officials are heard, where both are on one claim. A source speaks once on a claim, however
    often it is quoted: its latest stance, and the side of its latest statement that takes one. Of
    sources that are unnamed only the first on each side of a claim is heard, since two of them may
    be one. An outlet that carries both sides takes none. Columns:

    - voter, claim: ordinals
    - stance: the latest one
    - side: 1 for, -1 against, null where it never takes one
    - hedged: whether the statement with that side is a hedge
    - statements: how many
    - n: the first statement with that side, else the first
    - day: the first known day it speaks on it, or -1
    - others_for, others_against: voices of others on the claim
    - outlets: distinct outlets or, without one, articles that carry it
    """
    heard = _SOURCES if voter == "source" else _OUTLETS
    name = f"{voter}_voices"
    store.run(f"CREATE TABLE {name} AS {heard.format(whole=_WHOLE)}")
    return name


_WHOLE = """
sides AS (
  SELECT claim, count(*) FILTER (side = 1) AS all_for, count(*) FILTER (side = -1) AS all_against
  FROM heard GROUP BY 1)
SELECT heard.*,
  (all_for - (side IS NOT DISTINCT FROM 1)::INTEGER)::INTEGER AS others_for,
  (all_against - (side IS NOT DISTINCT FROM -1)::INTEGER)::INTEGER AS others_against
FROM heard JOIN sides USING (claim)
ORDER BY claim, voter
"""

_KEPT = """copy_of IS NULL AND claim IS NOT NULL AND stance IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM said AS told WHERE told.parent_id = said.statement_id
    AND told.claim = said.claim AND told.source IS DISTINCT FROM said.source)"""

_SOURCES = f"""
WITH kept AS (
  SELECT * FROM said WHERE {_KEPT} AND source IS NOT NULL
  QUALIFY source_kind <> 'unnamed'
    OR row_number() OVER (PARTITION BY claim, side, source_kind = 'unnamed' ORDER BY n) = 1
), heard AS (
  SELECT source AS voter, claim,
    arg_max(stance, (day, n)) AS stance,
    arg_max(side, (day, n)) FILTER (side <> 0)::TINYINT AS side,
    coalesce(arg_max(stance, (day, n)) FILTER (side <> 0) = 'hedge', false) AS hedged,
    count(*)::INTEGER AS statements,
    coalesce(min(n) FILTER (side <> 0), min(n)) AS n,
    coalesce(min(day) FILTER (day >= 0), -1) AS day
  FROM kept GROUP BY 1, 2
), {{whole}}
"""

_OUTLETS = f"""
WITH heard AS (
  SELECT outlet AS voter, claim,
    arg_max(stance, (day, n)) AS stance,
    nullif(sign(max(side) + min(side)), 0)::TINYINT AS side,
    coalesce(bool_and(stance = 'hedge') FILTER (side <> 0), false) AS hedged,
    count(*)::INTEGER AS statements,
    coalesce(min(n) FILTER (side <> 0), min(n)) AS n,
    coalesce(min(day) FILTER (day >= 0), -1) AS day
  FROM said WHERE {_KEPT} AND outlet IS NOT NULL
  GROUP BY 1, 2
), {{whole}}
"""

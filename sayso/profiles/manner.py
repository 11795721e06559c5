"""How sources and outlets speak: their mix of stances, their way of quoting and sourcing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import pyarrow as pa

from sayso.errors import UsageError
from sayso.profiles.dates import UNKNOWN_DAY, days
from sayso.profiles.schema import OUTLETS, SOURCES
from sayso.records import STANCES

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

__all__ = ["By", "manner"]

By = Literal["source_id", "outlet_id"]
"""Whose manner it is."""

_NEEDED = (
    "article_id", "source_id", "outlet_id", "stance", "form", "parent_id", "source_kind",
    "source_text", "published",
)  # fmt: skip
_SIDES = ("claim_id", "position")
_VIEW, _DATES = "_manner_said", "_manner_dates"

_KIND = "coalesce(s.source_kind, 'unnamed')"
_SUMS = {
    "statements": "count(*)",
    "judged": "count(s.stance)",
    **{name: f"count(*) FILTER (s.stance = '{name}')" for name in STANCES},
    "direct": "count(*) FILTER (s.form = 'direct')",
    "nested": "count(s.parent_id)",
    "unnamed": f"count(*) FILTER ({_KIND} = 'unnamed')",
    "unsourced": "count(*) FILTER (s.source_text IS NULL)",
}
_DATED = "{{'day': s.day, 'text': s.published}}) FILTER (s.day > {unknown})"


def manner(connection: DuckDBPyConnection, by: By) -> pa.Table:
    """How each source or outlet speaks, from the statements of the table `said`.

    Args:
        connection: with a table or view `said`, one row a statement: `article_id`, `source_id`,
            `outlet_id`, `stance`, `form`, `parent_id`, `source_kind`, `source_text`, `published`,
            each null where there is none; for `changed` also `claim_id` and `position` (one of
            `POSITIONS`, or 1, -1, 0); `day` as of `sayso.profiles.dates.days`, else it is read
            from `published`.
        by: the column that says whose the statement is; rows where it is null are left out.

    Returns:
        One row a source or outlet, sorted by `id`, with the columns of `SOURCES` or `OUTLETS` that
        tell of manner: `id`, `statements`, `articles`, `outlets` (of a source) or `sources` (of an
        outlet; those with a name), `first`, `last`, `share_assertion`, `share_denial`,
        `share_hedge`, `share_speculation` (of the statements with a stance; null without any),
        `share_direct`, `share_nested`, of an outlet `share_unnamed` and `share_unsourced`; and
        `changed` where claims are told. A claim has changed where the side taken by most of its
        statements of a day was another than on a day before; what is of no known day says nothing.

    Raises:
        UsageError: `said` lacks a column.
    """
    columns = connection.sql("FROM said LIMIT 0").columns
    missing = [name for name in _NEEDED if name not in columns]
    if missing:
        raise UsageError(f"expected a table said with {missing[0]}, found none in it")
    claims = all(name in columns for name in _SIDES)
    _add_days(connection, known="day" in columns)
    try:
        found = connection.sql(_query(by, claims=claims)).to_arrow_table()
    finally:
        connection.execute(f"DROP VIEW IF EXISTS {_VIEW}")
        connection.execute(f"DROP TABLE IF EXISTS {_DATES}")
    schema = SOURCES if by == "source_id" else OUTLETS
    kinds = [
        schema.field(field.name) if field.name != "id" else field.with_nullable(True)
        for field in found.schema
    ]
    return found.cast(pa.schema(kinds)).combine_chunks()


def _add_days(connection: DuckDBPyConnection, *, known: bool) -> None:
    """A view of `said` in which every row has its `day`."""
    if known:
        connection.execute(f"CREATE OR REPLACE TEMP VIEW {_VIEW} AS FROM said")
        return
    texts = connection.sql("SELECT DISTINCT published FROM said WHERE published IS NOT NULL")
    written = texts.to_arrow_table()["published"]
    table = pa.table({"published": written.cast(pa.string()), "day": days(written)})
    connection.register("_manner_read", table)
    connection.execute(f"CREATE OR REPLACE TEMP TABLE {_DATES} AS FROM _manner_read")
    connection.unregister("_manner_read")
    connection.execute(
        f"CREATE OR REPLACE TEMP VIEW {_VIEW} AS SELECT s.*, coalesce(d.day, {UNKNOWN_DAY}) AS day "
        f"FROM said s LEFT JOIN {_DATES} d ON s.published = d.published"
    )


def _query(by: By, *, claims: bool) -> str:
    """Sums by article first, so that no list of distinct articles is held for anyone."""
    other = "outlet_id" if by == "source_id" else "source_id"
    others = "outlets" if by == "source_id" else "sources"
    named = "" if by == "source_id" else f"AND {_KIND} <> 'unnamed'"
    dated = _DATED.format(unknown=UNKNOWN_DAY)
    sums = ", ".join(f"{text} AS {name}" for name, text in _SUMS.items())
    totals = ", ".join(f"sum({name}) AS {name}" for name in _SUMS)
    changed = f"LEFT JOIN ({_changes(by)}) c USING (id)" if claims else ""
    return f"""
        WITH texts AS (
            SELECT s.{by} AS id, {sums}, min({dated} AS first, max({dated} AS last
            FROM {_VIEW} s WHERE s.{by} IS NOT NULL GROUP BY s.{by}, s.article_id
        ),
        whole AS (
            SELECT id, count(*) AS articles, {totals}, min(first).text AS first,
                max(last).text AS last
            FROM texts GROUP BY id
        ),
        pairs AS (
            SELECT DISTINCT s.{by} AS id, s.{other}
            FROM {_VIEW} s WHERE s.{by} IS NOT NULL AND s.{other} IS NOT NULL {named}
        ),
        met AS (SELECT id, count(*) AS {others} FROM pairs GROUP BY id)
        SELECT id, statements, articles, coalesce({others}, 0) AS {others}, first, last,
            {", ".join(_shares(by))}{", coalesce(changed, 0) AS changed" if claims else ""}
        FROM whole LEFT JOIN met USING (id) {changed} ORDER BY id
    """


def _shares(by: By) -> list[str]:
    found = [f"{name} / nullif(judged, 0) AS share_{name}" for name in STANCES]
    names = ("direct", "nested") + (("unnamed", "unsourced") if by == "outlet_id" else ())
    return found + [f"{name} / statements AS share_{name}" for name in names]


def _changes(by: By) -> str:
    return f"""
        WITH sides AS (
            SELECT s.{by} AS id, s.claim_id, s.day, sign(sum(CASE CAST(s.position AS VARCHAR)
                WHEN 'for' THEN 1 WHEN '1' THEN 1 WHEN 'against' THEN -1 WHEN '-1' THEN -1
                ELSE 0 END)) AS side
            FROM {_VIEW} s
            WHERE s.{by} IS NOT NULL AND s.claim_id IS NOT NULL AND s.day > {UNKNOWN_DAY}
            GROUP BY s.{by}, s.claim_id, s.day
        ),
        turned AS (
            SELECT id, claim_id FROM sides GROUP BY id, claim_id
            HAVING min(side) = -1 AND max(side) = 1
        )
        SELECT id, count(*) AS changed FROM turned GROUP BY id
    """

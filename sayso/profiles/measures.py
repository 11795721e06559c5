"""Outlets measured: sums over their statements and articles, and the words of their cues."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from sayso.errors import UsageError
from sayso.profiles.cues import CUE_CLASSES, cue_pattern
from sayso.profiles.features import FEATURES, STATEMENT, Feature

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

__all__ = ["MIN_OUTLETS", "OutletFeatures", "outlet_features"]

FloatArray = npt.NDArray[np.float64]

_NEEDED = (
    "article_id", "form", "stance", "p_assertion", "p_denial", "p_hedge", "p_speculation",
    "p_statement", "parent_id", "source_kind", "source_entity", "source_text", "cue_text",
    "content_text", "content_start", "content_end",
)  # fmt: skip

MIN_OUTLETS = 10
"""Fewest outlets that use a word of a cue, so that no word stands for one outlet."""

_PARTS = 1_000_000
"""Sums are kept in millionths, so that they are the same in whatever order they are added."""


@dataclass(frozen=True, slots=True)
class OutletFeatures:
    """What is measured of outlets, before it is shrunk.

    Attributes:
        ids: [outlets].
        names: [features] in the order of `FEATURES`.
        tops, bottoms: [outlets, features] sums above and below; a value is top / bottom.
        words: [words] of cues.
        counts: [outlets, words] in how many of its statements the cue has the word.
        statements, articles: [outlets] how many.
    """

    ids: tuple[str, ...]
    names: tuple[str, ...]
    tops: FloatArray
    bottoms: FloatArray
    words: tuple[str, ...]
    counts: FloatArray
    statements: npt.NDArray[np.int64]
    articles: npt.NDArray[np.int64]

    def of(self, ids: Iterable[str]) -> OutletFeatures:
        """Those of some outlets, in that order; of one without a statement all sums are 0."""
        place = {name: at for at, name in enumerate(self.ids)}
        asked = tuple(ids)
        at = np.array([place.get(name, len(self.ids)) for name in asked], np.int64)
        rows = (self.tops, self.bottoms, self.counts, self.statements, self.articles)
        tops, bottoms, counts, statements, articles = (
            np.concatenate([row, np.zeros_like(row, shape=(1, *row.shape[1:]))])[at] for row in rows
        )
        return OutletFeatures(
            asked, self.names, tops, bottoms, self.words, counts, statements, articles
        )


def outlet_features(
    connection: DuckDBPyConnection,
    *,
    table: str = "said",
    outlet: str = "outlet_id",
    words: Sequence[str] | None = None,
) -> OutletFeatures:
    """Measure how each outlet reports.

    Args:
        connection: of DuckDB.
        table: name of its table with one row a statement: the columns of a `Statement` without
            its spans, and `content_start`, `content_end` in code points.
        outlet: the column that says whose the statement is; rows where it is null are left out.
        words: of cues, that are counted; None for those that `MIN_OUTLETS` outlets use.

    Returns:
        Of each outlet with a statement, sorted by its id.

    Raises:
        UsageError: the table lacks a column.
    """
    columns = connection.sql(f'FROM "{table}" LIMIT 0').columns
    missing = [name for name in (*_NEEDED, outlet) if name not in columns]
    if missing:
        raise UsageError(f"expected a table {table} with {missing[0]}, found none in it")
    found = connection.sql(_query(table, outlet)).to_arrow_table().to_pydict()
    ids = tuple(map(str, found["id"]))
    used = connection.sql(_words_query(table, outlet, words)).to_arrow_table().to_pydict()
    known = tuple(sorted(set(used["word"])) if words is None else words)
    place, word_place = ({name: at for at, name in enumerate(some)} for some in (ids, known))
    counts = np.zeros((len(ids), len(known)))
    for name, word, number in zip(used["id"], used["word"], used["number"], strict=True):
        counts[place[str(name)], word_place[word]] = number
    return OutletFeatures(
        ids,
        tuple(feature.name for feature in FEATURES),
        _matrix(found, "top") / _PARTS,
        _matrix(found, "bottom"),
        known,
        counts,
        np.array(found["statements"], np.int64),
        np.array(found["articles"], np.int64),
    )


def _matrix(found: dict[str, list[Any]], side: str) -> FloatArray:
    columns = [found[f"{side}_{feature.name}"] for feature in FEATURES]
    return np.array(columns, np.float64).reshape(len(FEATURES), -1).T


def _query(table: str, outlet: str) -> str:
    classes = ", ".join(
        f"regexp_matches(lower(cue_text), '{cue_pattern(name)}') AS is_{name}"
        for name in CUE_CLASSES
    )
    each, whole = list[str](), list[str]()
    for feature in FEATURES:
        top, bottom = _sums(feature)
        if feature.unit == STATEMENT:
            each += [f"{top} AS top_{feature.name}", f"{bottom} AS bottom_{feature.name}"]
            top, bottom = (f"sum({side}_{feature.name})" for side in ("top", "bottom"))
        whole += [f"{top} AS top_{feature.name}", f"{bottom} AS bottom_{feature.name}"]
    return f"""
        WITH cues AS (
            SELECT DISTINCT cue_text AS cue, {classes}
            FROM "{table}" WHERE cue_text IS NOT NULL
        ),
        rows AS (
            SELECT * FROM "{table}" LEFT JOIN cues ON cue_text = cue WHERE "{outlet}" IS NOT NULL
        ),
        texts AS (
            SELECT "{outlet}" AS id, article_id, count(*) AS statements,
                count(*) FILTER (stance = 'denial') AS denials,
                count(*) FILTER (stance IN ('hedge', 'speculation')) AS doubts,
                max(content_end) AS reach, min(content_start) AS start, {", ".join(each)}
            FROM rows GROUP BY "{outlet}", article_id
        ),
        voices AS (
            SELECT "{outlet}" AS id, article_id, count(*) AS said FROM rows
            WHERE source_entity IS NOT NULL GROUP BY "{outlet}", article_id, source_entity
        ),
        spread AS (
            SELECT id, article_id, count(*) AS sources,
                sum(said * said) / (sum(said) * sum(said)) AS alike
            FROM voices GROUP BY id, article_id
        )
        SELECT id, sum(statements) AS statements, count(*) AS articles, {", ".join(whole)}
        FROM texts LEFT JOIN spread USING (id, article_id) GROUP BY id ORDER BY id
    """


def _sums(feature: Feature) -> tuple[str, str]:
    """SQL of the sums of a feature over its units."""
    top = f"CAST(round({_PARTS} * ({feature.top})) AS BIGINT)"
    if feature.whole:
        top = f"{_PARTS} * ({feature.top})"
    bottom = "count(*)" if feature.bottom == "1" else f"sum(CAST({feature.bottom} AS BIGINT))"
    return f"sum({top})", bottom


def _words_query(table: str, outlet: str, words: Sequence[str] | None) -> str:
    """How many statements of an outlet have a word in their cue; words with a capital are none."""
    kept = f"outlets >= {MIN_OUTLETS}"
    if words is not None:
        kept = f"word IN ({', '.join(repr(word) for word in words) or 'NULL'})"
    return f"""
        WITH used AS (
            SELECT "{outlet}" AS id, cue_text, count(*) AS number FROM "{table}"
            WHERE "{outlet}" IS NOT NULL AND cue_text IS NOT NULL GROUP BY "{outlet}", cue_text
        ),
        parts AS (
            SELECT cue_text, unnest(list_distinct(regexp_extract_all(cue_text, '\\w+'))) AS word
            FROM (SELECT DISTINCT cue_text FROM used)
        ),
        counted AS (
            SELECT id, word, CAST(sum(number) AS BIGINT) AS number
            FROM used JOIN parts USING (cue_text)
            WHERE regexp_full_match(word, '[a-z]+') GROUP BY id, word
        ),
        spread AS (SELECT word, count(*) AS outlets FROM counted GROUP BY word)
        SELECT id, word, number FROM counted JOIN spread USING (word) WHERE {kept}
    """

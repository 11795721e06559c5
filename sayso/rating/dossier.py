"""A claim with all that is said of it and who says it, as exports tell it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from sayso.errors import InputError, UsageError
from sayso.profiles.dates import UNKNOWN_DAY, days
from sayso.profiles.schema import Profiled
from sayso.rating.taxonomy import (
    confidence_tag,
    credibility_tag,
    likelihood_tag,
    reliability_tag,
)

__all__ = ["Dossier", "claim_tags", "read_dossiers", "statement_tags"]

AT_ONCE = 1_024
"""Claims that are put together at a time."""

_TEXTS = ("content_text", "source_text", "stance", "published")
_ABOUT = ("id", "name", "kind", "letter", "reasons")

_Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Dossier:
    """A claim.

    Attributes:
        claim: its row of `sayso.profiles.schema.CLAIMS`.
        said: rows of `SAID` on it, in their order, each with the columns `content_text`,
            `source_text`, `stance` and `published` of its statement and `day`, days since
            1970-01-01 or None. Statements without a content are left out.
        sources, outlets: who says it and who carries it, by id: `id`, `name`, `kind` (sources
            only), `letter` and `reasons`.
    """

    claim: _Row
    said: tuple[_Row, ...]
    sources: Mapping[str, _Row]
    outlets: Mapping[str, _Row]


def read_dossiers(
    profiles: Profiled, statements: pa.Table, *, most: int | None = None
) -> Iterator[Dossier]:
    """Claims one by one, those with the most sources first.

    Args:
        profiles: the tables.
        statements: with the columns of scored statements, in any order.
        most: so many claims at most.

    Raises:
        InputError: a column of the statements is missing.
        UsageError: `most` is less than 1.
    """
    if most is not None and most < 1:
        raise UsageError(f"expected at least 1 claim to export, found {most}")
    missing = [name for name in ("statement_id", *_TEXTS) if name not in statements.column_names]
    if missing:
        raise InputError(f"expected the columns of scored statements, found no {missing[0]!r}")
    claims = profiles.claims.slice(0, most)
    said = profiles.said
    of_claim = _places(said["claim_id"], claims["id"])
    order = np.argsort(of_claim, kind="stable")
    starts = np.searchsorted(of_claim[order], np.arange(len(claims) + 1))
    text = _places(said["statement_id"], statements["statement_id"])
    texts = statements.select(_TEXTS).combine_chunks()
    said = said.combine_chunks()
    for first in range(0, len(claims), AT_ONCE):
        last = min(first + AT_ONCE, len(claims))
        rows = order[starts[first] : starts[last]]
        part = said.take(pa.array(rows)).to_pylist()
        for row, more in zip(part, _texts(texts, text[rows]), strict=True):
            row.update(more)
        about = (
            _about(profiles.sources, part, "source_id"),
            _about(profiles.outlets, part, "outlet_id"),
        )
        for place, claim in enumerate(claims.slice(first, last - first).to_pylist(), first):
            at = starts[place] - starts[first], starts[place + 1] - starts[first]
            stated = (row for row in part[slice(*at)] if (row["content_text"] or "").strip())
            yield Dossier(claim, tuple(stated), *about)


def claim_tags(claim: _Row) -> list[str]:
    """The tags of a claim: credibility, likelihood and confidence, the last two if judged."""
    sides = ("supporting", "supporting_hedged", "opposing", "opposing_hedged")
    tags = (
        credibility_tag(claim["digit"]),
        likelihood_tag(claim["p_true"], claim["digit"]),
        confidence_tag(
            sided=sum(claim[side] or 0 for side in sides),
            carriers=claim["carriers"] or 0,
            outcome=claim["outcome"],
            digit=claim["digit"],
        ),
    )
    return [tag for tag in tags if tag]


def statement_tags(row: _Row, dossier: Dossier) -> list[str]:
    """The tags of a statement: its source's reliability, and the credibility of what it says.

    A source without a name has no record to judge it by: F.
    """
    source = dossier.sources.get(row["source_id"] or "")
    p_true = dossier.claim["p_true"]
    if p_true is not None and row["position"] == "against":
        p_true = 1 - p_true
    tags = (
        reliability_tag(source["letter"] if source else "F"),
        credibility_tag(row["digit"]),
        likelihood_tag(p_true, row["digit"]),
    )
    return [tag for tag in tags if tag]


def _places(values: pa.ChunkedArray, among: pa.ChunkedArray) -> npt.NDArray[np.int64]:
    """Where each value stands among others; what is not there comes after all of them."""
    found = pc.index_in(values, among.combine_chunks())
    return np.asarray(pc.fill_null(found, len(among)), dtype=np.int64)


def _texts(texts: pa.Table, rows: npt.NDArray[np.int64]) -> list[dict[str, Any]]:
    found = texts.take(pa.array(rows, mask=rows >= len(texts)))
    known = days(found["published"])
    told: list[dict[str, Any]] = found.to_pylist()
    for row, day in zip(told, known.tolist(), strict=True):
        row["day"] = None if day == UNKNOWN_DAY else day
    return told


def _about(table: pa.Table, said: list[dict[str, Any]], column: str) -> dict[str, _Row]:
    wanted = sorted({row[column] for row in said if row[column] is not None})
    places = pc.index_in(pa.array(wanted, pa.string()), table["id"].combine_chunks())
    names = [name for name in _ABOUT if name in table.column_names]
    found = table.select(names).take(pc.drop_null(places))
    return {row["id"]: row for row in found.to_pylist()}

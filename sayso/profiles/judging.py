"""How far each source or outlet can be relied on, as rows of the tables."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from sayso.profiles.evidence import agreement
from sayso.profiles.manner import By, manner
from sayso.profiles.store import Store
from sayso.profiles.voices import Voter, make_voices
from sayso.rating.admiralty import rate_sources
from sayso.records import KINDS, STANCES
from sayso.reliability.estimate import Estimates, estimate
from sayso.reliability.track import TrackRecords, track_records
from sayso.reliability.votes import UNKNOWN, Votes

__all__ = ["Judged", "judge"]


@dataclass(frozen=True, slots=True)
class Judged:
    """What is known of the sources, or of the outlets.

    Attributes:
        rows: one row a source or outlet, by id, with the columns of the schema but for name, kind
            and aliases.
        p_true: [claims], from their estimated reliability.
    """

    rows: pa.Table
    p_true: npt.NDArray[np.float64]


def judge(store: Store, voter: Voter, *, seed: int) -> Judged:
    """Judge the sources, or the outlets, of the table `said`.

    Args:
        store: has `said`, and `outcomes` (claim, truth 1 or 0).
        voter: whom.
        seed: of the sampling.
    """
    by: By = "source_id" if voter == "source" else "outlet_id"
    store.run(f"CREATE TABLE {voter}s AS {_VOTERS.format(voter=voter, by=by)}")
    voices = make_voices(store, voter)
    rows = manner(store.connection, by)
    estimates = estimate(_votes(store, voter, voices), seed=seed)
    rows = _with(rows, agreement(store, voices, f"{voter}s"))
    ids = store.table(f"SELECT id FROM {voter}s ORDER BY voter").column(0)
    rows = _with(rows, _estimated(ids, estimates))
    rows = _with(rows, _recorded(ids, _track(store, voices, len(ids))))
    return Judged(rate_sources(rows), estimates.p_true)


def _track(store: Store, voices: str, voters: int) -> TrackRecords:
    """What is known of the claims against the voices that take a side and those that do not."""
    heard = store.table(_KNOWN.format(voices=voices))
    stances = heard["stance"].to_pylist()
    return track_records(
        source=np.asarray(heard["voter"]),
        side=np.asarray(heard["side"]),
        stance=np.array([STANCES.index(stance) for stance in stances], np.int64),
        truth=np.asarray(heard["truth"]),
        sources=voters,
    )


_KNOWN = """
SELECT voter, coalesce(side, 0) AS side, truth,
  CASE WHEN side IS NULL THEN 'speculation' WHEN hedged THEN 'hedge'
    WHEN side = 1 THEN 'assertion' ELSE 'denial' END AS stance
FROM {voices} JOIN outcomes USING (claim) ORDER BY voter, claim
"""


def _recorded(ids: pa.Array, records: TrackRecords) -> pa.Table:
    scored = records.scored > 0
    return pa.table(
        {
            "id": ids,
            "known": pa.array(records.known),
            "right": pa.array(records.right),
            "brier": pa.array(records.brier.astype(np.float32), mask=~scored),
            "log_loss": pa.array(records.log_loss.astype(np.float32), mask=~scored),
        }
    )


_VOTERS = """
SELECT {voter} AS voter, any_value({by}) AS id, any_value(source_kind) AS kind
FROM said WHERE {voter} IS NOT NULL GROUP BY 1
"""


def _votes(store: Store, voter: Voter, voices: str) -> Votes:
    """The voices that take a side, and what is known of the claims."""
    cast = store.table(f"SELECT * FROM {voices} WHERE side IS NOT NULL ORDER BY claim, voter")
    kinds = store.table(f"SELECT kind FROM {voter}s ORDER BY voter").column(0).to_pylist()
    numbers = [KINDS.index(kind) if voter == "source" else 0 for kind in kinds]
    _, group = np.unique(np.array(numbers, np.int32), return_inverse=True)
    return Votes(
        source=np.asarray(cast["voter"], dtype=np.int32),
        claim=np.asarray(cast["claim"], dtype=np.int32),
        position=np.asarray(cast["side"], dtype=np.int8),
        hedged=np.asarray(cast["hedged"], dtype=np.bool_),
        day=np.asarray(cast["day"], dtype=np.int32),
        group=group.astype(np.int32),
        truth=known_truth(store),
    )


def known_truth(store: Store) -> npt.NDArray[np.int8]:
    """[claims] 1 or 0 as the table `outcomes` says, -1 for the others."""
    claims = store.value("SELECT coalesce(max(claim) + 1, 0) FROM said")
    truth = np.full(int(claims), UNKNOWN, np.int8)
    told = store.table("SELECT claim, truth FROM outcomes ORDER BY claim")
    truth[np.asarray(told["claim"], dtype=np.int64)] = np.asarray(told["truth"], dtype=np.int8)
    return truth


def _estimated(ids: pa.Array, estimates: Estimates) -> pa.Table:
    copies = estimates.copies
    return pa.table(
        {
            "id": ids,
            "reliability": pa.array(estimates.reliability, pa.float32()),
            "reliability_low": pa.array(estimates.low, pa.float32()),
            "reliability_high": pa.array(estimates.high, pa.float32()),
            "prior": pa.array(estimates.prior, pa.float32()),
            "checked": pa.array(estimates.checked, pa.float32()),
            "copied": pa.array(estimates.copied, pa.float32()),
            "copies": ids.take(pa.array(copies, mask=copies < 0)),
        }
    )


def _with(rows: pa.Table, more: pa.Table) -> pa.Table:
    """Rows sorted by id, with more columns of the same ids."""
    more = more.sort_by("id")
    if not rows["id"].combine_chunks().equals(more["id"].combine_chunks()):
        raise AssertionError("expected the same sources in every table")
    for name in more.column_names[1:]:
        rows = rows.append_column(name, more[name])
    return rows

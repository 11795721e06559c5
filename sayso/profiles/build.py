"""From scored statements to the profiles of their sources, outlets and claims."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from sayso.profiles.arrange import arrange, join
from sayso.profiles.factual import factual_reporting
from sayso.profiles.intake import Intake, OnReject, take_statements
from sayso.profiles.judging import judge
from sayso.profiles.linking import link, mark
from sayso.profiles.people import find_people
from sayso.profiles.schema import CLAIMS, OUTLETS, SAID, SOURCES
from sayso.profiles.store import MEMORY, Store, open_store
from sayso.profiles.topics import claim_rows
from sayso.rating.admiralty import rate_claims
from sayso.rejects import Reject
from sayso.reliability.outcomes import Outcome, read_outcomes, settle
from sayso.reliability.votes import UNKNOWN
from sayso.table import STATEMENT_SCHEMA

__all__ = ["SEED", "Profiles", "open_profiles"]

SEED = 0
"""Of the sampling of reliabilities, unless another is given."""

OnStage = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Profiles:
    """The four tables of a corpus, and its statements; see `sayso.profiles.schema`.

    Attributes:
        sources, outlets, claims: of the schemas of these names.
        intake: what was read.
        rejects: how many rows and files, of statements and outcomes, were left out.
    """

    sources: pa.Table
    outlets: pa.Table
    claims: pa.Table
    intake: Intake
    rejects: int
    _store: Store

    @property
    def said(self) -> pa.Table:
        """Of the schema `SAID`; read anew each time it is asked for."""
        return self._store.table(_SAID).cast(SAID)

    @property
    def statements(self) -> pa.Table:
        """The statements as they were read, in the order of `said`."""
        renamed = {"outlet": "outlet_name AS outlet", "source_kind": "kind_there AS source_kind"}
        names = ", ".join(renamed.get(name, name) for name in STATEMENT_SCHEMA.names)
        return self._store.table(f"SELECT {names} FROM said ORDER BY n").cast(STATEMENT_SCHEMA)


_SAID = """
SELECT s.statement_id, s.article_id, s.outlet_id, s.source_id, s.claim_id, s.position,
  denied.statement_id AS denies, first.statement_id AS copy_of,
  CASE WHEN s.side = -1 THEN digits.contrary ELSE digits.digit END AS digit
FROM said AS s
LEFT JOIN said AS denied ON denied.n = s.denies
LEFT JOIN said AS first ON first.n = s.copy_of
LEFT JOIN digits ON digits.claim = s.claim
ORDER BY s.n
"""


@contextmanager
def open_profiles(
    inputs: Sequence[str],
    *,
    on_reject: OnReject,
    folder: Path,
    outcomes: str | None = None,
    seed: int = SEED,
    memory: int = MEMORY,
    threads: int | None = None,
    processes: int = 1,
    on_stage: OnStage = lambda stage: None,
) -> Iterator[Profiles]:
    """Profile the sources, outlets and claims of scored statements.

    Args:
        inputs: see `sayso.profiles.intake.take_statements`.
        on_reject: told each row, of statements or outcomes, that is left out, and why.
        folder: where the working database may stand while the context is open.
        outcomes: file of claims known to be true or false; see `sayso.reliability.outcomes`.
        seed: of the sampling of reliabilities.
        memory: MiB that the working database may hold; no figure depends on it.
        threads: of the working database, all usable processors if None; nor on these.
        processes: that tie denials in a large corpus; nor on these. More than one need a main
            module that can be imported.
        on_stage: told what is being done.

    Raises:
        UsageError: an input is not there, none holds a statement, or there is no room to work.
        InputError: the outcomes cannot be read.
    """
    rejects = 0

    def reject(found: Reject) -> None:
        nonlocal rejects
        rejects += 1
        on_reject(found)

    told = read_outcomes(outcomes, reject) if outcomes else []
    with open_store(folder, memory=memory, threads=threads) as store:
        on_stage("reading statements")
        intake = take_statements(store, inputs, reject)
        arrange(store)
        factual = factual_reporting(store.connection, table="base", outlet="outlet_name")
        on_stage("resolving sources")
        people = find_people(store)
        on_stage("tying denials")
        denies = link(store, processes=processes)
        on_stage("grouping claims")
        join(store, people.sources, mark(store, people.source, denies))
        _settle(store, told, reject)
        on_stage("estimating reliability")
        sources, outlets = judge(store, "source", seed=seed), judge(store, "outlet", seed=seed)
        on_stage("rating")
        yield Profiles(
            sources=_sources(sources.rows, people.sources),
            outlets=_outlets(store, outlets.rows, factual),
            claims=_claims(store, sources.p_true),
            intake=intake,
            rejects=rejects,
            _store=store,
        )


def _settle(store: Store, told: list[Outcome], on_reject: OnReject) -> None:
    """The table `outcomes`: claim, truth (1 or 0)."""
    ids = store.table("SELECT claim_id FROM topics ORDER BY claim").column(0)
    truth: npt.NDArray[np.int8] = np.zeros(0, np.int8)
    if told:
        said = store.table("SELECT statement_id, coalesce(claim, -1) AS claim, side FROM said")
        truth = settle(
            told,
            on_reject,
            statement_ids=said["statement_id"],
            claim=np.asarray(said["claim"], dtype=np.int32),
            side=np.asarray(said["side"], dtype=np.int8),
            claim_ids=ids,
        )
    claims = np.flatnonzero(truth != UNKNOWN)
    known = pa.table(
        {"claim": pa.array(claims, pa.int32()), "truth": pa.array(truth[claims], pa.int8())}
    )
    store.run("CREATE TABLE outcomes AS SELECT * FROM known", known=known)


def _sources(rows: pa.Table, people: pa.Table) -> pa.Table:
    named = people.rename_columns(["source", "id", "name", "kind", "aliases", "profiled"])
    named = named.sort_by("id")
    for name in ("name", "kind", "aliases"):
        rows = rows.append_column(name, named[name])
    return _shaped(rows.filter(named["profiled"]), SOURCES)


def _outlets(store: Store, rows: pa.Table, factual: pa.Table) -> pa.Table:
    named = store.table(_NAMED, factual=factual)
    for name in ("name", "p_high", "p_mixed", "p_low"):
        rows = rows.append_column(name, named[name])
    return _shaped(rows, OUTLETS)


_NAMED = """
SELECT DISTINCT outlet_id, outlet_name AS name, p_high, p_mixed, p_low
FROM said LEFT JOIN factual ON factual.id = outlet_name
WHERE outlet_id IS NOT NULL ORDER BY 1
"""


def _shaped(rows: pa.Table, schema: pa.Schema) -> pa.Table:
    order = [("statements", "descending"), ("name", "ascending"), ("id", "ascending")]
    return rows.sort_by(order).select(schema.names).cast(schema)


def _claims(store: Store, p_true: npt.NDArray[np.float64]) -> pa.Table:
    rows = rate_claims(claim_rows(store))
    store.run(
        "CREATE TABLE digits AS SELECT * FROM rated",
        rated=rows.select(["claim", "digit", "contrary"]),
    )
    likely = pa.array(p_true[np.asarray(rows["claim"])], pa.float32())
    rows = rows.append_column("p_true", likely)
    order = [("sources", "descending"), ("id", "ascending")]
    return rows.sort_by(order).select(CLAIMS.names).cast(CLAIMS)

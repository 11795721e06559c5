"""How far two annotators agree on which statements are on the same claim."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from data.claims import CLAIMS, PARTS, ClaimRow, load_claims
from data.commands import Commands
from sayso.errors import InputError

__all__ = ["SECOND", "ClaimAgreement", "Pairs", "add_claims_command", "measure_claim_agreement"]

SECOND = CLAIMS.with_name("claims.second.jsonl")
"""Some events of `CLAIMS` by a second annotator, who did not see the first one's labels."""

_SIDES = {"for": 1, "against": -1, "open": 0}

Bools: TypeAlias = NDArray[np.bool_]
Signs: TypeAlias = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Pairs:
    """Pairs of statements, each on the same claim or not.

    Attributes:
        pairs: of statements of one event.
        both, first, second: on the same claim to both annotators, to the first alone, to the
            second alone.
        f1: of the pairs on the same claim, the same whoever is taken for right (Hripcsak and
            Rothschild 2005); None where neither has any.
        kappa: Cohen's kappa over all pairs; None where all are alike to both.
    """

    pairs: int
    both: int
    first: int
    second: int
    f1: float | None
    kappa: float | None


@dataclass(frozen=True, slots=True)
class ClaimAgreement:
    """Agreement of two annotators on an event, or on several together.

    Attributes:
        event: its id; empty for all of them.
        statements: that both labelled.
        every: over all pairs within events.
        across: over those of them in two articles.
        b_cubed: F1 of B³ (Bagga and Baldwin 1998) over statements; 1 where the claims are the same.
        sides: share of the pairs that are on the same claim to both (`every.both`) on whose sides
            they agree: the two are on the same, on opposite ones, or one leaves it open. Which of
            two contraries is the positive one makes no difference to it. None without such pairs.
        sides_kappa: Cohen's kappa of the same; None where all are alike to both.
        positions: share of the statements whose position is the same word.
    """

    event: str
    statements: int
    every: Pairs
    across: Pairs
    b_cubed: float
    sides: float | None
    sides_kappa: float | None
    positions: float


@dataclass(frozen=True, slots=True)
class _Event:
    """One event: n statements, and its n(n-1)/2 pairs, those of the first statement first.

    Attributes:
        same: for each annotator whether a pair is on the same claim.
        sides: for each annotator 1 for a pair on the same side, -1 on opposite ones, 0 open.
        across: whether a pair is in two articles.
        b_cubed: for each statement B³ precision and recall, n by 2.
        positions: for each statement whether the positions are the same.
    """

    same: tuple[Bools, Bools]
    sides: tuple[Signs, Signs]
    across: Bools
    b_cubed: NDArray[np.float64]
    positions: Bools


def measure_claim_agreement(
    first: Sequence[ClaimRow], second: Sequence[ClaimRow]
) -> list[ClaimAgreement]:
    """Agreement on each event of the second annotator, in their order there, and on all at last.

    Args:
        first: rows of one annotator; events that `second` lacks are left out.
        second: rows of another; none gives an empty list.

    Raises:
        InputError: an event of `second` has other statements than in `first`.
    """
    theirs, ours = _by_event(second), _by_event(first)
    events: dict[str, _Event] = {}
    for event, rows in theirs.items():
        known = ours.get(event, {})
        if differing := sorted(known.keys() ^ rows.keys()):
            who = "second" if differing[0] in rows else "first"
            raise InputError(
                f"expected {event} to have the same statements by both annotators, "
                f"found {differing[0]} by the {who} alone"
            )
        events[event] = _event(list(known.values()), [rows[name] for name in known])
    if not events:
        return []
    each = [_agreement(event, [found]) for event, found in events.items()]
    return [*each, _agreement("", list(events.values()))]


def _by_event(rows: Sequence[ClaimRow]) -> dict[str, dict[str, ClaimRow]]:
    events: dict[str, dict[str, ClaimRow]] = {}
    for row in rows:
        events.setdefault(row.event, {})[row.id] = row
    return events


def _event(first: Sequence[ClaimRow], second: Sequence[ClaimRow]) -> _Event:
    """Compare two readings of the same statements in the same order."""
    upper = np.triu_indices(len(first), 1)
    docs = np.array([row.doc for row in first])
    claims = [np.array([row.claim for row in rows]) for rows in (first, second)]
    one, other = (found[:, None] == found[None, :] for found in claims)
    shared = (one & other).sum(axis=1)
    signs = [np.array([_SIDES[row.position] for row in rows]) for rows in (first, second)]
    mine, yours = (found[upper[0]] * found[upper[1]] for found in signs)
    return _Event(
        (one[upper], other[upper]),
        (mine, yours),
        docs[upper[0]] != docs[upper[1]],
        np.stack([shared / other.sum(axis=1), shared / one.sum(axis=1)], axis=1),
        signs[0] == signs[1],
    )


def _agreement(name: str, events: Sequence[_Event]) -> ClaimAgreement:
    first, second = (np.concatenate([event.same[who] for event in events]) for who in (0, 1))
    mine, yours = (np.concatenate([event.sides[who] for event in events]) for who in (0, 1))
    across = np.concatenate([event.across for event in events])
    precision, recall = np.concatenate([event.b_cubed for event in events]).mean(axis=0)
    positions = np.concatenate([event.positions for event in events])
    both = first & second
    return ClaimAgreement(
        event=name,
        statements=len(positions),
        every=_pairs(first, second),
        across=_pairs(first[across], second[across]),
        b_cubed=float(2 * precision * recall / (precision + recall)),
        sides=float((mine == yours)[both].mean()) if both.any() else None,
        sides_kappa=_kappa(mine[both], yours[both]),
        positions=float(positions.mean()),
    )


def _pairs(first: Bools, second: Bools) -> Pairs:
    both = int((first & second).sum())
    ones, others = int(first.sum()), int(second.sum())
    f1 = 2 * both / (ones + others) if ones + others else None
    kappa = _kappa(first, second)
    return Pairs(len(first), both, ones - both, others - both, f1, kappa)


def _kappa(first: NDArray[Any], second: NDArray[Any]) -> float | None:
    """Cohen's kappa, None where there is one label at most."""
    from sklearn.metrics import cohen_kappa_score

    if len(np.union1d(first, second)) < 2:
        return None
    return float(cohen_kappa_score(first, second))


def add_claims_command(commands: Commands) -> None:
    """Add `claims-agreement`; it sets `call`, which takes the options and gives the exit code."""
    parser = commands.add_parser(
        "claims-agreement", help="how far two annotators agree on which statements share a claim"
    )
    parser.add_argument("--first", type=Path, default=CLAIMS, help="labels of one annotator")
    parser.add_argument("--second", type=Path, default=SECOND, help="some of the events by another")
    parser.set_defaults(call=_claims_agreement)


def _claims_agreement(options: argparse.Namespace) -> int:
    first, second = (
        [row for part in PARTS for row in load_claims(path, part=part)]
        for path in (options.first, options.second)
    )
    columns = ("event", "statements", "pairs", "F1", "kappa", "across", "F1", "kappa")
    print(_line(*columns, "B3", "sides", "kappa", "positions"))
    for found in measure_claim_agreement(first, second):
        print(_line(found.event or "all", found.statements, *_cells(found)))
    return 0


def _cells(found: ClaimAgreement) -> list[str]:
    cells = []
    for pairs in (found.every, found.across):
        counts = f"{pairs.both}+{pairs.first}+{pairs.second}"
        cells += [counts, _figure(pairs.f1), _figure(pairs.kappa)]
    shares = (found.b_cubed, found.sides, found.sides_kappa, found.positions)
    return cells + [_figure(share) for share in shares]


def _figure(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"


def _line(*cells: object) -> str:
    return " ".join(f"{cell!s:>10}" for cell in cells)

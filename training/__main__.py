"""`python -m training`: train from labelled data, and publish runs to MLflow."""

from __future__ import annotations

import argparse
import logging
import sys
from collections.abc import Sequence
from pathlib import Path

from sayso.errors import SaysoError

__all__ = ["main"]


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; 0 done, 2 wrong use or input, 130 interrupted (run it again to go on)."""
    parser = argparse.ArgumentParser(prog="python -m training", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    fit = commands.add_parser("fit", help="train, calibrate, export, evaluate and track a recipe")
    fit.add_argument("recipe", type=Path, help="a TOML file, e.g. training/recipes/small.toml")
    fit.add_argument("--data", type=Path, required=True, help="folder of the labelled data")
    fit.add_argument("--out", type=Path, default=Path("runs"), help="folder for run folders")
    fit.add_argument("--encoder", help="another encoder: hub id, folder or package:MODULE/PATH")
    fit.add_argument("--start", type=Path, help="run folder whose network this one begins with")
    fit.add_argument("--stance", type=Path, help="run folder of two-stage that joins the bundle")
    fit.add_argument("--parent", metavar="NAME", help="MLflow run that this one stands under")
    fit.add_argument("--threads", type=int, help="of torch and onnxruntime")
    fit.add_argument("--tracking-uri", help="MLflow server or store (MLFLOW_TRACKING_URI)")
    stage = commands.add_parser("two-stage", help="train the second stage: stance, spans marked")
    stage.add_argument("recipe", type=Path, help="training/recipes/two-stage.toml")
    stage.add_argument("--data", type=Path, required=True, help="folder of the labelled data")
    stage.add_argument("--out", type=Path, default=Path("runs"), help="folder for run folders")
    stage.add_argument("--tracking-uri", help="MLflow server or store (MLFLOW_TRACKING_URI)")
    sync = commands.add_parser("sync", help="publish a run folder to MLflow, again if need be")
    sync.add_argument("run", type=Path, help="a run folder that fit made")
    sync.add_argument("--tracking-uri", help="MLflow server or store (MLFLOW_TRACKING_URI)")
    options = parser.parse_args(argv)
    logging.basicConfig(level=logging.INFO, format="%(message)s", stream=sys.stderr)
    try:
        return {"fit": _fit, "two-stage": _two_stage, "sync": _sync}[options.command](options)
    except SaysoError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print(
            "interrupted: run the same command to go on from the last checkpoint", file=sys.stderr
        )
        return 130


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
        stance=options.stance,
        parent=options.parent,
    )
    print(f"{fitted.model}: {fitted.bundle} (MLflow run {fitted.run_id})")
    return 0


def _two_stage(options: argparse.Namespace) -> int:
    from training.two_stage import fit_two_stage

    figures = fit_two_stage(
        options.recipe, data=options.data, out=options.out, uri=options.tracking_uri
    )
    print(", ".join(f"{name} {value:.3f}" for name, value in figures.items()))
    return 0


def _sync(options: argparse.Namespace) -> int:
    from eval.publish import publish
    from eval.rundir import RunDirectory

    print(publish(RunDirectory(options.run), uri=options.tracking_uri))
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""The subcommand `outlets` of `python -m eval`: options in, exit code out."""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path
from typing import TypeAlias

__all__ = ["add_outlets_command"]

Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"


def add_outlets_command(commands: Commands) -> None:
    """Add the subcommand; it sets `call`, which takes the options and gives the exit code."""
    told = commands.add_parser(
        "outlets", help="factual reporting of outlets by how they report; fits its model too"
    )
    told.add_argument("--data", type=Path, required=True, help="folder of articles and ratings")
    told.add_argument(
        "--statements", required=True, help="what sayso score made of the articles: file or folder"
    )
    told.add_argument(
        "--articles", type=Path, help="the articles; outlets.articles.jsonl.gz of the folder"
    )
    told.add_argument("--ratings", type=Path, help="JSON; outlet-ratings.dev.json of the folder")
    told.add_argument(
        "--profiles", type=Path, help="what sayso sources made of them, for agreement of outlets"
    )
    told.add_argument("--repeats", type=int, default=10, help="how often folds are dealt; 10")
    told.add_argument("--no-groups", action="store_true", help="leave out groups of features")
    told.add_argument("--ship", action="store_true", help="copy the model to sayso/profiles too")
    told.add_argument("-o", "--out", type=Path, default=Path("results/outlets"), help="folder")
    told.add_argument("--track", action="store_true", help="log it to MLflow as a run")
    told.add_argument("--tracking-uri", help="MLflow server or store (MLFLOW_TRACKING_URI)")
    told.set_defaults(call=_outlets)


def _outlets(options: argparse.Namespace) -> int:
    from eval.outletdata import ARTICLES, RATINGS, read_outlets
    from eval.outletplot import draw_outlets
    from eval.outletreport import outlet_page
    from eval.outlets import compare_designs, fit_model
    from eval.publish import publish
    from eval.rundir import RunDirectory, collect_environment
    from eval.speedcommands import make_folder
    from eval.tracking import EXPERIMENT
    from sayso.errors import UsageError
    from sayso.profiles.factual import MODEL
    from sayso.server import check_server

    if options.repeats < 1:
        raise UsageError(f"expected at least 1 repeat, found {options.repeats}")
    if options.track:
        check_server(options.tracking_uri)
    make_folder(options.out)
    start = time.time()
    outlets = read_outlets(
        options.statements,
        str(options.articles or options.data / ARTICLES),
        options.ratings or options.data / RATINGS,
        profiles=options.profiles,
    )
    found = compare_designs(
        outlets,
        repeats=options.repeats,
        groups=not options.no_groups,
        note=lambda name: print(name, file=sys.stderr),
    )
    model = fit_model(outlets)
    run, results = RunDirectory(options.out), found.to_dict()
    run.write_results(results)
    run.write_page("results.md", outlet_page(results))
    run.write_bytes("outlets.json", model.to_json().encode())
    draw_outlets(results, options.out)
    print(outlet_page(results))
    if options.ship:
        RunDirectory(MODEL.parent).write_bytes(MODEL.name, model.to_json().encode())
    if options.track:
        environment = collect_environment()
        params = {"kind": "outlets", **found.settings(), "commit": environment["commit"]}
        run.write_params(params)
        run.write_evaluation({"data": dict(outlets.digests)})
        now = time.time()
        run.write_environment({**environment, "finished": now, "seconds": now - start})
        run.write_tracking(experiment=EXPERIMENT, name="outlets")
        print(f"MLflow run {publish(run, uri=options.tracking_uri)}", file=sys.stderr)
    return 0

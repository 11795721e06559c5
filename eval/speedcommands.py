"""The subcommands `bench`, `frontier`, `plan` and `profiling`: options in, exit code out."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from sayso.errors import UsageError

if TYPE_CHECKING:
    from eval.frontier import Frontier

__all__ = ["add_speed_commands", "make_folder"]

Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"


def add_speed_commands(commands: Commands) -> None:
    """Add the subcommands; each sets `call`, which takes the options and gives the exit code."""
    timed = commands.add_parser("bench", help="articles/s, tokens/s, start-up, memory, peaks")
    timed.add_argument("--articles", type=int, default=200, help="how many, 2 or more")
    timed.add_argument("--model", type=Path, help="bundle folder")
    timed.add_argument("--threads", type=int, help="of one process; one a processor if left out")
    timed.add_argument(
        "--rival", action="store_true", help="time the same network in transformers' pipeline too"
    )
    timed.add_argument("--encoder", help="the rival's: package:MODULE/PATH, folder or hub id")
    timed.add_argument("--no-peaks", action="store_true", help="leave the machine's peaks out")
    timed.add_argument(
        "--growth",
        type=_sizes,
        default=(),
        metavar="N,N…",
        help="time and memory at these numbers of articles too, e.g. 1000,10000,100000",
    )
    timed.add_argument("-o", "--out", type=Path, help="write JSON to this file")
    timed.set_defaults(call=_bench)
    _add_frontier(commands)
    _add_plan(commands)
    _add_profiling(commands)


def _add_profiling(commands: Commands) -> None:
    grown = commands.add_parser(
        "profiling", help="time and memory of sayso sources over made statements"
    )
    grown.add_argument(
        "--statements",
        type=_sizes,
        default=(10_000, 100_000, 1_000_000),
        metavar="N,N…",
        help="how many; 10000,100000,1000000 if left out",
    )
    grown.add_argument("-o", "--out", type=Path, help="write JSON to this file")
    grown.set_defaults(call=_profiling)


def _profiling(options: argparse.Namespace) -> int:
    from eval.profilegrowth import profile_growth

    found = profile_growth(options.statements)
    if options.out:
        _write(options.out, json.dumps(found.to_dict(), indent=1) + "\n")
    print(found.to_text())
    return 0


def _add_frontier(commands: Commands) -> None:
    front = commands.add_parser(
        "frontier", help="accuracy against speed, with the Pareto front and its knee"
    )
    front.add_argument("results", type=Path, nargs="*", help="JSON files of points")
    front.add_argument(
        "--bundle", type=Path, action="append", default=[], help="measure this too; again for more"
    )
    front.add_argument("--data", type=Path, help="folder of the labelled data")
    front.add_argument("--split", default="dev", help="as in polnear.<split>.jsonl")
    front.add_argument("--threads", type=int)
    front.add_argument(
        "-o",
        "--out",
        type=Path,
        default=Path("frontier.json"),
        help="JSON of all points; a chart (.png, .svg) and a table (.md) stand beside it",
    )
    front.set_defaults(call=_frontier)


def _add_plan(commands: Commands) -> None:
    plan = commands.add_parser("plan", help="time and cost of many articles on many machines")
    plan.add_argument("--articles", type=int, default=100_000_000)
    plan.add_argument("--cores-per-node", type=int, default=16)
    plan.add_argument("--price", type=float, default=0.25, help="of a node and hour")
    plan.add_argument("--articles-per-second", type=float, help="of one core")
    plan.add_argument("--bench", type=Path, help="take speed and memory from this bench's JSON")
    plan.add_argument("-o", "--out", type=Path, help="write JSON to this file")
    plan.set_defaults(call=_plan)


def _bench(options: argparse.Namespace) -> int:
    from eval.bench import bench

    if options.out:
        make_folder(options.out.absolute().parent)
    found = bench(
        articles=options.articles,
        threads=options.threads,
        model=options.model,
        rival=options.rival,
        encoder=options.encoder,
        peaks=not options.no_peaks,
        growth=options.growth,
    )
    if options.out:
        _write(options.out, found.to_json() + "\n")
    print(found.to_text())
    return 0


def _frontier(options: argparse.Namespace) -> int:
    from eval.frontier import gather, read_frontiers
    from eval.frontierchart import draw_frontier

    if not options.results and not options.bundle:
        raise UsageError("expected files of points or --bundle, found neither")
    if options.bundle and options.data is None:
        raise UsageError("expected --data for the figures of a bundle, found none")
    make_folder(options.out.absolute().parent)
    found: Frontier = read_frontiers(options.results)
    if options.bundle:
        measured = gather(
            options.bundle, options.data, split=options.split, threads=options.threads
        )
        found = found.joined(measured)
    _write(options.out, found.to_json() + "\n")
    _write(options.out.with_suffix(".md"), found.to_text())
    for path in draw_frontier(found, options.out):
        print(path, file=sys.stderr)
    print(found.to_text())
    return 0


def _plan(options: argparse.Namespace) -> int:
    from eval.plan import plan, read_rate

    if (options.bench is None) == (options.articles_per_second is None):
        raise UsageError("expected either --bench or --articles-per-second, found neither or both")
    rate = options.articles_per_second or read_rate(options.bench)
    found = plan(
        articles=options.articles,
        cores_per_node=options.cores_per_node,
        price=options.price,
        articles_per_second=rate,
    )
    if options.out:
        make_folder(options.out.absolute().parent)
        _write(options.out, found.to_json() + "\n")
    print(found.to_text())
    return 0


def _sizes(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in text.split(","))


def make_folder(folder: Path) -> None:
    """Make a folder before any work, so that nothing is measured in vain.

    Raises:
        UsageError: it cannot be made.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(f"expected a folder to write to, found {error}") from error


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise UsageError(f"expected a file to write, found {error}") from error

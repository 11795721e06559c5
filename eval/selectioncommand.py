"""The subcommand `selection` of `python -m eval`: options in, exit code out."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from sayso.errors import InputError

if TYPE_CHECKING:
    from data.records import LabelledArticle
    from eval.selection import Savings

__all__ = ["add_selection_command"]

Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"

_TUNE, _REPORT, _ALL = "tune", "report", "all"


def add_selection_command(commands: Commands) -> None:
    """Add the subcommand; it sets `call`, which takes the options and gives the exit code."""
    saved = commands.add_parser(
        "selection", help="what choosing what to label saves, against labels at random"
    )
    saved.add_argument("--data", type=Path, required=True, help="folder of the labelled data")
    saved.add_argument("--model", type=Path, help="bundle that has not learnt the pool's articles")
    saved.add_argument(
        "--pool",
        action="append",
        metavar="NAME",
        help="file of articles marked in full; again for more; news.train.jsonl, news.more.jsonl",
    )
    saved.add_argument(
        "--without",
        action="append",
        default=[],
        metavar="OUTLET",
        help="leave out articles of an outlet that the bundle has learnt; again for more",
    )
    saved.add_argument(
        "--part",
        choices=(_TUNE, _REPORT, _ALL),
        default=_REPORT,
        help="half of the articles, by a hash of their ids: one to choose settings on, one to "
        "report, or all",
    )
    saved.add_argument("--unit", action="append", choices=("articles", "statements"))
    saved.add_argument("--budget", type=int, default=1000, help="labels of the whole curve")
    saved.add_argument("--steps", type=int, default=10, help="points of the curve")
    saved.add_argument("--seeds", type=int, default=5, help="splits into pool and held-out part")
    saved.add_argument("-o", "--out", type=Path, help="folder for the figures and the plot")
    saved.set_defaults(call=_selection)


def _selection(options: argparse.Namespace) -> int:
    from data.uncertainty import Doubter
    from eval.commands import write_report
    from eval.selection import measure_savings, read_labelled
    from eval.selectionplot import draw_savings
    from eval.speedcommands import make_folder

    if options.out:
        make_folder(options.out)
    articles = _articles(options)
    doubter = Doubter(options.model)
    labelled = read_labelled(doubter, articles)
    found = [
        measure_savings(
            labelled,
            unit,
            model=doubter.model,
            budget=options.budget,
            steps=options.steps,
            seeds=options.seeds,
        )
        for unit in options.unit or ("articles", "statements")
    ]
    page = _page(found, len(labelled))
    if options.out:
        content = {"part": options.part, "savings": [one.to_dict() for one in found]}
        write_report(options.out, "selection", content, page)
        for path in draw_savings(found, options.out):
            print(path, file=sys.stderr)
    print(page)
    return 0


def _articles(options: argparse.Namespace) -> Sequence[LabelledArticle]:
    from data.loaders import load_full
    from data.split import hold_out

    names = options.pool or ("news.train.jsonl", "news.more.jsonl")
    articles = [article for name in names for article in load_full(options.data, name)]
    articles = [article for article in articles if article.outlet not in options.without]
    report, tune = hold_out(articles, 0.5, salt="part")
    chosen = {_TUNE: tune, _REPORT: report, _ALL: articles}[options.part]
    if not chosen:
        raise InputError(f"expected labelled articles in {', '.join(names)}, found none")
    return chosen


def _page(found: Sequence[Savings], articles: int) -> str:
    from eval.selection import CHOSEN, RANDOM, UNSURE

    first = found[0]
    lines = [
        "# What choosing saves",
        "",
        f"{articles} labelled articles taken for unlabelled, read by {first.model}; "
        f"{first.pool:,.0f} statements to choose from and {first.held:,.0f} to measure on, mean of "
        f"{len(first.curves[RANDOM].quality)} splits. Macro-F1 over five labels, %.",
    ]
    for one in found:
        grid = one.curves[RANDOM].labels
        heads = " | ".join(f"{n:.0f}" for n in grid)
        lines += [
            "",
            f"| {one.unit}, labels | {heads} | reached | held from |",
            f"| --- |{' --- |' * (len(grid) + 2)}",
        ]
        for name in (RANDOM, UNSURE, CHOSEN):
            shares = (one.share(name), one.share_held(name))
            reached = " | ".join("never" if n is None else f"{n:.0%}" for n in shares)
            values = " | ".join(f"{100 * value:.1f}" for value in one.curves[name].mean)
            lines.append(f"| {name} | {values} | {reached} |")
    lines += [
        "",
        "Reached: share of the labels with which the mean first comes up to what random choice "
        "reaches with all of them. Held from: the share from which on it stays there.",
    ]
    return "\n".join(lines) + "\n"

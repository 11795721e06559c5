"""The subcommand `entities` of `python -m eval`: options in, exit code out."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from eval.entities import EntityReport
    from eval.figures import Scores

__all__ = ["add_entities_command", "entities_page"]

Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"


def add_entities_command(commands: Commands) -> None:
    """Add the subcommand; it sets `call`, which takes the options and gives the exit code."""
    told = commands.add_parser(
        "entities", help="sources merged across articles, on labelled pairs and events"
    )
    told.add_argument("--data", type=Path, required=True, help="folder of labelled data")
    told.add_argument(
        "--statements",
        type=Path,
        action="append",
        default=[],
        metavar="PARQUET",
        help="scored statements to merge along, as in a larger corpus; again for more",
    )
    told.add_argument("-o", "--out", type=Path, default=Path("results/entities"), help="folder")
    told.set_defaults(call=_entities)


def _entities(options: argparse.Namespace) -> int:
    from data.save import write_whole
    from eval.entities import measure_entities
    from eval.speedcommands import make_folder

    make_folder(options.out)
    page = entities_page(measure_entities(options.data, statements=options.statements))
    write_whole(options.out / "entities.md", page)
    print(page)
    return 0


def entities_page(report: EntityReport) -> str:
    """The report in Markdown: pairs by stratum, events, and what is taken wrongly."""
    from eval.entities import ALIKE

    lines = [
        "# Sources across articles",
        "",
        "Precision, recall and F1 of pairs of mentions, 95 % intervals over pairs.",
        "",
        f"| pairs | of them one source | merged | equal names | token-set ratio ≥ {ALIKE} |",
        "| --- | --- | --- | --- | --- |",
    ]
    for one in report.strata:
        ways = " | ".join(_told(way) for way in (one.merged, one.exact, one.alike))
        lines.append(f"| {one.stratum}, {one.pairs} | {one.same} | {ways} |")
    lines += ["", "B³ over all mentions of an event: precision, recall, F1.", ""]
    lines += ["| event | mentions | merged | equal names |", "| --- | --- | --- | --- |"]
    for event in report.events:
        three = (" / ".join(f"{100 * x:.1f}" for x in way) for way in (event.merged, event.exact))
        lines.append(f"| {event.event} | {event.mentions} | {' | '.join(three)} |")
    lines += ["", "Taken wrongly:", ""]
    for wrong in report.wrong:
        verdict = "one, told apart" if wrong.same else "two, taken for one"
        lines.append(f"- {wrong.stratum}: {wrong.names[0]} ({wrong.a.doc}), {wrong.names[1]} "
                     f"({wrong.b.doc}): {verdict}")  # fmt: skip
    return "\n".join(lines) + "\n"


def _told(way: Scores) -> str:
    return f"{100 * way.precision.value:.0f} / {100 * way.recall.value:.0f} / {way.f1}"

"""The subcommand `simulate` of `python -m eval`: options in, exit code out."""

from __future__ import annotations

import argparse
import math
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from sayso.errors import UsageError

if TYPE_CHECKING:
    from eval.simulate import Simulated

__all__ = ["add_simulate_command"]

Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"


def add_simulate_command(commands: Commands) -> None:
    """Add the subcommand; it sets `call`, which takes the options and gives the exit code."""
    simulated = commands.add_parser(
        "simulate", help="truth discovery in worlds with known truth, beside other methods"
    )
    simulated.add_argument("--seeds", type=int, default=5, help="worlds a setting")
    simulated.add_argument(
        "--most", type=int, default=5000, help="leave out settings of more sources"
    )
    simulated.add_argument("-o", "--out", type=Path, help="file for the page, in Markdown")
    simulated.set_defaults(call=_simulate)


def _simulate(options: argparse.Namespace) -> int:
    from eval.simulate import SETTINGS, simulate

    settings = [setting for setting in SETTINGS if setting.sources <= options.most]
    if options.seeds < 1 or not settings:
        raise UsageError("expected one world and one setting at least, found none")
    if options.out:
        _write(options.out, "")
    found = []
    for setting in settings:
        found += simulate([setting], seeds=options.seeds)
        print(f"simulated {setting.name}", file=sys.stderr)
    page = to_page(found)
    if options.out:
        _write(options.out, page)
    print(page)
    return 0


def to_page(found: Sequence[Simulated]) -> str:
    """The figures as a page in Markdown."""
    from eval.simulate import METHODS

    heads = " | ".join(METHODS)
    parts = [
        "# Truth discovery where the truth is known\n",
        "Means over the worlds of a setting; all copying is hidden from the methods.",
        *_table(
            "Rank correlation (Spearman) of estimated with true reliability",
            f"world | votes | {heads}",
            [
                [one.setting.name, f"{sum(one.votes) / len(one.votes):,.0f}"]
                + [_figure(one.mean(name, "rank"), 3) for name in METHODS]
                for one in found
            ],
        ),
        *_table(
            "Intervals of 90 % and copying found, %",
            "world | worlds | hold the truth | those of copiers | width | copiers found | "
            "of those said to copy, right",
            [
                [one.setting.name, str(len(one.votes))]
                + [
                    _figure(100 * _mean(values), 1)
                    for values in (
                        one.covered,
                        one.covered_copiers,
                        one.width,
                        one.found,
                        one.precise,
                    )
                ]
                for one in found
            ],
        ),
        *_table("Claims whose truth is found, %", *_by_method(found, "claims")),
        *_table(
            "Change of the originals' reliability by their copiers, points",
            *_by_method([one for one in found if one.setting.copiers], "raised"),
        ),
        *_table(
            "The same, of originals that are wrong at least as often as right",
            *_by_method([one for one in found if one.setting.copiers], "raised_bad"),
        ),
        *_table(
            "Claims of the liar whose truth is found, %",
            *_by_method([one for one in found if one.setting.originals == "liar"], "targets"),
        ),
    ]
    return "\n".join(parts) + "\n"


def _by_method(found: Sequence[Simulated], figure: str) -> tuple[str, list[list[str]]]:
    from eval.simulate import METHODS

    names = METHODS if figure.startswith("raised") else METHODS[:-1]
    rows = [
        [one.setting.name] + [_figure(100 * one.mean(name, figure), 1) for name in names]
        for one in found
    ]
    return f"world | {' | '.join(names)}", rows


def _table(title: str, heads: str, rows: Sequence[Sequence[str]]) -> list[str]:
    if not rows:
        return []
    lines = ["", f"## {title}", "", f"| {heads} |", "| --- |" + " ---: |" * heads.count("|")]
    return lines + [f"| {' | '.join(row)} |" for row in rows]


def _mean(values: Sequence[float]) -> float:
    known = [value for value in values if not math.isnan(value)]
    return sum(known) / len(known) if known else math.nan


def _figure(value: float, digits: int) -> str:
    return "–" if math.isnan(value) else f"{value + 0.0:.{digits}f}"


def _write(path: Path, text: str) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise UsageError(f"expected a file to write to, found {error}") from error

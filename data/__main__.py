"""`python -m data`: look after the labelled data."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from data.checkcommands import add_check_commands
from data.claimagreement import add_claims_command
from data.commands import Commands
from data.part import add_part_command
from data.selectcommand import add_select_command
from data.tools.commands import add_tool_commands
from sayso.errors import SaysoError, UsageError

__all__ = ["main"]

ADDERS: tuple[Callable[[Commands], None], ...] = (
    add_check_commands,
    add_tool_commands,
    add_select_command,
    add_part_command,
    add_claims_command,
)
"""Each adds its subcommands, which set `call`: it takes the options and gives the exit code."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; 0 done, 1 what was checked has errors, 2 wrong use or input."""
    options = _parser().parse_args(argv)
    try:
        return int(options.call(options))
    except SaysoError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m data", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    noise = commands.add_parser("noise", help="rank stance labels by how suspect they are")
    noise.add_argument("--data", type=Path, default=Path("data"), help="folder of labelled data")
    noise.add_argument("--split", default="train", help="as in stance.<split>.jsonl")
    noise.add_argument("--folds", type=int, default=5, help="parts of the documents, 2 or more")
    noise.add_argument("--all", action="store_true", help="every label, not only suspected errors")
    noise.add_argument("--text", action="store_true", help="with the statements' text")
    noise.add_argument("-o", "--out", type=Path, default=Path("noise.jsonl"), help="JSONL file")
    noise.set_defaults(call=_noise)
    for add in ADDERS:
        add(commands)
    return parser


def _noise(options: argparse.Namespace) -> int:
    from data.items import load_items
    from data.quality import find_suspects
    from data.save import write_whole

    if options.folds < 2:
        raise UsageError(f"expected 2 folds or more, found {options.folds}")
    items = load_items(options.data, options.split)
    found = find_suspects(items, folds=options.folds)
    issues = sum(one.issue for one in found)
    rows = [one.to_dict(text=options.text) for one in found if one.issue or options.all]
    write_whole(options.out, "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows))
    print(f"{issues:,} of {len(items):,} labels are suspect; {len(rows):,} rows in {options.out}")
    return 0


if __name__ == "__main__":
    sys.exit(main())

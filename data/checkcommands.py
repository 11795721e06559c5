"""The subcommands `check`, `planted` and `withdraw` of `python -m data`."""

from __future__ import annotations

import argparse
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from data.commands import Commands
from sayso.errors import UsageError

if TYPE_CHECKING:
    from data.withdrawn import Withdrawal

__all__ = ["add_check_commands"]


def add_check_commands(commands: Commands) -> None:
    """Add the subcommands."""
    _add_check(commands)
    planted = commands.add_parser(
        "planted", help="how many planted label errors the top of the queue of suspects holds"
    )
    planted.add_argument("--data", type=Path, required=True, help="folder of the labelled data")
    planted.add_argument("--file", default="polnear.dev", help="a held-out one: polnear.dev, gold")
    planted.add_argument("--seeds", type=int, default=10, help="how often errors are planted")
    planted.add_argument(
        "--likely", action="store_true", help="into the likeliest other label, not any other"
    )
    planted.add_argument("--model", type=Path, help="bundle that judges; the one that ships")
    planted.add_argument("--threads", type=int, help="of one inference")
    planted.set_defaults(call=_planted)
    withdraw = commands.add_parser(
        "withdraw", help="leave articles, statements or an annotator's labels out from now on"
    )
    withdraw.add_argument(
        "ids", nargs="*", metavar="ID", help="ARTICLE, ARTICLE#n, a label's id, or annotator:NAME"
    )
    withdraw.add_argument("--data", type=Path, required=True, help="folder of the labelled data")
    withdraw.add_argument("--because", metavar="TEXT", help="the reason; it is kept")
    withdraw.add_argument("--labels", action="store_true", help="of articles only the labels")
    withdraw.add_argument("--annotator", metavar="NAME", help="only what this one marked")
    withdraw.add_argument("--file", metavar="NAME", help="the file that numbers the statements")
    withdraw.add_argument("--list", action="store_true", help="what was withdrawn so far")
    withdraw.set_defaults(call=_withdraw)


def _add_check(commands: Commands) -> None:
    check = commands.add_parser("check", help="are these labels fit to learn from? 0 yes, 1 no")
    check.add_argument("file", type=Path, help="labels, as `python -m data import` writes them")
    check.add_argument("--data", type=Path, required=True, help="folder of the labelled data")
    check.add_argument(
        "--labels", type=Path, action="append", default=[], help="more that is learnt from; again"
    )
    check.add_argument("--queue", type=Path, metavar="FILE", help="write suspected label errors")
    check.add_argument("--worst", type=float, default=0.1, help="share of the labels in the queue")
    check.add_argument("-o", "--out", type=Path, metavar="FOLDER", help="check.md and check.json")
    check.add_argument("--limit", type=int, default=10, help="most findings of a kind on the page")
    check.add_argument("--model", type=Path, help="bundle that judges; the one that ships")
    check.add_argument("--threads", type=int, help="of one inference")
    check.add_argument("--quick", action="store_true", help="look for no suspects")
    check.set_defaults(call=_check)


def _check(options: argparse.Namespace) -> int:
    from data.check import check_labels
    from data.checkreport import check_page
    from data.save import write_whole
    from data.suspects import save_queue
    from sayso.scorer import Scorer

    if options.quick and options.queue:
        raise UsageError("expected either --queue or --quick, found both")
    if options.limit < 1 or not 0 < options.worst <= 1:
        raise UsageError("expected a limit of 1 or more and a share over 0 and up to 1")
    scorer = None if options.quick else Scorer.load(options.model, threads=options.threads)
    report = check_labels(options.file, data=options.data, labels=options.labels, scorer=scorer)
    if options.queue:
        save_queue(report.queue, options.queue, share=options.worst)
    queue = str(options.queue) if options.queue else None
    page = check_page(report, limit=options.limit, queue=queue, worst=options.worst)
    if options.out:
        try:
            options.out.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise UsageError(f"expected a folder to write to, found {error}") from error
        write_whole(options.out / "check.md", page)
        write_whole(options.out / "check.json", json.dumps(report.to_dict(), indent=1) + "\n")
    print(page.encode("utf-8", "backslashreplace").decode("utf-8"), end="")
    return 1 if report.errors else 0


def _planted(options: argparse.Namespace) -> int:
    from data.planted import PLANTED, TOP, measure_planted
    from sayso.scorer import Scorer

    scorer = Scorer.load(options.model, threads=options.threads)
    found = measure_planted(
        options.data, options.file, seeds=options.seeds, scorer=scorer, likely=options.likely
    )
    print(
        f"{found.name}: {found.errors} of {found.labels:,} labels turned ({PLANTED:.0%}), found in "
        f"the top {TOP:.0%} of the queue, over {options.seeds} seeds:"
    )
    for one in found.recalls:
        print(f"{one.judge:<36} {one.mean:6.1%}  ({one.least:.1%} to {one.most:.1%})")
    return 0


def _withdraw(options: argparse.Namespace) -> int:
    from data.withdrawing import withdraw
    from data.withdrawn import load_withdrawn

    if options.list:
        if options.ids:
            raise UsageError("expected either ids or --list, found both")
        for row in load_withdrawn(options.data).rows:
            print(_line(row))
        return 0
    if not options.because:
        raise UsageError("expected --because TEXT, found none")
    added = withdraw(
        options.data,
        options.ids,
        because=options.because,
        date=datetime.now(UTC).date().isoformat(),
        labels=options.labels,
        by=options.annotator,
        file=options.file,
    )
    for row in added:
        print(_line(row))
    known = {row.id for row in added}
    for name in dict.fromkeys(options.ids):
        if name not in known:
            print(f"{name}: was withdrawn before")
    return 0


def _line(row: Withdrawal) -> str:
    """When, what, why, and where it stood."""
    found = ", ".join(f"{one.file} ({one.rows}, sha256 {one.sha256[:12]})" for one in row.found)
    what = f"{row.id}{' (labels)' if row.labels else ''}{f' by {row.by}' if row.by else ''}"
    return f"{row.date} {what}: {row.because}; {found or 'found in no file yet'}"

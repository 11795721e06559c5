"""The commands `sources` and `report`."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Optional

import typer

from sayso.errors import UsageError
from sayso.options import Strict
from sayso.processors import usable_processors
from sayso.progress import Watch
from sayso.rejects import Reject, RejectWriter

if TYPE_CHECKING:
    from rich.console import Console

    from sayso.profiles.build import Profiles
    from sayso.profiles.intake import OnReject

__all__ = ["REPORT_HELP", "SOURCES_HELP", "report", "sources"]

SOURCES_HELP = """Profile the sources of scored statements: who they are, what they stand behind, \
and how far to rely on them.

STATEMENTS is what [bold]sayso score[/bold] wrote: Parquet or JSONL (also .gz or .zst), a folder \
of them, or - for JSONL on standard input. OUT is a folder: sources, outlets, claims and said \
(which claim each statement is on, and on which side), with NATO Admiralty letters and digits and \
the reasons for each.

[bold]Examples[/bold]

  sayso sources statements.parquet -o profiles/

  sayso sources statements/ -o profiles/ --outcomes known.csv

  sayso sources statements.parquet -o profiles/ --format parquet --format csv --format stix
"""

REPORT_HELP = """Write one page that shows the sources, outlets, claims and articles of scored \
statements, with the evidence.

It needs no server and asks no other host for anything. --articles names what the statements were \
scored from, so that they are shown where they stand.

[bold]Examples[/bold]

  sayso report statements.parquet -o report.html --articles articles.jsonl

  sayso report statements.parquet -o report.html --outcomes known.csv --title "Week 12"
"""

REJECTED = 1


class Format(StrEnum):
    """What the tables are written as."""

    PARQUET = "parquet"
    CSV = "csv"
    JSONL = "jsonl"
    MISP = "misp"
    STIX = "stix"


Statements = Annotated[list[str], typer.Argument(metavar="STATEMENTS", show_default=False)]
Outcomes = Annotated[
    Optional[str],  # noqa: UP045 - typer reads it when it runs
    typer.Option(
        help="CSV or JSONL of what is known: statement_id or claim_id, outcome (true or false)."
    ),
]
Seed = Annotated[int, typer.Option(min=0, help="Of the sampling of reliabilities.")]
Memory = Annotated[
    int,
    typer.Option(min=128, help="MiB that the database may hold before it goes to disk."),
]


@dataclass(frozen=True, slots=True)
class Options:
    """What both commands take; see `sayso.profiles.build.open_profiles`."""

    outcomes: str | None
    seed: int
    memory: int


def sources(
    statements: Statements,
    out: Annotated[str, typer.Option("-o", "--out", help="Folder to write to.")],
    outcomes: Outcomes = None,
    format: Annotated[  # noqa: A002 - the option's name
        Optional[list[Format]],  # noqa: UP045
        typer.Option(help="Of the tables; again for more. Parquet if left out."),
    ] = None,
    most: Annotated[
        Optional[int],  # noqa: UP045
        typer.Option(min=1, help="Most claims in MISP events and STIX bundles."),
    ] = None,
    as_of: Annotated[
        Optional[datetime],  # noqa: UP045
        typer.Option(
            formats=["%Y-%m-%d", "%Y-%m-%dT%H:%M:%SZ"],
            help="Time (UTC) of what is in them; that of the articles if left out.",
        ),
    ] = None,
    seed: Seed = 0,
    memory: Memory = 512,
    strict: Strict = False,
) -> None:
    """See `SOURCES_HELP`."""
    from rich.console import Console

    from sayso.profiles.write import check_folder, check_formats, write_profiles

    began = time.monotonic()
    console = Console(stderr=True)
    folder = check_folder(out, statements)
    formats = [one.value for one in format or [Format.PARQUET]]
    check_formats(formats)
    settings = {"statements": statements, "outcomes": outcomes, "seed": seed}
    rejects = folder.parent / f"{folder.name}.rejects.jsonl"
    with _profiled(
        statements, folder.absolute().parent, rejects, Options(outcomes, seed, memory), console
    ) as profiles:
        summary = write_profiles(
            profiles,
            folder,
            formats=formats,
            settings=settings,
            most=most,
            as_of=as_of and as_of.replace(tzinfo=UTC),
        )
    console.print(summary.table(time.monotonic() - began))
    if summary.rejects and strict:
        raise typer.Exit(REJECTED)


def report(
    statements: Statements,
    out: Annotated[Path, typer.Option("-o", "--out", help="HTML file to write.")],
    articles: Annotated[
        Optional[list[str]],  # noqa: UP045
        typer.Option(help="What the statements were scored from; again for more."),
    ] = None,
    outcomes: Outcomes = None,
    title: Annotated[str, typer.Option(help="Of the page.")] = "Sources",
    seed: Seed = 0,
    memory: Memory = 512,
    strict: Strict = False,
) -> None:
    """See `REPORT_HELP`."""
    from rich.console import Console

    from sayso.page.page import check_page, write_page
    from sayso.read import check_inputs, read_articles

    console = Console(stderr=True)
    check_page(out)
    if out.suffix.lower() not in (".html", ".htm"):
        raise UsageError(f"expected an output ending in .html, found {out}")
    check_inputs(articles or [])
    rejects = out.with_name(f"{out.name}.rejects.jsonl")
    with _profiled(
        statements, out.absolute().parent, rejects, Options(outcomes, seed, memory), console
    ) as profiles:
        texts = read_articles(articles, on_reject=_teller(console)) if articles else None
        write_page(out, profiles, profiles.statements, texts, title=title)
        left_out = profiles.rejects
    console.print(f"{out}: {out.stat().st_size / 2**20:.1f} MiB", highlight=False)
    if left_out and strict:
        raise typer.Exit(REJECTED)


@contextmanager
def _profiled(
    statements: list[str],
    folder: Path,
    rejects: Path,
    options: Options,
    console: Console,
) -> Iterator[Profiles]:
    """The profiles of statements; what is left out is told, and named in a file."""
    from sayso.profiles.build import open_profiles

    with (
        RejectWriter(rejects) as write,
        console.status("reading") as status,
        open_profiles(
            statements,
            folder=folder,
            outcomes=options.outcomes,
            seed=options.seed,
            memory=options.memory,
            processes=usable_processors(),
            on_reject=_teller(console, write),
            on_stage=status.update,
        ) as profiles,
    ):
        yield profiles


def _teller(console: Console, write: OnReject = lambda reject: None) -> OnReject:
    """Prints the first few rejects, and hands on all of them."""
    watch = Watch(console, lambda articles, skipped: None)

    def tell(found: Reject) -> None:
        write(found)
        watch.reject(found)

    return tell

"""The command `sayso`: score articles, show one."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path
from typing import Annotated, Optional

import typer

from sayso.errors import SaysoError, UsageError

__all__ = ["app", "main"]

REJECTED, WRONG_USE, INTERRUPTED = 1, 2, 130

SVG_WIDTH = 110
"""Columns of a picture of an article."""

app = typer.Typer(
    help="Find every attributed statement in news and label how firmly its source stands by it.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
)

SCORE_HELP = """Score articles: one row a statement, with source, cue, content and stance.

INPUT is JSONL, CSV (each also .gz or .zst), Parquet, a .txt or .html file, a folder of them, or - \
for JSONL on standard input. What cannot be read is named in OUT.rejects.jsonl and the rest is \
scored.

[bold]Examples[/bold]

  sayso score articles.jsonl -o statements.parquet

  sayso score news.csv --text body --id url -o statements.jsonl

  sayso score pages/ archive.jsonl.gz -o statements.parquet --strict

  sayso score articles.jsonl -o statements.parquet --abstain 0.1

  zcat dump.jsonl.gz | sayso score - -o - | head
"""

SHOW_HELP = """Print one article with its statements marked in colour by stance.

FILE holds articles, which are scored on the spot; or it is an output of [bold]sayso score[/bold], \
and --articles names the input it was made from.

[bold]Examples[/bold]

  sayso show articles.jsonl --article gold-conflict-01

  sayso show statements.parquet --articles articles.jsonl
"""

Model = Annotated[Path | None, typer.Option(help="Bundle folder; the one that ships if left out.")]
Name = Annotated[str, typer.Option(help="Its name in the input.", rich_help_panel="Field names")]


def _version(wanted: bool) -> None:
    if wanted:
        import sayso
        from sayso.bundle import default_bundle_id

        typer.echo(f"sayso {sayso.__version__} (bundle {default_bundle_id()})")
        raise typer.Exit


@app.callback()
def _sayso(
    version: Annotated[
        bool,
        typer.Option("--version", callback=_version, is_eager=True, help="Version and bundle."),
    ] = False,
) -> None:
    """Options that come before the command."""


@app.command(help=SCORE_HELP)
def score(
    inputs: Annotated[list[str], typer.Argument(metavar="INPUT", show_default=False)],
    out: Annotated[
        str, typer.Option("-o", "--out", help="Parquet or JSONL by its ending, - for stdout.")
    ],
    text: Name = "text",
    id: Name = "id",  # noqa: A002 - the option's name
    title: Name = "title",
    outlet: Name = "outlet",
    published: Name = "published",
    url: Name = "url",
    strict: Annotated[bool, typer.Option(help="Exit with 1 if some input was rejected.")] = False,
    keep_all: Annotated[
        bool, typer.Option("--all", help="Keep rows that are probably no statement.")
    ] = False,
    abstain: Annotated[
        float,
        typer.Option(
            min=0, max=0.99, help="Share of statements, the least sure, to leave unlabelled."
        ),
    ] = 0.0,
    limit: Annotated[Optional[int], typer.Option(min=1, help="Most articles.")] = None,  # noqa: UP045
    threads: Annotated[Optional[int], typer.Option(min=1, help="Threads of one inference.")] = None,  # noqa: UP045
    model: Model = None,
) -> None:
    """See `SCORE_HELP`."""
    began = time.monotonic()
    from rich.console import Console

    from sayso.job import run_job
    from sayso.read import FieldMap, check_inputs
    from sayso.scorer import Scorer
    from sayso.write import check_output

    check_inputs(inputs)
    check_output(out, inputs)
    console = Console(stderr=True)
    threshold = 0.0 if keep_all else None
    scorer = Scorer.load(model, threads=threads, threshold=threshold, abstain=abstain)
    fields = FieldMap(id=id, text=text, title=title, outlet=outlet, published=published, url=url)
    summary = run_job(scorer, inputs, out, fields=fields, limit=limit, console=console, began=began)
    console.print(summary.table())
    if summary.rejects and strict:
        raise typer.Exit(REJECTED)


@app.command(help=SHOW_HELP)
def show(
    file: Annotated[str, typer.Argument(metavar="FILE", show_default=False)],
    article: Annotated[Optional[str], typer.Option(help="Its id; the first if left out.")] = None,  # noqa: UP045
    articles: Annotated[
        Optional[str],  # noqa: UP045
        typer.Option(help="The articles that FILE was scored from."),
    ] = None,
    svg: Annotated[Optional[Path], typer.Option(help="Write a picture of it here too.")] = None,  # noqa: UP045
    model: Model = None,
) -> None:
    """See `SHOW_HELP`."""
    from rich.console import Console

    from sayso.read import check_inputs, read_articles
    from sayso.rejects import Reject
    from sayso.scorer import Scorer
    from sayso.show import show_article
    from sayso.statements import read_statements

    def warn(reject: Reject) -> None:
        typer.echo(f"rejected {reject.file}:{reject.line}: {reject.reason}", err=True)

    source = articles or file
    check_inputs([source])
    wanted = next(
        (a for a in read_articles([source], on_reject=warn) if article in (None, a.id)), None
    )
    if wanted is None:
        raise UsageError(f"expected an article {article or ''} in {source}, found none")
    if articles is None:
        statements = list(Scorer.load(model).score([wanted]))
    else:
        statements = [s for s in read_statements(file) if s.article_id == wanted.id]
    console = Console(record=svg is not None, width=None if svg is None else SVG_WIDTH)
    show_article(console, wanted, statements)
    if svg is not None:
        console.save_svg(str(svg), title=f"sayso show {Path(source).name}")


def main() -> None:
    """Run the command line; errors are one line on stderr and an exit code."""
    try:
        app()
    except SystemExit as end:
        if end.code == INTERRUPTED:
            typer.echo("interrupted: nothing was written; run the same command again", err=True)
        raise
    except SaysoError as error:
        typer.echo(f"error: {error}", err=True)
        sys.exit(WRONG_USE)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except OSError as error:
        typer.echo(f"error: {error}", err=True)
        sys.exit(WRONG_USE)

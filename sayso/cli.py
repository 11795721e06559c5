"""The command `sayso`: score articles, show one, profile the sources, report on them."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Optional

import typer

from sayso.errors import SaysoError, UsageError
from sayso.options import (
    Abstain,
    Engine,
    EngineName,
    Fresh,
    KeepAll,
    Limit,
    Model,
    Name,
    Out,
    ShardSize,
    Strict,
    Threads,
    Timeout,
    Workers,
)
from sayso.profiles.command import REPORT_HELP, SOURCES_HELP, report, sources

__all__ = ["app", "main"]

REJECTED, WRONG_USE, INTERRUPTED = 1, 2, 130

NOTHING_KEPT = "interrupted: nothing was written; run the same command again"

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
for JSONL on standard input. What cannot be read or scored is named in OUT.rejects.jsonl \
(OUT/_rejects.jsonl in a folder) and the rest is scored.

The work is done in shards. After an interruption, a crash or a full disk the same command goes on \
with the shards that are missing, and the output is the same in the end.

[bold]Examples[/bold]

  sayso score articles.jsonl -o statements.parquet

  sayso score dump.jsonl.zst -o statements/ --workers 8

  sayso score news.csv --text body --id url -o statements.jsonl

  sayso score pages/ archive.jsonl.gz -o statements.parquet --strict

  sayso score articles.jsonl -o statements.parquet --model models:/sayso@champion

  sayso score s3://news/2024/ -o s3://news/statements/ --engine ray

  zcat dump.jsonl.gz | sayso score - -o - | head
"""

SHOW_HELP = """Print one article with its statements marked in colour by stance.

FILE holds articles, which are scored on the spot; or it is an output of [bold]sayso score[/bold], \
and --articles names the input it was made from.

[bold]Examples[/bold]

  sayso show articles.jsonl --article gold-conflict-01

  sayso show statements.parquet --articles articles.jsonl
"""


class _ToldExit(SystemExit):
    """An exit of which the user was told why."""


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
    out: Out,
    text: Name = "text",
    id: Name = "id",  # noqa: A002 - the option's name
    title: Name = "title",
    outlet: Name = "outlet",
    published: Name = "published",
    url: Name = "url",
    strict: Strict = False,
    model: Model = None,
    keep_all: KeepAll = False,
    abstain: Abstain = 0.0,
    limit: Limit = None,
    engine: EngineName = Engine.LOCAL,
    workers: Workers = None,
    threads: Threads = None,
    shard_size: ShardSize = None,
    timeout: Timeout = None,
    fresh: Fresh = False,
) -> None:
    """See `SCORE_HELP`."""
    began = time.monotonic()
    from rich.console import Console

    from sayso.read import FieldMap
    from sayso.settings import ScorerSettings

    console = Console(stderr=True)
    scorer = ScorerSettings(model, 0.0 if keep_all else None, abstain, threads)
    fields = FieldMap(id=id, text=text, title=title, outlet=outlet, published=published, url=url)
    if engine is not Engine.LOCAL:
        from sayso.engines import run_engine

        local = {"limit": limit, "shard-size": shard_size, "timeout": timeout, "fresh": fresh}
        for name, value in local.items():
            if value:
                raise UsageError(f"expected --engine local with --{name}, found --engine {engine}")
        summary = run_engine(
            engine.value, scorer, inputs, out, fields=fields, workers=workers, console=console
        )
    else:
        from sayso.job import SHARD_SIZE, run_job
        from sayso.pool import TIMEOUT, PoolSettings

        with _told():
            summary = run_job(
                scorer,
                inputs,
                out,
                fields=fields,
                limit=limit,
                shard_size=shard_size or SHARD_SIZE,
                pool=PoolSettings(workers, timeout or TIMEOUT),
                fresh=fresh,
                console=console,
                began=began,
            )
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

    from sayso.bundle import bundle_folder
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
        statements = list(Scorer.load(bundle_folder(model)).score([wanted]))
    else:
        statements = [s for s in read_statements(file) if s.article_id == wanted.id]
    console = Console(record=svg is not None, width=None if svg is None else SVG_WIDTH)
    show_article(console, wanted, statements)
    if svg is not None:
        console.save_svg(str(svg), title=f"sayso show {Path(source).name}")


app.command(help=SOURCES_HELP)(sources)
app.command(help=REPORT_HELP)(report)


def main() -> None:
    """Run the command line; errors are one line on stderr and an exit code."""
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        app()
    except SystemExit as end:
        if end.code == INTERRUPTED:
            _leave_interrupted(told=isinstance(end, _ToldExit))
        raise
    except SaysoError as error:
        typer.echo(f"error: {error}", err=True)
        sys.exit(WRONG_USE)
    except BrokenPipeError:
        _silence_output()
        sys.exit(0)
    except OSError as error:
        typer.echo(f"error: {error}", err=True)
        sys.exit(WRONG_USE)


@contextmanager
def _told() -> Iterator[None]:
    """Say how an interrupted job stands; a reader that has gone away is none of its business."""
    try:
        yield
    except KeyboardInterrupt as stop:
        typer.echo(str(stop) or NOTHING_KEPT, err=True)
        raise _ToldExit(INTERRUPTED) from None
    except BrokenPipeError:
        _silence_output()
        raise _ToldExit(0) from None


def _silence_output() -> None:
    """Nobody reads standard output any more: let nothing fail for want of them."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt


def _leave_interrupted(*, told: bool) -> None:
    """End at once: a thread may still be reading standard input, which Python would wait for."""
    if not told:
        typer.echo(NOTHING_KEPT, err=True)
    sys.stderr.flush()
    os._exit(INTERRUPTED)


if __name__ == "__main__":
    main()

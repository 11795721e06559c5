"""The subcommand `select` of `python -m data`: options in, exit code out."""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from data.commands import Commands
from sayso.errors import InputError, UsageError
from sayso.records import Article

__all__ = ["add_select_command"]

MOST = 20_000
"""Most articles that are read, if it is not said; at 3 a second it takes two hours."""

_TOLD_EVERY = 30.0


def add_select_command(commands: Commands) -> None:
    """Add the subcommand; it sets `call`, which takes the options and gives the exit code."""
    select = commands.add_parser(
        "select", help="what to label next: unsure, of rare labels, unlike each other"
    )
    select.add_argument("corpus", nargs="+", help="articles, as sayso score reads them")
    count = select.add_mutually_exclusive_group()
    count.add_argument("-n", "--articles", type=int, help="articles to be marked in full; 200")
    count.add_argument(
        "--statements", type=int, help="rather this many single statements, for their stance"
    )
    select.add_argument("--data", type=Path, default=Path("data"), help="folder of labelled data")
    select.add_argument(
        "--labels", type=Path, action="append", default=[], help="labels of your own; again"
    )
    select.add_argument("--model", help="bundle folder; the one that ships if left out")
    select.add_argument("--limit", type=int, default=MOST, help=f"most articles to read; {MOST}")
    select.add_argument("--seed", type=int, default=0, help="another seed gives another choice")
    select.add_argument("-o", "--out", type=Path, default=Path("selected.jsonl"), help="JSONL file")
    select.set_defaults(call=_select)


def _select(options: argparse.Namespace) -> int:
    from data.save import write_whole
    from data.select import select_articles, select_statements
    from data.uncertainty import Doubter
    from sayso.bundle import bundle_folder

    count = options.statements or options.articles or 200
    numbers = {"-n": options.articles, "--statements": options.statements, "--limit": options.limit}
    for name, value in numbers.items():
        if value is not None and value < 1:
            raise UsageError(f"expected {name} to be 1 or more, found {value}")
    if not options.out.absolute().parent.is_dir():
        raise UsageError(f"expected a folder to write to, found no {options.out.parent}")
    doubter = Doubter(bundle_folder(options.model))
    articles = list(islice(_articles(options), options.limit))
    if not articles:
        raise InputError(f"expected articles that are not labelled yet in {options.corpus[0]}, "
                         "found none")  # fmt: skip
    doubted, told = [], time.monotonic()
    for one in doubter.doubt(articles):
        doubted.append(one)
        if time.monotonic() - told > _TOLD_EVERY:
            told = time.monotonic()
            print(f"{len(doubted):,} of {len(articles):,} articles read", file=sys.stderr)
    choose = select_statements if options.statements else select_articles
    found = choose(doubted, count, seed=options.seed)
    rows = [json.dumps(one.to_row(), ensure_ascii=False) + "\n" for one in found.chosen]
    write_whole(options.out, "".join(rows))
    expected = ", ".join(f"{count:.0f} {name}" for name, count in found.expected.items())
    asked = sum(len(one.statements or ()) for one in found.chosen)
    single = f" with {asked:,} statements to label" if options.statements else ""
    print(f"{len(rows):,} of {found.articles:,} articles{single} in {options.out}")
    print(f"expected labels: {expected}")
    return 0


def _articles(options: argparse.Namespace) -> Iterator[Article]:
    """The corpus without what is labelled or was withdrawn."""
    from data.digest import digest_text
    from data.known import load_known
    from data.learnt import load_held, load_learnt
    from data.select import fresh_articles
    from data.withdrawn import load_withdrawn
    from sayso.read import check_inputs, read_articles
    from sayso.rejects import Reject

    def warn(reject: Reject) -> None:
        print(f"rejected {reject.file}:{reject.line}: {reject.reason}", file=sys.stderr)

    check_inputs(options.corpus)
    known = load_known(options.data, options.labels)
    labelled = [article for one in known for article in one.articles]
    labelled += [*load_learnt(options.data), *load_held(options.data)]
    digests = {digest_text(article.text) for article in labelled}
    withdrawn = load_withdrawn(options.data)
    for article in fresh_articles(read_articles(options.corpus, on_reject=warn), digests):
        words = digest_text(article.text) if withdrawn.rows else None
        taken = withdrawn.takes_article(article.id, words=words)
        if article.text.strip() and (taken is None or taken.labels):
            yield article

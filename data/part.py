"""Part a file of labels in two by article, without the outlets that a model knows already."""

from __future__ import annotations

import argparse
import hashlib
from collections.abc import Collection, Sequence
from pathlib import Path

from data.commands import Commands
from data.loaders import load_full
from data.records import LabelledArticle
from data.save import save_articles
from sayso.errors import UsageError

__all__ = ["add_part_command", "part"]


def part(
    articles: Sequence[LabelledArticle],
    statements: int,
    *,
    without: Collection[str] = (),
    salt: str = "part",
) -> tuple[list[LabelledArticle], list[LabelledArticle]]:
    """The first articles in the order of a hash of their ids, and the rest.

    Args:
        articles: any.
        statements: how many the first part has to hold at least; one article may go beyond.
        without: outlets whose articles are in neither part.
        salt: another one parts otherwise.
    """
    kept = [one for one in articles if one.outlet not in without]
    kept.sort(key=lambda one: hashlib.sha256(f"{salt}:{one.id}".encode()).digest())
    count, first = 0, 0
    while count < statements and first < len(kept):
        count += len(kept[first].statements)
        first += 1
    return kept[:first], kept[first:]


def add_part_command(commands: Commands) -> None:
    """Add `part`."""
    parser = commands.add_parser("part", help="part labels in two, to learn and to measure on")
    parser.add_argument("file", help="of fully marked articles, as in news.train.jsonl")
    parser.add_argument("--data", type=Path, required=True, help="folder of labelled data")
    parser.add_argument("-n", "--statements", type=int, required=True, help="of the first part")
    parser.add_argument("--without", action="append", default=[], metavar="OUTLET")
    parser.add_argument("--salt", default="part", help="another one parts otherwise")
    parser.add_argument("-o", "--out", type=Path, required=True, help="the first part")
    parser.add_argument("--rest", type=Path, required=True, help="the other one")
    parser.set_defaults(call=_part)


def _part(options: argparse.Namespace) -> int:
    if options.statements < 1:
        raise UsageError(f"expected 1 statement or more, found {options.statements}")
    articles = load_full(options.data, options.file)
    parts = part(articles, options.statements, without=set(options.without), salt=options.salt)
    for path, some in zip((options.out, options.rest), parts, strict=True):
        save_articles(some, path)
        statements = sum(len(one.statements) for one in some)
        outlets = len({one.outlet for one in some})
        print(f"{path}: {len(some)} articles of {outlets} outlets, {statements:,} statements")
    return 0

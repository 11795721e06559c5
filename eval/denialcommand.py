"""The subcommand `denials` of `python -m eval`: options in, exit code out."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from data.denials import DeniedArticle
    from data.records import LabelledArticle
    from eval.denials import LinkScores

__all__ = ["add_denials_command"]

Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"


def add_denials_command(commands: Commands) -> None:
    """Add the subcommand; it sets `call`, which takes the options and gives the exit code."""
    told = commands.add_parser("denials", help="how well denials are tied to what they deny")
    told.add_argument("--data", type=Path, required=True, help="folder of the labelled data")
    told.add_argument("--gold", type=Path, help="folder of gold with `denies`; our own")
    told.add_argument(
        "--links",
        type=Path,
        metavar="JSONL",
        help="links of the gold's denials by another annotator, to measure on instead",
    )
    told.add_argument("--model", type=Path, help="bundle folder; the one that ships if left out")
    told.add_argument("--threads", type=int, help="of one inference")
    told.add_argument(
        "--fit", type=Path, metavar="JSON", help="fit weights on all labelled links and write them"
    )
    told.set_defaults(call=_denials)


def _denials(options: argparse.Namespace) -> int:
    from data.denials import load_denials, load_denied_gold, load_positions
    from eval.denialagreement import measure_link_agreement
    from eval.denials import (
        by_folds,
        first_only,
        latest_other,
        measure_found,
        measure_links,
        measure_positions,
        most_shared,
    )

    articles = load_denials(options.data)
    if options.fit is not None:
        return _fit(articles, options.fit)
    gold = load_denied_gold(options.gold, links=options.links)
    placed = load_positions(options.data)
    rows: list[tuple[str, str, LinkScores]] = []
    news, made = by_folds(articles)
    parts = [[one for one in articles if one.made == kind] for kind in (False, True)]
    for name, some in (("news", parts[0]), ("made", parts[1]), ("gold", gold)):
        rows.append((name, "latest of another source", measure_links(some, latest_other)))
        rows.append((name, "most words shared", measure_links(some, most_shared)))
    rows.append(("news", "fitted on other folds", news))
    rows.append(("made", "fitted on other folds", made))
    rows.append(("gold", "as shipped", measure_links(gold)))
    rows.append(("gold", "as shipped, first statement alone", measure_links(first_only(gold))))
    rows.append(
        ("gold", "as shipped, on what is found", measure_found(gold, _found(options, gold)))
    )
    print(_table(rows))
    print(f"\nSides: {measure_positions(placed)} % right of {len(placed)} statements.")
    if options.links is not None:
        print(f"\n{measure_link_agreement(load_denied_gold(options.gold), gold)}")
    return 0


def _fit(articles: Sequence[DeniedArticle], path: Path) -> int:
    from data.save import write_whole
    from eval.denialfit import fit_weights
    from eval.speedcommands import make_folder

    make_folder(path.absolute().parent)
    write_whole(path, fit_weights(articles).to_json())
    print(f"weights in {path}", file=sys.stderr)
    return 0


def _found(options: argparse.Namespace, gold: Sequence[DeniedArticle]) -> list[LabelledArticle]:
    """The gold's articles with the statements that a bundle finds in them."""
    from eval.predictions import predict
    from sayso.scorer import Scorer

    scorer = Scorer.load(options.model, threads=options.threads)
    return [one.found for one in predict(scorer, [article.article for article in gold])]


def _table(rows: Sequence[tuple[str, str, LinkScores]]) -> str:
    """The figures as a Markdown table, in per cent with their 95 % intervals over articles."""
    lines = [
        "| labels | links | F1 | precision | recall | of nothing, left untied | denials |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    for labels, name, found in rows:
        links = found.links
        lines.append(
            f"| {labels} | {name} | {links.f1} | {links.precision} | {links.recall} | "
            f"{found.nothing} | {found.denials}, {found.linked} linked |"
        )
    return "\n".join(lines)

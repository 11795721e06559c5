"""Silver labels: unlabelled articles marked by a bundle, in the layout of our labelled data.

They are what a smaller network learns from (pseudo-labels: Lee 2013), or the places at which a
teacher is asked (`training.loop.Examples.unlabelled`).
"""

from __future__ import annotations

import argparse
import hashlib
import json
import logging
import os
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

from data.records import LABELS
from sayso.errors import UsageError
from sayso.read import check_inputs, read_articles
from sayso.records import NONE, STANCES, Statement
from sayso.rejects import RejectWriter, rejects_path
from sayso.scorer import ScoredArticle, Scorer
from sayso.tags import ROLES
from sayso.write import check_output

__all__ = ["Silver", "add_arguments", "run", "silver", "silver_row"]

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Silver:
    """What `silver` wrote.

    Attributes:
        path: the file.
        model: id of the bundle that marked it.
        articles: rows in it.
        resumed: how many of them an interrupted run had left.
        statements: attributions in all rows.
        labelled: those with a stance; the others' was less sure than asked for.
        rejects: rows of the corpus that could not be read, named in `PATH.rejects.jsonl`.
    """

    path: Path
    model: str
    articles: int
    resumed: int
    statements: int
    labelled: int
    rejects: int


@dataclass(slots=True)
class _Tally:
    """Ids of the rows so far, and what they hold."""

    ids: set[str] = field(default_factory=set)
    statements: int = 0
    labelled: int = 0

    def add(self, row: dict[str, Any]) -> None:
        self.ids.add(row["id"])
        self.statements += len(row["attributions"])
        self.labelled += sum(mark["stance"] is not None for mark in row["attributions"])


def silver(
    bundle: Path | str | None,
    corpus_path: Path | str,
    out_path: Path | str,
    *,
    limit: int | None = None,
    least: float = 0.0,
    threads: int | None = None,
) -> Silver:
    """Mark unlabelled articles with a bundle; `data.loaders.load_full` reads what is written.

    Every attribution found stays marked, also those that are probably `none` and those whose
    stance is uncertain: in these articles a token that is not marked counts as outside every
    statement, so that leaving statements out would teach a network to miss them, and leaving
    articles out would keep the easy ones. Where the probability of the likeliest of the five
    labels is under `least`, only the stance is left open (null), so that no loss learns it.

    The rows are gathered in a hidden file beside the output that is renamed at the end. A run that
    was interrupted goes on after the last article it finished, if called with the same bundle,
    corpus, `limit` and `least`, and ends with the same bytes.

    Args:
        bundle: folder of the bundle; None for the one that ships with the package.
        corpus_path: a file of articles, e.g. .jsonl or .jsonl.gz.
        out_path: the .jsonl file to write.
        limit: most articles to mark, from the first; None for all.
        least: least calibrated probability of a stance that is kept, in [0, 1].
        threads: of one inference; None for onnxruntime's choice.

    Raises:
        BundleError: the bundle cannot be loaded.
        UsageError: corpus, output, `limit` or `least` do not make sense; nothing was written.
    """
    corpus, out = Path(corpus_path), Path(out_path)
    _check(corpus, out, limit, least)
    scorer = Scorer.load(bundle, threads=threads, threshold=0.0)
    settings = _settings(scorer.model_id, corpus, limit, least)
    partial = out.with_name(f".{out.name}.{settings}.partial")
    tally = _resumed(partial)
    resumed = len(tally.ids)
    with RejectWriter(rejects_path(str(out))) as rejects, partial.open("ab") as handle:
        articles = islice(read_articles([str(corpus)], on_reject=rejects), limit)
        fresh = (article for article in articles if article.id not in tally.ids)
        for scored in scorer.score_each(fresh):
            row = silver_row(scored, least=least)
            handle.write(json.dumps(row).encode() + b"\n")
            handle.flush()
            tally.add(row)
            if len(tally.ids) % 50 == 0:
                _LOG.info("%d articles marked", len(tally.ids))
        os.fsync(handle.fileno())
    os.replace(partial, out)
    return Silver(
        path=out,
        model=scorer.model_id,
        articles=len(tally.ids),
        resumed=resumed,
        statements=tally.statements,
        labelled=tally.labelled,
        rejects=rejects.count,
    )


def silver_row(scored: ScoredArticle, *, least: float = 0.0) -> dict[str, Any]:
    """A scored article as a row of `news.train.jsonl`'s layout.

    Args:
        scored: by a scorer that keeps every statement (threshold 0).
        least: least probability of a stance that is kept.

    Returns:
        The article's fields and `attributions`: spans as lists of [start, end], `stance` (of the
        five labels, or None), `form`, `entity`, `kind`, `parent` as an index into the list, and as
        `annotator` the bundle's id.
    """
    article = scored.article
    places = {s.statement_id: place for place, s in enumerate(scored.statements)}
    return {
        "id": article.id,
        "outlet": article.outlet,
        "published": article.published,
        "title": article.title,
        "url": article.url,
        "text": article.text,
        "attributions": [
            {
                **{r: [[p.start, p.end] for p in getattr(s, f"{r}_spans")] for r in ROLES},
                "stance": _stance(s, least),
                "form": s.form,
                "entity": s.source_entity,
                "kind": s.source_kind,
                "parent": None if s.parent_id is None else places.get(s.parent_id),
                "annotator": s.model,
            }
            for s in scored.statements
        ],
    }


def _stance(statement: Statement, least: float) -> str | None:
    """The likeliest of the five labels, or None if it is less likely than asked for."""
    shares = {label: getattr(statement, f"p_{label}") for label in STANCES}
    chances = {label: statement.p_statement * share for label, share in shares.items()}
    chances[NONE] = 1 - statement.p_statement
    best = max(LABELS, key=chances.__getitem__)
    return best if chances[best] >= least else None


def _check(corpus: Path, out: Path, limit: int | None, least: float) -> None:
    if not corpus.is_file():
        raise UsageError(f"expected a file of articles, found no {corpus}")
    check_inputs([str(corpus)])
    if out.suffix != ".jsonl":
        raise UsageError(f"expected an output ending in .jsonl, found {out}")
    check_output(str(out), [str(corpus)])
    if limit is not None and limit < 1:
        raise UsageError(f"expected a limit of 1 or more articles, found {limit}")
    if not 0 <= least <= 1:
        raise UsageError(f"expected a least probability in [0, 1], found {least}")


def _settings(model: str, corpus: Path, limit: int | None, least: float) -> str:
    """Ten digits of a digest over all that decides the rows."""
    with corpus.open("rb") as handle:
        content = hashlib.file_digest(handle, "sha256").hexdigest()
    whole = json.dumps([model, str(corpus), content, limit, float(least)])
    return hashlib.sha256(whole.encode()).hexdigest()[:10]


def _resumed(partial: Path) -> _Tally:
    """The rows that an interrupted run left; a line that it did not finish is cut off."""
    tally = _Tally()
    if not partial.exists():
        return tally
    whole = 0
    with partial.open("r+b") as handle:
        for line in handle:
            if not line.endswith(b"\n"):
                break
            tally.add(json.loads(line))
            whole += len(line)
        handle.truncate(whole)
    return tally


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of `run`."""
    parser.add_argument("corpus", type=Path, help="articles, e.g. .jsonl or .jsonl.gz")
    parser.add_argument("-o", "--out", type=Path, required=True, help="the .jsonl file to write")
    parser.add_argument("--model", type=Path, help="bundle folder; else the one that ships")
    parser.add_argument("--limit", type=int, help="most articles to mark, from the first")
    parser.add_argument(
        "--least",
        type=float,
        default=0.0,
        metavar="P",
        help="leave open a stance whose probability is under P; spans stay marked",
    )
    parser.add_argument("--threads", type=int, help="of one inference")


def run(options: argparse.Namespace) -> int:
    """Run `silver` with options of `add_arguments` and say what was written; gives 0.

    Raises:
        SaysoError: as `silver`.
    """
    made = silver(
        options.model,
        options.corpus,
        options.out,
        limit=options.limit,
        least=options.least,
        threads=options.threads,
    )
    print(
        f"{made.path}: {made.articles} articles ({made.resumed} resumed), {made.statements} "
        f"statements, {made.labelled} with a stance, {made.rejects} rejects, by {made.model}"
    )
    return 0

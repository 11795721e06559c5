"""Input with good and bad rows for the engines, and a scorer that needs no model."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from data.loaders import GOLD
from sayso.read import FieldMap, read_articles
from sayso.records import Article, Span, Statement
from sayso.rejects import Reject
from sayso.scorer import ScoredArticle, Scorer
from sayso.summary import Summary
from sayso.table import STATEMENT_SCHEMA, articles_from_table, statements_to_table

BAD: tuple[dict[str, object], ...] = (
    {"id": "no-text", "text": None},
    {"id": None, "text": "The clerk said the gate was shut."},
    {"id": "", "text": "The clerk said the gate was open."},
)
"""Rows without an id or a text."""


def gold_rows(count: int) -> list[dict[str, object]]:
    """The first of our own gold articles."""
    lines = (GOLD / "articles.jsonl").read_text(encoding="utf-8").splitlines()[:count]
    return [json.loads(line) for line in lines]


def write_lines(path: Path, rows: Iterable[object]) -> Path:
    """Rows as JSONL; a row that is a string is written as it is."""
    lines = (row if isinstance(row, str) else json.dumps(row) for row in rows)
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return path


def one_machine(scorer: Scorer, inputs: Sequence[str]) -> tuple[pa.Table, list[Reject]]:
    """What scoring on one machine makes of inputs."""
    rejects: list[Reject] = []
    articles = read_articles(inputs, fields=FieldMap(), on_reject=rejects.append)
    return statements_to_table(list(scorer.score(articles))), rejects


def output_table(folder: Path) -> pa.Table:
    """The rows of an output folder, in the order of its parts."""
    parts = sorted(folder.glob("part-*.parquet"))
    return pa.concat_tables([pq.read_table(part) for part in parts])


def output_rejects(folder: Path) -> list[dict[str, object]]:
    """The rejects of an output folder, in the order of its units."""
    files = sorted(folder.glob("_rejects-*.jsonl"))
    return [json.loads(line) for file in files for line in file.read_text().splitlines()]


def assert_same_rows(found: pa.Table, expected: pa.Table) -> None:
    """Rows are equal up to their order, probabilities to 1e-5."""
    found = found.cast(STATEMENT_SCHEMA).sort_by("statement_id")
    expected = expected.sort_by("statement_id")
    assert len(found) == len(expected) > 0
    for name in STATEMENT_SCHEMA.names:
        left, right = found.column(name).to_pylist(), expected.column(name).to_pylist()
        if name.startswith("p_"):
            assert left == pytest.approx(right, abs=1e-5)
        else:
            assert left == right, name


def assert_rows_are_scored(
    found: pa.Table, scorer: Scorer, good: Sequence[dict[str, object]], rejects: Path
) -> None:
    """Good rows and `BAD` ones became statements and rejects in the folder `rejects`."""
    whole = pa.Table.from_pylist([{"id": row["id"], "text": row["text"]} for row in good])
    expected = statements_to_table(list(scorer.score(articles_from_table(whole))))
    assert_same_rows(found, expected)
    lines = [
        json.loads(line) for file in rejects.iterdir() for line in file.read_text().splitlines()
    ]
    assert sorted(str(line["id"]) for line in lines) == ["", "None", "no-text"]


def assert_files_are_scored(
    run: Callable[[list[Path], Path], Summary], scorer: Scorer, folder: Path
) -> None:
    """An engine scores a file in several units as one machine does, and again only what is lost.

    Args:
        run: scores files into a folder.
        scorer: what one machine scores with.
        folder: for input and output.
    """
    lines = [*gold_rows(43)[6:16], *BAD, "{broken"]
    data, out = write_lines(folder / "a.jsonl", lines), folder / "out"
    summary = run([data], out)
    expected, rejects = one_machine(scorer, [str(data)])
    assert_same_rows(output_table(out), expected)
    assert len(output_rejects(out)) == len(rejects) == summary.rejects == 4
    manifests = sorted((out / "_shards").glob("part-*.json"))
    assert len(manifests) > 2
    manifests[1].unlink()
    kept = os.stat(manifests[0]).st_mtime_ns
    assert run([data], out).statements == summary.statements == len(expected)
    assert os.stat(manifests[0]).st_mtime_ns == kept
    assert_same_rows(output_table(out), expected)


class PlainScorer:
    """Finds one statement in each article; raises or ends the process where a text says so."""

    model_id = "plain"

    def score_each(self, articles: Iterable[Article]) -> Iterator[ScoredArticle]:
        """One statement an article."""
        for article in articles:
            if "raise" in article.text:
                raise RuntimeError("no way")
            yield ScoredArticle(article, (_statement(article),))


def _statement(article: Article) -> Statement:
    return Statement(
        article_id=article.id,
        statement_id=f"{article.id}#0",
        source_spans=(),
        cue_spans=(),
        content_spans=(Span(0, len(article.text)),),
        source_text=None,
        cue_text=None,
        content_text=article.text,
        form="indirect",
        stance="assertion",
        p_assertion=1.0,
        p_denial=0.0,
        p_hedge=0.0,
        p_speculation=0.0,
        p_statement=1.0,
        source_entity=None,
        source_kind=None,
        parent_id=None,
        outlet=article.outlet,
        published=article.published,
        model="plain",
    )

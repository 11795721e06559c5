"""Input with good and bad rows for the engines, and a scorer that needs no model."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from data.loaders import GOLD
from sayso.read import FieldMap, read_articles
from sayso.records import Article, Span, Statement
from sayso.rejects import Reject
from sayso.scorer import ScoredArticle, Scorer
from sayso.table import STATEMENT_SCHEMA, statements_to_table

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

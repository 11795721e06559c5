"""Invented scored statements, written in a few words each."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from pathlib import Path

import pyarrow.parquet as pq

from sayso.records import STANCES, Span, Statement
from sayso.table import statements_to_table

__all__ = ["say", "write_jsonl", "write_parquet"]


def say(
    article: str,
    source: str | None,
    content: str | None,
    *,
    stance: str | None = "assertion",
    kind: str = "person",
    outlet: str | None = "Quay Post",
    day: str | None = "2025-03-02",
    cue: str | None = None,
    number: int = 0,
    parent: int | None = None,
) -> Statement:
    """A statement of an article; `number` is its place there, and `parent` that of another."""
    p = [0.85 if name == stance else 0.05 for name in STANCES]
    cue = cue or ("denied" if stance == "denial" else "said")
    start = number * 200
    return Statement(
        article_id=article,
        statement_id=f"{article}#{number}",
        source_spans=(Span(start, start + len(source)),) if source else (),
        cue_spans=(Span(start + 60, start + 60 + len(cue)),),
        content_spans=(Span(start + 70, start + 70 + len(content)),) if content else (),
        source_text=source,
        cue_text=cue,
        content_text=content,
        form="indirect",
        stance=stance,
        p_assertion=p[0],
        p_denial=p[1],
        p_hedge=p[2],
        p_speculation=p[3],
        p_statement=0.97,
        source_entity=source,
        source_kind=kind if source else "unnamed",
        parent_id=None if parent is None else f"{article}#{parent}",
        outlet=outlet,
        published=day,
        model="invented",
    )


def write_parquet(path: Path, statements: Sequence[Statement]) -> str:
    """As `sayso score` writes Parquet."""
    pq.write_table(statements_to_table(statements), path)
    return str(path)


def write_jsonl(path: Path, rows: Iterable[Statement | str]) -> str:
    """As `sayso score` writes JSONL; a row that is a string is written as it is."""
    lines = (row if isinstance(row, str) else json.dumps(asdict(row)) for row in rows)
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return str(path)

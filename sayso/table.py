"""Articles and statements as Arrow tables."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pyarrow as pa

from sayso.articles import article_from_values
from sayso.errors import InputError
from sayso.records import Article, Span, Statement

__all__ = [
    "STATEMENT_SCHEMA",
    "articles_from_table",
    "statements_to_table",
    "table_to_statements",
]

_SPANS = pa.list_(pa.struct([("start", pa.int32()), ("end", pa.int32())]))
_ROLES = ("source", "cue", "content")

STATEMENT_SCHEMA = pa.schema(
    [
        pa.field("article_id", pa.string(), nullable=False),
        pa.field("statement_id", pa.string(), nullable=False),
        *(pa.field(f"{role}_spans", _SPANS, nullable=False) for role in _ROLES),
        *(pa.field(f"{role}_text", pa.string()) for role in _ROLES),
        pa.field("form", pa.string(), nullable=False),
        pa.field("stance", pa.string()),
        pa.field("p_assertion", pa.float32(), nullable=False),
        pa.field("p_denial", pa.float32(), nullable=False),
        pa.field("p_hedge", pa.float32(), nullable=False),
        pa.field("p_speculation", pa.float32(), nullable=False),
        pa.field("p_statement", pa.float32(), nullable=False),
        pa.field("source_entity", pa.string()),
        pa.field("source_kind", pa.string()),
        pa.field("parent_id", pa.string()),
        pa.field("outlet", pa.string()),
        pa.field("published", pa.string()),
        pa.field("model", pa.string(), nullable=False),
    ]
)
"""One row a statement; see `sayso.Statement` for what each column means."""


def statements_to_table(statements: Sequence[Statement]) -> pa.Table:
    """Statements as a table of `STATEMENT_SCHEMA`; lone surrogates become U+FFFD, one for one."""
    columns = {}
    for field in STATEMENT_SCHEMA:
        values = [getattr(statement, field.name) for statement in statements]
        if field.type == _SPANS:
            values = [[{"start": s.start, "end": s.end} for s in spans] for spans in values]
        elif field.type == pa.string():
            values = [value if value is None else encodable(value) for value in values]
        columns[field.name] = pa.array(values, field.type)
    return pa.table(columns, schema=STATEMENT_SCHEMA)


def table_to_statements(table: pa.Table) -> Iterator[Statement]:
    """The rows of a table of statements.

    Raises:
        InputError: a column of `STATEMENT_SCHEMA` is missing.
    """
    missing = [name for name in STATEMENT_SCHEMA.names if name not in table.column_names]
    if missing:
        raise InputError(f"expected the columns of scored statements, found no {missing[0]!r}")
    for batch in table.select(STATEMENT_SCHEMA.names).to_batches():
        for row in batch.to_pylist():
            for role in _ROLES:
                spans = row[f"{role}_spans"]
                row[f"{role}_spans"] = tuple(Span(span["start"], span["end"]) for span in spans)
            yield Statement(**row)


def articles_from_table(table: pa.Table) -> Iterator[Article]:
    """The rows of a table as articles; columns other than an article's are not read.

    Raises:
        InputError: `id` or `text` is missing, or a value is not of its type (names the row).
    """
    for name in ("id", "text"):
        if name not in table.column_names:
            found = ", ".join(table.column_names)
            raise InputError(f"expected a column {name!r}, found columns {found}")
    names = ("id", "text", "title", "outlet", "published", "url")
    row_number = 0
    for batch in table.select([n for n in names if n in table.column_names]).to_batches():
        for row in batch.to_pylist():
            row_number += 1
            try:
                yield article_from_values(row)
            except InputError as error:
                raise InputError(f"row {row_number}: {error.reason}") from error


def encodable(text: str) -> str:
    """`text` with lone surrogates replaced by U+FFFD, of the same length."""
    if text.isascii():
        return text
    return "".join("\ufffd" if "\ud800" <= letter <= "\udfff" else letter for letter in text)

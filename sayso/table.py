"""Articles and statements as Arrow tables."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime

import pyarrow as pa

from sayso.errors import InputError
from sayso.records import Article, Span, Statement

__all__ = [
    "STATEMENT_SCHEMA",
    "article_from_values",
    "articles_from_table",
    "statements_to_table",
    "table_to_statements",
]

_SPANS = pa.list_(pa.struct([("start", pa.int32()), ("end", pa.int32())]))
_ROLES = ("source", "cue", "content")

MAX_TEXT = 1_000_000
"""Most characters of an article's text."""

MAX_FIELD = 65_536
"""Most characters of its id and of any other field."""

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


def article_from_values(values: dict[str, object]) -> Article:
    """An article from values by field name, each checked.

    Raises:
        InputError: `id` or `text` is missing, or a value is of another type than expected or
            longer than `MAX_TEXT` or `MAX_FIELD`.
    """
    text = values.get("text")
    if not isinstance(text, str):
        raise InputError(f"expected text to be a string, found {_described(text)}")
    if len(text) > MAX_TEXT:
        raise InputError(f"expected a text of at most {MAX_TEXT} characters, found {len(text)}")
    name = values.get("id")
    if isinstance(name, bool) or not isinstance(name, str | int) or name == "":
        raise InputError(f"expected id to be a string or a whole number, found {_described(name)}")
    rest = {key: _optional(key, values.get(key)) for key in ("title", "outlet", "published", "url")}
    return Article(id=_short("id", str(name)), text=text, **rest)


def encodable(text: str) -> str:
    """`text` with lone surrogates replaced by U+FFFD, of the same length."""
    if text.isascii():
        return text
    return "".join("\ufffd" if "\ud800" <= letter <= "\udfff" else letter for letter in text)


def _optional(key: str, value: object) -> str | None:
    if value is None:
        return None
    if isinstance(value, str):
        return _short(key, value)
    if isinstance(value, datetime | date):
        return value.isoformat()
    if key == "published" and isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    raise InputError(f"expected {key} to be a string, found {_described(value)}")


def _short(key: str, value: str) -> str:
    if len(value) > MAX_FIELD:
        raise InputError(
            f"expected {key} to be of at most {MAX_FIELD} characters, found {len(value)}"
        )
    return value


def _described(value: object) -> str:
    """The type of a value, and its beginning where that is cheap to tell."""
    if value is None:
        return "nothing"
    if isinstance(value, str | bytes):
        return f"{type(value).__name__} {value[:60]!r}"
    if isinstance(value, bool | int | float):
        return f"{type(value).__name__} {value!r:.60}"
    return type(value).__name__

"""Articles in batches through a scorer, so that no row takes the others down with it."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import TYPE_CHECKING

from sayso.articles import article_from_values
from sayso.errors import InputError
from sayso.places import open_place
from sayso.read import FieldMap, Placed
from sayso.rejects import Reject, reject_line
from sayso.surely import EachScorer, score_surely
from sayso.table import statements_to_table

if TYPE_CHECKING:
    import pyarrow as pa

    from sayso.scorer import ScoredArticle

__all__ = ["BATCH", "needed_columns", "score_batch", "score_placed"]

TABLE = "table"
"""What rejects of rows without a file call it."""

BATCH = 64
"""Articles that are scored before their rows are handed on."""

OnReject = Callable[[Reject], None]

_log = logging.getLogger("sayso")


def needed_columns(found: Iterable[str], fields: FieldMap) -> dict[str, str]:
    """Which columns of a table hold an article's fields, by the field.

    Raises:
        InputError: the column of the id or of the text is not among them.
    """
    names = list(found)
    wanted = {field: str(getattr(fields, field)) for field in FieldMap.__slots__}
    for field in ("id", "text"):
        if wanted[field] not in names:
            raise InputError(
                f"expected a column {wanted[field]!r} with each article's {field}, "
                f"found columns {', '.join(names)}"
            )
    return {field: theirs for field, theirs in wanted.items() if theirs in names}


def score_batch(
    scorer: EachScorer,
    table: pa.Table,
    *,
    fields: FieldMap | None = None,
    rejects: str | None = None,
) -> pa.Table:
    """Score a table of articles to a table of statements, as `Scorer.score_table` does; rows that
    cannot be scored are left out and logged.

    Args:
        scorer: what finds the statements.
        table: one row an article.
        fields: its columns' names.
        rejects: path or URI of a folder for a JSONL file of the rows left out, named by its
            content. `file` is `table` and `line` null in it, for a batch does not know where in
            the data it stands.

    Raises:
        InputError: a column is missing.
    """
    fields = fields or FieldMap()
    table = table.select(sorted(set(needed_columns(table.column_names, fields).values())))
    found: list[Reject] = []
    scored = score_placed(scorer, _articles(table, fields, found.append), found.append)
    rows = statements_to_table([statement for one in scored for statement in one.statements])
    if found:
        _log.warning("%d of %d rows left out, first: %s", len(found), len(table), found[0])
        if rejects is not None:
            _write_rejects(found, rejects)
    return rows


def score_placed(
    scorer: EachScorer,
    articles: Iterable[Placed],
    on_reject: OnReject,
    *,
    size: int = BATCH,
) -> Iterator[ScoredArticle]:
    """Stream each article with its statements; one that the scorer fails on is rejected.

    Args:
        scorer: what finds the statements.
        articles: taken `size` at a time.
        on_reject: called for each article that the scorer raised an error on.
        size: of a batch.
    """
    stream = iter(articles)
    while batch := list(islice(stream, size)):
        scored = score_surely(scorer, [placed.article for placed in batch])
        for placed, found in zip(batch, scored, strict=True):
            if isinstance(found, Exception):
                name = placed.article.id
                _log.warning("article %s could not be scored", name, exc_info=found)
                reason = (
                    f"expected a text that can be scored, found {type(found).__name__}: {found}"
                )
                on_reject(Reject(placed.file, placed.line, name, reason))
            else:
                yield found


def _write_rejects(found: Iterable[Reject], folder: str) -> None:
    data = b"".join(map(reject_line, found))
    place = open_place(folder)
    place.make_folder()
    place.write(f"{hashlib.sha256(data).hexdigest()[:32]}.jsonl", data)


def _articles(table: pa.Table, fields: FieldMap, on_reject: OnReject) -> Iterator[Placed]:
    for batch in table.to_batches(max_chunksize=BATCH):
        for row in batch.to_pylist():
            try:
                yield Placed(article_from_values(fields.values(row)), TABLE, None)
            except InputError as error:
                found = row.get(fields.id)
                name = None if found is None else f"{found!s:.200}"
                on_reject(Reject(TABLE, None, name, error.reason))

"""Articles streamed from files of every kind; what cannot be read is named by file and line."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from sayso.articles import article_from_values
from sayso.errors import InputError
from sayso.fuse import Fuse
from sayso.inputs import Input, check_input, find_inputs
from sayso.records import Article
from sayso.rejects import Reject
from sayso.rows import MAX_FILE, FieldMap, read_rows
from sayso.seen import SeenIds

__all__ = ["MAX_FILE", "FieldMap", "Placed", "check_inputs", "read_articles", "read_placed"]

OnReject = Callable[[Reject], None]


@dataclass(frozen=True, slots=True)
class Placed:
    """An article and where it stands.

    Attributes:
        article: as it was read.
        file: the file's name as given, or its path in a folder; `-` for standard input.
        line: its line or row, from 1; None where the file is the article.
    """

    article: Article
    file: str
    line: int | None


def check_inputs(inputs: Iterable[str]) -> None:
    """See that each input is there and is of a kind that can be read.

    Raises:
        UsageError: one is not.
    """
    for name in inputs:
        check_input(name)


def read_articles(
    inputs: Iterable[str], *, fields: FieldMap | None = None, on_reject: OnReject
) -> Iterator[Article]:
    """Stream the articles of files, folders, URIs and `-` (JSONL on standard input).

    An article without an id gets its place for one: `FILE:LINE`; a text or HTML file in a folder
    its path in there. Of an id that was seen before only the first article is given.

    Args:
        inputs: what to read, in order; see `sayso.inputs.find_inputs` for what is found in folders.
        fields: the input's names for an article's fields.
        on_reject: called for each row or file that cannot be read, and for each repeated id.

    Raises:
        UsageError: an input does not exist or is of no kind that can be read.
    """
    for placed in read_placed(inputs, fields=fields, on_reject=on_reject):
        yield placed.article


def read_placed(
    inputs: Iterable[str], *, fields: FieldMap | None = None, on_reject: OnReject
) -> Iterator[Placed]:
    """As `read_articles`, each article with its place.

    Args:
        inputs: what to read, in order.
        fields: the input's names for an article's fields.
        on_reject: called for each row or file that cannot be read, and for each repeated id.

    Raises:
        UsageError: an input does not exist or is of no kind that can be read.
    """
    fields = fields or FieldMap()
    seen = SeenIds()

    def skip(name: str, reason: str) -> None:
        on_reject(Reject(name, None, None, reason))

    for name in inputs:
        for source in find_inputs(name, skip):
            yield from _read(source, fields, on_reject, seen)


def _read(source: Input, fields: FieldMap, on_reject: OnReject, seen: SeenIds) -> Iterator[Placed]:
    file, fuse = source.name, Fuse()

    def damaged(line: int | None, reason: str) -> None:
        on_reject(Reject(file, line, None, reason))

    for row in read_rows(source, fields, damaged, fuse):
        line, found = row.line, row.values.get("id")
        row.values.setdefault("id", f"{file}:{line}")
        try:
            article = article_from_values(row.values)
        except InputError as error:
            name = str(found)[:200] if isinstance(found, str | int) else None
            on_reject(Reject(file, line, name, error.reason))
            continue
        if not seen.add(article.id):
            reason = f"expected an id used once, found {article.id!r:.200} again"
            on_reject(Reject(file, line, article.id, reason))
            continue
        fuse.article()
        yield Placed(article, file, line)

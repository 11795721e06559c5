"""What was withdrawn: articles and labels that someone asked to have removed, left out by loaders.

`withdrawn.jsonl` in the folder of the labelled data only grows. It holds ids, digests and offsets,
never a text. `python -m data withdraw` writes it (see `data.withdrawing`); the loaders read it at
every call, so that whatever is trained or measured next is without what it names.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from data.digest import digest_text
from data.records import Convention, LabelledArticle, LabelledStatement
from data.rows import parse_line, read_lines
from sayso.errors import InputError
from sayso.records import Span

__all__ = [
    "ANNOTATOR",
    "WITHDRAWN",
    "Found",
    "Spans",
    "Withdrawal",
    "Withdrawals",
    "load_withdrawn",
]

WITHDRAWN = "withdrawn.jsonl"
"""Name of the file in the folder of the labelled data."""

ANNOTATOR = "annotator:"
"""What the id of all that one annotator marked begins with."""

Spans = tuple[Span, ...]
"""Pieces of a role in reading order."""


@dataclass(frozen=True, slots=True)
class Found:
    """Where something that was withdrawn stood on the day.

    Attributes:
        file: name of the file.
        rows: how many rows or attributions of it.
        sha256: over those, as canonical JSON, one a line, in the order of the file.
    """

    file: str
    rows: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """One line of `withdrawn.jsonl`.

    Attributes:
        id: of an article, a statement (`ARTICLE#n`) or a stance label, or `annotator:NAME`.
        date: the day, in ISO 8601.
        because: the reason that was given.
        labels: of an article only the labels; its text may still be read unlabelled.
        by: only what this annotator marked; None for everyone.
        words: `digest_text` of a withdrawn article; copies under another id are left out too.
        doc, marks: of a withdrawn `ARTICLE#n` the article and each reading's cue and content, by
            which it is known in files that label or number it otherwise.
        found: where it stood.
    """

    id: str
    date: str
    because: str
    labels: bool = False
    by: str | None = None
    words: str | None = None
    doc: str | None = None
    marks: tuple[tuple[Spans, Spans], ...] = ()
    found: tuple[Found, ...] = ()

    @property
    def key(self) -> tuple[str, bool, str | None]:
        """What is withdrawn, whenever and why ever."""
        return self.id, self.labels, self.by

    def to_row(self) -> dict[str, Any]:
        """As a JSON object without what is not known."""
        row = asdict(self)
        row["marks"] = [[[[s.start, s.end] for s in part] for part in mark] for mark in self.marks]
        row["found"] = list(row["found"])
        return {name: value for name, value in row.items() if value or name == "because"}

    def takes_statement(self, one: LabelledStatement, annotator: str | None) -> bool:
        """Whether it is this statement or stance label that was withdrawn.

        Args:
            one: the statement.
            annotator: who marked it.
        """
        if self.id.startswith(ANNOTATOR):
            return annotator == self.id.removeprefix(ANNOTATOR)
        if self.by not in (None, annotator):
            return False
        if self.marks:
            return one.doc == self.doc and (one.cue, one.content) in self.marks
        return one.id == self.id


@dataclass(frozen=True, slots=True)
class Withdrawals:
    """All that was withdrawn from a folder of labelled data.

    Attributes:
        rows: in the order in which they were withdrawn.
        digest: SHA-256 of the file; None without one.
    """

    rows: tuple[Withdrawal, ...] = ()
    digest: str | None = None
    _named: Mapping[str, Sequence[Withdrawal]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        named: dict[str, list[Withdrawal]] = defaultdict(list)
        for row in self.rows:
            for name in {row.id, row.doc or row.id, row.words or row.id}:
                named[name].append(row)
        object.__setattr__(self, "_named", dict(named))

    def takes_article(
        self, name: str, *, words: str | None = None, annotator: str | None = None
    ) -> Withdrawal | None:
        """What withdraws an article with its labels, or its labels alone, if anything does.

        Args:
            name: its id.
            words: `digest_text` of its text, if at hand.
            annotator: who marked this reading of it.
        """
        near = self._about(name, words, annotator)
        found = [row for row in near if _takes_article(row, name, words, annotator)]
        return min(found, key=lambda row: row.labels, default=None)

    def takes_row(self, row: Mapping[str, Any]) -> bool:
        """Whether a row of articles is withdrawn by its id, so that its text need not be there."""
        by = row.get("annotator")
        known = by if isinstance(by, str) else None
        taken = self.takes_article(str(row.get("id")), annotator=known)
        return taken is not None and not taken.labels

    def keep_articles(self, articles: Sequence[LabelledArticle]) -> list[LabelledArticle]:
        """The articles without what was withdrawn, in their order.

        An article that statements were withdrawn from is marked `PARTIAL` from then on: what is not
        marked in it is not known to be absent.
        """
        if not self.rows:
            return list(articles)
        kept = [self._kept(article) for article in articles]
        return [article for article in kept if article is not None]

    def keep_labels(self, labels: Sequence[LabelledStatement]) -> list[LabelledStatement]:
        """The stance labels without those withdrawn, or whose article is, in their order."""
        return [
            one
            for one in labels
            if self.takes_article(one.doc, annotator=one.annotator) is None
            and not self._takes(one, one.annotator)
        ]

    def _takes(self, one: LabelledStatement, annotator: str | None) -> bool:
        near = self._about(one.id, one.doc, annotator)
        return any(row.takes_statement(one, annotator) for row in near)

    def _about(self, name: str, other: str | None, annotator: str | None) -> Iterator[Withdrawal]:
        """The rows that may take what has one of these names."""
        by = None if annotator is None else ANNOTATOR + annotator
        for key in (name, other, by):
            yield from self._named.get(key, ()) if key is not None else ()

    def _kept(self, article: LabelledArticle) -> LabelledArticle | None:
        taken = self.takes_article(
            article.id, words=self._words(article), annotator=article.annotator
        )
        if taken is not None and not taken.labels:
            return None
        left = tuple(
            one
            for one in article.statements
            if taken is None and not self._takes(one, one.annotator or article.annotator)
        )
        if taken is None and len(left) == len(article.statements):
            return article
        return replace(article, convention=Convention.PARTIAL, statements=left)

    def _words(self, article: LabelledArticle) -> str | None:
        return digest_text(article.text) if any(row.words for row in self.rows) else None


def load_withdrawn(root: Path | str) -> Withdrawals:
    """What was withdrawn from the labelled data under `root`; nothing where there is no file.

    Raises:
        InputError: the file cannot be read or a row of it is malformed.
    """
    path = Path(root) / WITHDRAWN
    if not path.exists():
        return Withdrawals()
    rows = tuple(_withdrawal(parse_line(raw, path, n), path, n) for n, raw in read_lines(path))
    return Withdrawals(rows, hashlib.sha256(path.read_bytes()).hexdigest())


def _takes_article(row: Withdrawal, name: str, words: str | None, annotator: str | None) -> bool:
    if row.id.startswith(ANNOTATOR):
        return annotator == row.id.removeprefix(ANNOTATOR)
    if row.by not in (None, annotator):
        return False
    return row.id == name or (row.words is not None and row.words == words)


def _withdrawal(row: dict[str, Any], path: Path, line: int) -> Withdrawal:
    try:
        texts = {name: row[name] for name in ("id", "date", "because")}
        more = {name: row[name] for name in ("by", "words", "doc") if name in row}
        _expect_texts([*texts.values(), *more.values()])
        return Withdrawal(
            **texts,
            **more,
            labels=row.get("labels", False) is True,
            marks=tuple((_spans(cue), _spans(content)) for cue, content in row.get("marks", [])),
            found=tuple(Found(**found) for found in row.get("found", [])),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise InputError(
            f"expected a withdrawal with id, date and because as text, found {error!r}",
            file=str(path),
            line=line,
        ) from error


def _expect_texts(values: Sequence[Any]) -> None:
    for value in values:
        if not isinstance(value, str):
            raise TypeError(f"{value!r:.60}")


def _spans(pairs: Any) -> Spans:
    return tuple(Span(int(start), int(end)) for start, end in pairs)

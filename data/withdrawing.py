"""Withdraw articles and labels: find where they stand, and add them to `withdrawn.jsonl`."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from data.digest import digest_text
from data.loaders import PLACES, SHIPPED, TEXTS, load_texts
from data.rows import read_rows, statement_of
from data.save import article_row
from data.withdrawn import ANNOTATOR, WITHDRAWN, Found, Spans, Withdrawal, load_withdrawn
from sayso.errors import InputError, UsageError

try:
    import fcntl
except ImportError:  # Windows, where an append is not locked
    fcntl = None  # type: ignore[assignment]

__all__ = ["append_withdrawals", "withdraw"]

BRAT = ("train", "dev", "test")
"""Folders of PolNeAR in its own layout."""

Row = dict[str, Any]
File = tuple[str, list[Row]]
"""A file's name and its rows."""


@dataclass(frozen=True, slots=True)
class _Hit:
    """Something of a file that is withdrawn: a row, or one attribution of a row."""

    file: str
    piece: Row
    article: Row | None
    annotator: Any


def withdraw(
    root: Path | str,
    ids: Sequence[str],
    *,
    because: str,
    date: str,
    labels: bool = False,
    by: str | None = None,
    file: str | None = None,
) -> list[Withdrawal]:
    """Withdraw articles, statements or all of an annotator from the labelled data under `root`.

    The data's files stay as they are: what is withdrawn is left out by the loaders. What is not
    found is recorded all the same, and left out should it come. Copies of a withdrawn article are
    left out under whatever id.

    Args:
        root: the folder of the labelled data.
        ids: of articles, of statements (`ARTICLE#n`, as they are numbered in their file), of stance
            labels, or `annotator:NAME`.
        because: the reason.
        date: the day, in ISO 8601.
        labels: of articles withdraw only the labels.
        by: withdraw only what this annotator marked.
        file: name of the file by which statements are numbered, where several have the article.

    Returns:
        Those that were not withdrawn before, with copies of articles that go with them.

    Raises:
        InputError: `withdrawn.jsonl` cannot be read.
        UsageError: it cannot be written, no id or no reason is given, or an id is that of several
            statements.
    """
    if not ids or not all(one.strip() for one in ids):
        raise UsageError(f"expected ids of what to withdraw, found {', '.join(ids) or 'none'}")
    if not because.strip():
        raise UsageError("expected a reason, found none")
    if not Path(root).is_dir():
        raise UsageError(f"expected the folder of the labelled data, found no {root}")
    files = [one for one in _files(root) if file in (None, one[0])]
    rows = []
    for name in dict.fromkeys(ids):
        plain = Withdrawal(name, date, because, labels=labels, by=by)
        rows += _found(plain, files, Path(root))
    return append_withdrawals(root, rows)


def append_withdrawals(root: Path | str, rows: Sequence[Withdrawal]) -> list[Withdrawal]:
    """Add what is not yet withdrawn; of two processes at once, one waits for the other.

    All rows are written at once and reach the disk before this returns.

    Returns:
        Those that were added.

    Raises:
        InputError: the file that is there cannot be read.
        UsageError: it cannot be written.
    """
    path = Path(root) / WITHDRAWN
    try:
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o644)
    except OSError as error:
        raise UsageError(f"expected a file to write, found {error}") from error
    try:
        if fcntl is not None:
            fcntl.flock(handle, fcntl.LOCK_EX)
        known = {row.key for row in load_withdrawn(root).rows}
        fresh = [row for row in {r.key: r for r in rows}.values() if row.key not in known]
        _write(handle, "".join(json.dumps(row.to_row()) + "\n" for row in fresh).encode())
    except OSError as error:
        raise UsageError(f"expected a file to write, found {error}") from error
    finally:
        os.close(handle)
    return fresh


def _write(handle: int, text: bytes) -> None:
    """Append in one call, after a newline where the last line lacks one."""
    end = os.lseek(handle, 0, os.SEEK_END)
    if not text:
        return
    if end:
        os.lseek(handle, end - 1, os.SEEK_SET)
        text = (b"" if os.read(handle, 1) == b"\n" else b"\n") + text
    if os.write(handle, text) != len(text):
        os.ftruncate(handle, end)
        raise OSError("no room on the disk")
    os.fsync(handle)


def _files(root: Path | str) -> Iterator[File]:
    """The label files under `root` and those that ship: name and rows; others are passed over."""
    seen = set()
    for folder in (*(Path(root) / place for place in PLACES), SHIPPED):
        for path in sorted(folder.glob("*.jsonl")):
            if path.name in (*TEXTS, WITHDRAWN) or path.name in seen:
                continue
            try:
                rows = [row for _, row in read_rows(path)]
            except InputError:
                continue
            if any("attributions" in row or "doc" in row for row in rows[:1]):
                seen.add(path.name)
                yield path.name, rows
        yield from _brat(folder, seen)


def _brat(folder: Path, seen: set[str]) -> Iterator[File]:
    from data.brat import load_brat

    for split in BRAT:
        if f"polnear.{split}.jsonl" not in seen and (folder / split).is_dir():
            try:
                yield split, [article_row(article) for article in load_brat(folder / split)]
            except InputError:
                continue


def _found(plain: Withdrawal, files: Sequence[File], root: Path) -> list[Withdrawal]:
    """The withdrawal with what is known of where it stands, and one of each copy of an article."""
    hits = [hit for name, rows in files for row in rows for hit in _hits(plain, name, row)]
    by_file: dict[str, list[Row]] = {}
    for hit in hits:
        by_file.setdefault(hit.file, []).append(hit.piece)
    found = tuple(Found(file, len(rows), _digest(rows)) for file, rows in by_file.items())
    if plain.id.startswith(ANNOTATOR):
        return [replace(plain, found=found)]
    parts = [hit for hit in hits if hit.article is not None and hit.piece is not hit.article]
    if parts:
        doc = str((parts[0].article or {})["id"])
        return [replace(plain, doc=doc, marks=_marks_of(plain.id, parts), found=found)]
    if not found:
        return [plain]
    articles = [hit.piece for hit in hits if hit.article is not None]
    words = _words(articles, plain.id, root)
    copies = () if words is None else _copies(plain.id, words, files)
    because = f"{plain.because} (has the words of {plain.id})"
    return [
        replace(plain, words=words, found=found),
        *(replace(plain, id=name, because=because, words=words) for name in copies),
    ]


def _marks_of(name: str, parts: Sequence[_Hit]) -> tuple[tuple[Spans, Spans], ...]:
    """Cue and content of a statement, which has to be the same one wherever its id stands."""
    spans = set()
    for hit in parts:
        one = statement_of({**hit.piece, "id": name, "doc": name}, None, Path(hit.file), 0)
        spans.add((one.cue, one.content))
    if len(spans) > 1:
        where = sorted({f"{hit.file} ({hit.annotator or 'no annotator'})" for hit in parts})
        raise UsageError(
            f"expected one statement {name}, found several: name one's annotator or file of "
            f"{', '.join(where)}"
        )
    return tuple(spans)


def _copies(name: str, words: str, files: Sequence[File]) -> list[str]:
    """Ids of other articles with the same words."""
    texts = {
        row["id"]: row["text"]
        for _, rows in files
        for row in rows
        if isinstance(row.get("text"), str) and isinstance(row.get("id"), str)
    }
    return sorted(one for one, text in texts.items() if one != name and digest_text(text) == words)


def _hits(plain: Withdrawal, file: str, row: Row) -> Iterator[_Hit]:
    """What of a row of a file is meant."""
    everyone = plain.id.startswith(ANNOTATOR)
    by = plain.id.removeprefix(ANNOTATOR) if everyone else plain.by
    whose = row.get("annotator")
    if by in (None, whose) and (everyone or plain.id in (row.get("id"), row.get("doc"))):
        yield _Hit(file, row, row if "attributions" in row else None, whose)
        return
    marks = row.get("attributions", [])
    for number, mark in enumerate(marks if isinstance(marks, list) else []):
        if isinstance(mark, dict) and (everyone or plain.id == f"{row.get('id')}#{number}"):
            whose = mark.get("annotator", row.get("annotator"))
            if by in (None, whose):
                yield _Hit(file, mark, row, whose)


def _words(articles: Sequence[Row], name: str, root: Path) -> str | None:
    """`digest_text` of the article, whose text may stand in another file."""
    for row in articles:
        if isinstance(row.get("text"), str):
            return digest_text(row["text"])
    try:
        text = load_texts(root, {name}, root).get(name)
    except InputError:
        return None
    return None if text is None else digest_text(text)


def _digest(rows: Sequence[Row]) -> str:
    lines = (json.dumps(row, sort_keys=True) + "\n" for row in rows)
    return hashlib.sha256("".join(lines).encode("ascii")).hexdigest()

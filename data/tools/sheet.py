"""Plain CSV: a row a statement, as `text,source,cue,content,stance`.

Further columns are `id`, `annotator`, `date`, `title`, `outlet` and `published`. Rows of the same
`id`, or without ids of the same `text`, are one article. Source, cue and content are copied from
the text as they stand there, pieces of one joined by " … "; of several places where they are found,
those that stand nearest together are meant. A row without all three says that the article has no
statement, or none yet.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from data.records import LabelledArticle, LabelledStatement
from data.tools.jsonfile import iso_date, reading
from data.tools.outgoing import Outgoing
from data.tools.places import locate_parts
from data.tools.regions import Marking, Region, is_utf8, read_stance, text_id
from data.tools.rejected import Rejected
from sayso.articles import article_from_values
from sayso.csvrows import csv_rows
from sayso.errors import InputError
from sayso.lines import text_lines
from sayso.records import join_pieces
from sayso.rows import MAX_FILE
from sayso.tags import ROLES

__all__ = ["COLUMNS", "read_sheet", "sheet_part", "write_sheet"]

COLUMNS = ("text", *ROLES, "stance")
"""What a sheet must have; `MORE` is what it may have."""

MORE = ("id", "annotator", "date", "title", "outlet", "published")

_META = ("title", "outlet", "published")


def read_sheet(path: Path, rejected: Rejected) -> Iterator[Marking]:
    """A marking for each row.

    Raises:
        InputError: the file cannot be read, or a column is missing.
    """
    with reading(path) as handle:
        lines = text_lines(handle, MAX_FILE, lambda n, why: rejected(n, None, why), whole=True)
        header: list[str] | None = None
        delimiter = "\t" if ".tsv" in path.suffixes else ","
        for row in csv_rows(lines, delimiter, lambda n, why: rejected(n, None, why)):
            if header is None:
                header = _header(row.fields, path)
                continue
            values = dict(zip(header, row.fields, strict=True))
            try:
                yield _marking(values, row.line)
            except InputError as error:
                rejected(row.line, values.get("id") or None, error.reason)
        if header is None:
            _header([], path)


def _header(fields: list[str], path: Path) -> list[str]:
    names = [name.strip().lower() for name in fields]
    lacking = [name for name in COLUMNS if name not in names]
    if lacking or len(set(names)) != len(names):
        raise InputError(
            f"expected the columns {','.join(COLUMNS)} in the first line, each once, found "
            f"{','.join(names) or 'nothing':.200}",
            file=str(path),
            line=1,
        )
    return names


def _marking(values: Mapping[str, str], line: int) -> Marking:
    text = values["text"]
    if not text.strip():
        raise InputError("expected text, found none")
    known = {key: values[key] for key in _META if values.get(key)}
    name = values.get("id") or text_id(text)
    article = article_from_values({**known, "id": name, "text": text})
    wanted = {role: values[role].strip() for role in ROLES}
    stance = read_stance(values["stance"]) if values["stance"].strip() else None
    regions: tuple[Region, ...] = ()
    if any(wanted.values()):
        if not wanted["content"]:
            raise InputError("expected a content, found none")
        parts = locate_parts(text, wanted)
        regions = tuple(
            Region(role, role, parts[role], stance if role == "content" else None, "1")
            for role in ROLES
            if parts[role]
        )
    elif stance is not None:
        raise InputError(f"expected a content for the stance {stance}, found none")
    return Marking(
        article,
        line,
        regions,
        annotator=values.get("annotator") or None,
        date=iso_date(values.get("date")),
    )


def sheet_part(marking: LabelledArticle, rejected: Rejected) -> LabelledArticle | None:
    """The statements that `read_sheet` would find where they are; the rest is rejected."""
    if not is_utf8(marking.text):
        rejected(None, marking.id, "expected text that UTF-8 can hold, found a lone surrogate")
        return None
    kept = []
    for one in marking.statements:
        try:
            found = locate_parts(marking.text, _words(marking.text, one))
            if any(found[role] != getattr(one, role) for role in ROLES):
                raise InputError("expected places nearest together, found others marked")
        except InputError as error:
            rejected(None, marking.id, f"{one.id:.200}: {error.reason}")
        else:
            kept.append(one)
    return replace(marking, statements=tuple(kept)) if kept or not marking.statements else None


def write_sheet(tasks: Iterable[Outgoing]) -> Iterator[str]:
    """The text of a CSV file, row by row."""
    columns = (*COLUMNS, *MORE)
    yield _row(columns)
    for task, marking in ((one, mark) for one in tasks for mark in one.markings):
        known = {key: getattr(task.article, key) or "" for key in ("id", "text", *_META)}
        known["annotator"] = marking.annotator or ""
        if not marking.statements:
            yield _row(known.get(name, "") for name in columns)
        for one in marking.statements:
            date = one.origin.date if one.origin else None
            words = _words(marking.text, one)
            values = {**known, **words, "stance": one.stance or "", "date": date or ""}
            yield _row(values.get(name, "") for name in columns)


def _words(text: str, one: LabelledStatement) -> dict[str, str]:
    return {role: join_pieces(text, getattr(one, role)) or "" for role in ROLES}


def _row(fields: Iterable[str]) -> str:
    line = io.StringIO()
    csv.writer(line, lineterminator="\n").writerow(fields)
    return line.getvalue()

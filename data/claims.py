"""Which statements are on the same claim: labels across articles, by offsets and ids alone.

The rules are in `labels/CLAIMS.md`. Within an event every statement that takes part has a claim, so
every pair of an event's statements is labelled: on the same claim or not.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from data.rows import read_rows, statement_of
from sayso.errors import InputError, UsageError
from sayso.profiles.schema import POSITIONS
from sayso.records import Span

__all__ = ["CLAIMS", "PARTS", "ClaimRow", "load_claims"]

CLAIMS = Path(__file__).parent / "labels" / "claims.jsonl"
"""The labels that ship with the project."""

PARTS = ("tune", "report")
"""What a grouping is chosen on, and what it is measured on."""


@dataclass(frozen=True, slots=True)
class ClaimRow:
    """A statement with the claim that it is on.

    Attributes:
        id: the article's id, `#` and the statement's ordinal in it.
        part: one of `PARTS`.
        event: id of the articles' common story, in one part only.
        doc: the article's id.
        source, cue, content: pieces in reading order; source and cue may be empty.
        claim: id of the claim, within the event.
        position: one of `sayso.profiles.schema.POSITIONS`, towards the claim worded without
            negation.
        copy: whether the article is a near-copy of another of the event.
    """

    id: str
    part: str
    event: str
    doc: str
    source: tuple[Span, ...]
    cue: tuple[Span, ...]
    content: tuple[Span, ...]
    claim: str
    position: str
    copy: bool = False


def load_claims(path: Path | str = CLAIMS, *, part: str) -> list[ClaimRow]:
    """The rows of a part, in the order of the file; the other part's are checked as well.

    Raises:
        UsageError: `part` is none of `PARTS`.
        InputError: the file cannot be read, a row is malformed, an id stands twice, or an event
            stands in two parts or a claim in two events.
    """
    if part not in PARTS:
        raise UsageError(f"expected part to be {' or '.join(PARTS)}, found {part!r}")
    path = Path(path)
    rows: list[ClaimRow] = []
    lines: dict[str, int] = {}
    homes: dict[tuple[str, str], str] = {}
    for line, fields in read_rows(path):
        row = _row(fields, path, line)
        if row.id in lines:
            raise _wrong(f"{row.id}: expected once, found also in line {lines[row.id]}", path, line)
        lines[row.id] = line
        for kind, name, home in (
            ("event", row.event, row.part),
            ("article", row.doc, row.event),
            ("claim", row.claim, row.event),
        ):
            if (known := homes.setdefault((kind, name), home)) != home:
                raise _wrong(f"expected {kind} {name} in {known} alone, found {home}", path, line)
        rows.append(row)
    return [row for row in rows if row.part == part]


def _row(fields: Mapping[str, Any], path: Path, line: int) -> ClaimRow:
    for name in ("id", "event", "doc", "claim"):
        if not isinstance(fields.get(name), str):
            raise _wrong(f"expected {name} as text, found {fields.get(name)!r:.60}", path, line)
    for name, known in (("part", PARTS), ("position", POSITIONS)):
        if (found := fields.get(name)) not in known:
            raise _wrong(
                f"expected {name} to be one of {', '.join(known)}, found {found!r:.60}", path, line
            )
    if not isinstance(copy := fields.get("copy", False), bool):
        raise _wrong(f"expected copy to be true or false, found {copy!r:.60}", path, line)
    doc, _, number = fields["id"].rpartition("#")
    if doc != fields["doc"] or not number.isdecimal():
        raise _wrong(
            f"expected id to be {fields['doc']}# and a number, found {fields['id']!r:.60}",
            path,
            line,
        )
    spans = statement_of(fields, None, path, line)
    if not spans.content or any(
        not 0 <= piece.start < piece.end
        for role in (spans.source, spans.cue, spans.content)
        for piece in role
    ):
        raise _wrong("expected content, and pieces with 0 <= start < end", path, line)
    return ClaimRow(
        id=fields["id"],
        part=fields["part"],
        event=fields["event"],
        doc=doc,
        source=spans.source,
        cue=spans.cue,
        content=spans.content,
        claim=fields["claim"],
        position=fields["position"],
        copy=copy,
    )


def _wrong(reason: str, path: Path, line: int) -> InputError:
    return InputError(reason, file=str(path), line=line)

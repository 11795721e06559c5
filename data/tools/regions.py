"""What an annotator marks in a tool, before statements are made of it: regions and links.

A region is a stretch of text with a label: `Source`, `Cue` or `Content`. Upper and lower case are
alike, and two things may follow the role:

- a number, as in `Cue 2`: regions of the same number are one statement. That joins pieces where a
  tool has no relations.
- a stance, as in `Cue:denial` or `Cue 2:denial`, where a tool cannot ask for it otherwise.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass

from data.records import LABELS
from sayso.errors import InputError
from sayso.records import Article, Span

__all__ = [
    "DENIES",
    "INSIDE",
    "JOINS",
    "Label",
    "Link",
    "Marking",
    "Region",
    "is_utf8",
    "read_label",
    "read_stance",
    "text_id",
    "trimmed",
    "write_label",
]

INSIDE, DENIES, JOINS = "inside", "denies", "joins"
"""Links between statements, and between pieces of one; any other name is taken for `JOINS`."""

_LABEL = re.compile(r"(source|cue|content)(?:[ _-]?(\d{1,6}))?(?:\s*:\s*(.+))?", re.I | re.S)


@dataclass(frozen=True, slots=True)
class Label:
    """What a region's label says.

    Attributes:
        role: one of `sayso.tags.ROLES`.
        group: the number in it, as written.
        stance: one of `data.records.LABELS`.
    """

    role: str
    group: str | None = None
    stance: str | None = None


@dataclass(frozen=True, slots=True)
class Region:
    """Text that was marked.

    Attributes:
        id: the tool's, unique within the marking.
        role: one of `sayso.tags.ROLES`.
        spans: its pieces in reading order, one in most tools.
        stance: what was chosen on it.
        group: regions of the same group are one statement, whatever links there are.
    """

    id: str
    role: str
    spans: tuple[Span, ...]
    stance: str | None = None
    group: str | None = None


@dataclass(frozen=True, slots=True)
class Link:
    """A relation between two regions.

    Attributes:
        first, second: `Region.id`; the direction counts only where `name` is `INSIDE` or `DENIES`.
        name: the relation's label in lower case.
    """

    first: str
    second: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Marking:
    """An article as one person marked it.

    Attributes:
        article: as the tool has it.
        line: the task's line or place in the file, from 1.
        regions, links: what was marked, in file order.
        annotator: who marked it, if known.
        date: when, in ISO 8601, if known.
        stance: chosen for the task as a whole, which must hold one statement then.
        problems: what of it could not be read: what was expected and what was found.
        file: where it stands, if not in the file that is read.
    """

    article: Article
    line: int | None
    regions: tuple[Region, ...]
    links: tuple[Link, ...] = ()
    annotator: str | None = None
    date: str | None = None
    stance: str | None = None
    problems: tuple[str, ...] = ()
    file: str | None = None


def read_label(text: object) -> Label:
    """Take a label apart.

    Raises:
        InputError: it is none of ours.
    """
    found = _LABEL.fullmatch(text.strip()) if isinstance(text, str) else None
    if not found:
        raise InputError(f"expected a label Source, Cue or Content, found {text!r:.80}")
    role, group, stance = found.groups()
    return Label(role.lower(), group, None if stance is None else read_stance(stance))


def write_label(role: str, *, group: object = None, stance: str | None = None) -> str:
    """The label that `read_label` takes apart."""
    number = "" if group is None else f" {group}"
    return f"{role.capitalize()}{number}" + (f":{stance}" if stance else "")


def read_stance(text: object) -> str:
    """One of `LABELS`, upper and lower case alike.

    Raises:
        InputError: it is none of them.
    """
    stance = text.strip().lower() if isinstance(text, str) else None
    if stance not in LABELS:
        raise InputError(f"expected a stance of {', '.join(LABELS)}, found {text!r:.80}")
    return stance


def text_id(text: str) -> str:
    """An id for an article that has none: of the same text always the same."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def is_utf8(*texts: str | None) -> bool:
    """Whether there is no lone surrogate, which JSON can hold and other files cannot."""
    try:
        for text in texts:
            (text or "").encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def trimmed(text: str, span: Span) -> Span:
    """The span without white space at its ends.

    Raises:
        InputError: it is outside the text, empty or blank.
    """
    if not 0 <= span.start < span.end <= len(text):
        raise InputError(
            f"expected 0 <= start < end <= {len(text)}, found [{span.start}, {span.end}]"
        )
    piece = text[span.start : span.end]
    start = span.start + len(piece) - len(piece.lstrip())
    end = span.end - len(piece) + len(piece.rstrip())
    if start >= end:
        raise InputError(f"expected text at [{span.start}, {span.end}], found white space")
    return Span(start, end)

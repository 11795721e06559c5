"""Which statement each denial denies, and which side statements take: labels that ship.

`denials.jsonl` and `positions.jsonl` give ids and labels only; the statements are those of the
files in `MARKED`. Our own gold names what is denied in its own rows.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from data.loaders import GOLD, load_full, load_gold, locate
from data.records import LabelledArticle, LabelledStatement
from data.rows import read_rows
from sayso.errors import InputError

__all__ = [
    "DENIALS",
    "MADE",
    "MARKED",
    "POSITIONS",
    "DeniedArticle",
    "Placed",
    "load_denials",
    "load_denied_gold",
    "load_positions",
]

DENIALS = "denials.jsonl"
"""Name of the file of links."""

POSITIONS = "positions.jsonl"
"""Name of the file of sides."""

MADE = "denials.made.jsonl"
"""Short invented articles, written for these labels."""

MARKED = ("news.train.jsonl", "news.more.jsonl", "wire.dev.jsonl", MADE)
"""Files of articles marked in full whose statements the labels are of."""

_SIDES = {"for": 1, "against": -1, "open": 0}


@dataclass(frozen=True, slots=True)
class DeniedArticle:
    """An article with what its denials deny.

    Attributes:
        article: marked in full.
        denies: by a denial's id the ids of all statements that put forward what it denies, the
            most direct one first; none where the article has no such statement.
        made: whether the article was invented for its denials.
    """

    article: LabelledArticle
    denies: Mapping[str, tuple[str, ...]]
    made: bool = False


@dataclass(frozen=True, slots=True)
class Placed:
    """A statement with the side it takes.

    Attributes:
        article: where it stands.
        statement: the statement.
        position: 1 for its content's proposition without negation, -1 against it, 0 open.
    """

    article: LabelledArticle
    statement: LabelledStatement
    position: int


def load_denials(root: Path | str) -> list[DeniedArticle]:
    """The labelled denials of news, by article, without what was withdrawn.

    Args:
        root: the folder of the labelled data; has the files in `MARKED`.

    Raises:
        InputError: a file is missing, a row is malformed or names an unknown statement.
    """
    path, marked = locate(root, DENIALS), _articles(root)
    denies: dict[str, dict[str, tuple[str, ...]]] = defaultdict(dict)
    for line, row in read_rows(path):
        ids = _ids(row, path, line)
        statement = _statement(row, marked, path, line)
        if statement is not None:
            known = {one.id for one in marked[statement.doc].statements}
            denies[statement.doc][statement.id] = tuple(one for one in ids if one in known)
    made = {one.id for one in load_full(root, MADE)}
    return [DeniedArticle(marked[doc], denies[doc], doc in made) for doc in sorted(denies)]


def load_denied_gold(root: Path | str | None = None) -> list[DeniedArticle]:
    """Our own gold's denials.

    What a denial denies is one statement in `labels.jsonl`; where others put the same forward,
    `denials.jsonl` beside it names them all, that one first.

    Args:
        root: a folder with gold of the same form; our own if left out.

    Raises:
        InputError: a file is missing or a row is malformed.
    """
    folder = GOLD if root is None else Path(root)
    more: dict[str, tuple[str, ...]] = {}
    if (folder / DENIALS).exists():
        more = {
            str(row.get("id")): _ids(row, folder / DENIALS, n)
            for n, row in read_rows(folder / DENIALS)
        }
    return [
        DeniedArticle(
            article,
            {
                one.id: more.get(one.id) or ((one.denies,) if one.denies else ())
                for one in article.statements
                if one.stance == "denial"
            },
        )
        for article in load_gold(folder)
    ]


def load_positions(root: Path | str) -> list[Placed]:
    """The statements whose side is labelled.

    Args:
        root: the folder of the labelled data; has the files in `MARKED`.

    Raises:
        InputError: a file is missing, a row is malformed or names an unknown statement.
    """
    path, marked = locate(root, POSITIONS), _articles(root)
    placed = []
    for line, row in read_rows(path):
        side = _SIDES.get(str(row.get("position")))
        if side is None:
            raise InputError(
                f"expected position to be one of {', '.join(_SIDES)}, found "
                f"{row.get('position')!r:.60}",
                file=str(path),
                line=line,
            )
        statement = _statement(row, marked, path, line)
        if statement is not None:
            placed.append(Placed(marked[statement.doc], statement, side))
    return placed


def _ids(row: Mapping[str, Any], path: Path, line: int) -> tuple[str, ...]:
    ids = row.get("denies")
    if not isinstance(ids, list) or not all(isinstance(one, str) for one in ids):
        raise InputError(
            f"expected denies as a list of ids, found {ids!r:.60}", file=str(path), line=line
        )
    return tuple(ids)


def _articles(root: Path | str) -> dict[str, LabelledArticle]:
    return {one.id: one for name in MARKED for one in load_full(root, name)}


def _statement(
    row: Mapping[str, Any], marked: Mapping[str, LabelledArticle], path: Path, line: int
) -> LabelledStatement | None:
    """The statement that a row is about; None where it was withdrawn."""
    doc, name = str(row.get("doc")), str(row.get("id"))
    if not name.startswith(f"{doc}#"):
        raise InputError(
            f"expected id of a statement of {doc!r}, found {name!r}", file=str(path), line=line
        )
    if doc not in marked:
        return None
    return next((one for one in marked[doc].statements if one.id == name), None)

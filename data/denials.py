"""Which statement each denial denies, and which side statements take: labels that ship.

`denials.jsonl` and `positions.jsonl` give ids and labels only; the statements are those of the
files in `MARKED`. Our own gold names what is denied in its own rows.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
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
    "SECOND",
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

SECOND = GOLD / "denials.second.jsonl"
"""All links of our own gold by a second annotator, who did not see the first one's."""

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


def load_denied_gold(
    root: Path | str | None = None, *, links: Path | str | None = None
) -> list[DeniedArticle]:
    """Our own gold's denials.

    What a denial denies is one statement in `labels.jsonl`; where others put the same forward,
    `denials.jsonl` beside it names them all, that one first.

    Args:
        root: a folder with gold of the same form; our own if left out.
        links: file with a row for every denial, taken instead of both, such as `SECOND`.

    Raises:
        InputError: a file is missing, a row is malformed, or `links` lacks a denial or names an
            unknown statement.
    """
    folder = GOLD if root is None else Path(root)
    articles = load_gold(folder)
    if links is not None:
        return _linked(articles, Path(links))
    more: dict[str, tuple[str, ...]] = {}
    if (folder / DENIALS).exists():
        more = _links(folder / DENIALS)
    return [
        DeniedArticle(
            article,
            {
                one.id: more.get(one.id) or ((one.denies,) if one.denies else ())
                for one in article.statements
                if one.stance == "denial"
            },
        )
        for article in articles
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


def _linked(articles: Sequence[LabelledArticle], path: Path) -> list[DeniedArticle]:
    """Articles with the links of a file that names every denial of theirs and no other."""
    links = _links(path)
    denials = {s.id for one in articles for s in one.statements if s.stance == "denial"}
    if differing := sorted(links.keys() ^ denials):
        found = "none" if differing[0] in denials else "one, though it is no denial"
        raise InputError(
            f"expected a row for each denial of the gold, found {found} for {differing[0]}",
            file=str(path),
        )
    linked = []
    for article in articles:
        known = {one.id for one in article.statements}
        denies = {one: links[one] for one in links if one in known}
        if unknown := sorted({one for ones in denies.values() for one in ones} - known):
            raise InputError(
                f"expected denies to name statements of {article.id}, found {unknown[0]!r:.60}",
                file=str(path),
            )
        linked.append(DeniedArticle(article, denies))
    return linked


def _links(path: Path) -> dict[str, tuple[str, ...]]:
    return {str(row.get("id")): _ids(row, path, line) for line, row in read_rows(path)}


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

"""PolNeAR's own layout: brat standoff `.ann` files with their `.txt` (Newell et al. 2018).

```
metadata.tsv                    filename, title, … of every article (optional)
dev/text/ID.txt                 the article
dev/attributions/ID_5fec.ann    what annotator 5fec marked in it
```

The `.txt` and `.ann` files may also stand side by side in one folder, and an `.ann` may be called
plain `ID.ann`. In an `.ann` file, `T` lines are spans and `E` lines are the attributions that name
them:

```
T1      Source 0 8        Minister
T3      Content 14 20;25 40   …
E1      Attribution:T4 Content:T3 Cue:T2 Source:T1
```
"""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from pathlib import Path

from data.records import Convention, LabelledArticle, LabelledStatement
from sayso.errors import InputError
from sayso.records import Span

__all__ = ["NAME", "load_brat", "read_argument", "read_pieces", "read_whole", "subfolder"]

NAME = re.compile(r"(?P<outlet>[^_]+)_(?P<published>\d{4}-\d{2}-\d{2})_")
_OFFSETS = re.compile(r"\S+ (?P<pieces>\d{1,9} \d{1,9}(;\d{1,9} \d{1,9})*)")
_ARGUMENT = re.compile(r"(?P<role>[^\s:]+?)\d*:(?P<target>T\d+)")
_ROLES = ("source", "cue", "content")
_CARRIES_NOTHING = "RAMN#*"
"""How lines begin that make no attribution: relations, attributes, links, notes, equivalences."""

_Spans = dict[str, tuple[Span, ...]]
"""Pieces by the identity of a `T` line, or by role."""


def load_brat(folder: Path) -> list[LabelledArticle]:
    """Every article of a folder, in order of file name, spans only, marked `FLAT`.

    Where several annotators marked an article, the first file by name is taken. Outlet and date
    come from a file name such as `herald_2016-08-18_headline.txt`, the title from `metadata.tsv`
    in the folder or above it. Attributions that name no content are left out. The third column of
    `T` lines is not read: PolNeAR's differs from the text here and there.

    Args:
        folder: holds `text/` and `attributions/`, or the `.txt` and `.ann` files themselves.

    Raises:
        InputError: no article is there, one has no `.ann` or the other way round, or a line is
            malformed (names file and line).
    """
    texts = {path.stem: path for path in sorted(subfolder(folder, "text").glob("*.txt"))}
    if not texts:
        raise InputError("expected text/*.txt or *.txt, found none", file=str(folder))
    marks = _marks(subfolder(folder, "attributions"), texts)
    titles = _titles(folder)
    return [_article(texts[name], marks[name], titles.get(name)) for name in texts]


def subfolder(folder: Path, name: str) -> Path:
    """The folder of that name in another, or else the other itself."""
    return folder / name if (folder / name).is_dir() else folder


def _marks(folder: Path, texts: Mapping[str, Path]) -> dict[str, Path]:
    """The first `.ann` file of every article."""
    marks: dict[str, Path] = {}
    for path in sorted(folder.glob("*.ann")):
        name = path.stem if path.stem in texts else path.stem.rpartition("_")[0]
        if name not in texts:
            raise InputError("expected a .txt of the same name, found none", file=str(path))
        marks.setdefault(name, path)
    for name, path in texts.items():
        if name not in marks:
            raise InputError(
                f"expected {folder / name}.ann or {folder / name}_*.ann, found neither",
                file=str(path),
            )
    return marks


def _titles(folder: Path) -> dict[str, str]:
    for path in (folder / "metadata.tsv", folder.absolute().parent / "metadata.tsv"):
        if path.is_file():
            with path.open(encoding="utf-8", newline="") as handle:
                rows = csv.DictReader(handle, delimiter="\t")
                return {row["filename"]: row["title"] for row in rows if row.get("title")}
    return {}


def read_whole(path: Path) -> str:
    """The file as it stands: newlines are kept, since brat counts every character.

    Raises:
        InputError: it cannot be read, or is no UTF-8.
    """
    try:
        return path.read_bytes().decode("utf-8")
    except UnicodeDecodeError as error:
        raise InputError(f"expected UTF-8, found {error}", file=str(path)) from error
    except OSError as error:
        raise InputError(f"expected a file to read, found {error}", file=str(path)) from error


def _article(text_path: Path, marks: Path, title: str | None) -> LabelledArticle:
    name, text = text_path.stem, read_whole(text_path)
    annotator = marks.stem.removeprefix(name).lstrip("_") or None
    known = NAME.match(name)
    return LabelledArticle(
        id=name,
        text=text,
        title=title,
        outlet=known["outlet"] if known else None,
        published=known["published"] if known else None,
        convention=Convention.FLAT,
        statements=tuple(
            LabelledStatement(
                id=f"{name}#{n}",
                doc=name,
                source=spans["source"],
                cue=spans["cue"],
                content=spans["content"],
                annotator=annotator,
            )
            for n, spans in enumerate(_attributions(marks, len(text)))
        ),
    )


def _attributions(path: Path, length: int) -> list[_Spans]:
    """The spans of every attribution of an `.ann` file, in file order."""
    spans: _Spans = {}
    events: list[tuple[int, str]] = []
    for line, raw in enumerate(read_whole(path).split("\n"), 1):
        row = raw.rstrip("\r")
        if not row.strip() or row[0] in _CARRIES_NOTHING:
            continue
        identity, _, rest = row.partition("\t")
        if row[0] == "T":
            spans[identity] = read_pieces(rest, length, path, line)
        elif row[0] == "E":
            events.append((line, rest))
        else:
            raise InputError(f"expected a brat line, found {row!r:.60}", file=str(path), line=line)
    found = [_event(event, spans, path, line) for line, event in events]
    return [attribution for attribution in found if attribution["content"]]


def read_pieces(rest: str, length: int, path: Path, line: int) -> tuple[Span, ...]:
    """The pieces of a `T` line, from `Content 14 20;25 40` and what follows.

    Raises:
        InputError: they are malformed or outside a text of `length` characters.
    """
    found = _OFFSETS.fullmatch(rest.partition("\t")[0].rstrip())
    if not found:
        raise InputError(
            f"expected a type and START END[;START END…], found {rest!r:.60}",
            file=str(path),
            line=line,
        )
    pieces = sorted(Span(*map(int, piece.split(" "))) for piece in found["pieces"].split(";"))
    for piece in pieces:
        if not piece.start < piece.end <= length:
            raise InputError(
                f"expected 0 <= start < end <= {length}, found [{piece.start}, {piece.end}]",
                file=str(path),
                line=line,
            )
    return tuple(pieces)


def _event(rest: str, spans: _Spans, path: Path, line: int) -> _Spans:
    """The spans of an `E` line by role; its trigger, which repeats the cue, is not needed."""
    roles: dict[str, list[Span]] = {role: [] for role in _ROLES}
    for argument in rest.split()[1:]:
        role, target = read_argument(argument, path, line)
        if target not in spans:
            raise InputError(
                f"expected a line {target} for {argument!r}, found none", file=str(path), line=line
            )
        roles[role].extend(spans[target])
    return {role: tuple(sorted(pieces)) for role, pieces in roles.items()}


def read_argument(argument: str, path: Path, line: int) -> tuple[str, str]:
    """Role and target of an argument of an `E` line, such as `Content2:T3`.

    Raises:
        InputError: the role is none of ours, or the target no `T` line.
    """
    found = _ARGUMENT.fullmatch(argument)
    if not found or found["role"].lower() not in _ROLES:
        raise InputError(
            f"expected Source:T…, Cue:T… or Content:T…, found {argument!r:.60}",
            file=str(path),
            line=line,
        )
    return found["role"].lower(), found["target"]

"""brat's standoff files of annotators, read and written: a folder of `.txt` and `.ann`.

The format is that of brat's documentation (brat.nlplab.org/standoff.html), laid out as PolNeAR's is
(see `brat.py`): `ID.ann` or `ID_ANNOTATOR.ann` beside `ID.txt` or in `attributions/` and `text/`.

```
T1	Source 0 8	Minister
T2	Cue 9 13	said
T3	Content 14 20;25 40	…
E1	Attribution:T2 Source:T1 Cue:T2 Content:T3
A1	Stance E1 Denial
R1	Inside Arg1:E2 Arg2:E1
```

An event is a statement; one of the type `Cue` has its trigger for a cue. Or relations join spans
(`R1	Joins Arg1:T3 Arg2:T2`), and the stance stands on the cue. A `metadata.tsv` may tell `id`,
`title`, `outlet` and `published` of each `filename`.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from data.brat import NAME, read_argument, read_pieces, read_whole, subfolder
from data.records import LABELS
from data.tools.regions import Link, Marking, Region, read_label, read_stance, trimmed
from data.tools.rejected import Rejected
from sayso.articles import article_from_values
from sayso.errors import InputError
from sayso.records import Article, Span

__all__ = ["METADATA", "read_standoff", "text_named"]

METADATA = "metadata.tsv"

_RELATION = re.compile(r"(\S+) Arg1:([TE]\d+) Arg2:([TE]\d+)")
_PASSED_OVER = "N#*"
"""How lines begin that say nothing of statements: normalisations, notes, equivalences."""

_META = ("title", "outlet", "published")


def read_standoff(path: Path, rejected: Rejected) -> Iterator[Marking]:
    """A marking for each `.ann` file of a folder, in order of name, or for one such file.

    A file with a malformed line is rejected as a whole.

    Raises:
        InputError: there is no text, or `metadata.tsv` cannot be read.
    """
    if path.is_dir():
        marks = sorted(subfolder(path, "attributions").glob("*.ann"))
        places = subfolder(path, "text")
    elif path.suffix == ".ann" and path.is_file():
        marks, places = [path], path.parent
    else:
        raise InputError("expected a folder of .txt and .ann, or an .ann", file=str(path))
    texts = {text.stem: text for text in sorted(places.glob("*.txt"))}
    if not texts:
        raise InputError("expected text/*.txt or *.txt, found none", file=str(places))
    known = _metadata(places)
    unmarked = set(texts)
    for mark in marks:
        name = text_named(mark.stem, texts)
        unmarked.discard(name or "")
        try:
            if name is None:
                raise InputError("expected a .txt of the same name, found none")
            article = _article(name, read_whole(texts[name]), known)
            annotator = mark.stem[len(name) + 1 :] or None
            yield _Standoff(article, mark).marking(annotator)
        except InputError as error:
            rejected(error.line, name, error.reason, file=error.file or str(mark))
    for _ in unmarked if path.is_dir() else ():
        rejected.skip("text without .ann")


def text_named(stem: str, texts: Mapping[str, object]) -> str | None:
    """The longest name of a text that the name of an `.ann` file begins with."""
    if stem in texts:
        return stem
    ends = (found.start() for found in re.finditer("_", stem))
    return max((stem[:end] for end in ends if stem[:end] in texts), key=len, default=None)


def _metadata(folder: Path) -> dict[str, dict[str, str]]:
    for path in (folder / METADATA, folder.absolute().parent / METADATA):
        if not path.is_file():
            continue
        try:
            with path.open(encoding="utf-8", newline="") as handle:
                rows = list(csv.DictReader(handle, delimiter="\t"))
        except (OSError, ValueError, csv.Error) as error:
            raise InputError(
                f"expected tab-separated values, found {error}", file=str(path)
            ) from error
        if rows and "filename" not in rows[0]:
            raise InputError("expected a column filename, found none", file=str(path), line=1)
        return {row["filename"]: row for row in rows}
    return {}


def _article(name: str, text: str, metadata: Mapping[str, Mapping[str, str]]) -> Article:
    by_name = NAME.match(name)
    values: dict[str, object] = {
        "id": name,
        "text": text,
        **(by_name.groupdict() if by_name else {}),
    }
    known = metadata.get(name, {})
    values |= {key: known[key] or None for key in _META if key in known}
    if known.get("id"):
        values["id"] = known["id"]
    return article_from_values(values)


class _Standoff:
    """The lines of an `.ann` file, and the regions and links that they make."""

    def __init__(self, article: Article, path: Path) -> None:
        self._article = article
        self._path = path
        self._spans: dict[str, tuple[Span, ...]] = {}
        self._types: dict[str, str] = {}
        self._regions: dict[str, Region] = {}
        self._events: dict[str, list[str]] = {}
        self._homes: dict[str, list[str]] = {}
        self._problems: list[str] = []
        rows = list(self._rows())
        for line, name, rest in rows:
            if name.startswith("T"):
                self._types[name] = rest.partition(" ")[0]
                self._spans[name] = read_pieces(rest, len(article.text), path, line)
        for line, name, rest in rows:
            if name.startswith("E"):
                self._event(name, rest, line)
        self._lone_spans()
        self._links = [
            link
            for line, name, rest in rows
            if name.startswith("R") and (link := self._relation(rest, line))
        ]
        for line, name, rest in rows:
            if name.startswith(("A", "M")):
                self._attribute(rest, line)

    def marking(self, annotator: str | None) -> Marking:
        """What the file says."""
        return Marking(
            self._article,
            None,
            tuple(self._regions.values()),
            tuple(self._links),
            annotator=annotator,
            problems=tuple(self._problems),
            file=str(self._path),
        )

    def _rows(self) -> Iterator[tuple[int, str, str]]:
        """Line, identity and the rest of each line that counts."""
        for line, raw in enumerate(read_whole(self._path).split("\n"), 1):
            row = raw.rstrip("\r")
            if not row.strip() or row[0] in _PASSED_OVER:
                continue
            name, _, rest = row.partition("\t")
            if not re.fullmatch(r"[TERAM]\S*", name):
                raise self._error(f"expected a brat line, found {row!r:.60}", line)
            yield line, name, rest

    def _event(self, event: str, rest: str, line: int) -> None:
        kind, _, trigger = rest.split(" ")[0].partition(":")
        wanted = [read_argument(one, self._path, line) for one in rest.split()[1:]]
        has_cue = any(role == "cue" for role, _ in wanted)
        if not has_cue and "cue" in (kind.lower(), self._types.get(trigger, "").lower()):
            wanted.insert(0, ("cue", trigger))
        ids = self._events.setdefault(event, [])
        self._homes.setdefault(trigger, [])
        for role, target in wanted:
            if target not in self._spans:
                raise self._error(f"expected a line {target} for {event}, found none", line)
            name = f"{event}.{target}"
            if name not in self._regions and self._region(name, role, target, event):
                ids.append(name)
                self._homes.setdefault(target, []).append(name)

    def _lone_spans(self) -> None:
        """Spans of no event: relations may join them."""
        for target, kind in self._types.items():
            if target in self._homes:
                continue
            self._homes[target] = []
            try:
                label = read_label(kind)
            except InputError as error:
                self._problems.append(f"{target}: {error.reason}")
                continue
            if self._region(target, label.role, target, label.group):
                self._homes[target].append(target)

    def _region(self, name: str, role: str, target: str, group: str | None) -> bool:
        try:
            spans = tuple(trimmed(self._article.text, span) for span in self._spans[target])
        except InputError as error:
            self._problems.append(f"{target}: {error.reason}")
            return False
        self._regions[name] = Region(name, role, spans, None, group)
        return True

    def _relation(self, rest: str, line: int) -> Link | None:
        found = _RELATION.match(rest)
        if not found:
            raise self._error(f"expected TYPE Arg1:… Arg2:…, found {rest!r:.60}", line)
        ends = self._region_of(found[2]), self._region_of(found[3])
        if ends[0] is None or ends[1] is None:
            self._problems.append(
                f"expected a relation of spans or events in one place, found {rest!r:.60}"
            )
            return None
        return Link(ends[0], ends[1], found[1].lower())

    def _attribute(self, rest: str, line: int) -> None:
        kind, *more = rest.split() or [""]
        if not more:
            raise self._error(f"expected an attribute of a span or event, found {rest!r:.60}", line)
        if kind.lower() != "stance" and kind.lower() not in LABELS:
            return
        name = self._region_of(more[0])
        try:
            stance = read_stance(kind if kind.lower() != "stance" else " ".join(more[1:]))
            if name is None:
                raise InputError(f"expected a span or event for the stance, found {more[0]!r:.60}")
            known = self._regions[name].stance
            if known not in (None, stance):
                raise InputError(f"expected one stance, found {known} and {stance}")
        except InputError as error:
            self._problems.append(error.reason)
        else:
            self._regions[name] = replace(self._regions[name], stance=stance)

    def _region_of(self, name: str) -> str | None:
        """The region that an event is known by, or that a span makes."""
        if name in self._events:
            return next(iter(self._events[name]), None)
        homes = self._homes.get(name, [])
        return homes[0] if len(homes) == 1 else None

    def _error(self, reason: str, line: int) -> InputError:
        return InputError(reason, file=str(self._path), line=line)

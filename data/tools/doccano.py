"""doccano's JSONL of a sequence labelling project, with relations or without.

The format is that of doccano's own export (`ExportedExample`, `ExportedSpan`, `ExportedRelation` in
doccano/doccano, `backend/data_export/models.py`): a text a line,

- with relations: `entities` of `id`, `label`, `start_offset`, `end_offset`, and `relations` of
  `from_id`, `to_id`, `type`;
- without: `label`, a list of [start, end, label].

What else was imported with a text comes back beside it. A region cannot be asked for its stance, so
that is part of the cue's label, `Cue:denial` (`labelling/doccano-spans.json`). Without relations a
text must hold one statement, or the labels be numbered (see `regions.py`). doccano writes a file
for each member, called after them, or `all.jsonl` where members share a project.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from data.tools.assembly import take_apart
from data.tools.formats import plain_name
from data.tools.jsonfile import json_rows, listed, text_of
from data.tools.offsets import CODE_POINTS, GRAPHEMES, UTF16, Offsets, to_units
from data.tools.outgoing import Outgoing
from data.tools.regions import (
    DENIES,
    INSIDE,
    JOINS,
    Link,
    Marking,
    Region,
    read_label,
    trimmed,
    write_label,
)
from data.tools.rejected import Rejected
from sayso.articles import article_from_values
from sayso.errors import InputError

__all__ = ["read_doccano", "write_doccano"]

_META = ("id", "text", "title", "outlet", "published")
_SHARED = ("all", "admin")
"""Names of files that say nothing of who marked them."""


def read_doccano(path: Path, rejected: Rejected) -> Iterator[Marking]:
    """A marking for each text.

    Raises:
        InputError: the file cannot be read.
    """
    stem = Path(plain_name(path)).stem
    member = None if stem in _SHARED else stem
    for row in json_rows(path, rejected):
        values = row.values
        try:
            if not {"entities", "label", "labels"} & values.keys():
                raise InputError(
                    "expected entities and relations, or label, of doccano's JSONL of a sequence "
                    f"labelling project, found {', '.join(values):.200}"
                )
            yield _marking(values, row.line, text_of(values.get("annotator")) or member)
        except InputError as error:
            rejected(row.line, values.get("id"), error.reason)


def _marking(values: Mapping[str, Any], line: int, annotator: str | None) -> Marking:
    article = article_from_values({k: values[k] for k in _META if values.get(k) is not None})
    marks = [_entity(one, n) for n, one in enumerate(_entities(values))]
    ranges = [(start, end) for _, _, start, end in marks if _whole(start, end)]
    offsets = Offsets.tell(article.text, ranges, units=(UTF16, GRAPHEMES, CODE_POINTS))
    regions: dict[str, Region] = {}
    problems = []
    for name, text, start, end in marks:
        try:
            if name in regions:
                raise InputError("expected an id used once, found it again")
            label = read_label(text)
            span = offsets.span(start, end) if _whole(start, end) else None
            if span is None:
                raise InputError(
                    f"expected offsets within the text, found {start!r:.20} and {end!r:.20}"
                )
            pieces = (trimmed(article.text, span),)
            regions[name] = Region(name, label.role, pieces, label.stance, label.group)
        except InputError as error:
            problems.append(f"entity {name:.60}: {error.reason}")
    links = []
    for one in listed(values, "relations"):
        if isinstance(one, dict):
            ends = (str(one.get("from_id")), str(one.get("to_id")))
            links.append(Link(*ends, str(one.get("type")).strip().lower()))
        else:
            problems.append(f"expected a relation, found {one!r:.60}")
    return Marking(
        article,
        line,
        tuple(regions.values()),
        tuple(links),
        annotator=annotator,
        problems=tuple(problems),
    )


def _entities(values: Mapping[str, Any]) -> list[Any]:
    return next(
        (listed(values, key) for key in ("entities", "label", "labels") if key in values), []
    )


def _entity(one: Any, number: int) -> tuple[str, Any, Any, Any]:
    """Id, label, start and end."""
    if isinstance(one, dict):
        name = text_of(one.get("id"))
        place = one.get("start_offset"), one.get("end_offset")
        return (str(number) if name is None else name, one.get("label"), *place)
    if isinstance(one, list) and len(one) == 3:
        return str(number), one[2], one[0], one[1]
    return str(number), one, None, None


def _whole(start: Any, end: Any) -> bool:
    return type(start) is int and type(end) is int


def write_doccano(tasks: Iterable[Outgoing]) -> Iterator[str]:
    """The text of a file to import into doccano, a line for each marking."""
    for task in tasks:
        row = task.known(_META)
        to = to_units(task.article.text, UTF16)
        for marking in task.markings:
            regions, links = take_apart(marking)
            numbers = {region.id: n for n, region in enumerate(regions)}
            who = {} if marking.annotator is None else {"annotator": marking.annotator}
            entities = [
                {
                    "id": numbers[region.id],
                    "label": write_label(region.role, stance=region.stance),
                    "start_offset": to[region.spans[0].start],
                    "end_offset": to[region.spans[0].end],
                }
                for region in regions
            ]
            relations = [
                {
                    "id": n,
                    "from_id": numbers[link.first],
                    "to_id": numbers[link.second],
                    "type": link.name if link.name in (INSIDE, DENIES) else JOINS,
                }
                for n, link in enumerate(links)
            ]
            whole = {**row, **who, "entities": entities, "relations": relations}
            yield json.dumps(whole, ensure_ascii=False) + "\n"

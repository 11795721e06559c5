"""Prodigy's JSONL of annotated tasks, as `prodigy db-out` writes it.

The format is that of the interfaces `relations` and `spans_manual`
(prodigy.ai/docs/api-interfaces): `text`, `tokens`, `spans` of `start`, `end`, `label`, and
`relations` of `head` and `child` (tokens) with `head_span` and `child_span`; `answer` is accept,
reject or ignore, and `_annotator_id`, `_session_id` and `_timestamp` say who and when. Offsets are
code points.

The stance is part of the cue's label, `CUE:denial`; or, where a task holds one statement, the one
option chosen of a `choice` (`accept`). Spans of the `relations` interface cannot overlap, so nested
statements take another task of the same text; tasks of a text by the same annotator become one
article. The article's id is `id`, that in `meta`, or else Prodigy's `_input_hash`.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

from data.records import LabelledArticle
from data.tools.assembly import assemble, take_apart
from data.tools.jsonfile import int_pair, iso_date, json_rows, listed, text_of
from data.tools.outgoing import Outgoing
from data.tools.regions import (
    DENIES,
    INSIDE,
    JOINS,
    Link,
    Marking,
    Region,
    read_label,
    read_stance,
    text_id,
    trimmed,
    write_label,
)
from data.tools.rejected import Rejected
from sayso.articles import article_from_values
from sayso.errors import InputError
from sayso.records import Article, Span

__all__ = ["read_prodigy", "write_prodigy"]

_META = ("id", "title", "outlet", "published")
_TOKEN = re.compile(r"\w+|[^\w\s]")
_ANY = ""


def read_prodigy(path: Path, rejected: Rejected) -> Iterator[Marking]:
    """A marking for each task that was accepted.

    Raises:
        InputError: the file cannot be read.
    """
    for row in json_rows(path, rejected):
        task = row.values
        answer = task.get("answer", "accept")
        if answer in ("reject", "ignore"):
            rejected.skip(f"task with the answer {answer}")
            continue
        try:
            if answer != "accept":
                raise InputError(
                    f"expected an answer accept, reject or ignore, found {answer!r:.60}"
                )
            if not {"spans", "relations", "tokens", "_input_hash"} & task.keys():
                raise InputError(f"expected spans of Prodigy's tasks, found {', '.join(task):.200}")
            yield _marking(task, row.line)
        except InputError as error:
            rejected(row.line, task.get("id"), error.reason)


def _article(task: Mapping[str, Any]) -> Article:
    meta = task.get("meta")
    values = (
        {k: meta[k] for k in _META if meta.get(k) is not None} if isinstance(meta, dict) else {}
    )
    text = task.get("text")
    fallback = text_of(task.get("_input_hash")) or (
        text_id(text) if isinstance(text, str) else None
    )
    name = text_of(task.get("id")) or text_of(values.get("id")) or fallback
    return article_from_values({**values, "id": name, "text": text})


def _marking(task: Mapping[str, Any], line: int) -> Marking:
    article = _article(task)
    spans = _Spans(task, article.text)
    chosen = listed(task, "accept")
    if len(chosen) > 1:
        raise InputError(f"expected one stance to be chosen, found {chosen!r:.80}")
    return Marking(
        article,
        line,
        tuple(spans.regions.values()),
        tuple(spans.links),
        annotator=text_of(task.get("_annotator_id")) or text_of(task.get("_session_id")),
        date=iso_date(task.get("_timestamp")),
        stance=read_stance(chosen[0]) if chosen else None,
        problems=tuple(spans.problems),
    )


class _Spans:
    """The spans and relations of a task taken apart."""

    def __init__(self, task: Mapping[str, Any], text: str) -> None:
        self.regions: dict[str, Region] = {}
        self.links: list[Link] = []
        self.problems: list[str] = []
        self._text = text
        self._tokens: dict[int, str] = {}
        self._places: dict[tuple[int, int, str], str] = {}
        for n, one in enumerate(listed(task, "spans")):
            try:
                self._mark(one, str(n))
            except InputError as error:
                self.problems.append(f"span {n}: {error.reason}")
        for n, one in enumerate(listed(task, "relations")):
            try:
                self._relate(one)
            except InputError as error:
                self.problems.append(f"relation {n}: {error.reason}")

    def _mark(self, one: Any, name: str) -> None:
        if not isinstance(one, dict):
            raise InputError(f"expected a span, found {one!r:.60}")
        label, pair = read_label(one.get("label")), int_pair(one)
        if pair is None:
            raise InputError(
                f"expected start and end as whole numbers, found {one.get('start')!r:.20} and "
                f"{one.get('end')!r:.20}"
            )
        pieces = (trimmed(self._text, Span(*pair)),)
        if (*pair, str(one["label"])) in self._places:
            return
        self.regions[name] = Region(name, label.role, pieces, label.stance, label.group)
        for key in (str(one["label"]), _ANY):
            self._places.setdefault((*pair, key), name)
        for token in (one.get("token_start"), one.get("token_end")):
            if type(token) is int:
                self._tokens.setdefault(token, name)

    def _relate(self, one: Any) -> None:
        if not isinstance(one, dict):
            raise InputError(f"expected a relation, found {one!r:.60}")
        ends = self._end(one, "head"), self._end(one, "child")
        self.links.append(Link(*ends, str(one.get("label")).strip().lower()))

    def _end(self, one: Mapping[str, Any], name: str) -> str:
        """The region at a relation's end: of the same place and label, or else of the token."""
        span = one.get(f"{name}_span")
        pair = int_pair(span)
        token = one.get(name)
        if isinstance(span, dict) and pair is not None:
            exact = self._places.get((*pair, str(span.get("label"))))
            found = exact or self._places.get((*pair, _ANY))
        else:
            found = self._tokens.get(token) if type(token) is int else None
        if found is None:
            raise InputError(
                f"expected a span at the relation's {name}, found none at {token!r:.20}"
            )
        return found


def write_prodigy(tasks: Iterable[Outgoing]) -> Iterator[str]:
    """The text of a file for Prodigy, a task for each marking.

    Its tokens are words and marks, parted where a span begins or ends. Relations tell spans by
    their place; where that would put statements together otherwise, labels are numbered.
    """
    for task in tasks:
        meta = task.known(_META)
        for marking in task.markings:
            row = {"text": marking.text, "meta": meta, **_marks(marking), "answer": "accept"}
            if not _is_told(row, marking):
                row |= _marks(marking, numbered=True)
            if marking.annotator is not None:
                row["_annotator_id"] = marking.annotator
            yield json.dumps(row, ensure_ascii=False) + "\n"


def _is_told(row: Mapping[str, Any], marking: LabelledArticle) -> bool:
    """Whether the same statements come back."""
    found = assemble(_marking(row, 1)).statements
    marked = assemble(Marking(_article(row), 1, *take_apart(marking))).statements
    return found == marked


def _marks(marking: LabelledArticle, *, numbered: bool = False) -> dict[str, Any]:
    regions, links = take_apart(marking)
    tokens = _tokens(marking.text, [region.spans[0] for region in regions])
    firsts = {token["start"]: token["id"] for token in tokens}
    lasts = {token["end"]: token["id"] for token in tokens}
    spans = {
        region.id: {
            "start": region.spans[0].start,
            "end": region.spans[0].end,
            "token_start": firsts[region.spans[0].start],
            "token_end": lasts[region.spans[0].end],
            "label": write_label(
                region.role, group=region.group if numbered else None, stance=region.stance
            ).upper(),
        }
        for region in regions
    }
    relations = [
        {
            "head": spans[link.first]["token_end"],
            "child": spans[link.second]["token_end"],
            "head_span": spans[link.first],
            "child_span": spans[link.second],
            "label": (link.name if link.name in (INSIDE, DENIES) else JOINS).upper(),
        }
        for link in links
    ]
    return {"tokens": tokens, "spans": list(spans.values()), "relations": relations}


def _tokens(text: str, spans: Sequence[Span]) -> list[dict[str, Any]]:
    edges = sorted({edge for span in spans for edge in (span.start, span.end)})
    pieces = []
    for found in _TOKEN.finditer(text):
        start, end = found.span()
        inner = edges[bisect_right(edges, start) : bisect_left(edges, end)]
        pieces += list(pairwise((start, *inner, end)))
    return [
        {"text": text[a:b], "start": a, "end": b, "id": n, "ws": text[b : b + 1].isspace()}
        for n, (a, b) in enumerate(pieces)
    ]

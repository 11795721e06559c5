"""Argilla 2's records as JSON, as `dataset.records.to_json(path)` writes them.

The format is that of `Record.to_dict` (argilla-io/argilla, `argilla/src/argilla/records`; "Import
and export records" in Argilla's how-to guides): an array of records with `id`, `fields`,
`metadata`, `suggestions` and `responses`, which holds a list of {`value`, `user_id`} for each
question by name. A span question's value is a list of {`start`, `end`, `label`}, in UTF-16 code
units; see `offsets.py`.

Argilla has no relations. So a record holds one statement, with labels Source, Cue and Content and a
label question `stance`; or the labels are numbered, `Cue 2`, with questions `stance_1`, `stance_2`
…. Records of the same `metadata.article` become one article; without it, each is one.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from data.records import LabelledArticle
from data.tools.assembly import take_apart
from data.tools.jsonfile import int_pair, json_array, json_rows, listed, text_of
from data.tools.offsets import CODE_POINTS, UTF16, Offsets, to_units
from data.tools.outgoing import Outgoing
from data.tools.regions import Marking, Region, read_label, read_stance, trimmed, write_label
from data.tools.rejected import Rejected
from sayso.articles import article_from_values
from sayso.errors import InputError
from sayso.records import Article

__all__ = ["read_argilla", "write_argilla"]

_STANCE = re.compile(r"stance[ _-]?(\d{1,6})?", re.I)
_META = ("title", "outlet", "published")
_SPANS = "spans"


def read_argilla(path: Path, rejected: Rejected) -> Iterator[Marking]:
    """A marking for each user's responses to a record.

    Raises:
        InputError: the file cannot be read.
    """
    for row in json_rows(path, rejected):
        record = row.values
        name = record.get("id")
        try:
            article = _article(record)
            name = article.id
            users = _users(record)
        except InputError as error:
            rejected(row.line, name, error.reason)
            continue
        if not users:
            rejected.skip("record without response")
        for user, answers in users.items():
            try:
                yield _marking(article, row.line, user, answers)
            except InputError as error:
                rejected(row.line, name, error.reason)


def _article(record: Mapping[str, Any]) -> Article:
    fields, meta = record.get("fields"), record.get("metadata")
    if not isinstance(fields, dict) or "responses" not in record:
        raise InputError(
            "expected records with fields and responses, as dataset.records.to_json(path) writes "
            f"them, found {', '.join(record):.200}"
        )
    meta = meta if isinstance(meta, dict) else {}
    texts = [value for value in fields.values() if isinstance(value, str)]
    text = fields.get("text", texts[0] if len(texts) == 1 else None)
    values = {key: meta[key] for key in _META if meta.get(key) is not None}
    name = text_of(meta.get("article")) or record.get("id")
    return article_from_values({**values, "id": name, "text": text})


def _users(record: Mapping[str, Any]) -> dict[str | None, dict[str, Any]]:
    """The values of each user's answers by question."""
    responses = record["responses"]
    if not isinstance(responses, dict):
        raise InputError(f"expected responses to be an object, found {responses!r:.60}")
    users: dict[str | None, dict[str, Any]] = defaultdict(dict)
    for question in responses:
        for one in listed(responses, question):
            if not isinstance(one, dict) or "value" not in one:
                raise InputError(
                    f"expected a value and user_id in answer to {question:.60}, found {one!r:.60}"
                )
            user = text_of(one.get("user_id"))
            if one.get("status") != "discarded":
                users[None if user == "None" else user][question] = one["value"]
    return users


def _marking(article: Article, line: int, user: str | None, answers: Mapping[str, Any]) -> Marking:
    marks = [one for value in answers.values() if isinstance(value, list) for one in value]
    ranges = [pair for pair in map(int_pair, marks) if pair is not None]
    offsets = Offsets.tell(article.text, ranges, units=(UTF16, CODE_POINTS))
    regions: list[Region] = []
    problems = []
    for n, mark in enumerate(marks):
        try:
            regions.append(_region(article.text, mark, n, offsets))
        except InputError as error:
            problems.append(f"span {n}: {error.reason}")
    stances: dict[str | None, str] = {}
    for question, value in answers.items():
        known = _STANCE.fullmatch(question)
        if known is None or value is None:
            continue
        try:
            stances[known[1]] = read_stance(value)
        except InputError as error:
            problems.append(f"question {question:.60}: {error.reason}")
    regions = _with_stances(regions, stances, problems)
    return Marking(
        article,
        line,
        tuple(regions),
        annotator=user,
        stance=stances.get(None),
        problems=tuple(problems),
    )


def _region(text: str, mark: Any, number: int, offsets: Offsets) -> Region:
    pair = int_pair(mark)
    if pair is None:
        raise InputError(f"expected start and end as whole numbers, found {mark!r:.80}")
    label, span = read_label(mark.get("label")), offsets.span(*pair)
    if span is None:
        raise InputError(f"expected a span within the text, found {list(pair)!r:.60}")
    return Region(str(number), label.role, (trimmed(text, span),), label.stance, label.group)


def _with_stances(
    regions: Sequence[Region], stances: Mapping[str | None, str], problems: list[str]
) -> list[Region]:
    """The regions with each number's stance on one of them, the cue if there is one."""
    out = list(regions)
    for group, stance in stances.items():
        if group is None:
            continue
        known = [n for n, one in enumerate(out) if one.group == group]
        if not known:
            problems.append(f"question stance_{group}: expected spans of that number, found none")
            continue
        n = next((n for n in known if out[n].role == "cue"), known[0])
        out[n] = replace(out[n], stance=stance)
    return out


def write_argilla(tasks: Iterable[Outgoing]) -> Iterator[str]:
    """The text of a file for Argilla, a record for each article, piece by piece."""
    return json_array(map(_record, tasks))


def _record(task: Outgoing) -> dict[str, Any]:
    meta = {"article": task.article.id, **task.known(_META)}
    responses: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for marking in task.markings:
        for question, value in _answers(marking).items():
            responses[question].append({"value": value, "user_id": marking.annotator})
    return {
        "id": task.article.id,
        "fields": {"text": task.article.text},
        "metadata": meta,
        "suggestions": {},
        "responses": responses,
        "vectors": {},
        "_server_id": None,
    }


def _answers(marking: LabelledArticle) -> dict[str, Any]:
    regions, _ = take_apart(marking)
    to = to_units(marking.text, UTF16)
    spans = [
        {
            "start": to[one.spans[0].start],
            "end": to[one.spans[0].end],
            "label": write_label(one.role, group=one.group),
        }
        for one in regions
    ]
    stances = {f"stance_{one.group}": one.stance for one in regions if one.stance is not None}
    return {_SPANS: spans, **stances}

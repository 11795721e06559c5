"""Label Studio's JSON: tasks with the annotations of each user, and predictions to begin with.

The format is that of "Label Studio JSON format of annotated tasks" (labelstud.io/guide/task_format)
and "Import pre-annotated data" (labelstud.io/guide/predictions), made with the labelling
configuration in `labelling/label-studio.xml`:

- a `labels` result is a region, its `value` has `start`, `end`, `labels` and, as a rule, `text`;
- a `choices` result of the same `id` is the stance chosen on that region (`perRegion="true"`);
- a `relation` result joins two regions by `from_id` and `to_id`.

JSON-MIN, CSV and the rest lack relations and regions' ids, so statements cannot be put together.
Offsets are code points, in files of before 2022 UTF-16 code units; see `offsets.py`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from data.records import LabelledArticle
from data.tools.assembly import take_apart
from data.tools.jsonfile import int_pair, iso_date, json_array, json_rows, listed, text_of
from data.tools.offsets import CODE_POINTS, UTF16, Offsets, fits
from data.tools.outgoing import Outgoing, Prediction
from data.tools.regions import (
    DENIES,
    INSIDE,
    Link,
    Marking,
    Region,
    read_label,
    read_stance,
    trimmed,
)
from data.tools.rejected import Rejected
from sayso.articles import article_from_values
from sayso.errors import InputError
from sayso.records import Article

__all__ = ["LABELS_TAG", "STANCE_TAG", "TEXT_TAG", "read_label_studio", "write_label_studio"]

LABELS_TAG, STANCE_TAG, TEXT_TAG = "part", "stance", "text"
"""Names of the tags in `labelling/label-studio.xml`."""

_OTHERS = ("textarea", "rating", "number", "datetime", "taxonomy", "pairwise", "ranker")
"""Types of results that say nothing of statements."""

_META = ("id", "text", "title", "outlet", "published")


def read_label_studio(path: Path, rejected: Rejected) -> Iterator[Marking]:
    """A marking for each annotation that was not cancelled; drafts and predictions are passed over.

    The article's id is `data.id`, or else the task's.

    Raises:
        InputError: the file is no JSON, or is JSON-MIN.
    """
    for row in json_rows(path, rejected):
        task = row.values
        if "annotations" not in task and ("annotation_id" in task or "annotator" in task):
            raise InputError(
                "expected Label Studio's full export, found JSON-MIN, which has no relations and "
                "no ids of regions: choose JSON in the Export dialogue",
                file=str(path),
                line=row.line,
            )
        name = task.get("id")
        try:
            article = _article(task)
            name = article.id
            if "annotations" not in task:
                raise InputError(f"expected annotations, found {', '.join(task):.200}")
            annotations = listed(task, "annotations")
        except InputError as error:
            rejected(row.line, name, error.reason)
            continue
        if not annotations:
            rejected.skip("task without annotation")
        for annotation in annotations:
            if not isinstance(annotation, dict):
                rejected(row.line, name, f"expected an annotation, found {annotation!r:.60}")
            elif annotation.get("was_cancelled") is True:
                rejected.skip("cancelled annotation")
            else:
                try:
                    yield _marking(article, annotation, row.line)
                except InputError as error:
                    rejected(row.line, name, error.reason)


def _article(task: Mapping[str, Any]) -> Article:
    data = task.get("data")
    if not isinstance(data, dict):
        raise InputError(f"expected data to be an object, found {data!r:.60}")
    values = {key: data[key] for key in _META if data.get(key) is not None}
    values.setdefault("id", task.get("id"))
    return article_from_values(values)


def _marking(article: Article, annotation: Mapping[str, Any], line: int) -> Marking:
    if "result" not in annotation:
        raise InputError(f"expected a result, found {', '.join(annotation):.200}")
    results = listed(annotation, "result")
    if not all(isinstance(one, dict) for one in results):
        raise InputError(f"expected result to be a list of objects, found {results!r:.80}")
    whole = _Results(article.text, results)
    who = annotation.get("completed_by")
    if isinstance(who, dict):
        who = next((who[key] for key in ("email", "username", "id") if who.get(key)), None)
    return Marking(
        article,
        line,
        tuple(whole.regions.values()),
        tuple(whole.links),
        annotator=text_of(who),
        date=iso_date(annotation.get("created_at")),
        stance=whole.stance,
        problems=tuple(whole.problems),
    )


class _Results:
    """The results of an annotation taken apart."""

    def __init__(self, text: str, results: Sequence[Mapping[str, Any]]) -> None:
        self.problems: list[str] = []
        self.regions: dict[str, Region] = {}
        self.links: list[Link] = []
        self.stance: str | None = None
        self._text = text
        kinds = [(str(one.get("type")), one) for one in results]
        marks = [one for kind, one in kinds if kind.endswith("labels")]
        self._marked = {str(one.get("id")) for one in marks}
        ranges = [(int_pair(_value(one)), _said(one)) for one in marks]
        known = [(pair, said) for pair, said in ranges if pair is not None]
        self._offsets = Offsets.tell(
            text,
            [pair for pair, _ in known],
            units=(CODE_POINTS, UTF16),
            said=[said for _, said in known],
        )
        for kind, one in sorted(kinds, key=lambda pair: not pair[0].endswith("labels")):
            try:
                self._take(kind, one)
            except InputError as error:
                self.problems.append(f"{kind:.60} {one.get('id')!r:.60}: {error.reason}")

    def _take(self, kind: str, result: Mapping[str, Any]) -> None:
        if kind.endswith("labels"):
            self._mark(result)
        elif kind == "choices":
            self._choose(result)
        elif kind == "relation":
            self._relate(result)
        elif kind not in _OTHERS:
            raise InputError("expected labels, choices or a relation, found another type")

    def _mark(self, result: Mapping[str, Any]) -> None:
        name, kind, value = result.get("id"), str(result["type"]), _value(result)
        if not isinstance(name, str) or not name or name in self.regions:
            raise InputError(f"expected an id used once, found {name!r:.60}")
        labels = value.get(kind)
        if not isinstance(labels, list) or len(labels) != 1:
            raise InputError(f"expected one label, found {labels!r:.80}")
        label = read_label(labels[0])
        pair = int_pair(_value(result))
        if pair is None:
            raise InputError(
                f"expected start and end of a Text tag as whole numbers, found "
                f"{value.get('start')!r:.60} and {value.get('end')!r:.60}"
            )
        span, said = self._offsets.span(*pair), _said(result)
        if span is None:
            raise InputError(
                f"expected start and end within the text of {len(self._text)} characters, found "
                f"{pair[0]!r:.20} and {pair[1]!r:.20}"
            )
        if said is not None and not fits(self._text, span, said):
            found = self._text[span.start : span.end]
            raise InputError(f"expected the text {said!r:.60} at {list(pair)}, found {found!r:.60}")
        span = trimmed(self._text, span)
        self.regions[name] = Region(name, label.role, (span,), label.stance, label.group)

    def _choose(self, result: Mapping[str, Any]) -> None:
        name, choices = str(result.get("id")), _value(result).get("choices")
        try:
            if not isinstance(choices, list) or len(choices) != 1:
                raise InputError(f"expected one choice, found {choices!r:.80}")
            stance = read_stance(choices[0])
        except InputError:
            if str(result.get("from_name")).lower() == STANCE_TAG:
                raise
            return
        if name in self.regions:
            self.regions[name] = replace(self.regions[name], stance=stance)
        elif name not in self._marked:
            if self.stance not in (None, stance):
                raise InputError(f"expected one stance, found {self.stance} and {stance}")
            self.stance = stance

    def _relate(self, result: Mapping[str, Any]) -> None:
        names = [str(one).strip().lower() for one in listed(result, "labels")]
        ends = str(result.get("from_id")), str(result.get("to_id"))
        self.links.append(Link(*ends, names[0] if names else ""))


def _value(result: Mapping[str, Any]) -> Mapping[str, Any]:
    value = result.get("value")
    return value if isinstance(value, dict) else {}


def _said(result: Mapping[str, Any]) -> str | None:
    said = _value(result).get("text")
    return said if isinstance(said, str) else None


def write_label_studio(tasks: Iterable[Outgoing]) -> Iterator[str]:
    """The text of a file to import into Label Studio, piece by piece."""
    return json_array(map(_task, tasks))


def _task(task: Outgoing) -> dict[str, Any]:
    row: dict[str, Any] = {"data": task.known(_META)}
    row["annotations"] = [_annotation(one) for one in task.markings]
    row["predictions"] = []
    if task.prediction is not None:
        found = task.prediction
        one = {"model_version": found.model, "result": _results(found.marking, found)}
        row["predictions"] = [one if found.score is None else one | {"score": found.score}]
    return row


def _annotation(marking: LabelledArticle) -> dict[str, Any]:
    row: dict[str, Any] = {"was_cancelled": False, "result": _results(marking)}
    who = marking.annotator
    if who is not None:
        row["completed_by"] = (
            int(who) if who.isdecimal() and str(int(who)) == who else {"email": who}
        )
    dates = [one.origin.date for one in marking.statements if one.origin and one.origin.date]
    if dates:
        row["created_at"] = max(dates)
    return row


def _results(
    marking: LabelledArticle, prediction: Prediction | None = None
) -> list[dict[str, Any]]:
    regions, links = take_apart(marking)
    results: list[dict[str, Any]] = []
    for region in regions:
        (span,) = region.spans
        place = {"start": span.start, "end": span.end, "text": marking.text[span.start : span.end]}
        tag = {"id": region.id, "to_name": TEXT_TAG}
        number = int(region.group or 0) - 1
        chance = {} if prediction is None else {"score": prediction.statements[number]}
        value = {**place, "labels": [region.role.capitalize()]}
        results.append({**tag, "from_name": LABELS_TAG, "type": "labels", "value": value, **chance})
        if region.stance is not None:
            chance = {} if prediction is None else {"score": prediction.stances[number]}
            value = {**place, "choices": [region.stance]}
            results.append(
                {**tag, "from_name": STANCE_TAG, "type": "choices", "value": value, **chance}
            )
    results.extend(
        {
            "type": "relation",
            "from_id": link.first,
            "to_id": link.second,
            "direction": "right",
            "labels": [link.name] if link.name in (INSIDE, DENIES) else [],
        }
        for link in links
    )
    return results

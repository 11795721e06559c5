"""Labelled articles → brat's standoff files, as `standoff.py` reads them."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from data.records import LabelledArticle
from data.tools.outgoing import Outgoing
from data.tools.parts import Parts, nest
from data.tools.regions import is_utf8
from data.tools.rejected import Rejected
from data.tools.standoff import METADATA, text_named
from sayso.records import Span
from sayso.tags import ROLES

__all__ = ["TextFile", "standoff_part", "write_standoff"]

_SAFE = re.compile(r"(?!\.)[\w.@+-]{1,100}")
_META = ("title", "outlet", "published")


@dataclass(frozen=True, slots=True)
class TextFile:
    """A file of the folder: its name and what it holds."""

    name: str
    text: str


def standoff_part(marking: LabelledArticle, rejected: Rejected) -> LabelledArticle | None:
    """The article if brat can hold it; lone surrogates, and annotators whose names no file can
    have, are rejected.
    """
    who = marking.annotator
    if who is not None and not _SAFE.fullmatch(who):
        wanted = "expected an annotator whose name can be a file's"
        rejected(None, marking.id, f"{wanted}, found {who!r:.100}")
    elif not is_utf8(marking.id, marking.text, *(getattr(marking, key) for key in _META)):
        rejected(None, marking.id, "expected text that UTF-8 can hold, found a lone surrogate")
    else:
        return marking
    return None


def write_standoff(tasks: Sequence[Outgoing]) -> Iterator[TextFile]:
    """The files of a folder: a text an article, an `.ann` a marking, and `metadata.tsv`.

    Texts are called after their ids where file names can hold those and tell annotators apart,
    else all are numbered.
    """
    rows = []
    for name, task in zip(_names(tasks), tasks, strict=True):
        article = task.article
        yield TextFile(f"{name}.txt", article.text)
        rows.append([name, article.id, *(getattr(article, key) or "" for key in _META)])
        for marking in task.markings:
            ending = "" if marking.annotator is None else f"_{marking.annotator}"
            yield TextFile(f"{name}{ending}.ann", "".join(_lines(marking)))
    table = io.StringIO()
    writer = csv.writer(table, delimiter="\t", lineterminator="\n")
    writer.writerows([["filename", "id", *_META], *rows])
    yield TextFile(METADATA, table.getvalue())


def _names(tasks: Sequence[Outgoing]) -> list[str]:
    names = [task.article.id for task in tasks]
    texts = dict.fromkeys(names, "")
    told = len({name.lower() for name in names}) == len(names) and all(
        text_named(f"{task.article.id}_{marking.annotator}", texts) == task.article.id
        for task in tasks
        for marking in task.markings
        if marking.annotator is not None
    )
    if told and all(_SAFE.fullmatch(name) for name in names):
        return names
    return [f"text-{n}" for n in range(1, len(names) + 1)]


def _lines(marking: LabelledArticle) -> Iterator[str]:
    """The lines of an `.ann` file."""
    found = nest([Parts(one.source, one.cue, one.content) for one in marking.statements])
    places = {one.id: n for n, one in enumerate(marking.statements)}
    spans = attributes = relations = 0
    for n, one in enumerate(marking.statements):
        arguments = []
        pieces: Mapping[str, Sequence[Span]] = {role: getattr(one, role) for role in ROLES}
        trigger = next(role for role in ("cue", "content") if pieces[role])
        for kind, role in (
            ("Attribution", trigger),
            *((role.capitalize(), role) for role in ROLES),
        ):
            if not pieces[role]:
                continue
            spans += 1
            arguments.append(f"{kind}:T{spans}")
            offsets = ";".join(f"{span.start} {span.end}" for span in pieces[role])
            words = " ".join(marking.text[span.start : span.end] for span in pieces[role])
            yield f"T{spans}\t{kind} {offsets}\t{' '.join(words.split())}\n"
        yield f"E{n + 1}\t{' '.join(arguments)}\n"
        if one.stance is not None:
            attributes += 1
            yield f"A{attributes}\tStance E{n + 1} {one.stance.capitalize()}\n"
        for kind, other, known in (
            ("Inside", one.parent, found[n].parent),
            ("Denies", one.denies, None),
        ):
            place = places.get(other) if other is not None else None
            if place is not None and place != known:
                relations += 1
                yield f"R{relations}\t{kind} Arg1:E{n + 1} Arg2:E{place + 1}\n"

"""Labelled articles, or articles with a model's predictions → the files of a labelling tool."""

from __future__ import annotations

import json
import os
import shutil
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path

from data.records import LabelledArticle
from data.save import article_row
from data.tools.argilla import write_argilla
from data.tools.assembly import take_apart
from data.tools.bratfiles import standoff_part, write_standoff
from data.tools.doccano import write_doccano
from data.tools.importing import own_rows
from data.tools.labelstudio import write_label_studio
from data.tools.outgoing import Outgoing, predicted
from data.tools.prodigy import write_prodigy
from data.tools.rejected import Rejected
from data.tools.sheet import sheet_part, write_sheet
from sayso.errors import InputError, UsageError
from sayso.read import check_inputs, read_articles
from sayso.records import Article
from sayso.rejects import Reject, RejectWriter, rejects_path
from sayso.write import whole_file

__all__ = ["NOBODY", "Exported", "save_export", "save_predictions"]

NOBODY = "none"
"""The model that predicts nothing."""

_WHOLE = ("label-studio", "argilla", "brat")
"""Formats in which an article stands once, with what each person marked in it."""

_FIELDS = ("form", "entity", "kind", "sure", "weight")
"""What no tool has a place for."""

_LINKS = ("parent", "denies")

_SURROGATES = "backslashreplace"
"""Lone surrogates become `\\ud8xx`, which is what JSON calls them; other formats reject them."""


@dataclass(frozen=True, slots=True)
class Exported:
    """What an export wrote.

    Attributes:
        articles: with their texts.
        statements: marked or predicted in them.
        rejects: named in the file of rejects.
        left_out: statements by field of theirs that the format has no place for.
    """

    articles: int
    statements: int
    rejects: int
    left_out: Mapping[str, int]


def save_export(path: Path, to: str, out: Path) -> Exported:
    """Write labels of our own in a tool's format, and what that cannot hold in a file of rejects.

    Args:
        path: what `data.loaders.load_labels` reads.
        to: one of `data.tools.formats.FORMATS`.
        out: the file to write, for brat a folder that is not there yet.

    Raises:
        InputError: the labels cannot be read at all.
        UsageError: the output cannot be written, or is the input.
    """

    def tasks(rejected: Rejected, tally: _Tally) -> Iterator[Outgoing]:
        rows = own_rows(path, rejected)
        markings = rows if to == "jsonl" else (_fitting(one, to, rejected) for one in rows)
        known = (tally.take(one, to) for one in markings if one is not None)
        if to in _WHOLE:
            yield from _together(known)
        else:
            yield from (Outgoing(_article(one), (one,)) for one in known)

    return _save(path, to, out, tasks)


def save_predictions(
    path: Path, to: str, out: Path, *, model: str, threads: int | None = None
) -> Exported:
    """Write articles to be labelled in Label Studio, with a model's statements to begin with.

    Args:
        path: what `sayso.read.read_articles` reads.
        to: `label-studio`.
        out: the file to write.
        model: folder of a bundle, `default` for the one that ships, or `NOBODY`.
        threads: articles that are read at once; None for all usable cores.

    Raises:
        BundleError: the model is no whole bundle.
        UsageError: the input is not there, or the output cannot be written.
    """
    if to != "label-studio":
        raise UsageError(f"expected --to label-studio with --model, found --to {to}")
    check_inputs([str(path)])

    def tasks(rejected: Rejected, tally: _Tally) -> Iterator[Outgoing]:
        def on_reject(one: Reject) -> None:
            rejected(one.line, one.id, one.reason, file=one.file)

        articles = read_articles([str(path)], on_reject=on_reject)
        if model == NOBODY:
            yield from (Outgoing(article) for article in articles)
            return
        from sayso.scorer import Scorer

        scorer = Scorer.load(None if model == "default" else model, threads=threads)
        for scored in scorer.score_each(articles):
            found = predicted(scored.article, scored.statements, scorer.model_id)
            tally.statements += len(scored.statements)
            yield Outgoing(scored.article, (), found)

    return _save(path, to, out, tasks)


class _Tally:
    """Counts what goes out, and what there is no place for."""

    def __init__(self) -> None:
        self.articles = self.statements = 0
        self.left_out: Counter[str] = Counter()

    def take(self, marking: LabelledArticle, to: str) -> LabelledArticle:
        """Count an article's statements."""
        self.statements += len(marking.statements)
        if to == "jsonl":
            return marking
        for one in marking.statements:
            told = {"sure": not one.sure, "weight": one.weight != 1.0}
            lost = _LINKS if to == "csv" else ("denies",) if to == "argilla" else ()
            for name in (*_FIELDS, *lost):
                self.left_out[name] += bool(told.get(name, getattr(one, name)))
        return marking

    def each(self, tasks: Iterable[Outgoing]) -> Iterator[Outgoing]:
        """The articles, counted."""
        for task in tasks:
            self.articles += 1
            yield task


def _save(
    path: Path, to: str, out: Path, tasks: Callable[[Rejected, _Tally], Iterator[Outgoing]]
) -> Exported:
    if (to == "brat" and out.exists()) or (to != "brat" and out.is_dir()):
        raise UsageError(f"expected an output that is not there yet, found {out}")
    if out.exists() and out.resolve() == path.resolve():
        raise UsageError(f"expected an output other than the input, found {out}")
    tally = _Tally()
    try:
        with RejectWriter(rejects_path(str(out))) as rejects:
            rejected = Rejected(str(path), rejects)
            going = tally.each(tasks(rejected, tally))
            if to == "brat":
                _write_folder(out, list(going))
            else:
                with (
                    whole_file(out) as fresh,
                    fresh.open("w", encoding="utf-8", errors=_SURROGATES, newline="") as handle,
                ):
                    handle.writelines(_written(to, going))
    except OSError as error:
        raise UsageError(f"expected a file to write, found {error}") from error
    left_out = {name: count for name, count in sorted(tally.left_out.items()) if count}
    return Exported(tally.articles, tally.statements, rejected.count, left_out)


def _written(to: str, tasks: Iterable[Outgoing]) -> Iterator[str]:
    if to == "label-studio":
        return write_label_studio(tasks)
    if to == "argilla":
        return write_argilla(tasks)
    if to == "doccano":
        return write_doccano(tasks)
    if to == "prodigy":
        return write_prodigy(tasks)
    if to == "csv":
        return write_sheet(tasks)
    rows = (article_row(marking) for task in tasks for marking in task.markings)
    return (json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def _write_folder(out: Path, tasks: Sequence[Outgoing]) -> None:
    fresh = out.with_name(f".{out.name}.{os.getpid()}.tmp")
    try:
        fresh.mkdir()
        for file in write_standoff(tasks):
            (fresh / file.name).write_text(file.text, encoding="utf-8", newline="")
        os.replace(fresh, out)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def _together(markings: Iterable[LabelledArticle]) -> Iterator[Outgoing]:
    """Each article once, in the order of its first marking."""
    tasks: dict[str, list[LabelledArticle]] = {}
    for one in markings:
        tasks.setdefault(one.id, []).append(one)
    for group in tasks.values():
        yield Outgoing(_article(group[0]), tuple(group))


def _article(one: LabelledArticle) -> Article:
    return Article(one.id, one.text, one.title, one.outlet, one.published)


def _fitting(marking: LabelledArticle, to: str, rejected: Rejected) -> LabelledArticle | None:
    """The article without statements that the tool could not be told."""
    kept = []
    for one in marking.statements:
        roles = (one.source, one.cue, one.content)
        if not one.content:
            rejected(None, marking.id, f"{one.id:.200}: expected a content, found none")
        elif any(a.end > b.start for role in roles for a, b in pairwise(role)):
            rejected(None, marking.id, f"{one.id:.200}: expected pieces apart, found some overlap")
        else:
            kept.append(one)
    marking = replace(marking, statements=tuple(kept))
    try:
        take_apart(marking)
    except InputError as error:
        rejected(None, marking.id, error.reason)
        return None
    if to == "csv":
        return sheet_part(marking, rejected)
    return standoff_part(marking, rejected) if to == "brat" else marking

"""Check new labels before anything is learnt from them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from data.agreement import Agreement, measure_agreement
from data.duplicates import Copy, find_copies
from data.findings import ERROR, WARNING, Finding, in_order
from data.known import Known, load_known
from data.loaders import each_label
from data.marks import check_marks
from data.merge import merge_annotators
from data.records import LabelledArticle
from data.rows import ReadArticle
from data.shift import ShiftReport, measure_shift
from data.suspects import Queue, rank_suspects
from data.withdrawn import Withdrawals, load_withdrawn
from sayso.errors import InputError
from sayso.scorer import Scorer

__all__ = ["CheckReport", "check_labels"]


@dataclass(frozen=True, slots=True)
class CheckReport:
    """What a check of labels found.

    Attributes:
        file: that was checked.
        articles: different ones that can be read.
        readings: rows that can be read, each an article as one person marked it.
        statements: in them.
        annotators: readings by annotator; the empty name stands for nobody known.
        stances: statements by stance; the empty name for those without.
        against: articles of the data so far by file.
        findings: errors first.
        agreement: between annotators.
        shift: against the data so far.
        queue: labels by how suspect they are; None if not looked for or none has a stance.
    """

    file: str
    articles: int
    readings: int
    statements: int
    annotators: Mapping[str, int]
    stances: Mapping[str, int]
    against: Mapping[str, int]
    findings: tuple[Finding, ...]
    agreement: Agreement
    shift: ShiftReport
    queue: Queue | None

    @property
    def errors(self) -> list[Finding]:
        """The findings that keep the labels from being learnt from."""
        return [one for one in self.findings if one.severity == ERROR]

    @property
    def warnings(self) -> list[Finding]:
        """The findings that someone should look at."""
        return [one for one in self.findings if one.severity == WARNING]

    def to_dict(self) -> dict[str, Any]:
        """As a JSON object; of the queue the ids, labels and offsets."""
        plain = ("file", "articles", "readings", "statements")
        suspects = None if self.queue is None else [one.to_dict() for one in self.queue.suspects]
        return {
            **{name: getattr(self, name) for name in plain},
            "annotators": dict(self.annotators),
            "stances": dict(self.stances),
            "against": dict(self.against),
            "errors": len(self.errors),
            "warnings": len(self.warnings),
            "findings": [one.to_dict() for one in self.findings],
            "agreement": self.agreement.to_dict(),
            "shift": self.shift.to_dict(),
            "judges": None if self.queue is None else list(self.queue.judges),
            "suspects": suspects,
        }


def check_labels(
    path: Path,
    *,
    data: Path | str,
    labels: Sequence[Path] = (),
    scorer: Scorer | None = None,
) -> CheckReport:
    """Hold a file of labels against the rules and against the data so far.

    All that is wrong is gathered. What cannot be read, or contradicts an earlier row, is named and
    takes no part in the rest.

    Args:
        path: as `data.loaders.load_labels` reads it.
        data: folder of the labelled data so far.
        labels: further files of labels that are learnt from.
        scorer: of a bundle that has not learnt from the labels, to rank suspects; None to look for
            none.

    Raises:
        InputError: the file is missing, or the data so far is malformed.
        UsageError: there is no such folder of data.
    """
    file = str(path)
    known = load_known(data, labels, apart=path)
    findings: list[Finding] = []
    rows: list[ReadArticle] = []
    for row in each_label(path):
        findings += [_unreadable(error, file) for error in row.errors]
        rows.append(row)
    if not rows:
        findings.append(Finding("unreadable", ERROR, "expected articles, found none", file))
    kept = _Kept(file)
    for row in rows:
        if row.article is not None:
            findings += check_marks(row.article, file, row.line)
            findings += kept.add(row.article, row.line)
    learnt = [article for part in known if not part.held for article in part.articles]
    copies = find_copies({name: one.text for name, one in kept.first.items()}, known)
    others = _without(copies, known)
    agreement = measure_agreement(kept.readings)
    findings += [_copied(copy, file, kept.lines[copy.article]) for copy in copies]
    findings += _conflicts(agreement, file, kept.lines)
    findings += _against(kept, copies, known)
    findings += _withdrawn(kept, load_withdrawn(data))
    statements = [one for article in kept.readings for one in article.statements]
    return CheckReport(
        file=file,
        articles=len(kept.first),
        readings=len(kept.readings),
        statements=len(statements),
        annotators=Counter(article.annotator or "" for article in kept.readings),
        stances=Counter(one.stance or "" for one in statements),
        against={part.name: len(part.articles) for part in known},
        findings=tuple(in_order(findings)),
        agreement=agreement,
        shift=measure_shift(merge_annotators(kept.readings), learnt),
        queue=None if scorer is None else rank_suspects(kept.readings, others, scorer),
    )


class _Kept:
    """The readings that go together: one text an article, one reading an annotator.

    Attributes:
        readings: in the order of the file.
        first: the first reading of each article by its id.
        lines: the line of that.
    """

    def __init__(self, file: str) -> None:
        self.file = file
        self.readings: list[LabelledArticle] = []
        self.first: dict[str, LabelledArticle] = {}
        self.lines: dict[str, int] = {}
        self._seen: dict[tuple[str, str], int] = {}

    def line(self, reading: LabelledArticle) -> int:
        """Where a reading stands."""
        return self._seen[reading.id, reading.annotator or ""]

    def add(self, article: LabelledArticle, line: int) -> Iterator[Finding]:
        """Keep a reading, or say what earlier row it contradicts."""
        key = (article.id, article.annotator or "")
        whose = f"by {article.annotator}" if article.annotator else "without an annotator"
        if key in self._seen:
            words = f"expected it once {whose}, found it in line {self._seen[key]} too"
            yield Finding("repeated", ERROR, words, self.file, line, article.id)
            return
        earlier = self.first.setdefault(article.id, article)
        if earlier.text != article.text:
            words = f"expected the text of line {self.lines[article.id]}, found another"
            yield Finding("texts", ERROR, words, self.file, line, article.id)
            return
        self.lines.setdefault(article.id, line)
        self._seen[key] = line
        self.readings.append(article)


def _unreadable(error: InputError, file: str) -> Finding:
    kind = "label" if error.reason.startswith("expected stance ") else "unreadable"
    return Finding(kind, ERROR, error.reason, file, error.line)


def _copied(copy: Copy, file: str, line: int) -> Finding:
    words = f"found {copy.other!r} of {copy.place or 'this file'}"
    if copy.exact:
        words += ", word for word"
    elif copy.held:
        words += f", {copy.share:.0%} of the shorter one's word sequences in the other"
    else:
        words += f", {copy.share:.0%} of their word sequences the same"
    if copy.held:
        words = f"expected an article that nothing is measured on, {words}"
        return Finding("leak", ERROR, words, file, line, copy.article)
    words = f"expected a new article, {words}"
    return Finding("duplicate", WARNING, words, file, line, copy.article)


def _without(copies: Sequence[Copy], known: Sequence[Known]) -> list[LabelledArticle]:
    """What is learnt from but for copies of the new articles, which would judge themselves."""
    gone = {(copy.place, copy.other) for copy in copies}
    parts = ((part.name, one) for part in known if not part.held for one in part.articles)
    return [one for name, one in parts if (name, one.id) not in gone]


def _conflicts(agreement: Agreement, file: str, lines: Mapping[str, int]) -> Iterator[Finding]:
    """Statements whose cue and content several annotators marked alike, with different stances."""
    for article, unit in agreement.units:
        alike: dict[object, dict[str, str]] = {}
        for name, stance in unit.stances.items():
            one = unit.marks[name]
            alike.setdefault((one.cue, one.content), {})[name] = stance
        for given in alike.values():
            if len(set(given.values())) > 1:
                said = ", ".join(
                    f"{stance} by {name or 'nobody'}" for name, stance in given.items()
                )
                first = unit.marks[next(iter(given))].id
                words = f"expected one stance, found {said}"
                yield Finding("conflict", WARNING, words, file, lines[article], article, first)


def _against(kept: _Kept, copies: Sequence[Copy], known: Sequence[Known]) -> Iterator[Finding]:
    """Statements that the data so far labels otherwise, in the same text."""
    parts = {part.name: {one.id: one for one in part.articles} for part in known if not part.held}
    twins = {
        copy.article: (copy.place, parts[copy.place][copy.other])
        for copy in copies
        if copy.exact and copy.place in parts
    }
    for article in kept.readings:
        place, twin = twins.get(article.id, (None, None))
        if twin is None or twin.text != article.text:
            continue
        before = {(one.cue, one.content): one.stance for one in twin.statements}
        for one in article.statements:
            stance = before.get((one.cue, one.content))
            if None not in (stance, one.stance) and stance != one.stance:
                words = f"expected {stance} as in {place}, found {one.stance}"
                line = kept.line(article)
                yield Finding("conflict", WARNING, words, kept.file, line, article.id, one.id)


def _withdrawn(kept: _Kept, withdrawals: Withdrawals) -> Iterator[Finding]:
    for article in kept.readings:
        left = withdrawals.keep_articles([article])
        lost = len(article.statements) - sum(len(one.statements) for one in left)
        if not left or lost:
            what = "the article" if not left else f"{lost} statements"
            words = f"{what} will be left out, as was asked on an earlier day"
            line = kept.line(article)
            yield Finding("withdrawn", WARNING, words, kept.file, line, article.id)

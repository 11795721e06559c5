"""A check of labels as a page that people read, in Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby

from data.agreement import Agreement, PairAgreement
from data.check import CheckReport
from data.findings import KINDS, Finding
from data.records import LABELS
from data.shift import Shift, ShiftReport
from data.suspects import WORST, Queue
from sayso.tags import ROLES

__all__ = ["LIMIT", "check_page"]

LIMIT = 10
"""Most findings of a kind, and most suspects, that are written out."""

RELIABLE, TENTATIVE = 0.8, 0.667
"""Alpha from which labels are reliable, and from which they allow tentative conclusions
(Krippendorff 2019, chapter 12)."""

SNIPPET = 70
"""Most characters of a statement that are shown."""


def check_page(
    report: CheckReport, *, limit: int = LIMIT, queue: str | None = None, worst: float = WORST
) -> str:
    """The report as Markdown.

    Args:
        report: of a check.
        limit: most findings of a kind, and most suspects; the rest are counted.
        queue: the file that the suspects were written to, if any.
        worst: share of the labels that were.
    """
    parts = [
        f"# Check of {report.file}",
        _summary(report),
        *_findings("Errors", report.errors, limit),
        *_findings("Warnings", report.warnings, limit),
        *_agreement(report.agreement),
        *_shift(report.shift),
        *([] if report.queue is None else _queue(report.queue, limit, queue, worst)),
    ]
    return "\n\n".join(parts) + "\n"


def _summary(report: CheckReport) -> str:
    verdict = f"**{_count(len(report.errors), 'error')}**, " + _count(
        len(report.warnings), "warning"
    )
    readings = "" if report.readings == report.articles else f" in {report.readings:,} readings"
    stances = ", ".join(f"{name} {report.stances.get(name, 0):,}" for name in LABELS)
    missing = f", none given {report.stances['']:,}" if report.stances.get("") else ""
    people = ", ".join(f"{name or 'nobody named'} {n:,}" for name, n in report.annotators.items())
    against = ", ".join(f"{name} ({count:,})" for name, count in report.against.items())
    lines = [
        f"{verdict}.",
        f"{_count(report.articles, 'article')}{readings}, "
        f"{_count(report.statements, 'statement')}: {stances}{missing}.",
        f"Annotators: {people}." if people else "",
        f"Held against {against}.",
    ]
    return "\n".join(line for line in lines if line)


def _findings(title: str, findings: Sequence[Finding], limit: int) -> Iterable[str]:
    if not findings:
        return
    yield f"## {title}"
    for kind, group in groupby(findings, key=lambda one: one.kind):
        found = list(group)
        lines = [f"- {_finding(one)}" for one in found[:limit]]
        if len(found) > limit:
            lines.append(f"- … and {len(found) - limit:,} more")
        yield f"### {KINDS[kind]} ({len(found):,})"
        yield "\n".join(lines)


def _finding(one: Finding) -> str:
    places = [f"line {one.line}" if one.line else "", one.statement or one.article or ""]
    place = ", ".join(part for part in places if part)
    return f"{place}: {one.words}" if place else one.words


def _agreement(agreement: Agreement) -> Iterable[str]:
    if agreement.overall is None:
        return
    yield "## Agreement between annotators"
    head = ["annotators", "articles", "stances", "the same", "alpha"]
    rows = [_pair(pair) for pair in (agreement.overall, *agreement.pairs)]
    yield _table([*head, *(f"{role} F1" for role in ROLES)], rows)
    alpha = agreement.overall.stances.alpha
    told = (
        "Alpha is not defined: no statement has two stances, or all have the same."
        if alpha is None
        else f"Alpha of stance {alpha:.2f}: {_verdict(alpha)} "
        f"(Krippendorff: {RELIABLE} and more is reliable, under {TENTATIVE} is not)."
    )
    yield f"{told} F1 is of pieces with the same start and end."


def _verdict(alpha: float) -> str:
    if alpha >= RELIABLE:
        return "reliable"
    return "for tentative conclusions only" if alpha >= TENTATIVE else "not reliable"


def _pair(pair: PairAgreement) -> list[str]:
    stances = pair.stances
    f1 = [
        "–"
        if pair.f1[role] is None
        else f"{100 * (pair.f1[role] or 0):.1f} ({pair.pieces[role]:,})"
        for role in ROLES
    ]
    return [
        " and ".join(name or "nobody named" for name in pair.names) or "all",
        f"{pair.articles:,}",
        f"{stances.items:,}",
        "–" if stances.same is None else f"{stances.same:.1%}",
        "–" if stances.alpha is None else f"{stances.alpha:.2f}",
        *f1,
    ]


def _shift(shift: ShiftReport) -> Iterable[str]:
    yield "## Label shift against the data so far"
    here, before = shift.statements
    told = [f"{here:,} stances here, {before:,} so far (weighted)."]
    if shift.distance is not None:
        chance = "" if shift.p is None else f", {_chance(shift.p)}"
        told.append(f"{shift.distance:.1%} of the labels would have to be others{chance}.")
    notable = [one.words() for one in shift.notable]
    told.append(f"Notable: {'; '.join(notable)}." if notable else "Nothing differs notably.")
    yield "\n".join(told)
    head = ["", "here", "so far", "effect", "p"]
    yield _table(head, [_measure(one) for one in (*shift.stances, *shift.others)])


def _measure(one: Shift) -> list[str]:
    return [
        one.name if one.unit == "%" else f"{one.name}, {one.unit} (median)",
        one.number(one.here),
        one.number(one.before),
        "–" if one.effect is None else f"{one.effect:+.2f}",
        "–" if one.p is None else _chance(one.p).removeprefix("p = "),
    ]


def _chance(p: float) -> str:
    return "p < 0.001" if p < 0.001 else f"p = {p:.3f}"


def _queue(queue: Queue, limit: int, file: str | None, share: float) -> Iterable[str]:
    yield "## Suspected label errors"
    worst = queue.worst(share)
    where = f" They are in {file}, the worst first." if file else " `--queue FILE` writes them."
    yield (
        f"{len(queue.suspects):,} stances judged by {' and '.join(queue.judges)}; the worst "
        f"{share:.0%} are {worst:,}.{where}"
    )
    rows = [
        [
            one.statement.id,
            one.statement.stance or "",
            one.suggested,
            f"{one.quality:.3f}",
            _snippet(" ".join((one.text[1], one.text[2]))),
        ]
        for one in queue.suspects[: min(limit, worst)]
    ]
    yield _table(["statement", "given", "suggested", "quality", "cue and content"], rows)


def _snippet(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= SNIPPET else words[: SNIPPET - 1] + "…"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(cell.replace('|', '¦') for cell in row)} |" for row in lines)


def _count(number: int, name: str) -> str:
    return f"{number:,} {name}{'' if number == 1 else 's'}"

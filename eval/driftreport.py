"""What a comparison of corpora found, in words and tables."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from eval.articlecounts import place_of
from eval.drift import OUTLET_SHARE, Drift
from eval.driftfindings import ALPHA, DUE, MOVED, SAME, Finding
from eval.driftmeasures import MEAN, MIX, RELATIVE, SHARE
from eval.driftprofile import ALL, MONTH, OUTLET, WHOLE
from eval.moments import Moments

__all__ = ["drift_page", "verdict"]

_SAYS = {SAME: "", MOVED: "moved", DUE: "**due**"}
_NAMED = 3
"""Reasons that are told in the verdict."""

_GROUPS = 20
"""Most outlets of a table."""


def verdict(drift: Drift) -> str:
    """The verdict in a sentence or two."""
    if drift.due:
        first = {one.measure.name: one for one in reversed(drift.reasons)}
        texts = [_reason(one) for one in drift.reasons if first[one.measure.name] is one]
        more = f"; and {len(texts) - _NAMED} more" if len(texts) > _NAMED else ""
        return f"retraining is due: {'; '.join(texts[:_NAMED])}{more}"
    told = [_reason(one) for one in drift.moved if one.group == WHOLE]
    kept = f"; moved, but no reason by itself: {'; '.join(told)}" if told else ""
    return f"retraining is not due{kept}"


def drift_page(drift: Drift) -> str:
    """The whole comparison in Markdown."""
    parts = [
        "# Drift",
        f"**{verdict(drift)[0].upper()}{verdict(drift)[1:]}.**",
        f"Reference: {_size(drift.reference)}. Corpus: {_size(drift.corpus)}. "
        f"Both scored by {drift.model}.",
        _table("The whole", [one for one in drift.findings if one.group.kind == ALL]),
    ]
    if drift.words is not None:
        words = drift.words
        parts.append(f"Words that have come: {_listed(words.risen)}.")
        parts.append(f"Words that have gone: {_listed(words.fallen)}.")
    if drift.new_outlets:
        parts.append(f"{drift.new_outlets:.1%} of the statements are of outlets not seen before.")
    for kind, title in ((OUTLET, "Outlets"), (MONTH, "Months")):
        if found := drift.of(kind):
            parts.append(_groups(title, found))
    parts.append(
        f"{len(drift.findings)} comparisons of groups of {drift.floor} articles or more. One "
        f"counts if it is sure (Holm's correction over all of them, under {ALPHA}) and large: a "
        "population stability index of 0.1 (moved) or 0.25 (due) of a mix or a share, other bounds "
        "for means and rates. Retraining is due by the whole, by the latest month, or by outlets "
        f"that hold {OUTLET_SHARE:.0%} of the statements."
    )
    return "\n\n".join(parts) + "\n"


def _table(title: str, found: Sequence[Finding]) -> str:
    rows = [
        f"## {title}",
        "",
        "| measure | reference | corpus | effect | p, corrected | |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    for one in found:
        cells = [one.measure.title, *_values(one), _effect(one), f"{one.p:.2g}", _SAYS[one.level]]
        rows.append(f"| {' | '.join(cells)} |")
    return "\n".join(rows)


def _groups(title: str, found: Sequence[Finding]) -> str:
    """What has moved in groups, and how many there are."""
    names = {one.group.name for one in found}
    rows = [one for one in found if one.level != SAME]
    head = f"{len(names)} compared, {len({one.group.name for one in rows})} with a difference."
    if not rows:
        return f"## {title}\n\n{head}"
    lines = [
        f"## {title}",
        "",
        head,
        "",
        "| group | articles | against | measure | reference | corpus | effect | |",
        "| --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    rows.sort(key=lambda one: (one.level != DUE, one.p, one.group))
    for one in rows[:_GROUPS]:
        against = "the same" if one.same else "all"
        cells = [one.group.name, f"{one.articles[1]:,}", against, one.measure.title]
        cells += [*_values(one), _effect(one), _SAYS[one.level]]
        lines.append(f"| {' | '.join(cell.replace('|', '/') for cell in cells)} |")
    if len(rows) > _GROUPS:
        lines += ["", f"{len(rows) - _GROUPS} more are in `drift.json`."]
    return "\n".join(lines)


def _values(one: Finding) -> list[str]:
    """Reference and corpus; of a mix the cells that differ the most."""
    if one.measure.kind == MIX:
        if not one.before:
            return ["", ""]
        order = sorted(
            range(len(one.before)), key=lambda n: (-abs(one.after[n] - one.before[n]), n)
        )[:2]
        names = one.measure.cells
        return [
            ", ".join(f"{names[n]} {100 * side[n]:.1f} %" for n in order)
            for side in (one.before, one.after)
        ]
    scale = one.measure.scale
    reach = f" ± {scale * one.reach[0]:.2g}" if one.reach else ""
    return [f"{scale * one.before[0]:.3g}", f"{scale * one.after[0]:.3g}{reach}"]


def _effect(one: Finding) -> str:
    effect = one.shift.effect
    if one.measure.kind in (MIX, SHARE):
        distance = "" if one.shift.distance is None else f", JS {one.shift.distance:.2f}"
        return f"PSI {effect:.2f}{distance}"
    if one.measure.kind == RELATIVE:
        return f"{100 * effect:+.0f} %"
    return f"{one.measure.scale * effect:+.2g}"


def _reason(one: Finding) -> str:
    place = {OUTLET: f"{one.group.name}: ", MONTH: f"{one.group.name}: "}.get(one.group.kind, "")
    before, after = _values(one)
    change = f" from {before} to {after}" if before else ""
    tail = f" ({_effect(one)})" if one.measure.kind != MEAN else ""
    return f"{place}{one.measure.title}{change}{tail}"


def _size(moments: Moments) -> str:
    statements = moments.sums[place_of("statements")]
    return f"{moments.articles:,} articles with {statements:,.0f} statements"


def _listed(words: Iterable[str]) -> str:
    return ", ".join(words) or "none"

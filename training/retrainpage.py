"""The page of a retraining: what improved, what fell, which labels looked wrong."""

from __future__ import annotations

from collections.abc import Sequence

from data.items import COLUMNS
from data.quality import Suspect
from data.suspects import Queue
from eval.compare import CEILINGS, Change
from eval.gate import Verdict
from eval.report import table
from training.retrainplan import RetrainPlan

__all__ = ["PAGE", "page"]

PAGE = "retrain.md"
"""Name of the page in the run's folder."""

_SUSPECTS = 10
_CHARACTERS = 90


def page(plan: RetrainPlan, verdict: Verdict, queue: Queue | None) -> str:
    """As a Markdown document of about a page.

    Args:
        plan: of the retraining.
        verdict: of the gate on its outcome.
        queue: the new labels by how suspect they are to the champion, which has not learnt them.
    """
    ours, theirs = verdict.comparison.challenger, verdict.comparison.champion
    word = "takes the place of" if verdict.passed else "does not take the place of"
    lines = [f"# {ours} {word} {theirs}", ""]
    if not verdict.passed:
        lines += ["The gate refuses it:", "", *(f"- {why}" for why in verdict.refusals), ""]
    lines += [*plan.to_text().splitlines(), ""]
    lines = [line + "  " if ": " in line and not line.startswith("-") else line for line in lines]
    changes = verdict.comparison.changes.values()
    for title, kept in (
        ("Better, the 95 % interval above zero", [c for c in changes if c.gain.low > 0]),
        ("Worse, the 95 % interval below zero", [c for c in changes if c.gain.high < 0]),
    ):
        lines += [f"## {title}", "", *_table(kept), ""]
    others = [c for c in verdict.comparison.headlines if c.gain.low <= 0 <= c.gain.high]
    lines += ["## Headline figures that chance may explain", "", *_table(others), ""]
    lines += ["## Labels that look wrong", "", *_suspects(queue), ""]
    return "\n".join(lines)


def _table(changes: Sequence[Change]) -> list[str]:
    if not changes:
        return ["None."]
    rows = []
    for change in changes:
        gain = change.gain
        note = " (less is better)" if change.name in CEILINGS else ""
        rows.append(
            (
                change.name + note,
                f"{100 * change.champion.value:.1f}",
                f"{100 * change.challenger.value:.1f}",
                f"{100 * gain.value:+.1f} ({100 * gain.low:+.1f} to {100 * gain.high:+.1f})",
            )
        )
    return table(("figure, in points", "champion", "challenger", "gain (95 % interval)"), rows)


def _suspects(queue: Queue | None) -> list[str]:
    issues = [] if queue is None else [one for one in queue.suspects if one.issue]
    if queue is None or not issues:
        return ["None."]
    head = ("statement", "label", "rather", "content")
    more = (
        f"{len(issues)} of {len(queue.suspects)} labels, the worst first; all of them: "
        "`python -m data check FILE --data DATA --queue QUEUE`."
    )
    return [*table(head, list(map(_row, issues[:_SUSPECTS]))), "", more]


def _row(one: Suspect) -> tuple[str, ...]:
    content = " ".join(one.text[COLUMNS.index("content")].split()).replace("|", "¦")
    short = content if len(content) <= _CHARACTERS else content[: _CHARACTERS - 1] + "…"
    return one.statement.id, str(one.statement.stance), one.suggested, short

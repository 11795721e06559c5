"""What came of predicting outlets' ratings, in tables and words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from eval.outletdata import FEW

__all__ = ["outlet_page"]

_TITLES = {
    "majority": "majority",
    "size": "size: articles, words, statements",
    "text": "TF-IDF of the text",
    "profile": "**profile**",
    "profile + text": "profile and TF-IDF",
    "evidence": "agreement and contradiction",
    "profile + evidence": "profile, agreement and contradiction",
}
_SUBSETS = {"all": "All outlets", "many": f"Outlets with {FEW} articles or more"}


def outlet_page(results: Mapping[str, Any]) -> str:
    """The results of `eval.outlets.Found.to_dict` as a page of Markdown."""
    counts = ", ".join(f"{number} {name}" for name, number in results["classes"].items())
    lines = [
        "# Factual reporting by how an outlet reports",
        "",
        f"{results['outlets']} rated outlets ({counts}), {results['outlets_with_many']} of them "
        f"with {FEW} articles or more. Each is predicted from others only: five folds over "
        f"outlets, dealt {results['repeats']} times, everything chosen inside the outlets that "
        "are learnt from. In brackets 95 % intervals over outlets; the last columns say by how "
        "much the profile is more, on the same resamples.",
    ]
    for part, title in _SUBSETS.items():
        if not results[part]:
            continue
        lines += ["", f"## {title}", "", *_table(results[part])]
    if results["groups"]:
        lines += ["", "## Groups of features", "", *_groups(results["groups"])]
    lines += ["", _verdict(results)]
    return "\n".join(lines) + "\n"


def _table(rows: Mapping[str, Any]) -> list[str]:
    lines = [
        "| | Spearman | macro-F1 | log loss | profile's Spearman over it | macro-F1 |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    for name, title in _TITLES.items():
        if (row := rows.get(name)) is None:
            continue
        cells = [_text(row[measure]) for measure in ("spearman", "macro_f1", "log_loss")]
        over = [
            "" if name == "profile" else _text(row["over"][measure], sign=True)
            for measure in ("spearman", "macro_f1")
        ]
        lines.append(f"| {title} | {' | '.join([*cells, *over])} |")
    return lines


def _groups(rows: Mapping[str, Any]) -> list[str]:
    lines = [
        "| group | Spearman alone | macro-F1 alone | adds to the others: Spearman | macro-F1 |",
        "| --- | --- | --- | --- | --- |",
    ]
    for name, row in rows.items():
        cells = [_text(row["alone"][measure]) for measure in ("spearman", "macro_f1")]
        cells += [_text(row["adds"][measure], sign=True) for measure in ("spearman", "macro_f1")]
        lines.append(f"| {name} | {' | '.join(cells)} |")
    return lines


def _text(figure: Mapping[str, float], *, sign: bool = False) -> str:
    form = "+.2f" if sign else ".2f"
    value, low, high = (format(figure[key], form) for key in ("value", "low", "high"))
    return f"{value} ({low} to {high})"


def _verdict(results: Mapping[str, Any]) -> str:
    """Whether the profile is ahead of each baseline, for sure or not."""
    told = []
    for name in ("majority", "size", "text"):
        parts = []
        for measure, title in (("spearman", "Spearman"), ("macro_f1", "macro-F1")):
            found = results["all"][name]["over"][measure]
            sure = found["low"] > 0 or found["high"] < 0
            side = "ahead" if found["value"] > 0 else "behind"
            parts.append(f"{side} in {title}{'' if sure else ' (not for sure)'}")
        told.append(f"{'TF-IDF' if name == 'text' else name}: {', '.join(parts)}")
    return f"The profile against {'; '.join(told)}."

"""Results as Markdown tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from data.records import LABELS

__all__ = ["render", "table"]

_TITLES = {
    "extraction": "Extraction, PolNeAR {split}",
    "stance": "Stance on gold spans, PolNeAR {split}",
    "wire": "Wire articles, end to end",
    "gold": "Our own gold, end to end",
    "sources": "Sources on gold spans",
    "baselines": "Stance baselines on gold spans, PolNeAR {split}",
}

_PLAIN = {"ece", "brier"}
"""Figures that are told as they are, not in percent."""


def render(results: Mapping[str, Any]) -> str:
    """All suites of `eval.suites.run_suites` as one Markdown document."""
    out = [f"# Results of {results['model']}", ""]
    for suite, figures in results.items():
        if not isinstance(figures, Mapping) or suite == "skipped":
            continue
        out += [f"## {_TITLES.get(suite, suite).format(split=results['split'])}", ""]
        out += table(("figure", "value", "95 % interval"), _rows(figures))
        if "labels" in figures:
            rows = [
                (
                    label,
                    *(_with_bounds(row[k]) for k in ("precision", "recall", "f1")),
                    row["support"],
                )
                for label, row in figures["labels"].items()
            ]
            out += ["", *table(("label", "precision", "recall", "F1", "items"), rows)]
        if "confusion" in figures:
            rows = [(LABELS[n], *row) for n, row in enumerate(figures["confusion"])]
            out += ["", *table(("gold \\ predicted", *LABELS), rows)]
        out.append("")
    for suite, reason in results.get("skipped", {}).items():
        out += [f"Not measured: {suite}: {reason}.", ""]
    return "\n".join(out)


def table(head: Sequence[str], rows: Sequence[Sequence[object]]) -> list[str]:
    """Lines of a Markdown table."""
    lines = ["| " + " | ".join(head) + " |", "|" + " --- |" * len(head)]
    return [*lines, *("| " + " | ".join(str(cell) for cell in row) + " |" for row in rows)]


def _rows(figures: Mapping[str, Any], prefix: str = "") -> list[tuple[str, str, str]]:
    rows: list[tuple[str, str, str]] = []
    for name, value in figures.items():
        title = f"{prefix}{name}".replace("_", " ")
        if isinstance(value, Mapping) and "low" in value:
            tell = _decimal if name in _PLAIN else _percent
            rows.append(
                (title, tell(value["value"]), f"{tell(value['low'])}–{tell(value['high'])}")
            )
        elif isinstance(value, Mapping) and name != "labels":
            rows += _rows(value, f"{title}: ")
        elif isinstance(value, float):
            rows.append((title, _decimal(value), ""))
        elif isinstance(value, int):
            rows.append((title, f"{value:,}", ""))
    return rows


def _with_bounds(figure: Mapping[str, float]) -> str:
    value, low, high = (_percent(figure[k]) for k in ("value", "low", "high"))
    return f"{value} ({low}–{high})"


def _percent(value: float) -> str:
    return f"{100 * value:.1f}"


def _decimal(value: float) -> str:
    return f"{value:.3f}"

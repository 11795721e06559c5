"""Results as Markdown tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from data.records import LABELS

__all__ = ["BASELINES", "is_figure", "render", "table", "told"]

BASELINES = {
    "majority": "majority label",
    "cue_rules": "cue lexicon with rules",
    "tfidf_logistic_regression": "TF-IDF, logistic regression",
    "frozen_encoder_logistic_regression": "frozen encoder, logistic regression",
}
"""What the baselines are called where they are read."""

_TITLES = {
    "extraction": "Extraction, PolNeAR {split}",
    "stance": "Stance on gold spans, PolNeAR {split}",
    "calibration": "Calibration of stance on gold spans, PolNeAR {split}",
    "selective": "Selective prediction of stance on gold spans, PolNeAR {split}",
    "wire": "Wire articles, end to end",
    "gold": "Our own gold, end to end",
    "sources": "Sources on gold spans",
    "baselines": "Stance baselines on gold spans, PolNeAR {split}",
}

_PLAIN = {"ece", "classwise_ece", "brier", "overconfidence", "aurc"}
"""Figures that are told as they are, not in percent."""

_APART = {"labels", "slices", "reliability", "curve", "confusion", "skipped"}
"""What gets a table of its own, or none."""


def render(results: Mapping[str, Any]) -> str:
    """All suites of `eval.suites.run_suites` as one Markdown document."""
    out = [f"# Results of {results['model']}", ""]
    for suite, figures in results.items():
        if not isinstance(figures, Mapping) or suite in ("skipped", "predictions"):
            continue
        out += [f"## {_TITLES.get(suite, suite).format(split=results['split'])}", ""]
        out += table(("figure", "value", "95 % interval"), _rows(figures))
        for name, lines in (
            ("labels", _labels(figures.get("labels", {}))),
            ("confusion", _confusion(figures.get("confusion", []))),
            ("reliability", _reliability(figures.get("reliability", []))),
        ):
            if name in figures:
                out += ["", *lines]
        for kind, parts in figures.get("slices", {}).items():
            out += ["", *_slices(kind, parts)]
        out.append("")
        for name, reason in figures.get("skipped", {}).items():
            out += [f"Not measured: {name.replace('_', ' ')}: {reason}.", ""]
    for suite, reason in results.get("skipped", {}).items():
        out += [f"Not measured: {suite}: {reason}.", ""]
    if "predictions" in results:
        rows = [(part, f"`{digest}`") for part, digest in results["predictions"].items()]
        out += ["## Predictions", "", *table(("data", "SHA-256 of every row"), rows), ""]
    return "\n".join(out)


def table(head: Sequence[str], rows: Sequence[Sequence[object]]) -> list[str]:
    """Lines of a Markdown table."""
    lines = ["| " + " | ".join(head) + " |", "|" + " --- |" * len(head)]
    return [*lines, *("| " + " | ".join(str(cell) for cell in row) + " |" for row in rows)]


def is_figure(value: object) -> bool:
    """Whether a value of the results is a figure with an interval."""
    return isinstance(value, Mapping) and {"value", "low", "high"} <= value.keys()


def told(name: str, figure: Mapping[str, float]) -> tuple[str, str]:
    """A figure's value and interval: in percent, but for those that are told as they are."""
    tell = _decimal if name in _PLAIN else _percent
    return tell(figure["value"]), f"{tell(figure['low'])}–{tell(figure['high'])}"


def _rows(figures: Mapping[str, Any], prefix: str = "") -> list[tuple[str, str, str]]:
    rows: list[tuple[str, str, str]] = []
    for name, value in figures.items():
        title = f"{prefix}{name}".replace("_", " ")
        if name in _APART:
            continue
        if is_figure(value):
            rows.append((title, *told(name, value)))
        elif isinstance(value, Mapping):
            rows += _rows(value, f"{title}: ")
        elif isinstance(value, float):
            rows.append((title, _decimal(value), ""))
        elif isinstance(value, int):
            rows.append((title, f"{value:,}", ""))
    return rows


def _labels(labels: Mapping[str, Any]) -> list[str]:
    rows = [
        (name, *(_cell(k, row[k]) for k in ("precision", "recall", "f1")), row["support"])
        for name, row in labels.items()
    ]
    return table(("label", "precision", "recall", "F1", "items"), rows)


def _confusion(counts: Sequence[Sequence[int]]) -> list[str]:
    rows = [(LABELS[number], *row) for number, row in enumerate(counts)]
    return table(("gold \\ predicted", *LABELS), rows)


def _reliability(bins: Sequence[Mapping[str, Any]]) -> list[str]:
    rows = [
        (
            f"{_decimal(one['low'])}–{_decimal(one['high'])}",
            _percent(one["confidence"]),
            _cell("accuracy", one["accuracy"]),
            one["count"],
        )
        for one in bins
    ]
    return table(("probability", "mean, %", "accuracy, %", "items"), rows)


def _slices(kind: str, parts: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """One row a part; the columns are what any part has."""
    columns = list(dict.fromkeys(column for part in parts.values() for column in part))
    rows = [
        (value.replace("_", " "), *(_cell(column, part.get(column)) for column in columns))
        for value, part in parts.items()
    ]
    return table((f"by {kind}", *(column.replace("_", " ") for column in columns)), rows)


def _cell(name: str, value: Any) -> str:
    if not is_figure(value):
        return "–" if value is None else f"{value:,}"
    at, interval = told(name, value)
    return f"{at} ({interval})"


def _percent(value: float) -> str:
    return f"{100 * value:.1f}"


def _decimal(value: float) -> str:
    return f"{value:.3f}"

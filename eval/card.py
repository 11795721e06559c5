"""The table of the README and of the model card, from results."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from data.records import LABELS
from eval.anchors import EXTRACTION_ANCHORS, STANCE_ANCHORS, Anchor
from eval.report import BASELINES, is_figure, table, told
from sayso.errors import InputError
from sayso.tags import ROLES

__all__ = ["card_table", "read_results"]

Row = tuple[str, str, str]

_END_TO_END = {
    "wire": "wire {split}",
    "gold": "our own gold",
}
_FOUND = (
    ("tuple_overlap_f1", "end to end, whole statement by overlap, F1"),
    ("kept_f1", "rows that are kept by default, F1"),
    ("nested_recall", "nested statements, recall"),
    ("nested_precision", "nested statements, precision"),
    ("parent_f1", "nested: link to the parent, F1"),
    ("stance_macro_f1", "stance macro-F1 on matched statements"),
)


def read_results(folder: Path) -> dict[str, Any]:
    """The figures of an evaluation.

    Args:
        folder: with `results.json`, or that file.

    Raises:
        InputError: there is none, or it holds no results.
    """
    path = folder / "results.json" if folder.is_dir() else folder
    try:
        results = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise InputError(f"expected results.json of an evaluation, found {error}") from error
    if not isinstance(results, dict) or not {"model", "split"} <= results.keys():
        raise InputError("expected results of an evaluation, found none", file=str(path))
    return results


def card_table(results: Mapping[str, Any]) -> str:
    """Measured figures with intervals, baselines on the same items, and anchors, in Markdown.

    Anchors are told with what they were measured on, since that is not what ours are of.
    """
    split = results["split"]
    lines = table(
        ("measure", "value", "95 % interval"),
        [
            *_extraction(results.get("extraction", {}), split),
            *_stance(results, split),
            *_found(results),
        ],
    )
    if "labels" in results.get("stance", {}):
        lines += ["", *_labels(results["stance"]["labels"])]
    if baselines := _baselines(results):
        lines += ["", "Stance without our network, on the same statements:", "", *baselines]
    anchors = _anchors(EXTRACTION_ANCHORS, [f"{role}_f1" for role in ROLES])
    head = ("system", "measured on", "source", "cue", "content")
    lines += ["", "Other systems, exact F1 of pieces, not on the articles above:", ""]
    lines += table(head, anchors)
    anchors = _anchors(STANCE_ANCHORS, ["macro_f1_four", "macro_f1_five"])
    lines += ["", "Other systems, stance, not on the statements above:", ""]
    lines += table(("system", "measured on", "four labels", "five labels"), anchors)
    return "\n".join(lines)


def _extraction(found: Mapping[str, Any], split: str) -> Iterator[Row]:
    names = [
        *((f"{role}_f1", f"{role}, exact F1") for role in ROLES),
        *((f"{role}_overlap_f1", f"{role}, F1 at ≥ 0.8 overlap") for role in ROLES),
        ("tuple_f1", "whole statement (source, cue and content) exact, F1"),
        ("tuple_overlap_f1", "whole statement by overlap, F1"),
    ]
    yield from _rows(found, names, f"PolNeAR {split}")


def _stance(results: Mapping[str, Any], split: str) -> Iterator[Row]:
    of = f"PolNeAR {split}, stance on gold spans"
    names = [
        ("macro_f1_four", "macro-F1 over four labels"),
        ("macro_f1_five", "macro-F1 over five labels (with `none`)"),
    ]
    yield from _rows(results.get("stance", {}), names, of)
    selective = results.get("selective", {}).get("four", {})
    for percent in (80, 50):
        names = [("macro_f1", f"macro-F1 over four labels, the surest {percent} %")]
        yield from _rows(selective.get(f"coverage_{percent}", {}), names, of)
    yield from _rows(selective, [("aurc", "area under risk–coverage (four labels)")], of)
    names = [("ece", "expected calibration error"), ("brier", "Brier score")]
    yield from _rows(results.get("calibration", results.get("stance", {})), names, of)


def _found(results: Mapping[str, Any]) -> Iterator[Row]:
    for suite, title in _END_TO_END.items():
        if suite in results:
            of = f"{title.format(split=results['split'])} ({results[suite]['articles']} articles)"
            yield from _rows(results[suite], _FOUND, of)


def _rows(figures: Mapping[str, Any], names: Sequence[tuple[str, str]], of: str) -> Iterator[Row]:
    for name, title in names:
        if is_figure(figures.get(name)):
            value, interval = told(name, figures[name])
            yield f"{of}, {title}", value, interval


def _labels(labels: Mapping[str, Any]) -> list[str]:
    rows = [
        (name, *(_cell(row[part]) for part in ("precision", "recall", "f1")), row["support"])
        for name in LABELS
        if (row := labels.get(name))
    ]
    return table(("stance, gold spans", "precision", "recall", "F1", "items"), rows)


def _baselines(results: Mapping[str, Any]) -> list[str]:
    """Lines of the baselines' table, this model's last; none without a baseline."""
    figures = ("macro_f1_four", "macro_f1_five", "accuracy")
    rows = [
        (title, *(_cell(row[figure]) for figure in figures))
        for name, title in BASELINES.items()
        if (row := results.get("baselines", {}).get(name))
    ]
    if not rows:
        return []
    if "stance" in results:
        cells = (f"**{_cell(results['stance'][figure])}**" for figure in figures)
        rows.append((f"**{results['model']}**", *cells))
    return table(("stance", "four labels, macro-F1", "five labels, macro-F1", "accuracy"), rows)


def _anchors(anchors: Sequence[Anchor], names: Sequence[str]) -> list[tuple[str, ...]]:
    return [
        (
            one.system,
            f"{one.data}, {one.source}",
            *(f"{one.figures[name]:.1f}" for name in names),
        )
        for one in anchors
    ]


def _cell(figure: Mapping[str, float]) -> str:
    value, interval = told("", figure)
    return f"{value} ({interval})"

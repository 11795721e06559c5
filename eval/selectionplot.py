"""The plot of what choosing saves: quality over labels, for each way of choosing."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from eval.selection import ARTICLES, CHOSEN, RANDOM, UNSURE, Savings
from eval.style import BLUE, GREY, RED, STYLE

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["draw_savings"]

_STYLE: Any = {**STYLE, "svg.hashsalt": "selection"}
_WAYS = {
    RANDOM: ("at random", GREY, "-"),
    UNSURE: ("by entropy alone", RED, "--"),
    CHOSEN: ("chosen", BLUE, "-"),
}


def draw_savings(found: Sequence[Savings], folder: Path) -> list[Path]:
    """Draw a panel for each unit.

    Returns:
        The PNG and the SVG file; equal figures give equal files.
    """
    import matplotlib as mpl
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    out = []
    with mpl.rc_context(_STYLE):
        figure = Figure(figsize=(4.9 * len(found), 3.9), layout="constrained")
        FigureCanvasAgg(figure)
        panels = figure.subplots(1, len(found), sharey=True, squeeze=False)[0]
        for axes, one in zip(panels, found, strict=True):
            _panel(axes, one)
        panels[0].set_ylabel("stance, macro-F1 over five labels, %")
        panels[0].legend(loc="lower right")
        seeds = len(found[0].curves[RANDOM].quality)
        figure.supxlabel(
            f"{found[0].model}, held-out articles; mean of {seeds} splits, bands: standard error",
            fontsize=6.5,
            color=GREY,
        )
        for ending, metadata in ((".png", {"Software": None}), (".svg", {"Date": None})):
            path = folder / f"selection{ending}"
            figure.savefig(path, dpi=150, metadata=metadata)
            out.append(path)
    return out


def _panel(axes: Axes, found: Savings) -> None:
    for name, (label, colour, line) in _WAYS.items():
        curve = found.curves[name]
        seeds = len(curve.quality)
        error = 100 * curve.quality.std(axis=0, ddof=1) / seeds**0.5 if seeds > 1 else 0.0
        middle = 100 * curve.mean
        axes.plot(curve.labels, middle, line, color=colour, linewidth=1.6, label=label)
        if name != UNSURE:
            axes.fill_between(
                curve.labels, middle - error, middle + error, color=colour, alpha=0.13, linewidth=0
            )
    target, share = 100 * found.target, found.share(CHOSEN)
    axes.axhline(target, color=GREY, linewidth=0.9, linestyle=(0, (4, 3)))
    if share is not None:
        axes.plot([share * found.budget], [target], "o", color=BLUE, markersize=6, zorder=4)
        axes.annotate(
            f"{share:.0%} of the labels",
            (share * found.budget, target),
            xytext=(6, -14),
            textcoords="offset points",
            fontsize=8,
            color=BLUE,
        )
    unit = "whole articles" if found.unit == ARTICLES else "single statements"
    axes.set(xlabel="statements labelled", xlim=(0, found.budget), title=f"{unit} chosen")

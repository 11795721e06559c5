"""Plots of a run: its curves, its figures with their intervals, its confusions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from data.records import LABELS
from eval.rundir import RunDirectory

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["draw_plots"]

PLOTS = "plots"
"""Folder of the plots in a run's folder."""

_CURVES = ("train_", "tune_", "dev_")


def draw_plots(run: RunDirectory) -> list[Path]:
    """Draw what the run's folder has numbers for, into its folder `plots/`.

    Returns:
        The files: `curves.png`, `figures.png` and `confusion-<suite>.png`, those that apply.
    """
    folder = run.path / PLOTS
    folder.mkdir(parents=True, exist_ok=True)
    results = run.read("results.json")
    drawn: dict[str, Figure | None] = {"curves": _curves(run), "figures": _figures(results)}
    for suite, figures in results.items():
        if isinstance(figures, Mapping) and "confusion" in figures:
            drawn[f"confusion-{suite}"] = _confusion(suite, figures["confusion"])
    out = []
    for name, plot in drawn.items():
        if plot is not None:
            out.append(folder / f"{name}.png")
            plot.savefig(out[-1], dpi=110, metadata={"Software": None})
    return out


def _curves(run: RunDirectory) -> Figure | None:
    """Losses over steps; None for a run without any."""
    lines: dict[str, list[tuple[int, float]]] = defaultdict(list)
    for metric in run.metrics():
        if metric.name.startswith(_CURVES):
            lines[metric.name].append((metric.step, metric.value))
    if not lines:
        return None
    plot = _canvas(7, 4)
    axes = plot.add_subplot()
    for name, points in sorted(lines.items()):
        steps, values = zip(*sorted(points), strict=True)
        axes.plot(steps, values, label=name.replace("_", " "), linewidth=1)
    axes.set_xlabel("step")
    axes.set_ylabel("loss")
    axes.legend(fontsize=7)
    return plot


def _figures(results: Mapping[str, Any]) -> Figure | None:
    """Every figure that has an interval, one a row."""
    rows = [
        (f"{suite}: {name}".replace("_", " "), figure)
        for suite, figures in results.items()
        if isinstance(figures, Mapping)
        for name, figure in figures.items()
        if isinstance(figure, Mapping) and "low" in figure
    ]
    if not rows:
        return None
    plot = _canvas(7, 1 + 0.16 * len(rows))
    axes = plot.add_subplot()
    for place, (_, figure) in enumerate(reversed(rows)):
        axes.plot([figure["low"], figure["high"]], [place, place], color="0.6", linewidth=2)
        axes.plot([figure["value"]], [place], "k.", markersize=4)
    axes.set_yticks(range(len(rows)), [name for name, _ in reversed(rows)], fontsize=6)
    axes.set_xlim(0, 1)
    axes.grid(axis="x", linewidth=0.3)
    return plot


def _confusion(suite: str, counts: list[list[int]]) -> Figure:
    """Gold labels by predicted ones, shaded by the share of the gold label."""
    plot = _canvas(4.5, 4)
    axes = plot.add_subplot()
    shares = [[n / max(1, sum(row)) for n in row] for row in counts]
    axes.imshow(shares, cmap="Blues", vmin=0, vmax=1)
    for y, row in enumerate(counts):
        for x, number in enumerate(row):
            colour = "white" if shares[y][x] > 0.5 else "black"
            axes.text(x, y, str(number), ha="center", va="center", color=colour, fontsize=8)
    places = range(len(LABELS))
    axes.set_xticks(places, LABELS, fontsize=7, rotation=30)
    axes.set_yticks(places, LABELS, fontsize=7)
    axes.set_xlabel("predicted")
    axes.set_ylabel("gold")
    axes.set_title(suite, fontsize=9)
    return plot


def _canvas(width: float, height: float) -> Figure:
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    plot = Figure(figsize=(width, height), layout="constrained")
    FigureCanvasAgg(plot)
    return plot

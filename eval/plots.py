"""Plots of a run: the curves of its training and the charts of its figures."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

from eval.charts import draw_charts
from eval.rundir import RunDirectory

__all__ = ["draw_plots"]

PLOTS = "plots"
"""Folder of the plots in a run's folder."""

_CURVES = ("train_", "tune_", "dev_")


def draw_plots(run: RunDirectory) -> list[Path]:
    """Draw what the run's folder has numbers for, into its folder `plots/`.

    Returns:
        The PNG files: `curves` of a run that was trained, and those of `eval.charts.draw_charts`.
    """
    folder = run.path / PLOTS
    out = draw_charts(run.read("results.json"), folder)
    lines: dict[str, list[tuple[int, float]]] = defaultdict(list)
    for metric in run.metrics():
        if metric.name.startswith(_CURVES):
            lines[metric.name].append((metric.step, metric.value))
    if not lines:
        return out
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    plot = Figure(figsize=(7, 4), layout="constrained")
    FigureCanvasAgg(plot)
    axes = plot.add_subplot()
    for name, points in sorted(lines.items()):
        steps, values = zip(*sorted(points), strict=True)
        axes.plot(steps, values, label=name.replace("_", " "), linewidth=1)
    axes.set_xlabel("step")
    axes.set_ylabel("loss")
    axes.legend(fontsize=7)
    plot.savefig(folder / "curves.png", dpi=110, metadata={"Software": None})
    return [folder / "curves.png", *out]

"""The plot of what tells outlets apart: designs, and groups of features alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from eval.outletdata import FEW
from eval.style import BLUE, GREY, RED, STYLE

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["draw_outlets"]

_STYLE: Any = {**STYLE, "svg.hashsalt": "outlets"}
_DESIGNS = ("profile + text", "text", "profile + evidence", "profile", "evidence", "size")
_LABELS = {
    "text": "TF-IDF of text",
    "profile + text": "profile + TF-IDF",
    "evidence": "agreement",
    "profile + evidence": "profile + agreement",
}


def draw_outlets(results: Mapping[str, Any], folder: Path) -> list[Path]:
    """Draw Spearman's correlations with their intervals.

    Args:
        results: of `eval.outlets.Found.to_dict`.
        folder: is there.

    Returns:
        The PNG and the SVG file; equal results give equal files.
    """
    import matplotlib as mpl
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    groups, out = results["groups"], []
    with mpl.rc_context(_STYLE):
        figure = Figure(figsize=(9.2 if groups else 4.8, 3.7), layout="constrained")
        FigureCanvasAgg(figure)
        panels = figure.subplots(1, 2 if groups else 1, squeeze=False)[0]
        _designs(panels[0], results)
        if groups:
            rows = [(name, row["alone"]["spearman"]) for name, row in reversed(groups.items())]
            _bars(panels[1], rows, BLUE, 0.0)
            panels[1].set_yticks(range(len(rows)), [name for name, _ in rows])
            panels[1].set(title="Each group of features alone")
        for axes in panels:
            axes.axvline(0, color=GREY, linewidth=1, linestyle=(0, (4, 3)))
            axes.grid(visible=False, axis="y")
            axes.set_xlabel("Spearman's correlation with the rating")
        figure.supxlabel(
            f"{results['outlets']} outlets, each predicted from others; bars: 95 % intervals "
            "over outlets",
            fontsize=6.5,
            color=GREY,
        )
        for ending, metadata in ((".png", {"Software": None}), (".svg", {"Date": None})):
            path = folder / f"outlets{ending}"
            figure.savefig(path, dpi=150, metadata=metadata)
            out.append(path)
    return out


def _designs(axes: Axes, results: Mapping[str, Any]) -> None:
    names = [name for name in reversed(_DESIGNS) if name in results["all"]]
    parts = (("all", f"all {results['outlets']}", BLUE, 0.13), ("many", "", RED, -0.13))
    for part, title, colour, shift in parts:
        if not results[part]:
            continue
        label = title or f"{results['outlets_with_many']} with {FEW} articles or more"
        rows = [(name, results[part][name]["spearman"]) for name in names]
        _bars(axes, rows, colour, shift, label)
    axes.set_yticks(range(len(names)), [_LABELS.get(name, name) for name in names])
    axes.set(title="Factual reporting, told by", ylim=(-0.6, len(names) + 0.3))
    axes.legend(loc="upper left", ncols=2)


def _bars(
    axes: Axes,
    rows: Sequence[tuple[str, Mapping[str, float]]],
    colour: str,
    shift: float,
    label: str | None = None,
) -> None:
    for place, (_, row) in enumerate(rows):
        axes.plot(
            [row["low"], row["high"]],
            [place + shift] * 2,
            color=colour,
            linewidth=4,
            alpha=0.28,
            solid_capstyle="butt",
        )
        axes.plot(
            [row["value"]],
            [place + shift],
            "o",
            color=colour,
            markersize=5,
            label=None if place else label,
        )
        axes.annotate(
            f"{row['value']:.2f}",
            (row["value"], place + shift),
            xytext=(0, 4 if shift >= 0 else -4),
            textcoords="offset points",
            ha="center",
            va="bottom" if shift >= 0 else "top",
            fontsize=6.5,
            color=colour,
        )

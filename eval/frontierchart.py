"""The chart of a frontier: each figure against speed, with the Pareto front and the knee."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from eval.frontier import FIGURES, MEAN, Frontier, Point
from eval.style import BLUE, GREY, RED, STYLE

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["draw_frontier"]

_FRONT, _KNEE, _BEHIND = BLUE, RED, GREY
_MARKS = {"int8": "o", "float32": "s"}
_STYLE: Any = {**STYLE, "svg.hashsalt": "frontier"}
_ROOM = 0.16
"""Room left beside the points, as a share of their extent, for their names."""


def draw_frontier(frontier: Frontier, path: Path) -> list[Path]:
    """Draw all panels into one chart.

    Args:
        frontier: with one point or more.
        path: whose ending is replaced.

    Returns:
        The PNG and the SVG file; equal points give equal files.
    """
    import matplotlib as mpl
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    titles = {MEAN: "mean of the three", **FIGURES}
    with mpl.rc_context(_STYLE):
        figure = Figure(figsize=(9.6, 7.4), layout="constrained")
        FigureCanvasAgg(figure)
        panels = figure.subplots(2, 2).flat
        for axes, (name, title) in zip(panels, titles.items(), strict=True):
            _panel(axes, frontier, name, title)
        handles = _legend_handles(frontier.points)
        figure.legend(handles=handles, loc="outside lower center", ncols=len(handles))
        png, svg = path.with_suffix(".png"), path.with_suffix(".svg")
        figure.savefig(png, dpi=150, metadata={"Software": None})
        figure.savefig(svg, metadata={"Date": None, "Creator": None})
    return [png, svg]


def _panel(axes: Axes, frontier: Frontier, name: str, title: str) -> None:
    from matplotlib.ticker import NullFormatter, ScalarFormatter

    front, knee = frontier.front(name), frontier.knee(name)
    axes.plot(
        [p.articles_per_second for p in front],
        [100 * p.figure(name).value for p in front],
        color=_FRONT,
        linewidth=1.3,
        zorder=2,
    )
    for point in frontier.points:
        _dot(axes, point, name, on_front=point in front, at_knee=point is knee)
    axes.set_xscale("log")
    axes.xaxis.set_major_formatter(ScalarFormatter())
    axes.xaxis.set_minor_formatter(NullFormatter())
    low, high = _limits([p.articles_per_second for p in frontier.points])
    axes.set_xlim(low, high)
    axes.set_xticks(_ticks(low, high))
    bottom, top = axes.get_ylim()
    axes.set_ylim(bottom, top + _ROOM * (top - bottom))
    axes.set(title=title, xlabel="articles of 500 words a second, one process", ylabel="%")


def _dot(axes: Axes, point: Point, name: str, *, on_front: bool, at_knee: bool) -> None:
    at = point.articles_per_second, 100 * point.figure(name).value
    colour = _KNEE if at_knee else _FRONT if on_front else _BEHIND
    found = point.figure(name)
    if found.high > found.low:
        axes.vlines(at[0], 100 * found.low, 100 * found.high, color=colour, alpha=0.3, linewidth=3)
    axes.plot(
        *at,
        _MARKS.get(point.precision, "D"),
        color=colour,
        markerfacecolor=colour if on_front else "white",
        markersize=9 if at_knee else 6,
        zorder=3,
    )
    axes.annotate(
        _short(point),
        at,
        xytext=(4, 6),
        textcoords="offset points",
        rotation=24,
        rotation_mode="anchor",
        fontsize=7,
        color=colour,
    )


def _short(point: Point) -> str:
    """A name without precision and digest, with what sets bundles apart."""
    stem = point.name.partition(f"-{point.precision}-")[0]
    times = f"{point.members} × " if point.members > 1 else ""
    return f"{stem}, {times}{point.layers} layers"


def _limits(values: Sequence[float]) -> tuple[float, float]:
    """Ends of a logarithmic axis with room for names at its right."""
    extent = max(max(values) / min(values), 1.5)
    return min(values) / extent**_ROOM, max(values) * extent ** (2 * _ROOM)


def _ticks(low: float, high: float) -> list[float]:
    """Round numbers in between."""
    rounds = [n * 10.0**power for power in range(-3, 5) for n in (1, 1.5, 2, 3, 4, 5, 6, 8)]
    inside = [one for one in rounds if low <= one <= high]
    return inside if len(inside) <= 10 else [one for one in inside if one in _coarse(inside)]


def _coarse(values: Sequence[float]) -> list[float]:
    return [one for one in values if f"{one:.0e}"[0] in "125" and f"{one:.1e}"[2] == "0"]


def _legend_handles(points: Sequence[Point]) -> list[Any]:
    from matplotlib.lines import Line2D

    def dot(mark: str, colour: str, fill: str, label: str, size: int = 6) -> Line2D:
        return Line2D(
            [], [], linestyle="none", marker=mark, color=colour,
            markerfacecolor=fill, markersize=size, label=label,
        )  # fmt: skip

    kinds = sorted({p.precision for p in points}, reverse=True)
    return [
        dot("o", _KNEE, _KNEE, "knee", 9),
        dot("o", _FRONT, _FRONT, "on the front"),
        dot("o", _BEHIND, "white", "behind it"),
        *(dot(_MARKS.get(kind, "D"), _BEHIND, _BEHIND, kind) for kind in kinds),
        Line2D([], [], color=_BEHIND, alpha=0.3, linewidth=3, label="95 % interval"),
    ]

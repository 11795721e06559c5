"""Plots of a comparison of corpora: the mixes, the course over months, the outlets."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from eval.drift import Drift
from eval.driftfindings import DUE, SAME, Finding
from eval.driftprofile import MONTH, OUTLET, Group
from eval.style import BLUE, GREY, LIGHT, RED, STYLE

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["draw_drift"]

_STYLE: Any = {**STYLE, "svg.hashsalt": "drift", "font.family": "DejaVu Sans"}
_ROWS = 25
"""Most outlets of a plot, those that differ the most."""

_SHOWN = ("stance_mix", "confidence_mix", "kind_mix", "form_mix")
_COURSE = (("confidence",), ("per_1000_words", "per_article"), ("unknown_words", "nested"))
"""Measures of the plot over months; of each group the first that was compared."""

_RARE = {"denial": RED, "hedge": "#c9962b", "speculation": "#7d5ba6"}
_MAP = ("stance_mix", "confidence_mix", "low_confidence", "nested", "without_source", "kind_mix")


def draw_drift(drift: Drift, folder: Path) -> list[Path]:
    """Draw `mixes`, and `months` and `outlets` where these were compared.

    Returns:
        The PNG and SVG files; equal comparisons give equal files.
    """
    import matplotlib as mpl
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    plots: dict[str, tuple[tuple[float, float], Callable[[Any, Drift], None]]] = {
        "mixes": ((9.0, 6.0), _mixes)
    }
    if drift.of(MONTH):
        plots["months"] = ((9.0, 5.4), _months)
    if outlets := drift.of(OUTLET):
        rows = min(_ROWS, len({one.group for one in outlets}))
        plots["outlets"] = ((7.6, 1.9 + 0.24 * rows), _outlets)
    out = []
    for name, (size, draw) in plots.items():
        with mpl.rc_context(_STYLE):
            figure = Figure(figsize=size, layout="constrained")
            FigureCanvasAgg(figure)
            draw(figure, drift)
            for ending, metadata in ((".png", {"Software": None}), (".svg", {"Date": None})):
                path = folder / f"{name}{ending}"
                figure.savefig(path, dpi=150, metadata=metadata)
                out.append(path)
    return out


def _mixes(figure: Any, drift: Drift) -> None:
    """Each mix of the whole as pairs of bars."""
    for axes, name in zip(figure.subplots(2, 2).flat, _SHOWN, strict=True):
        found = drift.at(name)
        if found is None:
            axes.set_visible(False)
            continue
        used = [
            n for n, pair in enumerate(zip(found.before, found.after, strict=True)) if any(pair)
        ]
        cells, places = [found.measure.cells[n] for n in used], range(len(used))
        for side, values, colour in ((-0.2, found.before, LIGHT), (0.2, found.after, BLUE)):
            axes.bar(
                [place + side for place in places],
                [100 * values[n] for n in used],
                0.38,
                color=colour,
                edgecolor=GREY if colour == LIGHT else colour,
                linewidth=0.5,
                label="reference" if colour == LIGHT else "corpus",
                yerr=[100 * found.reach[n] for n in used] if colour == BLUE else None,
                error_kw={"elinewidth": 0.8, "ecolor": GREY},
            )
        axes.set_xticks(list(places), cells, rotation=35, ha="right", fontsize=7.5)
        axes.set_title(f"{found.measure.title}: PSI {found.shift.effect:.2f}")
        axes.set_ylabel("% of statements")
        axes.grid(visible=False, axis="x")
        axes.set_ylim(bottom=0)
    figure.axes[0].legend(loc="upper right")


def _months(figure: Any, drift: Drift) -> None:
    """Values of the corpus month by month, with the reference's as a line."""
    months = sorted({one.group.name for one in drift.of(MONTH)})
    panels = list(figure.subplots(2, 2).flat)
    _stances(panels[0], drift, months)
    for axes, names in zip(panels[1:], _COURSE, strict=True):
        name = next((one for one in names if drift.at(one, Group(MONTH, months[0]))), names[-1])
        found = [(n, drift.at(name, Group(MONTH, month))) for n, month in enumerate(months)]
        _course(axes, [(n, one) for n, one in found if one is not None])
    step = max(1, len(months) // 12)
    for axes in panels:
        axes.set_xticks(range(0, len(months), step), months[::step], rotation=35, ha="right")
        axes.tick_params(axis="x", labelsize=7.5)
        axes.set_xlim(-0.5, len(months) - 0.5)
    panels[1].legend(loc="best", fontsize=7)


def _stances(axes: Axes, drift: Drift, months: Sequence[str]) -> None:
    """Shares of the stances but for assertion, which is the rest."""
    found = [drift.at("stance_mix", Group(MONTH, month)) for month in months]
    top = 0.0
    for name, colour in _RARE.items():
        at = [(n, one, one.measure.cells.index(name)) for n, one in enumerate(found) if one]
        axes.plot(
            [n for n, _, _ in at],
            [100 * one.after[cell] for _, one, cell in at],
            "o-",
            color=colour,
            markersize=4,
            linewidth=1.2,
            label=name,
        )
        if at:
            before = 100 * at[0][1].before[at[0][2]]
            axes.axhline(before, color=colour, linewidth=1, linestyle=(0, (4, 3)))
            top = max([top, before, *(100 * one.after[cell] for _, one, cell in at)])
    axes.set_ylim(0, top * 1.35 or 1.0)
    axes.set_title("stances, % (dashed: reference)")
    axes.legend(loc="upper left", fontsize=7, ncols=3)


def _course(axes: Axes, found: Sequence[tuple[int, Finding]]) -> None:
    measure = found[0][1].measure
    scale = measure.scale
    axes.axhline(
        scale * found[0][1].before[0], color=GREY, linewidth=1, linestyle=(0, (4, 3)),
        label="reference",
    )  # fmt: skip
    for level, colour in ((SAME, BLUE), (DUE, RED)):
        mine = [(n, one) for n, one in found if (one.level == DUE) == (level == DUE)]
        if mine:
            axes.errorbar(
                [n for n, _ in mine],
                [scale * one.after[0] for _, one in mine],
                yerr=[scale * one.reach[0] for _, one in mine],
                fmt="o",
                color=colour,
                markersize=4,
                elinewidth=1,
                capsize=2,
                label="due" if level == DUE else "corpus, with 95 % interval",
            )
    axes.set_title(measure.title)


def _outlets(figure: Any, drift: Drift) -> None:
    """Stability index of each outlet and measure, and its change in confidence."""
    found = [one for one in drift.of(OUTLET) if one.measure.name in _MAP]
    names = {one.group.name for one in found}
    worst = {
        name: max(one.shift.effect for one in found if one.group.name == name) for name in names
    }
    kept = sorted(sorted(names), key=lambda name: -worst[name])[:_ROWS]
    measures = [one for one in _MAP if any(f.measure.name == one for f in found)]
    grid = [[_effect(drift, measure, name) for measure in measures] for name in kept]
    axes = figure.add_subplot()
    from matplotlib.colors import LinearSegmentedColormap

    colours = LinearSegmentedColormap.from_list("drift", ["#ffffff", LIGHT, RED])
    image = axes.imshow(grid, cmap=colours, vmin=0, vmax=0.5, aspect="auto")
    for row, name in enumerate(kept):
        for column, measure in enumerate(measures):
            one = drift.at(measure, Group(OUTLET, name))
            if one is not None:
                bold = "bold" if one.level != SAME else "normal"
                axes.text(
                    column, row, f"{one.shift.effect:.2f}", ha="center", va="center",
                    fontsize=7, fontweight=bold, color="black" if bold == "bold" else GREY,
                )  # fmt: skip
    titles = {one.measure.name: one.measure.title for one in found}
    axes.set_xticks(
        range(len(measures)), [titles[m].removesuffix(", %") for m in measures],
        rotation=20, ha="right", fontsize=7.5,
    )  # fmt: skip
    axes.set_yticks(range(len(kept)), kept, fontsize=7.5)
    axes.grid(visible=False)
    more = f", the {len(kept)} that differ the most" if len(names) > len(kept) else ""
    axes.set_title(f"Population stability index by outlet{more} (bold: sure and large)")
    figure.colorbar(image, ax=axes, shrink=0.8, extend="max", ticks=[0, 0.1, 0.25, 0.5])


def _effect(drift: Drift, measure: str, outlet: str) -> float:
    one = drift.at(measure, Group(OUTLET, outlet))
    return 0.0 if one is None else one.shift.effect

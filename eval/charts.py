"""Charts of an evaluation: reliability, risk over coverage, F1 by label, extraction."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from data.records import LABELS
from eval.anchors import EXTRACTION_ANCHORS
from eval.report import BASELINES
from eval.style import BLUE, GREY, LIGHT, RED, STYLE
from sayso.tags import ROLES

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["draw_charts"]

_FEW = 10
_MARKS = ("D", "s", "^", "v")


def draw_charts(results: Mapping[str, Any], folder: Path) -> list[Path]:
    """Draw what the results have figures for.

    Args:
        results: of `eval.suites.run_suites`.
        folder: made if it is not there.

    Returns:
        The PNG files written: `reliability`, `risk-coverage`, `stance-labels` and `extraction`.
        They show the same pixels for the same results.
    """
    import matplotlib as mpl
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    out = []
    folder.mkdir(parents=True, exist_ok=True)
    for name, (suite, size, draw) in _CHARTS.items():
        if suite not in results:
            continue
        with mpl.rc_context(STYLE):
            figure = Figure(figsize=size, layout="constrained")
            FigureCanvasAgg(figure)
            draw(figure.add_subplot(), results)
            figure.supxlabel(
                f"{results['model']}, {results['split']}; bars and bands: 95 % intervals over "
                "documents",
                fontsize=6.5,
                color=GREY,
            )
            path = folder / f"{name}.png"
            figure.savefig(path, dpi=160, metadata={"Software": None})
        out.append(path)
    return out


def _reliability(axes: Axes, results: Mapping[str, Any]) -> None:
    found = results["calibration"]
    bins = found["reliability"]
    most = max(one["count"] for one in bins)
    for one in bins:
        width = one["high"] - one["low"]
        axes.bar(
            one["low"] + width / 2, 0.25 * one["count"] / most, width * 0.92, color=LIGHT, zorder=1
        )
        axes.text(
            one["low"] + width / 2,
            0.25 * one["count"] / most + 0.012,
            str(one["count"]),
            ha="center",
            fontsize=6.5,
            color=GREY,
        )
    axes.plot([0, 1], [0, 1], color=GREY, linewidth=1, linestyle=(0, (4, 3)), label="calibrated")
    many = [one for one in bins if one["count"] >= _FEW]
    _bars(axes, [one["confidence"] for one in many], [one["accuracy"] for one in many])
    if few := [one for one in bins if one["count"] < _FEW]:
        axes.plot(
            [one["confidence"] for one in few],
            [one["accuracy"]["value"] for one in few],
            "o",
            color=BLUE,
            markerfacecolor="white",
            markersize=4.5,
            label=f"of fewer than {_FEW} items",
        )
    axes.set(
        xlim=(0, 1.005),
        ylim=(0, 1.02),
        xlabel="highest probability",
        ylabel="share right (columns: items)",
        title=f"Reliability of stance: ECE {found['ece']['value']:.3f}, "
        f"Brier {found['brier']['value']:.3f}",
    )
    axes.legend(loc="upper left")


def _risk_coverage(axes: Axes, results: Mapping[str, Any]) -> None:
    parts = (("four", "the four stances", BLUE), ("five", "all, none included", RED))
    top = 0.0
    for part, name, colour in parts:
        found = results["selective"][part]
        curve = {key: [100 * value for value in row] for key, row in found["curve"].items()}
        axes.fill_between(
            curve["coverage"], curve["low"], curve["high"], color=colour, alpha=0.13, linewidth=0
        )
        axes.plot(
            curve["coverage"],
            curve["risk"],
            color=colour,
            linewidth=1.8,
            label=f"{name}: AURC {found['aurc']['value']:.3f}",
        )
        top = max(top, *curve["high"])
    axes.set(
        xlim=(10, 100.5),
        ylim=(0, top * 1.05 or 1.0),
        xlabel="coverage: share of statements kept, surest first, %",
        ylabel="risk: share of wrong labels, %",
        title="Selective prediction of stance",
    )
    axes.legend(loc="upper left")


def _stance_labels(axes: Axes, results: Mapping[str, Any]) -> None:
    found = results["stance"]
    labels = [(name, found["labels"][name]) for name in LABELS]
    rows = [
        ("four labels, macro", found["macro_f1_four"]),
        ("five labels, macro", found["macro_f1_five"]),
        *((f"{name} ({row['support']})", row["f1"]) for name, row in labels),
    ]
    places = list(range(len(rows)))[::-1]
    for place, (_, figure), colour in zip(places, rows, [RED] * 2 + [BLUE] * 5, strict=True):
        _span(axes, place, figure, colour)
    marks = zip(_MARKS, _baselines(results), strict=False)
    for mark, (name, figures) in marks:
        axes.plot(
            [100 * value for value in figures],
            places,
            mark,
            markersize=4,
            markerfacecolor="white",
            markeredgecolor=GREY,
            label=name,
        )
    axes.axhline(places[1] - 0.5, color=GREY, linewidth=0.7)
    axes.set_yticks(places, [name for name, _ in rows])
    axes.set(xlim=(0, 104), ylim=(-0.6, len(rows) - 0.4), xlabel="F1, %")
    axes.set_title("Stance on gold spans (items)")
    axes.grid(visible=False, axis="y")
    if "baselines" in results:
        _legend_below(axes)


def _baselines(results: Mapping[str, Any]) -> list[tuple[str, list[float]]]:
    """Each baseline's name and its figures in the rows' order."""
    names = ["macro_f1_four", "macro_f1_five"]
    names += [f"{label}_f1" for label in LABELS]
    return [
        (title, [row[key]["value"] for key in names])
        for name, title in BASELINES.items()
        if (row := results.get("baselines", {}).get(name))
    ]


def _extraction(axes: Axes, results: Mapping[str, Any]) -> None:
    found = results["extraction"]
    rows = [(role, f"{role}_f1") for role in ROLES]
    rows += [(f"{role}, ≥ 0.8 overlap", f"{role}_overlap_f1") for role in ROLES]
    rows += [("statement, exact", "tuple_f1"), ("statement, overlap", "tuple_overlap_f1")]
    places = list(range(len(rows)))[::-1]
    for place, (_, name) in zip(places, rows, strict=True):
        _span(axes, place, found[name], BLUE)
    for mark, anchor in zip(_MARKS, EXTRACTION_ANCHORS, strict=True):
        at = [
            (anchor.figures[n], p)
            for p, (_, n) in zip(places, rows, strict=True)
            if n in anchor.figures
        ]
        axes.plot(
            [x for x, _ in at],
            [y for _, y in at],
            mark,
            markersize=5,
            markerfacecolor="white",
            markeredgecolor=GREY,
            linestyle="none",
            label=f"{anchor.system} ({anchor.data})",
        )
    axes.set_yticks(places, [name for name, _ in rows])
    axes.set(xlim=(20, 100), ylim=(-0.6, len(rows) - 0.4), xlabel="F1, %")
    axes.set_title(f"Extraction on PolNeAR {results['split']}")
    axes.grid(visible=False, axis="y")
    _legend_below(axes)


def _legend_below(axes: Axes) -> None:
    axes.legend(loc="upper center", bbox_to_anchor=(0.45, -0.13), ncols=2)


def _span(axes: Axes, place: float, figure: Mapping[str, float], colour: str) -> None:
    """A figure on its interval, with the value beside."""
    low, value, high = (100 * figure[key] for key in ("low", "value", "high"))
    axes.plot(
        [low, high],
        [place, place],
        color=colour,
        linewidth=5,
        alpha=0.28,
        zorder=2,
        solid_capstyle="butt",
    )
    axes.plot([value], [place], "o", color=colour, markersize=5.5, zorder=3)
    axes.annotate(
        f"{value:.1f}",
        (value, place),
        xytext=(0, 6),
        textcoords="offset points",
        ha="center",
        fontsize=7,
        color=colour,
    )


def _bars(axes: Axes, at: Sequence[float], figures: Sequence[Mapping[str, float]]) -> None:
    """Points with their intervals upright."""
    reach = [
        [max(0.0, one["value"] - one["low"]) for one in figures],
        [max(0.0, one["high"] - one["value"]) for one in figures],
    ]
    axes.errorbar(
        at,
        [one["value"] for one in figures],
        yerr=reach,
        fmt="o-",
        color=BLUE,
        markersize=4.5,
        linewidth=1.4,
        elinewidth=1,
        capsize=2,
        label="accuracy",
        zorder=3,
    )


_CHARTS: Mapping[str, tuple[str, tuple[float, float], Callable[[Axes, Mapping[str, Any]], None]]]
_CHARTS = {
    "reliability": ("calibration", (4.8, 4.6), _reliability),
    "risk-coverage": ("selective", (5.6, 3.8), _risk_coverage),
    "stance-labels": ("stance", (6.2, 4.2), _stance_labels),
    "extraction": ("extraction", (6.6, 4.6), _extraction),
}

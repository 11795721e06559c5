"""How charts look: colours and settings of matplotlib."""

from __future__ import annotations

from typing import Any

__all__ = ["BLUE", "GREY", "LIGHT", "RED", "STYLE"]

BLUE, RED, GREY, LIGHT = "#2b5d8a", "#c0504d", "#777777", "#d9e2ec"

STYLE: Any = {
    "font.size": 9,
    "axes.titlesize": 10,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": GREY,
    "axes.grid": True,
    "axes.axisbelow": True,
    "grid.color": "#e6e6e6",
    "grid.linewidth": 0.7,
    "legend.frameon": False,
    "legend.fontsize": 8,
}
"""For `matplotlib.rc_context`."""

"""What a bundle has to reach, figure by figure: pinned, raised, and lowered only with a reason."""

from __future__ import annotations

import datetime
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from eval.compare import CEILINGS, Measured
from eval.figures import Figure
from sayso.errors import InputError

__all__ = ["COSTS", "FLOORS", "MEAN", "SPEED", "Floors", "Lowering", "above", "load_floors"]

FLOORS = Path(__file__).parent / "floors.json"
"""The floors of the bundle that ships."""

SPEED = "speed.relative"
"""The floor of tokens a second, as a share of the champion's."""

MEAN = "headlines.mean_gain"
"""The floor of the mean gain over the headline figures; 0 unless something is given for speed."""

COSTS = {SPEED: 0.0, MEAN: 0.0}
"""Floors that are of no figure of a suite, with what holds where none is pinned."""

MARGIN = 0.01
"""Least distance of a pinned floor from the figure it is pinned on."""

_PARTS: Mapping[str, tuple[str, ...]] = {
    "extraction": ("polnear",),
    "stance": ("polnear", "stance"),
    "wire": ("wire",),
    "gold": ("gold",),
}
"""The parts of the data that the figures of each suite are of."""


@dataclass(frozen=True, slots=True)
class Lowering:
    """A floor that is to be lowered.

    Attributes:
        name: of the floor.
        value: the new one.
        reason: why, in words that stay in the file.
    """

    name: str
    value: float
    reason: str

    @classmethod
    def parse(cls, text: str, reason: str | None) -> Lowering:
        """Read `NAME=VALUE`.

        Raises:
            InputError: it is not of that form, or no reason is given.
        """
        name, _, number = text.partition("=")
        try:
            value = float(number)
        except ValueError as error:
            raise InputError(f"expected NAME=VALUE of a floor, found {text!r}") from error
        if not (reason or "").strip():
            raise InputError(f"expected a reason to lower {name} (--because), found none")
        return cls(name, value, str(reason).strip())


@dataclass(frozen=True, slots=True)
class Floors:
    """Pinned floors, and the data that they were pinned on.

    Attributes:
        data: SHA-256 over every row of each part; floors hold for this data alone.
        floors: by name of the figure, in [0, 1]. Where less is better (`stance.ece`) the figure
            has to stay under it: it is a ceiling.
        history: every change but for the first pinning: `date`, `figure`, `old`, `new`, `reason`,
            `model`.
    """

    data: Mapping[str, str]
    floors: Mapping[str, float]
    history: tuple[Mapping[str, Any], ...] = ()

    def save(self, path: Path = FLOORS) -> None:
        """Write the file whole or not at all."""
        content = {
            "data": dict(sorted(self.data.items())),
            "floors": dict(sorted(self.floors.items())),
            "history": [dict(entry) for entry in self.history],
        }
        fresh = path.with_name(f".{path.name}.tmp")
        fresh.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
        os.replace(fresh, path)

    def lowered(self, change: Lowering, *, model: str) -> Floors:
        """With one floor let down (a ceiling: up), and the trace of it.

        Args:
            change: which, to what, and why.
            model: id of the bundle it is done for.

        Raises:
            InputError: there is no such floor, or the value would not lower it.
        """
        old = self.floors.get(change.name, COSTS.get(change.name))
        if old is None:
            known = ", ".join(sorted(self.floors)) or "none is pinned"
            raise InputError(f"expected a floor of {known}, found {change.name!r}")
        if not above(change.name, old, change.value) or old == change.value:
            way = "over" if change.name in CEILINGS else "under"
            raise InputError(f"expected {change.name} {way} {old:.4f}, found {change.value:.4f}")
        return self._with(change.name, change.value, change.reason, model)

    def pinned(
        self, measured: Measured, data: Mapping[str, str], *, reason: str | None = None
    ) -> Floors:
        """Raised to a bundle's figures, less a margin.

        The margin is half the way to the lower bound of the figure's 95 % interval, and at least
        one point: figures of few items vary more from one training to the next. On the same data
        a floor is only ever raised. On other data the old floors say nothing; they are set anew,
        and where that lowers one a reason has to be given.

        Args:
            measured: of `eval.compare.measure`, on `data`.
            data: its digests.
            reason: why a floor may fall, on other data.

        Raises:
            InputError: a floor would fall on other data, and no reason is given.
        """
        out = replace(self, data=dict(data))
        for name, figure in measured.figures().items():
            new, old = _under(name, figure), self.floors.get(name)
            if old is None:
                out = replace(out, floors={**out.floors, name: new})
                continue
            if above(name, old, new):
                if new == old or not self._moved(name, data):
                    continue
                if not reason:
                    raise InputError(
                        f"expected a reason (--because): on this data, which is not what floors "
                        f"were pinned on, {name} falls from {old:.4f} to {new:.4f}, found none"
                    )
            out = out._with(name, new, reason or "raised", measured.model)
        return out

    def _moved(self, name: str, data: Mapping[str, str]) -> bool:
        """Whether the rows a figure is of are other ones than its floor was pinned on."""
        parts = _PARTS[name.partition(".")[0]]
        names = {key for key in (*self.data, *data) if key.partition(".")[0] in parts}
        return any(self.data.get(key) != data.get(key) for key in names)

    def _with(self, name: str, new: float, reason: str, model: str) -> Floors:
        entry = {
            "date": datetime.date.today().isoformat(),
            "figure": name,
            "old": self.floors.get(name),
            "new": new,
            "reason": reason,
            "model": model,
        }
        return Floors(self.data, {**self.floors, name: new}, (*self.history, entry))


def above(name: str, value: float, floor: float) -> bool:
    """Whether a figure keeps to a floor: at it or over it, under it where less is better."""
    return value <= floor if name in CEILINGS else value >= floor


def _under(name: str, figure: Figure) -> float:
    """The floor that a figure gives: half the way to its interval's bound, a point or more."""
    if name in CEILINGS:
        return round(figure.value + max(MARGIN, (figure.high - figure.value) / 2), 4)
    return round(figure.value - max(MARGIN, (figure.value - figure.low) / 2), 4)


def load_floors(path: Path = FLOORS) -> Floors:
    """Read the floors.

    Raises:
        InputError: the file is missing or is not of its form.
    """
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
        floors = {str(name): float(value) for name, value in raw["floors"].items()}
        return Floors(dict(raw["data"]), floors, tuple(raw["history"]))
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise InputError(
            f"expected floors with data, floors and history, found {error!r}", file=str(path)
        ) from error

"""The frontier of accuracy against speed over bundles, and its knee."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from eval.report import table
from sayso.errors import InputError

__all__ = ["FIGURES", "MEAN", "Figure", "Frontier", "Point", "gather", "read_frontiers"]

FIGURES = {
    "content_f1": "content, exact F1",
    "tuple_f1": "whole statement, exact F1",
    "stance_macro_f1": "stance on gold spans, macro-F1",
}
"""The figures that speed is held against, and what they are called."""

MEAN = "mean"
"""The mean of `FIGURES`, whose knee decides."""

ARTICLES, ROUNDS = 6, 4
"""Generated articles of a round, and rounds, by turns with the first bundle."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A share in [0, 1] with its 95 % interval, which is the value itself where unknown."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Point:
    """One bundle.

    Attributes:
        name: unique among the points.
        layers: of each of its networks.
        members: networks that it averages.
        precision: int8 or float32.
        articles_per_second: of `eval.bench.WORDS` words, scored in one process.
        tokens_per_second: the same in tokens of the first bundle that was measured with it.
        figures: by the names of `FIGURES`.
        machine: speeds of one machine only can be compared.
    """

    name: str
    layers: int
    members: int
    precision: str
    articles_per_second: float
    tokens_per_second: float
    figures: Mapping[str, Figure]
    machine: str = ""

    def figure(self, name: str) -> Figure:
        """One of `FIGURES`, or their mean, whose interval is the mean of the ends."""
        if name != MEAN:
            return self.figures[name]
        all_of_them = [self.figures[one] for one in FIGURES]
        return Figure(
            *(
                sum(getattr(one, end) for one in all_of_them) / len(all_of_them)
                for end in ("value", "low", "high")
            )
        )


@dataclass(frozen=True, slots=True)
class Frontier:
    """Points, whose names differ."""

    points: tuple[Point, ...]

    def front(self, name: str) -> tuple[Point, ...]:
        """Points that no other one beats in speed and in a figure, the fastest first."""
        out: list[Point] = []
        ordered = sorted(
            self.points, key=lambda p: (-p.articles_per_second, -p.figure(name).value, p.name)
        )
        for point in ordered:
            if not out or point.figure(name).value > out[-1].figure(name).value:
                out.append(point)
        return tuple(out)

    def knee(self, name: str) -> Point:
        """The front's point that lies farthest over the chord between the front's two ends.

        Speed is taken by its logarithm, since ratios of speed are what is paid for, and both axes
        are scaled to the front's extent (as in Satopää et al. 2011, Kneedle). Where no point lies
        over the chord, and among equals, the most accurate one is taken.
        """
        front = self.front(name)
        fast, sure = front[0], front[-1]
        width = math.log(fast.articles_per_second / sure.articles_per_second)
        height = sure.figure(name).value - fast.figure(name).value
        if not width or not height:
            return sure

        def over(point: Point) -> float:
            across = math.log(point.articles_per_second / sure.articles_per_second) / width
            up = (point.figure(name).value - fast.figure(name).value) / height
            return round((across + up - 1) / math.sqrt(2), 9)

        return max(front, key=lambda p: (over(p), p.figure(name).value))

    def joined(self, other: Frontier) -> Frontier:
        """Both; of points of one name the other's."""
        by_name = {point.name: point for point in (*self.points, *other.points)}
        return Frontier(tuple(by_name.values()))

    def to_dict(self) -> dict[str, Any]:
        """As a JSON object, with the names on each front and at its knee."""
        names = (*FIGURES, MEAN)
        return {
            "points": [asdict(point) for point in self.points],
            "fronts": {name: [p.name for p in self.front(name)] for name in names},
            "knees": {name: self.knee(name).name for name in names},
        }

    def to_json(self) -> str:
        """As a JSON object, written out."""
        return json.dumps(self.to_dict(), indent=1)

    def to_text(self) -> str:
        """As a Markdown table, the fastest first, and what the knee is."""
        front, knee = self.front(MEAN), self.knee(MEAN)
        head = ("bundle", "layers", "networks", "precision", "articles/s", "tokens/s")
        rows = []
        for point in sorted(self.points, key=lambda p: (-p.articles_per_second, p.name)):
            place = "knee" if point is knee else "front" if point in front else ""
            figures = [f"{100 * point.figure(name).value:.1f}" for name in (*FIGURES, MEAN)]
            speed = (f"{point.articles_per_second:.2f}", f"{point.tokens_per_second:,.0f}")
            made = (point.name, point.layers, point.members, point.precision)
            rows.append((*made, *speed, *figures, place))
        lines = table((*head, *FIGURES.values(), MEAN, ""), rows)
        machines = sorted({point.machine for point in self.points})
        lines += ["", f"Measured on {'; '.join(one or 'an unnamed machine' for one in machines)}."]
        if len(machines) > 1:
            lines.append("Speeds of several machines are mixed and cannot be compared.")
        lines.append("The knee is the front's point farthest over the chord between its ends.")
        return "\n".join(lines) + "\n"


def read_frontiers(paths: Sequence[Path]) -> Frontier:
    """Points of files, each `{"points": [...]}`; a figure is a number or value, low and high.

    Raises:
        InputError: a file cannot be read, or a point is not complete.
    """
    found = Frontier(())
    for path in paths:
        try:
            raw = json.loads(path.read_text(encoding="utf-8"))
            found = found.joined(Frontier(tuple(_point(one) for one in raw["points"])))
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise InputError(
                f"expected points of a frontier, found {error!r}", file=str(path)
            ) from error
    return found


def gather(
    bundles: Sequence[Path], data: Path, *, split: str = "dev", threads: int | None = None
) -> Frontier:
    """Measure bundles: figures on labelled data, speed by turns with the first one.

    A bundle's speed is its ratio to the first one, measured beside it, times the first one's
    best, so that a slow spell of the machine hits both.

    Args:
        bundles: folders; one or more.
        data: folder of the labelled data.
        split: part of it.
        threads: of one process; None for the scorer's choice.

    Raises:
        BundleError: a bundle is not whole.
        InputError: the data is missing or malformed.
    """
    from eval.bench import WORDS, articles_of
    from eval.machine import describe_machine
    from eval.speed import relative_speed
    from sayso.scorer import Scorer

    machine = describe_machine().to_text()
    scorers = [Scorer.load(folder, threads=threads) for folder in bundles]
    made = {"articles": ARTICLES, "words": WORDS, "rounds": ROUNDS}
    speeds = [relative_speed(scorer, scorers[0], **made) for scorer in scorers]
    reference = max(speed.champion for speed in speeds)
    texts = [row["text"] for row in articles_of(ARTICLES, words=WORDS)]
    tokens = sum(scorers[0].count_tokens(text) for text in texts) / ARTICLES
    points = []
    for folder, scorer, speed in zip(bundles, scorers, speeds, strict=True):
        rate = speed.relative * reference
        layers, members = _depth(folder)
        points.append(
            Point(
                name=scorer.model_id,
                layers=layers,
                members=members,
                precision="float32" if "float32" in scorer.model_id else "int8",
                articles_per_second=rate / tokens,
                tokens_per_second=rate,
                figures=_figures(folder, data, split, threads),
                machine=machine,
            )
        )
    return Frontier(()).joined(Frontier(tuple(points)))


def _figures(folder: Path, data: Path, split: str, threads: int | None) -> dict[str, Figure]:
    from eval.evaluation import evaluate

    suites = ["extraction", "stance"]
    results = evaluate(folder, data, split=split, suites=suites, threads=threads).results
    found = {
        "content_f1": results["extraction"]["content_f1"],
        "tuple_f1": results["extraction"]["tuple_f1"],
        "stance_macro_f1": results["stance"]["macro_f1_four"],
    }
    return {name: _figure(one) for name, one in found.items()}


def _depth(folder: Path) -> tuple[int, int]:
    """Layers of each network of a bundle, and how many networks there are."""
    from eval.operations import count_operations
    from sayso.bundle import MODEL, load_bundle

    members = load_bundle(folder).config.members
    return count_operations(folder / MODEL).layers // members, members


def _point(raw: Mapping[str, Any]) -> Point:
    figures = {name: _figure(raw["figures"][name]) for name in FIGURES}
    point = Point(**{"members": 1, **raw, "figures": figures})
    if not point.articles_per_second > 0:
        raise ValueError(f"{point.name}: articles_per_second {point.articles_per_second}")
    return point


def _figure(raw: Mapping[str, float] | float) -> Figure:
    if isinstance(raw, Mapping):
        return Figure(float(raw["value"]), float(raw["low"]), float(raw["high"]))
    return Figure(float(raw), float(raw), float(raw))

"""Time and cost of scoring many articles on many machines, from what one core does."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from eval.report import table
from sayso.errors import InputError, UsageError

__all__ = ["NODES", "Assumptions", "Plan", "PlanRow", "plan", "read_rate"]

NODES = (1, 10, 50, 100, 200)
"""Numbers of machines in the table."""


@dataclass(frozen=True, slots=True)
class Assumptions:
    """What a plan takes for granted beside the speed of a core.

    Bytes and rows are those of articles of 500 words, as PolNeAR has them marked.

    Attributes:
        efficiency: of a core when all of its node's are at work, over one at work alone: they
            share memory and clock.
        stragglers: time to the last shard, over the time if all ended at once.
        lost: share of work done again, after spot machines are taken away in the middle of a shard.
        start_seconds: of a node, until its first row: boot, image, bundle.
        article_bytes: of one article as JSON, before compression.
        packed: bytes after compression, over before.
        rows: statements of one article.
        row_bytes: of one row in Parquet.
        store_price: of a TB and month in an object store.
    """

    efficiency: float = 0.85
    stragglers: float = 1.10
    lost: float = 0.03
    start_seconds: float = 180.0
    article_bytes: float = 3200.0
    packed: float = 0.40
    rows: float = 17.0
    row_bytes: float = 115.0
    store_price: float = 23.0


@dataclass(frozen=True, slots=True)
class PlanRow:
    """A number of machines: hours to the end, cost, and what they read and write, MB/s in all."""

    nodes: int
    hours: float
    cost: float
    read_mb_per_second: float
    write_mb_per_second: float


@dataclass(frozen=True, slots=True)
class Plan:
    """What many articles take.

    Attributes:
        articles: to score.
        cores_per_node: of a machine.
        price: of a machine and hour, in any currency.
        articles_per_second: of one core alone.
        assumptions: that went into it.
        core_hours: of work, if nothing is lost.
        input_tb, output_tb: compressed, in 10**12 bytes.
        store_cost: of both for a month.
        table: by number of machines.
    """

    articles: int
    cores_per_node: int
    price: float
    articles_per_second: float
    assumptions: Assumptions
    core_hours: float
    input_tb: float
    output_tb: float
    store_cost: float
    table: tuple[PlanRow, ...]

    def to_dict(self) -> dict[str, Any]:
        """As a JSON object."""
        return asdict(self)

    def to_json(self) -> str:
        """As a JSON object, written out."""
        return json.dumps(self.to_dict(), indent=1)

    def to_text(self) -> str:
        """As Markdown."""
        rows = [
            (
                row.nodes,
                f"{row.hours:,.1f}",
                f"{row.cost:,.0f}",
                f"{row.read_mb_per_second:,.1f}",
                f"{row.write_mb_per_second:,.1f}",
            )
            for row in self.table
        ]
        lines = [
            f"{self.articles:,} articles at {self.articles_per_second:g} a second and core: "
            f"{self.core_hours:,.0f} core hours.",
            f"Input {self.input_tb:.2f} TB, output {self.output_tb:.2f} TB, {self.store_cost:,.0f} "
            "a month to keep.",
            "",
            *table(
                (
                    f"nodes of {self.cores_per_node} cores",
                    "hours",
                    f"cost at {self.price:g} a node and hour",
                    "read, MB/s",
                    "written, MB/s",
                ),
                rows,
            ),
        ]
        return "\n".join(lines)


def plan(
    *,
    articles: int,
    cores_per_node: int,
    price: float,
    articles_per_second: float,
    nodes: Sequence[int] = NODES,
    assumptions: Assumptions | None = None,
) -> Plan:
    """Work out time and cost.

    With N articles, a of them a second and core, c cores a node, n nodes:

        core hours = N / a / 3600
        hours      = core hours * (1 + lost) * stragglers / (c * efficiency * n) + start / 3600
        cost       = hours * n * price

    Args:
        articles: N, 1 or more.
        cores_per_node: c, 1 or more.
        price: of a node and hour.
        articles_per_second: a, over 0.
        nodes: each n of the table.
        assumptions: None for the defaults.

    Raises:
        UsageError: a number is out of range.
    """
    given = {
        "articles": articles,
        "cores per node": cores_per_node,
        "articles per second": articles_per_second,
        "nodes": min(nodes, default=0),
    }
    if wrong := [name for name, value in given.items() if not value > 0]:
        raise UsageError(f"expected {wrong[0]} over 0, found {given[wrong[0]]}")
    if price < 0:
        raise UsageError(f"expected a price of 0 or more, found {price}")
    taken = assumptions or Assumptions()
    core_hours = articles / articles_per_second / 3600
    read = articles * taken.article_bytes * taken.packed
    written = articles * taken.rows * taken.row_bytes
    busy = core_hours * (1 + taken.lost) * taken.stragglers / (cores_per_node * taken.efficiency)
    rows = []
    for count in nodes:
        hours = busy / count + taken.start_seconds / 3600
        seconds = busy / count * 3600
        rows.append(
            PlanRow(
                count, hours, hours * count * price, read / seconds / 1e6, written / seconds / 1e6
            )
        )
    return Plan(
        articles=articles,
        cores_per_node=cores_per_node,
        price=price,
        articles_per_second=articles_per_second,
        assumptions=taken,
        core_hours=core_hours,
        input_tb=read / 1e12,
        output_tb=written / 1e12,
        store_cost=(read + written) / 1e12 * taken.store_price,
        table=tuple(rows),
    )


def read_rate(path: Path) -> float:
    """Articles a second and core, from the JSON of `python -m eval bench`: the better setting.

    Raises:
        InputError: it cannot be read, or holds no such figures.
    """
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
        settings = [raw["one"], *([raw["default"]] if raw["default"] else [])]
        return float(max(one["articles_per_second"] for one in settings) / raw["threads"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputError(
            f"expected the JSON of a bench, found {error!r}", file=str(path)
        ) from error

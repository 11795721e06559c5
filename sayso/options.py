"""The options of `sayso score`, as typer takes them."""

from enum import StrEnum
from typing import Annotated, Optional

import typer

__all__ = [
    "Abstain",
    "Engine",
    "EngineName",
    "Fresh",
    "KeepAll",
    "Limit",
    "Model",
    "Name",
    "Out",
    "ShardSize",
    "Strict",
    "Threads",
    "Timeout",
    "Workers",
]

ROWS, WORK, NAMES = "Rows", "Work", "Field names"
"""Panels of the help."""


class Engine(StrEnum):
    """What spreads the work."""

    LOCAL = "local"
    RAY = "ray"
    SPARK = "spark"


Out = Annotated[
    str,
    typer.Option(
        "-o",
        "--out",
        help="Parquet or JSONL by its ending, a folder (ends in /) of Parquet, - for stdout.",
    ),
]
Strict = Annotated[bool, typer.Option(help="Exit with 1 if some input was rejected.")]
Name = Annotated[str, typer.Option(help="Its name in the input.", rich_help_panel=NAMES)]
Model = Annotated[
    Optional[str],  # noqa: UP045 - typer reads it when it runs
    typer.Option(
        help="Bundle folder, or models:/NAME@ALIAS of a registry; the one that ships if left out.",
        rich_help_panel=ROWS,
    ),
]
KeepAll = Annotated[
    bool,
    typer.Option("--all", help="Keep rows that are probably no statement.", rich_help_panel=ROWS),
]
Abstain = Annotated[
    float,
    typer.Option(
        min=0,
        max=0.99,
        help="Share of statements, the least sure, to leave unlabelled.",
        rich_help_panel=ROWS,
    ),
]
Limit = Annotated[
    Optional[int],  # noqa: UP045
    typer.Option(min=1, help="Most articles.", rich_help_panel=ROWS),
]
EngineName = Annotated[Engine, typer.Option(help="What spreads the work.", rich_help_panel=WORK)]
Workers = Annotated[
    Optional[int],  # noqa: UP045
    typer.Option(min=1, help="Processes; all usable processors if left out.", rich_help_panel=WORK),
]
Threads = Annotated[
    Optional[int],  # noqa: UP045
    typer.Option(min=1, help="Threads of each of them; 1 if left out.", rich_help_panel=WORK),
]
ShardSize = Annotated[
    Optional[int],  # noqa: UP045
    typer.Option(min=1, help="Articles of a shard; 1,000 if left out.", rich_help_panel=WORK),
]
Timeout = Annotated[
    Optional[float],  # noqa: UP045
    typer.Option(
        min=0.1,
        help="Seconds an article may take before it is rejected; 600 if left out.",
        rich_help_panel=WORK,
    ),
]
Fresh = Annotated[
    bool,
    typer.Option(
        "--fresh",
        help="Start over, rather than go on from finished shards.",
        rich_help_panel=WORK,
    ),
]

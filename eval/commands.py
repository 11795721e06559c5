"""The subcommands `verify`, `compare` and `gate` of `python -m eval`: options in, exit code out."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from sayso.errors import UsageError

if TYPE_CHECKING:
    from eval.floors import Lowering

__all__ = ["add_commands", "add_gate_options", "lowerings", "write_report"]

Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"


def add_commands(commands: Commands) -> None:
    """Add the subcommands; each sets `call`, which takes the options and gives the exit code."""
    verify = commands.add_parser("verify", help="repeat a run and compare it to the last digit")
    verify.add_argument("run", help="a run's folder, or MLflow's id of it")
    verify.add_argument("--model", type=Path, help="bundle, for a run that keeps none")
    verify.add_argument("--data", type=Path, required=True, help="folder of the labelled data")
    verify.add_argument("--tracking-uri", help="MLflow server or store (MLFLOW_TRACKING_URI)")
    verify.set_defaults(call=_verify)
    compare = commands.add_parser("compare", help="figures of two bundles, article by article")
    compare.add_argument("challenger", type=Path, help="bundle folder")
    compare.add_argument("--champion", type=Path, help="bundle folder; the one that ships")
    compare.set_defaults(call=_compare)
    gate = commands.add_parser("gate", help="may a bundle take the champion's place? 0 yes, 1 no")
    gate.add_argument("challenger", type=Path, nargs="?", help="bundle folder")
    gate.add_argument("--champion", type=Path, help="bundle folder; the one that ships")
    gate.add_argument("--pin", type=Path, metavar="BUNDLE", help="raise the floors to this one's")
    gate.set_defaults(call=_gate)
    for parser in (compare, gate):
        parser.add_argument("-o", "--out", type=Path, help="folder for the report")
        parser.add_argument("--split", default="dev", help="as in polnear.<split>.jsonl")
        parser.add_argument("--threads", type=int, help="of one inference")
        parser.add_argument("--data", type=Path, required=True, help="folder of the labelled data")
    add_gate_options(gate)


def add_gate_options(parser: argparse.ArgumentParser) -> None:
    """The options about floors."""
    parser.add_argument("--floors", type=Path, help="file of the floors; eval/floors.json")
    parser.add_argument(
        "--lower-floor",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="lower a floor for this bundle, e.g. stance.labels.denial.f1=0.5; again for more",
    )
    parser.add_argument("--because", metavar="TEXT", help="why a floor falls; kept in its file")


def lowerings(options: argparse.Namespace) -> list[Lowering]:
    """The floors that are to be lowered.

    Raises:
        InputError: one is not NAME=VALUE, or no reason is given.
    """
    from eval.floors import Lowering

    return [Lowering.parse(text, options.because) for text in options.lower_floor]


def write_report(folder: Path, name: str, content: dict[str, Any], page: str) -> None:
    """Write `<name>.json` and `<name>.md` into a folder, which is made.

    Raises:
        UsageError: it cannot be written to.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        text = json.dumps(content, indent=1) + "\n"
        (folder / f"{name}.json").write_text(text, encoding="utf-8")
        (folder / f"{name}.md").write_text(page, encoding="utf-8")
    except OSError as error:
        raise UsageError(f"expected a folder to write to, found {error}") from error


def _verify(options: argparse.Namespace) -> int:
    from eval.verify import verify

    found = verify(options.run, options.data, uri=options.tracking_uri, model=options.model)
    print(found.to_text())
    return 1 if found.differences else 0


def _compare(options: argparse.Namespace) -> int:
    from eval.compare import compare, measure
    from eval.corpora import load_corpora
    from eval.gate import Candidate
    from sayso.bundle import DEFAULT_BUNDLE

    corpora = load_corpora(options.data, options.split)
    paths: Sequence[Path] = (options.challenger, options.champion or DEFAULT_BUNDLE)
    measured = []
    for path in paths:
        candidate = Candidate.load(path, threads=options.threads)
        measured.append(measure(candidate.scorer, corpora, threshold=candidate.threshold))
    found = compare(measured[0], measured[1], corpora.digests())
    if options.out:
        write_report(options.out, "compare", found.to_dict(), found.to_text())
    print(found.to_text())
    return 0


def _gate(options: argparse.Namespace) -> int:
    from eval.floors import FLOORS
    from eval.gate import gate, pin

    floors = options.floors or FLOORS
    shared = {"split": options.split, "floors": floors, "threads": options.threads}
    if (options.pin is None) == (options.challenger is None):
        raise UsageError("expected either a challenger or --pin BUNDLE, found neither or both")
    if options.pin is not None:
        pinned = pin(options.pin, options.data, reason=options.because, **shared)
        print("\n".join(f"{name} {value:.4f}" for name, value in sorted(pinned.floors.items())))
        return 0
    lower = lowerings(options)
    verdict = gate(
        options.challenger, options.data, champion=options.champion, lower=lower, **shared
    )
    if options.out:
        write_report(options.out, "gate", verdict.to_dict(), verdict.to_text())
    print(verdict.to_text())
    return 0 if verdict.passed else 1

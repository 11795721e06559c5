"""`python -m eval`: run the evaluation's suites, or the benchmark."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from sayso.errors import InputError, SaysoError, UsageError

__all__ = ["main"]


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; 0 done, 2 wrong use or input."""
    options = _parser().parse_args(argv)
    try:
        return _run(options) if options.command == "run" else _bench(options)
    except SaysoError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m eval", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    run = commands.add_parser("run", help="figures of a bundle on labelled data")
    run.add_argument(
        "--data", type=Path, default=Path("data"), help="folder of labelled data, or a wire file"
    )
    run.add_argument(
        "--suite",
        action="append",
        metavar="NAME",
        help="extraction, stance, wire, gold, sources or baselines; again for more; "
        "all but baselines if left out",
    )
    run.add_argument("--split", default="dev", help="as in polnear.<split>.jsonl")
    run.add_argument("--model", type=Path, help="bundle folder; the one that ships if left out")
    run.add_argument("-o", "--out", type=Path, default=Path("results"), help="folder")
    run.add_argument("--threads", type=int)
    timed = commands.add_parser("bench", help="articles/s, tokens/s, start-up, peak memory")
    timed.add_argument("--articles", type=int, default=200, help="how many, 2 or more")
    timed.add_argument("--model", type=Path, help="bundle folder")
    timed.add_argument("--threads", type=int)
    timed.add_argument("-o", "--out", type=Path, help="write JSON to this file")
    return parser


def _run(options: argparse.Namespace) -> int:
    from eval.baselines import baselines
    from eval.report import render
    from eval.suites import SUITES, run_suites
    from sayso.bundle import load_bundle
    from sayso.scorer import Scorer

    names = list(dict.fromkeys(options.suite or []))
    known = [*SUITES, "baselines"]
    if unknown := sorted(set(names) - set(known)):
        raise InputError(f"expected suites of {', '.join(known)}, found {unknown[0]}")
    _make_folder(options.out)
    scorer = Scorer.load(options.model, threads=options.threads, threshold=0.0)
    threshold = load_bundle(options.model).config.statement_threshold
    suites = [name for name in names if name in SUITES]
    results = (
        run_suites(scorer, options.data, split=options.split, suites=suites, threshold=threshold)
        if suites or not names
        else {"model": scorer.model_id, "split": options.split}
    )
    if "baselines" in names:
        results["baselines"] = baselines(options.data, split=options.split).to_dict()
    page = render(results)
    _write(options.out / "results.json", json.dumps(results, indent=1) + "\n")
    _write(options.out / "results.md", page)
    print(page)
    return 0


def _bench(options: argparse.Namespace) -> int:
    from eval.bench import bench

    if options.out:
        _make_folder(options.out.absolute().parent)
    found = bench(articles=options.articles, threads=options.threads, model=options.model)
    if options.out:
        _write(options.out, found.to_json() + "\n")
    print(found.to_text())
    return 0


def _make_folder(folder: Path) -> None:
    """Before any work, so that nothing is measured in vain."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(f"expected a folder to write to, found {error}") from error


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise UsageError(f"expected a file to write, found {error}") from error


if __name__ == "__main__":
    sys.exit(main())

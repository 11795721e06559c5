"""`python -m eval`: run the evaluation's suites, or the benchmark."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from sayso.errors import SaysoError

__all__ = ["main"]


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; 0 done, 2 wrong use or input."""
    parser = argparse.ArgumentParser(prog="python -m eval", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    run = commands.add_parser("run", help="figures of a bundle on labelled data")
    run.add_argument("--data", type=Path, default=Path("data"), help="folder of labelled data")
    run.add_argument("--suite", action="append", help="one of them; again for more; else all")
    run.add_argument("--split", default="dev", help="as in polnear.<split>.jsonl")
    run.add_argument("--model", type=Path, help="bundle folder; the one that ships if left out")
    run.add_argument("-o", "--out", type=Path, default=Path("results"), help="folder")
    run.add_argument("--threads", type=int)
    timed = commands.add_parser("bench", help="articles/s, tokens/s, start-up, peak memory")
    timed.add_argument("--articles", type=int, default=200)
    timed.add_argument("--model", type=Path, help="bundle folder")
    timed.add_argument("--threads", type=int)
    timed.add_argument("-o", "--out", type=Path, help="write the JSON here too")
    options = parser.parse_args(argv)
    try:
        return _run(options) if options.command == "run" else _bench(options)
    except SaysoError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2


def _run(options: argparse.Namespace) -> int:
    from eval.baselines import baselines
    from eval.report import render
    from eval.suites import SUITES, run_suites
    from sayso.bundle import load_bundle
    from sayso.errors import InputError
    from sayso.scorer import Scorer

    names = options.suite or []
    known = [*SUITES, "baselines"]
    if unknown := sorted(set(names) - set(known)):
        raise InputError(f"expected suites of {', '.join(known)}, found {unknown[0]}")
    scorer = Scorer.load(options.model, threads=options.threads, threshold=0.0)
    threshold = load_bundle(options.model).config.statement_threshold
    suites = [name for name in names if name in SUITES]
    results = (
        run_suites(scorer, options.data, split=options.split, suites=suites, threshold=threshold)
        if suites or not names
        else {"model": scorer.model_id, "split": options.split}
    )
    if "baselines" in names:
        results["baselines"] = baselines(options.data, split=options.split)
    options.out.mkdir(parents=True, exist_ok=True)
    (options.out / "results.json").write_text(json.dumps(results, indent=1) + "\n")
    page = render(results)
    (options.out / "results.md").write_text(page, encoding="utf-8")
    print(page)
    return 0


def _bench(options: argparse.Namespace) -> int:
    from eval.bench import bench

    found = bench(articles=options.articles, threads=options.threads, model=options.model)
    print(found.to_json())
    if options.out:
        options.out.write_text(found.to_json() + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())

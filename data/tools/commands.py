"""The subcommands `import` and `export` of `python -m data`: labels from tools and into them."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from pathlib import Path

from data.commands import Commands
from data.records import LABELS, Convention
from data.tools.formats import FORMATS, guess_format, plain_name
from sayso.errors import UsageError

__all__ = ["add_tool_commands"]


def add_tool_commands(commands: Commands) -> None:
    """Add the subcommands; each sets `call`, which takes the options and gives the exit code."""
    into = commands.add_parser("import", help="labels of a tool → JSONL that retraining reads")
    into.add_argument("file", type=Path, help="the tool's export; for brat a folder or an .ann")
    into.add_argument(
        "--from", dest="tool", choices=FORMATS, help="told by the file if it is left out"
    )
    into.add_argument("-o", "--out", type=Path, help="JSONL file; FILE's stem and .labels.jsonl")
    into.add_argument(
        "--marked",
        choices=(Convention.FULL, Convention.FLAT, Convention.PARTIAL),
        help="every statement, all but nested ones, or some only; partial for csv, else full",
    )
    into.add_argument("--annotator", help="who marked what does not say so")
    into.set_defaults(call=_import)
    out = commands.add_parser("export", help="labels, or articles with predictions → a tool's file")
    out.add_argument("file", type=Path, help="JSONL of labels; with --model articles of any kind")
    out.add_argument("--to", choices=FORMATS, required=True)
    out.add_argument("-o", "--out", type=Path, required=True, help="file; for brat a new folder")
    out.add_argument(
        "--model",
        metavar="BUNDLE",
        help="send articles to Label Studio with this model's statements: a bundle's folder, "
        "default for the one that ships, none for articles alone",
    )
    out.add_argument("--threads", type=int, help="of the model")
    out.set_defaults(call=_export)
    for parser in (into, out):
        parser.add_argument(
            "--strict", action="store_true", help="exit with 1 if there are rejects"
        )


def _import(options: argparse.Namespace) -> int:
    from data.tools.importing import save_labels

    path, annotator = options.file, options.annotator
    if not path.exists():
        raise UsageError(f"expected a file to read, found no {path}")
    stem = path.name if path.is_dir() else Path(plain_name(path)).stem
    out = options.out or path.absolute().with_name(f"{stem}.labels.jsonl")
    tool = options.tool or guess_format(path)
    found = save_labels(path, tool, out, marked=options.marked, annotator=annotator)
    print(f"{found.articles:,} articles with {found.statements:,} statements in {out}")
    stances = {label: found.stances.get(label, 0) for label in LABELS}
    print(f"stance: {_counted(stances | {'not chosen': found.stances.get(None, 0)})}")
    print(f"annotators: {_counted({k or 'not known': n for k, n in found.annotators.items()})}")
    if found.skipped:
        print(f"passed over: {_counted(found.skipped)}")
    return _ended(found.rejects, out, strict=options.strict)


def _export(options: argparse.Namespace) -> int:
    from data.tools.exporting import save_export, save_predictions

    path, out = options.file, options.out
    if not path.exists():
        raise UsageError(f"expected a file to read, found no {path}")
    if options.threads is not None and options.threads < 1:
        raise UsageError(f"expected 1 thread or more, found {options.threads}")
    if options.model is None:
        found = save_export(path, options.to, out)
    else:
        found = save_predictions(
            path, options.to, out, model=options.model, threads=options.threads
        )
    print(f"{found.articles:,} articles with {found.statements:,} statements in {out}")
    if found.left_out:
        print(f"left out, {options.to} has no place for them: {_counted(found.left_out)}")
    return _ended(found.rejects, out, strict=options.strict)


def _ended(rejects: int, out: Path, *, strict: bool) -> int:
    if rejects:
        from sayso.rejects import rejects_path

        print(f"{rejects:,} rejects in {rejects_path(str(out))}")
    return int(strict and rejects > 0)


def _counted(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{name} {count:,}" for name, count in counts.items()) or "none"

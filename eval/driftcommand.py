"""The subcommand `drift` of `python -m eval`: options in, exit code out."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from sayso.errors import InputError, UsageError

if TYPE_CHECKING:
    from eval.driftprofile import Profile
    from eval.vocabulary import Vocabulary

__all__ = ["add_drift_command"]

Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"


def add_drift_command(commands: Commands) -> None:
    """Add the subcommand; it sets `call`, which takes the options and gives the exit code."""
    drift = commands.add_parser(
        "drift",
        help="compare a scored corpus with a reference: 0 retraining is not due, 1 it is due",
    )
    drift.add_argument("corpus", help="statements as sayso score writes them: file or folder")
    drift.add_argument(
        "--reference", help="the same of a time when all was well, or a profile that was saved"
    )
    drift.add_argument(
        "--articles",
        action="append",
        default=[],
        metavar="INPUT",
        help="what the corpus was scored from, for words and silent articles; again for more",
    )
    drift.add_argument(
        "--reference-articles",
        action="append",
        default=[],
        metavar="INPUT",
        help="what the reference was scored from; again for more",
    )
    drift.add_argument(
        "--save-profile", type=Path, metavar="JSON", help="keep the corpus as a later reference"
    )
    drift.add_argument(
        "--floor", type=int, default=30, help="fewest articles of an outlet or month; 30"
    )
    drift.add_argument("-o", "--out", type=Path, help="folder for drift.json, drift.md and plots")
    drift.set_defaults(call=_drift)


def _drift(options: argparse.Namespace) -> int:
    from data.save import write_whole
    from eval.commands import write_report
    from eval.drift import compare_profiles
    from eval.driftplots import draw_drift
    from eval.driftreport import drift_page, verdict
    from eval.speedcommands import make_folder

    if options.reference is None and options.save_profile is None:
        raise UsageError("expected --reference or --save-profile, found neither")
    if options.reference_articles and options.reference is None:
        raise UsageError("expected --reference with --reference-articles, found none")
    if options.out:
        make_folder(options.out)
    reference = None
    if options.reference is not None:
        reference = _profile(options.reference, options.reference_articles)
    known = None if reference is None else reference.vocabulary
    corpus = _profile(options.corpus, options.articles, known)
    if options.save_profile:
        make_folder(options.save_profile.absolute().parent)
        write_whole(options.save_profile, corpus.to_json())
        print(f"profile in {options.save_profile}", file=sys.stderr)
    if reference is None:
        return 0
    found = compare_profiles(reference, corpus, floor=options.floor)
    if options.out:
        write_report(options.out, "drift", found.to_dict(), drift_page(found))
        for path in draw_drift(found, options.out):
            print(path, file=sys.stderr)
        print(verdict(found))
    else:
        print(drift_page(found))
    return 1 if found.due else 0


def _profile(name: str, articles: Sequence[str], known: Vocabulary | None = None) -> Profile:
    from eval.driftprofile import profile_corpus, read_profile
    from sayso.read import check_inputs
    from sayso.rejects import Reject

    def warn(reject: Reject) -> None:
        print(f"rejected {reject.file}:{reject.line}: {reject.reason}", file=sys.stderr)

    check_inputs([name, *articles])
    if Path(name).is_file() and (saved := read_profile(Path(name))) is not None:
        if articles:
            raise InputError("expected no articles with a profile, found some", file=name)
        return saved
    return profile_corpus(name, articles, reference=known, on_reject=warn)

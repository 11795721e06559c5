"""Labels of your own that a champion has learnt: part of the data from then on.

They stand in `learnt/` in the folder of the labelled data, a file for each retraining, and beside
it what was held out of the same labels, which stays unseen and is measured on from then on.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from data.loaders import load_labels
from data.records import LabelledArticle
from data.save import save_articles
from sayso.errors import UsageError

__all__ = ["LEARNT", "keep_learnt", "learnt_files", "load_held", "load_learnt"]

LEARNT = "learnt"
"""Name of the folder."""

_HELD = ".held.jsonl"


def learnt_files(root: Path | str, *, held: bool = False) -> list[Path]:
    """The files of labels that were learnt, or held out, in the order of their names."""
    found = sorted((Path(root) / LEARNT).glob("*.jsonl"))
    return [path for path in found if path.name.endswith(_HELD) == held]


def load_learnt(root: Path | str) -> list[LabelledArticle]:
    """All that was learnt by retraining, without what was withdrawn.

    Raises:
        InputError: a file is malformed.
    """
    return [one for path in learnt_files(root) for one in load_labels(path, root=root)]


def load_held(root: Path | str) -> list[LabelledArticle]:
    """All that was held out of labels that were learnt, without what was withdrawn.

    Raises:
        InputError: a file is malformed.
    """
    return [one for path in learnt_files(root, held=True) for one in load_labels(path, root=root)]


def keep_learnt(
    learnt: Sequence[LabelledArticle],
    held: Sequence[LabelledArticle],
    root: Path | str,
    name: str,
) -> None:
    """Make labels part of the data; those of the same name are replaced.

    Args:
        learnt: articles that were learnt.
        held: those that were held out of them.
        root: the folder of the labelled data.
        name: of the run that learnt them.

    Raises:
        UsageError: the folder cannot be written to.
    """
    folder = Path(root) / LEARNT
    try:
        folder.mkdir(exist_ok=True)
    except OSError as error:
        raise UsageError(f"expected a folder to write to, found {error}") from error
    save_articles(held, folder / f"{name}{_HELD}")
    save_articles(learnt, folder / f"{name}.jsonl")

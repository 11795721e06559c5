"""Labels of your own that a champion has learnt: part of the data from then on.

They stand in `learnt/` in the folder of the labelled data, a file for each retraining.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from data.loaders import load_labels
from data.records import LabelledArticle
from data.save import save_articles
from sayso.errors import UsageError

__all__ = ["LEARNT", "keep_learnt", "learnt_files", "load_learnt"]

LEARNT = "learnt"
"""Name of the folder."""


def learnt_files(root: Path | str) -> list[Path]:
    """The files of labels that were learnt, in the order of their names."""
    return sorted((Path(root) / LEARNT).glob("*.jsonl"))


def load_learnt(root: Path | str) -> list[LabelledArticle]:
    """All that was learnt by retraining, without what was withdrawn.

    Raises:
        InputError: a file is malformed.
    """
    return [one for path in learnt_files(root) for one in load_labels(path, root=root)]


def keep_learnt(articles: Sequence[LabelledArticle], root: Path | str, name: str) -> Path:
    """Make labels part of the data; those of the same name are replaced.

    Args:
        articles: that were learnt.
        root: the folder of the labelled data.
        name: of the run that learnt them.

    Raises:
        UsageError: the folder cannot be written to.
    """
    path = Path(root) / LEARNT / f"{name}.jsonl"
    try:
        path.parent.mkdir(exist_ok=True)
    except OSError as error:
        raise UsageError(f"expected a folder to write to, found {error}") from error
    save_articles(articles, path)
    return path

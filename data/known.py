"""The labelled data so far, by file: what new labels are held against."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from data.learnt import learnt_files
from data.loaders import (
    PLACES,
    SHIPPED,
    load_full,
    load_gold,
    load_labels,
    load_polnear,
    load_stances,
    locate,
    with_stances,
)
from data.records import LabelledArticle, LabelledStatement
from sayso.errors import InputError, UsageError

__all__ = ["HELD", "Known", "load_known"]

HELD = ("dev", "test")
"""Splits that nothing is learnt from."""

_LEARNT = ("train", "more")
_APART = ("polnear", "stance", "silver")
"""Files named so are no articles marked in full by people."""


@dataclass(frozen=True, slots=True)
class Known:
    """The articles of a file.

    Attributes:
        name: `polnear.train`, `news.more`, `gold`, …
        held: whether the file is for measuring only.
        articles: as its loader gives them, with stances where they are labelled.
    """

    name: str
    held: bool
    articles: Sequence[LabelledArticle]


def load_known(
    root: Path | str, labels: Sequence[Path] = (), *, apart: Path | None = None
) -> list[Known]:
    """All labelled articles under `root`: PolNeAR, files marked in full, our own gold.

    Files marked in full are `NAME.train.jsonl`, `NAME.more.jsonl`, and `NAME.dev.jsonl` and
    `NAME.test.jsonl`, which are held out. Of those that ship, whose texts have to be fetched, only
    what has its texts there is taken. What was learnt by retraining counts too (`data.learnt`).

    Args:
        root: the folder of the labelled data.
        labels: further files of labels that are learnt from.
        apart: a file that is left out, wherever it stands.

    Raises:
        InputError: a file is malformed.
        UsageError: there is no such folder.
    """
    if not Path(root).is_dir():
        raise UsageError(f"expected the folder of the labelled data, found no {root}")
    found = [one for split in ("train", *HELD) if (one := _polnear(root, split)) is not None]
    for name, ships in sorted(_names(root).items()):
        if apart is not None and _same(locate(root, name), apart):
            continue
        try:
            articles = load_full(root, name)
        except InputError:
            if ships:
                continue
            raise
        stem = name.removesuffix(".jsonl")
        found.append(Known(stem, stem.rpartition(".")[2] in HELD, articles))
    found += [
        Known(path.name, False, load_labels(path, root=root))
        for path in (*learnt_files(root), *learnt_files(root, held=True), *labels)
        if apart is None or not _same(path, apart)
    ]
    return [*found, Known("gold", True, load_gold())]


def _same(one: Path, other: Path) -> bool:
    return one.resolve() == other.resolve()


def _polnear(root: Path | str, split: str) -> Known | None:
    """PolNeAR's articles of a split with their stances, if they are there."""
    try:
        locate(root, f"polnear.{split}.jsonl")
    except InputError:
        try:
            locate(root, split)
        except InputError:
            return None
    articles = load_polnear(root, split)
    labels: list[LabelledStatement] = []
    for part in _LEARNT if split == "train" else (split,):
        try:
            path = locate(root, f"stance.{part}.jsonl")
        except InputError:
            continue
        ids = {article.id for article in articles}
        labels += [one for one in load_stances(path, root=root) if one.doc in ids]
    return Known(f"polnear.{split}", split in HELD, with_stances(articles, labels))


def _names(root: Path | str) -> dict[str, bool]:
    """Names of the files marked in full, and whether each only ships."""
    folders = [(SHIPPED, True), *((Path(root) / place, False) for place in PLACES)]
    return {
        path.name: ships
        for folder, ships in folders
        for split in (*_LEARNT, *HELD)
        for path in folder.glob(f"*.{split}.jsonl")
        if path.name.partition(".")[0] not in _APART
    }

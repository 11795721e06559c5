"""The labelled data that a bundle is evaluated on, loaded once, with a digest of each part."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from data.digest import digest_articles, digest_text
from data.loaders import load_full, load_gold, load_polnear, load_stances, locate
from data.records import Convention, LabelledArticle, LabelledStatement
from sayso.errors import InputError

__all__ = ["NEW", "PAST", "Corpora", "load_corpora"]

NEW, PAST = "new", "past"
"""Names of the parts that are held out of new labels, those of this retraining and of earlier ones;
floors are of the other parts."""


@dataclass(frozen=True, slots=True)
class Corpora:
    """One split of the labelled data; a part that is not there is None.

    Attributes:
        split: `dev`, `test`, …
        polnear: PolNeAR articles, marked flat.
        stances: labelled statements of PolNeAR articles, offsets and labels alone.
        wire: articles marked in full.
        gold: our own articles marked in full; in no split and always there.
        new: articles of new labels that a challenger has not learnt; None where nothing is new.
        past: likewise, of labels that were new to earlier champions.
    """

    split: str
    polnear: Sequence[LabelledArticle] | None
    stances: Sequence[LabelledStatement] | None
    wire: Sequence[LabelledArticle] | None
    gold: Sequence[LabelledArticle]
    new: Sequence[LabelledArticle] | None = None
    past: Sequence[LabelledArticle] | None = None

    def digests(self) -> dict[str, str]:
        """SHA-256 over every row of each part that is there: `polnear.dev`, …, `gold`, `new`."""
        labels = None if self.stances is None else [_sheet(self.stances)]
        parts = {"polnear": self.polnear, "stance": labels, "wire": self.wire}
        named = {f"{name}.{self.split}": part for name, part in parts.items()}
        return {
            name: digest_articles(part)
            for name, part in {**named, "gold": self.gold, NEW: self.new, PAST: self.past}.items()
            if part is not None
        }

    def stances_by_article(self) -> dict[str, list[LabelledStatement]]:
        """The labelled statements that have a stance, by article, in the order of the file."""
        out: dict[str, list[LabelledStatement]] = defaultdict(list)
        for label in self.stances or ():
            if label.stance is not None:
                out[label.doc].append(label)
        return out

    def documents(self) -> dict[str, str]:
        """Names of the articles by the digest of their text (`data.digest.digest_text`)."""
        parts = {
            "polnear": self.polnear,
            "wire": self.wire,
            "gold": self.gold,
            NEW: self.new,
            PAST: self.past,
        }
        return {
            digest_text(article.text): f"{name} {article.id}"
            for name, part in parts.items()
            for article in part or ()
        }

    def missing(self) -> list[str]:
        """Names of the parts that are not there."""
        return [n for n in ("polnear", "stances", "wire") if getattr(self, n) is None]


def load_corpora(data: Path | str, split: str = "dev") -> Corpora:
    """Load every part of a split that is under `data`, and our own gold.

    Articles that are marked in part, as some are after a withdrawal, are left out.

    Args:
        data: folder of the labelled data, or a file in the form of `wire.<split>.jsonl`.
        split: as in the files' names.

    Raises:
        InputError: a part is malformed.
    """
    root = Path(data)
    if root.is_file():
        return Corpora(split, None, None, _whole(load_full(root.parent, root.name)), load_gold())
    polnear = (
        load_polnear(root, split) if _is_there(root, f"polnear.{split}.jsonl", split) else None
    )
    stance, wire = f"stance.{split}.jsonl", f"wire.{split}.jsonl"
    labels = load_stances(locate(root, stance), root=root) if _is_there(root, stance) else None
    if polnear is not None and labels is not None:
        torn = {one.id for one in polnear} - {one.id for one in _whole(polnear)}
        labels = [label for label in labels if label.doc not in torn]
    return Corpora(
        split=split,
        polnear=None if polnear is None else _whole(polnear),
        stances=labels,
        wire=_whole(load_full(root, wire)) if _is_there(root, wire) else None,
        gold=load_gold(),
    )


def _whole(articles: Sequence[LabelledArticle]) -> list[LabelledArticle]:
    """Without those that statements were withdrawn from: what is found there is no error."""
    return [one for one in articles if one.convention != Convention.PARTIAL]


def _is_there(root: Path, *names: str) -> bool:
    for name in names:
        try:
            locate(root, name)
        except InputError:
            continue
        return True
    return False


def _sheet(labels: Sequence[LabelledStatement]) -> LabelledArticle:
    """Labels without their articles, so that they can be digested as articles are."""
    return LabelledArticle("", "", None, None, None, Convention.FLAT, tuple(labels))

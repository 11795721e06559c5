"""What a recipe trains on: articles loaded, split, digested and encoded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from data.digest import digest_articles
from data.encode import encode_articles
from data.loaders import load_full, load_polnear, load_stances, locate, with_stances
from data.records import LabelledArticle
from data.split import hold_out
from sayso.tokens import TextTokenizer
from training.loop import Examples
from training.recipe import DataConfig

__all__ = ["Corpus", "load_corpus"]


@dataclass(frozen=True, slots=True)
class Corpus:
    """Articles by what they are for.

    Attributes:
        polnear: PolNeAR articles to train on, stance labels joined.
        full: fully marked articles to train on.
        tune: articles held out of training for calibration and thresholds.
        silver: articles that only a teacher speaks of.
    """

    polnear: tuple[LabelledArticle, ...]
    full: tuple[LabelledArticle, ...]
    tune: tuple[LabelledArticle, ...]
    silver: tuple[LabelledArticle, ...] = ()

    def digests(self) -> dict[str, str]:
        """SHA-256 over every row of each part."""
        parts = {"polnear": self.polnear, "full": self.full, "tune": self.tune}
        if self.silver:
            parts["silver"] = self.silver
        return {name: digest_articles(articles) for name, articles in parts.items()}

    def examples(self, tokenizer: TextTokenizer, full_repeats: int) -> Examples:
        """The parts encoded for the training loop."""
        return Examples(
            train=[
                *((row, 1) for row in encode_articles(self.polnear, tokenizer)),
                *((row, full_repeats) for row in encode_articles(self.full, tokenizer)),
            ],
            tune=list(encode_articles(self.tune, tokenizer)),
            unlabelled=[(row, 1) for row in encode_articles(self.silver, tokenizer)]
            if self.silver
            else [],
        )


def load_corpus(root: Path | str, config: DataConfig) -> Corpus:
    """Load what `config` names from under `root` and hold the tuning articles out.

    Raises:
        InputError: a file is missing or malformed.
    """
    polnear = [article for split in config.polnear for article in load_polnear(root, split)]
    labels = [label for name in config.stances for label in load_stances(locate(root, name))]
    full = [article for name in config.full for article in load_full(root, name)]
    parts: list[tuple[Sequence[LabelledArticle], Sequence[LabelledArticle]]] = [
        hold_out(with_stances(polnear, labels), config.tune_share),
        hold_out(full, config.tune_share),
    ]
    (polnear_kept, polnear_held), (full_kept, full_held) = parts
    silver = tuple(article for name in config.silver for article in load_full(root, name))
    tune = (*polnear_held, *full_held)
    return Corpus(tuple(polnear_kept), tuple(full_kept), tune, silver)

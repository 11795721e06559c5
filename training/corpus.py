"""What a recipe trains on: articles loaded, split, digested and encoded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from data.digest import digest_articles
from data.encode import Told, encode_articles
from data.loaders import load_full, load_polnear, load_stances, locate, with_stances
from data.records import LabelledArticle
from data.split import hold_out
from sayso.tokens import TextTokenizer
from training.loop import Examples, Row
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

    @property
    def parts(self) -> dict[str, tuple[LabelledArticle, ...]]:
        """The articles by what they are for."""
        parts = {"polnear": self.polnear, "full": self.full, "tune": self.tune}
        return {**parts, "silver": self.silver} if self.silver else parts

    def digests(self) -> dict[str, str]:
        """SHA-256 over every row of each part."""
        return {name: digest_articles(articles) for name, articles in self.parts.items()}

    @property
    def learnt(self) -> tuple[LabelledArticle, ...]:
        """All that is not held out."""
        return (*self.polnear, *self.full, *self.silver)

    def examples(
        self,
        tokenizer: TextTokenizer,
        full_repeats: int,
        told: Mapping[str, Told] | None = None,
    ) -> Examples:
        """The parts encoded for the training loop, with a teacher's word on them if there is one.

        Args:
            tokenizer: of the network.
            full_repeats: how often an epoch sees each fully marked article.
            told: what a teacher says of the articles of `learnt`, by id.
        """

        def rows(articles: Sequence[LabelledArticle], repeats: int) -> list[tuple[Row, int]]:
            if not articles:
                return []
            encoded = encode_articles(articles, tokenizer, told)
            return [(_with_tags(row, told), repeats) for row in encoded]

        return Examples(
            train=[*rows(self.polnear, 1), *rows(self.full, full_repeats)],
            tune=list(encode_articles(self.tune, tokenizer)),
            unlabelled=rows(self.silver, 1),
        )


def _with_tags(row: Row, told: Mapping[str, Told] | None) -> Row:
    return row if told is None else {**row, "told": told[row["doc"]].tags}


def load_corpus(root: Path | str, config: DataConfig) -> Corpus:
    """Load what `config` names from under `root` and hold the tuning articles out.

    Raises:
        InputError: a file is missing or malformed.
    """
    polnear = [article for split in config.polnear for article in load_polnear(root, split)]
    labels = [
        label for name in config.stances for label in load_stances(locate(root, name), root=root)
    ]
    full = [article for name in config.full for article in load_full(root, name)]
    silver = [article for name in config.silver for article in load_full(root, name)]
    parts = [
        [a for a in part if not config.outlets or a.outlet in config.outlets]
        for part in (with_stances(polnear, labels), full, silver)
    ]
    polnear_kept, polnear_held = hold_out(parts[0], config.tune_share)
    full_kept, full_held = hold_out(parts[1], config.tune_share)
    tune = (*polnear_held, *full_held)
    return Corpus(tuple(polnear_kept), tuple(full_kept), tune, tuple(parts[2]))

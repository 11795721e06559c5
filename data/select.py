"""What to label next: articles, or single statements, from which the most is to be learnt."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from data.digest import digest_text
from data.records import LABELS, Convention
from data.strategy import covering, diverse, worth
from data.uncertainty import Doubted, entropy
from sayso.decode import Attribution
from sayso.records import NONE, STANCES, Article
from sayso.tags import ROLES

__all__ = [
    "Chosen",
    "Selection",
    "choose_articles",
    "choose_statements",
    "fresh_articles",
    "select_articles",
    "select_statements",
]

FloatArray = npt.NDArray[np.float64]

EXTRACTION = 0.25
"""Weight of doubt about where statements stand, against doubt about stance, in an article."""

_UNSURE = 0.5
"""Entropy in nats from which on a stance is called unsure: about 0.85 to one label."""

_COMMON = STANCES[0]


@dataclass(frozen=True, slots=True)
class Chosen:
    """An article to label.

    Attributes:
        article: as it was read.
        score: what is expected to be learnt from it, 1 being the mean of the corpus.
        why: the reason in words.
        statements: those to be labelled; None where all of the article is to be marked.
    """

    article: Article
    score: float
    why: str
    statements: tuple[Attribution, ...] | None = None

    def to_row(self) -> dict[str, Any]:
        """As a JSON object that `sayso.read.read_articles` reads.

        With single statements it is also a row of `data.loaders.load_labels`, marked in part and
        without a stance, so that nothing can be learnt from it before it is labelled.
        """
        row = {name: value for name, value in asdict(self.article).items() if value is not None}
        if self.statements is not None:
            row["convention"] = Convention.PARTIAL
            row["attributions"] = [
                {role: [[s.start, s.end] for s in getattr(one, role)] for role in ROLES}
                for one in self.statements
            ]
        return {**row, "score": round(self.score, 4), "why": self.why}


@dataclass(frozen=True, slots=True)
class Selection:
    """What was chosen from a corpus.

    Attributes:
        chosen: the articles, the most telling first.
        articles: how many there were to choose from.
        statements: how many the model found in them.
        expected: how many of each label the chosen statements have by the model's probabilities.
    """

    chosen: tuple[Chosen, ...]
    articles: int
    statements: int
    expected: dict[str, float]


def fresh_articles(articles: Iterable[Article], known: Iterable[str]) -> Iterator[Article]:
    """The articles whose words are not known, each text once.

    Args:
        articles: any.
        known: `data.digest.digest_text` of what is labelled already.
    """
    seen = set(known)
    for article in articles:
        digest = digest_text(article.text)
        if digest not in seen:
            seen.add(digest)
            yield article


def select_articles(doubted: Sequence[Doubted], count: int, *, seed: int = 0) -> Selection:
    """Choose articles to be marked in full.

    An article tells as much as its statements do for each that is to be labelled, those counting
    less whose like was chosen already, and as the tags of its tokens are unsure.

    Args:
        doubted: the articles to choose from.
        count: how many.
        seed: of the first centres.
    """
    corpus = _Corpus(doubted)
    values, taken = corpus.article_values(), corpus.choose_articles(count, seed)
    chosen = tuple(
        Chosen(doubted[n].article, float(values[n]), corpus.article_reason(n)) for n in taken
    )
    return corpus.selection(chosen, np.isin(corpus.places, taken))


def select_statements(doubted: Sequence[Doubted], count: int, *, seed: int = 0) -> Selection:
    """Choose single statements whose stance is to be labelled.

    Args:
        doubted: the articles to choose from.
        count: how many statements.
        seed: of the first centres.
    """
    corpus = _Corpus(doubted)
    taken = corpus.choose_statements(count, seed)
    by_article: dict[int, list[int]] = {}
    for item in taken:
        by_article.setdefault(int(corpus.places[item]), []).append(item)
    chosen = tuple(
        Chosen(
            doubted[place].article,
            float(corpus.values[items].mean()),
            "; ".join(corpus.statement_reason(item) for item in sorted(items)),
            tuple(corpus.attribution(item) for item in sorted(items)),
        )
        for place, items in by_article.items()
    )
    mask = np.zeros(len(corpus.values), bool)
    mask[taken] = True
    return corpus.selection(chosen, mask)


def choose_articles(doubted: Sequence[Doubted], count: int, *, seed: int = 0) -> list[int]:
    """The places of the articles that `select_articles` chooses, the most telling first."""
    return _Corpus(doubted).choose_articles(count, seed)


def choose_statements(doubted: Sequence[Doubted], count: int, *, seed: int = 0) -> list[int]:
    """The places, counted over all articles, of what `select_statements` chooses."""
    return _Corpus(doubted).choose_statements(count, seed)


class _Corpus:
    """All statements found in the articles to choose from.

    Attributes:
        places: [statements] the article of each.
        probabilities: [statements, 5].
        vectors: [statements, size].
        values: [statements] what each tells, over the mean.
    """

    def __init__(self, doubted: Sequence[Doubted]) -> None:
        self._doubted = doubted
        counts = [len(one.attributions) for one in doubted]
        self.places = np.repeat(np.arange(len(doubted)), counts)
        self._firsts = np.cumsum([0, *counts])
        self.probabilities = _stacked([one.probabilities for one in doubted], len(LABELS))
        self.vectors = _scaled(_stacked([one.vectors for one in doubted], 1))
        shares = self.probabilities.mean(axis=0) if len(self.probabilities) else np.ones(5)
        self._doubts = _over_mean(np.array([one.doubt for one in doubted]))
        self.values = _over_mean(worth(self.probabilities, shares))

    def choose_articles(self, count: int, seed: int) -> list[int]:
        """Places of articles, the most telling first."""
        return covering(
            self.values,
            self.vectors,
            self.places,
            self._doubts,
            count,
            share=EXTRACTION,
            seed=seed,
        )

    def choose_statements(self, count: int, seed: int) -> list[int]:
        """Places of statements, the most telling first."""
        return diverse(self.values, self.vectors, count, seed=seed)

    def article_values(self) -> FloatArray:
        """What each article tells, [articles]."""
        told = self._mean_of(self.values)
        return np.asarray((1 - EXTRACTION) * told + EXTRACTION * self._doubts)

    def article_reason(self, place: int) -> str:
        """Why an article is chosen."""
        mine = self.probabilities[self.places == place]
        unsure = int((entropy(mine) >= _UNSURE).sum()) if len(mine) else 0
        times = float(self._doubts[place])
        parts = [f"stance unsure in {unsure} of {len(mine)} statements"]
        if expected := _expected(mine):
            parts.append(f"expected {expected}")
        return "; ".join([*parts, f"tags {times:.1f} times as unsure as on average"])

    def statement_reason(self, item: int) -> str:
        """Why a statement is chosen: its two most probable labels."""
        row = self.probabilities[item]
        best = np.argsort(-row, kind="stable")[:2]
        return " or ".join(f"{LABELS[n]} ({row[n]:.2f})" for n in best)

    def attribution(self, item: int) -> Attribution:
        """A statement as the model found it."""
        place = int(self.places[item])
        return self._doubted[place].attributions[item - int(self._firsts[place])]

    def selection(self, chosen: tuple[Chosen, ...], mask: npt.NDArray[np.bool_]) -> Selection:
        """What was chosen, with the labels that are to be expected."""
        sums = self.probabilities[mask].sum(axis=0)
        expected = dict(zip(LABELS, sums.tolist(), strict=True))
        return Selection(chosen, len(self._doubted), len(self.values), expected)

    def _mean_of(self, values: FloatArray) -> FloatArray:
        count = len(self._doubted)
        sums = np.bincount(self.places, weights=values, minlength=count)
        return np.asarray(sums / np.maximum(np.bincount(self.places, minlength=count), 1))


def _stacked(parts: Sequence[npt.NDArray[Any]], width: int) -> FloatArray:
    kept = [part for part in parts if len(part)]
    return np.concatenate(kept).astype(np.float64) if kept else np.zeros((0, width))


def _scaled(vectors: FloatArray) -> FloatArray:
    """Vectors with each dimension over its deviation."""
    if not len(vectors):
        return vectors
    spread = vectors.std(axis=0)
    return np.asarray(vectors / np.where(spread > 0, spread, 1.0))


def _over_mean(values: FloatArray) -> FloatArray:
    mean = float(values.mean()) if len(values) else 0.0
    return np.asarray(values / mean if mean > 0 else values)


def _expected(probabilities: FloatArray) -> str:
    """The rarer labels that an article is expected to have, in words."""
    sums = Counter(dict(zip(LABELS, probabilities.sum(axis=0).tolist(), strict=True)))
    rare = [(name, n) for name, n in sums.most_common() if name not in (_COMMON, NONE) and n >= 0.5]
    return ", ".join(f"{n:.1f} {name}" for name, n in rare)

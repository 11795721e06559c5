"""How far the words of two corpora lie apart: unknown words, a classifier that tells them apart,
and the words that have come and gone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from eval.moments import Moments, Ratios
from eval.shift import js_distance
from eval.vocabulary import Vocabulary

__all__ = ["Classified", "WordShift", "compare_words"]

FloatArray = npt.NDArray[np.float64]

COLUMNS = 2**18
"""Columns that the classifier has for words."""

NAMED = 12
"""Words of each sort that are named."""

_PRIOR = 0.01
"""Weight of the pooled words in the log-odds, as a share of their counts."""


@dataclass(frozen=True, slots=True)
class Classified:
    """A classifier told articles of two corpora apart by their words.

    Attributes:
        auc: area under the ROC curve on articles that it was not trained on; 0.5 is chance.
        articles: how many those are.
        p: of the test by Mann and Whitney that it is chance.
    """

    auc: float
    articles: int
    p: float


@dataclass(frozen=True, slots=True)
class WordShift:
    """The words of a corpus against those of the reference.

    Attributes:
        expected: share of an article's different words that is unknown where nothing has changed:
            those of the reference that no other article of it has (Good 1953). Of the corpus it
            is the share of those that the reference does not have.
        classified: None with too few articles.
        distance: Jensen–Shannon distance of the words' shares of articles.
        risen, fallen: words whose share has risen or fallen the most surely, the surest first.
    """

    expected: Ratios
    classified: Classified | None
    distance: float
    risen: tuple[str, ...]
    fallen: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        """As a JSON object."""
        found = self.classified
        return {
            "unknown_expected": float(self.expected.values[0]),
            "js_distance": self.distance,
            "classifier": None
            if found is None
            else {"auc": found.auc, "articles": found.articles, "p": found.p},
            "risen": list(self.risen),
            "fallen": list(self.fallen),
        }


def compare_words(reference: Vocabulary, corpus: Vocabulary, *, floor: int) -> WordShift | None:
    """Compare the words of two corpora.

    Args:
        reference: the words of the one.
        corpus: those of the other.
        floor: fewest articles of each.

    Returns:
        None where there are fewer, or no words.
    """
    samples = (reference.sample, corpus.sample)
    if min(map(len, samples)) < floor:
        return None
    expected = _unknown(reference)
    names = sorted(reference.words.keys() | corpus.words.keys())
    counts = np.array(
        [[v.words.get(name, 0) for name in names] for v in (reference, corpus)], dtype=np.float64
    )
    if expected is None or not counts.sum(axis=1).all():
        return None
    odds = _log_odds(counts)
    order = np.argsort(odds, kind="stable")
    return WordShift(
        expected=expected,
        classified=_classified(*samples),
        distance=js_distance(*counts),
        risen=tuple(names[n] for n in order[::-1][:NAMED] if odds[n] > 0),
        fallen=tuple(names[n] for n in order[:NAMED] if odds[n] < 0),
    )


def _unknown(reference: Vocabulary) -> Ratios | None:
    """Share of an article's words that would be unknown if the article were not there."""
    known = reference.keys()
    counts = np.array(
        [
            [sum(known.get(k, 0) <= reference.least for k in row), len(row)]
            for row in reference.sample
        ],
        dtype=np.float64,
    )
    return Moments.of(counts).ratios(np.array([[1.0, 0.0]]), 1)


def _log_odds(counts: FloatArray) -> FloatArray:
    """z-scores of the log-odds of words under a Dirichlet prior (Monroe et al. 2008).

    Args:
        counts: [2, words].

    Returns:
        [words]; above 0 where the second has more.
    """
    prior = _PRIOR * counts.sum(axis=0) + _PRIOR
    raised = counts + prior
    rest = raised.sum(axis=1, keepdims=True) - raised
    before, after = np.log(raised / rest)
    return np.asarray((after - before) / np.sqrt((1 / raised).sum(axis=0)))


def _classified(
    before: Sequence[Sequence[int]], after: Sequence[Sequence[int]]
) -> Classified | None:
    """Classifier two-sample test (Lopez-Paz and Oquab 2017; Rabanser et al. 2019).

    Logistic regression over TF-IDF is trained on every other article and judged on the rest.
    """
    from scipy.stats import mannwhitneyu
    from sklearn.feature_extraction.text import TfidfTransformer
    from sklearn.linear_model import LogisticRegression
    from sklearn.metrics import roc_auc_score

    count = min(len(before), len(after))
    rows = [*before[:count], *after[:count]]
    labels = np.repeat([0, 1], count)
    held = np.tile(np.arange(count) % 2 == 1, 2)
    if held.sum() < 4:
        return None
    matrix = TfidfTransformer(sublinear_tf=True).fit_transform(_matrix(rows))
    model = LogisticRegression(C=10.0, max_iter=500, class_weight="balanced")
    scores = model.fit(matrix[~held], labels[~held]).decision_function(matrix[held])
    found = mannwhitneyu(scores[labels[held] == 1], scores[labels[held] == 0])
    auc = float(roc_auc_score(labels[held], scores))
    return Classified(auc=auc, articles=int(held.sum()), p=float(found.pvalue))


def _matrix(rows: Sequence[Sequence[int]]) -> Any:
    from scipy.sparse import csr_matrix

    places = np.array([key % COLUMNS for row in rows for key in row], dtype=np.int64)
    ends = np.cumsum([0, *(len(row) for row in rows)])
    ones = np.ones(len(places))
    found = csr_matrix((ones, places, ends), shape=(len(rows), COLUMNS))
    found.sum_duplicates()
    return found

"""What outlets are told apart by, as matrices: how they report, their texts, their size."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from eval.outletdata import RatedOutlets
from sayso.profiles.factual import Manner, shrunk
from sayso.profiles.features import ARTICLE, FEATURES, GROUPS, STATEMENT
from sayso.profiles.measures import MIN_OUTLETS, OutletFeatures

__all__ = [
    "ALL_GROUPS",
    "CUE_WORDS",
    "STRENGTHS",
    "WEIGHTS",
    "Design",
    "designs",
    "factor",
    "fit_manner",
    "group_designs",
    "join",
]

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

CUE_WORDS = "cue words"
"""The words of cues, a group of features of its own beside `GROUPS`."""

ALL_GROUPS = (*GROUPS, CUE_WORDS)
"""The groups of features of a profile."""

WEIGHTS = (0.3, 1.0)
"""What all other features together may weigh, the words of cues weighing 1."""

STRENGTHS: Mapping[str, float] = {STATEMENT: 100.0, ARTICLE: 6.0}
"""How many statements or articles the prior of a feature counts as, by its unit."""

_RARE = 3
"""Fewest outlets that use a word of the texts."""


@dataclass(frozen=True, slots=True)
class Design:
    """A way to tell outlets apart.

    Attributes:
        name: of it.
        build: outlets, and those among them that may be learnt from → matrices [outlets, columns],
            between which the training outlets choose. No matrix depends on a rating.
    """

    name: str
    build: Callable[[RatedOutlets, IntArray], Sequence[FloatArray]]


def fit_manner(measured: OutletFeatures, train: IntArray, groups: Sequence[str]) -> Manner:
    """Take priors, scales and words of some groups of features from the outlets at `train`."""
    chosen = [feature for feature in FEATURES if feature.group in groups]
    names = tuple(feature.name for feature in chosen)
    at = [measured.names.index(name) for name in names]
    tops, bottoms = measured.tops[train][:, at], measured.bottoms[train][:, at]
    priors = tops.sum(axis=0) / np.maximum(bottoms.sum(axis=0), 1.0)
    strengths = np.array([STRENGTHS[feature.unit] for feature in chosen])
    means = shrunk(tops, bottoms, priors, strengths)
    spread = means.std(axis=0)
    used = (measured.counts[train] > 0).sum(axis=0)
    kept = np.flatnonzero(used >= MIN_OUTLETS) if CUE_WORDS in groups else np.zeros(0, int)
    return Manner(
        names,
        priors,
        strengths,
        means.mean(axis=0),
        np.where(spread > 1e-9, spread, 1.0),
        tuple(measured.words[place] for place in kept),
        np.log((1 + len(train)) / (1 + used[kept])) + 1,
    )


def factor(manner: Manner, weight: float) -> float:
    """What standardised features are multiplied by to have the length `weight` together."""
    return float(weight / np.sqrt(max(len(manner.names), 1)))


def join(manner: Manner, measured: OutletFeatures, weight: float) -> FloatArray:
    """[outlets, features + words]; the features together have the length `weight`."""
    features = manner.features(measured) * factor(manner, weight)
    return np.hstack([features, manner.cues(measured)])


def designs(*, evidence: bool = False) -> list[Design]:
    """The profile and what it is compared with.

    Args:
        evidence: whether there are profiles with `EVIDENCE`.
    """
    found = [
        Design("profile", _manner(ALL_GROUPS)),
        Design("size", _size),
        Design("text", _text),
        Design("profile + text", _both),
    ]
    if evidence:
        found.append(Design("evidence", lambda outlets, train: [_evidence(outlets, train)]))
        found.append(Design("profile + evidence", _with_evidence))
    return found


def group_designs() -> tuple[list[Design], list[Design]]:
    """Each group of features alone, and all of them but it."""
    alone = [Design(group, _manner([group])) for group in ALL_GROUPS]
    rest = [
        Design(group, _manner([name for name in ALL_GROUPS if name != group]))
        for group in ALL_GROUPS
    ]
    return alone, rest


def _manner(groups: Sequence[str]) -> Callable[[RatedOutlets, IntArray], Sequence[FloatArray]]:
    mixed = CUE_WORDS in groups and len(groups) > 1

    def build(outlets: RatedOutlets, train: IntArray) -> Sequence[FloatArray]:
        manner = fit_manner(outlets.features, train, groups)
        return [join(manner, outlets.features, weight) for weight in (WEIGHTS if mixed else (1.0,))]

    return build


def _size(outlets: RatedOutlets, train: IntArray) -> Sequence[FloatArray]:
    """How much there is of an outlet: articles, words, statements, words an article."""
    articles = np.maximum(outlets.features.articles, 1)
    each = np.stack(
        [articles, outlets.words, outlets.features.statements, outlets.words / articles]
    )
    values = np.log1p(each.T)
    spread = np.maximum(values[train].std(axis=0), 1e-9)
    return [(values - values[train].mean(axis=0)) / spread / np.sqrt(values.shape[1])]


def _text(outlets: RatedOutlets, train: IntArray) -> Sequence[FloatArray]:
    """TF-IDF of all words, and of words and pairs."""
    return [_terms(outlets, train, most) for most in (1, 2)]


def _both(outlets: RatedOutlets, train: IntArray) -> Sequence[FloatArray]:
    text = _terms(outlets, train, 1)
    return [np.hstack([one, text]) for one in _manner(ALL_GROUPS)(outlets, train)]


def _evidence(outlets: RatedOutlets, train: IntArray) -> FloatArray:
    """[outlets, `EVIDENCE`] as shares of the claims, shrunk, standardised, of length 1."""
    evidence = outlets.evidence
    assert evidence is not None
    tops, bottoms = evidence[:, 1:], evidence[:, :1]
    priors = tops[train].sum(axis=0) / np.maximum(bottoms[train].sum(), 1.0)
    means = shrunk(tops, bottoms, priors, np.full(len(priors), STRENGTHS[STATEMENT]))
    spread = np.maximum(means[train].std(axis=0), 1e-9)
    return np.asarray((means - means[train].mean(axis=0)) / spread / np.sqrt(len(priors)))


def _with_evidence(outlets: RatedOutlets, train: IntArray) -> Sequence[FloatArray]:
    """Features of evidence weigh as much as any others."""
    evidence = _evidence(outlets, train)
    factor = np.sqrt(evidence.shape[1] / len(FEATURES))
    parts = zip(_manner(ALL_GROUPS)(outlets, train), WEIGHTS, strict=True)
    return [np.hstack([one, evidence * weight * factor]) for one, weight in parts]


def _terms(outlets: RatedOutlets, train: IntArray, most: int) -> FloatArray:
    """TF-IDF by the idf of `train`, turned into as many columns as there are outlets.

    A ridge regression sees nothing but the products of rows, which are kept.
    """
    from sklearn.feature_extraction.text import TfidfTransformer

    counts = _counts(outlets.texts, most)
    known = np.asarray((counts[train] > 0).sum(axis=0)).ravel() >= _RARE
    kept = counts[:, known]
    values = TfidfTransformer(sublinear_tf=True).fit(kept[train]).transform(kept)
    products = (values @ values.T).toarray()
    lengths, turned = np.linalg.eigh(products)
    return np.asarray(turned * np.sqrt(np.clip(lengths, 0.0, None)))


@lru_cache(2)
def _counts(texts: tuple[str, ...], most: int) -> Any:
    """[outlets, terms] counts of terms of up to `most` words."""
    from sklearn.feature_extraction.text import CountVectorizer

    try:
        return CountVectorizer(ngram_range=(1, most), min_df=_RARE).fit_transform(texts).tocsr()
    except ValueError:  # no word is in so many
        return CountVectorizer(ngram_range=(1, most)).fit_transform(texts).tocsr()

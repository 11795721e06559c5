"""Stance from words alone: TF-IDF with logistic regression, as a baseline and to find noise."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.compose import ColumnTransformer
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline, make_pipeline

from data.items import COLUMNS
from data.records import LABELS

__all__ = ["label_probabilities", "tfidf_classifier"]

_WORD = r"(?u)\w+|[“”\"?!]"
"""Single letters and marks count: "I", quotation and question marks tell stances apart."""


def tfidf_classifier() -> Pipeline:
    """TF-IDF of each of `COLUMNS` and of the cue's letters, then logistic regression.

    Chosen by cross-validation over the documents of the training labels. It is fitted on
    `StanceItems.rows` and `StanceItems.labels`.
    """
    words: dict[str, Any] = {
        "ngram_range": (1, 2),
        "min_df": 2,
        "sublinear_tf": True,
        "token_pattern": _WORD,
    }
    letters: dict[str, Any] = {**words, "analyzer": "char_wb", "ngram_range": (2, 5)}
    del letters["token_pattern"]
    columns = [(name, TfidfVectorizer(**words), place) for place, name in enumerate(COLUMNS)]
    return make_pipeline(
        ColumnTransformer(
            [*columns, ("letters", TfidfVectorizer(**letters), COLUMNS.index("cue"))]
        ),
        LogisticRegression(C=4.0, max_iter=2000, class_weight="balanced"),
    )


def label_probabilities(model: Any, rows: npt.NDArray[Any]) -> npt.NDArray[np.float64]:
    """Probabilities [items, 5] in the order of `LABELS` from a fitted scikit-learn classifier.

    A label that was not trained on gets 0.
    """
    out = np.zeros((len(rows), len(LABELS)))
    out[:, model.classes_] = model.predict_proba(rows)
    return out

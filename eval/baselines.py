"""What stance costs without a network: the majority label, and TF-IDF with logistic regression."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.compose import ColumnTransformer
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline, make_pipeline

from data.loaders import load_polnear, load_stances, locate, with_stances
from data.records import LABELS, LabelledArticle
from eval.stance import stance_scores
from sayso.records import join_pieces

__all__ = ["baselines"]

CONTEXT = 80
"""Characters around the spans that the baselines see."""


def baselines(data: Path, *, train: str = "train", split: str = "dev") -> dict[str, Any]:
    """Train on the stance labels of one split and measure on another's, as the suite `stance` does.

    Raises:
        InputError: the data is not there.
    """
    texts, labels, _ = _items(_labelled(data, train))
    held_texts, gold, documents = _items(_labelled(data, split))
    majority = np.zeros((len(gold), len(LABELS)))
    majority[:, np.bincount(labels).argmax()] = 1.0
    model = _tfidf().fit(texts, labels)
    found = model.predict_proba(held_texts)
    named = {"majority": majority, "tfidf_logistic_regression": found}
    out = {}
    for name, probabilities in named.items():
        scores = stance_scores(gold, probabilities, documents)
        out[name] = {
            "macro_f1_four": asdict(scores.four),
            "macro_f1_five": asdict(scores.five),
            "ece": scores.ece,
        }
    return out


def _labelled(data: Path, split: str) -> list[LabelledArticle]:
    labels = load_stances(locate(data, f"stance.{split}.jsonl"))
    return with_stances(load_polnear(data, split), labels)


def _items(
    articles: Sequence[LabelledArticle],
) -> tuple[npt.NDArray[np.object_], npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Cue, content and context of each labelled statement, its label and its document."""
    rows: list[list[str]] = []
    labels, documents = [], []
    for number, article in enumerate(articles):
        for s in article.statements:
            if s.stance is None:
                continue
            spans = [*s.source, *s.cue, *s.content]
            low = max(0, min(span.start for span in spans) - CONTEXT)
            context = article.text[low : max(span.end for span in spans) + CONTEXT]
            rows.append(
                [
                    join_pieces(article.text, s.cue) or "",
                    join_pieces(article.text, s.content) or "",
                    context,
                ]
            )
            labels.append(LABELS.index(s.stance))
            documents.append(number)
    return np.array(rows, dtype=object), np.array(labels), np.array(documents)


def _tfidf() -> Pipeline:
    """One TF-IDF a column (0 cue, 1 content, 2 context), then logistic regression."""
    columns = [
        (name, TfidfVectorizer(ngram_range=(1, 2), min_df=2, sublinear_tf=True), place)
        for place, name in enumerate(("cue", "content", "context"))
    ]
    return make_pipeline(
        ColumnTransformer(columns),
        LogisticRegression(C=4.0, max_iter=2000, class_weight="balanced"),
    )

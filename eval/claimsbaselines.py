"""What grouping by claim is measured beside: equal texts, TF-IDF and a sentence encoder."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from eval.claims import Labelled
from eval.claimsfit import best_link, event_groups

__all__ = ["baseline_groups"]

FloatArray = npt.NDArray[np.float64]


def baseline_groups(
    tune: Labelled, report: Labelled, encoder: str | None
) -> dict[str, npt.NDArray[np.int64]]:
    """Groups of the statements of `report` by each baseline.

    Cosines are grouped by average linkage within events, with the link that is best on `tune` by
    F1.

    Args:
        tune: what links are chosen on.
        report: what is grouped.
        encoder: of sentences, as `eval.embeddings.locate_encoder` takes it; None for none.
    """
    found = {
        "every statement alone": np.arange(len(report.texts)),
        "equal texts": _codes([text.casefold().strip(" .,\"'“”‘’") for text in report.texts]),
        "TF-IDF": _by_cosine(tune, report, _tfidf),
    }
    if encoder is not None:
        found["sentence encoder"] = _by_cosine(tune, report, _states(encoder))
    return found


def _by_cosine(
    tune: Labelled, report: Labelled, vectors: Callable[[list[str]], FloatArray]
) -> npt.NDArray[np.int64]:
    link, _, _ = best_link(tune, _cosines(tune, vectors), beta=1.0)
    return event_groups(report, _cosines(report, vectors), link)


def _cosines(labelled: Labelled, vectors: Callable[[list[str]], FloatArray]) -> FloatArray:
    one, other = labelled.pairs()
    rows = vectors(labelled.texts)
    return np.asarray(np.maximum((rows[one] * rows[other]).sum(axis=1), 0))


def _tfidf(texts: list[str]) -> FloatArray:
    from sklearn.feature_extraction.text import TfidfVectorizer

    return np.asarray(TfidfVectorizer(sublinear_tf=True).fit_transform(texts).toarray())


def _states(encoder: str) -> Callable[[list[str]], FloatArray]:
    from eval.embeddings import embed, locate_encoder

    place = locate_encoder(encoder)
    return lambda texts: embed(place, texts)


def _codes(texts: list[str]) -> npt.NDArray[np.int64]:
    places = {text: place for place, text in enumerate(dict.fromkeys(texts))}
    return np.array([places[text] for text in texts])

"""What a model is unsure of in an article: where statements stand, and what their stance is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from sayso.bundle import TOKENIZER, BundleConfig, load_bundle
from sayso.decode import Attribution, decode
from sayso.encoder import Encoder
from sayso.records import Article
from sayso.stance import calibrated, pool
from sayso.tags import LAYERS, TAGS
from sayso.tokens import TextTokenizer
from sayso.windows import plan_parts

__all__ = ["Doubted", "Doubter", "entropy", "tag_marginals"]

FloatArray = npt.NDArray[np.float64]

LONGEST = 16_384
"""Tokens of a text that are read together; what follows is not asked about."""

_FAR = -1e9


@dataclass(frozen=True, slots=True)
class Doubted:
    """An article as a model sees it.

    Attributes:
        article: as it was read.
        attributions: the statements that the model finds, those included that it would drop.
        probabilities: [statements, 5] calibrated, in the order of `data.records.LABELS`.
        vectors: [statements, size] pooled cue and content, what the stance is told from.
        tokens: how many the text has.
        doubt: mean over tokens and layers of the entropy of the tag, in nats.
    """

    article: Article
    attributions: Sequence[Attribution]
    probabilities: FloatArray
    vectors: npt.NDArray[np.float32]
    tokens: int
    doubt: float


class Doubter:
    """Reads articles with a bundle and tells what it is unsure of.

    Args:
        path: the bundle's folder; None for the one that ships.

    Raises:
        BundleError: the folder is no whole bundle of a version that can be read.
    """

    def __init__(self, path: Path | str | None = None) -> None:
        bundle = load_bundle(path)
        self._config = bundle.config
        self._tokenizer = TextTokenizer.load(bundle.folder / TOKENIZER)
        self._encoder = Encoder(bundle, self._tokenizer)
        self.model = bundle.model

    def doubt(self, articles: Iterable[Article]) -> Iterator[Doubted]:
        """Stream the articles with the statements that the model finds."""
        for article in articles:
            yield self._doubted(article, None)[0]

    def doubt_given(self, article: Article, attributions: Sequence[Attribution]) -> list[Doubted]:
        """An article with the statements that the model finds, and with those that are given."""
        return self._doubted(article, None, attributions)

    def _doubted(
        self, article: Article, *statements: Sequence[Attribution] | None
    ) -> list[Doubted]:
        """The article with each of several lists of statements; None for those that are found."""
        whole = self._tokenizer(article.text)
        ends = [end for _, end in plan_parts(whole.breaks.tolist(), longest=LONGEST)]
        tokens = whole.part(0, ends[0]) if ends else whole
        config = self._config
        scores = self._encoder.encode(tokens)
        doubt, out = _doubt(scores.emissions, config), []
        for given in statements:
            found = decode(tokens, scores, config) if given is None else given
            vectors = pool(tokens, scores.stances, found, config)
            rows = calibrated(self._encoder.stance_scores(vectors), config)
            out.append(Doubted(article, found, rows, vectors, len(tokens), doubt))
        return out


def entropy(probabilities: FloatArray) -> FloatArray:
    """Entropy in nats over the last axis."""
    safe = np.clip(probabilities, 1e-12, 1.0)
    return np.asarray(-(probabilities * np.log(safe)).sum(axis=-1))


def tag_marginals(emissions: FloatArray, transitions: FloatArray) -> FloatArray:
    """Probability of each tag of each token under a chain CRF, by forward and backward sums.

    The entropy of these is the token entropy of Settles and Craven (2008).

    Args:
        emissions: [tokens, tags]; no sequence begins with an `I` tag.
        transitions: [from, to].

    Returns:
        [tokens, tags], rows sum to 1.
    """
    count = len(emissions)
    before = np.empty_like(emissions)
    after = np.zeros_like(emissions)
    begins = np.array([_FAR if tag.startswith("I-") else 0.0 for tag in TAGS])
    moves = np.exp(transitions)
    before[0] = emissions[0] + begins
    for n in range(1, count):
        most = before[n - 1].max()
        reached = np.exp(before[n - 1] - most) @ moves
        before[n] = emissions[n] + most + np.log(np.maximum(reached, 1e-300))
    for n in range(count - 2, -1, -1):
        ahead = emissions[n + 1] + after[n + 1]
        most = ahead.max()
        after[n] = most + np.log(np.maximum(moves @ np.exp(ahead - most), 1e-300))
    both = before + after
    both -= both.max(axis=1, keepdims=True)
    power = np.exp(both)
    return np.asarray(power / power.sum(axis=1, keepdims=True))


def _doubt(emissions: npt.NDArray[np.float32], config: BundleConfig) -> float:
    if not len(emissions):
        return 0.0
    layers = emissions.astype(np.float64).reshape(len(emissions), len(LAYERS), len(TAGS))
    moves = np.array(config.transitions, dtype=np.float64)
    return float(
        np.mean([entropy(tag_marginals(layers[:, n], moves[n])) for n in range(len(LAYERS))])
    )

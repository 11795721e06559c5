"""A stance head on top of a bundle's own: what it says, corrected by what new labels teach."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from data.records import LABELS

__all__ = ["ResidualHead"]

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

PENALTY = 30.0
"""Weight of the squared corrections against the summed loss; by the tuning part of the articles."""

_LEAST = 1e-6
_STEPS = 100


@dataclass(frozen=True, slots=True)
class ResidualHead:
    """Softmax regression whose offset is the bundle's log-probability of each label.

    Without labels it says what the bundle says; the penalty holds it there, so that some few labels
    do not undo what was learnt from many.

    Attributes:
        weights: [size + 1, labels] corrections; the last row is added to every item.
        centre, scale: [size] that vectors are brought to the mean 0 and the deviation 1 by.
    """

    weights: FloatArray
    centre: FloatArray
    scale: FloatArray

    @classmethod
    def fit(
        cls,
        vectors: FloatArray,
        probabilities: FloatArray,
        labels: IntArray,
        *,
        known: FloatArray | None = None,
        penalty: float = PENALTY,
    ) -> ResidualHead:
        """Learn from labelled items.

        Args:
            vectors: [items, size].
            probabilities: [items, labels] of the bundle.
            labels: [items] indices into `LABELS`.
            known: [any, size] vectors, labelled or not, that scale them; `vectors` if left out.
            penalty: weight of the squared corrections.
        """
        from scipy.optimize import minimize

        seen = vectors if known is None else known
        spread = seen.std(axis=0)
        head = cls(
            np.zeros((vectors.shape[1] + 1, len(LABELS))),
            seen.mean(axis=0),
            np.where(spread > 0, spread, 1.0),
        )
        if not len(labels):
            return head
        inputs, offsets = head._inputs(vectors), _offsets(probabilities)
        targets = np.eye(len(LABELS))[labels]

        def loss(flat: Any) -> Any:
            weights = flat.reshape(head.weights.shape)
            found = _softmax(offsets + inputs @ weights)
            told = -np.log(np.clip((found * targets).sum(axis=1), 1e-12, None)).sum()
            slope = inputs.T @ (found - targets) + 2 * penalty * weights
            return float(told + penalty * (weights**2).sum()), slope.ravel()

        start: Any = head.weights.ravel()
        options: Any = {"maxiter": _STEPS}
        done = minimize(loss, start, jac=True, method="L-BFGS-B", options=options)
        return cls(done.x.reshape(head.weights.shape), head.centre, head.scale)

    def predict(self, vectors: FloatArray, probabilities: FloatArray) -> FloatArray:
        """Probabilities [items, labels] of items from their vectors and the bundle's own."""
        return _softmax(_offsets(probabilities) + self._inputs(vectors) @ self.weights)

    def _inputs(self, vectors: FloatArray) -> FloatArray:
        scaled = (vectors - self.centre) / self.scale
        return np.concatenate([scaled, np.ones((len(scaled), 1))], axis=1)


def _offsets(probabilities: FloatArray) -> FloatArray:
    return np.asarray(np.log(np.clip(probabilities, _LEAST, None)))


def _softmax(scores: FloatArray) -> FloatArray:
    power = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(power / power.sum(axis=1, keepdims=True))

"""Sums and products of articles' counts: what ratios over articles and their errors are made of.

They add up, so that a corpus of any size is gone through once and kept in a few thousand numbers.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

__all__ = ["Moments", "Ratios"]

FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Ratios:
    """Ratios of sums over articles with their errors.

    Attributes:
        values: [ratios].
        covariance: [ratios, ratios] of the values, over articles.
        articles: how many they are of.
        bottom: the sum that they are over.
    """

    values: FloatArray
    covariance: FloatArray
    articles: int
    bottom: float

    @property
    def errors(self) -> FloatArray:
        """[ratios] standard errors."""
        return np.asarray(np.sqrt(np.clip(np.diag(self.covariance), 0.0, None)))


@dataclass(frozen=True, slots=True)
class Moments:
    """What is kept of a group of articles, each of them a vector of counts.

    Attributes:
        articles: how many.
        sums: [counts] over articles.
        products: [counts, counts] sums over articles of the products of two counts.
    """

    articles: int
    sums: FloatArray
    products: FloatArray

    @classmethod
    def of(cls, counts: FloatArray) -> Moments:
        """Those of articles [articles, counts]."""
        return cls(len(counts), counts.sum(axis=0), counts.T @ counts)

    def plus(self, other: Moments) -> Moments:
        """Those of both groups together."""
        return Moments(
            self.articles + other.articles,
            self.sums + other.sums,
            self.products + other.products,
        )

    def ratios(self, weights: FloatArray, bottom: int) -> Ratios | None:
        """Weighted sums of counts over the sum of one, with linearised errors (Cochran 1977, § 6).

        Statements of one article are alike; the errors are over articles, so that it does not
        matter how many statements each has.

        Args:
            weights: [ratios, counts] of the sums above.
            bottom: which count is below.

        Returns:
            None where the sum below is 0.
        """
        below = float(self.sums[bottom])
        if below <= 0:
            return None
        values = weights @ self.sums / below
        rest = weights.copy()
        rest[:, bottom] -= values
        spread = rest @ self.products @ rest.T / below**2
        spread *= self.articles / max(self.articles - 1, 1)
        return Ratios(values, spread, self.articles, below)

    def to_dict(self) -> dict[str, Any]:
        """As a JSON object; of the products the lower half."""
        half = self.products[np.tril_indices(len(self.sums))]
        return {
            "articles": self.articles,
            "sums": _plain(self.sums),
            "products": _plain(half),
        }

    @classmethod
    def from_dict(cls, row: dict[str, Any], counts: int) -> Moments:
        """What `to_dict` gave.

        Args:
            row: the JSON object.
            counts: how many counts an article has.

        Raises:
            ValueError: the object is another.
        """
        sums = np.array(row["sums"], dtype=np.float64)
        half = np.array(row["products"], dtype=np.float64)
        if sums.shape != (counts,) or half.shape != (counts * (counts + 1) // 2,):
            raise ValueError(f"expected sums of {counts} counts and their products")
        products = np.zeros((counts, counts))
        products[np.tril_indices(counts)] = half
        products += np.tril(products, -1).T
        return cls(int(row["articles"]), sums, products)


def _plain(values: FloatArray) -> list[float]:
    """Whole numbers without a point."""
    return [int(value) if value.is_integer() else value for value in values.tolist()]

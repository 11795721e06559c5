"""What a scorer is loaded with, apart from it: who only hands it on need not load the scorer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sayso.scorer import Scorer

__all__ = ["ScorerSettings"]


@dataclass(frozen=True, slots=True)
class ScorerSettings:
    """All that decides the rows, and how many threads make them.

    Attributes:
        model: folder of the bundle; None for the one that ships with the package.
        threshold: least `p_statement` of a statement that is kept; None for the bundle's own.
        abstain: share of statements, the least sure ones, whose stance is left out.
        threads: articles that are read at once, each on a core; None for all usable cores.
    """

    model: str | None = None
    threshold: float | None = None
    abstain: float = 0.0
    threads: int | None = None

    def load(self) -> Scorer:
        """Load the scorer.

        Raises:
            BundleError: the folder is no whole bundle of a version this sayso can read.
            UsageError: `abstain` is out of range, or the bundle does not say how sure to be.
        """
        from sayso.scorer import Scorer

        return Scorer.load(
            self.model, threads=self.threads, threshold=self.threshold, abstain=self.abstain
        )

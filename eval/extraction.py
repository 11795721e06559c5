"""Extraction on articles: pieces of each role, exact and by overlap, and whole statements."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from data.records import LabelledArticle
from eval.figures import Scores, scores
from eval.slices import ExtractionSlice, extraction_slices
from eval.spans import comparable, exact_counts, overlap_counts, tuple_counts
from eval.tuples import match_counts, match_statements
from sayso.tags import ROLES

__all__ = ["Extraction", "measure_extraction"]


@dataclass(frozen=True, slots=True)
class Extraction:
    """How well attributions were found.

    Attributes:
        articles: how many were compared.
        exact: by role, pieces with the same start and end.
        overlap: by role, pieces whose characters' Jaccard index is 0.8 or more.
        whole: statements whose pieces of all three roles are exact.
        tuple_overlap: statements that match by `eval.tuples.match_statements`.
        slices: by kind and value, as of `eval.slices.extraction_slices`.
    """

    articles: int
    exact: Mapping[str, Scores]
    overlap: Mapping[str, Scores]
    whole: Scores
    tuple_overlap: Scores
    slices: Mapping[str, Mapping[str, ExtractionSlice]]

    def to_dict(self) -> dict[str, Any]:
        """As a JSON object."""
        out: dict[str, Any] = {"articles": self.articles}
        for role in ROLES:
            out |= self.exact[role].to_dict(role) | self.overlap[role].to_dict(f"{role}_overlap")
        out |= self.whole.to_dict("tuple") | self.tuple_overlap.to_dict("tuple_overlap")
        out["slices"] = {
            kind: {value: part.to_dict() for value, part in parts.items()}
            for kind, parts in self.slices.items()
        }
        return out


def measure_extraction(pairs: Sequence[tuple[LabelledArticle, LabelledArticle]]) -> Extraction:
    """Hold predictions against gold.

    Args:
        pairs: gold and prediction of each article. Where gold is marked `Convention.FLAT`, nested
            statements are left out of the prediction.
    """
    exact = [exact_counts(gold, found) for gold, found in pairs]
    near = [overlap_counts(gold, found) for gold, found in pairs]
    matched = []
    for gold, found in pairs:
        marked, mine = (comparable(article, gold.convention) for article in (gold, found))
        matched.append(match_counts(match_statements(marked, mine), marked, mine))
    return Extraction(
        articles=len(pairs),
        exact={role: scores([counts[role] for counts in exact]) for role in ROLES},
        overlap={role: scores([counts[role] for counts in near]) for role in ROLES},
        whole=scores([tuple_counts(gold, found) for gold, found in pairs]),
        tuple_overlap=scores(matched),
        slices=extraction_slices(pairs),
    )

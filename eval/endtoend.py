"""End to end on articles marked in full: statements, their nesting, their form and their stance."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from data.records import LABELS, LabelledArticle, LabelledStatement
from eval.figures import (
    Figure,
    Scores,
    accuracy,
    interval,
    macro_f1,
    parted_scores,
    scores,
)
from eval.predictions import Prediction, kept_above
from eval.tuples import (
    depths,
    match_counts,
    match_statements,
    parent_counts,
    part_counts,
    stance_confusion,
    without_none,
)
from sayso.records import FORMS, STANCES

__all__ = ["EndToEnd", "measure_end_to_end"]

DEEP = 2
"""From this depth on nested statements are counted together."""


@dataclass(frozen=True, slots=True)
class EndToEnd:
    """How well statements were found in raw text and labelled.

    Attributes:
        articles, statements: how many are marked.
        threshold: of `p_statement`, for `kept`.
        tuple_overlap: every statement found against every one marked, `none` included.
        kept: those found at the threshold or above against those marked with a stance.
        parts: `top_level`, `nested`, `depth_1` (in a content on top), `depth_2` (deeper) and each
            of `FORMS`: precision over the statements found of that sort, recall over those marked
            so, of the same matching as `tuple_overlap`.
        parent: links from a nested statement to its parent, right if both ends match.
        stance_macro_f1: over the four stances, of matched statements whose gold is not `none`.
        stance_accuracy: of the same.
        confusion: [gold, predicted] counts of matched statements in the order of `LABELS`.
    """

    articles: int
    statements: int
    threshold: float
    tuple_overlap: Scores
    kept: Scores
    parts: Mapping[str, Scores]
    parent: Scores
    stance_macro_f1: Figure
    stance_accuracy: Figure
    confusion: npt.NDArray[np.int64]

    def to_dict(self) -> dict[str, Any]:
        """As a JSON object."""
        out: dict[str, Any] = {
            "articles": self.articles,
            "statements": self.statements,
            "threshold": self.threshold,
            **self.tuple_overlap.to_dict("tuple_overlap"),
            **self.kept.to_dict("kept"),
            **self.parent.to_dict("parent"),
        }
        for name, part in self.parts.items():
            out |= part.to_dict(name)
        out["stance_macro_f1"] = self.stance_macro_f1.to_dict()
        out["stance_accuracy"] = self.stance_accuracy.to_dict()
        out["confusion"] = self.confusion.tolist()
        return out


def measure_end_to_end(predictions: Sequence[Prediction], *, threshold: float) -> EndToEnd:
    """Hold predictions against gold.

    Args:
        predictions: of articles marked in full, with every row kept.
        threshold: of `p_statement`, for `EndToEnd.kept`.
    """
    counts: dict[str, list[Any]] = defaultdict(list)
    for prediction in predictions:
        marked, found, sure = prediction.gold, prediction.found, prediction.p_statement
        matches = match_statements(marked.statements, found.statements)
        counts["all"].append(match_counts(matches, marked.statements, found.statements))
        kept, real = kept_above(found, sure, threshold), without_none(marked.statements)
        pairs = match_statements(real, kept.statements)
        counts["kept"].append(match_counts(pairs, real, kept.statements))
        counts["parent"].append(parent_counts(marked, found, matches))
        counts["stance"].append(stance_confusion(matches))
        theirs, mine = _parts(marked), _parts(found)
        for name in _PARTS:
            counts[name].append(part_counts(matches, theirs[name], mine[name]))
    confusions = np.array(counts["stance"]).reshape(-1, len(LABELS), len(LABELS))
    return EndToEnd(
        articles=len(predictions),
        statements=sum(len(one.gold.statements) for one in predictions),
        threshold=threshold,
        tuple_overlap=scores(counts["all"]),
        kept=scores(counts["kept"]),
        parts={name: parted_scores(counts[name]) for name in _PARTS},
        parent=scores(counts["parent"]),
        stance_macro_f1=interval(confusions, macro_f1(len(STANCES))),
        stance_accuracy=interval(confusions[:, : len(STANCES)], accuracy),
        confusion=np.sum(confusions, axis=0, dtype=np.int64),
    )


_PARTS = ("top_level", "nested", "depth_1", "depth_2", *FORMS)


def _parts(article: LabelledArticle) -> dict[str, list[LabelledStatement]]:
    """The article's statements by `_PARTS`."""
    deep = depths(article)
    out: dict[str, list[LabelledStatement]] = {name: [] for name in _PARTS}
    for s in article.statements:
        if s.form in out:
            out[s.form].append(s)
        if deep[s.id]:
            out["nested"].append(s)
            out[f"depth_{min(deep[s.id], DEEP)}"].append(s)
        else:
            out["top_level"].append(s)
    return out

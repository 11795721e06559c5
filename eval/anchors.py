"""Figures of other systems that ours stand beside, each with where it is from and what it is of.

PolNeAR's test part is not among the data here, so they are anchors, not a comparison on the same
articles.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

__all__ = ["EXTRACTION_ANCHORS", "STANCE_ANCHORS", "Anchor"]


@dataclass(frozen=True, slots=True)
class Anchor:
    """What is known of another system.

    Attributes:
        system: its name.
        source: who measured it.
        data: what on.
        figures: in percent, by name as in the results.
    """

    system: str
    source: str
    data: str
    figures: Mapping[str, float]


_TEST = "PolNeAR test"


def _extraction(source: float, cue: float, content: float) -> dict[str, float]:
    return {"source_f1": source, "cue_f1": cue, "content_f1": content}


EXTRACTION_ANCHORS = (
    Anchor(
        "CofeNet with BERT", "Wang et al. 2022, published", _TEST, _extraction(83.2, 75.3, 72.9)
    ),
    Anchor("BERT", "Wang et al. 2022, published", _TEST, _extraction(81.1, 74.0, 68.9)),
    Anchor(
        "Citron, retrained", "measured with the same metric", _TEST, _extraction(63.4, 51.9, 45.2)
    ),
    Anchor(
        "GenderGapTracker", "measured with the same metric", _TEST, _extraction(54.9, 48.3, 27.9)
    ),
)
"""Exact F1 of pieces: extraction of quotations and attributions on PolNeAR's test part."""

STANCE_ANCHORS = (
    Anchor(
        "cue lexicon with rules",
        "as reported",
        "stance on gold spans",
        {"macro_f1_four": 70.5, "macro_f1_five": 61.2},
    ),
)
"""Macro-F1 of stance on gold spans."""

"""The suites of the evaluation; each gives named figures from predictions on labelled data."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

from data.records import LabelledArticle, LabelledStatement
from eval.answers import StanceAnswers, collect_answers
from eval.calibration import measure_calibration
from eval.corpora import Corpora, load_corpora
from eval.endtoend import measure_end_to_end
from eval.extraction import measure_extraction
from eval.predictions import AnyScorer, Prediction, digest_found, digest_given, predict
from eval.selective import measure_selective
from eval.slices import stance_slices
from eval.sources import source_figures
from eval.stance import stance_scores
from sayso.errors import InputError
from sayso.records import STANCES

__all__ = ["SUITES", "run_suites"]

Figures = dict[str, Any]


def run_suites(
    scorer: AnyScorer,
    data: Path | str,
    *,
    split: str = "dev",
    suites: Sequence[str] | None = None,
    threshold: float = 0.5,
    corpora: Corpora | None = None,
) -> Figures:
    """Run suites, which share their predictions, and collect their figures by suite.

    Args:
        scorer: with threshold 0.
        data: folder of the labelled data, or a file in the form of `wire.<split>.jsonl`.
        split: part of it, as in the files' names (`polnear.<split>.jsonl`).
        suites: of `SUITES`; None for all whose data is there, and what is not is told under
            `skipped`.
        threshold: of `p_statement`, for the figures of rows that would be kept.
        corpora: the split, where it has been loaded from `data` already.

    Returns:
        Figures by suite, and under `predictions` a SHA-256 of every row predicted, by part of the
        data: two runs with the same ones predicted the same.

    Raises:
        InputError: a suite that was asked for by name is none or lacks its data, or data is
            malformed.
    """
    if unknown := sorted(set(suites or ()) - set(SUITES)):
        raise InputError(f"expected suites of {', '.join(SUITES)}, found {unknown[0]}")
    corpora = corpora or load_corpora(data, split)
    skipped = {
        name: f"expected {file} under {data}, found none"
        for name in suites or SUITES
        if (file := _missing(name, corpora))
    }
    if suites and skipped:
        raise InputError(f"suite {min(skipped)}: {skipped[min(skipped)]}")
    names = [name for name in suites or SUITES if name not in skipped]
    material = _Material(scorer, corpora, names, threshold)
    out: Figures = {"model": scorer.model_id, "split": split}
    out |= {name: SUITES[name](material) for name in names}
    if digests := material.digests():
        out["predictions"] = digests
    return {**out, "skipped": skipped} if skipped else out


class _Material:
    """Predictions on each part of the data, made when first needed and shared by the suites."""

    def __init__(
        self, scorer: AnyScorer, corpora: Corpora, suites: Sequence[str], threshold: float
    ) -> None:
        self._scorer = scorer
        self._suites = suites
        self.corpora = corpora
        self.threshold = threshold

    @cached_property
    def polnear(self) -> list[Prediction]:
        """PolNeAR articles: searched if they are extracted from, asked if stance is wanted."""
        articles = self.corpora.polnear or ()
        search = "extraction" in self._suites
        given = self._given(articles) if not _STANCE.isdisjoint(self._suites) else {}
        chosen = articles if search else [a for a in articles if a.id in given]
        return predict(self._scorer, chosen, search=search, given=given)

    @cached_property
    def answers(self) -> StanceAnswers:
        """Stance on gold spans."""
        return collect_answers(self.polnear)

    @cached_property
    def wire(self) -> list[Prediction]:
        """Wire articles."""
        return predict(self._scorer, self.corpora.wire or ())

    @cached_property
    def gold(self) -> list[Prediction]:
        """Our own gold; it is in no split and always the same."""
        return predict(self._scorer, self.corpora.gold)

    def digests(self) -> dict[str, str]:
        """SHA-256 of the predictions that the suites took, by part of the data."""
        split, out = self.corpora.split, {}
        if "extraction" in self._suites:
            out[f"polnear.{split}"] = digest_found(self.polnear)
        if not _STANCE.isdisjoint(self._suites):
            out[f"stance.{split}"] = digest_given(self.polnear)
        if "wire" in self._suites:
            out[f"wire.{split}"] = digest_found(self.wire)
        if "gold" in self._suites:
            out["gold"] = digest_found(self.gold)
        return out

    def _given(self, articles: Sequence[LabelledArticle]) -> dict[str, list[LabelledStatement]]:
        given, known = self.corpora.stances_by_article(), {a.id for a in articles}
        for doc, labels in given.items():
            if doc not in known:
                raise InputError(
                    f"expected an article {doc!r} for label {labels[0].id}, found none"
                )
        if not given:
            raise InputError(
                "expected statements with a stance, found none",
                file=f"stance.{self.corpora.split}.jsonl",
            )
        return given


def _extraction(material: _Material) -> Figures:
    """PolNeAR: pieces of each role, exact and at 0.8 overlap, and whole statements; slices."""
    return measure_extraction([(one.gold, one.found) for one in material.polnear]).to_dict()


def _stance(material: _Material) -> Figures:
    """Stance labels on gold spans of PolNeAR articles; slices."""
    answers = material.answers
    found = stance_scores(answers.gold, answers.probabilities, answers.documents)
    slices = {
        kind: {value: part.to_dict() for value, part in parts.items()}
        for kind, parts in stance_slices(answers).items()
    }
    return {**found.to_dict(), "slices": slices}


def _calibration(material: _Material) -> Figures:
    answers = material.answers
    return measure_calibration(answers.gold, answers.probabilities, answers.documents).to_dict()


def _selective(material: _Material) -> Figures:
    """Over the items whose gold is one of the four stances, and over all."""
    answers = material.answers
    four, five = (
        measure_selective(answers.gold, answers.probabilities, answers.documents, **only)
        for only in ({"labels": len(STANCES)}, {})
    )
    return {"four": four.to_dict(), "five": five.to_dict()}


def _wire(material: _Material) -> Figures:
    """Fully marked wire articles, end to end."""
    return measure_end_to_end(material.wire, threshold=material.threshold).to_dict()


def _gold(material: _Material) -> Figures:
    """Our own gold articles, end to end."""
    return measure_end_to_end(material.gold, threshold=material.threshold).to_dict()


def _sources(material: _Material) -> Figures:
    """Source resolution on gold spans: wire articles and our own gold."""
    parts = {"wire": material.corpora.wire or (), "gold": material.corpora.gold}
    return {name: source_figures(articles) for name, articles in parts.items()}


SUITES: Mapping[str, Callable[[_Material], Figures]] = {
    "extraction": _extraction,
    "stance": _stance,
    "calibration": _calibration,
    "selective": _selective,
    "wire": _wire,
    "gold": _gold,
    "sources": _sources,
}
"""What can be run, by name."""

_STANCE = frozenset(("stance", "calibration", "selective"))
"""The suites that ask for stance on gold spans."""

_NEEDS = {
    "extraction": ("polnear",),
    **dict.fromkeys(sorted(_STANCE), ("polnear", "stances")),
    "wire": ("wire",),
    "sources": ("wire",),
}


def _missing(suite: str, corpora: Corpora) -> str:
    """The file of the first part that a suite lacks, or nothing."""
    lacks = [part for part in _NEEDS.get(suite, ()) if part in corpora.missing()]
    stem = {"stances": "stance"}.get(lacks[0], lacks[0]) if lacks else ""
    return f"{stem}.{corpora.split}.jsonl" if stem else ""

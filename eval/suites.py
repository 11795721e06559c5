"""The suites of the evaluation; each gives named figures from a scorer and labelled data."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from data.loaders import GOLD, load_full, load_gold, load_polnear, load_stances, locate
from data.records import LABELS, LabelledArticle, LabelledStatement
from eval.figures import f1, interval, macro_f1, precision, recall
from eval.predictions import AnyScorer, kept_above, predict
from eval.sources import source_figures
from eval.spans import comparable, exact_counts, overlap_counts, tuple_counts
from eval.stance import stance_scores
from eval.tuples import match_statements, parent_counts, stance_confusion, without_none
from sayso.decode import Attribution
from sayso.errors import InputError
from sayso.records import FORMS, STANCES, Article
from sayso.tags import ROLES

__all__ = ["SUITES", "end_to_end", "extraction", "run_suites", "stance_on_gold"]

Figures = dict[str, Any]


def run_suites(
    scorer: AnyScorer,
    data: Path | str,
    *,
    split: str = "dev",
    suites: Sequence[str] | None = None,
    threshold: float = 0.5,
) -> Figures:
    """Run suites and collect their figures by suite.

    Args:
        scorer: with threshold 0.
        data: folder of the labelled data.
        split: part of it, as in the files' names (`polnear.<split>.jsonl`).
        suites: of `SUITES`; None for all whose data is there.
        threshold: of `p_statement`, for the figures of rows that would be kept.

    Raises:
        InputError: a suite that was asked for by name lacks its data.
    """
    out: Figures = {"model": scorer.model_id, "split": split}
    for name in suites or SUITES:
        try:
            out[name] = SUITES[name](scorer, Path(data), split, threshold)
        except InputError:
            if suites:
                raise
    return out


def extraction(scorer: AnyScorer, data: Path, split: str, threshold: float) -> Figures:
    """PolNeAR: pieces of each role, exact and at 0.8 overlap, and whole statements."""
    golds = load_polnear(data, split)
    pairs = [(g, p) for g, (p, _) in zip(golds, predict(scorer, golds), strict=True)]
    exact = [exact_counts(g, p) for g, p in pairs]
    near = [overlap_counts(g, p) for g, p in pairs]
    matched = []
    for gold, found in pairs:
        mine = comparable(found, gold.convention)
        count = len(match_statements(gold.statements, mine))
        matched.append([count, len(mine), len(gold.statements)])
    out: Figures = {"articles": len(golds)}
    for role in ROLES:
        counts = [c[role] for c in exact]
        out[f"{role}_f1"] = asdict(interval(counts, f1))
        out[f"{role}_precision"] = asdict(interval(counts, precision))
        out[f"{role}_recall"] = asdict(interval(counts, recall))
        out[f"{role}_overlap_f1"] = asdict(interval([c[role] for c in near], f1))
    out["tuple_f1"] = asdict(interval([tuple_counts(g, p) for g, p in pairs], f1))
    out["tuple_overlap_f1"] = asdict(interval(matched, f1))
    return out


def stance_on_gold(scorer: AnyScorer, data: Path, split: str, threshold: float) -> Figures:
    """Stance labels on gold spans of PolNeAR articles."""
    labels = load_stances(locate(data, f"stance.{split}.jsonl"))
    texts = {a.id: a.text for a in load_polnear(data, split)}
    by_doc: dict[str, list[LabelledStatement]] = defaultdict(list)
    for label in labels:
        if label.doc not in texts:
            raise InputError(f"expected an article {label.doc!r} for label {label.id}, found none")
        by_doc[label.doc].append(label)
    gold, probabilities, documents = [], [], []
    for number, (doc, items) in enumerate(by_doc.items()):
        spans = [Attribution(s.source, s.cue, s.content) for s in items]
        probabilities.append(scorer.classify(Article(doc, texts[doc]), spans))
        gold += [LABELS.index(s.stance) for s in items if s.stance is not None]
        documents += [number] * len(items)
    scores = stance_scores(np.array(gold), np.concatenate(probabilities), np.array(documents))
    return {
        "items": len(gold),
        "macro_f1_four": asdict(scores.four),
        "macro_f1_five": asdict(scores.five),
        "accuracy": asdict(scores.accuracy),
        "ece": scores.ece,
        "brier": scores.brier,
        "labels": {label: asdict(row) for label, row in scores.labels.items()},
        "confusion": scores.confusion.tolist(),
    }


def wire(scorer: AnyScorer, data: Path, split: str, threshold: float) -> Figures:
    """Fully marked wire articles, end to end."""
    return end_to_end(scorer, load_full(data, f"wire.{split}.jsonl"), threshold)


def gold(scorer: AnyScorer, data: Path, split: str, threshold: float) -> Figures:
    """Our own gold articles, end to end; they are in no split and always the same."""
    return end_to_end(scorer, load_gold(GOLD), threshold)


def end_to_end(scorer: AnyScorer, golds: Sequence[LabelledArticle], threshold: float) -> Figures:
    """From text to labelled statements, on articles marked in full.

    `tuple_overlap_f1` holds every statement found against every statement marked, `none` included;
    `kept_f1` holds those over the threshold against those marked with a stance.
    """
    counts: dict[str, list[Any]] = defaultdict(list)
    confusions = []
    for marked, (found, sure) in zip(golds, predict(scorer, golds), strict=True):
        matches = match_statements(marked.statements, found.statements)
        counts["tuple_overlap"].append(
            [len(matches), len(found.statements), len(marked.statements)]
        )
        counts["parent"].append(parent_counts(marked, found, matches))
        confusions.append(stance_confusion(matches))
        kept = kept_above(found, sure, threshold)
        real = without_none(marked.statements)
        pairs = match_statements(real, kept.statements)
        counts["kept"].append([len(pairs), len(kept.statements), len(real)])
        for form in FORMS:
            mine = [s for s in marked.statements if s.form == form]
            hits = sum(m.gold.form == form for m in matches)
            counts[f"recall_{form}"].append([hits, 0, len(mine)])
        nested = [s for s in marked.statements if s.parent is not None]
        hits = sum(m.gold.parent is not None for m in matches)
        counts["recall_nested"].append([hits, 0, len(nested)])
    out: Figures = {"articles": len(golds), "statements": sum(len(g.statements) for g in golds)}
    for name in ("tuple_overlap", "kept", "parent"):
        out[f"{name}_f1"] = asdict(interval(counts[name], f1))
        out[f"{name}_precision"] = asdict(interval(counts[name], precision))
        out[f"{name}_recall"] = asdict(interval(counts[name], recall))
    for name in ("nested", *FORMS):
        out[f"recall_{name}"] = asdict(interval(counts[f"recall_{name}"], recall))
    out["stance_macro_f1"] = asdict(interval(confusions, macro_f1(len(STANCES))))
    out["confusion"] = np.sum(confusions, axis=0).tolist()
    return out


def sources(scorer: AnyScorer, data: Path, split: str, threshold: float) -> Figures:
    """Source resolution on gold spans: wire articles and our own gold."""
    return {
        "wire": source_figures(load_full(data, f"wire.{split}.jsonl")),
        "gold": source_figures(load_gold(GOLD)),
    }


SUITES: Mapping[str, Callable[[AnyScorer, Path, str, float], Figures]] = {
    "extraction": extraction,
    "stance": stance_on_gold,
    "wire": wire,
    "gold": gold,
    "sources": sources,
}
"""What can be run, by name."""

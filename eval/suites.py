"""The suites of the evaluation; each gives named figures from a scorer and labelled data."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from data.loaders import GOLD, load_full, load_gold, load_polnear, load_stances, locate
from data.records import LABELS, LabelledArticle, LabelledStatement
from eval.endtoend import EndToEnd, measure_end_to_end
from eval.extraction import Extraction, measure_extraction
from eval.predictions import AnyScorer, predict
from eval.sources import source_figures
from eval.stance import StanceScores, stance_scores
from sayso.decode import Attribution
from sayso.errors import InputError
from sayso.records import Article

__all__ = ["SUITES", "end_to_end", "extraction", "gold", "run_suites", "stance_on_gold", "wire"]

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
        suites: of `SUITES`; None for all whose data is there, and what is not is told under
            `skipped`.
        threshold: of `p_statement`, for the figures of rows that would be kept.

    Raises:
        InputError: a suite that was asked for by name is none or lacks its data, or data is
            malformed.
    """
    if unknown := sorted(set(suites or ()) - set(SUITES)):
        raise InputError(f"expected suites of {', '.join(SUITES)}, found {unknown[0]}")
    out: Figures = {"model": scorer.model_id, "split": split}
    skipped = {} if suites else _missing(Path(data), split)
    for name in suites or SUITES:
        if name not in skipped:
            out[name] = SUITES[name](scorer, Path(data), split, threshold)
    return {**out, "skipped": skipped} if skipped else out


def extraction(scorer: AnyScorer, data: Path, split: str) -> Extraction:
    """PolNeAR: pieces of each role, exact and at 0.8 overlap, and whole statements."""
    golds = load_polnear(data, split)
    predictions = predict(scorer, golds)
    return measure_extraction([(g, p) for g, (p, _) in zip(golds, predictions, strict=True)])


def stance_on_gold(scorer: AnyScorer, data: Path, split: str) -> StanceScores:
    """Stance labels on gold spans of PolNeAR articles.

    Raises:
        InputError: the data is not there, holds no label, or a label's article is missing.
    """
    path = locate(data, f"stance.{split}.jsonl")
    texts = {a.id: a.text for a in load_polnear(data, split)}
    by_doc: dict[str, list[LabelledStatement]] = defaultdict(list)
    for label in load_stances(path):
        if label.doc not in texts:
            raise InputError(f"expected an article {label.doc!r} for label {label.id}, found none")
        if label.stance is not None:
            by_doc[label.doc].append(label)
    if not by_doc:
        raise InputError("expected statements with a stance, found none", file=str(path))
    gold, probabilities, documents = [], [], []
    for number, (doc, items) in enumerate(by_doc.items()):
        spans = [Attribution(s.source, s.cue, s.content) for s in items]
        probabilities.append(scorer.classify(Article(doc, texts[doc]), spans))
        gold += [LABELS.index(s.stance) for s in items if s.stance is not None]
        documents += [number] * len(items)
    return stance_scores(np.array(gold), np.concatenate(probabilities), np.array(documents))


def wire(scorer: AnyScorer, data: Path, split: str, threshold: float) -> EndToEnd:
    """Fully marked wire articles, end to end.

    Args:
        scorer: with threshold 0.
        data: a folder with `wire.<split>.jsonl`, or a file of the same form.
        split: part of the folder.
        threshold: as of `run_suites`.
    """
    return end_to_end(scorer, _wire_articles(data, split), threshold)


def gold(scorer: AnyScorer, threshold: float) -> EndToEnd:
    """Our own gold articles, end to end; they are in no split and always the same."""
    return end_to_end(scorer, load_gold(GOLD), threshold)


def end_to_end(scorer: AnyScorer, golds: Sequence[LabelledArticle], threshold: float) -> EndToEnd:
    """From text to labelled statements, on articles marked in full."""
    return measure_end_to_end(golds, predict(scorer, golds), threshold=threshold)


def _sources(data: Path, split: str) -> Figures:
    """Source resolution on gold spans: wire articles and our own gold."""
    return {
        "wire": source_figures(_wire_articles(data, split)),
        "gold": source_figures(load_gold(GOLD)),
    }


def _wire_articles(data: Path, split: str) -> list[LabelledArticle]:
    if data.is_file():
        return load_full(data.parent, data.name)
    return load_full(data, f"wire.{split}.jsonl")


def _missing(data: Path, split: str) -> dict[str, str]:
    """The suites whose data is not under `data`, and what they lack."""
    polnear, stance, wired = (f"{name}.{split}.jsonl" for name in ("polnear", "stance", "wire"))
    no_polnear = "" if _is_there(data, polnear, split) else polnear
    no_stance = "" if _is_there(data, stance) else stance
    no_wire = "" if data.is_file() or _is_there(data, wired) else wired
    needs = {
        "extraction": no_polnear,
        "stance": no_polnear or no_stance,
        "wire": no_wire,
        "sources": no_wire,
    }
    return {name: f"found no {file} under {data}" for name, file in needs.items() if file}


def _is_there(data: Path, *names: str) -> bool:
    for name in names:
        try:
            locate(data, name)
        except InputError:
            continue
        return True
    return False


SUITES: Mapping[str, Callable[[AnyScorer, Path, str, float], Figures]] = {
    "extraction": lambda scorer, data, split, _: extraction(scorer, data, split).to_dict(),
    "stance": lambda scorer, data, split, _: stance_on_gold(scorer, data, split).to_dict(),
    "wire": lambda scorer, data, split, least: wire(scorer, data, split, least).to_dict(),
    "gold": lambda scorer, data, split, least: gold(scorer, least).to_dict(),
    "sources": lambda scorer, data, split, least: _sources(data, split),
}
"""What can be run, by name: figures of a scorer on data, a split of it and a threshold."""

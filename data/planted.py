"""Planted label errors: how many of them the top of the queue of suspects holds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from data.items import StanceItems, stance_items
from data.judge import Probabilities, heard_by, pooled, read_by
from data.known import load_known
from data.quality import find_suspects, out_of_fold
from data.records import LABELS, LabelledArticle
from sayso.errors import InputError, UsageError
from sayso.scorer import Scorer

__all__ = [
    "PLANTED",
    "SEEDS",
    "TOP",
    "Planted",
    "Recall",
    "measure_planted",
    "plant",
    "relabelled",
    "top_recall",
]

PLANTED = 0.05
"""Share of the labels that are turned."""

TOP = 0.1
"""Share of the queue that is looked at."""

SEEDS = 10


@dataclass(frozen=True, slots=True)
class Recall:
    """How much of what was planted a queue's top holds.

    Attributes:
        judge: whose probabilities the queue is by.
        mean, least, most: share of the planted errors found, over the seeds.
    """

    judge: str
    mean: float
    least: float
    most: float


@dataclass(frozen=True, slots=True)
class Planted:
    """The recall of every judge on a file.

    Attributes:
        name: of the file, as `Known.name`.
        labels, errors: labels, and how many of them are turned each time.
        recalls: by judge, the one that `python -m data check` takes last.
    """

    name: str
    labels: int
    errors: int
    recalls: tuple[Recall, ...]


def plant(
    labels: npt.NDArray[np.int64],
    *,
    share: float = PLANTED,
    seed: int,
    likely: Probabilities | None = None,
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.bool_]]:
    """Turn a share of labels, each into one of the four others, all as probable.

    Args:
        labels: [items] indices into `LABELS`.
        share: of them, rounded to at least one.
        seed: of the choice.
        likely: [items, 5] probabilities; each label is turned into the likeliest other one by them,
            which is as hard to find as can be.

    Returns:
        The labels with errors, and which they are.
    """
    rng = np.random.default_rng(seed)
    count = max(1, round(share * len(labels)))
    chosen = rng.choice(len(labels), count, replace=False)
    turned, wrong = labels.copy(), np.zeros(len(labels), np.bool_)
    turned[chosen] = (turned[chosen] + rng.integers(1, len(LABELS), count)) % len(LABELS)
    if likely is not None:
        others = likely[chosen]
        others[np.arange(count), labels[chosen]] = -1.0
        turned[chosen] = others.argmax(axis=1)
    wrong[chosen] = True
    return turned, wrong


def relabelled(items: StanceItems, labels: npt.NDArray[np.int64]) -> StanceItems:
    """The items with other labels.

    Args:
        items: as they are.
        labels: [items] indices into `LABELS`.
    """
    statements = zip(items.statements, labels.tolist(), strict=True)
    turned = tuple(replace(one, stance=LABELS[label]) for one, label in statements)
    return replace(items, statements=turned, labels=labels)


def top_recall(
    items: StanceItems,
    wrong: npt.NDArray[np.bool_],
    *,
    probabilities: Probabilities | None = None,
    top: float = TOP,
) -> float:
    """Share of the wrong labels in the top of the queue of suspects.

    Args:
        items: with the wrong labels among the others.
        wrong: [items] which those are.
        probabilities: [items, 5] by a judge; out of fold by words if left out.
        top: share of the queue that is looked at, rounded up.
    """
    queue = find_suspects(items, probabilities=probabilities)[: int(np.ceil(top * len(items)))]
    names = {items.statements[place].id for place in np.flatnonzero(wrong)}
    return sum(one.statement.id in names for one in queue) / len(names)


def measure_planted(
    data: Path | str,
    name: str = "polnear.dev",
    *,
    seeds: int = SEEDS,
    scorer: Scorer | None = None,
    likely: bool = False,
) -> Planted:
    """Plant errors among the labels of a file that no judge has learnt from, and look for them.

    Args:
        data: folder of the labelled data.
        name: a held-out file, as `Known.name`.
        seeds: how often errors are planted.
        scorer: of the bundle that judges; the one that ships if left out.
        likely: turn labels into those that the last judge finds likeliest after the right ones.

    Raises:
        InputError: there is no such file, or it has too few labels.
        UsageError: `seeds` is less than 1.
    """
    if seeds < 1:
        raise UsageError(f"expected 1 seed or more, found {seeds}")
    known = load_known(data)
    parts = {part.name: part.articles for part in known if part.held}
    if name not in parts:
        raise InputError(f"expected one of {', '.join(parts)}, found {name!r}")
    items = stance_items(parts[name], file=name)
    learnt = [article for part in known if not part.held for article in part.articles]
    judges = _judges(items, parts[name], learnt, scorer or Scorer.load())
    found: dict[str, list[float]] = {}
    toward = list(judges.values())[-1] if likely else None
    for seed in range(seeds):
        turned, wrong = plant(items.labels, seed=seed, likely=toward)
        bad = relabelled(items, turned)
        known_words = out_of_fold(bad)
        for judge, sure in {"words, out of fold": known_words, **judges}.items():
            found.setdefault(judge, []).append(top_recall(bad, wrong, probabilities=sure))
    recalls = tuple(
        Recall(judge, float(np.mean(shares)), min(shares), max(shares))
        for judge, shares in found.items()
    )
    return Planted(name, len(items), int(wrong.sum()), recalls)


def _judges(
    items: StanceItems,
    articles: Sequence[LabelledArticle],
    learnt: Sequence[LabelledArticle],
    scorer: Scorer,
) -> Mapping[str, Probabilities]:
    """The judges that do not depend on what is planted, the one that is used last."""
    network = heard_by(scorer, articles)
    words = read_by(learnt, items)
    if words is None:
        return {"network": network}
    return {
        "words, trained on the data so far": words,
        "network": network,
        "network and words": pooled([network, words]),
    }

"""Can an outlet's factual reporting be told from how it reports? Outlet-disjoint, with baselines.

Ratings are learnt from some outlets and predicted for others, in repeated folds; everything that
is chosen or fitted is so from the outlets that are learnt from, by folds among them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from eval.outletdata import FEW, RatedOutlets
from eval.outletdesigns import (
    ALL_GROUPS,
    STRENGTHS,
    WEIGHTS,
    Design,
    designs,
    factor,
    fit_manner,
    group_designs,
    join,
)
from eval.outletfigures import MEASURES, Predictions, Resampled, resample
from eval.outletfit import ALPHAS, BALANCES, FOLDS, Known, choose, deal, fit_ridge
from sayso.profiles.factual import CLASSES, FactualModel

__all__ = ["MAJORITY", "PROFILE", "REPEATS", "Found", "compare_designs", "fit_model", "predict"]

IntArray = npt.NDArray[np.int64]

MAJORITY, PROFILE = "majority", "profile"
"""Names of what is compared."""

REPEATS = 10
"""How often the outlets are dealt into folds."""

_SEED = 7


@dataclass(frozen=True, slots=True)
class Found:
    """What came of a comparison.

    Attributes:
        outlets: that it was made on.
        all, many: by name of a design, of all outlets and of those with `FEW` articles or more, if
            there are any.
        alone, without: by group of features, of all outlets: it alone, and all others.
        repeats: of the folds.
    """

    outlets: RatedOutlets
    all: Mapping[str, Resampled]
    many: Mapping[str, Resampled]
    alone: Mapping[str, Resampled]
    without: Mapping[str, Resampled]
    repeats: int

    def settings(self) -> dict[str, Any]:
        """By what it was made, as parameters of a run."""
        return {
            "repeats": self.repeats,
            "folds": FOLDS,
            "seed": _SEED,
            "alphas": ALPHAS,
            "balances": BALANCES,
            "weights": WEIGHTS,
            **{f"strength_{unit}": value for unit, value in STRENGTHS.items()},
            "few": FEW,
            "features": len(self.outlets.features.names),
        }

    def to_dict(self) -> dict[str, Any]:
        """As `results.json`; `over` is by how much the profile is more than it."""
        counts = np.bincount(self.outlets.classes, minlength=len(CLASSES)).tolist()
        out: dict[str, Any] = {
            "outlets": len(self.outlets.names),
            "outlets_with_many": len(places_of_many(self.outlets)),
            "classes": dict(zip(CLASSES, counts, strict=True)),
            "repeats": self.repeats,
        }
        for part, found in (("all", self.all), ("many", self.many)):
            out[part] = {
                one: {**value.to_dict(), "over": _differences(found[PROFILE], value)}
                for one, value in found.items()
            }
        whole = self.all[PROFILE]
        out["groups"] = {
            group: {"alone": self.alone[group].to_dict(), "adds": _differences(whole, other)}
            for group, other in self.without.items()
        }
        return out


def compare_designs(
    outlets: RatedOutlets,
    *,
    repeats: int = REPEATS,
    groups: bool = True,
    note: Callable[[str], None] = lambda name: None,
) -> Found:
    """Predict every outlet's rating by each design, in the same folds.

    Args:
        outlets: rated ones.
        repeats: of the folds.
        groups: whether each group of features is measured too.
        note: told the name of each design before it is tried.
    """
    everyone, many = np.arange(len(outlets.names)), places_of_many(outlets)
    predictions = {MAJORITY: _majority(outlets, repeats)}
    for design in designs(evidence=outlets.evidence is not None):
        note(design.name)
        predictions[design.name] = predict(outlets, design, repeats=repeats)

    def measured(found: Predictions, among: IntArray) -> Resampled:
        return resample(found, outlets.ratings, outlets.classes, among)

    parts: list[dict[str, Resampled]] = [{}, {}]
    for place, some in enumerate(group_designs() if groups else ()):
        for design in some:
            note(f"{('alone', 'without')[place]}: {design.name}")
            found = predict(outlets, design, repeats=repeats)
            parts[place][design.name] = measured(found, everyone)
    return Found(
        outlets,
        {name: measured(found, everyone) for name, found in predictions.items()},
        {name: measured(found, many) for name, found in predictions.items() if len(many)},
        parts[0],
        parts[1],
        repeats,
    )


def predict(outlets: RatedOutlets, design: Design, *, repeats: int = REPEATS) -> Predictions:
    """Predict each outlet's rating from outlets that are not it, in repeated folds."""
    known, size = known_of(outlets), len(outlets.names)
    scores = np.zeros((repeats, size))
    chosen = np.zeros((repeats, size), np.int64)
    probabilities = np.zeros((repeats, size, len(CLASSES)))
    for repeat in range(repeats):
        draw = np.random.default_rng([_SEED, repeat])
        folds = deal(known.classes, draw)
        for fold in range(FOLDS):
            train, test = np.flatnonzero(folds != fold), np.flatnonzero(folds == fold)
            matrices = design.build(outlets, train)
            mine = known.at(train)
            choice = choose([one[train] for one in matrices], mine, draw)
            matrix = matrices[choice.matrix]
            weights, intercept = fit_ridge(matrix[train], mine, choice.alpha)
            told = matrix[test] @ weights + intercept
            scores[repeat, test] = told
            chosen[repeat, test] = choice.odds.decide(told)
            probabilities[repeat, test] = choice.odds.probabilities(told)
    return Predictions(scores, chosen, probabilities)


def fit_model(outlets: RatedOutlets) -> FactualModel:
    """Fit the profile's model on all outlets, with what they choose among themselves."""
    known, everyone = known_of(outlets), np.arange(len(outlets.names))
    manner = fit_manner(outlets.features, everyone, ALL_GROUPS)
    matrices = [join(manner, outlets.features, weight) for weight in WEIGHTS]
    choice = choose(matrices, known, np.random.default_rng(_SEED))
    weights, intercept = fit_ridge(matrices[choice.matrix], known, choice.alpha)
    features = len(manner.names)
    return FactualModel(
        manner,
        weights=weights[:features] * factor(manner, WEIGHTS[choice.matrix]),
        word_weights=weights[features:],
        intercept=intercept,
        odds=choice.odds,
        floor=FEW,
        origin={
            "outlets": len(everyone),
            "articles": int(outlets.features.articles.sum()),
            "alpha": choice.alpha,
            "weight": WEIGHTS[choice.matrix],
            "data": {part: one for part, one in outlets.digests.items() if part != "profiles"},
        },
    )


def known_of(outlets: RatedOutlets) -> Known:
    """Ratings, classes, and weights: the root of how many articles there are."""
    weights = np.sqrt(np.maximum(outlets.features.articles, 1.0))
    return Known(outlets.ratings, outlets.classes, weights)


def places_of_many(outlets: RatedOutlets) -> IntArray:
    """Places of the outlets with `FEW` articles or more."""
    return np.flatnonzero(outlets.features.articles >= FEW)


def _majority(outlets: RatedOutlets, repeats: int) -> Predictions:
    """Every outlet is of the commonest class, with the classes' shares for probabilities."""
    size = len(outlets.names)
    shares = np.bincount(outlets.classes, minlength=len(CLASSES)) / size
    return Predictions(
        np.zeros((repeats, size)),
        np.full((repeats, size), int(shares.argmax())),
        np.broadcast_to(shares, (repeats, size, len(CLASSES))),
    )


def _differences(one: Resampled, other: Resampled) -> dict[str, dict[str, float]]:
    return {measure: one.less(other, measure).to_dict() for measure in MEASURES}

"""How an outlet reports → how likely its factual reporting is high, mixed or low."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from sayso.errors import InputError
from sayso.profiles.measures import OutletFeatures, outlet_features

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

__all__ = [
    "CLASSES",
    "MODEL",
    "FactualModel",
    "Manner",
    "Odds",
    "cue_vectors",
    "factual_reporting",
    "read_model",
    "shrunk",
]

FloatArray = npt.NDArray[np.float64]

CLASSES = ("low", "mixed", "high")
"""Factual reporting, worst first."""

FORMAT = "sayso-outlets-1"
"""What a file of a model begins with."""

MODEL = Path(__file__).parent / "outlets.json"
"""The model that ships."""

_FEATURE_ROWS = ("priors", "strengths", "means", "scales", "weights")
_WORD_ROWS = ("idf", "word_weights")
_CLASS_ROWS = ("slopes", "offsets", "shares")


def shrunk(
    tops: FloatArray, bottoms: FloatArray, priors: FloatArray, strengths: FloatArray
) -> FloatArray:
    """Means drawn towards what outlets have on the whole, the more the less they rest on.

    Args:
        tops: [outlets, features] sums above, as in `OutletFeatures`.
        bottoms: [outlets, features] sums below.
        priors: [features] to which the means are drawn.
        strengths: [features] how many statements or articles a prior counts as; over 0.

    Returns:
        [outlets, features].
    """
    return np.asarray((tops + strengths * priors) / (bottoms + strengths))


def cue_vectors(counts: FloatArray, idf: FloatArray) -> FloatArray:
    """Counts of words as TF-IDF, with the logarithm of counts, in rows of length 1 (or 0).

    Args:
        counts: [outlets, words].
        idf: [words] inverse document frequencies.

    Returns:
        [outlets, words].
    """
    values = np.where(counts > 0, 1.0 + np.log(np.maximum(counts, 1.0)), 0.0) * idf
    length = np.sqrt((values**2).sum(axis=1, keepdims=True))
    return np.asarray(values / np.maximum(length, 1e-12))


@dataclass(frozen=True, slots=True)
class Manner:
    """How to turn what is measured of outlets into numbers that can be compared.

    Attributes:
        names: [features] of `sayso.profiles.features.FEATURES`.
        priors, strengths: [features] of `shrunk`.
        means, scales: [features] that standardise what it gives.
        words: [words] of cues.
        idf: [words] of `cue_vectors`.
    """

    names: tuple[str, ...]
    priors: FloatArray
    strengths: FloatArray
    means: FloatArray
    scales: FloatArray
    words: tuple[str, ...]
    idf: FloatArray

    def features(self, measured: OutletFeatures) -> FloatArray:
        """[outlets, features] standardised."""
        at = [measured.names.index(name) for name in self.names]
        tops, bottoms = measured.tops[:, at], measured.bottoms[:, at]
        return np.asarray(
            (shrunk(tops, bottoms, self.priors, self.strengths) - self.means) / self.scales
        )

    def cues(self, measured: OutletFeatures) -> FloatArray:
        """[outlets, words]; `measured` has to count the words."""
        place = {word: n for n, word in enumerate(measured.words)}
        counts = measured.counts[:, [place[word] for word in self.words]]
        return cue_vectors(counts, self.idf)


@dataclass(frozen=True, slots=True)
class Odds:
    """Classes by score.

    Attributes:
        slopes, offsets: [classes] the log-odds of `CLASSES` are slope times score plus offset.
        shares: [classes] of the outlets learnt from.
        balance: by which power of its share a class's probability is divided before the greatest
            is taken: 0 favours common classes, 1 gives all the same chance.
    """

    slopes: FloatArray
    offsets: FloatArray
    shares: FloatArray
    balance: float

    def probabilities(self, scores: FloatArray) -> FloatArray:
        """[outlets, classes] of `CLASSES`, by scores [outlets]."""
        odds = scores[:, None] * self.slopes + self.offsets
        power = np.exp(odds - odds.max(axis=1, keepdims=True, initial=-np.inf))
        return np.asarray(power / power.sum(axis=1, keepdims=True))

    def decide(self, scores: FloatArray) -> npt.NDArray[np.int64]:
        """[outlets] the class that is chosen; one that no outlet had is none."""
        lifted = self.probabilities(scores) / np.maximum(self.shares, 1e-9) ** self.balance
        return np.asarray(np.where(self.shares > 0, lifted, -1.0).argmax(axis=1))


@dataclass(frozen=True, slots=True)
class FactualModel:
    """A ridge regression of the rating, and the odds of the classes by its score.

    Attributes:
        manner: what it goes by.
        weights: [features] coefficients.
        word_weights: [words] coefficients.
        intercept: of the score.
        odds: of the classes.
        floor: fewest articles of an outlet that it says anything of.
        origin: what it was made from.
    """

    manner: Manner
    weights: FloatArray
    word_weights: FloatArray
    intercept: float
    odds: Odds
    floor: int
    origin: Mapping[str, Any]

    def scores(self, measured: OutletFeatures) -> FloatArray:
        """[outlets] expected rating, from 0 (very low) to 5 (very high).

        Args:
            measured: with the model's words among those that are counted.
        """
        told = self.manner.features(measured) @ self.weights
        told = told + self.manner.cues(measured) @ self.word_weights
        return np.asarray(self.intercept + told)

    def to_json(self) -> str:
        """The model as a file holds it, numbers with seven digits."""
        rows: dict[str, Any] = {"format": FORMAT, "origin": dict(self.origin), "floor": self.floor}
        rows |= {"classes": CLASSES, "intercept": _short(self.intercept)}
        rows |= {"balance": self.odds.balance}
        for name in ("names", *_FEATURE_ROWS, "words", *_WORD_ROWS, *_CLASS_ROWS):
            part = self if name.endswith("weights") else self.manner
            value = getattr(self.odds if name in _CLASS_ROWS else part, name)
            rows[name] = list(value) if isinstance(value, tuple) else list(map(_short, value))
        lines = (f"{json.dumps(name)}: {json.dumps(value)}" for name, value in rows.items())
        return "{\n" + ",\n".join(lines) + "\n}\n"


def read_model(path: Path = MODEL) -> FactualModel:
    """Read what `FactualModel.to_json` gave.

    Raises:
        InputError: the file is missing, damaged or of another version.
    """
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
        if raw["format"] != FORMAT or tuple(raw["classes"]) != CLASSES:
            raise ValueError(f"format {raw['format']!r} with classes {raw['classes']}")
        names, words = (tuple(map(str, raw[key])) for key in ("names", "words"))
        rows = {}
        for keys, size in (
            (_FEATURE_ROWS, len(names)),
            (_WORD_ROWS, len(words)),
            (_CLASS_ROWS, len(CLASSES)),
        ):
            for key in keys:
                rows[key] = np.array(raw[key], np.float64)
                if rows[key].shape != (size,) or not np.isfinite(rows[key]).all():
                    raise ValueError(f"{key} of another size or without a value")
        if not all(word.isascii() and word.isalpha() for word in words):
            raise ValueError("words that are none")
        odds = Odds(**{key: rows.pop(key) for key in _CLASS_ROWS}, balance=float(raw["balance"]))
        weights, word_weights = rows.pop("weights"), rows.pop("word_weights")
        return FactualModel(
            Manner(names=names, words=words, **rows),
            weights,
            word_weights,
            float(raw["intercept"]),
            odds,
            int(raw["floor"]),
            dict(raw["origin"]),
        )
    except (OSError, KeyError, TypeError, ValueError) as error:
        raise InputError(f"expected a model of {FORMAT}, found {error}", file=str(path)) from error


def factual_reporting(
    connection: DuckDBPyConnection,
    *,
    table: str = "said",
    outlet: str = "outlet_id",
    model: FactualModel | None = None,
) -> pa.Table:
    """How likely each outlet's factual reporting is high, mixed or low, by how it reports.

    Args:
        connection: of DuckDB.
        table: as of `outlet_features`.
        outlet: as of `outlet_features`.
        model: the one that ships if None.

    Returns:
        `id`, `p_high`, `p_mixed`, `p_low` (summing to 1; null for outlets with fewer articles than
        the model's floor), sorted by `id`. No class is chosen: of those called low most are not.

    Raises:
        UsageError: the table lacks a column.
        InputError: the model cannot be read.
    """
    chosen = model or read_model()
    features = outlet_features(connection, table=table, outlet=outlet, words=chosen.manner.words)
    found = chosen.odds.probabilities(chosen.scores(features))
    few = features.articles < chosen.floor
    columns = {
        f"p_{name}": pa.array(found[:, place], pa.float32(), mask=few)
        for place, name in reversed(list(enumerate(CLASSES)))
    }
    return pa.table({"id": pa.array(features.ids, pa.string()), **columns})


def _short(value: float) -> float:
    return float(f"{value:.7g}")

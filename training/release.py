"""Trained networks → a bundle: exported, calibrated on held-out articles, exported again."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from data.records import LABELS, Convention, LabelledArticle, LabelledStatement
from eval.spans import comparable, exact_counts
from eval.tuples import match_statements
from model.calibrate import fit_calibration
from model.export import Calibration, export_bundle
from model.network import SaysoNetwork
from sayso.bundle import TOKENIZER, BundleConfig, load_bundle
from sayso.decode import Attribution, decode
from sayso.encoder import Encoder, TokenScores
from sayso.stance import pool
from sayso.tags import LAYERS
from sayso.tokens import TextTokenizer, TokenizedText

__all__ = ["BUNDLE", "FLOAT32", "release"]

BUNDLE, FLOAT32 = "bundle", "bundle-float32"
"""Folders in a run's folder."""

OUTSIDE = tuple(np.round(np.arange(-1.5, 1.01, 0.25), 2).tolist())
"""What is tried as the bias of standing outside every statement."""

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Held:
    """A held-out article as the uncalibrated bundle reads it."""

    article: LabelledArticle
    tokens: TokenizedText
    scores: TokenScores


def release(
    networks: Sequence[SaysoNetwork],
    folder: Path,
    *,
    name: str,
    tokenizer: Path,
    window_size: int,
    tune: Sequence[LabelledArticle],
    manifest: Mapping[str, Any],
) -> str:
    """Write `BUNDLE` (int8) and `FLOAT32` into a run's folder, both calibrated for int8's scores.

    Args:
        networks: trained; more than one are averaged.
        folder: the run's.
        name: the first part of the model's id.
        tokenizer: folder of the encoder's `tokenizer.json`.
        window_size: most tokens of a window.
        tune: articles that no network was trained on.
        manifest: what the manifest says of run and data.

    Returns:
        The int8 bundle's id.
    """

    def export(calibration: Calibration, where: str, *, quantize: bool) -> str:
        return export_bundle(
            networks,
            folder / where,
            name=name,
            tokenizer=tokenizer / TOKENIZER,
            window_size=window_size,
            calibration=calibration,
            quantize=quantize,
            manifest=manifest,
        )

    export(Calibration(), BUNDLE, quantize=True)
    calibration = _calibrated(folder / BUNDLE, tune)
    _LOG.info("calibration %s", calibration)
    export(calibration, FLOAT32, quantize=False)
    return export(calibration, BUNDLE, quantize=True)


def _calibrated(folder: Path, tune: Sequence[LabelledArticle]) -> Calibration:
    bundle = load_bundle(folder)
    tokenizer = TextTokenizer.load(folder / TOKENIZER)
    encoder = Encoder(bundle, tokenizer)
    held = []
    for article in tune:
        tokens = tokenizer(article.text)
        held.append(_Held(article, tokens, encoder.encode(tokens)))
    scores, labels, weights = _stances(held, encoder, bundle.config)
    calibration = fit_calibration(scores, labels, weights)
    return replace(calibration, outside=_outside(held, bundle.config))


def _stances(
    held: Sequence[_Held], encoder: Encoder, config: BundleConfig
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.int64], npt.NDArray[np.float64]]:
    """Uncalibrated scores [N, labels], labels [N] and weights [N] of the labelled statements."""
    scores, labels, weights = [], [], []
    for item in held:
        labelled = [s for s in item.article.statements if s.stance is not None]
        if not labelled:
            continue
        spans = [Attribution(s.source, s.cue, s.content) for s in labelled]
        scores.append(encoder.stance_scores(pool(item.tokens, item.scores.stances, spans, config)))
        labels += [LABELS.index(s.stance) for s in labelled if s.stance is not None]
        weights += [statement.weight for statement in labelled]
    return np.concatenate(scores).astype(np.float64), np.array(labels), np.array(weights)


def _outside(held: Sequence[_Held], config: BundleConfig) -> tuple[float, ...]:
    """Each layer's bias of standing outside: the one of best F1, nearest to 0 among equals.

    The outer layer's by exact pieces of all roles together; the inner layer's by nested
    statements on articles marked in full, given the outer one's.
    """
    full = [item for item in held if item.article.convention == Convention.FULL]
    chosen = [0.0] * len(LAYERS)
    for layer, (some, count) in enumerate(((held, _pieces), (full, _nested))):
        found = {}
        for bias in OUTSIDE if some else ():
            trial = replace(config, outside=(*chosen[:layer], bias, *chosen[layer + 1 :]))
            right, predicted, gold = np.sum([count(item, trial) for item in some], axis=0)
            found[bias] = 2 * right / max(predicted + gold, 1)
        chosen[layer] = max(found, key=lambda bias: (found[bias], -abs(bias)), default=0.0)
        _LOG.info("outside of layer %s: %s", LAYERS[layer], found)
    return tuple(chosen)


def _pieces(item: _Held, config: BundleConfig) -> npt.NDArray[np.int64]:
    """Right, predicted and gold pieces of all roles of top-level statements."""
    flat = replace(item.article, convention=Convention.FLAT)
    counts = exact_counts(flat, _decoded(item, config))
    return np.array(list(counts.values())).sum(axis=0, dtype=np.int64)


def _nested(item: _Held, config: BundleConfig) -> npt.NDArray[np.int64]:
    """Right, predicted and gold nested statements, by overlap."""
    found = _decoded(item, config)
    gold, mine = (
        [s for s in comparable(article, Convention.FULL) if s.parent is not None]
        for article in (item.article, found)
    )
    return np.array([len(match_statements(gold, mine)), len(mine), len(gold)])


def _decoded(item: _Held, config: BundleConfig) -> LabelledArticle:
    statements = tuple(
        LabelledStatement(
            id=str(number),
            doc=item.article.id,
            source=found.source,
            cue=found.cue,
            content=found.content,
            parent=None if found.parent is None else str(found.parent),
        )
        for number, found in enumerate(decode(item.tokens, item.scores, config))
    )
    return replace(item.article, statements=statements)

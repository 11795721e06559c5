"""Trained networks → a bundle: exported, calibrated on held-out articles, exported again."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from data.records import LABELS, LabelledArticle
from model.calibrate import fit_calibration
from model.export import Calibration, export_bundle, recalibrate
from model.network import SaysoNetwork
from sayso.bundle import TOKENIZER, BundleConfig, load_bundle
from sayso.decode import Attribution
from sayso.encoder import Encoder, TokenScores
from sayso.stance import pool
from sayso.tokens import TextTokenizer, TokenizedText

__all__ = ["BUNDLE", "FLOAT32", "calibrate", "release"]

BUNDLE, FLOAT32 = "bundle", "bundle-float32"
"""Folders in a run's folder."""

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
    return recalibrate(folder / BUNDLE, calibration)


def calibrate(folder: Path, tune: Sequence[LabelledArticle]) -> str:
    """Calibrate a bundle in its place on articles that it has not learnt; its new id."""
    return recalibrate(folder, _calibrated(folder, tune))


def _calibrated(folder: Path, tune: Sequence[LabelledArticle]) -> Calibration:
    bundle = load_bundle(folder)
    tokenizer = TextTokenizer.load(folder / TOKENIZER)
    encoder = Encoder(bundle, tokenizer)
    held = []
    for article in tune:
        tokens = tokenizer(article.text)
        held.append(_Held(article, tokens, encoder.encode(tokens)))
    scores, labels, weights = _stances(held, encoder, bundle.config)
    return fit_calibration(scores, labels, weights)


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

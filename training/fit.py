"""`fit`: a recipe and labelled data in, a calibrated and evaluated bundle in a run folder out."""

from __future__ import annotations

import hashlib
import logging
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import load_file, save_file

from data.records import LABELS, LabelledArticle, LabelledStatement
from eval.evaluation import evaluate
from eval.plots import draw_plots
from eval.publish import publish
from eval.rundir import RunDirectory, collect_environment
from eval.server import check_server
from eval.tracking import EXPERIMENT
from model.calibrate import fit_calibration
from model.export import Calibration, export_bundle
from model.marked import MarkedStance
from model.network import SaysoNetwork
from sayso.bundle import CONFIG, TOKENIZER, load_bundle
from sayso.decode import Attribution
from sayso.encoder import Encoder
from sayso.errors import InputError
from sayso.stance import pool, surroundings
from sayso.tokens import TextTokenizer
from training.corpus import Corpus, load_corpus
from training.loop import Trainer
from training.recipe import Recipe, load_recipe

__all__ = ["Fitted", "fit"]

NETWORK = "network.safetensors"
"""The trained weights in a run's folder."""

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Fitted:
    """What `fit` leaves behind.

    Attributes:
        folder: the run's folder, everything in it.
        bundle: the int8 bundle.
        model: its id.
        run_id: MLflow's id of the run.
    """

    folder: Path
    bundle: Path
    model: str
    run_id: str


def fit(
    recipe_path: Path | str,
    *,
    data: Path | str,
    out: Path | str = "runs",
    uri: str | None = None,
    threads: int | None = None,
    encoder: str | None = None,
    start: Path | str | None = None,
    stance: Path | str | None = None,
    parent: str | None = None,
) -> Fitted:
    """Train, calibrate, export, evaluate and track one recipe; started again, it goes on.

    Args:
        recipe_path: the recipe's TOML file.
        data: folder of the labelled data.
        out: folder that run folders are made in.
        uri: MLflow server or store; None for `MLFLOW_TRACKING_URI`, or else a sqlite file.
        threads: of torch; None for its own choice.
        encoder: another encoder than the recipe's: hub id, folder or `package:…`.
        start: a run folder whose trained network this one begins with.
        stance: a run folder of `training.two_stage` whose network joins the bundle.
        parent: name of the MLflow run that this one stands under; made if it is not there.

    Raises:
        InputError: recipe or data are not as expected.
        TrackingError: the tracking server does not answer: before any work is done, or at the
            end, when the run's folder is whole and `python -m training sync` publishes it.
    """
    recipe = load_recipe(recipe_path, encoder=encoder)
    check_server(uri)
    corpus = load_corpus(data, recipe.data)
    digests = corpus.digests()
    for name, other in (("start", start), ("stance", stance)):
        if other is not None:
            digests[name] = _file_digest(Path(other) / NETWORK)
    run = RunDirectory(Path(out) / f"{recipe.name}-{recipe.digest(digests)[:10]}")
    run.write_params(recipe.flat())
    run.write_digests(digests)
    run.write_tracking(experiment=EXPERIMENT, name=recipe.name, parent=parent)
    if threads:
        torch.set_num_threads(threads)
    began = time.monotonic()
    network, place = _trained(recipe, corpus, run, None if start is None else Path(start))
    second = None if stance is None else _second(recipe, Path(stance))
    model = _released(network, second, place, recipe, corpus, run, digests)
    evaluate(run.path / "bundle", data, threads=threads).write(run)
    run.write_environment(
        {
            **collect_environment(),
            "seed": recipe.train.seed,
            "seconds": time.monotonic() - began,
            "finished": time.time(),
        }
    )
    draw_plots(run)
    run_id = publish(run, uri=uri)
    return Fitted(run.path, run.path / "bundle", model, run_id)


def _file_digest(path: Path) -> str:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError as error:
        raise InputError(f"expected a trained run with {path.name}, found {error}") from error


def _trained(
    recipe: Recipe, corpus: Corpus, run: RunDirectory, start: Path | None
) -> tuple[SaysoNetwork, Path]:
    """The trained network, and the folder of its tokenizer."""
    torch.manual_seed(recipe.train.seed)
    place = recipe.encoder.locate()
    network = SaysoNetwork.pretrained(place, recipe.network)
    folder = tokenizer_folder(place, run.path)
    final = run.path / NETWORK
    if final.exists():
        network.load_state_dict(load_file(final))
        return network.eval(), folder
    if start is not None:
        network.load_state_dict(load_file(start / NETWORK), strict=False)
    tokenizer = TextTokenizer.load(folder / TOKENIZER)
    trainer = Trainer(
        network=network,
        tokenizer=tokenizer,
        config=recipe.train,
        weights=recipe.loss,
        folder=run.path,
        digest=run.path.name,
        log=partial(_log, run),
    )
    trainer.run(corpus.examples(tokenizer, recipe.data.full_repeats))
    fresh = final.with_suffix(".tmp")
    save_file({k: v.contiguous() for k, v in network.state_dict().items()}, fresh)
    fresh.replace(final)
    return network, folder


def _log(run: RunDirectory, step: int, metrics: Mapping[str, float]) -> None:
    """Append to the run's metrics, and say every so often how far it is."""
    run.append_metrics(step, metrics)
    if "progress" in metrics and step % 50 == 0:
        _LOG.info(
            "step %d (%.0f %%), loss %.3f, %.0f tokens/s",
            step,
            100 * metrics["progress"],
            metrics["train_loss"],
            metrics["tokens_per_second"],
        )


def tokenizer_folder(place: str, run: Path) -> Path:
    """A folder with the encoder's `tokenizer.json`: its own, or the run's for a hub id."""
    if (Path(place) / TOKENIZER).exists():
        return Path(place)
    from transformers import AutoTokenizer

    folder = run / "tokenizer"
    AutoTokenizer.from_pretrained(place, use_fast=True).save_pretrained(folder)
    return folder


def _second(recipe: Recipe, folder: Path) -> MarkedStance:
    """The trained second stage of a run's folder."""
    second = MarkedStance.pretrained(recipe.encoder.locate())
    second.load_state_dict(load_file(folder / NETWORK))
    return second.eval()


def _released(
    network: SaysoNetwork,
    second: MarkedStance | None,
    place: Path,
    recipe: Recipe,
    corpus: Corpus,
    run: RunDirectory,
    digests: Mapping[str, str],
) -> str:
    """Export int8, calibrate on the tuning articles as that bundle scores them, export again."""

    def export(calibration: Calibration, name: str, *, quantize: bool) -> str:
        return export_bundle(
            network,
            run.path / name,
            name=f"sayso-{recipe.name}",
            tokenizer=place / TOKENIZER,
            second=second,
            window_size=recipe.train.chunk,
            calibration=calibration,
            quantize=quantize,
            manifest={"run": run.path.name, "data": dict(digests)},
        )

    export(Calibration(), "bundle", quantize=True)
    scores, labels, weights = tune_scores(run.path / "bundle", corpus.tune)
    calibration = fit_calibration(scores, labels, weights)
    _LOG.info("calibration %s (%s)", calibration, CONFIG)
    export(calibration, "bundle-float32", quantize=False)
    return export(calibration, "bundle", quantize=True)


def tune_scores(
    bundle_folder: Path, articles: Sequence[LabelledArticle]
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Uncalibrated stance scores [N, labels], labels [N] and weights [N] of labelled statements."""
    bundle = load_bundle(bundle_folder)
    tokenizer = TextTokenizer.load(bundle.folder / TOKENIZER)
    encoder = Encoder(bundle, tokenizer)
    scores, labels, weights = [], [], []
    for article in articles:
        labelled = [s for s in article.statements if s.stance is not None]
        if not labelled:
            continue
        tokens = tokenizer(article.text)
        token_scores = encoder.encode(tokens)
        spans = [_attribution(statement) for statement in labelled]
        pooled = pool(tokens, token_scores.stances, spans, bundle.config)
        marked = [surroundings(tokens, item) for item in spans]
        scores.append(encoder.stance_scores(tokens, pooled, marked))
        labels += [LABELS.index(s.stance) for s in labelled if s.stance is not None]
        weights += [statement.weight for statement in labelled]
    return np.concatenate(scores).astype(np.float64), np.array(labels), np.array(weights)


def _attribution(statement: LabelledStatement) -> Attribution:
    return Attribution(statement.source, statement.cue, statement.content)

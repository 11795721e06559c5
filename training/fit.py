"""`fit`: a recipe and labelled data in, a calibrated and evaluated bundle in a run folder out."""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import Tensor

from eval.evaluation import evaluate
from eval.plots import draw_plots
from eval.publish import publish
from eval.rundir import RunDirectory, collect_environment
from eval.tracking import EXPERIMENT
from model.network import SaysoNetwork, keep_layers
from sayso.bundle import SAW, TOKENIZER
from sayso.server import check_server
from sayso.tokens import TextTokenizer
from training.corpus import Corpus, load_corpus
from training.loop import Trainer
from training.recipe import Recipe, load_recipe
from training.release import BUNDLE, release
from training.seen import saw, write_seen
from training.told import ask
from training.trained import (
    NETWORK,
    save_weights,
    starting_weights,
    tokenizer_folder,
    weights_digest,
)

__all__ = ["Fitted", "fit", "measure", "train_network"]

TOLD = "told"
"""Folder beside the runs' with what teachers said."""

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
    member: int = 1,
    teacher: Path | None = None,
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
        start: a run folder whose trained network this one begins with, or a bundle's folder.
        member: which network of that bundle, from 1.
        teacher: folder of a bundle that this one learns from too, as the recipe's
            `[loss] distil_…` weigh it; what it says is kept under `out`, for the next run too.
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
    if start is not None:
        digests["start"] = f"{weights_digest(Path(start))}:{member}"
    if teacher is not None:
        digests["teacher"] = weights_digest(teacher)
    run = RunDirectory(Path(out) / f"{recipe.name}-{recipe.digest(digests)[:10]}")
    run.write_params(recipe.flat())
    run.write_digests(digests)
    write_seen(run, corpus.parts)
    run.write_tracking(experiment=EXPERIMENT, name=recipe.name, parent=parent)
    if threads:
        torch.set_num_threads(threads)
    began = time.monotonic()
    weights = None if start is None else starting_weights(Path(start), member)
    network, place = train_network(recipe, corpus, run, weights, teacher)
    model = release(
        [network],
        run.path,
        name=f"sayso-{recipe.name}",
        tokenizer=place,
        window_size=recipe.train.chunk,
        tune=corpus.tune,
        manifest={
            "run": run.path.name,
            "data": digests,
            SAW: saw((*corpus.learnt, *corpus.tune), () if start is None else [Path(start)]),
        },
    )
    run_id = measure(run, data, time.monotonic() - began, uri=uri, threads=threads)
    return Fitted(run.path, run.path / BUNDLE, model, run_id)


def measure(
    run: RunDirectory, data: Path | str, seconds: float, *, uri: str | None, threads: int | None
) -> str:
    """Evaluate a run's bundle on all suites whose data is there, and publish the run.

    Args:
        run: its folder, with the bundle in it.
        data: folder of the labelled data.
        seconds: that the run took so far.
        uri: MLflow server or store.
        threads: of onnxruntime.

    Returns:
        MLflow's id of the run.
    """
    evaluate(run.path / BUNDLE, data, threads=threads).write(run)
    seed = run.read("params.json").get("train.seed")
    times = {"seed": seed, "seconds": seconds, "finished": time.time()}
    run.write_environment({**collect_environment(), **times})
    draw_plots(run)
    return publish(run, uri=uri)


def train_network(
    recipe: Recipe,
    corpus: Corpus,
    run: RunDirectory,
    start: Mapping[str, Tensor] | None,
    teacher: Path | None,
) -> tuple[SaysoNetwork, Path]:
    """Train a network, or load it where it was trained to the end.

    Args:
        recipe: how.
        corpus: what is learnt.
        run: whose folder keeps checkpoints and weights.
        start: weights that it begins with; None for the pretrained encoder's.
        teacher: folder of a bundle that it learns from too.

    Returns:
        The network, and the folder of its tokenizer.

    Raises:
        InputError: the encoder is not at hand, or weights and teacher do not go together.
    """
    torch.manual_seed(recipe.train.seed)
    place = recipe.encoder.locate()
    network = SaysoNetwork.pretrained(place, recipe.network)
    folder = tokenizer_folder(place, run.path)
    final = run.path / NETWORK
    if final.exists():
        keep_layers(network, recipe.encoder.layers)
        network.load_state_dict(load_file(final))
        return network.eval(), folder
    if start is not None:
        network.load_state_dict(dict(start), strict=False)
    keep_layers(network, recipe.encoder.layers)
    tokenizer = TextTokenizer.load(folder / TOKENIZER)
    told = None
    if teacher is not None:
        told = ask(teacher, corpus.learnt, tokenizer, run.path.parent / TOLD)
    trainer = Trainer(
        network=network,
        tokenizer=tokenizer,
        config=recipe.train,
        weights=recipe.loss,
        folder=run.path,
        digest=run.path.name,
        log=partial(_log, run),
        taught=told is not None,
    )
    trainer.run(corpus.examples(tokenizer, recipe.data.full_repeats, told))
    save_weights(network, run.path)
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

"""`retrain`: new labels and the champion in; a challenger, the gate's word and a page out.

Every step leaves its outcome in the run's folder, whose name says all that it depends on: killed at
any point, the same command goes on and ends the same. The champion changes in one step at the end,
and only if the gate says so (`training.registry.promote`).
"""

from __future__ import annotations

import json
import logging
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import torch
from safetensors.torch import load_file

from data.learnt import keep_learnt
from data.suspects import rank_suspects
from data.withdrawn import load_withdrawn
from eval.floors import FLOORS, Lowering
from eval.gate import Verdict
from eval.publish import add_files, publish
from eval.rundir import RunDirectory, collect_environment
from eval.tracking import EXPERIMENT
from model.heads import graft_heads, load_heads
from model.network import Heads
from sayso.bundle import SAW, TOKENIZER, load_bundle, read_manifest
from sayso.lock import FolderLock
from sayso.scorer import Scorer
from sayso.server import check_server
from sayso.tokens import TextTokenizer
from training.corpus import Corpus
from training.fit import train_network
from training.headfit import HeadExamples, train_heads
from training.recipe import Recipe
from training.registry import Promotion, champion_bundle, promote, register
from training.release import BUNDLE, calibrate, release
from training.retrainpage import PAGE, page
from training.retrainplan import RetrainPlan, plan_retraining
from training.retrainrecipe import HEADS
from training.seen import saw, write_seen
from training.start import clean_start
from training.states import encode_states
from training.trained import NETWORK, save_weights, starting_weights

__all__ = ["Retrained", "dry_run", "retrain"]

STATES = "states"
"""Folder beside the runs' with encoder states."""

_LABELS = "labels"
"""The manifest's entry that says which new labels a recipe has made of it."""

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Retrained:
    """What came of retraining.

    Attributes:
        folder: the run's.
        page: what to read: what improved, what fell, which labels looked wrong.
        promotion: the gate's verdict, and the version of the registered model; None where the
            champion has learnt the same labels by the same recipe already.
    """

    folder: Path
    page: Path
    promotion: Promotion | None


def retrain(
    recipe_path: Path | str,
    new: Path,
    *,
    data: Path | str,
    out: Path | str = "runs",
    champion: Path | None = None,
    held_out: Path | None = None,
    uri: str | None = None,
    split: str = "dev",
    floors: Path = FLOORS,
    lower: Sequence[Lowering] = (),
    threads: int | None = None,
    place: Path | None = None,
) -> Retrained:
    """Learn new labels, and make what comes of it the champion if the gate lets it through.

    Args:
        recipe_path: TOML file, see `training.retrainrecipe`.
        new: labels of your own, as `python -m data import` writes them.
        data: folder of the earlier data.
        out: folder that run folders are made in.
        champion: bundle to begin with and to beat; None for the registry's champion, or the one
            that ships while there is none.
        held_out: labels to measure on; None holds a share of the new articles out.
        uri: MLflow server or store.
        split: of the data that is measured on.
        floors: file of the floors.
        lower: floors to lower, as of `eval.gate.gate`.
        threads: of torch and of one inference.
        place: folder that the bundle is copied to if it passes; None copies it nowhere.

    Raises:
        InputError: recipe, labels or data are not as expected.
        BundleError: the champion is not whole.
        TrackingError: the store does not answer or refuses, or another champion was made meanwhile:
            the same call begins with that one.
        UsageError: the same retraining is at work in another process.
    """
    check_server(uri)
    if threads:
        torch.set_num_threads(threads)
    with _planned(recipe_path, new, data, champion, held_out, uri) as (plan, reigning):
        made = read_manifest(reigning)
        if made.get(_LABELS) == _labels(plan):
            done = Path(out) / str(made["run"])
            keep_learnt(plan.learnt, plan.held, data, done.name)
            return Retrained(done, done / PAGE, None)
        run = RunDirectory(Path(out) / plan.run_name)
        run.path.mkdir(parents=True, exist_ok=True)
        with FolderLock(run.path):
            _make(plan, run, uri)
            register(run.path, uri=uri)
            promotion = promote(
                run.path,
                data,
                uri=uri,
                split=split,
                floors=floors,
                lower=lower,
                threads=threads,
                place=place,
                champion=reigning,
                new=plan.held,
                told=partial(_tell, plan, run, uri),
            )
            if promotion.verdict.passed:
                keep_learnt(plan.learnt, plan.held, data, run.path.name)
    return Retrained(run.path, run.path / PAGE, promotion)


def dry_run(
    recipe_path: Path | str,
    new: Path,
    *,
    data: Path | str,
    champion: Path | None = None,
    held_out: Path | None = None,
    uri: str | None = None,
) -> str:
    """What `retrain` would do with the same arguments, in words."""
    with _planned(recipe_path, new, data, champion, held_out, uri) as (plan, reigning):
        return f"{plan.to_text()}\nto beat: {load_bundle(reigning).model}"


@contextmanager
def _planned(
    recipe_path: Path | str,
    new: Path,
    data: Path | str,
    champion: Path | None,
    held_out: Path | None,
    uri: str | None,
) -> Iterator[tuple[RetrainPlan, Path]]:
    """The plan, and the champion's bundle, while the block lasts."""
    with tempfile.TemporaryDirectory() as folder:
        places = [Path(folder) / name for name in ("champion", "start")]
        for path in places:
            path.mkdir()
        reigning = champion_bundle(places[0], champion, uri=uri)
        withdrawn = load_withdrawn(data).rows
        start = clean_start(reigning, withdrawn, places[1], uri=uri)
        yield plan_retraining(recipe_path, new, data=data, start=start, held_out=held_out), reigning


def _make(plan: RetrainPlan, run: RunDirectory, uri: str | None) -> None:
    """Train, calibrate and publish, unless all of that is done."""
    began = time.monotonic()
    recipe, digests = plan.recipe, plan.digests
    run.write_params({**recipe.flat(), "start": plan.start.model})
    run.write_digests(digests)
    run.write_tracking(experiment=EXPERIMENT, name=recipe.name, parent="retrain")
    parts = {"learnt": plan.learnt, "replay": plan.replay, "tune": plan.corpus.tune}
    write_seen(run, parts)
    if run.read("environment.json"):
        _LOG.info("the bundle is there: %s", load_bundle(run.path / BUNDLE).model)
    else:
        manifest = {
            "run": run.path.name,
            "data": digests,
            "start": plan.start.model,
            _LABELS: _labels(plan),
            SAW: _saw(plan),
        }
        make = _with_heads if recipe.retrain.mode == HEADS else _with_network
        model = make(plan, run, manifest)
        run.write_environment(
            {
                **collect_environment(),
                "seed": recipe.train.seed,
                "seconds": time.monotonic() - began,
                "finished": time.time(),
            }
        )
        _LOG.info("%s is trained", model)
    publish(run, uri=uri)


def _labels(plan: RetrainPlan) -> dict[str, str]:
    new = {name: plan.digests[name] for name in ("learnt", "held")}
    return {"recipe": plan.recipe.digest({}), **new}


def _saw(plan: RetrainPlan) -> list[str]:
    """Digests of the texts behind it; a champion that does not tell saw all earlier data."""
    start = plan.start.folder
    told = SAW in read_manifest(start)
    earlier = plan.replay if told else plan.corpus.learnt
    return saw((*plan.learnt, *earlier, *plan.corpus.tune), [start])


def _with_heads(plan: RetrainPlan, run: RunDirectory, manifest: Mapping[str, object]) -> str:
    """New heads on kept states, in the champion's bundle."""
    final = run.path / NETWORK
    heads = load_heads(plan.start)
    if final.exists():
        heads.load_state_dict(load_file(final))
    else:
        heads = _trained_heads(plan, run, heads)
        save_weights(heads, run.path)
    draft = run.path / ".draft"
    graft_heads(plan.start, heads, draft, name=f"sayso-{plan.recipe.name}", manifest=manifest)
    model = calibrate(draft, plan.corpus.tune)
    draft.replace(run.path / BUNDLE)
    return model


def _trained_heads(plan: RetrainPlan, run: RunDirectory, heads: Heads) -> Heads:
    states = run.path.parent / STATES
    rows = {
        name: list(encode_states(plan.start, articles, states))
        for name, articles in (("new", plan.learnt), ("earlier", plan.replay))
    }
    return train_heads(
        heads,
        HeadExamples(rows["new"], rows["earlier"], plan.recipe.retrain.repeats),
        TextTokenizer.load(plan.start.folder / TOKENIZER),
        plan.recipe.train,
        plan.recipe.loss,
        run.append_metrics,
    )


def _with_network(plan: RetrainPlan, run: RunDirectory, manifest: Mapping[str, object]) -> str:
    """All of the champion's network, trained on."""
    recipe = plan.recipe
    assert recipe.encoder is not None, "load_retrain_recipe sees to it"
    anchored = recipe.loss.distil_roles > 0 or recipe.loss.distil_stance > 0
    network, place = train_network(
        Recipe(
            name=recipe.name,
            encoder=recipe.encoder,
            data=replace(recipe.data, full_repeats=recipe.retrain.repeats),
            network=load_heads(plan.start).config,
            loss=recipe.loss,
            train=recipe.train,
        ),
        Corpus(polnear=plan.replay, full=plan.learnt, tune=plan.corpus.tune),
        run,
        starting_weights(plan.start.folder),
        plan.start.folder if anchored else None,
    )
    return release(
        [network],
        run.path,
        name=f"sayso-{recipe.name}",
        tokenizer=place,
        window_size=plan.start.config.window_size,
        tune=plan.corpus.tune,
        manifest=manifest,
    )


def _tell(plan: RetrainPlan, run: RunDirectory, uri: str | None, verdict: Verdict) -> None:
    """Leave the verdict and the page in the run's folder and in MLflow, before anything changes."""
    run.write_page("gate.json", json.dumps(verdict.to_dict(), indent=1) + "\n")
    queue = rank_suspects(plan.learnt, plan.replay, Scorer(plan.start))
    run.write_page(PAGE, page(plan, verdict, queue))
    add_files(run, ("gate.json", PAGE), uri=uri)

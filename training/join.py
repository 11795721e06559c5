"""`join`: trained runs of the same sizes averaged into one bundle, a run of its own."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Sequence
from pathlib import Path

from eval.rundir import RunDirectory
from eval.tracking import EXPERIMENT
from sayso.bundle import SAW
from sayso.errors import InputError
from sayso.server import check_server
from training.corpus import load_corpus
from training.fit import Fitted, measure
from training.recipe import load_recipe
from training.release import BUNDLE, release
from training.seen import saw, write_seen
from training.trained import load_trained, weights_digest

__all__ = ["join"]


def join(
    recipe_path: Path | str,
    runs: Sequence[Path],
    *,
    data: Path | str,
    out: Path | str = "runs",
    uri: str | None = None,
    threads: int | None = None,
    parent: str | None = None,
) -> Fitted:
    """Average runs, calibrate the whole on what none was trained on, evaluate and track it.

    Args:
        recipe_path: names the bundle; its `[data]` says what is held out for calibration, as in
            the runs.
        runs: folders of two runs or more of one encoder.
        data: folder of the labelled data.
        out: folder that run folders are made in.
        uri: MLflow server or store.
        threads: of onnxruntime.
        parent: name of the MLflow run that this one stands under; made if it is not there.

    Raises:
        InputError: a run is not trained, the runs do not go together, or recipe or data are not
            as expected.
        TrackingError: the tracking server does not answer (before any work is done).
    """
    recipe = load_recipe(recipe_path)
    check_server(uri)
    members = {f"member_{n}": weights_digest(path) for n, path in enumerate(runs, 1)}
    if len(set(members.values())) < len(runs):
        raise InputError("expected runs of different weights, found the same ones twice")
    corpus = load_corpus(data, recipe.data)
    digests = {**corpus.digests(), **members}
    whole = hashlib.sha256(json.dumps([recipe.digest(digests)]).encode()).hexdigest()
    run = RunDirectory(Path(out) / f"{recipe.name}-{whole[:10]}")
    params = {f"member_{n}": path.name for n, path in enumerate(runs, 1)}
    run.write_params({**recipe.flat(), **params})
    run.write_digests(digests)
    write_seen(run, corpus.parts)
    run.write_tracking(experiment=EXPERIMENT, name=recipe.name, parent=parent)
    began = time.monotonic()
    trained = [load_trained(path) for path in runs]
    if len({one.chunk for one in trained}) != 1:
        sizes = ", ".join(str(one.chunk) for one in trained)
        raise InputError(f"expected runs of one size of chunks, found {sizes}")
    try:
        model = release(
            [one.network for one in trained],
            run.path,
            name=f"sayso-{recipe.name}",
            tokenizer=trained[0].tokenizer,
            window_size=trained[0].chunk,
            tune=corpus.tune,
            manifest={
                "run": run.path.name,
                "data": digests,
                SAW: saw((*corpus.learnt, *corpus.tune), runs),
            },
        )
    except ValueError as error:
        raise InputError(f"runs do not go together: {error}") from error
    run_id = measure(run, data, time.monotonic() - began, uri=uri, threads=threads)
    return Fitted(run.path, run.path / BUNDLE, model, run_id)

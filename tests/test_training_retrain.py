"""Retraining: a domain is learnt and promoted, what must not pass is refused, kills do no harm."""

from __future__ import annotations

import json
import random
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from data.__main__ import main as data_main
from data.learnt import load_held
from data.loaders import load_labels
from eval.compare import Comparison, compare, measure
from eval.corpora import load_corpora
from eval.floors import Floors
from eval.gate import Verdict, _new_checks, pin
from eval.speed import Speed
from eval.tracking import open_store
from sayso.bundle import DEFAULT_BUNDLE, FILES, MODEL, load_bundle, read_manifest
from sayso.errors import UsageError
from sayso.lock import FolderLock
from sayso.records import STANCES
from sayso.scorer import Scorer
from tests.domain import minutes, plain
from training.__main__ import main
from training.lineage import lineage
from training.registry import CHAMPION
from training.registry import MODEL as REGISTERED
from training.retrain import Retrained, dry_run, retrain
from training.retrainplan import plan_retraining
from training.seen import read_seen
from training.start import Start

pytestmark = pytest.mark.filterwarnings("ignore")

RECIPE = """
[retrain]
mode = "heads"
replay = {replay}
repeats = 2
held_share = 0.3

[data]
full = ["news.train.jsonl"]
stances = []
tune_share = 0.3

[loss]
inner = 1.5
distil_roles = {anchor}
distil_stance = {anchor}
temperature = 1.0

[train]
epochs = {epochs}
chunk = 192
chunks_per_batch = 16
head_rate = 2e-3
average_decay = 0.9
"""


def rows(path: Path, some: list[dict[str, Any]]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in some))
    return path


def flat(some: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """As PolNeAR marks: without stance."""
    marks = ("source", "cue", "content")
    return [
        {**row, "attributions": [{m: one[m] for m in marks} for one in row["attributions"]]}
        for row in some
    ]


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder of earlier data, with floors that the released bundle keeps to."""
    folder = tmp_path_factory.mktemp("data")
    rows(folder / "polnear.train.jsonl", flat(plain(8)))
    rows(folder / "news.train.jsonl", plain(12, seed=1))
    dev = plain(4, seed=2)
    rows(folder / "polnear.dev.jsonl", flat(dev))
    rows(folder / "wire.dev.jsonl", plain(4, seed=3))
    rows(
        folder / "stance.dev.jsonl",
        [
            {**one, "id": f"{row['id']}-{n}", "doc": row["id"]}
            for row in dev
            for n, one in enumerate(row["attributions"])
        ],
    )
    gold = load_labels(rows(folder / "gold.jsonl", plain(4, seed=4)))
    Floors({}, {}).save(folder / "floors.json")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("eval.corpora.load_gold", lambda: gold)
        pin(DEFAULT_BUNDLE, folder, floors=folder / "floors.json")
        yield folder


@pytest.fixture(scope="module")
def states(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for runs, whose encoder states all tests share."""
    return tmp_path_factory.mktemp("runs")


def recipe(folder: Path, *, epochs: int = 8, replay: int = 20, anchor: float = 1.0) -> Path:
    path = folder / "minutes.toml"
    path.write_text(RECIPE.format(epochs=epochs, replay=replay, anchor=anchor))
    return path


@pytest.fixture(scope="module")
def done(
    data: Path, states: Path, mlflow_template: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Retrained, str]:
    """The loop once: labels of a new domain in, a champion out."""
    folder = tmp_path_factory.mktemp("loop")
    shutil.copy(mlflow_template, folder / "mlruns.db")
    uri = f"sqlite:///{folder / 'mlruns.db'}"
    new = rows(folder / "new.jsonl", minutes(24))
    made = retrain(
        recipe(folder), new, data=data, out=states, uri=uri, floors=data / "floors.json", threads=1
    )
    return made, uri


def test_a_new_domain_is_learnt_and_promoted(done: tuple[Retrained, str], data: Path) -> None:
    made, uri = done
    assert made.promotion is not None
    verdict = made.promotion.verdict
    assert verdict.passed, verdict.refusals
    gain = verdict.comparison.changes["new.tuple_overlap_f1"].gain
    assert gain.low > 0
    with open_store(uri) as store:
        version = store.version_at(REGISTERED, CHAMPION)
        assert version is not None
        assert {"retrain.md", "gate.json", "seen.jsonl.gz"} <= store.files(version.run_id)
    page = made.page.read_text()
    assert "takes the place of" in page
    assert "new.tuple_overlap_f1" in page
    kept = load_labels(data / "learnt" / f"{made.folder.name}.jsonl")
    assert {one.id for one in kept} == {
        row["article"] for row in read_seen(made.folder) if row["part"] == "learnt"
    }
    again, old = made.folder / "bundle" / MODEL, DEFAULT_BUNDLE / MODEL
    assert abs(again.stat().st_size - old.stat().st_size) < 10_000, "the encoder is the same"


def learnt(made: Retrained) -> str:
    """An article that it has learnt."""
    return str(next(r["article"] for r in read_seen(made.folder) if r["part"] == "learnt"))


def test_the_labels_are_not_learnt_twice(
    done: tuple[Retrained, str], data: Path, states: Path, tmp_path: Path
) -> None:
    made, uri = done
    new = rows(tmp_path / "new.jsonl", minutes(24))
    again = retrain(recipe(tmp_path), new, data=data, out=states, uri=uri)
    assert again.promotion is None
    assert again.page == made.page


def test_the_line_goes_back_to_the_release(
    done: tuple[Retrained, str], data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made, uri = done
    found = lineage(uri=uri)
    assert found.ancestors[1].model == load_bundle().model
    first = found.ancestors[0]
    assert first.version == "1"
    assert first.gate == "passed"
    assert first.data == read_manifest(made.folder / "bundle")["data"]
    name = learnt(made)
    assert main(["lineage", str(made.folder), "--tracking-uri", uri, "--saw", name]) == 0
    told = capsys.readouterr().out
    assert f"saw 13 rows of {name} (learnt)" in told
    assert "its run does not tell what it saw" in told, "of the released bundle"
    assert "has not seen nothing#1" in found.sightings("nothing#1")


def test_what_was_withdrawn_is_left_out_and_not_begun_with(
    done: tuple[Retrained, str], data: Path, tmp_path: Path
) -> None:
    made, uri = done
    withdrawn = shutil.copytree(data, tmp_path / "data")
    new = rows(tmp_path / "new.jsonl", minutes(24))
    words = ["withdraw", learnt(made), "--data", str(withdrawn), "--because", "asked for"]
    assert data_main([*words]) == 0
    told = dry_run(recipe(tmp_path), new, data=withdrawn, uri=uri)
    champion = load_bundle(made.folder / "bundle").model
    assert f"begun with: {load_bundle().model}" in told
    assert f"left out: what was withdrawn, and so {champion}" in told
    assert f"to beat: {champion}" in told
    before = json.loads((made.folder / "params.json").read_text())["start"]
    assert before == load_bundle().model
    assert "learnt: 13 articles with 156 statements" in told


def test_a_dry_run_changes_nothing(
    data: Path, tmp_path: Path, mlflow_uri: str, capsys: pytest.CaptureFixture[str]
) -> None:
    new = rows(tmp_path / "new.jsonl", minutes(6))
    words = ["retrain", str(recipe(tmp_path)), "--new", str(new), "--data", str(data)]
    assert (
        main([*words, "--out", str(tmp_path / "runs"), "--tracking-uri", mlflow_uri, "--dry-run"])
        == 0
    )
    told = capsys.readouterr().out
    assert "learnt: " in told
    assert "replayed: " in told
    assert not (tmp_path / "runs").exists()


def test_labels_with_errors_are_not_learnt(
    data: Path, tmp_path: Path, mlflow_uri: str, capsys: pytest.CaptureFixture[str]
) -> None:
    known = plain(4, seed=3)[0]
    new = rows(tmp_path / "new.jsonl", [*minutes(6), {**known, "id": "copy"}])
    words = ["retrain", str(recipe(tmp_path)), "--new", str(new), "--data", str(data)]
    assert main([*words, "--tracking-uri", mlflow_uri]) == 2
    assert "expected labels without errors, found 1" in capsys.readouterr().err


def test_what_was_learnt_before_is_kept(done: tuple[Retrained, str], data: Path) -> None:
    assert len(load_held(data)) == 10
    corpora = replace(load_corpora(data), past=load_held(data))
    made, _ = done
    found, before = (
        measure(Scorer.load(path, threads=1, threshold=0.0), corpora, threshold=0.5)
        for path in (made.folder / "bundle", DEFAULT_BUNDLE)
    )
    lost = compare(before, found, corpora.digests())
    judged = {check.name: check for check in _new_checks(lost)}
    assert not judged["past is kept"].passed
    assert (
        "past: expected a mean loss of at most 0.5 points, found -" in judged["past is kept"].words
    )


def test_one_at_a_time(data: Path, tmp_path: Path, mlflow_uri: str, states: Path) -> None:
    new = rows(tmp_path / "new.jsonl", minutes(24, seed=5))
    path = recipe(tmp_path)
    plan = plan_retraining(path, new, data=data, start=Start(DEFAULT_BUNDLE))
    folder = tmp_path / "runs" / plan.run_name
    folder.mkdir(parents=True)
    with FolderLock(folder), pytest.raises(UsageError, match="expected no other run"):
        retrain(path, new, data=data, out=tmp_path / "runs", uri=mlflow_uri)


class Passing:
    """Stands for the gate and lets everything through."""

    def __call__(self, challenger: Path, data: Path, *, champion: Path, **_: object) -> Verdict:
        """A verdict without figures."""
        ours, theirs = load_bundle(challenger).model, load_bundle(champion).model
        speed, floors = Speed(1.0, 1.0, 1.0), Floors({}, {})
        return Verdict(Comparison(ours, theirs, {}, {}), (), 1, speed, floors)


STEPS = (
    "training.retrain.train_heads",
    "training.retrain.graft_heads",
    "training.retrain.calibrate",
    "training.retrain.register",
    "training.registry.gate",
    "training.retrain.add_files",
)


def test_stopped_anywhere_it_ends_the_same(
    data: Path, tmp_path: Path, mlflow_template: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("training.registry.gate", Passing())
    new = rows(tmp_path / "new.jsonl", minutes(6, seed=2, lines=4))
    path = recipe(tmp_path, epochs=1, replay=2)

    def run(place: str) -> Retrained:
        uri = f"sqlite:///{tmp_path / place / 'mlruns.db'}"
        return retrain(path, new, data=data, out=tmp_path / place, uri=uri, threads=1)

    def champion(place: str) -> str:
        with open_store(f"sqlite:///{tmp_path / place / 'mlruns.db'}") as store:
            version = store.version_at(REGISTERED, CHAMPION)
            return "none" if version is None else version.tags["model"]

    for place in ("whole", "stopped"):
        (tmp_path / place).mkdir()
        shutil.copy(mlflow_template, tmp_path / place / "mlruns.db")
    whole = run("whole")
    for step in STEPS:
        with monkeypatch.context() as patch:
            patch.setattr(step, _stopped)
            with pytest.raises(KeyboardInterrupt):
                run("stopped")
        assert champion("stopped") == "none"
    again = run("stopped")
    assert champion("stopped") == champion("whole") != "none"
    for name in (*FILES, "manifest.json"):
        mine, theirs = (one.folder / "bundle" / name for one in (again, whole))
        assert mine.read_bytes() == theirs.read_bytes(), name
    assert again.page.read_text() == whole.page.read_text()
    assert run("stopped").promotion is None


def _stopped(*_: object, **__: object) -> None:
    raise KeyboardInterrupt


def refusals(
    labels: list[dict[str, Any]], data: Path, folder: Path, uri: str, *, anchor: float = 0.0
) -> str:
    """What the gate says to a challenger that learnt such labels and nothing beside them."""
    made = retrain(
        recipe(folder, replay=0, anchor=anchor),
        rows(folder / "new.jsonl", labels),
        data=data,
        out=folder / "runs",
        held_out=rows(folder / "held.jsonl", plain(4, seed=8)),
        uri=uri,
        floors=data / "floors.json",
        threads=1,
    )
    assert made.promotion is not None
    verdict = made.promotion.verdict
    assert not verdict.passed
    assert "does not take the place of" in made.page.read_text()
    with open_store(uri) as store:
        assert store.version_at(REGISTERED, CHAMPION) is None
    return "\n".join(verdict.refusals)


def relabelled(some: list[dict[str, Any]], stance: Callable[[str], str]) -> list[dict[str, Any]]:
    return [
        {**r, "attributions": [{**m, "stance": stance(m["stance"])} for m in r["attributions"]]}
        for r in some
    ]


def test_shuffled_labels_are_refused(data: Path, tmp_path: Path, mlflow_uri: str) -> None:
    chosen = random.Random(0)
    some = relabelled(plain(12, seed=7), lambda _: chosen.choice(list(STANCES)))
    told = refusals(some, data, tmp_path, mlflow_uri)
    assert "stance.macro_f1_four: expected at least" in told
    assert "new: expected a gain on held-out new labels, found -" in told
    assert "stance: expected a mean loss of at most 0.5 points, found -" in told


def test_one_that_forgot_denials_is_refused(data: Path, tmp_path: Path, mlflow_uri: str) -> None:
    some = relabelled(plain(12, seed=7), lambda s: "assertion" if s == "denial" else s)
    told = refusals(some, data, tmp_path, mlflow_uri)
    assert "stance.labels.denial.f1: expected at least" in told
    assert "found 0.00" in told


def test_one_that_saw_test_documents_is_refused(
    data: Path, tmp_path: Path, mlflow_uri: str
) -> None:
    some = [*plain(6, seed=7), {**plain(4, seed=3)[0], "id": "under another name"}]
    told = refusals(some, data, tmp_path, mlflow_uri, anchor=1.0)
    assert "it is measured on, found 1 of them: wire plain-3-0" in told

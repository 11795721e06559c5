"""Factual reporting of invented outlets by how they report."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from scipy.stats import spearmanr

from eval.__main__ import main
from eval.outletdata import FEW, SCALE, RatedOutlets, read_outlets, read_ratings
from eval.outletdesigns import ALL_GROUPS, CUE_WORDS, Design, designs, group_designs
from eval.outletfigures import Predictions, resample
from eval.outletfit import FOLDS, deal, fit_odds, macro_f1
from eval.outletplot import draw_outlets
from eval.outletreport import outlet_page
from eval.outlets import PROFILE, fit_model, predict
from eval.rundir import RunDirectory
from eval.tracking import EXPERIMENT, open_store
from sayso.errors import InputError
from sayso.profiles.factual import read_model
from tests.scored import MIX, OTHER_MIX, scored_articles, write_scored

SIZE, LARGE = 40, 8


def write_corpus(folder: Path, mixes: Sequence[Sequence[float]]) -> None:
    """`SIZE` outlets of five articles, some of `FEW`, each with a mix of stances."""
    articles = [
        article
        for number, mix in enumerate(mixes)
        for article in scored_articles(
            5 if number < SIZE - LARGE else FEW, seed=number, mix=mix, outlet=f"Herald {number:02}"
        )
    ]
    write_scored(folder / "said.parquet", articles)


def write_ratings(folder: Path, ratings: Sequence[str]) -> None:
    rows = [
        {"outlet": f"Herald {number:02}", "factual_reporting": rating}
        for number, rating in enumerate(ratings)
    ]
    (folder / "ratings.json").write_text(json.dumps(rows))


def read(folder: Path, *, profiles: Path | None = None) -> RatedOutlets:
    texts = str(folder / "said.articles.jsonl")
    said, ratings = str(folder / "said.parquet"), folder / "ratings.json"
    return read_outlets(said, texts, ratings, profiles=profiles)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Outlets of which the worse rated deny more."""
    made = tmp_path_factory.mktemp("outlets")
    shares = [n % 4 / 3 for n in range(SIZE)]
    mixes = [(1 - s) * np.array(MIX) + s * np.array(OTHER_MIX) for s in shares]
    write_corpus(made, [tuple(mix) for mix in mixes])
    write_ratings(made, [("high", "mostly-factual", "mixed", "low")[n % 4] for n in range(SIZE)])
    return made


@pytest.fixture(scope="module")
def outlets(folder: Path) -> RatedOutlets:
    return read(folder)


def profile() -> Design:
    return next(design for design in designs() if design.name == PROFILE)


def correlation(outlets: RatedOutlets, found: Predictions) -> float:
    return float(spearmanr(found.scores[0], outlets.ratings)[0])


def test_a_signal_that_was_planted_is_found(outlets: RatedOutlets) -> None:
    found = predict(outlets, profile(), repeats=1)
    assert correlation(outlets, found) > 0.6
    assert macro_f1(outlets.classes, found.chosen[0]) > 0.5
    assert found.probabilities.sum(axis=2) == pytest.approx(1.0)


def test_chance_gives_chance(outlets: RatedOutlets) -> None:
    draw, values = np.random.default_rng(1), []
    for _ in range(3):
        other = replace(outlets, ratings=draw.permutation(outlets.ratings))
        values.append(correlation(other, predict(other, profile(), repeats=1)))
    assert abs(float(np.mean(values))) < 0.25


def test_ratings_and_names_are_in_no_feature(outlets: RatedOutlets) -> None:
    train = np.arange(0, SIZE, 2)
    other = replace(
        outlets,
        ratings=outlets.ratings[::-1].copy(),
        names=tuple(f"No. {n}" for n in range(SIZE)),
        features=replace(outlets.features, ids=tuple(f"No. {n}" for n in range(SIZE))),
    )
    alone, rest = group_designs()
    for design in [*designs(), *alone, *rest]:
        for one, two in zip(design.build(outlets, train), design.build(other, train), strict=True):
            assert np.array_equal(one, two), design.name


def test_features_are_standardised_by_those_learnt_from_only(outlets: RatedOutlets) -> None:
    train, last = np.arange(SIZE - 1), SIZE - 1
    features = outlets.features
    tops, counts = features.tops.copy(), features.counts.copy()
    tops[last] *= 3
    counts[last] += 50
    other = replace(outlets, features=replace(features, tops=tops, counts=counts))
    for one, two in zip(
        profile().build(outlets, train), profile().build(other, train), strict=True
    ):
        assert np.array_equal(one[train], two[train])
        assert not np.array_equal(one[last], two[last])


def test_an_outlets_own_rating_does_not_reach_its_prediction(outlets: RatedOutlets) -> None:
    ratings = outlets.ratings.copy()
    assert SCALE[ratings[1]] == "mostly-factual"
    ratings[1] = SCALE.index("mixed")
    other = replace(outlets, ratings=ratings)
    assert np.array_equal(outlets.classes, other.classes)
    one, two = (predict(some, profile(), repeats=1) for some in (outlets, other))
    assert one.scores[0, 1] == two.scores[0, 1]
    assert not np.array_equal(one.scores, two.scores)


def test_agreement_and_contradiction(folder: Path, tmp_path: Path) -> None:
    claims = {"claims": 100, "shared": 40, "contradicted": 10, "share_contested": 0.2}
    rows: list[dict[str, Any]] = [{"name": f"Herald {n:02}", **claims} for n in range(SIZE)]
    rows[0]["share_contested"] = None
    rows[1]["contradicted"] = 90
    pq.write_table(pa.Table.from_pylist(rows[:-1]), tmp_path / "outlets.parquet")
    outlets = read(folder, profiles=tmp_path)
    assert outlets.evidence is not None
    assert outlets.evidence[[0, 1, 2, -1]].tolist() == [
        [100, 40, 10, 0],
        [100, 40, 90, 20],
        [100, 40, 10, 20],
        [0, 0, 0, 0],
    ]
    train = np.arange(SIZE)
    alone, both = designs(evidence=True)[-2:]
    assert alone.build(outlets, train)[0].argmax(axis=0)[1] == 1
    plain = profile().build(outlets, train)
    assert [one.shape[1] + 3 for one in plain] == [
        one.shape[1] for one in both.build(outlets, train)
    ]
    with pytest.raises(InputError, match="expected profiles of sayso sources"):
        read(folder, profiles=folder)


def test_groups_cover_the_profile(outlets: RatedOutlets) -> None:
    alone, rest = group_designs()
    assert [design.name for design in alone] == [design.name for design in rest] == [*ALL_GROUPS]
    train = np.arange(SIZE)
    whole = profile().build(outlets, train)[0].shape[1]
    widths = {design.name: design.build(outlets, train)[0].shape[1] for design in alone}
    assert sum(widths.values()) == whole
    assert widths[CUE_WORDS] > 0


def test_folds_spread_every_class() -> None:
    classes = np.array([0] * 6 + [1] * 20 + [2] * 30)
    folds = deal(classes, np.random.default_rng(0))
    for one in range(3):
        counts = np.bincount(folds[classes == one], minlength=FOLDS)
        assert counts.max() - counts.min() <= 1


def test_odds_without_a_class_and_without_a_spread() -> None:
    classes = np.array([1, 1, 1, 2, 2, 2])
    odds = fit_odds(np.array([0.0, 0.1, 0.2, 1.0, 1.1, 1.2]), classes)
    found = odds.probabilities(np.array([0.1, 1.1]))
    assert found[:, 0].max() < 1e-6
    assert odds.decide(np.array([0.1, 1.1])).tolist() == [1, 2]
    flat = fit_odds(np.zeros(6), classes).probabilities(np.zeros(1))
    assert flat[0, 1] == pytest.approx(0.5, abs=0.01)


def test_figures_of_known_predictions() -> None:
    ratings, classes = np.array([1, 2, 3, 4]), np.array([0, 1, 1, 2])
    probabilities = np.full((1, 4, 3), 1 / 3)
    found = Predictions(np.array([[0.1, 0.3, 0.2, 0.9]]), np.array([[0, 1, 2, 2]]), probabilities)
    measured = resample(found, ratings, classes, np.arange(4))
    assert measured.figure("spearman").value == pytest.approx(0.8)
    assert measured.figure("macro_f1").value == pytest.approx((1 + 2 / 3 + 2 / 3) / 3)
    assert measured.figure("log_loss").value == pytest.approx(np.log(3))
    assert measured.less(measured, "spearman").high == 0.0


def test_the_model_scores_as_it_was_fitted(outlets: RatedOutlets, tmp_path: Path) -> None:
    (tmp_path / "m.json").write_text(fit_model(outlets).to_json())
    model = read_model(tmp_path / "m.json")
    scores = model.scores(outlets.features)
    assert float(np.corrcoef(scores, outlets.ratings)[0, 1]) > 0.6
    assert model.origin["outlets"] == SIZE


def test_command(folder: Path, tmp_path: Path, mlflow_uri: str) -> None:
    said, texts = (str(folder / name) for name in ("said.parquet", "said.articles.jsonl"))
    asked = ["outlets", "--data", str(folder), "--statements", said, "--articles", texts]
    asked += ["--ratings", str(folder / "ratings.json"), "-o", str(tmp_path), "--repeats", "1"]
    assert main([*asked, "--no-groups", "--track", "--tracking-uri", mlflow_uri]) == 0
    results: dict[str, Any] = json.loads((tmp_path / "results.json").read_text())
    assert results["classes"] == {"low": 10, "mixed": 20, "high": 10}
    assert set(results["all"]) == {"majority", "size", "text", "profile", "profile + text"}
    assert results["all"]["majority"]["over"]["spearman"]["low"] > 0
    assert (results["outlets"], results["outlets_with_many"]) == (SIZE, LARGE)
    page = (tmp_path / "results.md").read_text()
    assert "| **profile** |" in page
    assert "majority: ahead in Spearman, ahead in macro-F1" in page
    assert {"outlets.png", "outlets.svg"} <= {path.name for path in tmp_path.iterdir()}
    assert read_model(tmp_path / "outlets.json").floor == FEW
    with open_store(mlflow_uri) as store:
        name = store.experiment(EXPERIMENT)
        run = store.find_run(name, "sayso.run", RunDirectory(tmp_path).identity())
        assert run is not None
        assert run.metrics["all.profile.spearman.value"] > 0.6

    groups = {"stance": {"alone": results["all"]["size"], "adds": results["all"]["size"]["over"]}}
    other = {**results, "many": {}, "groups": groups}
    assert "| stance |" in outlet_page(other)
    assert "articles or more" in page
    assert "## Outlets with" not in outlet_page(other)
    assert draw_outlets(other, tmp_path)[0].stat().st_size > 10_000


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("{", "expected ratings in JSON"),
        ("{}", "expected a list of ratings"),
        ('[{"outlet": "a", "factual_reporting": "fine"}]', "expected factual_reporting of a as"),
        ('[{"outlet": "", "factual_reporting": "low"}]', "expected an outlet of its own"),
        (json.dumps([{"outlet": "a", "factual_reporting": "low"}] * 2), "in rating 2, found 'a'"),
    ],
)
def test_ratings_that_are_none(tmp_path: Path, text: str, error: str) -> None:
    (tmp_path / "ratings.json").write_text(text)
    with pytest.raises(InputError, match=error):
        read_ratings(tmp_path / "ratings.json")


def test_ratings_of_other_outlets(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "r.json").write_text('[{"outlet": "none", "factual_reporting": "low"}]')
    with pytest.raises(InputError, match="rated outlets of two classes or more"):
        read_outlets(
            str(folder / "said.parquet"), str(folder / "said.articles.jsonl"), tmp_path / "r.json"
        )

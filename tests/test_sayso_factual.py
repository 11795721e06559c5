"""Outlets measured by how they report, and the model of factual reporting."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pytest

from sayso.errors import InputError, UsageError
from sayso.profiles.factual import (
    MODEL,
    Odds,
    cue_vectors,
    factual_reporting,
    read_model,
    shrunk,
)
from sayso.profiles.features import FEATURES
from sayso.profiles.measures import MIN_OUTLETS, OutletFeatures, outlet_features

PLAIN: dict[str, Any] = {
    "article_id": "a",
    "outlet_id": "o",
    "form": "indirect",
    "stance": "assertion",
    "p_assertion": 0.7,
    "p_denial": 0.1,
    "p_hedge": 0.1,
    "p_speculation": 0.1,
    "p_statement": 0.9,
    "parent_id": None,
    "source_kind": "person",
    "source_entity": "Ida",
    "source_text": "Ida",
    "cue_text": "said",
    "content_text": "it rained",
    "content_start": 10,
    "content_end": 99,
}


@pytest.fixture
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(config={"threads": 2}) as opened:
        yield opened


def measured(connection: duckdb.DuckDBPyConnection, *rows: dict[str, Any]) -> OutletFeatures:
    connection.register("said", pa.Table.from_pylist([{**PLAIN, **row} for row in rows]))
    return outlet_features(connection, words=["said", "slammed"])


def value(found: OutletFeatures, name: str) -> float:
    at = found.names.index(name)
    return float(found.tops[0, at] / found.bottoms[0, at])


def test_shares_and_means(connection: duckdb.DuckDBPyConnection) -> None:
    found = measured(
        connection,
        {"form": "direct", "content_text": "x" * 9, "p_denial": 0.3, "p_assertion": 0.5},
        {"source_kind": "unnamed", "source_text": None, "source_entity": None, "cue_text": None},
        {"cue_text": "slammed", "source_text": "They", "parent_id": "a#0", "content_text": "7!"},
        {"article_id": "b", "stance": "denial", "source_kind": None, "content_text": None},
    )
    assert found.ids == ("o",)
    assert (found.statements[0], found.articles[0]) == (4, 2)
    expected = {
        "direct": 0.25,
        "p_denial": 0.15,
        "unnamed": 0.5,
        "unsourced": 0.25,
        "nested": 0.25,
        "pronoun": 0.25,
        "person": 0.5,
        "cue_none": 0.25,
        "cue_heated": 0.25,
        "cue_neutral": 0.5,
        "numbers": 0.25,
        "exclaiming": 0.25,
        "asking": 0.0,
        "denying_articles": 0.5,
        "doubting_articles": 0.0,
        "unsure": 0.25,
        "quote_length": np.log(10),
        "statements": (np.log(3) + np.log(1)) / 2,
        "sources": (np.log(2) + np.log(2)) / 2,
        "lead": np.log(11),
    }
    assert {name: value(found, name) for name in expected} == pytest.approx(expected, abs=1e-5)


def test_concentration_is_that_of_sources_in_an_article(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    names = ["Ida", "Ida", "Ida", "Bo"]
    found = measured(connection, *({"source_entity": name} for name in names))
    assert value(found, "concentration") == pytest.approx((9 + 1) / 16)


def test_words_of_cues_are_counted_once_a_statement(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    found = measured(
        connection, {"cue_text": "said, said"}, {"cue_text": "Slammed"}, {"cue_text": "has slammed"}
    )
    assert found.words == ("said", "slammed")
    assert found.counts.tolist() == [[1.0, 1.0]]


def test_words_of_few_outlets_are_left_out(connection: duckdb.DuckDBPyConnection) -> None:
    rows = [
        {**PLAIN, "outlet_id": f"o{n}", "cue_text": "said" if n else "said to herald"}
        for n in range(MIN_OUTLETS)
    ]
    connection.register("said", pa.Table.from_pylist(rows))
    assert outlet_features(connection).words == ("said",)


def test_whose_and_how_many_threads_make_no_difference() -> None:
    draw = np.random.default_rng(3)
    rows = []
    for n in range(600):
        chances = draw.dirichlet([4, 1, 1, 1])
        names = ("assertion", "denial", "hedge", "speculation")
        rows.append(
            {
                **PLAIN,
                "article_id": f"a{n // 6}",
                "outlet_id": f"o{n // 60}",
                **{f"p_{name}": float(p) for name, p in zip(names, chances, strict=True)},
                "content_text": "x" * int(draw.integers(1, 200)),
            }
        )
    found = []
    for threads, other in ((1, "o"), (4, "zz")):
        renamed = [{**row, "outlet_id": other + row["outlet_id"][1:]} for row in rows]
        with duckdb.connect(config={"threads": threads}) as connection:
            connection.register("said", pa.Table.from_pylist(renamed))
            found.append(outlet_features(connection))
    assert found[0].ids != found[1].ids
    assert np.array_equal(found[0].tops, found[1].tops)
    assert np.array_equal(found[0].bottoms, found[1].bottoms)
    assert np.array_equal(found[0].counts, found[1].counts)


def test_outlets_by_name_and_one_that_is_not_there(connection: duckdb.DuckDBPyConnection) -> None:
    found = measured(connection, {}, {"outlet_id": "p"}, {"outlet_id": "p"}).of(["p", "?", "o"])
    assert found.statements.tolist() == [2, 0, 1]
    priors = np.full(len(FEATURES), 0.4)
    values = shrunk(found.tops, found.bottoms, priors, np.ones(len(FEATURES)))
    assert values[1].tolist() == priors.tolist()


def test_a_column_that_is_missing(connection: duckdb.DuckDBPyConnection) -> None:
    rows = {name: [one] for name, one in PLAIN.items() if name != "cue_text"}
    connection.register("said", pa.table(rows))
    with pytest.raises(UsageError, match="a table said with cue_text"):
        outlet_features(connection)


def test_vectors_of_words() -> None:
    found = cue_vectors(np.array([[1.0, 0.0], [0.0, 0.0], [np.e, 1.0]]), np.array([1.0, 2.0]))
    assert found == pytest.approx(np.array([[1, 0], [0, 0], [0.5**0.5, 0.5**0.5]]))


def test_the_model_that_ships(connection: duckdb.DuckDBPyConnection) -> None:
    floor = read_model().floor
    rows = [{"article_id": f"a{n}"} for n in range(floor)]
    few = [{"article_id": f"b{n}", "outlet_id": "few"} for n in range(floor - 1)]
    measured(connection, *rows, *few, {"outlet_id": None})
    found = factual_reporting(connection).to_pylist()
    assert [row["id"] for row in found] == ["few", "o"]
    assert found[0]["p_high"] is found[0]["p_mixed"] is found[0]["p_low"] is None
    assert found[1]["p_high"] + found[1]["p_mixed"] + found[1]["p_low"] == pytest.approx(1)
    assert min(found[1][name] for name in ("p_high", "p_mixed", "p_low")) > 0


def test_classes_by_score() -> None:
    shares = np.array([0.0, 0.2, 0.8])
    odds = Odds(np.array([9.0, -1.0, 1.0]), np.array([9.0, 0.0, 1.0]), shares, 0.0)
    found = odds.probabilities(np.array([0.0, 2.0]))
    assert found[:, 2] / found[:, 1] == pytest.approx(np.exp([1, 5]))
    assert odds.decide(np.array([-0.4, 2.0])).tolist() == [2, 2]
    balanced = Odds(odds.slopes, odds.offsets, shares, 1.0)
    assert balanced.decide(np.array([-0.4, 2.0])).tolist() == [1, 2]


def test_the_model_as_a_file(tmp_path: Path) -> None:
    model = read_model()
    path = tmp_path / "model.json"
    path.write_text(model.to_json(), encoding="utf-8")
    assert path.read_bytes() == MODEL.read_bytes()
    assert set(model.manner.names) <= {feature.name for feature in FEATURES}


@pytest.mark.parametrize(
    "change",
    [
        {"format": "other"},
        {"priors": [1.0]},
        {"slopes": [0.0, 0.0, None]},
        {"words": ["said'; DROP TABLE said"]},
        {"classes": ["high", "mixed", "low"]},
    ],
)
def test_a_model_that_is_damaged(tmp_path: Path, change: dict[str, Any]) -> None:
    path = tmp_path / "model.json"
    path.write_text(json.dumps(json.loads(MODEL.read_text(encoding="utf-8")) | change))
    with pytest.raises(InputError, match="expected a model of sayso-outlets-1"):
        read_model(path)

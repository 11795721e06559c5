"""How sources and outlets speak."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pytest

from sayso.errors import UsageError
from sayso.profiles.manner import By, manner
from sayso.profiles.schema import OUTLETS, SOURCES

COLUMNS = {
    "article_id": pa.string(),
    "source_id": pa.string(),
    "outlet_id": pa.string(),
    "stance": pa.string(),
    "form": pa.string(),
    "parent_id": pa.string(),
    "source_kind": pa.string(),
    "source_text": pa.string(),
    "published": pa.string(),
    "claim_id": pa.string(),
    "position": pa.string(),
}


@pytest.fixture
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(config={"threads": 2}) as opened:
        yield opened


def row(article: str, source: str | None, stance: str | None, **rest: Any) -> dict[str, Any]:
    fields = {
        "article_id": article,
        "source_id": source,
        "outlet_id": "o1",
        "stance": stance,
        "form": "indirect",
        "parent_id": None,
        "source_kind": "person",
        "source_text": "she",
        "published": "2016-03-05",
        "claim_id": None,
        "position": "for",
    }
    return {**fields, **rest}


def speak(
    connection: duckdb.DuckDBPyConnection, rows: list[dict[str, Any]], by: By = "source_id"
) -> dict[str, dict[str, Any]]:
    table = pa.table({name: pa.array([r[name] for r in rows], t) for name, t in COLUMNS.items()})
    connection.register("said", table)
    found = manner(connection, by)
    schema = SOURCES if by == "source_id" else OUTLETS
    assert all(field.type == schema.field(field.name).type for field in found.schema)
    assert found["id"].to_pylist() == sorted(found["id"].to_pylist())
    return {one["id"]: one for one in found.to_pylist()}


def test_stances_forms_and_nesting(connection: duckdb.DuckDBPyConnection) -> None:
    rows = [
        row("a", "ida", "assertion", form="direct"),
        row("a", "ida", "denial", parent_id="a#0"),
        row("b", "ida", "hedge", outlet_id="o2"),
        row("b", "ida", None, outlet_id=None),
        row("b", "bo", "speculation"),
        row("b", None, "assertion"),
    ]
    found = speak(connection, rows)
    assert list(found) == ["bo", "ida"]
    ida = found["ida"]
    assert (ida["statements"], ida["articles"], ida["outlets"]) == (4, 2, 2)
    shares = [ida[f"share_{name}"] for name in ("assertion", "denial", "hedge", "speculation")]
    assert shares == pytest.approx([1 / 3, 1 / 3, 1 / 3, 0])
    assert (ida["share_direct"], ida["share_nested"]) == (0.25, 0.25)
    assert found["bo"]["share_speculation"] == 1.0
    assert "share_unnamed" not in ida


def test_outlets_count_named_sources_and_what_has_none(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    rows = [
        row("a", "ida", "assertion"),
        row("a", "ida", "assertion"),
        row("a", "u1", "assertion", source_kind="unnamed"),
        row("a", None, None, source_kind=None, source_text=None),
        row("b", None, None, outlet_id=None),
    ]
    found = speak(connection, rows, "outlet_id")
    assert list(found) == ["o1"]
    assert (found["o1"]["sources"], found["o1"]["articles"]) == (1, 1)
    assert (found["o1"]["share_unnamed"], found["o1"]["share_unsourced"]) == (0.5, 0.25)


def test_nothing_with_a_stance(connection: duckdb.DuckDBPyConnection) -> None:
    found = speak(connection, [row("a", "ida", None, published=None)])["ida"]
    assert found["share_denial"] is None
    assert found["share_direct"] == 0.0
    assert found["first"] is None
    assert speak(connection, []) == {}


def test_first_and_last_by_day_not_by_letter(connection: duckdb.DuckDBPyConnection) -> None:
    dates = ["March 5, 2016", "2016-01-31", "December 1, 2015", "03/04/2011", None]
    found = speak(connection, [row("a", "ida", "hedge", published=one) for one in dates])["ida"]
    assert (found["first"], found["last"]) == ("December 1, 2015", "March 5, 2016")


def test_a_change_needs_two_days(connection: duckdb.DuckDBPyConnection) -> None:
    def on(source: str, claim: str, day: str | None, position: str) -> dict[str, Any]:
        return row("a", source, "assertion", claim_id=claim, published=day, position=position)

    rows = [
        on("turns", "c1", "2016-01-01", "for"),
        on("turns", "c1", "2016-02-01", "against"),
        on("turns", "c2", "2016-01-01", "for"),
        on("same day", "c1", "2016-01-01", "for"),
        on("same day", "c1", "2016-01-01", "against"),
        on("undated", "c1", None, "for"),
        on("undated", "c1", "2016-01-01", "against"),
        on("opens", "c1", "2016-01-01", "for"),
        on("opens", "c1", "2016-02-01", "open"),
        on("by most", "c1", "2016-01-01", "for"),
        on("by most", "c1", "2016-02-01", "for"),
        on("by most", "c1", "2016-02-01", "for"),
        on("by most", "c1", "2016-02-01", "against"),
        on("two claims", "c1", "2016-01-01", "for"),
        on("two claims", "c2", "2016-02-01", "against"),
    ]
    found = speak(connection, rows)
    assert {name: one["changed"] for name, one in found.items()} == {
        "turns": 1,
        "same day": 0,
        "undated": 0,
        "opens": 0,
        "by most": 0,
        "two claims": 0,
    }


def test_numbers_for_ids_and_sides_and_days_that_are_known(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    rows = [row("a", None, "assertion"), row("b", None, "denial", published="no date")]
    table = pa.table({n: pa.array([r[n] for r in rows], t) for n, t in COLUMNS.items()})
    for name, values, kind in (
        ("source_id", [7, 7], pa.int32()),
        ("claim_id", [3, 3], pa.int32()),
        ("position", [1, -1], pa.int8()),
    ):
        table = table.set_column(table.column_names.index(name), name, pa.array(values, kind))
    connection.register("said", table.append_column("day", pa.array([9, 8], pa.int32())))
    found = manner(connection, "source_id").to_pylist()
    assert [each["id"] for each in found] == [7]
    assert (found[0]["changed"], found[0]["first"], found[0]["last"]) == (
        1,
        "no date",
        "2016-03-05",
    )


def test_claims_may_be_left_out_but_nothing_else(connection: duckdb.DuckDBPyConnection) -> None:
    empty = {n: pa.array([], t) for n, t in COLUMNS.items()}
    connection.register("said", pa.table({n: v for n, v in empty.items() if n != "claim_id"}))
    assert "changed" not in manner(connection, "source_id").column_names
    connection.register("said", pa.table({n: v for n, v in empty.items() if n != "form"}))
    with pytest.raises(UsageError, match="a table said with form"):
        manner(connection, "source_id")


def test_any_number_of_threads_gives_the_same() -> None:
    draw = np.random.default_rng(5)
    size = 3000
    columns = {
        name: pa.array(draw.choice(values, size).tolist(), pa.string())
        for name, values in {
            "article_id": [f"a{n}" for n in range(300)],
            "source_id": [f"s{n}" for n in range(40)],
            "outlet_id": ["x", "y", "z"],
            "stance": ["assertion", "denial", "hedge", "speculation"],
            "form": ["direct", "indirect"],
            "source_kind": ["person", "unnamed"],
            "published": ["2016-01-01", "2016-01-01T10:00", "1 May 2016", "?"],
            "claim_id": [f"c{n}" for n in range(50)],
            "position": ["for", "against", "open"],
        }.items()
    }
    table = pa.table({**columns, "parent_id": pa.nulls(size), "source_text": pa.nulls(size)})
    found = []
    for threads in (1, 3):
        with duckdb.connect(config={"threads": threads}) as connection:
            connection.register("said", table)
            found.append(manner(connection, "source_id"))
    assert found[0].equals(found[1])
    assert sum(found[0]["statements"].to_pylist()) == size

"""Statements with values that cannot be or are odd, and no room to work."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from sayso.errors import UsageError
from sayso.page.page import build_page
from sayso.profiles.build import open_profiles
from sayso.profiles.intake import take_statements
from sayso.profiles.store import open_store
from sayso.profiles.write import FORMATS, write_profiles
from sayso.records import STANCES, Span
from sayso.rejects import Reject
from tests.spoken import say, write_parquet

DAM = "that the Ostra dam will close for repairs in May"


@pytest.mark.parametrize(
    ("wrong", "expected"),
    [
        ({"p_hedge": float("nan")}, "expected p_hedge as a probability, found nan"),
        ({"p_statement": float("inf")}, "expected p_statement as a probability, found inf"),
        ({"p_denial": -1.0}, "expected p_denial as a probability"),
        ({"cue_spans": (Span(5, 2),)}, "expected cue_spans as spans that end after they start"),
        ({"content_spans": (Span(0, 2**31 - 1),)}, "expected content_spans as spans that end"),
        ({"statement_id": ""}, "expected statement_id as an id, found ''"),
        ({"form": "sung"}, "expected form as direct or mixed or indirect, found 'sung'"),
    ],
)
def test_values_that_cannot_be_are_named(
    tmp_path: Path, wrong: dict[str, Any], expected: str
) -> None:
    rows = [say("a", "Ada Marsh", DAM, number=n) for n in range(3)]
    store, rejects = tmp_path / "in.parquet", list[Reject]()
    path = write_parquet(store, [rows[0], replace(rows[1], **wrong), rows[2]])
    with open_store(tmp_path) as opened:
        assert take_statements(opened, [path], rejects.append).statements == 2
    assert [reject.line for reject in rejects] == [2]
    assert rejects[0].reason.startswith(expected)


ODD = (
    None,
    "",
    " ",
    "\0",
    "\u202e\u2028",
    "😀" * 50,
    "x" * 20_000,
    '"',
    "=1+1",
    "</script>",
    "…",
    "it",
)


@pytest.mark.parametrize("seed", [0, 1])
def test_odd_texts_go_through_everything(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    roles = ("source_text", "source_entity", "cue_text", "content_text", "outlet", "published")
    rows = []
    for n in range(60):
        said = say(f"a{n % 7}", "Ada Marsh", DAM, number=n, stance=chance.choice(STANCES))
        odd: dict[str, Any] = {r: chance.choice(ODD) for r in roles if chance.random() < 0.3}
        rows.append(replace(said, **odd))
    path = write_parquet(tmp_path / "in.parquet", rows)
    with open_profiles([path], folder=tmp_path, on_reject=lambda _: None) as found:
        write_profiles(found, tmp_path / "out", formats=FORMATS, settings={})
        assert build_page(found, found.statements).count("</script>") == 3
        assert found.said.num_rows == 60


@pytest.mark.parametrize("kind", ["IOException", "TransactionException", "OutOfMemoryException"])
def test_a_full_disk_is_told_and_leaves_nothing(tmp_path: Path, kind: str) -> None:
    import duckdb

    error = getattr(duckdb, kind)("No space left on device")
    with pytest.raises(UsageError, match=r"room and rights .* No space left"), open_store(tmp_path):
        raise error
    assert list(tmp_path.iterdir()) == []

"""Contents that name a topic only, beside those that put something forward."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from sayso.claims.contents import Contents
from sayso.claims.group import group_claims
from sayso.claims.topical import are_topics, is_topic

TOPICS = (
    ("praised", "the former Mayor Ada Marsh"),
    ("blamed", "the harbour board"),
    ("denied", "the accusations"),
    ("rejected", "that claim"),
    ("said", "it"),
    ("endorsed", "Bruno Vance"),
    ("announced", "Tuesday"),
)

CLAIMS = (
    ("said", "that the dam will close"),
    ("denied", "that any money was paid"),
    ("accused", "the board of hiding two letters"),
    ("called", "it a reckless waste of public money"),
    ("said", "“a shameful act”"),
    ("announced", "a ban on diesel ferries"),
    ("denied", "taking money from the quarry"),
    ("opposed", "the plan to sell the harbour"),
    ("said", None),
)


@pytest.mark.parametrize(("cue", "content"), TOPICS)
def test_a_topic_says_nothing(cue: str, content: str) -> None:
    assert is_topic(content, cue)


@pytest.mark.parametrize(("cue", "content"), CLAIMS)
def test_a_proposition_is_none(cue: str, content: str | None) -> None:
    assert not is_topic(content, cue)


def test_many_are_told_as_one_by_one() -> None:
    cues, contents = zip(*TOPICS, *CLAIMS, strict=True)
    found = are_topics(pa.array(contents, pa.string()), pa.array(cues, pa.string()))
    assert found.tolist() == [True] * len(TOPICS) + [False] * len(CLAIMS)


def test_topics_are_put_together_by_denials_alone() -> None:
    texts = ["the Ostra harbour board", "the Ostra harbour board", "the Ostra harbour board"]
    nothing = np.full(3, -1, np.int32)

    def claims(denies: list[int], topical: bool) -> list[int]:
        contents = Contents(
            content=pa.array(texts),
            position=np.ones(3, np.int8),
            article=np.array([0, 1, 1], np.int32),
            outlet=nothing,
            day=np.zeros(3, np.int32),
            source=nothing,
            denies=np.array(denies, np.int32),
            topical=np.full(3, topical),
        )
        found: list[int] = group_claims(contents).claim.tolist()
        return found

    assert claims([-1, -1, -1], True) == [0, 1, 2]
    assert claims([-1, -1, 1], True) == [0, 1, 1]
    assert claims([-1, -1, -1], False) == [0, 0, 0]

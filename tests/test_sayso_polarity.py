"""Which side of its claim a statement takes."""

from __future__ import annotations

import pyarrow as pa
import pytest

from sayso.claims.polarity import denies_by_cue, is_negated, position, positions

NEGATED = [
    "was not involved",
    "that the firm didn’t pay its drivers",
    "no troops crossed the river",
    "“We do not sell weapons,” … “We sell boats.”",
    "that nobody was hurt",
    "there is no evidence that the dam leaked",
    "he would no longer accept the envoy",
    "Nothing was stolen from the vault",
    "that it had never met the buyer",
    "she doesn’t believe that the vote was fair",
    "If the rain stops, the dam will not break",
    "the guards of not helping the wounded",
    "the airline failed to warn passengers",
    "at no time did the pilot leave his seat",
    "not to leave before June",
    "that she knew the bridge wasn't safe",
]

PLAIN = [
    "the guards fired on the crowd",
    "that those who did not vote were fined",
    "not only the mayor but the council knew",
    "the firm, which has never paid tax, is bankrupt",
    "he left because he was not paid",
    "the army took the town, not the hills",
    "that the bill was wrong and not in order and was sent back",
    "If the talks do not succeed, the strike will go on",
    "without permission the firm drilled in the park",
    "he was told not to speak",
    "that his failure to appear was a scandal",
    "“Well, no, we are leaving on Friday”",
    "no doubt the harvest was poor",
    "it was something they had not seen before",
    "“The road is open,” … “It is not icy.”",
    "",
]


@pytest.mark.parametrize("content", NEGATED)
def test_the_main_clause_is_negated(content: str) -> None:
    assert is_negated(content)
    assert position(content, "said", "assertion") == -1
    assert position(content, "believes", "hedge") == -1
    assert position(content, "said", "denial") == -1
    assert position(content, "denied", "denial") == 1


@pytest.mark.parametrize("content", PLAIN)
def test_the_main_clause_is_plain(content: str) -> None:
    assert not is_negated(content)
    assert position(content, "said", "assertion") == 1
    assert position(content, "denied", "denial") == -1


def test_speculation_takes_no_side() -> None:
    assert position("the firm may not have paid", "said", "speculation") == 0
    assert position("the firm may have paid", None, None) == 0
    assert position(None, None, "assertion") == 1
    assert position(None, "denied", "denial") == -1


@pytest.mark.parametrize("cue", ["has denied", "disputes", "rejected", "disagreed", "a denial of"])
def test_cues_that_deny(cue: str) -> None:
    assert denies_by_cue(cue)


@pytest.mark.parametrize("cue", ["said", "countered", "indentured", "warned", ""])
def test_cues_that_do_not(cue: str) -> None:
    assert not denies_by_cue(cue)


def test_many_at_once_are_as_one_by_one() -> None:
    rows = [
        (content, cue, stance)
        for content in (*NEGATED, *PLAIN, None)
        for cue in ("said", "denied", None)
        for stance in ("assertion", "denial", "hedge", "speculation", None)
    ]
    columns = [pa.array(column, pa.string()) for column in zip(*rows, strict=True)]
    expected = [position(*row) for row in rows]
    found = positions(*columns)
    assert found.dtype == "int8"
    assert found.tolist() == expected
    chunked = [pa.chunked_array([one[:7], one[7:]]) for one in columns]
    assert positions(*chunked).tolist() == expected
    assert positions(*(one[:0] for one in columns)).tolist() == []

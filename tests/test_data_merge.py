"""One reading of articles that several marked: whose spans, which stance, and how sure."""

from __future__ import annotations

from dataclasses import replace

import pytest

from data.merge import merge_annotators
from data.records import Convention, LabelledArticle
from sayso.errors import InputError
from tests.readings import article, statement


def stances(merged: LabelledArticle) -> list[tuple[str | None, bool]]:
    return [(one.stance, one.sure) for one in merged.statements]


def test_one_reading_stays_as_it_is() -> None:
    one, other = article("ana", statement(0, "hedge")), article(None, name="b")
    assert merge_annotators([one, other]) == [one, other]


def test_spans_are_those_of_the_one_who_agrees_best() -> None:
    far = article("ana", statement(0, "hedge", shift=5, cue=False))
    near = article("bea", statement(0, "hedge"))
    same = article("cy", statement(0, "hedge"), statement(4, "none"))
    (merged,) = merge_annotators([far, same, near])
    assert merged == near
    (merged,) = merge_annotators([same, far])
    assert merged.annotator == "ana", "of equals the first by name"
    assert stances(merged) == [("hedge", True)]


def test_the_stance_is_that_of_most() -> None:
    marks = {"ana": "hedge", "bea": "denial", "cy": "denial"}
    (merged,) = merge_annotators([article(n, statement(0, s)) for n, s in marks.items()])
    assert merged.annotator == "ana"
    assert stances(merged) == [("denial", False)]


def test_of_equals_it_is_the_chosen_one_s() -> None:
    pair = [article("bea", statement(0, "denial")), article("ana", statement(0, "speculation"))]
    (merged,) = merge_annotators(pair)
    assert stances(merged) == [("speculation", False)]
    three = [*pair, article("cy", statement(0, None))]
    (merged,) = merge_annotators([replace(one, annotator=f"{n}") for n, one in enumerate(three)])
    assert stances(merged) == [("denial", False)]


def test_who_gives_none_has_no_say() -> None:
    pair = [article("ana", statement(0, None)), article("bea", statement(0, "denial"))]
    (merged,) = merge_annotators(pair)
    assert (merged.annotator, stances(merged)) == ("ana", [("denial", True)])
    unsure = replace(statement(0, "denial"), sure=False)
    (merged,) = merge_annotators([article("ana", unsure), article("bea", statement(0, "denial"))])
    assert stances(merged) == [("denial", False)]


def test_order_and_fields_stay() -> None:
    later = replace(article("ana", statement(0, "none"), name="z"), convention=Convention.PARTIAL)
    first = article("ana", statement(1, "none"), statement(0, "denial", number=0))
    found = merge_annotators([later, first, replace(first, annotator="bea")])
    assert [one.id for one in found] == ["z", "a"]
    assert found[0].convention == Convention.PARTIAL
    assert [one.id for one in found[1].statements] == ["a#1", "a#0"]


def test_texts_must_be_equal() -> None:
    with pytest.raises(InputError, match="expected one text of article 'a', found several"):
        merge_annotators([article("ana"), article("bea", text="another")])
    with pytest.raises(InputError, match="once for each annotator, found it twice for 'nobody'"):
        merge_annotators([article(None), article(None)])

"""Slices by hand, on a text that is written here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from data.records import Convention, LabelledArticle, LabelledStatement
from eval.answers import StanceAnswers
from eval.slices import extraction_slices, length_of, source_place, stance_slices
from sayso.cast import read_cast
from sayso.records import Span

TEXT = "The clerk said the gate was shut. She came late. “It rained all day,” Ms. Roe said."


def span(part: str) -> tuple[Span, ...]:
    start = TEXT.index(part)
    return (Span(start, start + len(part)),)


def statement(name: str, source: str, cue: str, content: str) -> LabelledStatement:
    return LabelledStatement(
        name, "a", span(source) if source else (), span(cue) if cue else (), span(content)
    )


INDIRECT = statement("i", "The clerk", "said", "the gate was shut")
DIRECT = statement("d", "Ms. Roe", "", "“It rained all day,”")
FAR = statement("f", "The clerk", "came", "It rained all day")


def article(*statements: LabelledStatement, outlet: str | None = None) -> LabelledArticle:
    return LabelledArticle("a", TEXT, None, outlet, None, Convention.FLAT, statements)


def test_extraction_by_form_source_outlet_and_length() -> None:
    gold = article(INDIRECT, DIRECT, outlet="herald")
    pairs = [(gold, replace(gold, statements=(INDIRECT,)))] * 2 + [(gold, gold)]
    slices = extraction_slices(pairs)
    assert list(slices) == ["form", "source", "outlet", "length"]
    assert list(slices["form"]) == ["direct", "indirect"]
    indirect, direct = slices["form"]["indirect"], slices["form"]["direct"]
    assert (indirect.statements, indirect.articles) == (3, 3)
    assert indirect.tuple_overlap.f1.value == indirect.pieces["cue"].f1.value == 1.0
    assert direct.tuple_overlap.precision.value == 1.0
    assert direct.tuple_overlap.recall.value == pytest.approx(1 / 3)
    assert "cue" not in direct.pieces, "neither side has one"
    assert "cue_f1" not in direct.to_dict()
    assert slices["source"]["same_sentence"].statements == 6
    assert slices["outlet"]["herald"].statements == 6
    assert slices["length"]["under_400_words"].to_dict()["articles"] == 3


def test_outlets_of_few_articles_are_no_slice() -> None:
    pairs = [(article(INDIRECT, outlet="herald"), article(INDIRECT))] * 2
    assert "outlet" not in extraction_slices(pairs)
    assert "outlet" not in extraction_slices([(article(INDIRECT), article(INDIRECT))] * 5)


def test_what_is_found_in_another_sort_is_right_there() -> None:
    slices = extraction_slices([(article(DIRECT), article(FAR))])
    assert slices["source"]["other_sentence"].tuple_overlap.precision.value == 0.0
    assert slices["source"]["other_sentence"].statements == 0
    assert slices["source"]["same_sentence"].tuple_overlap.recall.value == 0.0


def test_where_the_source_stands() -> None:
    cast = read_cast(TEXT, ())
    assert source_place(cast, INDIRECT) == "same_sentence"
    assert source_place(cast, DIRECT) == "same_sentence", "an abbreviation ends no sentence"
    assert source_place(cast, FAR) == "other_sentence"
    assert source_place(cast, replace(FAR, source=())) == "no_source"


@pytest.mark.parametrize(
    ("words", "name"),
    [
        (0, "under_400_words"),
        (399, "under_400_words"),
        (400, "400_to_799_words"),
        (1199, "800_to_1199_words"),
        (1200, "1200_words_or_more"),
    ],
)
def test_lengths(words: int, name: str) -> None:
    assert length_of("word " * words) == name


def answers(gold: Sequence[int], found: Sequence[int], sure: Sequence[bool]) -> StanceAnswers:
    return StanceAnswers(
        gold=np.array(gold),
        probabilities=np.eye(5)[list(found)],
        documents=np.arange(len(gold)),
        sure=np.array(sure),
        forms=np.array(["direct", "indirect", "direct", "indirect"][: len(gold)]),
    )


def test_stance_by_form_and_by_the_annotators_certainty() -> None:
    slices = stance_slices(answers([0, 1, 0, 4], [0, 1, 1, 4], [True, True, False, False]))
    assert list(slices["form"]) == ["direct", "indirect"], "none is mixed"
    assert slices["form"]["direct"].accuracy.value == 0.5
    assert slices["form"]["indirect"].four.value == 1.0
    assert slices["annotator"]["sure"].accuracy.value == 1.0
    assert slices["annotator"]["unsure"].items == 2
    assert "unsure" not in stance_slices(answers([0], [0], [True]))["annotator"]

"""The digest of labelled data changes with every cell."""

import dataclasses
import hashlib
import random
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.digest import digest_articles
from data.loaders import load_gold
from data.records import LABELS, Convention, LabelledArticle, LabelledStatement
from sayso.records import Span

EDITS = 1_000


def statement(number: int, doc: str, *, rng: random.Random) -> LabelledStatement:
    """A statement with every field filled."""
    start = rng.randrange(40)
    return LabelledStatement(
        id=f"{doc}#{number}",
        doc=doc,
        source=(Span(start, start + 3),),
        cue=(Span(start + 4, start + 6),),
        content=(Span(start + 7, start + 9), Span(start + 10, start + 12)),
        stance=rng.choice(LABELS),
        sure=rng.random() < 0.5,
        weight=rng.random(),
        annotator="a",
        form="direct",
        entity="Ana Ruiz",
        kind="person",
        parent=None,
        denies=None,
    )


def article(number: int, *, rng: random.Random) -> LabelledArticle:
    """An article of three statements."""
    name = f"article-{number}"
    return LabelledArticle(
        id=name,
        text="".join(rng.choices("abc é🌾\n", k=60)),
        title="A title",
        outlet=None,
        published="2031-05-02",
        convention=Convention.FLAT,
        statements=tuple(statement(n, name, rng=rng) for n in range(3)),
    )


@pytest.fixture
def articles() -> list[LabelledArticle]:
    """Six articles, the same at every call."""
    rng = random.Random(7)
    return [article(number, rng=rng) for number in range(6)]


def other(value: Any, rng: random.Random) -> Any:
    """A value of the same kind that differs as little as may be."""
    if value is None:
        return rng.choice(["", "None", "x"])
    if isinstance(value, bool):
        return not value
    if isinstance(value, float):
        return value + rng.choice([1e-9, 1.0])
    if isinstance(value, str):
        place = rng.randrange(len(value) + 1)
        return value[:place] + rng.choice(["x", " ", "\u200b", "\ud800"]) + value[place:]
    assert isinstance(value, tuple)
    spans = list(value)
    if not spans:
        return (Span(0, 1),)
    place = rng.randrange(len(spans))
    moved = rng.choice(["start", "end", "drop", "split"])
    if moved == "drop":
        del spans[place]
    elif moved == "split":
        spans[place : place + 1] = [replace(spans[place], end=spans[place].start), spans[place]]
    else:
        spans[place] = replace(spans[place], **{moved: getattr(spans[place], moved) + 1})
    return tuple(spans)


def edited(articles: list[LabelledArticle], rng: random.Random) -> list[LabelledArticle]:
    """The articles with one cell of one row changed."""
    place = rng.randrange(len(articles))
    row = articles[place]
    if rng.random() < 0.4:
        name = rng.choice([f.name for f in dataclasses.fields(row) if f.name != "statements"])
        changed = replace(row, **{name: other(getattr(row, name), rng)})
    else:
        number = rng.randrange(len(row.statements))
        mark = row.statements[number]
        name = rng.choice([f.name for f in dataclasses.fields(mark)])
        marks = list(row.statements)
        marks[number] = replace(mark, **{name: other(getattr(mark, name), rng)})
        changed = replace(row, statements=tuple(marks))
    return [*articles[:place], changed, *articles[place + 1 :]]


def test_any_changed_cell_changes_the_digest(articles: list[LabelledArticle]) -> None:
    rng = random.Random(11)
    first = digest_articles(articles)
    variants = [edited(articles, rng) for _ in range(EDITS)]
    assert all(variant != articles for variant in variants)
    assert first not in {digest_articles(variant) for variant in variants}


@settings(deadline=None, max_examples=50)
@given(st.integers(0, 2**32))
def test_any_changed_cell_of_our_own_gold_changes_its_digest(seed: int) -> None:
    articles = load_gold()
    changed = edited(articles, random.Random(seed))
    places = [n for n, (old, new) in enumerate(zip(articles, changed, strict=True)) if old != new]
    assert len(places) == 1
    (place,) = places
    assert digest_articles([changed[place]]) != digest_articles([articles[place]])


def test_different_edits_have_different_digests(articles: list[LabelledArticle]) -> None:
    rng = random.Random(13)
    variants = {repr(v): v for v in (edited(articles, rng) for _ in range(EDITS // 4))}
    assert len({digest_articles(v) for v in variants.values()}) == len(variants)


def test_rows_may_not_move_go_or_come_twice(articles: list[LabelledArticle]) -> None:
    swapped = [articles[1], articles[0], *articles[2:]]
    marks = articles[0].statements
    turned = [replace(articles[0], statements=marks[::-1]), *articles[1:]]
    variants = [articles, swapped, turned, articles[1:], [*articles, articles[0]], []]
    assert len({digest_articles(variant) for variant in variants}) == len(variants)


def test_the_same_rows_have_the_same_digest(articles: list[LabelledArticle]) -> None:
    again = [replace(a, statements=tuple(replace(s) for s in a.statements)) for a in articles]
    assert digest_articles(iter(again)) == digest_articles(articles)


def test_what_is_digested() -> None:
    """Runs name these digests for good: canonical JSON, one article a line."""
    row = LabelledArticle("a", "é 🌾", None, "h", None, Convention.FULL, ())
    line = (
        r'{"convention": "full", "id": "a", "outlet": "h", "published": null, "statements": [], '
        r'"text": "\u00e9 \ud83c\udf3e", "title": null}'
    )
    assert digest_articles([row]) == hashlib.sha256(line.encode() + b"\n").hexdigest()

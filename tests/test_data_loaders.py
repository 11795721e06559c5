"""Labelled data comes in whole, or is refused with file and line."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.brat import load_brat
from data.digest import digest_articles
from data.loaders import (
    load_full,
    load_gold,
    load_polnear,
    load_stances,
    locate,
    with_stances,
)
from data.records import LABELS, Convention, LabelledArticle
from data.split import hold_out
from sayso.errors import InputError
from sayso.records import FORMS, KINDS, Span

TEXT = "Pay rose, the union said. “Not by enough,” it added. “Not nearly.”"
MARKS: list[dict[str, Any]] = [
    {"source": [[10, 19]], "cue": [[20, 24]], "content": [[0, 8]]},
    {"source": [[43, 45]], "cue": [[46, 51]], "content": [[26, 42], [53, 66]]},
]
ROW: dict[str, Any] = {
    "id": "post_2016-01-02_pay-rose",
    "publisher": "post",
    "published": "2016-01-02",
    "title": "Pay",
    "text": TEXT,
    "attributions": MARKS,
}
LABEL = {**MARKS[1], "id": "t1", "doc": ROW["id"], "stance": "hedge"}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "corpora").mkdir()
    (tmp_path / "corpora" / "polnear.train.jsonl").write_text(json.dumps(ROW) + "\n\n")
    (tmp_path / "news.train.jsonl").write_text(
        json.dumps({**ROW, "attributions": [
            {**MARKS[0], "parent": None, "stance": "denial", "kind": "group"},
            {**MARKS[1], "parent": 0, "stance": "none"},
        ]})
    )  # fmt: skip
    return tmp_path


def test_polnear(root: Path) -> None:
    (article,) = load_polnear(root, "train")
    assert article.convention == Convention.FLAT
    assert (article.outlet, article.published) == ("post", "2016-01-02")
    assert article.statements[1].content == (Span(26, 42), Span(53, 66))
    assert article.statements[1].stance is None


def test_full_articles_have_parents(root: Path) -> None:
    (article,) = load_full(root, "news.train.jsonl")
    assert article.convention == Convention.FULL
    assert article.statements[1].parent == article.statements[0].id
    assert [s.stance for s in article.statements] == ["denial", "none"]


def test_stances_join_by_cue_and_content(root: Path, tmp_path: Path) -> None:
    (tmp_path / "stance.jsonl").write_text(json.dumps(LABEL))
    labels = load_stances(tmp_path / "stance.jsonl")
    (article,) = with_stances(load_polnear(root, "train"), labels)
    assert [s.stance for s in article.statements] == [None, "hedge"]
    stray = replace(labels[0], doc="elsewhere")
    with pytest.raises(InputError, match="expected an article 'elsewhere'"):
        with_stances([article], [stray])


def test_shipped_labels() -> None:
    labels = load_stances(locate("nowhere", "stance.train.jsonl"))
    assert len(labels) == 7021
    assert {label.stance for label in labels} == set(LABELS)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("{", "expected a JSON object"),
        ("[1]", "expected a JSON object, found list"),
        (json.dumps({**ROW, "text": 5}), "expected a string 'text', found 5"),
        (json.dumps({**ROW, "attributions": [{"cue": []}]}), "expected id, doc and source"),
        (
            json.dumps({**ROW, "attributions": [{"source": [], "cue": [], "content": [[60, 99]]}]}),
            "expected 0 <= start < end <= 66",
        ),
        (
            json.dumps({**ROW, "attributions": [
                {"source": [], "cue": [], "content": [[0, 3]], "stance": "maybe"}]}),
            "expected stance to be one of assertion",
        ),
    ],
)  # fmt: skip
def test_malformed_rows_name_file_and_line(tmp_path: Path, line: str, expected: str) -> None:
    (tmp_path / "polnear.dev.jsonl").write_text(json.dumps(ROW) + "\n" + line + "\n")
    with pytest.raises(InputError, match=expected.replace("[", r"\[")) as caught:
        load_polnear(tmp_path, "dev")
    assert caught.value.line in (2, None)


def test_nothing_there(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="found none of"):
        load_polnear(tmp_path, "dev")


def test_gold() -> None:
    articles = load_gold()
    statements = [s for a in articles for s in a.statements]
    assert len(articles) >= 30
    assert len(statements) >= 300
    assert {s.stance for s in statements} == set(LABELS)
    assert {s.form for s in statements} == set(FORMS)
    assert {s.kind for s in statements} == set(KINDS)
    assert sum(s.parent is not None for s in statements) >= 30
    for article in articles:
        ids = {s.id for s in article.statements}
        for s in article.statements:
            assert s.content
            assert s.parent is None or s.parent in ids - {s.id}
            assert s.denies is None or s.denies in ids - {s.id}
            assert (s.entity is None) <= (not s.source or s.kind == "unnamed")
            for span in (*s.source, *s.cue, *s.content):
                piece = article.text[span.start : span.end]
                assert piece == piece.strip() != ""


def test_brat(tmp_path: Path) -> None:
    split = tmp_path / "train"
    (split / "text").mkdir(parents=True)
    (split / "attributions").mkdir()
    (split / "text" / f"{ROW['id']}.txt").write_text(TEXT, encoding="utf-8")
    first = split / "attributions" / f"{ROW['id']}_4e07.ann"
    first.write_text(
        "T1\tSource 10 19\tthe union\nT2\tCue 20 24\tsaid\nT3\tContent 0 8\tPay rose\n"
        "E1\tAttribution:T2 Cue:T2 Source:T1 Content:T3\n"
        "T4\tContent 26 42;53 60\t…\nT5\tCue 46 51\tadded\nT6\tContent2 61 66\t…\n"
        "E2\tAttribution:T5 Cue:T5 Content:T4 Content2:T6\n"
    )
    (split / "attributions" / f"{ROW['id']}_9999.ann").write_text("")
    (article,) = load_polnear(tmp_path, "train")
    assert article.outlet == "post"
    assert [s.annotator for s in article.statements] == ["4e07", "4e07"]
    assert article.statements[0].source == (Span(10, 19),)
    assert article.statements[1].source == ()
    assert article.statements[1].content == (Span(26, 42), Span(53, 60), Span(61, 66))
    for line, expected in (("T9\tCue x 3\ty", "expected a span"), ("T9\tCue 5 99\ty", "end <= 66")):
        first.write_text(f"T1\tSource 10 19\tthe union\n{line}\n")
        with pytest.raises(InputError, match=expected) as caught:
            load_brat(split)
        assert caught.value.line == 2
    first.write_text("E1\tAttribution:T2 Cue:T7\n")
    with pytest.raises(InputError, match="expected Cue to be a span of this file, found 'T7'"):
        load_brat(split)


@given(st.data())
def test_any_changed_field_changes_the_digest(data: st.DataObject) -> None:
    articles = _gold()
    place = data.draw(st.integers(0, len(articles) - 1))
    article = articles[place]
    kind = data.draw(st.sampled_from(["id", "text", "outlet", "stance", "span", "drop"]))
    if kind in ("id", "text", "outlet"):
        values: dict[str, Any] = {kind: f"{getattr(article, kind)}x"}
        changed = replace(article, **values)
    else:
        at = data.draw(st.integers(0, len(article.statements) - 1))
        statements = list(article.statements)
        if kind == "drop":
            del statements[at]
        elif kind == "stance":
            other = next(label for label in LABELS if label != statements[at].stance)
            statements[at] = replace(statements[at], stance=other)
        else:
            first, *rest = statements[at].content
            moved = (Span(first.start, first.end + 1), *rest)
            statements[at] = replace(statements[at], content=moved)
        changed = replace(article, statements=tuple(statements))
    assert digest_articles([*articles[:place], changed, *articles[place + 1 :]]) != _digest()


def test_split_is_by_article_and_stable() -> None:
    articles = _gold()
    kept, held = hold_out(articles, 0.3)
    assert 0 < len(held) < len(articles)
    assert sorted(a.id for a in (*kept, *held)) == sorted(a.id for a in articles)
    assert [a.id for a in hold_out(articles[::2], 0.3)[1]] == [
        a.id for a in held if a in articles[::2]
    ]
    assert hold_out(articles, 0.0)[1] == []
    assert hold_out(articles, 1.0)[0] == []


_CACHE: list[LabelledArticle] = []
_DIGESTS: list[str] = []


def _gold() -> list[LabelledArticle]:
    if not _CACHE:
        _CACHE.extend(load_gold())
    return _CACHE


def _digest() -> str:
    if not _DIGESTS:
        _DIGESTS.append(digest_articles(_gold()))
    return _DIGESTS[0]

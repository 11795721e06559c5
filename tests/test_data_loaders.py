"""The one way in for labelled data: what is read, and what is wrong in it by file and line."""

import gzip
import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from data.loaders import (
    SHIPPED,
    load_full,
    load_gold,
    load_polnear,
    load_stances,
    locate,
    with_stances,
)
from data.records import LABELS, Convention, LabelledArticle
from sayso.errors import InputError
from sayso.records import FORMS, KINDS, Span
from sayso.tags import ROLES

TEXT = "The mill closed 🌾, Ana Ruiz said. No one, she added, was told."
ROW: dict[str, Any] = {
    "id": "mill",
    "text": TEXT,
    "title": "The mill",
    "publisher": "herald",
    "published": "2031-05-02",
    "attributions": [
        {"source": [[19, 27]], "cue": [[28, 32]], "content": [[0, 17]]},
        {"source": [[42, 45]], "cue": [[46, 51]], "content": [[53, 61], [34, 40]]},
    ],
}
LABEL: dict[str, Any] = {
    "id": "s1",
    "doc": "mill",
    "source": [[19, 27]],
    "cue": [[28, 32]],
    "content": [[0, 17]],
    "stance": "hedge",
    "sure": False,
    "weight": 2.5,
}


def write(path: Path, *rows: object) -> Path:
    """Rows as JSONL; a string is written as it is."""
    lines = [row if isinstance(row, str) else json.dumps(row, ensure_ascii=False) for row in rows]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def with_attribution(**fields: object) -> dict[str, Any]:
    """The article with fields of its first attribution replaced; None takes one out."""
    mark = {k: v for k, v in {**ROW["attributions"][0], **fields}.items() if v is not None}
    return {**ROW, "attributions": [mark]}


def test_polnear_rows(tmp_path: Path) -> None:
    write(tmp_path / "polnear.dev.jsonl", ROW, "", {"id": "bare", "text": ""})
    mill, bare = load_polnear(tmp_path, "dev")
    assert (mill.id, mill.text, mill.title) == ("mill", TEXT, "The mill")
    assert (mill.outlet, mill.published) == ("herald", "2031-05-02")
    assert mill.convention == Convention.FLAT
    first, second = mill.statements
    assert (first.id, first.doc) == ("mill#0", "mill")
    assert (first.source, first.cue, first.content) == (
        (Span(19, 27),),
        (Span(28, 32),),
        (Span(0, 17),),
    )
    assert TEXT[19:27] == "Ana Ruiz"
    assert second.content == (Span(34, 40), Span(53, 61)), "pieces come in reading order"
    assert first.stance is None
    assert first.weight == 1.0
    assert (bare.outlet, bare.statements) == (None, ())


def test_fully_marked_rows(tmp_path: Path) -> None:
    marks = [
        {**ROW["attributions"][0], "stance": "denial", "form": "indirect", "kind": "person"},
        {**ROW["attributions"][1], "stance": "none", "entity": "Ana Ruiz", "parent": 0},
    ]
    write(tmp_path / "news.jsonl", {**ROW, "outlet": "The Herald", "attributions": marks})
    (article,) = load_full(tmp_path, "news.jsonl")
    outer, inner = article.statements
    assert article.convention == Convention.FULL
    assert article.outlet == "The Herald"
    assert (outer.stance, outer.form, outer.kind, outer.parent) == (
        "denial",
        "indirect",
        "person",
        None,
    )
    assert (inner.stance, inner.entity, inner.parent) == ("none", "Ana Ruiz", "mill#0")


def test_rows_whose_text_stands_elsewhere(tmp_path: Path) -> None:
    bare = {k: v for k, v in ROW.items() if k != "text"}
    digest = hashlib.sha256(TEXT.encode()).hexdigest()
    write(tmp_path / "news.jsonl", {**bare, "text_sha256": digest})
    with pytest.raises(InputError, match=r"texts of 1 articles in .*, found no such file"):
        load_full(tmp_path, "news.jsonl")
    (tmp_path / "corpora").mkdir()
    texts = tmp_path / "corpora" / "outlets.articles.jsonl.gz"
    rows = [{"id": "other", "text": "No."}, {"id": ROW["id"], "text": TEXT}]
    texts.write_bytes(gzip.compress("".join(json.dumps(r) + "\n" for r in rows).encode()))
    (found,) = load_full(tmp_path, "news.jsonl")
    write(tmp_path / "whole.jsonl", ROW)
    assert found == load_full(tmp_path, "whole.jsonl")[0]
    write(tmp_path / "articles.jsonl", {"id": ROW["id"], "text": TEXT + " "})
    with pytest.raises(InputError, match=r"news.jsonl:1: .*to have sha256"):
        load_full(tmp_path, "news.jsonl")
    write(tmp_path / "articles.jsonl", {"id": "other", "text": TEXT})
    assert load_full(tmp_path, "news.jsonl")[0] == found, "all of the files are looked through"
    texts.unlink()
    with pytest.raises(InputError, match="text of article 'mill', found none"):
        load_full(tmp_path, "news.jsonl")
    texts.write_bytes(b"\x1f\x8bno gzip")
    with pytest.raises(InputError, match="expected a file to read"):
        load_full(tmp_path, "news.jsonl")


@pytest.mark.parametrize("place", ["", "corpora", "labels", "polnear"])
def test_where_files_are_looked_for(tmp_path: Path, place: str) -> None:
    (tmp_path / place).mkdir(exist_ok=True)
    path = write(tmp_path / place / "polnear.dev.jsonl", ROW)
    assert locate(tmp_path, "polnear.dev.jsonl") == path
    assert load_polnear(tmp_path, "dev")[0].id == "mill"


def test_labels_that_ship_need_no_folder(tmp_path: Path) -> None:
    assert locate(tmp_path, "stance.dev.jsonl") == SHIPPED / "stance.dev.jsonl"
    write(tmp_path / "stance.dev.jsonl", LABEL)
    assert locate(tmp_path, "stance.dev.jsonl") == tmp_path / "stance.dev.jsonl"


def test_a_missing_file_names_the_places(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"expected polnear\.moon\.jsonl|expected moon") as caught:
        load_polnear(tmp_path, "moon")
    assert str(tmp_path / "corpora") in str(caught.value)
    with pytest.raises(InputError, match=r"expected news\.moon\.jsonl under"):
        load_full(tmp_path, "news.moon.jsonl")


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ('{"id": "mill", ', "expected a JSON object in UTF-8, found Expecting"),
        ("[1, 2]", "expected a JSON object, found list"),
        ({**ROW, "id": 7}, "expected a string 'id', found 7"),
        ({"id": "mill"}, "expected a string 'text', found None"),
        (with_attribution(content=None), "expected id, doc, source, cue and content as lists"),
        (with_attribution(cue="28-32"), "expected id, doc, source, cue and content as lists"),
        (with_attribution(cue=[[28]]), "expected id, doc, source, cue and content as lists"),
        (with_attribution(cue=[[28, "x"]]), "expected id, doc, source, cue and content as lists"),
        (with_attribution(cue=[[28.5, 32]]), "expected id, doc, source, cue and content as lists"),
        (with_attribution(content=[[0, 900]]), r"expected 0 <= start < end.*found \[0, 900\]"),
        (with_attribution(weight="much"), "a number as weight, found ValueError"),
        (with_attribution(parent=7), "expected parent to be one of 1 attributions, found 7"),
        (with_attribution(parent=-1), "expected parent to be one of 1 attributions, found -1"),
        ({**ROW, "attributions": 5}, "expected attributions as a list of objects, found 5"),
        ({**ROW, "attributions": [5]}, r"expected attributions as a list of objects, found \[5\]"),
        (with_attribution(stance="praise"), "expected stance to be one of assertion.*'praise'"),
    ],
)
def test_malformed_rows_are_named(tmp_path: Path, row: object, reason: str) -> None:
    path = write(tmp_path / "polnear.dev.jsonl", ROW, "", row)
    with pytest.raises(InputError, match=reason) as caught:
        load_polnear(tmp_path, "dev")
    assert (caught.value.file, caught.value.line) == (str(path), 3)


def test_bytes_that_are_not_utf8_are_named(tmp_path: Path) -> None:
    path = tmp_path / "polnear.dev.jsonl"
    path.write_bytes(json.dumps(ROW).encode() + b'\n{"id": "x", "text": "caf\xe9"}\n')
    with pytest.raises(
        InputError, match="expected a JSON object in UTF-8, found 'utf-8'"
    ) as caught:
        load_polnear(tmp_path, "dev")
    assert (caught.value.file, caught.value.line) == (str(path), 2)
    with pytest.raises(InputError, match=r"nowhere\.jsonl: expected a file to read"):
        load_stances(tmp_path / "nowhere.jsonl")


@pytest.mark.parametrize("span", [[-1, 4], [4, 4], [5, 4], [0, len(TEXT) + 1]])
def test_spans_stand_in_the_text(tmp_path: Path, span: Sequence[int]) -> None:
    write(tmp_path / "polnear.dev.jsonl", with_attribution(content=[span]))
    with pytest.raises(InputError, match=rf"0 <= start < end <= {len(TEXT)}.*\[{span[0]}, "):
        load_polnear(tmp_path, "dev")


def test_stance_labels(tmp_path: Path) -> None:
    path = write(tmp_path / "stance.jsonl", LABEL, {**LABEL, "id": "s2", "annotator": "b"})
    first, second = load_stances(path)
    assert (first.stance, first.sure, first.weight, first.annotator) == ("hedge", False, 2.5, None)
    assert (second.id, second.annotator) == ("s2", "b")


def mill(tmp_path: Path) -> list[LabelledArticle]:
    """The article alone, as PolNeAR has it."""
    write(tmp_path / "polnear.dev.jsonl", ROW)
    return load_polnear(tmp_path, "dev")


def test_labels_join_by_cue_and_content(tmp_path: Path) -> None:
    articles = mill(tmp_path)
    elsewhere = {**LABEL, "id": "s2", "cue": [[46, 51]], "content": [[53, 61]], "stance": "none"}
    labels = load_stances(write(tmp_path / "s.jsonl", {**LABEL, "source": []}, elsewhere))
    (joined,) = with_stances(articles, labels)
    assert [(s.id, s.stance) for s in joined.statements] == [
        ("s1", "hedge"),
        ("mill#1", None),
        ("s2", "none"),
    ]
    assert joined.statements[0].source == articles[0].statements[0].source
    assert joined.statements[0].weight == 2.5


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"doc": "barn"}, "label s1: expected an article 'barn', found none"),
        ({"content": [[0, 900]]}, "s1: expected 0 <= start < end"),
    ],
)
def test_labels_that_fit_no_article(tmp_path: Path, change: dict[str, object], reason: str) -> None:
    labels = load_stances(write(tmp_path / "s.jsonl", {**LABEL, **change}))
    with pytest.raises(InputError, match=reason):
        with_stances(mill(tmp_path), labels)


def test_a_label_of_an_unknown_article_names_its_line(tmp_path: Path) -> None:
    write(tmp_path / "articles.jsonl", {"id": "mill", "text": TEXT})
    labels = write(tmp_path / "labels.jsonl", LABEL, {**LABEL, "id": "s2", "doc": "barn"})
    with pytest.raises(
        InputError, match=r"expected doc of an article in .*, found 'barn'"
    ) as caught:
        load_gold(tmp_path)
    assert (caught.value.file, caught.value.line) == (str(labels), 2)


def test_our_own_gold_is_whole(gold: Sequence[LabelledArticle]) -> None:
    """Enough of it, every label, form and kind in it, every reference among its article's own."""
    statements = [s for article in gold for s in article.statements]
    assert len(gold) >= 30
    assert len(statements) >= 300
    assert len({a.id for a in gold}) == len(gold)
    assert len({s.id for s in statements}) == len(statements)
    assert {s.stance for s in statements} == set(LABELS)
    assert {s.form for s in statements} == set(FORMS)
    assert {s.kind for s in statements} == set(KINDS)
    assert sum(s.parent is not None for s in statements) >= 30
    for article in gold:
        ids = {s.id for s in article.statements}
        for s in article.statements:
            assert s.content
            assert s.parent is None or s.parent in ids - {s.id}
            assert s.denies is None or s.denies in ids - {s.id}
            assert (s.entity is None) <= (not s.source or s.kind == "unnamed")
            for span in (*s.source, *s.cue, *s.content):
                piece = article.text[span.start : span.end]
                assert piece == piece.strip() != ""


def test_shipped_labels_are_all_there() -> None:
    assert len(load_stances(locate("nowhere", "stance.train.jsonl"))) == 7021
    assert len(load_stances(locate("nowhere", "stance.dev.jsonl"))) == 520


def test_shipped_labels_hold_no_article_text() -> None:
    for path in sorted(SHIPPED.glob("*.jsonl")):
        rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
        assert rows
        if path.name.endswith(".made.jsonl"):  # invented articles
            assert all(row["id"].startswith("made-") for row in rows)
            continue
        assert not {key for row in rows for key in row} & {"text", "title"}
        marks = [mark for row in rows for mark in row.get("attributions", [row])]
        assert {mark["stance"] for mark in marks if "stance" in mark} in (set(LABELS), set())
        assert not any(isinstance(mark.get(role), str) for mark in marks for role in ROLES)

"""Exports of Label Studio: what makes no statement is named, and the rest is kept."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from data.records import Convention
from sayso.errors import InputError
from tests.labels import bring, said
from tests.tasks import BAKER, MILLER, MILLER_SAID, TEXT, choice, link, mark, task, write


@pytest.mark.parametrize(
    ("results", "reason"),
    [
        ((BAKER,), r"source 'The baker' \(region b\): expected a relation to a cue, found none"),
        ((mark("d", "Cue", "denied"),), r"cue 'denied' \(region d\): expected a content, found no"),
        ((mark("d", "Content", "it"),), r"content 'it' .*expected a relation to a cue or a source"),
        ((mark("d", "Person", "it"),), r"'d': expected a label Source, Cue or Content, found 'Per"),
        ((mark("d", "Cue", "denied", text=TEXT, start=-1),), "expected start and end within the t"),
        ((mark("d", "Cue", "denied", end=900),), "expected start and end within the text of 62 ch"),
        ((mark("d", "Cue", "denied", end="45"),), "expected start and end of a Text tag as whole"),
        ((mark("d", "Cue", "denied", start=40),), r"expected the text 'denied' at \[40, 49\], fou"),
        ((mark("d", "Cue", "denied", labels=["Cue", "Source"]),), "expected one label, found"),
        ((mark("c", "Cue", "denied"),), "expected an id used once, found 'c'"),
        ((link("c", "gone"),), "expected a relation between two regions, found one from c to gone"),
        ((link("c", "c"),), "expected a relation between two regions, found one from c to c"),
        ((choice("s", "Denial"),), "expected one stance, found assertion, denial"),
        ((choice("c", "maybe"),), "expected a stance of assertion, .*found 'maybe'"),
        ((choice("c", "denial", "hedge"),), "expected one choice, found"),
        ((link("c", "s", "inside"),), "expected two statements for the relation inside"),
        (({"id": "x", "type": "odd"},), "expected labels, choices or a relation, found another"),
    ],
)
def test_what_makes_no_statement_is_named_and_the_rest_is_kept(
    results: tuple[Mapping[str, Any], ...], reason: str, tmp_path: Path
) -> None:
    path = write(tmp_path / "tasks.json", [task(*MILLER, *results)])
    ((article,), (reject,)) = bring("label-studio", path)
    assert said(article)[0][:3] == MILLER_SAID[:3]
    assert len(said(article)) == 1
    assert article.convention == Convention.PARTIAL
    assert (reject.file, reject.line, reject.id) == (str(path), 1, "7")
    assert reject.reason.endswith("; the rest of the article is kept, as marked in part")
    assert re.search(reason, reject.reason)


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ({"id": 7, "data": {"text": TEXT}}, "expected annotations, found id, data"),
        (task(data=None), "expected data to be an object, found None"),
        (task(data={"words": TEXT}), "expected text to be a string, found nothing"),
        (task(annotations={}), "expected annotations to be a list, found dict"),
        (task(annotations=[3]), "expected an annotation, found 3"),
        (task(annotations=[{"result": "x"}]), "expected result to be a list, found str"),
        (task(annotations=[{"result": ["x"]}]), "expected result to be a list of objects, found"),
        (task(annotations=[{"id": 3}]), "expected a result, found id"),
        (
            task(annotations=[{"result": [], "created_at": "May"}]),
            "expected a date in ISO 8601, found 'May'",
        ),
        (["x"], "expected a JSON object, found list"),
        (task(*MILLER), "expected the article once by the annotator 1, found it again"),
        (task(text="Another."), "expected the text of the article of this id, found another"),
    ],
)
def test_tasks_that_cannot_be_read_are_named_and_the_others_are(
    row: object, reason: str, tmp_path: Path
) -> None:
    path = write(tmp_path / "tasks.json", [task(*MILLER), row, task(*MILLER, id=8)])
    articles, (reject,) = bring("label-studio", path)
    assert [said(one) for one in articles] == [[MILLER_SAID]] * 2
    assert reject.line == 2
    assert reason in reject.reason


def test_json_min_is_refused_with_what_to_export(tmp_path: Path) -> None:
    row = {"id": 1, "text": TEXT, "part": [], "annotator": 1, "annotation_id": 2, "lead_time": 3.0}
    with pytest.raises(InputError, match=r"found JSON-MIN.*: choose JSON in the Export dialogue"):
        bring("label-studio", write(tmp_path / "tasks.json", [row]))


@pytest.mark.parametrize("unit", ["code points", "UTF-16"])
def test_offsets_of_either_label_studio(unit: str, tmp_path: Path) -> None:
    text = "😀😀 " + TEXT
    marks = [
        mark("c", "Cue", "said", text=text),
        mark("o", "Content", "the wheel turns", text=text),
    ]
    for one in marks if unit == "UTF-16" else []:
        one["value"] |= {"start": one["value"]["start"] + 2, "end": one["value"]["end"] + 2}
    path = write(tmp_path / "tasks.json", [task(*marks, text=text)])
    assert [said(one) for one in bring("label-studio", path)[0]] == [
        [(None, "said", "the wheel turns", None, None)]
    ]


def test_pieces_join_in_any_direction_and_serve_several_cues(tmp_path: Path) -> None:
    results = (
        mark("o", "Content", "the wheel turns"),
        mark("s", "Source", "The miller"),
        mark("c", "Cue", "said"),
        mark("d", "Cue", "denied"),
        mark("e", "Content", "The baker"),
        link("o", "c"),
        link("o", "d"),
        link("s", "d"),
        link("s", "c"),
        link("e", "o"),
    )
    ((article,), rejects) = bring("label-studio", write(tmp_path / "t.json", [task(*results)]))
    assert said(article) == [
        ("The miller", "said", "the wheel turns … The baker", None, None),
        ("The miller", "denied", "the wheel turns … The baker", None, None),
    ]
    assert rejects == []


def test_a_statement_may_have_no_cue(tmp_path: Path) -> None:
    results = (
        mark("o", "Content", "the wheel turns"),
        BAKER,
        link("b", "o"),
        mark("p", "Content", "it"),
        choice("p", "hedge"),
    )
    ((article,), rejects) = bring("label-studio", write(tmp_path / "t.json", [task(*results)]))
    assert said(article) == [
        ("The baker", None, "the wheel turns", None, None),
        (None, None, "it", "hedge", None),
    ]
    assert rejects == []


def test_relations_between_statements(tmp_path: Path) -> None:
    other = (mark("d", "Cue", "denied"), mark("e", "Content", "it"), link("d", "e"))
    links = (link("d", "c", "inside"), link("d", "c", "Denies"))
    path = write(tmp_path / "t.json", [task(*MILLER, *other, *links)])
    ((article,), rejects) = bring("label-studio", path)
    assert rejects == []
    assert [one.parent for one in article.statements] == [None, "7#0"]
    assert [one.denies for one in article.statements] == [None, "7#0"]

"""Labels of every tool come in as they were marked; what cannot be read is named."""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from data.__main__ import main
from data.loaders import load_labels
from data.records import Convention, LabelledArticle
from data.tools.formats import guess_format
from data.tools.importing import save_labels
from sayso.errors import InputError
from tests.labels import FILES, FOLDER, TODAY, bring, fixture, said

ANNA, BEN = "anna@example.org", "ben@example.org"
IDS = {"8c1f0c0e-5b0a-4f6e-9a55-000000000003": ANNA, "8c1f0c0e-5b0a-4f6e-9a55-000000000004": BEN}
HARBOUR = [
    ("Lena Brandt, the mayor", "denied", "that the bridge had failed", "denial", None),
    ("she", "said", "“It stood,” … “and it stands.”", "assertion", None),
    ("the Courier", "reported", "Officials believe the repair may take a year", "assertion", None),
    ("Officials", "believe", "the repair may take a year", "speculation", 2),
]
CHOIR = ("Ida Holm", "wrote", "it was perhaps too loud")
DATES = {
    "label-studio": "2031-05-03T09:00:00.250000Z",
    "prodigy": "2031-05-08T03:00:00+00:00",
    "csv": "2031-05-03",
    "jsonl": "2031-05-03",
}
TEXT = "The miller said the wheel turns. The baker denied it, he said."


def write(path: Path, value: object) -> Path:
    path.write_text(json.dumps(value), encoding="utf-8")
    return path


def who(article: LabelledArticle) -> str | None:
    return IDS.get(article.annotator or "", article.annotator)


@pytest.mark.parametrize("tool", FILES)
def test_every_tool_gives_the_same(tool: str, tmp_path: Path) -> None:
    articles, rejects = bring(tool, fixture(tool, tmp_path))
    assert rejects == []
    harbour, *choirs = sorted(articles, key=lambda one: one.id != "harbour-1")
    assert said(harbour) == HARBOUR
    assert [(said(one), who(one)) for one in choirs] == [
        ([(*CHOIR, "hedge", None)], ANNA),
        ([(*CHOIR, None, None)], BEN),
    ]
    assert (harbour.title, harbour.outlet, harbour.published) == (
        "The bridge",
        "Courier",
        "2031-05-02",
    )
    assert {one.id for one in choirs} == {"choir-2"}
    assert {one.title for one in choirs} == {None}
    wanted = Convention.PARTIAL if tool == "csv" else Convention.FULL
    assert {one.convention for one in articles} == {wanted}


@pytest.mark.parametrize("tool", FILES)
def test_every_label_says_where_it_came_from(tool: str, tmp_path: Path) -> None:
    path = fixture(tool, tmp_path)
    for article in bring(tool, path)[0]:
        for one in article.statements:
            assert one.origin is not None
            assert one.annotator == article.annotator
            named = one.origin.file, one.origin.tool
            if tool == "jsonl":
                assert named == ("first.json", "label-studio")
            elif tool == "brat":
                assert named[0].endswith(".ann")
                assert named[1] == "brat"
            else:
                assert named == (path.name, tool)
            if article.id == "harbour-1" and tool != "prodigy":
                assert one.origin.date == DATES.get(tool, TODAY.isoformat())
    if tool == "prodigy":
        first = bring(tool, path)[0][0].statements[0]
        assert first.origin is not None
        assert (first.origin.date or "").startswith("2031-05-0")


@pytest.mark.parametrize("tool", FILES)
def test_formats_are_told_by_their_files(tool: str) -> None:
    assert guess_format(FOLDER / FILES[tool]) == tool


@pytest.mark.parametrize("tool", FILES)
def test_the_command_writes_what_retraining_reads(
    tool: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, out = fixture(tool, tmp_path), tmp_path / "out.jsonl"
    assert main(["import", str(path), "-o", str(out), "--strict"]) == 0
    told = capsys.readouterr().out
    assert "3 articles with 6 statements" in told
    assert "assertion 2, denial 1, hedge 1, speculation 1, none 0, not chosen 1" in told
    assert [said(one) for one in load_labels(out)] == [said(one) for one in bring(tool, path)[0]]
    assert sorted(one.name for one in tmp_path.iterdir()) == sorted([path.name, out.name])


def test_what_is_passed_over_is_counted(tmp_path: Path) -> None:
    def skipped(tool: str) -> Mapping[str, int]:
        return save_labels(FOLDER / FILES[tool], tool, tmp_path / "out.jsonl").skipped

    assert skipped("label-studio") == {"cancelled annotation": 1}
    assert skipped("prodigy") == {"task with the answer ignore": 1}
    assert skipped("argilla") == {"record without response": 1}


def task(*results: Mapping[str, Any], text: str = TEXT, **more: Any) -> dict[str, Any]:
    """A task of Label Studio with one annotation."""
    annotation = {"completed_by": 1, "created_at": None, "result": list(results)}
    return {"id": 7, "data": {"text": text}, "annotations": [annotation], **more}


def mark(name: str, label: str, words: str, *, text: str = TEXT, **more: Any) -> dict[str, Any]:
    start = text.index(words)
    value = {"start": start, "end": start + len(words), "text": words, "labels": [label]} | more
    return {"id": name, "from_name": "part", "to_name": "text", "type": "labels", "value": value}


def link(first: str, second: str, *labels: str) -> dict[str, Any]:
    return {"type": "relation", "from_id": first, "to_id": second, "labels": list(labels)}


def choice(name: str, *stances: str) -> dict[str, Any]:
    return {"id": name, "from_name": "stance", "type": "choices", "value": {"choices": stances}}


MILLER = (
    mark("s", "Source", "The miller"),
    mark("c", "cue", "said"),
    mark("o", "CONTENT", "the wheel turns"),
    link("s", "c"),
    link("c", "o", "anything"),
    choice("c", "Assertion"),
)
MILLER_SAID = ("The miller", "said", "the wheel turns", "assertion", None)
BAKER = mark("b", "Source", "The baker")


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


@pytest.mark.parametrize("unit", ["UTF-16", "graphemes", "code points"])
def test_offsets_of_every_doccano(unit: str, tmp_path: Path) -> None:
    """The hand is two code points, each of two UTF-16 code units, and one grapheme cluster."""
    text = "👋🏽 " + TEXT
    by = {"UTF-16": 2, "graphemes": -1, "code points": 0}[unit]
    label = [
        [text.index(words) + by, text.index(words) + len(words) + by, name]
        for words, name in (("said", "Cue:hedge"), ("the wheel turns", "Content"))
    ]
    path = write(tmp_path / "all.jsonl", {"id": 1, "text": text, "label": label})
    ((article,), rejects) = bring("doccano", path)
    assert said(article) == [(None, "said", "the wheel turns", "hedge", None)]
    assert article.annotator is None
    assert rejects == []


def entities(*labels: tuple[str, str]) -> dict[str, Any]:
    """A text of doccano without relations."""
    label = [[TEXT.index(words), TEXT.index(words) + len(words), name] for name, words in labels]
    return {"id": 1, "text": TEXT, "label": label}


def test_labels_with_numbers_join_what_has_no_relations(tmp_path: Path) -> None:
    row = entities(
        ("Cue 2:denial", "denied"),
        ("Content 2", "it"),
        ("Cue_1", "said"),
        ("content 1", "the wheel turns"),
        ("Source-2", "The baker"),
        ("Source", "The miller"),
    )
    ((article,), (reject,)) = bring("doccano", write(tmp_path / "all.jsonl", row))
    assert said(article) == [
        ("The baker", "denied", "it", "denial", None),
        (None, "said", "the wheel turns", None, None),
    ]
    assert "source 'The miller' (region 5): expected a relation to a cue" in reject.reason


def test_one_cue_without_relations_has_everything(tmp_path: Path) -> None:
    row = entities(("Content", "the wheel turns"), ("Source", "The miller"), ("Cue", "said"))
    ((article,), rejects) = bring("doccano", write(tmp_path / "all.jsonl", row))
    assert said(article) == [("The miller", "said", "the wheel turns", None, None)]
    assert rejects == []


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


def test_white_space_at_the_ends_of_a_region_is_no_part_of_it(tmp_path: Path) -> None:
    row = entities(("Cue", " said "), ("Content", "the wheel turns. "), ("Source", "The miller "))
    assert said(bring("doccano", write(tmp_path / "all.jsonl", row))[0][0]) == [
        ("The miller", "said", "the wheel turns.", None, None)
    ]


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        ("said,,said,gone,", "expected the content in the text, found no 'gone'"),
        (",,,,", "expected text, found none"),
        ('"A, said; A, said",,said,A,', "found the cue 'said' at 3 places as near"),
        ("it was so said he,he,said,,", "expected a content, found none"),
        ("it was so,,,,denial", "expected a content for the stance denial, found none"),
        ("it was so,,was,so,sure", "expected a stance of assertion"),
        ('it was so,,was,so,"', "expected a row of CSV"),
        ("it was so,,was", "expected 5 fields as in the first line, found 3"),
    ],
)
def test_rows_of_a_sheet_that_cannot_be_read(rows: str, reason: str, tmp_path: Path) -> None:
    path = tmp_path / "sheet.csv"
    path.write_text(f"Text,Source,Cue,Content,Stance\n{rows}\nHe said so,He,said,so,hedge\n")
    articles, (reject,) = bring("csv", path)
    assert reason in reject.reason
    assert [said(one) for one in articles] == [[("He", "said", "so", "hedge", None)]]
    assert reject.line == 2


def test_words_of_a_sheet_are_found_where_they_stand_nearest(tmp_path: Path) -> None:
    text = "He said no. Then he said the wheel turns; the other said it stands, he thinks."
    path = tmp_path / "sheet.csv"
    path.write_text(f'text,source,cue,content,stance\n"{text}",he,said,the wheel turns,\n')
    ((article,), rejects) = bring("csv", path)
    (one,) = article.statements
    assert rejects == []
    assert (one.source[0].start, one.cue[0].start) == (
        text.index("he said"),
        text.index("said the"),
    )


def test_a_sheet_lacks_a_column(tmp_path: Path) -> None:
    path = tmp_path / "sheet.csv"
    path.write_text("text,cue,content,stance\n")
    with pytest.raises(InputError, match="expected the columns text,source,cue,content,stance"):
        bring("csv", path)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("{", "expected a JSON object"),
        ('{"id": "b", "text": "x"}', "expected attributions, which may be empty, found none"),
        ('{"id": "b", "text": 3, "attributions": []}', "expected text to be a string"),
        ('{"id": "b", "text": "x", "attributions": [{}]}', "expected id, doc, source, cue"),
        ('{"id": "b", "text": "x", "attributions": [], "convention": 3}', "expected convention"),
        (
            '{"id": "b", "text": "x", "attributions": [{"source": [], "cue": [], "content": '
            '[[0, 1]], "parent": 0}]}',
            "expected parents without a circle, found one at 0",
        ),
    ],
)
def test_rows_of_our_own_that_cannot_be_read(line: str, reason: str, tmp_path: Path) -> None:
    path = tmp_path / "labels.jsonl"
    path.write_text(f'{line}\n{{"id": "a", "text": "\\ud800 x\\u0000", "attributions": []}}\n')
    articles, (reject,) = bring("jsonl", path)
    assert [one.text for one in articles] == ["\ud800 x\x00"]
    assert reason in reject.reason
    assert reject.line == 1


def test_texts_of_any_kind_are_written_as_they_are(tmp_path: Path) -> None:
    text = "\ufeff\ud800 A\x00\r\n “said” 😀 B"
    row = {"id": 1, "text": text, "label": [[9, 13, "Cue"], [18, 19, "Content"]]}
    path, out = write(tmp_path / "all.jsonl", row), tmp_path / "out.jsonl"
    save_labels(path, "doccano", out)
    assert load_labels(out)[0].text == text


def test_a_broken_file_of_brat_takes_no_other_with_it(tmp_path: Path) -> None:
    folder = fixture("brat", tmp_path)
    (folder / "choir-2_ben@example.org.ann").write_text("T1\tSource 0 3\tThe\nT2\tCue 4 x\t\n")
    (folder / "gone.ann").write_text("")
    (folder / "unmarked.txt").write_text("Nobody said so.")
    articles, rejects = bring("brat", folder)
    assert [one.id for one in articles] == ["choir-2", "harbour-1"]
    assert [(Path(one.file).name, one.line) for one in rejects] == [
        ("choir-2_ben@example.org.ann", 2),
        ("gone.ann", None),
    ]


def test_one_file_of_brat(tmp_path: Path) -> None:
    folder = fixture("brat", tmp_path)
    ((article,), rejects) = bring("brat", folder / "choir-2_anna@example.org.ann")
    assert (said(article), rejects) == ([(*CHOIR, "hedge", None)], [])


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("A9\tStance E7 Denial", "expected a span or event for the stance, found 'E7'"),
        ("A9\tStance E1 Denial", "expected one stance, found hedge and denial"),
        ("A9\tStance E1", "expected a stance of"),
        ("R9\tJoins Arg1:T1 Arg2:T99", "expected a relation of spans or events in one place"),
        ("T9\tPerson 0 3\tThe", "T9: expected a label Source, Cue or Content, found 'Person'"),
        ("T9\tCue 0 3\tThe", "cue 'The' (region T9): expected a content, found none"),
        ("T9\tCue 3 4\t", "T9: expected text at [3, 4], found white space"),
    ],
)
def test_lines_of_brat_that_make_no_statement(line: str, reason: str, tmp_path: Path) -> None:
    folder = fixture("brat", tmp_path)
    path = folder / "choir-2_anna@example.org.ann"
    path.write_text(path.read_text() + line + "\n")
    ((article,), (reject,)) = bring("brat", path)
    assert said(article) == [(*CHOIR, "hedge", None)]
    assert article.convention == Convention.PARTIAL
    assert reason in reject.reason


def test_a_stance_chosen_for_a_task_of_one_statement(tmp_path: Path) -> None:
    spans = [
        {"start": TEXT.index(words), "end": TEXT.index(words) + len(words), "label": label}
        for words, label in (("said", "CUE"), ("the wheel turns", "CONTENT"))
    ]
    row = {"text": TEXT, "spans": spans, "accept": ["denial"], "answer": "accept"}
    more = {**row, "spans": [*spans, {"start": 0, "end": 3, "label": "CUE"}], "text": TEXT + "!"}
    path = tmp_path / "tasks.jsonl"
    path.write_text(json.dumps(row) + "\n" + json.dumps(more) + "\n")
    articles, rejects = bring("prodigy", path)
    assert said(articles[0]) == [(None, "said", "the wheel turns", "denial", None)]
    assert "expected one statement without another stance" in rejects[-1].reason
    assert articles[1].convention == Convention.PARTIAL


def test_tasks_of_a_text_that_contradict_each_other(tmp_path: Path) -> None:
    rows = (FOLDER / "prodigy.jsonl").read_text(encoding="utf-8").splitlines()
    other = rows[0].replace("CUE:denial", "CUE:hedge")
    path = tmp_path / "tasks.jsonl"
    path.write_text("\n".join([rows[0], rows[0], other]), encoding="utf-8")
    ((article,), (reject,)) = bring("prodigy", path)
    assert said(article) == HARBOUR[:3]
    assert (reject.line, article.convention) == (3, Convention.PARTIAL)
    assert "expected one stance, found denial and hedge" in reject.reason


def test_options_say_what_the_file_does_not(tmp_path: Path) -> None:
    path = write(tmp_path / "all.jsonl", entities(("Cue", "said"), ("Content", "it")))
    ((article,), _) = bring("doccano", path, marked="flat", annotator="cleo")
    assert (article.convention, article.annotator) == (Convention.FLAT, "cleo")
    assert article.statements[0].annotator == "cleo"


def test_rejects_stand_beside_the_output(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write(tmp_path / "tasks.json", [task(*MILLER, BAKER)])
    assert main(["import", str(path), "--from", "label-studio"]) == 0
    out = tmp_path / "tasks.labels.jsonl"
    rejects = tmp_path / "tasks.labels.jsonl.rejects.jsonl"
    assert json.loads(rejects.read_text())["id"] == "7"
    assert f"1 rejects in {rejects}" in capsys.readouterr().out
    assert main(["import", str(path), "--strict", "-o", str(out)]) == 1
    write(path, [task(*MILLER)])
    assert main(["import", str(path), "--strict"]) == 0
    assert not rejects.exists()


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["gone.json"], "expected a file to read, found no gone.json"),
        (["tasks.json", "-o", "tasks.json"], "expected an output file other than the input"),
        (["tasks.json", "--from", "label-studio", "-o", "no/out.jsonl"], "expected a file to wri"),
        (["odd.json"], "looks like none of them"),
        (["empty.jsonl", "--from", "prodigy"], "empty.jsonl: expected rows of JSON, found none"),
        (["empty.jsonl", "--from", "csv"], "empty.jsonl:1: expected the columns text,source,cue,"),
        (["broken.json", "--from", "argilla"], "broken.json: expected JSON in UTF-8, found"),
        (["tasks.json", "--from", "brat"], "expected a folder of .txt and .ann, or an .ann"),
        ([".", "--from", "doccano", "-o", "out.jsonl"], "expected a file to read, found"),
    ],
)
def test_wrong_use_exits_with_2_and_leaves_nothing(
    arguments: list[str],
    reason: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    write(tmp_path / "tasks.json", [task(*MILLER)])
    write(tmp_path / "odd.json", {"id": 1})
    (tmp_path / "broken.json").write_text('[{"id": 1}')
    (tmp_path / "empty.jsonl").write_text("\n")
    before = sorted(tmp_path.iterdir())
    assert main(["import", *arguments]) == 2
    assert reason in capsys.readouterr().err
    assert sorted(tmp_path.iterdir()) == before

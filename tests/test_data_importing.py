"""Labels of every tool come in as they were marked; what cannot be read is named."""

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from data.__main__ import main
from data.loaders import load_labels
from data.records import Convention, LabelledArticle
from data.tools.formats import guess_format
from data.tools.importing import save_labels
from tests.labels import CHOIR, FILES, FOLDER, TODAY, bring, fixture, said
from tests.tasks import BAKER, MILLER, TEXT, entities, task, write

ANNA, BEN = "anna@example.org", "ben@example.org"
IDS = {"8c1f0c0e-5b0a-4f6e-9a55-000000000003": ANNA, "8c1f0c0e-5b0a-4f6e-9a55-000000000004": BEN}
HARBOUR = [
    ("Lena Brandt, the mayor", "denied", "that the bridge had failed", "denial", None),
    ("she", "said", "“It stood,” … “and it stands.”", "assertion", None),
    ("the Courier", "reported", "Officials believe the repair may take a year", "assertion", None),
    ("Officials", "believe", "the repair may take a year", "speculation", 2),
]
DATES = {
    "label-studio": "2031-05-03T09:00:00.250000Z",
    "prodigy": "2031-05-08T03:00:00+00:00",
    "csv": "2031-05-03",
    "jsonl": "2031-05-03",
}


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

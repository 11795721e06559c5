"""Labels go out to every tool and come back as they were; articles go out with predictions."""

import csv
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

import data
from data.__main__ import main
from data.loaders import load_labels
from data.records import LABELS, Convention, LabelledArticle, LabelledStatement, Origin
from data.save import save_articles
from data.tools.exporting import save_export, save_predictions
from data.tools.importing import save_labels
from data.tools.labelstudio import LABELS_TAG, STANCE_TAG, TEXT_TAG
from data.tools.regions import DENIES, INSIDE, JOINS, read_label
from sayso.records import Span
from sayso.tags import ROLES
from tests.corpus import make_articles, quick_bundle, write_jsonl
from tests.labels import FILES, TODAY, bring, fixture, said

LABELLING = Path(data.__file__).parent / "labelling"

TEXTS = (
    "😀👋🏽 The mill\r\nstands, she said. He denied that; “it fell”, he said, “and is no more”.",
    "Officials believe it may rain, Ann Holm said, and she denied all. \tThe paper says it is so.",
)
OUT = {"csv": "out.csv", "brat": "out"}


def found(text: str, words: str, after: int = 0) -> Span:
    start = text.index(words, after)
    return Span(start, start + len(words))


def statement(doc: str, text: str, number: int, *words: str, **more: Any) -> LabelledStatement:
    """Source, cue and contents by their words, each after the one before it if it begins with +."""
    source, cue, *contents = ((found(text, one),) if one else () for one in words)
    content = tuple(span for spans in contents for span in spans)
    origin = Origin("first.json", "label-studio", "2031-05-03")
    return LabelledStatement(f"{doc}#{number}", doc, source, cue, content, origin=origin, **more)


def labels() -> list[LabelledArticle]:
    """Two articles, the first marked by two people: pieces, nesting, shared sources, no cue."""
    one, two = TEXTS
    first = (
        statement("a b/1", one, 0, "she", "said", "The mill\r\nstands", stance="assertion"),
        statement("a b/1", one, 1, "He", "denied", "that", stance="denial", denies="a b/1#0"),
        statement("a b/1", one, 2, "He", "", "“it fell”", "“and is no more”", stance="hedge"),
    )
    second = (
        statement(
            "two", two, 0, "Ann Holm", "said", "Officials believe it may rain", stance="hedge"
        ),
        statement("two", two, 1, "Officials", "believe", "it may rain", parent="two#0"),
        statement("two", two, 2, "she", "denied", "all", parent="two#0", stance="none"),
        statement("two", two, 3, "The paper", "says", "it is so", stance="speculation"),
    )

    def article(name: str, text: str, who: str, marks: Sequence[Any]) -> LabelledArticle:
        marks = tuple(replace(mark, annotator=who) for mark in marks)
        title, outlet = ('The "mill"', "Courier, the") if name == "two" else (None, None)
        return LabelledArticle(name, text, title, outlet, None, Convention.FULL, marks, who)

    return [
        article("a b/1", one, "anna", first),
        article("a b/1", one, "ben_2", first[:1]),
        article("two", two, "anna", second),
        article("bare", "Nobody\nsaid so.", "anna", ()),
    ]


def went_and_came(tool: str, folder: Path, articles: Sequence[LabelledArticle]) -> list[Any]:
    """What comes back of an export, as it was where ids and origins are left out of account."""
    out, back = folder / OUT.get(tool, f"out.{tool}.jsonl"), folder / "back.jsonl"
    save_articles(articles, folder / "labels.jsonl")
    assert save_export(folder / "labels.jsonl", tool, out).rejects == 0
    assert save_labels(out, tool, back, marked=Convention.FULL).rejects == 0
    return load_labels(back)


def plain(
    articles: Sequence[LabelledArticle], *, links: Sequence[str] = ("parent", "denies")
) -> Any:
    """Articles as they are compared: links as places, without ids and origins."""
    rows = []
    for article in articles:
        places: dict[str | None, int] = {one.id: n for n, one in enumerate(article.statements)}
        marks = tuple(
            (
                replace(one, id="", origin=None, parent=None, denies=None),
                *(places.get(getattr(one, name)) for name in links),
            )
            for one in article.statements
        )
        rows.append((replace(article, statements=()), marks))
    return sorted(rows, key=lambda row: (row[0].id, row[0].annotator))


@pytest.mark.parametrize("tool", FILES)
def test_what_goes_out_comes_back(tool: str, tmp_path: Path) -> None:
    articles = labels()
    held = {"csv": (), "argilla": ()}.get(tool, ("parent", "denies"))
    assert plain(went_and_came(tool, tmp_path, articles), links=held) == plain(articles, links=held)


@pytest.mark.parametrize("tool", FILES)
def test_our_own_gold_goes_out_and_comes_back(
    tool: str, tmp_path: Path, gold: Sequence[LabelledArticle]
) -> None:
    articles = [
        replace(
            one,
            annotator="anna",
            statements=tuple(
                replace(mark, annotator="anna", form=None, entity=None, kind=None, sure=True)
                for mark in one.statements
            ),
        )
        for one in gold[:12]
    ]
    held = {"csv": (), "argilla": ()}.get(tool, ("parent", "denies"))
    assert plain(went_and_came(tool, tmp_path, articles), links=held) == plain(articles, links=held)


@pytest.mark.parametrize("tool", FILES)
def test_every_fixture_goes_out_and_comes_back(tool: str, tmp_path: Path) -> None:
    articles, _ = bring(tool, fixture(tool, tmp_path), marked=Convention.FULL)
    assert plain(went_and_came(tool, tmp_path, articles)) == plain(articles)


def test_what_a_tool_has_no_place_for_is_told(tmp_path: Path) -> None:
    (article, *_) = labels()
    marks = [replace(article.statements[0], form="indirect", sure=False), *article.statements[1:]]
    save_articles([replace(article, statements=tuple(marks))], tmp_path / "in.jsonl")
    exported = {
        tool: save_export(tmp_path / "in.jsonl", tool, tmp_path / f"out.{tool}").left_out
        for tool in FILES
    }
    assert exported["label-studio"] == {"form": 1, "sure": 1}
    assert exported["argilla"] == exported["csv"] == {"denies": 1, "form": 1, "sure": 1}
    assert exported["jsonl"] == {}


@pytest.mark.parametrize(
    ("tool", "text", "cue", "reason"),
    [
        ("csv", "A, said; A, said", Span(3, 7), "expected words that tell the place"),
        ("csv", "A said \ud800", Span(2, 6), "a lone surrogate"),
        ("brat", "A said \ud800", Span(2, 6), "a lone surrogate"),
        ("doccano", "A  said", Span(1, 3), "found white space"),
        ("csv", "said A, he said", Span(11, 15), "expected places nearest together, found others"),
    ],
)
def test_what_a_format_cannot_hold_is_rejected(
    tool: str, text: str, cue: Span, reason: str, tmp_path: Path
) -> None:
    mark = LabelledStatement("x#0", "x", (), (cue,), (found(text, "A"),))
    one = LabelledArticle("x", text, None, None, None, Convention.FULL, (mark,))
    save_articles([one], tmp_path / "in.jsonl")
    out = tmp_path / "out"
    assert save_export(tmp_path / "in.jsonl", tool, out).rejects == 1
    (line,) = Path(f"{out}.rejects.jsonl").read_text().splitlines()
    assert reason in json.loads(line)["reason"]


def test_statements_that_no_tool_could_be_told(tmp_path: Path) -> None:
    (article, *_) = labels()
    none = replace(article.statements[0], content=())
    twice = replace(article.statements[0], cue=(Span(0, 3), Span(1, 4)))
    marks = (none, twice, *article.statements)
    save_articles([replace(article, statements=marks)], tmp_path / "in.jsonl")
    exported = save_export(tmp_path / "in.jsonl", "doccano", tmp_path / "out.jsonl")
    assert (exported.articles, exported.statements, exported.rejects) == (1, 3, 2)


def test_annotators_that_no_file_can_be_called_after(tmp_path: Path) -> None:
    save_articles([replace(labels()[0], annotator="a/b")], tmp_path / "in.jsonl")
    assert save_export(tmp_path / "in.jsonl", "brat", tmp_path / "out").rejects == 1


def test_brats_files_keep_their_names_where_they_can(tmp_path: Path) -> None:
    one = replace(labels()[2], id="herald_2031-05-02_mill")
    save_articles([one, replace(one, id="mill")], tmp_path / "in.jsonl")
    save_export(tmp_path / "in.jsonl", "brat", tmp_path / "out")
    names = sorted(path.name for path in (tmp_path / "out").iterdir())
    assert names == [
        "herald_2031-05-02_mill.txt",
        "herald_2031-05-02_mill_anna.ann",
        "metadata.tsv",
        "mill.txt",
        "mill_anna.ann",
    ]


def test_label_studio_gets_each_article_once(tmp_path: Path) -> None:
    save_articles(labels(), tmp_path / "in.jsonl")
    save_export(tmp_path / "in.jsonl", "label-studio", tmp_path / "out.json")
    first, *_ = tasks = json.loads((tmp_path / "out.json").read_text(encoding="utf-8"))
    assert [task["data"]["id"] for task in tasks] == ["a b/1", "two", "bare"]
    assert [one["completed_by"] for one in first["annotations"]] == [
        {"email": "anna"},
        {"email": "ben_2"},
    ]
    cue = next(one for one in first["annotations"][0]["result"] if one["type"] == "choices")
    region = next(one for one in first["annotations"][0]["result"] if one["id"] == cue["id"])
    assert region["value"]["labels"] == ["Cue"]
    assert region["value"]["text"] == TEXTS[0][region["value"]["start"] : region["value"]["end"]]


def test_a_sheet_has_the_columns_that_it_is_told_by(tmp_path: Path) -> None:
    save_articles(labels()[2:3], tmp_path / "in.jsonl")
    save_export(tmp_path / "in.jsonl", "csv", tmp_path / "out.csv")
    with (tmp_path / "out.csv").open(newline="", encoding="utf-8") as handle:
        rows = list(csv.DictReader(handle))
    assert rows[0]["content"] == "Officials believe it may rain"
    assert {row["date"] for row in rows} == {"2031-05-03"}


def scored(tmp_path: Path, **options: Any) -> list[Mapping[str, Any]]:
    """Tasks of Label Studio with what a stub of a model finds in some articles."""
    rows = [*make_articles(3), {"id": "empty", "text": ""}, {"id": 5}]
    path = write_jsonl(tmp_path / "articles.jsonl", rows)
    exported = save_predictions(path, "label-studio", tmp_path / "out.json", threads=1, **options)
    assert (exported.articles, exported.rejects) == (4, 1)
    tasks: list[Mapping[str, Any]] = json.loads((tmp_path / "out.json").read_text("utf-8"))
    assert [task["data"]["id"] for task in tasks] == ["a0", "a1", "a2", "empty"]
    return tasks


def test_articles_go_out_with_predictions(tmp_path: Path) -> None:
    tasks = scored(tmp_path, model=str(quick_bundle(tmp_path / "bundle")))
    assert sum(len(task["predictions"][0]["result"]) for task in tasks) > 20
    for task in tasks:
        (prediction,) = task["predictions"]
        assert task["annotations"] == []
        assert prediction["model_version"] == "quick-0"
        assert 0 < prediction.get("score", 0.5) <= 1
        for one in prediction["result"]:
            if one["type"] == "relation":
                continue
            value = one["value"]
            assert task["data"]["text"][value["start"] : value["end"]] == value["text"]
            assert 0 <= one["score"] <= 1
    assert "score" not in tasks[-1]["predictions"][0]


def test_accepted_predictions_come_in_as_they_went_out(tmp_path: Path) -> None:
    """Someone takes every prediction over as an annotation."""
    tasks = scored(tmp_path, model=str(quick_bundle(tmp_path / "bundle")))
    path = tmp_path / "taken.json"
    taken = [
        {**one, "annotations": [{**one["predictions"][0], "completed_by": 1}], "predictions": []}
        for one in tasks
    ]
    path.write_text(json.dumps(taken), encoding="utf-8")
    articles, rejects = bring("label-studio", path)
    assert rejects == []
    from sayso.records import Article
    from sayso.scorer import Scorer

    scorer = Scorer.load(tmp_path / "bundle", threads=1)
    for article in articles:
        statements = list(scorer.score([Article(article.id, article.text)]))
        assert [row[:4] for row in said(article)] == [
            (one.source_text, one.cue_text, one.content_text, one.stance) for one in statements
        ]


def test_articles_go_out_alone(tmp_path: Path) -> None:
    assert {len(task["predictions"]) for task in scored(tmp_path, model="none")} == {0}


def test_rows_without_attributions_are_not_sent_as_labels(tmp_path: Path) -> None:
    path = write_jsonl(tmp_path / "articles.jsonl", make_articles(2))
    assert save_export(path, "label-studio", tmp_path / "out.json").rejects == 2


def test_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path, out = tmp_path / "in.jsonl", str(tmp_path / "out")
    save_articles(labels(), path)
    assert main(["export", str(path), "--to", "csv", "-o", out, "--strict"]) == 0
    told = capsys.readouterr().out
    assert f"4 articles with 8 statements in {out}" in told
    assert "left out, csv has no place for them: denies 1, parent 2" in told
    assert main(["import", out, "--from", "csv", "-o", str(tmp_path / "back.jsonl")]) == 0


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["gone.jsonl", "--to", "csv", "-o", "out"], "expected a file to read, found no gone"),
        (["in.jsonl", "--to", "csv", "-o", "in.jsonl"], "expected an output other than the input"),
        (["in.jsonl", "--to", "brat", "-o", "here"], "expected an output that is not there yet"),
        (["in.jsonl", "--to", "csv", "-o", "here"], "expected an output that is not there yet"),
        (["in.jsonl", "--to", "csv", "-o", "no/out"], "expected a file to write"),
        (["in.jsonl", "--to", "csv", "-o", "out", "--model", "default"], "expected --to label-st"),
        (["in.jsonl", "--to", "label-studio", "-o", "out", "--model", "gone"], "gone"),
        (["in.jsonl", "--to", "csv", "-o", "out", "--threads", "0"], "expected 1 thread or more"),
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
    save_articles(labels(), tmp_path / "in.jsonl")
    (tmp_path / "here").mkdir()
    before = sorted(tmp_path.iterdir())
    assert main(["export", *arguments]) == 2
    assert reason in capsys.readouterr().err
    assert sorted(tmp_path.iterdir()) == before


def test_an_error_in_the_middle_leaves_the_output_as_it_was(tmp_path: Path) -> None:
    (tmp_path / "in.jsonl").write_text("")
    (tmp_path / "out.json").write_text("before")
    with pytest.raises(Exception, match="expected rows of JSON, found none"):
        save_export(tmp_path / "in.jsonl", "label-studio", tmp_path / "out.json")
    assert (tmp_path / "out.json").read_text() == "before"


def test_dates_of_today_are_given_where_there_are_none(tmp_path: Path) -> None:
    save_articles(labels(), tmp_path / "in.jsonl")
    save_export(tmp_path / "in.jsonl", "doccano", tmp_path / "out.jsonl")
    save_labels(tmp_path / "out.jsonl", "doccano", tmp_path / "back.jsonl", today=TODAY)
    dates = {
        one.origin and one.origin.date
        for article in load_labels(tmp_path / "back.jsonl")
        for one in article.statements
    }
    assert dates == {TODAY.isoformat()}


def test_the_labelling_configurations_say_what_is_read() -> None:
    view = ElementTree.parse(LABELLING / "label-studio.xml").getroot()
    (marks,), (choices,), (text,) = (view.findall(tag) for tag in ("Labels", "Choices", "Text"))
    assert (marks.get("name"), choices.get("name"), text.get("name")) == (
        LABELS_TAG,
        STANCE_TAG,
        TEXT_TAG,
    )
    assert {marks.get("toName"), choices.get("toName")} == {TEXT_TAG}
    assert [read_label(one.get("value")).role for one in marks] == list(ROLES)
    assert tuple(one.get("value") for one in choices) == LABELS
    assert choices.get("perRegion") == "true"
    relations = [one.get("value") for one in view.iter("Relation")]
    assert relations == [JOINS, INSIDE, DENIES]
    spans = [read_label(one["text"]) for one in _listed("doccano-spans.json")]
    assert {one.role for one in spans} == set(ROLES)
    assert {one.stance for one in spans if one.role == "cue"} == {*LABELS, None}
    assert [one["text"] for one in _listed("doccano-relations.json")] == relations


def _listed(name: str) -> list[Mapping[str, Any]]:
    rows: list[Mapping[str, Any]] = json.loads((LABELLING / name).read_text())
    assert len({row["suffix_key"] for row in rows}) == len(rows)
    return rows


def test_the_sheet_in_the_guide_can_be_read(tmp_path: Path) -> None:
    guide = (LABELLING / "LABELLING.md").read_text(encoding="utf-8")
    _, _, rest = guide.partition("```\ntext,source,cue,content,stance\n")
    (tmp_path / "guide.csv").write_text(
        f"text,source,cue,content,stance\n{rest.partition('```')[0]}", encoding="utf-8"
    )
    ((article,), rejects) = bring("csv", tmp_path / "guide.csv")
    assert rejects == []
    assert said(article) == [
        ("Lena Brandt, the mayor", "denied", "that the bridge had failed", "denial", None)
    ]

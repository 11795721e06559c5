"""What was withdrawn is left out by every loader, whatever file it stands in."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from data.digest import digest_articles, digest_text
from data.loaders import (
    load_full,
    load_gold,
    load_labels,
    load_polnear,
    load_stances,
    locate,
    with_stances,
)
from data.records import Convention
from data.withdrawing import withdraw
from data.withdrawn import WITHDRAWN, load_withdrawn
from sayso.errors import InputError, UsageError

TEXT = "The mill closed, Ana Ruiz said. No one, she added, was told."
FIRST: dict[str, Any] = {"source": [[17, 25]], "cue": [[26, 30]], "content": [[0, 15]]}
SECOND: dict[str, Any] = {"source": [[40, 43]], "cue": [[44, 49]], "content": [[32, 38], [51, 59]]}
DAY = "2031-05-02"


def row(name: str, *marks: dict[str, Any], **fields: Any) -> dict[str, Any]:
    return {"id": name, "text": f"{TEXT} {name}", "attributions": list(marks), **fields}


def label(name: str, doc: str, mark: dict[str, Any], **fields: Any) -> dict[str, Any]:
    return {"id": name, "doc": doc, **mark, "stance": "hedge", **fields}


def write(path: Path, *rows: object) -> None:
    path.write_text("".join(json.dumps(one) + "\n" for one in rows), encoding="utf-8")


@pytest.fixture
def data(tmp_path: Path) -> Path:
    write(tmp_path / "polnear.train.jsonl", row("mill", FIRST, SECOND), row("barn", FIRST))
    write(
        tmp_path / "stance.train.jsonl",
        label("t1", "mill", FIRST),
        label("t2", "mill", SECOND),
        label("t3", "barn", FIRST, annotator="bea"),
    )
    stanced = {**SECOND, "stance": "denial", "parent": 0}
    write(tmp_path / "news.train.jsonl", row("port", FIRST, stanced), row("quay", FIRST))
    write(
        tmp_path / "ours.jsonl",
        row("lock", FIRST, SECOND, annotator="ana"),
        row("lock", SECOND, annotator="bea"),
    )
    return tmp_path


def take(data: Path, *ids: str, **options: Any) -> None:
    assert withdraw(data, ids, because="they asked", date=DAY, **options)


def joined(data: Path) -> dict[str, list[tuple[str, str | None]]]:
    """The training articles as they are learnt: the statements' ids and stances."""
    labels = load_stances(locate(data, "stance.train.jsonl"), root=data)
    articles = with_stances(load_polnear(data, "train"), labels)
    return {a.id: [(s.id, s.stance) for s in a.statements] for a in articles}


def test_nothing_changes_without_the_file(data: Path) -> None:
    assert not load_withdrawn(data).rows
    assert len(joined(data)["mill"]) == 2
    before = digest_articles(load_full(data, "news.train.jsonl"))
    take(data, "nowhere")
    assert digest_articles(load_full(data, "news.train.jsonl")) == before


def test_an_article_goes_with_its_labels(data: Path) -> None:
    take(data, "mill", "quay")
    assert joined(data) == {"barn": [("t3", "hedge")]}
    assert [a.id for a in load_full(data, "news.train.jsonl")] == ["port"]
    (mill, _) = load_withdrawn(data).rows
    assert {one.file: one.rows for one in mill.found} == {
        "polnear.train.jsonl": 1,
        "stance.train.jsonl": 2,
    }
    assert "Ana Ruiz" not in (data / WITHDRAWN).read_text(encoding="utf-8")


def test_a_copy_goes_too(data: Path) -> None:
    copy = {**row("mill", FIRST), "id": "copy", "text": f"{TEXT.upper()}\n\nmill"}
    write(data / "polnear.train.jsonl", row("mill", FIRST), copy)
    write(data / "stance.train.jsonl", label("t1", "mill", FIRST), label("t2", "copy", FIRST))
    take(data, "mill")
    assert joined(data) == {}
    later = {**copy, "id": "later"}
    write(data / "ours.jsonl", later, row("lock", FIRST))
    assert [a.id for a in load_labels(data / "ours.jsonl", root=data)] == ["lock"]
    assert [a.id for a in load_labels(data / "ours.jsonl")] == ["later", "lock"]
    assert load_withdrawn(data).rows[0].words == digest_text(f"{TEXT} mill")


def test_a_text_may_be_gone_already(data: Path) -> None:
    bare = {k: v for k, v in row("port", FIRST).items() if k != "text"}
    write(data / "news.train.jsonl", bare, row("quay", FIRST))
    with pytest.raises(InputError, match="expected the texts of 1 articles"):
        load_full(data, "news.train.jsonl")
    take(data, "port")
    assert [a.id for a in load_full(data, "news.train.jsonl")] == ["quay"]


def test_labels_alone_may_go(data: Path) -> None:
    take(data, "mill", labels=True)
    assert joined(data) == {"mill": [], "barn": [("t3", "hedge")]}
    mill, _ = load_polnear(data, "train")
    assert (mill.convention, mill.text) == (Convention.PARTIAL, f"{TEXT} mill")


def test_a_statement_goes_and_numbers_stay(data: Path) -> None:
    take(data, "port#0")
    port, quay = load_full(data, "news.train.jsonl")
    assert [(s.id, s.parent) for s in port.statements] == [("port#1", "port#0")]
    assert (port.convention, quay.convention) == (Convention.PARTIAL, Convention.FULL)


def test_the_stance_of_a_withdrawn_statement_goes_with_it(data: Path) -> None:
    take(data, "mill#0")
    assert joined(data)["mill"] == [("t2", "hedge")]
    write(data / "polnear.train.jsonl", row("mill", SECOND, FIRST), row("barn"))
    assert joined(data)["mill"] == [("t2", "hedge")], "it is known by its spans, not its number"


def test_a_stance_label_goes_and_the_marks_stay(data: Path) -> None:
    take(data, "t1")
    assert joined(data)["mill"] == [("mill#0", None), ("t2", "hedge")]
    assert load_polnear(data, "train")[0].convention == Convention.FLAT


def test_all_of_an_annotator_goes(data: Path) -> None:
    take(data, "annotator:bea")
    assert [a.annotator for a in load_labels(data / "ours.jsonl", root=data)] == ["ana"]
    assert joined(data)["barn"] == [("barn#0", None)]
    (found,) = load_withdrawn(data).rows
    assert {one.file for one in found.found} == {"ours.jsonl", "stance.train.jsonl"}


def test_one_annotator_of_several(data: Path) -> None:
    with pytest.raises(UsageError, match="expected one statement lock#0, found several"):
        withdraw(data, ["lock#0"], because="asked", date=DAY)
    take(data, "lock#0", by="bea")
    ana, bea = load_labels(data / "ours.jsonl", root=data)
    assert (len(ana.statements), len(bea.statements)) == (2, 0)
    take(data, "lock", by="ana")
    assert [a.annotator for a in load_labels(data / "ours.jsonl", root=data)] == ["bea"]


def test_gold_is_not_touched(data: Path) -> None:
    first = load_gold()[0].id
    take(data, first)
    assert load_gold()[0].id == first


def test_the_same_is_withdrawn_once(data: Path) -> None:
    take(data, "mill")
    assert withdraw(data, ["mill"], because="again", date=DAY) == []
    assert len(load_withdrawn(data).rows) == 1
    with (data / WITHDRAWN).open("a", encoding="utf-8") as handle:
        handle.write('{"id": "x", "date": "2031-01-01", "because": "typed, without a newline"}')
    take(data, "barn")
    assert [one.id for one in load_withdrawn(data).rows] == ["mill", "x", "barn"]


def test_two_processes_append_at_once(data: Path) -> None:
    code = (
        "import sys\n"
        "from data.withdrawing import append_withdrawals\n"
        "from data.withdrawn import Withdrawal\n"
        "for n in range(60):\n"
        "    row = Withdrawal(f'{sys.argv[2]}{n}', '2031-05-02', 'because ' * 40)\n"
        "    append_withdrawals(sys.argv[1], [row, Withdrawal(f'both{n}', '2031-05-02', 'b')])\n"
    )
    root = Path(__file__).parent.parent
    runs = [
        subprocess.Popen([sys.executable, "-c", code, str(data), name], cwd=root) for name in "ab"
    ]
    assert [run.wait() for run in runs] == [0, 0]
    found = [one.id for one in load_withdrawn(data).rows]
    assert len(found) == len(set(found)) == 180


@pytest.mark.parametrize(
    ("ids", "because", "reason"),
    [
        ([], "asked", "expected ids of what to withdraw, found none"),
        (["mill", " "], "asked", "expected ids of what to withdraw"),
        (["mill"], " ", "expected a reason"),
    ],
)
def test_wrong_use(data: Path, ids: list[str], because: str, reason: str) -> None:
    with pytest.raises(UsageError, match=reason):
        withdraw(data, ids, because=because, date=DAY)
    assert not (data / WITHDRAWN).exists()
    with pytest.raises(UsageError, match="expected the folder"):
        withdraw(data / "none", ["mill"], because="asked", date=DAY)


@pytest.mark.parametrize(
    "line",
    [
        '{"id": "mill"}',
        '{"id": 5, "date": "d", "because": "b"}',
        '{"id": "m", "date": "d", "because": "b", "marks": [1]}',
        '{"id": "m", "date": "d", "because": "b", "found": [{"at": 1}]}',
        '{"id": "m", "date": "d", "because": "b", "words": 7}',
    ],
)
def test_a_damaged_file_is_named(data: Path, line: str) -> None:
    (data / WITHDRAWN).write_text(line + "\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"withdrawn\.jsonl:1: expected a withdrawal"):
        load_polnear(data, "train")


def test_rows_come_back_as_they_were(data: Path) -> None:
    take(data, "mill#1", "lock", "annotator:bea", by=None)
    rows = load_withdrawn(data).rows
    lines = (data / WITHDRAWN).read_text(encoding="utf-8").splitlines()
    assert [one.to_row() for one in rows] == [json.loads(line) for line in lines]
    assert rows[0].marks
    assert rows[0].found

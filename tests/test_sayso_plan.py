"""The plan: the input in shards and tasks, and finished shards held against it."""

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from sayso import progress
from sayso.errors import UsageError
from sayso.plan import TASK_BYTES, Cut, Plan
from sayso.processors import usable_processors
from sayso.progress import count_articles
from sayso.tasks import Task
from tests.corpus import make_articles, write_jsonl


def plan(source: Path, cut: Cut, *, finished: dict[int, str] | None = None) -> list[Task]:
    known = finished or {}
    return list(Plan([str(source)], cut, finished=known.get, last=max(known, default=-1)))


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """Ten articles; a broken line first, after the fourth article and last."""
    path = write_jsonl(tmp_path / "in.jsonl", make_articles(10))
    lines = path.read_text().splitlines()
    path.write_text("\n".join(["{", *lines[:4], "{", *lines[4:], "{"]) + "\n")
    return path


def test_shards_and_the_rejects_in_their_range(source: Path) -> None:
    tasks = plan(source, Cut(shard=4, workers=3))
    shards = [[t for t in tasks if t.shard == number] for number in range(3)]
    assert [[i.id for t in shard for i in t.items] for shard in shards] == [
        ["a0", "a1", "a2", "a3"],
        ["a4", "a5", "a6", "a7"],
        ["a8", "a9"],
    ]
    stood = [[(s.place, s.reject.line) for t in shard for s in t.rejects] for shard in shards]
    assert stood == [[(0, 1), (8, 6)], [], [(4, 13)]]
    for shard, articles in zip(shards, (4, 4, 2), strict=True):
        assert [t.closing is not None for t in shard] == [*[False] * (len(shard) - 1), True]
        assert shard[-1].closing is not None
        assert shard[-1].closing.articles == articles
        assert [t.first for t in shard if t.items] == sorted({t.first for t in shard if t.items})
    assert [item.line for task in tasks for item in task.items] == [2, 3, 4, 5, *range(7, 13)]


def test_first_tasks_are_small_and_long_articles_alone(tmp_path: Path) -> None:
    source = write_jsonl(tmp_path / "in.jsonl", make_articles(60))
    sizes = [len(task.items) for task in plan(source, Cut(workers=2))]
    assert sizes == [1, 1, 2, 2, 4, 4, *[8] * 5, 6]
    rows = [{"id": f"{n}", "text": "x" * TASK_BYTES} for n in range(30)]
    tasks = plan(write_jsonl(tmp_path / "long.jsonl", rows), Cut())
    assert [len(task.items) for task in tasks] == [*[1] * 30, 0]


def test_finished_shards_are_read_but_not_given_out(source: Path) -> None:
    every = [t.closing for t in plan(source, Cut(shard=4)) if t.closing]
    digests = {number: closing.digest for number, closing in enumerate(every)}
    assert len(set(digests.values())) == 3
    tasks = plan(source, Cut(shard=4), finished={0: digests[0], 2: digests[2]})
    assert {task.shard for task in tasks if task.items} == {1}
    assert [(t.closing.articles, t.closing.done) for t in tasks if t.closing] == [
        (4, True),
        (4, False),
        (2, True),
    ]


@pytest.mark.parametrize(
    ("finished", "said"),
    [({1: "other"}, r"shard 1 \(from article 5\).*changed"), ({7: "x"}, "shard 7.*ends before")],
)
def test_another_input_is_refused(source: Path, finished: dict[int, str], said: str) -> None:
    with pytest.raises(UsageError, match=said):
        plan(source, Cut(shard=4), finished=finished)


def test_a_limit_leaves_the_rest_unread(source: Path) -> None:
    tasks = plan(source, Cut(shard=4, limit=4))
    assert sum(len(task.items) for task in tasks) == 4
    assert [s.reject.line for t in tasks for s in t.rejects] == [1]


def test_no_article_is_one_shard(tmp_path: Path) -> None:
    path = tmp_path / "in.jsonl"
    path.write_text("{\n")
    (task,) = plan(path, Cut(shard=4))
    assert task.closing is not None
    assert len(task.rejects) == 1


def test_counting_what_is_cheap_to_count(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = write_jsonl(tmp_path / "in.jsonl", make_articles(10))
    pq.write_table(pa.table({"id": ["1", "2"]}), tmp_path / "in.parquet")
    (tmp_path / "page.html").touch()
    (tmp_path / "notes.pdf").touch()
    assert count_articles([str(tmp_path), str(lines)]) == 23
    assert count_articles([str(lines), "-"]) is None
    monkeypatch.setattr(progress, "COUNTED_BYTES", 100)
    assert count_articles([str(lines)]) is None


def test_processors_of_a_container(tmp_path: Path) -> None:
    every = usable_processors(tmp_path)
    assert every >= 1
    for limit, expected in (
        ("max 100000", every),
        ("150000 100000", min(2, every)),
        ("1 100000", 1),
    ):
        (tmp_path / "cpu.max").write_text(f"{limit}\n")
        assert usable_processors(tmp_path) == expected

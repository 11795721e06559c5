"""The pool: rows in order from any number of workers, and articles that end a worker."""

import os
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from sayso.errors import BundleError
from sayso.pool import AHEAD, Done, Pool, PoolSettings, WorkerError
from sayso.records import Article
from sayso.scorer import Scorer
from sayso.settings import ScorerSettings
from sayso.tasks import Item, Task, pack_article
from sayso.write import pack_rows
from tests.corpus import make_articles, quick_bundle

PROGRAM = """
import os, signal, time
from pathlib import Path
from sayso import worker
from sayso.scorer import Scorer

notes = Path(__file__).parent / "notes"
notes.mkdir(exist_ok=True)
(notes / f"start-{os.getpid()}").touch()
real = Scorer.score_each

def score_each(self, articles):
    for article in articles:
        (notes / f"at-{article.id}").touch()
        if "EXIT" in article.text:
            os._exit(3)
        if "SEGV" in article.text:
            os.kill(os.getpid(), signal.SIGSEGV)
        if "HANG" in article.text:
            time.sleep(1000)
        if "RAISE" in article.text:
            raise ValueError("no way")
        if "ONCE" in article.text and not (notes / "once").exists():
            (notes / "once").touch()
            os._exit(4)
        if "SLOW" in article.text:
            time.sleep(0.3)
        print("this is no frame")
        yield from real(self, [article])

Scorer.score_each = score_each
worker.main()
"""
"""A worker that articles can bring down."""


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return quick_bundle(tmp_path_factory.mktemp("pool") / "bundle")


@pytest.fixture
def command(tmp_path: Path) -> tuple[str, ...]:
    program = tmp_path / "worker.py"
    program.write_text(PROGRAM)
    return (sys.executable, "-P", str(program))


def articles(count: int, **spoilt: str) -> list[Article]:
    found = [Article(**row) for row in make_articles(count, sentences=2)]
    for name, word in spoilt.items():
        number = int(name[1:])
        found[number] = Article(f"a{number}", f"{word} {found[number].text}")
    return found


def cut(found: list[Article], size: int) -> list[Task]:
    items = [Item(a.id, "in.jsonl", n + 1, pack_article(a)) for n, a in enumerate(found)]
    return [
        Task(0, start, tuple(items[start : start + size])) for start in range(0, len(items), size)
    ]


def expected(bundle: Path, found: list[Article], *without: int) -> bytes:
    good = [article for number, article in enumerate(found) if number not in without]
    return pack_rows(list(Scorer.load(bundle, threads=1).score(good)), parquet=False)


def run(bundle: Path, tasks: list[Task], settings: PoolSettings) -> list[Done]:
    with Pool(ScorerSettings(str(bundle), threads=1), settings, parquet=False) as pool:
        return list(pool.run(tasks))


def starts(command: tuple[str, ...]) -> int:
    return len(list(Path(command[-1]).parent.glob("notes/start-*")))


@pytest.mark.parametrize(("workers", "size"), [(1, 8), (3, 2)])
def test_rows_come_in_order(bundle: Path, workers: int, size: int) -> None:
    found = articles(40)
    done = run(bundle, cut(found, size), PoolSettings(workers))
    assert b"".join(one.packed for one in done) == expected(bundle, found)
    assert sum(one.counts["articles"] for one in done if one.counts) == 40
    assert not [one for one in done if one.rejects]


def test_no_more_workers_than_tasks(bundle: Path, command: tuple[str, ...]) -> None:
    assert len(run(bundle, cut(articles(6), 3), PoolSettings(8, command=command))) == 2
    assert starts(command) == 2
    assert run(bundle, [Task(0, 0)], PoolSettings(8, command=command)) == [
        Done(Task(0, 0), b"", None, ())
    ]
    assert starts(command) == 2, "where there is nothing to score no worker starts"


@pytest.mark.parametrize(
    ("word", "reason"),
    [
        ("EXIT", "found the worker ended with exit code 3, twice"),
        ("SEGV", "found the worker killed by signal 11 (SIGSEGV), twice"),
        ("HANG", "found the worker without an answer for 1 s, twice"),
        ("RAISE", "found ValueError: no way"),
    ],
)
def test_a_poison_article_is_named_and_the_rest_goes_on(
    bundle: Path, command: tuple[str, ...], word: str, reason: str
) -> None:
    found = articles(24, a9=word)
    timeout = 1.0 if word == "HANG" else 600.0
    done = run(bundle, cut(found, 8), PoolSettings(2, timeout, command))
    assert b"".join(one.packed for one in done) == expected(bundle, found, 9)
    (stood,) = [stood for one in done for stood in one.rejects]
    assert (stood.reject.file, stood.reject.line, stood.reject.id) == ("in.jsonl", 10, "a9")
    assert stood.reject.reason == f"expected the article to be scored, {reason}"
    assert sum(one.counts["articles"] for one in done if one.counts) == 23


def test_poison_side_by_side(bundle: Path, command: tuple[str, ...]) -> None:
    found = articles(12, a0="EXIT", a1="SEGV", a2="RAISE", a11="EXIT")
    done = run(bundle, cut(found, 4), PoolSettings(1, command=command))
    assert b"".join(one.packed for one in done) == expected(bundle, found, 0, 1, 2, 11)
    assert [s.reject.id for one in done for s in one.rejects] == ["a0", "a1", "a2", "a11"]


def test_a_worker_that_dies_once_costs_nothing(bundle: Path, command: tuple[str, ...]) -> None:
    found = articles(16, a5="ONCE")
    done = run(bundle, cut(found, 4), PoolSettings(2, command=command))
    assert b"".join(one.packed for one in done) == expected(bundle, found)
    assert not [one for one in done if one.rejects]


def test_a_worker_killed_from_outside_costs_nothing(bundle: Path, command: tuple[str, ...]) -> None:
    found = articles(12, **{f"a{n}": "SLOW" for n in range(12)})
    notes = Path(command[-1]).parent / "notes"
    packed = []
    with Pool(
        ScorerSettings(str(bundle), threads=1), PoolSettings(2, command=command), parquet=False
    ) as pool:
        for number, done in enumerate(pool.run(cut(found, 2))):
            packed.append(done.packed)
            assert not done.rejects
            if number == 0:
                for started in sorted(notes.glob("start-*"))[-1:]:
                    os.kill(int(started.name.removeprefix("start-")), signal.SIGKILL)
                    started.unlink()
    assert b"".join(packed) == expected(bundle, found)


def test_workers_that_cannot_start(bundle: Path) -> None:
    settings = PoolSettings(1, command=(sys.executable, "-c", "raise SystemExit(7)"))
    with pytest.raises(WorkerError, match="to start, found it ended with exit code 7"):
        run(bundle, cut(articles(1), 1), settings)


def test_what_a_worker_cannot_load_is_raised(tmp_path: Path) -> None:
    with pytest.raises(BundleError, match="expected a bundle"):
        run(tmp_path, cut(articles(1), 1), PoolSettings(1))


def test_what_reading_raises_is_raised(bundle: Path) -> None:
    def tasks() -> Iterator[Task]:
        yield from cut(articles(1), 1)
        raise ZeroDivisionError

    with (
        pytest.raises(ZeroDivisionError),
        Pool(ScorerSettings(str(bundle), threads=1), PoolSettings(1), parquet=False) as pool,
    ):
        list(pool.run(tasks()))


@pytest.mark.parametrize("size", [1, 6 * 2**20])
def test_little_is_taken_ahead(bundle: Path, size: int) -> None:
    taken = []
    ahead = AHEAD if size == 1 else 2

    def tasks() -> Iterator[Task]:
        for number in range(10 * AHEAD):
            taken.append(number)
            item = Item(str(number), "-", number, pack_article(Article("a", "so")) + b" " * size)
            yield Task(0, number, (item,))

    with Pool(ScorerSettings(str(bundle), threads=1), PoolSettings(1), parquet=False) as pool:
        stream = pool.run(tasks())
        next(stream)
        time.sleep(0.3)
        assert ahead <= len(taken) <= ahead + 2

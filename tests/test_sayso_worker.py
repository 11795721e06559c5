"""A worker: it says what it is at, keeps articles apart, and ends with its parent."""

import json
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO

import pytest

from sayso.frames import Frame, read_frame, write_frame
from sayso.pool import COMMAND
from sayso.records import Article
from sayso.scorer import ScoredArticle
from sayso.tasks import Item, Task, pack_article, unpack_articles
from sayso.worker import score_surely
from tests.corpus import make_articles, quick_bundle


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return quick_bundle(tmp_path_factory.mktemp("worker") / "bundle")


class Ahead:
    """Takes some articles before it gives the first, and raises at those called `bad`."""

    def __init__(self, ahead: int) -> None:
        self._ahead = ahead

    def score_each(self, articles: Iterable[Article]) -> Iterator[ScoredArticle]:
        """As a scorer does."""
        held: list[Article] = []
        for article in articles:
            held.append(article)
            if len(held) > self._ahead:
                yield self._one(held.pop(0))
        for article in held:
            yield self._one(article)

    def _one(self, article: Article) -> ScoredArticle:
        if article.text == "bad":
            raise ValueError(article.id)
        return ScoredArticle(article, ())


@pytest.mark.parametrize("ahead", [0, 2, 9])
@pytest.mark.parametrize("bad", [(), (0,), (2, 3), (0, 1, 2, 3, 4, 5, 6)])
def test_one_that_raises_does_not_take_others_along(ahead: int, bad: tuple[int, ...]) -> None:
    articles = [Article(str(n), "bad" if n in bad else "good") for n in range(7)]
    said: list[tuple[int, int]] = []
    found = list(score_surely(Ahead(ahead), articles, lambda *at: said.append(at)))
    for number, one in enumerate(found):
        if number in bad:
            assert isinstance(one, ValueError)
            assert str(one) == str(number)
        else:
            assert isinstance(one, ScoredArticle)
            assert one.article is articles[number]
    assert len(found) == 7
    assert all(ended < begun <= 7 for begun, ended in said), "one is always under suspicion"
    assert {ended for _, ended in said} >= set(bad) - {0} if ahead == 0 else said


def test_articles_travel_whole() -> None:
    odd = Article("1\n", "“x”\ud800\U0001f600", title="", outlet=None, published="p", url="u")
    assert unpack_articles(b"[" + pack_article(odd) + b"]") == [odd]


def start(bundle: Path) -> tuple["subprocess.Popen[bytes]", IO[bytes], IO[bytes]]:
    process = subprocess.Popen(COMMAND, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert process.stdin is not None
    assert process.stdout is not None
    settings = {"model": str(bundle), "threshold": None, "abstain": 0.0, "threads": 1}
    write_frame(process.stdin, Frame({**settings, "parquet": False}))
    return process, process.stdin, process.stdout


def task(count: int, sentences: int) -> Task:
    rows = make_articles(count, sentences=sentences)
    return Task(0, 0, tuple(Item("", "", 0, pack_article(Article(**row))) for row in rows))


def test_frames_of_a_task(bundle: Path) -> None:
    process, sink, source = start(bundle)
    with process:
        write_frame(sink, Frame({}, task(3, 2).pack()))
        frames = [read_frame(source) for _ in range(5)]
        sink.close()
        assert read_frame(source) is None
    heads = [frame.head for frame in frames if frame is not None]
    assert [head["kind"] for head in heads] == ["ready", "at", "at", "at", "done"]
    assert [(head["begun"], head["ended"]) for head in heads[1:4]] == [(1, 0), (2, 1), (3, 2)]
    assert frames[-1] is not None
    rows = [json.loads(line) for line in frames[-1].body.splitlines()]
    assert list(dict.fromkeys(row["article_id"] for row in rows)) == ["a0", "a1", "a2"]
    assert len(rows) == heads[-1]["counts"]["statements"]


def test_it_ends_with_its_input_whatever_it_is_at(bundle: Path) -> None:
    process, sink, source = start(bundle)
    with process:
        write_frame(sink, Frame({}, task(400, 60).pack()))
        for kind in ("ready", "at"):
            frame = read_frame(source)
            assert frame is not None
            assert frame.head["kind"] == kind
        sink.close()
        began = time.monotonic()
        while read_frame(source) is not None:
            pass
        assert process.wait(timeout=60) == 0
        assert time.monotonic() - began < 20, "far from the end of what it was given"


def test_a_cut_off_frame_is_the_end(tmp_path: Path) -> None:
    whole = tmp_path / "whole"
    with whole.open("wb") as handle:
        write_frame(handle, Frame({"kind": "x"}, b"body"))
    data = whole.read_bytes()
    for length in range(len(data) + 1):
        whole.write_bytes(data[:length])
        with whole.open("rb") as handle:
            frame = read_frame(handle)
            assert (frame is None) == (length < len(data))
    assert frame == Frame({"kind": "x"}, b"body")


def test_other_packages_of_the_working_folder_are_not_taken(bundle: Path, tmp_path: Path) -> None:
    (tmp_path / "json.py").write_text("raise SystemExit('taken from the working folder')")
    program = (
        "import sys; sys.path.insert(0, sys.argv[1]); from sayso.cli import main; "
        "sys.argv[1:] = sys.argv[2:]; main()"
    )
    (tmp_path / "in.jsonl").write_text('{"text": "The mayor said it was over."}\n')
    root = str(Path(__file__).parents[1])
    done = subprocess.run(
        [sys.executable, "-P", "-c", program, root, "score", "in.jsonl", "-o", "-",
         "--model", str(bundle)],
        cwd=tmp_path, capture_output=True, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stdout

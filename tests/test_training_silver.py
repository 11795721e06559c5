"""Silver labels: rows that the loader reads, whatever interrupts their making."""

import argparse
import gzip
import json
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from data.encode import IGNORE, cut_chunks, encode_articles
from data.loaders import load_full
from data.records import Convention
from sayso.errors import UsageError
from sayso.records import Article
from sayso.scorer import ScoredArticle, Scorer
from sayso.tokens import TextTokenizer
from training.silver import add_arguments, run, silver

TEXTS = (
    "“We had no part in it,” the minister said. State radio reported, citing the army, that two "
    "bridges had been closed.",
    "The harbour froze in January.",
    "Aides suggested on Friday that Ms Okafor might resign. She denied that she would.",
    "“Please leave,” the warden told visitors. The museum said it would reopen in May.",
)


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """Four articles and a broken row, packed."""
    path = tmp_path / "articles.jsonl.gz"
    rows = [
        {"id": f"a{n}", "text": text, "outlet": "The Harbour Post", "published": "2020-01-02"}
        for n, text in enumerate(TEXTS)
    ]
    lines = [json.dumps(row) for row in rows]
    path.write_bytes(gzip.compress("\n".join([*lines[:2], "{", *lines[2:], ""]).encode()))
    return path


def test_rows_load_as_articles_marked_in_full(
    tmp_path: Path, corpus: Path, tokenizer: TextTokenizer
) -> None:
    made = silver(None, corpus, tmp_path / "silver.jsonl", threads=1)
    articles = load_full(tmp_path, "silver.jsonl")
    assert [article.text for article in articles] == list(TEXTS)
    assert (made.articles, made.resumed, made.rejects) == (4, 0, 1)
    assert made.statements == made.labelled == sum(len(a.statements) for a in articles)
    first = articles[0]
    assert (first.outlet, first.published) == ("The Harbour Post", "2020-01-02")
    assert first.convention == Convention.FULL
    (minister,) = (
        s
        for s in first.statements
        if "minister" in "".join(first.text[a.start : a.end] for a in s.source)
    )
    assert minister.form == "direct"
    assert minister.annotator == made.model
    parents = {s.parent for s in first.statements} - {None}
    assert parents <= {s.id for s in first.statements}
    assert len(list(tmp_path.glob(".*"))) == 0
    assert (tmp_path / "silver.jsonl.rejects.jsonl").exists()
    rows = encode_articles(articles, tokenizer)
    assert all(len(chunk) for row in rows for chunk in cut_chunks(dict(row), 60))


def test_limit_and_least(tmp_path: Path, corpus: Path, tokenizer: TextTokenizer) -> None:
    all_of = silver(None, corpus, tmp_path / "all.jsonl", limit=1, threads=1)
    none_of = silver(None, corpus, tmp_path / "none.jsonl", limit=1, least=1.0, threads=1)
    assert all_of.articles == none_of.articles == 1
    assert none_of.statements == all_of.statements > 0, "spans stay marked"
    assert (all_of.labelled, none_of.labelled) == (all_of.statements, 0)
    (row,) = encode_articles(load_full(tmp_path, "none.jsonl"), tokenizer)
    assert {s["stance"] for s in row["statements"]} == {IGNORE}


def test_an_interrupted_run_goes_on(
    tmp_path: Path, corpus: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    silver(None, corpus, tmp_path / "whole.jsonl", threads=1)
    out, real = tmp_path / "twice.jsonl", Scorer.score_each

    def killed(self: Scorer, articles: Iterable[Article]) -> Iterator[ScoredArticle]:
        for count, scored in enumerate(real(self, articles)):
            if count == 2:
                raise KeyboardInterrupt
            yield scored

    monkeypatch.setattr(Scorer, "score_each", killed)
    with pytest.raises(KeyboardInterrupt):
        silver(None, corpus, out, threads=1)
    monkeypatch.setattr(Scorer, "score_each", real)
    assert not out.exists()
    (partial,) = tmp_path.glob(".twice.jsonl.*.partial")
    with partial.open("ab") as handle:
        handle.write(b'{"id": "a2", "te')
    made = silver(None, corpus, out, threads=1)
    assert (made.articles, made.resumed) == (4, 2)
    assert out.read_bytes() == (tmp_path / "whole.jsonl").read_bytes()
    assert not partial.exists()


def test_another_setting_does_not_take_over_what_was_left(
    tmp_path: Path, corpus: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(self: Scorer, articles: Iterable[Article]) -> Iterator[ScoredArticle]:
        for article in articles:
            yield ScoredArticle(article, ())
            raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Scorer, "score_each", killed)
        with pytest.raises(KeyboardInterrupt):
            silver(None, corpus, tmp_path / "out.jsonl", limit=1, threads=1)
    made = silver(None, corpus, tmp_path / "out.jsonl", limit=1, least=0.5, threads=1)
    assert made.resumed == 0
    assert made.statements > 0


def test_from_the_command_line(
    tmp_path: Path, corpus: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    parser = argparse.ArgumentParser()
    add_arguments(parser)
    out = tmp_path / "silver.jsonl"
    given = [str(corpus), "-o", str(out), "--limit", "2", "--least", "0.9", "--threads", "1"]
    assert run(parser.parse_args(given)) == 0
    assert "2 articles (0 resumed)" in capsys.readouterr().out


def test_what_makes_no_sense_is_refused(tmp_path: Path, corpus: Path) -> None:
    for place, options, expected in (
        (corpus.with_name("no.jsonl"), {}, "expected a file of articles"),
        (tmp_path, {}, "expected a file of articles"),
        (corpus, {"limit": 0}, "expected a limit"),
        (corpus, {"least": 1.5}, "expected a least probability"),
    ):
        with pytest.raises(UsageError, match=expected):
            silver(None, place, tmp_path / "out.jsonl", **options)
    with pytest.raises(UsageError, match=r"expected an output ending in \.jsonl"):
        silver(None, corpus, tmp_path / "out.parquet")
    assert list(tmp_path.glob("out*")) == []

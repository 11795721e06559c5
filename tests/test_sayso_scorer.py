"""The public API on the released bundle: real statements, hostile text, same rows every time."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import sayso
from data.records import LabelledArticle
from sayso import Article, Scorer, Statement
from sayso.decode import Attribution
from sayso.records import FORMS, KINDS, STANCES, join_pieces

HOSTILE = {
    "empty": "",
    "white space": " \n\t\r\n \u2003",
    "nul": "The mayor\x00 said\x00 the bridge was \x00closed.",
    "surrogates": "The \ud800mayor said\udfff “the bridge is closed”.\ud83d",
    "newlines": "He said\r\nit was\rclosed,\n\nand\u2028then\u2029denied it.\x0b\x0c",
    "emoji": "“👩‍👩‍👧 are safe 😀,” the 🇺🇳 envoy said on 🗓.",
    "right to left": "He said \u202e“gnorw si ti”\u202c and \u200fشكرا\u200e, officials said.",
    "one line": "The ministry said it had no plans to leave. " * 200,
    "no punctuation": "the minister said the talks had failed and officials said they will go on",
    "only quotes": "“" * 500 + '"' * 501 + "”" * 502,
    "other languages": "Il a dit « tout va bien ». 部長は「問題ない」と述べた。 Он сказал: нет.",
    "combining": "The e\u0301mis\u0301saire sai\u0301d it was\u0308 over, " + "a\u0301" * 300,
    "ligatures": "The oﬃcial saiđ the ﬂoods “ﬁlled” the Straße; İstanbul denied.",
    "controls": "".join(map(chr, range(0x250))),
    "long word": "x" * 20_000 + " said he left.",
}


def check(article: Article, statements: Sequence[Statement]) -> None:
    """Everything that is promised of the rows of one article."""
    ids = {s.statement_id for s in statements}
    assert [s.statement_id for s in statements] == [
        f"{article.id}#{n}" for n in range(len(statements))
    ]
    for s in statements:
        for spans, text in (
            (s.source_spans, s.source_text),
            (s.cue_spans, s.cue_text),
            (s.content_spans, s.content_text),
        ):
            assert all(0 <= x.start < x.end <= len(article.text) for x in spans)
            assert list(spans) == sorted(spans)
            assert text == join_pieces(article.text, spans)
        assert s.content_spans
        assert s.form in FORMS
        assert s.stance in STANCES
        four = [s.p_assertion, s.p_denial, s.p_hedge, s.p_speculation]
        assert abs(sum(four) - 1) < 1e-6
        assert STANCES[int(np.argmax(four))] == s.stance
        assert 0 <= s.p_statement <= 1
        assert s.source_kind is None or s.source_kind in KINDS
        assert s.parent_id is None or (s.parent_id in ids and s.parent_id != s.statement_id)


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_text(scorer: Scorer, name: str) -> None:
    article = Article(name, HOSTILE[name])
    check(article, list(scorer.score([article])))


@given(
    st.lists(
        st.one_of(
            st.text(max_size=20),
            st.sampled_from(
                [
                    "he said ",
                    "“",
                    "”",
                    '"',
                    "\n\n",
                    "officials denied ",
                    "that it may ",
                    ". ",
                    "\ud800",
                ]
            ),
        ),
        max_size=30,
    )
)
@settings(max_examples=60, deadline=None)
def test_any_text(pieces: list[str]) -> None:
    article = Article("any", "".join(pieces))
    check(article, list(_scorer().score([article])))


def test_a_megabyte_of_one_line(scorer: Scorer) -> None:
    line = "The ministry said on Monday that it “had no plans” to leave. "
    article = Article("long", line * 1700)
    assert len(article.text) > 100_000
    statements = list(scorer.score([article]))
    check(article, statements)
    last = max(s.content_spans[-1].end for s in statements)
    assert last > len(article.text) - 200, "the end of a long text is scored too"


def test_gold_is_scored_soundly(scorer: Scorer, gold: Sequence[LabelledArticle]) -> None:
    articles = [Article(a.id, a.text, outlet=a.outlet, published=a.published) for a in gold]
    scored = list(scorer.score_each(articles))
    assert [s.article for s in scored] == articles
    for item in scored:
        check(item.article, item.statements)
        assert all(s.outlet == item.article.outlet for s in item.statements)
    count = sum(len(s.statements) for s in scored)
    marked = sum(len(a.statements) for a in gold)
    assert 0.7 * marked < count < 1.4 * marked


def test_an_article_is_scored_alike_alone_and_in_a_batch(
    scorer: Scorer, gold: Sequence[LabelledArticle]
) -> None:
    articles = [Article(a.id, a.text) for a in gold[:6]]
    together = list(scorer.score(articles))
    alone = [s for a in articles for s in scorer.score([a])]
    assert [(s.statement_id, s.content_spans) for s in together] == [
        (s.statement_id, s.content_spans) for s in alone
    ]
    assert list(scorer.score(articles)) == together, "the same input gives the same rows"


def test_threshold_drops_what_is_no_statement(
    scorer: Scorer, gold: Sequence[LabelledArticle]
) -> None:
    articles = [Article(a.id, a.text) for a in gold[:8]]
    every = list(scorer.score(articles))
    strict = list(Scorer.load(threads=2, threshold=0.9).score(articles))
    assert len(strict) == sum(s.p_statement >= 0.9 for s in every) < len(every)
    for article in articles:
        check(article, [s for s in strict if s.article_id == article.id])


def test_classify_given_spans(scorer: Scorer, gold: Sequence[LabelledArticle]) -> None:
    article = next(a for a in gold if any(not s.cue for s in a.statements))
    spans = [Attribution(s.source, s.cue, s.content) for s in article.statements]
    found = scorer.classify(Article(article.id, article.text), spans)
    assert found.shape == (len(spans), 5)
    np.testing.assert_allclose(found.sum(axis=1), 1)
    assert scorer.classify(Article("e", ""), []).shape == (0, 5)


def test_table(scorer: Scorer, gold: Sequence[LabelledArticle]) -> None:
    import pyarrow as pa

    table = pa.table({"id": [a.id for a in gold[:4]], "text": [a.text for a in gold[:4]]})
    rows = scorer.score_table(table).to_pylist()
    statements = list(scorer.score(Article(a.id, a.text) for a in gold[:4]))
    assert [r["statement_id"] for r in rows] == [s.statement_id for s in statements]
    assert [r["stance"] for r in rows] == [s.stance for s in statements]


def test_public_names() -> None:
    assert set(sayso.__all__) == {
        "Article", "BundleError", "InputError", "SaysoError", "ScoredArticle", "Scorer", "Span",
        "Statement", "UsageError", "__version__",
    }  # fmt: skip
    for name in sayso.__all__:
        assert getattr(sayso, name)
    assert replace(Article("a", "b"), outlet="c").outlet == "c"


_SCORERS: list[Scorer] = []


def _scorer() -> Scorer:
    """The released bundle, for tests that hypothesis calls many times."""
    if not _SCORERS:
        _SCORERS.append(Scorer.load(threads=2, threshold=0.0))
    return _SCORERS[0]

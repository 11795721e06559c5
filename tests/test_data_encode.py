"""Articles to chunks: no label is lost, moved or made up by where the cut falls."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from data.encode import IGNORE, cut_chunks, encode_articles
from data.records import Convention, LabelledArticle, LabelledStatement
from sayso.bundle import DEFAULT_BUNDLE, TOKENIZER
from sayso.records import Span
from sayso.tags import TAGS
from sayso.tokens import TextTokenizer

TEXT = "“We left early,” the mayor said, adding that the council believes the bridge is unsafe."


def article(convention: str) -> LabelledArticle:
    """One article with a statement on each layer."""

    def spans(*words: str) -> tuple[Span, ...]:
        return tuple(Span(TEXT.index(w), TEXT.index(w) + len(w)) for w in words)

    outer = LabelledStatement(
        "a#0",
        "a",
        spans("the mayor"),
        spans("said"),
        spans("“We left early,”", "that the council believes the bridge is unsafe"),
        stance="assertion",
    )
    inner = LabelledStatement(
        "a#1",
        "a",
        spans("the council"),
        spans("believes"),
        spans("the bridge is unsafe"),
        stance="hedge",
        parent="a#0",
    )
    return LabelledArticle("a", TEXT, None, None, None, convention, (outer, inner))


def row(convention: str = Convention.FULL) -> dict[str, object]:
    """The article encoded."""
    tokenizer = TextTokenizer.load(DEFAULT_BUNDLE / TOKENIZER)
    return dict(encode_articles([article(convention)], tokenizer)[0])


def test_tags_of_both_layers() -> None:
    (chunk,) = cut_chunks(row(), 382)
    names = [[TAGS[t] for t in layer] for layer in chunk.tags]
    assert names[0][:9] == [
        "B-content", "I-content", "I-content", "I-content", "I-content", "I-content",
        "B-source", "I-source", "B-cue",
    ]  # fmt: skip
    assert names[0].count("B-content") == 2
    assert names[1].count("B-source") == names[1].count("B-cue") == names[1].count("B-content") == 1
    assert [s.layer for s in chunk.statements] == [0, 1]
    assert [s.stance for s in chunk.statements] == [0, 2]


def test_flat_marking_says_nothing_of_the_inner_layer() -> None:
    (chunk,) = cut_chunks(row(Convention.FLAT), 382)
    assert (chunk.tags[1] == IGNORE).all()


@given(size=st.integers(1, 30), offset=st.integers(0, 60))
def test_chunks_part_the_tags(size: int, offset: int) -> None:
    encoded = row_once()
    (whole,) = cut_chunks(encoded, 382)
    chunks = list(cut_chunks(encoded, size, offset))
    assert [n for c in chunks for n in c.inputs["ids"]] == encoded["ids"]
    assert max(map(len, chunks)) <= size
    np.testing.assert_array_equal(np.concatenate([c.tags for c in chunks], axis=1), whole.tags)
    for chunk in chunks:
        for statement in chunk.statements:
            for pieces in statement.pieces:
                assert all(0 <= low < high <= len(chunk) for low, high in pieces)


_ROWS: list[dict[str, object]] = []


def row_once() -> dict[str, object]:
    """The encoded article, made once."""
    if not _ROWS:
        _ROWS.append(row())
    return _ROWS[0]

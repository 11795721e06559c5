"""Tokens keep exact offsets whatever the text holds, and the layout that an uncased model loses."""

from hypothesis import given
from hypothesis import strategies as st

from sayso.tokens import BREAKS, QUOTES, SHAPES, TextTokenizer

ODD = "\x00\ud800\udfff\u200f\u202e\ufeff\u00ad\u0301é한ﬁß𝒳😀👩\u200d👧\r\n\t \u2028\"“”«»'.,İ"
TEXTS = st.text(alphabet=st.one_of(st.characters(), st.sampled_from(ODD)), max_size=200)


@given(TEXTS)
def test_offsets_are_in_order_and_inside(text: str) -> None:
    tokens = _tokenizer()(text)
    assert (tokens.starts >= 0).all()
    assert (tokens.ends <= len(text)).all()
    assert (tokens.starts < tokens.ends).all()
    assert (tokens.starts[1:] >= tokens.starts[:-1]).all()
    for name in ("ids", "starts", "ends", "shapes", "quotes", "breaks"):
        assert len(getattr(tokens, name)) == len(tokens)


@given(TEXTS, st.sampled_from(["plain", "Ärger", "o'clock", "2,500"]))
def test_a_word_is_found_where_it_stands(before: str, word: str) -> None:
    text = f"{before} {word} end"
    tokens = _tokenizer()(text)
    at = len(before) + 1
    inside = (tokens.starts < at + len(word)) & (tokens.ends > at)
    assert tokens.starts[inside].min() == at
    assert tokens.ends[inside].max() == at + len(word)


def test_a_surrogate_changes_nothing_around_it(tokenizer: TextTokenizer) -> None:
    plain, odd = tokenizer("He said\ufffd so."), tokenizer("He said\ud800 so.")
    assert plain.ids.tolist() == odd.ids.tolist()
    assert plain.starts.tolist() == odd.starts.tolist()


def test_shapes(tokenizer: TextTokenizer) -> None:
    tokens = tokenizer("NATO said Ankara has 12 .")
    assert [SHAPES[n] for n in tokens.shapes] == [
        "upper", "lower", "capitalised", "lower", "digit", "punctuation",
    ]  # fmt: skip


def test_quotes_open_close_and_end_with_the_paragraph(tokenizer: TextTokenizer) -> None:
    tokens = tokenizer('"yes" no “yes\n\nno” no')
    assert [QUOTES[n] for n in tokens.quotes] == [
        "open", "inside", "close", "outside", "open", "inside", "outside", "close", "outside",
    ]  # fmt: skip


def test_breaks(tokenizer: TextTokenizer) -> None:
    tokens = tokenizer("one two, three\nfour\r\n\r\nfive")
    assert [BREAKS[n] for n in tokens.breaks] == [
        "paragraph", "space", "glued", "space", "newline", "paragraph",
    ]  # fmt: skip


def test_a_megabyte_without_a_space(tokenizer: TextTokenizer) -> None:
    tokens = tokenizer("x" * 1_000_000)
    assert len(tokens) >= 1
    assert tokens.ends[-1] == 1_000_000


def _tokenizer() -> TextTokenizer:
    """The fixture, for tests that hypothesis calls many times."""
    from sayso.bundle import DEFAULT_BUNDLE, TOKENIZER

    if not _CACHE:
        _CACHE.append(TextTokenizer.load(DEFAULT_BUNDLE / TOKENIZER))
    return _CACHE[0]


_CACHE: list[TextTokenizer] = []

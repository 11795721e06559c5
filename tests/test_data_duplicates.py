"""Copies and near-copies are found and told apart, and none is seen where there is none."""

from __future__ import annotations

import random

import numpy as np
import pytest

from data.duplicates import NEAR, Copy, find_copies
from data.known import Known
from data.records import Convention, LabelledArticle
from data.shingles import Shingler

WORDS = [f"{a}{b}" for a in ("mill", "barn", "port", "lock", "quay") for b in range(200)]


def written(seed: int, length: int = 300) -> str:
    rng = random.Random(seed)
    return " ".join(rng.choice(WORDS) for _ in range(length))


def edited(text: str, share: float, seed: int = 0) -> str:
    """A share of the words replaced, here and there."""
    rng, words = random.Random(seed), text.split()
    for place in rng.sample(range(len(words)), round(share * len(words))):
        words[place] = "other"
    return " ".join(words)


def known(name: str, texts: dict[str, str], *, held: bool = False) -> Known:
    articles = [
        LabelledArticle(one, text, None, None, None, Convention.FULL, ())
        for one, text in texts.items()
    ]
    return Known(name, held, articles)


def found(copies: list[Copy]) -> list[tuple[str, str | None, str, bool, bool]]:
    return [(one.article, one.place, one.other, one.held, one.exact) for one in copies]


def test_nothing_where_nothing_is_alike() -> None:
    parts = [known("news.train", {"a": written(1)}), known("gold", {"b": written(2)}, held=True)]
    assert find_copies({str(n): written(n) for n in range(10, 40)}, parts) == []


def test_copies_in_the_file_name_the_first() -> None:
    text = written(1)
    shouted = text.upper().replace(" ", "\n")
    copies = find_copies({"a": text, "b": written(2), "c": shouted, "d": edited(text, 0.03)}, [])
    assert found(copies) == [("c", None, "a", False, True), ("d", None, "a", False, False)]
    assert copies[0].share == 1.0
    assert NEAR <= copies[1].share < 1.0


def test_copies_of_the_data_so_far_name_it() -> None:
    parts = [known("news.train", {"a": written(1)}), known("news.more", {"b": written(2)})]
    copies = find_copies({"x": edited(written(2), 0.03), "y": written(1)}, parts)
    assert found(copies) == [
        ("x", "news.more", "b", False, False),
        ("y", "news.train", "a", False, True),
    ]


@pytest.mark.parametrize("share", [0.02, 0.05])
def test_light_edits_are_all_found(share: float) -> None:
    texts = {str(n): written(n) for n in range(60)}
    fresh = {f"new{n}": edited(text, share, int(n)) for n, text in texts.items()}
    copies = find_copies(fresh, [known("news.train", texts)])
    assert [(one.article, one.other) for one in copies] == [(f"new{n}", n) for n in texts]


def test_heavy_edits_are_other_articles() -> None:
    texts = {str(n): written(n) for n in range(60)}
    fresh = {f"new{n}": edited(text, 0.2, int(n)) for n, text in texts.items()}
    assert find_copies(fresh, [known("news.train", texts)]) == []


def test_a_part_of_a_held_out_article_leaks() -> None:
    whole = written(1, 600)
    part = " ".join(whole.split()[100:160])
    within = f"{written(3, 900)} {written(2, 200)}"
    parts = [
        known("polnear.dev", {"a": whole}, held=True),
        known("gold", {"b": written(2, 200)}, held=True),
    ]
    copies = find_copies({"x": part, "y": within, "z": whole}, parts)
    assert found(copies) == [
        ("x", "polnear.dev", "a", True, False),
        ("y", "gold", "b", True, False),
        ("z", "polnear.dev", "a", True, True),
    ]
    assert find_copies({"x": part}, [known("news.train", {"a": whole})]) == []


def test_a_stock_phrase_is_no_leak() -> None:
    whole = f"{written(1)} the ministry did not answer a request for comment on Friday"
    phrase = "The ministry did not answer a request for comment on Friday."
    assert find_copies({"x": phrase}, [known("gold", {"a": whole}, held=True)]) == []
    short = known("gold", {"a": "No comment."}, held=True)
    assert found(find_copies({"x": "no comment"}, [short])) == [("x", "gold", "a", True, True)]


def test_texts_without_words_are_no_copies() -> None:
    assert find_copies({"a": "", "b": " … ", "c": ""}, [known("gold", {"d": ""}, held=True)]) == []


def test_the_same_again() -> None:
    parts = [known("news.train", {str(n): written(n) for n in range(30)})]
    fresh = {f"new{n}": edited(written(n % 40), 0.06, n) for n in range(80)}
    assert find_copies(fresh, parts) == find_copies(dict(fresh), parts)


def test_word_sequences() -> None:
    shingler = Shingler()
    assert len(shingler("One two, three four five six.")) == 2
    assert len(shingler("one two")) == 1
    assert len(shingler("…")) == 0
    assert np.array_equal(shingler("A b c d e f"), Shingler()("a, b — c\nd e F!"))
    assert not np.intersect1d(shingler("a b c d e"), shingler("e d c b a")).size
    assert len(shingler("a a a a a a a a")) == 1

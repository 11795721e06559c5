"""The set of ids that were seen: exact, small, and sound at its edges."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sayso.seen import SeenIds


@given(st.lists(st.text(max_size=3)))
def test_it_says_what_a_set_says(names: list[str]) -> None:
    seen, known = SeenIds(), set[str]()
    for name in names:
        assert seen.add(name) is (name not in known)
        known.add(name)
    assert len(seen) == len(known)


def test_it_remembers_all_over_many_growths() -> None:
    seen = SeenIds()
    assert all(seen.add(f"article-{n}") for n in range(50_000))
    assert not any(seen.add(f"article-{n}") for n in range(50_000))
    assert len(seen) == 50_000


@pytest.mark.parametrize("count", [30_000, 50_000, 100_000])
def test_an_id_takes_at_most_thirteen_bytes(count: int) -> None:
    seen = SeenIds()
    for number in range(count):
        seen.add(str(number))
    assert 8 < seen.nbytes / count < 13.5


def test_lone_surrogates_are_letters() -> None:
    seen = SeenIds()
    assert seen.add("\ud800")
    assert seen.add("\ufffd")
    assert not seen.add("\ud800")


def test_keys_that_crowd_at_the_end_find_room(monkeypatch: pytest.MonkeyPatch) -> None:
    """As an input made for it could have them."""
    keys = [2**64 - 1 - 64 * n for n in range(400)]
    random.Random(7).shuffle(keys)
    digests = iter([key.to_bytes(8, "big") for key in (*keys, *keys)])

    class Digest:
        def __init__(self, *_: object, **__: object) -> None:
            pass

        def digest(self) -> bytes:
            return next(digests)

    monkeypatch.setattr("sayso.seen.hashlib.blake2b", Digest)
    seen = SeenIds()
    assert all(seen.add("") for _ in keys)
    assert not any(seen.add("") for _ in keys)
    assert seen.nbytes < 2**17

"""Recipes of retraining, what is replayed, and states that are kept."""

from dataclasses import replace
from pathlib import Path

import pytest

from data.loaders import load_gold
from data.records import Convention
from sayso.bundle import load_bundle
from sayso.errors import InputError
from training.corpus import Corpus
from training.replay import choose_replay
from training.retrainrecipe import FULL, HEADS, load_retrain_recipe
from training.states import encode_states

RECIPES = Path("training/recipes")


def corpus(flat: int, full: int) -> Corpus:
    some = load_gold()[: flat + full]
    marked = [replace(a, convention=Convention.FLAT) for a in some[:flat]]
    return Corpus(tuple(marked), tuple(some[flat:]), ())


@pytest.mark.parametrize(
    ("flat", "full", "count", "expected"),
    [(10, 10, 6, 3), (10, 2, 6, 2), (2, 10, 6, 4), (3, 3, 50, 3), (5, 5, 0, 0), (4, 0, 3, 0)],
)
def test_half_of_what_is_replayed_is_fully_marked(
    flat: int, full: int, count: int, expected: int
) -> None:
    chosen = choose_replay(corpus(flat, full), count)
    assert len(chosen) == min(count, flat + full)
    assert sum(one.convention == Convention.FULL for one in chosen) == expected
    assert chosen == choose_replay(corpus(flat, full), count)


def test_a_third_is_what_was_learnt_last() -> None:
    latest = load_gold()[20:30]
    chosen = choose_replay(corpus(10, 4), 9, latest)
    assert len(chosen) == 9
    assert sum(one in latest for one in chosen) == 3
    assert len(choose_replay(corpus(1, 1), 9, latest)) == 5


def test_the_recipes_that_ship() -> None:
    assert load_retrain_recipe(RECIPES / "heads.toml").retrain.mode == HEADS
    assert load_retrain_recipe(RECIPES / "loop-heads.toml").data.outlets
    assert load_retrain_recipe(RECIPES / "retrain.toml").retrain.mode == FULL


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('[retrain]\nmode = "some"', "expected mode heads or full, found 'some'"),
        ("[retrain]\nheld_share = 1.0", "held_share in"),
        ("[retrain]\nrepeat = 1", "expected keys of \\[retrain\\]"),
        ("[rest]\na = 1", "expected sections retrain, data"),
        ('[retrain]\nmode = "full"', "expected a section \\[encoder\\], found none"),
        ("[retrain", "expected a recipe in TOML"),
    ],
)
def test_wrong_recipes(text: str, words: str, tmp_path: Path) -> None:
    path = tmp_path / "bad.toml"
    path.write_text(text)
    with pytest.raises(InputError, match=words):
        load_retrain_recipe(path)


def test_states_are_computed_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    articles = load_gold()[:2]
    first = list(encode_states(load_bundle(), articles, tmp_path))
    (one, two) = sorted(tmp_path.glob("*/*.safetensors"))
    two.write_bytes(b"cut short")
    calls: list[int] = []
    from model.heads import StateReader

    real = StateReader.states

    def counted(self: StateReader, *arguments: object) -> object:
        calls.append(1)
        return real(self, *arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(StateReader, "states", counted)
    again = list(encode_states(load_bundle(), articles, tmp_path))
    assert len(calls) == 1, "only what was cut short"
    for mine, theirs in zip(again, first, strict=True):
        assert (mine["states"] == theirs["states"]).all()
        assert len(mine["ids"]) == len(mine["states"])
    assert one.read_bytes()

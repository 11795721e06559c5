"""Splits go by article and do not move when articles are added."""

from collections.abc import Sequence

from data.records import LabelledArticle
from data.split import hold_out


def test_every_article_is_on_one_side(gold: Sequence[LabelledArticle]) -> None:
    kept, held = hold_out(gold, 0.3)
    assert 0 < len(held) < len(gold)
    assert sorted(a.id for a in (*kept, *held)) == sorted(a.id for a in gold)
    assert hold_out(gold, 0.0)[1] == []
    assert hold_out(gold, 1.0)[0] == []


def test_fewer_articles_move_none(gold: Sequence[LabelledArticle]) -> None:
    held = hold_out(gold, 0.3)[1]
    some = gold[::2]
    assert [a.id for a in hold_out(some, 0.3)[1]] == [a.id for a in held if a in some]


def test_another_salt_is_another_split(gold: Sequence[LabelledArticle]) -> None:
    assert hold_out(gold, 0.5, salt="a") != hold_out(gold, 0.5, salt="b")

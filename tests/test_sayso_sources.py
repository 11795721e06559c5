"""Who a source is: names, pronouns, titles, kinds; and no text that makes it fall over."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.loaders import load_gold
from eval.sources import source_figures
from sayso.kinds import kind_of, person_name
from sayso.records import KINDS, Span
from sayso.sources import Mention, resolve_sources


def mention(text: str, source: str, at: int = 0, parent: int | None = None) -> Mention:
    start = -1
    for _ in range(at + 1):
        start = text.index(source, start + 1)
    span = Span(start, start + len(source))
    return Mention((span,), (), (), parent)


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("State Department spokesman John Kirby", "John Kirby"),
        ("its spokesman, Pavel Orlic", "Pavel Orlic"),
        ("Mira Dosen, who sells vegetables at the market", "Mira Dosen"),
        ("former Prime Minister Ludwig van der Meer", "Ludwig van der Meer"),
        ("Sen. Ada J. Marsh, R-Ohio", "Ada J. Marsh"),
        ("the defence ministry", None),
        ("Human Rights Watch", None),
        ("Kirby", None),
        ("", None),
    ],
)
def test_person_names(written: str, name: str | None) -> None:
    assert person_name(written) == name


@pytest.mark.parametrize(
    ("written", "kind"),
    [
        ("a senior official who asked not to be named", "unnamed"),
        ("officials", "unnamed"),
        ("the defence ministry", "government"),
        ("Turkey", "government"),
        ("the White House", "government"),
        ("a report by the auditors", "document"),
        ("The New York Times", "outlet"),
        ("the Xinhua news agency", "outlet"),
        ("Republican lawmakers", "group"),
        ("the company", "organisation"),
        ("Human Rights Watch", "organisation"),
    ],
)
def test_kinds(written: str, kind: str) -> None:
    assert kind_of(written) == kind


def test_pronouns_short_names_and_titles() -> None:
    text = (
        "Foreign Minister Luka Brandt said no. “I refuse,” he said. Brandt left. The minister "
        "denied it. The defence ministry agreed. It said the ministry was ready."
    )
    found = resolve_sources(
        text,
        [
            mention(text, "Foreign Minister Luka Brandt"),
            mention(text, " he ", 0),
            mention(text, "Brandt", 1),
            mention(text, "The minister "),
            mention(text, "The defence ministry"),
            mention(text, "It "),
            mention(text, "the ministry"),
        ],
    )
    assert [r.entity for r in found] == ["Luka Brandt"] * 4 + ["defence ministry"] * 3
    assert [r.kind for r in found] == ["person"] * 4 + ["government"] * 3


def test_i_inside_a_quotation_is_its_speaker() -> None:
    text = "“I think I was right,” Ruth Abeni said of Noa Leilani."
    outer, inner = mention(text, "Ruth Abeni"), mention(text, "I", 0, 0)
    assert resolve_sources(text, [outer, inner])[1].entity == "Ruth Abeni"
    assert resolve_sources(text, [mention(text, "I", 0, 1), outer])[0].entity == "Ruth Abeni"


def test_no_source_has_no_name() -> None:
    (found,) = resolve_sources("It is believed.", [Mention((), (Span(3, 14),), (), None)])
    assert (found.entity, found.kind) == (None, "unnamed")


def test_our_own_gold() -> None:
    figures = source_figures(load_gold())
    assert float(str(figures["b_cubed_f1"])) >= 0.80
    kinds = figures["kind_accuracy"]
    assert isinstance(kinds, dict)
    assert kinds["value"] >= 0.75


@given(
    st.text(alphabet=st.one_of(st.characters(), st.sampled_from("the president He \ud800’s,")),
            min_size=1, max_size=80),
    st.lists(st.tuples(st.integers(0, 79), st.integers(1, 20), st.integers(-1, 5)), max_size=6),
)  # fmt: skip
def test_any_text(text: str, places: list[tuple[int, int, int]]) -> None:
    mentions = []
    for start, length, parent in places:
        low = start % len(text)
        source = (Span(low, min(len(text), low + length)),)
        up = parent if 0 <= parent < len(places) else None
        mentions.append(Mention(source, (), source, up))
    for found in resolve_sources(text, mentions):
        assert found.kind in KINDS
        assert found.entity

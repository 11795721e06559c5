"""Who a source is: names, pronouns, titles, kinds; and no text that makes it fall over."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.loaders import load_gold
from data.records import Convention, LabelledArticle, LabelledStatement
from eval.sources import measure, same_name, source_figures
from sayso.cast import read_cast
from sayso.kinds import clean_mention, core_mention, head_of, kind_of
from sayso.names import person_name, scan
from sayso.records import KINDS, Span
from sayso.sources import Mention, Resolution, resolve_sources


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
        ("then-Secretary of Defense Ivo Tarn", "Ivo Tarn"),
        ("Norland Ambassador to the U.N. Sela Quist", "Sela Quist"),
        ("Health and Hospitals Secretary Mona Creed", "Mona Creed"),
        ("Saudi Foreign Minister Omar al-Zahri", "Omar al-Zahri"),
        ("Tom King", "Tom King"),
        ("a friend of Ruth Abeni", None),
        ("Ruth Abeni’s lawyers", None),
        ("officials, including Rep. Cora Blunt", None),
        ("Iran-backed Rebels", None),
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
        ("NATO", "organisation"),
        ("the U.S. and its allies", "government"),
        ("four intelligence agencies", "government"),
        ("the court’s ruling of 2018", "document"),
        ("part of the statement", "document"),
        ("one of the officials", "unnamed"),
        ("news reports", "outlet"),
        ("a Kivan newspaper", "outlet"),
        ("critics of the plan", "group"),
        ("the head of the ministry’s press office", "person"),
        ("an Arvo voter", "unnamed"),
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


def entities(text: str, *sources: str | tuple[str, int]) -> list[str | None]:
    pairs = [(one, 0) if isinstance(one, str) else one for one in sources]
    return [r.entity for r in resolve_sources(text, [mention(text, *pair) for pair in pairs])]


def test_a_surname_takes_a_full_name_found_anywhere() -> None:
    text = "Okoro denied it. The talks failed. Nobody saw the mayor, Dele Okoro, on Monday."
    assert entities(text, "Okoro") == ["Dele Okoro"]
    text = "Ministers met Vera Lindqvist on Monday. Lindqvist’s claim is that it works."
    assert entities(text, "Lindqvist’s") == ["Vera Lindqvist"]


def test_headlines_and_credits_name_nobody() -> None:
    text = "Sanction Wuxel Urges Minister Trask Today\n\nMinister Ole Trask left. Trask said so."
    assert entities(text, ("Trask", 2)) == ["Ole Trask"]
    assert read_cast("Defying Brunn is wrong. Brunn said so.", []).person("Brunn") is None


def test_two_of_one_surname() -> None:
    text = "Ann Lowe spoke. Lowe said yes. Then Carl Lowe, Carl Lowe again, spoke. Lowe said no."
    spoken = entities(text, "Ann Lowe", ("Lowe", 1), "Carl Lowe", ("Lowe", 4))
    assert spoken == ["Ann Lowe", "Ann Lowe", "Carl Lowe", "Carl Lowe"]


def test_a_title_picks_its_bearer_by_country() -> None:
    text = (
        "Norwegian President Liv Aas met Chilean President Rosa Vidal. The Norwegian president "
        "agreed. The Chilean president said no."
    )
    found = entities(text, "The Norwegian president", "The Chilean president")
    assert found == ["Liv Aas", "Rosa Vidal"]


def test_regnal_titles_stay_with_a_single_name() -> None:
    text = "King Osric waited. Osric said no."
    assert entities(text, ("Osric", 1)) == ["King Osric"]


def test_pronouns_heed_gender_subject_and_quotation() -> None:
    text = "Mr. Peter Voss met Mrs. Jane Marlow. He said no. She said yes."
    assert entities(text, "He ", "She ") == ["Peter Voss", "Jane Marlow"]
    text = "“Bruno Falk lied,” Otto Weiss said. “It was bad,” he added."
    assert entities(text, "Otto Weiss", "he ") == ["Otto Weiss", "Otto Weiss"]
    assert entities("The tax works, he said. Later Otto Weiss left.", "he ") == ["Otto Weiss"]


def test_he_in_a_quotation_is_not_its_speaker() -> None:
    text = "Karl Imhof left. “He says it is a lie,” Paul Renner said."
    outer, inner = mention(text, "Paul Renner"), mention(text, "He ", 0, 0)
    assert resolve_sources(text, [outer, inner])[1].entity == "Karl Imhof"


def test_asides_are_no_part_of_a_name() -> None:
    text = "Norland, which borders it, agreed. The Ibex Institute, a think tank, did not."
    found = entities(text, "Norland, which borders it", "The Ibex Institute, a think tank")
    assert found == ["Norland", "Ibex Institute"]


def test_acronyms_and_later_short_forms_of_bodies() -> None:
    text = (
        "The National Grain Board (NGB) rose. NGB denied it. A report by the Foreign Ministry "
        "of Norland came. The ministry said so."
    )
    found = resolve_sources(text, [mention(text, "NGB", 1), mention(text, "The ministry")])
    assert found == [
        Resolution("National Grain Board", "government"),
        Resolution("Foreign Ministry of Norland", "government"),
    ]


def test_unnamed_officials_stay_the_mention() -> None:
    text = "A senior defence official said no. The official said more."
    found = resolve_sources(
        text, [mention(text, "A senior defence official"), mention(text, "The official")]
    )
    assert found == [Resolution("A senior defence official", "unnamed")] * 2


def test_several_persons() -> None:
    text = "Ann Lee and Bo Day agreed. Ann Lee and other senators agreed."
    found = resolve_sources(
        text, [mention(text, "Ann Lee and Bo Day"), mention(text, "Ann Lee and other senators")]
    )
    assert found == [
        Resolution("Ann Lee and Bo Day", "person"),
        Resolution("Ann Lee and other senators", "group"),
    ]
    text = "Ann Lee, a lawyer and author, agreed."
    assert entities(text, "Ann Lee, a lawyer and author") == ["Ann Lee"]


def test_a_quotation_without_source_and_cue_goes_on() -> None:
    text = "“No,” Ann Lee said. “Never.”"
    spoken, more = mention(text, "Ann Lee"), Mention((), (), (Span(20, 28),), None)
    assert resolve_sources(text, [spoken, more])[1] == Resolution("Ann Lee", "person")
    assert resolve_sources(text, [more])[0] == Resolution(None, "unnamed")


def test_mentions_as_names() -> None:
    assert clean_mention(" the  U.S.’s ") == "U.S."
    assert clean_mention("An aide") == "aide"
    assert clean_mention("An aide", keep=True) == "An aide"
    assert core_mention("Norland, 37, and others") == "Norland"
    assert head_of("the minister of finance") == "minister"
    assert [word.text for word in scan("J. Hay’s")] == ["J", "Hay"]


def test_measure() -> None:
    text = "Ann Lee said no. Bo Day said so. Lee said more."

    def said(number: int, at: int, end: int, entity: str, kind: str) -> LabelledStatement:
        return LabelledStatement(
            id=str(number), doc="d", source=(Span(at, end),), cue=(), content=(),
            entity=entity, kind=kind,
        )  # fmt: skip

    statements = (
        said(0, 0, 7, "Senator Ann Lee", "person"),
        said(1, 17, 23, "Bo Day", "group"),
        said(2, 33, 36, "Bo Day", "person"),
    )
    article = LabelledArticle("d", text, None, None, None, Convention.FULL, statements)
    scores = measure([article])
    assert scores.precision == pytest.approx(2 / 3)
    assert scores.recall == pytest.approx(2 / 3)
    assert scores.f1 == pytest.approx(2 / 3)
    assert scores.name_accuracy == pytest.approx(2 / 3)
    assert scores.kind_accuracy.value == pytest.approx(2 / 3)
    assert (scores.statements, scores.sourced) == (3, 3)
    assert measure([]).f1 == 0.0
    assert not same_name("Ann Lee", "Bo Lee")


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
    results = resolve_sources(text, mentions)
    assert results == resolve_sources(text, mentions)
    for one, found in zip(mentions, results, strict=True):
        assert found.kind in KINDS
        blank = not text[one.source[0].start : one.source[0].end].strip()
        assert (found.entity is None) == blank
        assert found.entity != ""

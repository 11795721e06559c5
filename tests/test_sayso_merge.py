"""Sources across articles: who is one, who never is, and that rows' order does not matter."""

import random
import time

import numpy as np
import pyarrow as pa
import pytest

from sayso.who.bodynames import read_body
from sayso.who.merge import Merged, merge_sources
from sayso.who.naming import PersonName, read_person, titles_before
from sayso.who.spelling import plain_words, skeleton

Row = tuple[int, str, str]


def merge(*rows: Row, written: list[str] | None = None) -> Merged:
    return merge_sources(
        [article for article, _, _ in rows],
        [name for _, name, _ in rows],
        [kind for _, _, kind in rows],
        [1] * len(rows),
        written=written,
    )


def persons(*names: str) -> Merged:
    return merge(*((n, name, "person") for n, name in enumerate(names)))


def count(merged: Merged) -> int:
    return len(set(merged.ids.tolist()))


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("Ada Marsh", "ADA MARSH"),
        ("Ada Marsh", "Ada J. Marsh"),
        ("Ada Jane Marsh", "Ada J. Marsh"),
        ("Sen. Ada Marsh", "Ada Marsh"),
        ("Director-General Ada Marsh", "Ada Marsh"),
        ("Zoé Núñez", "Zoe Nunez"),
        ("Tom O’Dell", "Tom O'Dell"),
        ("J. D. Marsh", "J.D. Marsh"),
        ("Yusef Karimov", "Youssef Karimov"),
        ("Volodymyr Karenky", "Volodymyr Karenkyy"),
        ("Omar al-Zahri", "Omar Zahri"),
        ("Joe Hartwell", "Joseph Hartwell"),
        ("Ada Marsh and Tom Reis", "Tom Reis and Ada Marsh"),
        ("Ben Marsh", "Benjamin Marsh"),
        ("Pope Silvan", "Pope Silvan"),
    ],
)
def test_one_person_by_two_spellings(a: str, b: str) -> None:
    assert count(persons(a, b)) == 1


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("Ada Marsh", "Tom Marsh"),
        ("Marsh", "Ada Marsh"),
        ("Marsh", "Marsh"),
        ("Ada J. Marsh", "Ada K. Marsh"),
        ("Tom Marsh", "Tom Marsh Jr."),
        ("Tom Andersen", "Tom Anderson"),
        ("Steven Hartwell", "Stephen Hartwell"),
        ("Ben Marsh", "Al Marsh"),
        ("his wife", "his wife"),
        ("de Vries", "de Vries"),
        ("Mei Li", "Mai Lee"),
    ],
)
def test_two_persons_stay_two(a: str, b: str) -> None:
    assert count(persons(a, b)) == 2


def test_form_without_middle_name_is_neithers_of_two() -> None:
    merged = persons("Ada J. Marsh", "Ada K. Marsh", "Ada Marsh")
    assert count(merged) == 3
    often = persons(*["Ada J. Marsh"] * 10, "Ada K. Marsh", "Ada Marsh")
    assert often.ids[0] == often.ids[11] != often.ids[10]


def test_article_with_both_keeps_spellings_apart() -> None:
    rows = [(0, "Joe Hartwell", "person"), (1, "Joseph Hartwell", "person")]
    assert count(merge(*rows)) == 1
    assert count(merge(*rows, (2, "Joe Hartwell", "person"), (2, "Joseph Hartwell", "person"))) == 2


def test_short_first_name_with_two_long_ones_stays_alone() -> None:
    assert count(persons("Steve Hartwell", "Steven Hartwell", "Stephen Hartwell")) == 3


def test_suffix_drops_where_it_is_the_common_form() -> None:
    assert count(persons("Tom Marsh", "Tom Marsh Jr.", "Tom Marsh Jr.")) == 1
    assert count(persons("Tom R. Marsh", "Tom R. Marsh Jr.")) == 1


def test_slip_is_joined_to_established_name_only() -> None:
    assert count(persons(*["Kayla Brenwald"] * 5, "Kayla Brenwold")) == 1
    assert count(persons(*["Kayla Brenwald"] * 4, "Kayla Brenwold")) == 2
    attested = persons(*["Kayla Brenwald"] * 5, "Kayla Brenwold", "Otto Brenwold")
    assert count(attested) == 3


def test_office_attests_surname_of_its_one_bearer() -> None:
    rows = [(0, "Ada Marsh", "person"), (1, "President Marsh", "person"), (2, "Marsh", "person")]
    merged = merge(*rows, written=["President Ada Marsh", "Mr. Marsh", "Marsh"])
    assert merged.ids[0] == merged.ids[1] != merged.ids[2]
    assert merged.names[merged.ids[0]] == "Ada Marsh"
    assert merged.aliases[merged.ids[0]] == ("President Marsh",)
    two = merge(*rows, (3, "Tom Marsh", "person"),
                written=["President Ada Marsh", "", "", "President Tom Marsh"])  # fmt: skip
    assert count(two) == 4
    other = merge(*rows[:2], written=["Governor Ada Marsh", ""])
    assert count(other) == 2


@pytest.mark.parametrize(
    ("a", "b", "kind"),
    [
        ("the Kremlin", "Kremlin", "government"),
        ("U.S.", "United States", "government"),
        ("US", "the United States", "government"),
        ("F.B.I.", "FBI", "government"),
        ("Department of Fisheries", "Fisheries Department", "government"),
        ("Northwind Inc.", "Northwind", "organisation"),
        ("NORLAND TIMES", "Norland Times", "outlet"),
        ("Marsh campaign", "Ms. Marsh’s campaign", "organisation"),
        ("Bitfeld magazine", "Bitfeld", "outlet"),
        ("Tide Institute & Archive", "Tide Institute and Archive", "organisation"),
        ("Harbour Safety Agency", "HSA", "organisation"),
        ("Harbour Safety Agency", "U.S. Harbour Safety Agency", "government"),
        ("nonpartisan Harbour Safety Agency", "Harbour Safety Agency", "government"),
        ("Democrats", "Democrats", "group"),
        ("Fisheries Act", "the Fisheries Act", "document"),
        ("Supreme Court", "the Supreme Court", "government"),
    ],
)
def test_one_body_by_two_names(a: str, b: str, kind: str) -> None:
    assert count(merge((0, a, kind), (1, b, kind))) == 1


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("ministry", "government"),
        ("Police", "government"),
        ("foreign ministry", "government"),
        ("government", "government"),
        ("his campaign", "organisation"),
        ("officials", "unnamed"),
        ("A Norland official", "unnamed"),
        ("top Democrats", "group"),
        ("villagers", "group"),
        ("Norland poll", "document"),
        ("reports", "outlet"),
        ("Times", "outlet"),
    ],
)
def test_what_tells_nothing_stays_in_its_article(name: str, kind: str) -> None:
    merged = merge((0, name, kind), (1, name, kind), (1, name.upper(), kind))
    assert count(merged) == 2
    assert merged.local.all()


def test_acronym_of_two_bodies_is_neithers() -> None:
    merged = merge((0, "HSA", "organisation"), (1, "Harbour Safety Agency", "organisation"),
                   (2, "Hill Sports Association", "organisation"))  # fmt: skip
    assert count(merged) == 3


def test_national_body_of_several_nations_stays_in_its_article() -> None:
    rows = [(0, "Supreme Court", "government"), (1, "Supreme Court", "government"),
            (2, "Indian Supreme Court", "government")]  # fmt: skip
    assert count(merge(*rows)) == 2
    assert count(merge(*rows, (3, "Kenyan Supreme Court", "government"))) == 4


def test_kind_and_name_are_those_of_most() -> None:
    merged = merge(*((n, "Norland Post", "person") for n in range(2)),
                   *((n, "NORLAND POST", "outlet") for n in range(2, 5)))  # fmt: skip
    assert (count(merged), merged.kinds, merged.names) == (1, ["outlet"], ["Norland Post"])
    assert merged.aliases == [("NORLAND POST",)]


def test_surname_is_a_name_and_a_description_is_none() -> None:
    merged = persons("Ada Marsh", "Marsh", "his wife", "he")
    named = dict(zip(merged.names, merged.named.tolist(), strict=True))
    assert named == {"Ada Marsh": True, "Marsh": True, "his wife": False, "he": False}


def test_nothing_gives_nothing() -> None:
    merged = merge()
    assert (merged.ids.tolist(), merged.names, merged.local.tolist()) == ([], [], [])


def test_columns_may_be_arrow() -> None:
    rows = [(0, "Ada Marsh", "person"), (1, "Ada Marsh", "person"), (1, "police", "government")]
    arrow = merge_sources(
        np.array([0, 1, 1], np.int32),
        pa.chunked_array([["Ada Marsh"], ["Ada Marsh", "police"]]),
        pa.array(["person", "person", "government"]).dictionary_encode(),
        np.array([1, 1, 1], np.int32),
        written=pa.chunked_array([["Ada Marsh", None], ["police"]]),
    )
    assert arrow.ids.tolist() == merge(*rows).ids.tolist() == [0, 0, 1]


def made(count: int, seed: int = 3) -> list[Row]:
    draw = random.Random(seed)
    firsts = "Ada Tom Ben Joe Joseph Mei Yusuf Zoe Karl Carla".split()
    lasts = [f"{a}{b}{c}" for a in ("Bren", "Mar", "Hol") for b in ("wi", "te", "lo", "sa")
             for c in ("ck", "n", "ler", "ton", "by")]  # fmt: skip
    names = [f"{f} {m}{n}" for f in firsts for m in ("", "J. ", "K. ") for n in lasts]
    bodies = [f"{n} {h}" for n in lasts for h in ("Institute", "Agency", "Post")]
    rows = []
    for number in range(count):
        kind = draw.choice(("person", "organisation", "unnamed", "group"))
        pool = {"person": names, "organisation": bodies}.get(kind, ["officials", "police"])
        rows.append((number // 6, draw.choice(pool), kind))
    return sorted(set(rows))


def test_order_of_rows_does_not_matter() -> None:
    rows = made(900)
    shuffled = random.Random(1).sample(range(len(rows)), len(rows))
    one, other = merge(*rows), merge(*(rows[n] for n in shuffled))
    assert (one.names, one.kinds, one.aliases) == (other.names, other.kinds, other.aliases)
    assert one.ids[shuffled].tolist() == other.ids.tolist()


def test_many_rows_take_seconds() -> None:
    rows = made(30_000)
    start = time.process_time()
    merged = merge(*rows)
    assert time.process_time() - start < 10
    assert 1_000 < count(merged) < len(rows)


def test_words_of_names() -> None:
    assert plain_words("The U.S. F.D.A.’s Łukasz O’Dell") == ["the", "us", "fda", "lukasz", "odell"]
    assert skeleton("karenskyy") == skeleton("karenskiy") != skeleton("karensen")
    assert read_person("Ada J. van der Marsh Jr.") == PersonName("ada", ("j",), "marsh", "jr")
    assert read_person("Al Stone") == PersonName("al", (), "stone", "")
    assert read_person("Marsh, who left") is None
    name = PersonName("ada", (), "marsh", "")
    assert titles_before("Vice President Ada Marsh\nSen. Marsh", name) == {
        "vice-president",
        "senator",
    }
    assert titles_before("President Reis’s aide Ada Marsh", name) == frozenset()
    body = read_body("the Office of Tide Statistics", "government")
    assert body is not None
    assert body.key == "tide statistics office"

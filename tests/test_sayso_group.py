"""Grouping statements by claim: paraphrases, numbers, names, denials, chains, copies, chunks."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pytest

from sayso.claims.clusters import agglomerate, components
from sayso.claims.contents import Contents
from sayso.claims.group import group_claims
from sayso.claims.terms import read_terms
from sayso.claims.words import read_form
from sayso.errors import UsageError
from tests.inventedclaims import invent

BACKGROUND = [
    "the harbour of Ostvale would be dredged by a Norwegian firm",
    "wolves had returned to the Carrow hills",
    "the museum's roof leaked during every storm",
    "Lena Brandt would coach the junior rowing team",
    "ticket prices for the ferry rose twice last spring",
    "the orchestra will tour Japan with a new conductor",
    "a bakery on Mill Street was fined over rats",
    "engineers found cracks in the Tolland viaduct",
]


def columns(
    texts: Sequence[str | None],
    *,
    article: list[int] | None = None,
    day: list[int] | None = None,
    denies: list[int] | None = None,
) -> Contents:
    size = len(texts)
    return Contents(
        content=pa.array(texts, pa.string()),
        position=np.ones(size, np.int8),
        article=np.array(article or range(size), np.int32),
        outlet=np.array(article or range(size), np.int32),
        day=np.array(day or [17000] * size, np.int32),
        source=np.full(size, -1, np.int32),
        denies=np.array(denies or [-1] * size, np.int32),
    )


def claims(texts: Sequence[str | None], **options: list[int]) -> list[int]:
    return [int(claim) for claim in group_claims(columns(texts, **options)).claim]


def test_paraphrases_are_one_claim_and_other_matters_are_not() -> None:
    found = claims(
        [
            "Mayor Ilka Tamm took bribes from the Dornach quarry company",
            "the Dornach quarry company had bribed Mayor Ilka Tamm",
            *BACKGROUND,
        ]
    )
    assert found[0] == found[1] == 0
    assert len(set(found)) == len(found) - 1


@pytest.mark.parametrize(
    "other",
    [
        "4,200 miners were laid off at the Dornach quarry in Kessel on Tuesday",
        "1,700 miners were laid off at the Lindmark quarry in Aarhaven",
    ],
)
def test_another_number_or_other_names_are_another_claim(other: str) -> None:
    said = "1,700 miners were laid off at the Dornach quarry in Kessel"
    again = "that the Dornach quarry in Kessel laid off 1,700 miners"
    found = claims([said, again, other, *BACKGROUND])
    assert found[0] == found[1] != found[2]


def test_negation_stays_with_what_it_negates() -> None:
    found = claims(
        [
            "Ilka Tamm met the quarry's lobbyists in Vienna",
            "Ilka Tamm never met the quarry's lobbyists in Vienna",
            "it is false that Ilka Tamm met the quarry's lobbyists in Vienna",
            *BACKGROUND,
        ]
    )
    assert found[:3] == [0, 0, 0]


def test_a_denial_is_with_what_it_denies() -> None:
    found = claims(
        [BACKGROUND[0], "the whole story", None, None, *BACKGROUND[1:]],
        article=[0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7],
        denies=[-1, 0, 0, -1, *[-1] * 7],
    )
    assert found[:4] == [0, 0, 0, -1]
    assert found[4:] == list(range(1, 8))


def test_a_chain_is_cut() -> None:
    links = np.full((1, 4, 4), -1, np.float32)
    values = {(0, 1): 0.9, (1, 2): 0.6, (2, 3): 0.9, (0, 2): 0.0, (0, 3): 0.0, (1, 3): 0.0}
    for (one, other), value in values.items():
        links[0, one, other] = links[0, other, one] = value
    assert agglomerate(links, 0.3).tolist() == [[0, 0, 2, 2]]


def test_components_are_named_by_their_least_item() -> None:
    one, other = np.array([[3, 1, 5], [4, 3, 6]], np.int32)
    assert components(8, one, other).tolist() == [0, 1, 2, 1, 1, 5, 5, 7]


def test_a_wire_story_counts_once() -> None:
    story = BACKGROUND[:4]
    found = group_claims(
        columns(
            [*story, *story[1:], "a local reader disagreed", *BACKGROUND[4:]],
            article=[0] * 4 + [1] * 4 + [2, 3, 4, 5],
            day=[17005] * 4 + [17001] * 4 + [17000] * 4,
        )
    )
    assert found.copy_of.tolist() == [-1, 4, 5, 6, *[-1] * 8]
    assert found.claim[1:4].tolist() == found.claim[4:7].tolist()


def test_one_quotation_in_common_is_no_copy() -> None:
    quoted = columns(BACKGROUND[:5] + BACKGROUND[4:], article=[0] * 5 + [1] * 4)
    assert (group_claims(quoted).copy_of == -1).all()


def test_groups_do_not_depend_on_chunks_and_match_the_claims() -> None:
    contents, claim = invent(600)
    found = group_claims(contents).claim
    assert group_claims(contents, chunk=37).claim.tolist() == found.tolist()
    one, other = np.triu_indices(600, 1)
    together, same = found[one] == found[other], claim[one] == claim[other]
    assert (together & same).sum() > 0.95 * together.sum()
    assert (together & same).sum() > 0.8 * same.sum()


def test_nothing_gives_nothing() -> None:
    assert claims([]) == []
    assert claims([None, "", "that"]) == [-1, 0, 1]


def test_numbers_are_read_with_their_scale() -> None:
    terms = read_terms(pa.array(["$1.5bn in aid", "1.5 billion", "1,500 million", "three men"]))
    values = terms.vocabulary.values[terms.ids]
    assert values[~np.isnan(values)].tolist() == [1.5e9, 1.5e9, 1.5e9, 3]


def test_words_of_one_root_are_one_term() -> None:
    words = ("qualified", "unqualified", "qualifications")
    assert len({read_form(word)[0].stem for word in words}) == 1
    assert [word.stem for word in read_form("“U.S.-led")] == ["us", "led"]
    assert read_form("didn’t") == read_form("denied") == []


def test_columns_that_do_not_go_together_are_refused() -> None:
    with pytest.raises(UsageError, match="of one length"):
        Contents(pa.array(["a"]), *[np.zeros(2, np.int32)] * 6)  # type: ignore[arg-type]
    with pytest.raises(UsageError, match="in pieces"):
        columns(["a", "b", "c"], article=[0, 1, 0])
    with pytest.raises(UsageError, match="same article"):
        columns(["a", "b"], denies=[-1, 0])

"""Decoding: the best legal tags, links within reach, nesting by containment, exact spans."""

from itertools import pairwise, product

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from sayso.bundle import BundleConfig
from sayso.decode import Attribution, decode, pieces_of
from sayso.encoder import TokenScores
from sayso.records import NONE, STANCES, Span
from sayso.tags import LAYERS, TAGS, allowed_transitions
from sayso.tokens import TokenizedText
from sayso.viterbi import best_tags

LINK = 2
TRANSITIONS = np.where(allowed_transitions(), 0.0, -1e4).astype(np.float32)
CONFIG = BundleConfig(
    labels=(*STANCES, NONE),
    tags=TAGS,
    layers=LAYERS,
    window_size=16,
    window_overlap=4,
    transitions=tuple(tuple(tuple(row) for row in TRANSITIONS.tolist()) for _ in LAYERS),
    link_size=LINK,
    link_distance=tuple(tuple(0.0 for _ in range(24)) for _ in range(2)),
    stance_size=3,
    temperature=1.0,
    bias=(0.0,) * 5,
    statement_threshold=0.5,
)


def words(count: int) -> TokenizedText:
    """`count` tokens of three characters each, a space between them."""
    starts = np.arange(count, dtype=np.int32) * 4
    zeros = np.zeros(count, np.int32)
    return TokenizedText(zeros, starts, starts + 3, zeros, zeros, zeros)


def scores_for(
    outer: str,
    inner: str = "",
    *,
    cues: dict[int, int] | None = None,
    sources: dict[int, int] | None = None,
) -> TokenScores:
    """Scores that spell tags: S, C, T begin source, cue, content; lower case goes on; - is O.

    `cues` says which cue token a content token points to, `sources` which source token a cue
    token points to; all others point to nothing.
    """
    count = len(outer)
    emissions = np.zeros((count, len(LAYERS) * len(TAGS)), np.float32)
    for layer, spelled in enumerate((outer, inner or "-" * count)):
        for position, letter in enumerate(spelled):
            tag = "-SsCcTt".index(letter)
            emissions[position, layer * len(TAGS) + tag] = 10.0
    vectors = np.zeros((count, 4 * LINK), np.float32)
    for link, pointers in enumerate((cues or {}, sources or {})):
        for tail, head in pointers.items():
            point = np.array([np.cos(0.7 * head), np.sin(0.7 * head)], np.float32) * 5
            vectors[tail, 2 * link * LINK : (2 * link + 1) * LINK] = point
            vectors[head, (2 * link + 1) * LINK : (2 * link + 2) * LINK] = point
    nulls = np.full((count, 2), 1.0, np.float32)
    zeros = np.zeros((count, 8), np.float32)
    return TokenScores(emissions, vectors, nulls, zeros)


def at(low: int, high: int) -> Span:
    """The characters of tokens `[low, high)`."""
    return Span(low * 4, high * 4 - 1)


def test_one_statement() -> None:
    found = decode(words(7), scores_for("SsC-Ttt", cues={4: 2, 5: 2, 6: 2}, sources={2: 0}), CONFIG)
    assert found == [Attribution((at(0, 2),), (at(2, 3),), (at(4, 7),))]


def test_pieces_on_both_sides_of_the_cue_belong_together() -> None:
    scores = scores_for("TtCS-Ttt", cues={0: 2, 1: 2, 5: 2, 6: 2, 7: 2}, sources={2: 3})
    found = decode(words(8), scores, CONFIG)
    assert found == [Attribution((at(3, 4),), (at(2, 3),), (at(0, 2), at(5, 8)))]


def test_a_source_shared_by_two_cues() -> None:
    scores = scores_for("SCTCT", cues={2: 1, 4: 3}, sources={1: 0, 3: 0})
    found = decode(words(5), scores, CONFIG)
    assert found == [
        Attribution((at(0, 1),), (at(1, 2),), (at(2, 3),)),
        Attribution((at(0, 1),), (at(3, 4),), (at(4, 5),)),
    ]


def test_no_source() -> None:
    found = decode(words(3), scores_for("CTt", cues={1: 0, 2: 0}), CONFIG)
    assert found == [Attribution((), (at(0, 1),), (at(1, 3),))]


def test_content_without_cue_takes_the_source_beside_it() -> None:
    assert decode(words(3), scores_for("S-T"), CONFIG) == [
        Attribution((at(0, 1),), (), (at(2, 3),))
    ]
    assert decode(words(3), scores_for("--T"), CONFIG) == [Attribution((), (), (at(2, 3),))]


def test_nested_points_to_the_content_it_stands_in() -> None:
    cues = {4: 3, 5: 3}
    scores = scores_for("SCTttt", "--SCTt", cues=cues, sources={1: 0, 3: 2})
    found = decode(words(6), scores, CONFIG)
    assert [item.parent for item in found] == [None, 0]
    assert found[1].source == (at(2, 3),)
    assert found[1].content == (at(4, 6),)


def test_inner_statement_outside_every_content_is_dropped() -> None:
    found = decode(words(4), scores_for("----", "SCTt"), CONFIG)
    assert found == []


def test_pieces() -> None:
    tags = [TAGS.index(t) for t in ("B-cue", "B-cue", "I-cue", "O", "B-source", "B-content")]
    assert [(p.start, p.end, p.role) for p in pieces_of(tags)] == [
        (0, 1, "cue"), (1, 3, "cue"), (4, 5, "source"), (5, 6, "content"),
    ]  # fmt: skip


@given(hnp.arrays(np.float32, (4, len(TAGS)), elements=st.floats(-5, 5, width=32)))
@settings(max_examples=25, deadline=None)
def test_viterbi_is_the_best_of_all_sequences(emissions: np.ndarray) -> None:
    def total(tags: tuple[int, ...]) -> float:
        steps = sum(TRANSITIONS[a, b] for a, b in pairwise(tags))
        return float(steps + sum(emissions[n, tag] for n, tag in enumerate(tags)))

    legal = [
        tags for tags in product(range(len(TAGS)), repeat=4) if not TAGS[tags[0]].startswith("I-")
    ]
    best = max(map(total, legal))
    [found] = map(tuple, best_tags(emissions[:, None], TRANSITIONS[None]).tolist())
    assert found in legal
    assert abs(total(found) - best) < 1e-3


@given(
    hnp.arrays(np.float32, (12, 14), elements=st.floats(-5, 5, width=32)),
    hnp.arrays(np.float32, (12, 8), elements=st.floats(-5, 5, width=32)),
)
@settings(deadline=None)
def test_any_scores_decode_to_sound_attributions(emissions: np.ndarray, links: np.ndarray) -> None:
    zeros = np.zeros((12, 8), np.float32)
    scores = TokenScores(emissions, links, links[:, :2].copy(), zeros)
    found = decode(words(12), scores, CONFIG)
    firsts = []
    for number, item in enumerate(found):
        spans = [*item.source, *item.cue, *item.content]
        assert item.content
        assert all(0 <= s.start < s.end <= 47 for s in spans)
        assert list(item.content) == sorted(item.content)
        assert item.parent is None or (item.parent != number and item.parent < len(found))
        firsts.append(min(s.start for s in spans))
    assert firsts == sorted(firsts)

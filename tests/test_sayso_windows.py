"""Windows cover every token once and never exceed their size."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sayso.windows import plan_parts, plan_windows


@given(
    tokens=st.integers(0, 5000),
    size=st.integers(1, 400),
    share=st.floats(0, 0.95),
)
def test_cores_part_the_text(tokens: int, size: int, share: float) -> None:
    overlap = min(int(size * share), size - 1)
    windows = plan_windows(tokens, size=size, overlap=overlap)
    assert [p for w in windows for p in range(w.core_start, w.core_end)] == list(range(tokens))
    for window in windows:
        assert 0 <= window.start <= window.core_start < window.core_end <= window.end <= tokens
        assert len(window) <= size


@given(tokens=st.integers(383, 5000), overlap=st.integers(0, 200))
def test_neighbours_share_the_overlap(tokens: int, overlap: int) -> None:
    windows = plan_windows(tokens, size=382, overlap=overlap)
    for left, right in pairwise(windows):
        assert left.end - right.start >= overlap
        assert left.core_end - right.start >= overlap // 2
        assert left.end - left.core_end >= overlap // 2
    lengths = {len(window) for window in windows}
    assert len(lengths) == 1, "windows are of one length, so that batches need no padding"


def test_as_few_as_possible() -> None:
    assert len(plan_windows(382, size=382, overlap=64)) == 1
    assert len(plan_windows(383, size=382, overlap=64)) == 2
    assert len(plan_windows(700, size=382, overlap=64)) == 2
    assert len(plan_windows(701, size=382, overlap=64)) == 3


@pytest.mark.parametrize(("size", "overlap"), [(0, 0), (10, 10), (10, -1)])
def test_out_of_range(size: int, overlap: int) -> None:
    with pytest.raises(ValueError, match="expected 0 <= overlap < size"):
        plan_windows(5, size=size, overlap=overlap)


@given(breaks=st.lists(st.integers(0, 3), max_size=300), longest=st.integers(4, 50))
def test_parts_cover_the_text(breaks: list[int], longest: int) -> None:
    parts = plan_parts(breaks, longest=longest)
    assert [p for low, high in parts for p in range(low, high)] == list(range(len(breaks)))
    assert all(0 < high - low <= longest for low, high in parts)


def test_parts_end_at_paragraphs() -> None:
    breaks = [1] * 100
    breaks[35] = 3
    assert plan_parts(breaks, longest=40)[0] == (0, 35)

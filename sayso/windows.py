"""Tokens → overlapping windows, each token's outcome taken from the window it is deepest in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

__all__ = ["Window", "plan_parts", "plan_windows"]


@dataclass(frozen=True, slots=True)
class Window:
    """Tokens `[start, end)` are encoded together; those of `[core_start, core_end)` are kept."""

    start: int
    end: int
    core_start: int
    core_end: int

    def __len__(self) -> int:
        return self.end - self.start


def plan_windows(tokens: int, *, size: int, overlap: int) -> list[Window]:
    """Cover `tokens` tokens with as few windows as possible, of nearly equal length.

    Neighbours share `overlap` tokens or a few more; the cores part the text with no gap and no
    token twice, and every core token has at least `overlap // 2` tokens of context on each side
    unless the text ends there.

    Args:
        tokens: how many tokens the text has; 0 gives no window.
        size: most tokens a window may have, special tokens not counted.
        overlap: fewest tokens that neighbours share; under `size`.

    Raises:
        ValueError: `size` or `overlap` out of range.
    """
    if size < 1 or not 0 <= overlap < size:
        raise ValueError(f"expected 0 <= overlap < size, found overlap {overlap}, size {size}")
    if tokens <= 0:
        return []
    if tokens <= size:
        return [Window(0, tokens, 0, tokens)]
    count = -(-(tokens - overlap) // (size - overlap))
    length = -(-(tokens + (count - 1) * overlap) // count)
    starts = [n * (tokens - length) // (count - 1) for n in range(count)]
    cuts = [0]
    for n in range(1, count):
        cuts.append((starts[n] + starts[n - 1] + length) // 2)
    cuts.append(tokens)
    return [Window(start, start + length, cuts[n], cuts[n + 1]) for n, start in enumerate(starts)]


def plan_parts(breaks: Sequence[int], *, longest: int) -> list[tuple[int, int]]:
    """Part a long text into stretches that are scored one after the other, to bound memory.

    A stretch ends where the last quarter of it has its widest break (see `sayso.tokens.BREAKS`).

    Args:
        breaks: what stands before each token.
        longest: most tokens of a stretch.

    Returns:
        Half-open token ranges that cover the text; one for a text of at most `longest` tokens.
    """
    parts, low = [], 0
    while len(breaks) - low > longest:
        around = range(low + longest - longest // 4, low + longest + 1)
        high = max(around, key=lambda at: (breaks[at], at))
        parts.append((low, high))
        low = high
    if low < len(breaks):
        parts.append((low, len(breaks)))
    return parts

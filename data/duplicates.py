"""Articles that are there already: copies and near-copies, in a file and in the data so far.

Word sequences of five words (Broder 1997) and their Jaccard index tell versions of an article from
other articles. Among 4,800 articles of news all 210 pairs at `NEAR` or more are one story in two
versions; the 81 between 0.2 and `NEAR` are mostly series with a standing text. Candidates are found
by MinHash with banding (Leskovec, Rajaraman and Ullman, "Mining of Massive Datasets", chapter 3)
and then measured exactly, so that nothing is called a copy by chance.

Against what is held out one looks closer, since labels of a part of it would spoil every figure:
an article leaks if `PART` of the shorter one's sequences stand in the other. Between those of the
held-out articles and others at most 0.17 do.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from datasketch import MinHash, MinHashLSH

from data.digest import digest_text
from data.known import Known
from data.shingles import Shingler, Shingles

__all__ = ["LEAST", "NEAR", "PART", "Copy", "find_copies"]

NEAR = 0.5
"""Least Jaccard index of two articles' word sequences that are versions of one."""

PART = 0.5
"""Least share of the shorter article's word sequences that stand in a held-out one."""

LEAST = 10
"""Fewest word sequences that two articles share for a leak: less may be a stock phrase."""

BANDS = (42, 3)
"""Bands of the MinHash and its values in each: pairs at `NEAR` are missed 4 times in 1,000, and of
those at 0.1 a 25th is measured in vain."""


@dataclass(frozen=True, slots=True)
class Copy:
    """An article that is there already.

    Attributes:
        article: its id.
        other: id of the article that it is like.
        place: file of the other, as `Known.name`; None for the file that is checked.
        held: whether the other is held out.
        share: Jaccard index of the two; against held-out articles the share of the shorter one.
        exact: whether they have the same words in the same order.
    """

    article: str
    other: str
    place: str | None
    held: bool
    share: float
    exact: bool


@dataclass(frozen=True, slots=True)
class _Text:
    """An article as it is compared."""

    place: str | None
    held: bool
    name: str
    text: str
    digest: str


_BLANK = MinHash(num_perm=BANDS[0] * BANDS[1], seed=1, hashfunc=int)


class _Versions:
    """Articles so far, each version of one kept once, so that many copies take little time."""

    def __init__(self, shingler: Shingler) -> None:
        self._shingler = shingler
        self._index = MinHashLSH(num_perm=_BLANK.num_perm, params=BANDS)
        self._exact: dict[str, _Text] = {}
        self._sketches: dict[int, tuple[_Text, MinHash]] = {}

    def take(self, one: _Text, shingles: Shingles, sketch: MinHash) -> tuple[_Text, float] | None:
        """An earlier article that this is a version of and how like they are; else it is kept."""
        found = self.seek(one, shingles, sketch)
        self._exact.setdefault(one.digest, one)
        if found is None:
            number = len(self._sketches)
            self._sketches[number] = (one, sketch)
            self._index.insert(number, sketch, check_duplication=False)
        return found

    def seek(self, one: _Text, shingles: Shingles, sketch: MinHash) -> tuple[_Text, float] | None:
        """As `take`, keeping nothing."""
        if one.digest in self._exact:
            return self._exact[one.digest], 1.0
        return self._nearest(sketch, shingles)

    def _nearest(self, sketch: MinHash, shingles: Shingles) -> tuple[_Text, float] | None:
        numbers = sorted(self._index.query(sketch))
        if not numbers:
            return None
        best = max(numbers, key=lambda number: sketch.jaccard(self._sketches[number][1]))
        other = self._sketches[best][0]
        theirs = self._shingler(other.text)
        shared = len(np.intersect1d(shingles, theirs, assume_unique=True))
        share = shared / (len(shingles) + len(theirs) - shared)
        return (other, share) if share >= NEAR else None


class _Held:
    """Held-out articles by their word sequences."""

    def __init__(self, texts: Sequence[_Text], shingler: Shingler) -> None:
        self._texts = texts
        all_of_them = [shingler(one.text) for one in texts]
        self._sizes = np.array([len(one) for one in all_of_them], np.int64)
        whole = np.concatenate([*all_of_them, np.zeros(0, np.uint64)])
        order = np.argsort(whole, kind="stable")
        self._hashes = whole[order]
        self._owners = np.repeat(np.arange(len(texts)), self._sizes)[order]

    def seek(self, one: _Text, shingles: Shingles) -> list[tuple[_Text, float]]:
        """The article of each place that shares most, if it shares enough."""
        shared = np.bincount(self._met(shingles), minlength=len(self._texts))
        shares = shared / np.maximum(np.minimum(self._sizes, len(shingles)), 1)
        enough = (shares >= PART) & (shared >= LEAST)
        enough |= np.array([text.digest == one.digest for text in self._texts], np.bool_)
        best: dict[str | None, int] = {}
        for number in np.flatnonzero(enough).tolist():
            place = self._texts[number].place
            if place not in best or shares[number] > shares[best[place]]:
                best[place] = number
        return [(self._texts[number], float(shares[number])) for number in best.values()]

    def _met(self, shingles: Shingles) -> npt.NDArray[np.int64]:
        """Whose each shared sequence is, once for every owner."""
        low = np.searchsorted(self._hashes, shingles, side="left")
        high = np.searchsorted(self._hashes, shingles, side="right")
        counts = high - low
        starts = np.repeat(low - np.concatenate([[0], np.cumsum(counts)[:-1]]), counts)
        return np.asarray(self._owners[starts + np.arange(len(starts))], np.int64)


def find_copies(articles: Mapping[str, str], known: Iterable[Known]) -> list[Copy]:
    """The articles that are there already, each with the most alike one of each sort.

    Takes some 2 KiB for each article beside the texts, and reads each text once.

    Args:
        articles: text by id, in the order of the file; of copies in it the later are named.
        known: the data so far.

    Returns:
        In the order of `articles`: the copies held out, then one learnt from, then one before it
        in the file.
    """
    shingler = Shingler()
    before, within = _Versions(shingler), _Versions(shingler)
    out = []
    for part in known:
        for article in part.articles:
            one = _text(part.name, part.held, article.id, article.text)
            if part.held:
                out.append(one)
            else:
                shingles = shingler(one.text)
                before.take(one, shingles, _sketch(shingles))
    held = _Held(out, shingler)
    copies = []
    for name, text in articles.items():
        one, shingles = _text(None, False, name, text), shingler(text)
        if len(shingles):
            sketch = _sketch(shingles)
            found = [*held.seek(one, shingles), before.seek(one, shingles, sketch)]
            found.append(within.take(one, shingles, sketch))
            copies += [_copy(one, *other) for other in found if other is not None]
    return copies


def _sketch(shingles: Shingles) -> MinHash:
    """The MinHash of word sequences, by the lower half of each one's hash."""
    sketch = _BLANK.copy()
    sketch.update_batch((shingles & np.uint64(0xFFFFFFFF)).tolist())
    return sketch


def _text(place: str | None, held: bool, name: str, text: str) -> _Text:
    return _Text(place, held, name, text, digest_text(text))


def _copy(one: _Text, other: _Text, share: float) -> Copy:
    exact = one.digest == other.digest
    return Copy(one.name, other.name, other.place, other.held, share, exact)

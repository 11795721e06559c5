"""Which names are one: a forest of disjoint sets over names, and the articles of each."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

__all__ = ["Forest"]

Ints = npt.NDArray[np.int32]


class Forest:
    """Disjoint sets of names (Tarjan 1975); each set's articles, for what speaks against a union.

    Args:
        names: name of each row, [rows], in [0, count).
        articles: article of each row, [rows].
        count: how many names there are.
    """

    def __init__(self, names: Ints, articles: Ints, count: int) -> None:
        order = np.lexsort((articles, names))
        kept = np.ones(len(order), bool)
        sorted_names, sorted_articles = names[order], articles[order]
        kept[1:] = (np.diff(sorted_names) != 0) | (np.diff(sorted_articles) != 0)
        self._articles = sorted_articles[kept]
        self._starts: list[int] = np.searchsorted(sorted_names[kept], np.arange(count + 1)).tolist()
        self._parent = list(range(count))
        self._joined: dict[int, Ints] = {}

    def root(self, name: int) -> int:
        """The name that stands for the set of `name`: the first of its names."""
        parent = self._parent
        while parent[name] != name:
            parent[name] = parent[parent[name]]
            name = parent[name]
        return name

    def articles(self, name: int) -> Ints:
        """The articles of a name's set, in order."""
        root = self.root(name)
        if root in self._joined:
            return self._joined[root]
        return self._articles[self._starts[root] : self._starts[root + 1]]

    def frequency(self, name: int) -> int:
        """In how many articles a name's set stands."""
        root = self.root(name)
        if root in self._joined:
            return len(self._joined[root])
        return self.own(root)

    def own(self, name: int) -> int:
        """In how many articles a name itself stands."""
        return self._starts[name + 1] - self._starts[name]

    def apart(self, a: int, b: int) -> bool:
        """Whether an article has both as two sources, which speaks against their being one."""
        return len(np.intersect1d(self.articles(a), self.articles(b), assume_unique=True)) > 0

    def join(self, names: Iterable[int]) -> None:
        """Make one set of the sets of `names`."""
        roots = sorted({self.root(name) for name in names})
        if len(roots) < 2:
            return
        together = np.unique(np.concatenate([self.articles(root) for root in roots]))
        for root in roots[1:]:
            self._parent[root] = roots[0]
            self._joined.pop(root, None)
        self._joined[roots[0]] = together.astype(np.int32)

    def roots(self) -> Ints:
        """The root of every name, [count]."""
        return np.array([self.root(name) for name in range(len(self._parent))], np.int32)

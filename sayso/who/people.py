"""The persons of a corpus as far as they are told apart: their names, articles and agreement."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from sayso.who.forest import Forest
from sayso.who.naming import PersonName

__all__ = ["People", "Someone"]


@dataclass(frozen=True, slots=True)
class Someone:
    """A person so far.

    Attributes:
        number: the root in the forest.
        first, last: first name and surname of the most frequent form.
        told: whether a middle name or a suffix is known.
        frequency: in how many articles the person is a source.
    """

    number: int
    first: str
    last: str
    told: bool
    frequency: int


class People:
    """Names of persons over a forest, and what speaks against their being one.

    Args:
        forest: of all names; it is changed.
        names: the full names of persons by their number in the forest.
    """

    def __init__(self, forest: Forest, names: Mapping[int, PersonName]) -> None:
        self.forest = forest
        self._names = names
        self._sets: dict[int, list[int]] = defaultdict(list)
        for number in sorted(names):
            self._sets[forest.root(number)].append(number)

    def everyone(self) -> list[Someone]:
        """The persons so far, the most frequent first."""
        found = [self._someone(root, numbers) for root, numbers in self._sets.items()]
        return sorted(found, key=lambda one: (-one.frequency, one.last, one.first, one.number))

    def _someone(self, root: int, numbers: list[int]) -> Someone:
        best = self._names[max(numbers, key=lambda n: (self.forest.own(n), -n))]
        told = any(self._names[n].middle or self._names[n].suffix for n in numbers)
        return Someone(root, best.first, best.last, told, self.forest.frequency(root))

    def agree(self, a: int, b: int) -> bool:
        """Whether no middle name, initial or suffix of one speaks against the other's."""
        return all(
            _middles_agree(x, y) and (x.suffix == y.suffix or not (x.suffix and y.suffix))
            for x in self._of(a)
            for y in self._of(b)
        )

    def may_be_one(self, a: int, b: int) -> bool:
        """Whether they agree, suffixes too, and are in no article both."""
        return self.agree(a, b) and self.suffix_may_drop(a, b) and not self.forest.apart(a, b)

    def suffix_may_drop(self, a: int, b: int) -> bool:
        """Whether `Jr.` on one side alone is no sign of two, father and son.

        It is none if no article has both, and either the middle names are equal or the form with
        it is more frequent.
        """
        of_a, of_b = self._of(a), self._of(b)
        with_a, with_b = self.suffixed(a), self.suffixed(b)
        if with_a == with_b:
            return True
        if self.forest.apart(a, b):
            return False
        if {name.middle for name in of_a if name.middle} & {name.middle for name in of_b}:
            return True
        junior, plain = (a, b) if with_a else (b, a)
        return self.forest.frequency(junior) > self.forest.frequency(plain)

    def suffixed(self, number: int) -> bool:
        """Whether all forms of the name have a suffix."""
        return all(name.suffix for name in self._of(number))

    def join(self, a: int, b: int) -> None:
        """Make one person of two."""
        roots = {self.forest.root(a), self.forest.root(b)}
        if len(roots) < 2:
            return
        numbers = [number for root in sorted(roots) for number in self._sets.pop(root)]
        self.forest.join(roots)
        self._sets[self.forest.root(a)] = numbers

    def _of(self, number: int) -> list[PersonName]:
        return [self._names[n] for n in self._sets[self.forest.root(number)]]


def _middles_agree(a: PersonName, b: PersonName) -> bool:
    for one, other in zip(a.middle, b.middle, strict=False):
        short, long = sorted((one, other), key=len)
        if one != other and not (len(short) == 1 and long.startswith(short)):
            return False
    return True

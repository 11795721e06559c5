"""What is kept of a scored corpus to compare others with: by outlet and month, and its words."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from email.utils import parsedate_to_datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from eval.articlecounts import COUNTS, Counted, count_statements, place_of
from eval.moments import Moments
from eval.vocabulary import Vocabulary, VocabularyCounter, words_of
from sayso.errors import InputError
from sayso.read import read_articles
from sayso.records import Article
from sayso.rejects import Reject
from sayso.seen import SeenIds
from sayso.table import encodable

__all__ = ["ALL", "MONTH", "OUTLET", "WHOLE", "Group", "Profile", "profile_corpus", "read_profile"]

FORMAT = "sayso-drift-profile-1"

ALL, OUTLET, MONTH = "all", "outlet", "month"
"""Kinds of groups of articles."""

_MARK = b'{"format": "sayso-drift'

_CHUNK = 1024
_AGAIN = 0.02
"""Share of articles that may have an id that was there before."""

_ISO = re.compile(r"(\d{4})(?:-(?=\d\d(?!\d))|(?=\d\d(?:\d\d)?(?!\d)))(0[1-9]|1[0-2])")
_ZERO = np.zeros(len(COUNTS))


@dataclass(frozen=True, slots=True, order=True)
class Group:
    """Articles that belong together: `kind` is `ALL`, `OUTLET` or `MONTH`, `name` says which."""

    kind: str
    name: str


WHOLE = Group(ALL, "")


@dataclass(frozen=True, slots=True)
class Profile:
    """A scored corpus in a few thousand numbers.

    Attributes:
        model: id of the bundle that scored it.
        groups: the counts of `COUNTS` by group; the whole corpus always.
        vocabulary: of the texts, where they were given.
    """

    model: str
    groups: Mapping[Group, Moments]
    vocabulary: Vocabulary | None = None

    @property
    def whole(self) -> Moments:
        """The whole corpus."""
        return self.groups[WHOLE]

    def names(self, kind: str, floor: int = 1) -> list[str]:
        """The groups of a kind that have so many articles with a statement, in order."""
        speaking = place_of("speaking")
        return sorted(
            group.name
            for group, moments in self.groups.items()
            if group.kind == kind and moments.sums[speaking] >= floor
        )

    def to_json(self) -> str:
        """The profile as a file holds it; a group a line."""
        groups = ",\n".join(
            json.dumps({"kind": group.kind, "name": group.name, **moments.to_dict()})
            for group, moments in sorted(self.groups.items())
        )
        words = None if self.vocabulary is None else self.vocabulary.to_dict()
        return (
            f'{{"format": "{FORMAT}", "model": {json.dumps(self.model)},\n'
            f'"counts": {json.dumps(COUNTS)},\n"groups": [\n{groups}\n],\n'
            f'"vocabulary": {json.dumps(words)}}}\n'
        )


def read_profile(path: Path) -> Profile | None:
    """Read what `Profile.to_json` gave.

    Returns:
        None where the file is no profile at all.

    Raises:
        InputError: it is a damaged one, or one of another version.
    """
    try:
        with path.open("rb") as handle:
            if not handle.read(40).startswith(_MARK):
                return None
        raw = json.loads(path.read_text(encoding="utf-8"))
        if raw["format"] != FORMAT or tuple(raw["counts"]) != COUNTS:
            raise ValueError(f"format {raw['format']} with {len(raw['counts'])} counts")
        groups = {
            Group(row["kind"], row["name"]): Moments.from_dict(row, len(COUNTS))
            for row in raw["groups"]
        }
        words = raw["vocabulary"]
        vocabulary = None if words is None else Vocabulary.from_dict(words)
        if WHOLE not in groups:
            raise ValueError("no group of the whole corpus")
        return Profile(str(raw["model"]), groups, vocabulary)
    except (OSError, KeyError, TypeError, ValueError) as error:
        raise InputError(
            f"expected a profile of {FORMAT}, found {error}", file=str(path)
        ) from error


def profile_corpus(
    statements: str,
    articles: Sequence[str] = (),
    *,
    reference: Vocabulary | None = None,
    on_reject: Callable[[Reject], None],
) -> Profile:
    """Go through a scored corpus once.

    Memory grows with the outlets and months, not with the articles.

    Args:
        statements: what `sayso score` wrote.
        articles: the inputs that it was made from, in the same order; with them words and articles
            without a statement are counted too.
        reference: whose words are known; with it unknown ones are counted.
        on_reject: called for each article that cannot be read.

    Raises:
        InputError: a row is no scored statement, two models made them, there is none, or the
            articles are others or stand in another order.
        UsageError: a file is not there.
    """
    builder, models = _Builder(), set[str]()
    found = _noted(count_statements(statements), models)
    words = None
    if articles:
        words = VocabularyCounter(() if reference is None else reference.words)
        found = _with_texts(found, read_articles(articles, on_reject=on_reject), words, statements)
    for counted in found:
        builder.add(counted)
    if not models:
        raise InputError("expected scored statements, found none", file=statements)
    if builder.scattered:
        raise InputError(
            "expected the rows of an article together, found them apart: sort by article_id",
            file=statements,
        )
    if len(models) > 1:
        raise InputError(
            f"expected statements of one model, found {', '.join(sorted(models))}: score the "
            "articles again with one of them",
            file=statements,
        )
    return Profile(models.pop(), builder.groups(), None if words is None else words.vocabulary())


class _Builder:
    """Adds up articles by group."""

    def __init__(self) -> None:
        self._groups: dict[Group, Moments] = {}
        self._seen = SeenIds()
        self._again = 0

    @property
    def scattered(self) -> bool:
        """Whether articles came back too often for their rows to stand together."""
        return self._again > _AGAIN * (len(self._seen) + self._again)

    def add(self, counted: Counted) -> None:
        """Take articles in."""
        self._again += sum(not self._seen.add(name) for name in counted.ids)
        if not len(counted.ids):
            return
        places: dict[Group, list[int]] = defaultdict(list)
        for place, (outlet, date) in enumerate(
            zip(counted.outlets, counted.published, strict=True)
        ):
            if outlet:
                places[Group(OUTLET, outlet)].append(place)
            if month := month_of(date):
                places[Group(MONTH, month)].append(place)
        self._put(WHOLE, Moments.of(counted.counts))
        for group, mine in places.items():
            self._put(group, Moments.of(counted.counts[mine]))

    def groups(self) -> dict[Group, Moments]:
        """The sums."""
        return dict(self._groups)

    def _put(self, group: Group, moments: Moments) -> None:
        held = self._groups.get(group)
        self._groups[group] = moments if held is None else held.plus(moments)


@lru_cache(4096)
def month_of(published: str | None) -> str | None:
    """The month, `2020-03`, of a date as ISO 8601 or as mail has it; None if it has none."""
    if not published:
        return None
    if found := _ISO.match(published.strip()):
        return f"{found[1]}-{found[2]}"
    try:
        return f"{parsedate_to_datetime(published):%Y-%m}"
    except (ValueError, TypeError, IndexError):
        return None


def _noted(found: Iterable[Counted], models: set[str]) -> Iterator[Counted]:
    for counted in found:
        models |= counted.models
        yield counted


@dataclass(frozen=True, slots=True)
class _One:
    """One article of the statements."""

    id: str
    counts: Any


def _each(found: Iterable[Counted]) -> Iterator[_One]:
    for counted in found:
        for name, counts in zip(counted.ids, counted.counts, strict=True):
            yield _One(name, counts)


def _with_texts(
    found: Iterator[Counted],
    articles: Iterable[Article],
    words: VocabularyCounter,
    statements: str,
) -> Iterator[Counted]:
    """The articles in their own order, each with the counts of its statements and of its words."""
    rows, held = _each(found), list[tuple[Article, Any]]()
    waiting = next(rows, None)
    for article in articles:
        counts = _ZERO.copy()
        if waiting is not None and waiting.id == encodable(article.id):
            counts, waiting = waiting.counts.copy(), next(rows, None)
        counts[place_of("articles")] = 1
        taken = words.add(article.id, words_of(article.text))
        for name in ("words", "different", "unknown"):
            counts[place_of(name)] = getattr(taken, name)
        held.append((replace(article, text=""), counts))
        if len(held) == _CHUNK:
            yield _gathered(held)
            held.clear()
    if held:
        yield _gathered(held)
    if waiting is not None:
        raise InputError(
            "expected the articles that were scored, in the same order, found no article "
            f"{waiting.id!r} where its statements come",
            file=statements,
        )


def _gathered(held: Sequence[tuple[Article, Any]]) -> Counted:
    return Counted(
        ids=[article.id for article, _ in held],
        outlets=[_plain(article.outlet) for article, _ in held],
        published=[article.published for article, _ in held],
        counts=np.stack([counts for _, counts in held]),
        models=frozenset(),
    )


def _plain(name: str | None) -> str | None:
    return None if name is None else encodable(name)

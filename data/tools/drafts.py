"""Articles as one person marked them, put together while their file is read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from data.records import Convention, LabelledArticle, LabelledStatement, Origin
from data.tools.assembly import MOST, Assembled, assemble
from data.tools.parts import Parts, nest, reaches
from data.tools.regions import Marking
from data.tools.rejected import Rejected
from sayso.errors import InputError
from sayso.records import Article

__all__ = ["Draft", "Seen"]

_IN_PART = "; the rest of the article is kept, as marked in part"


class Seen:
    """The articles that were read: each has one text, and is marked once by each annotator."""

    def __init__(self) -> None:
        self._texts: dict[str, int] = {}
        self._pairs: set[tuple[str, str | None]] = set()

    def check(self, name: str, text: str, annotator: str | None, *, again: bool) -> None:
        """Take note of one.

        Raises:
            InputError: it has another text than before, or was marked by the same person before
                and may not be `again`.
        """
        if self._texts.setdefault(name, hash(text)) != hash(text):
            raise InputError("expected the text of the article of this id, found another")
        if (name, annotator) in self._pairs and not again:
            who = "one annotator" if annotator is None else f"the annotator {annotator:.100}"
            raise InputError(f"expected the article once by {who}, found it again")
        self._pairs.add((name, annotator))


class Draft:
    """An article as one person marked it, while rows of it are still being read."""

    def __init__(self, article: Article, annotator: str | None) -> None:
        self._article = article
        self._annotator = annotator
        self._parts: list[Parts] = []
        self._origins: list[Origin] = []
        self._whole = True

    def add(self, marking: Marking, origin: Origin, rejected: Rejected) -> None:
        """Add what is marked in one row."""
        found = assemble(marking)
        problems = [*marking.problems, *found.problems]
        if len(self._parts) + len(found.statements) > MOST:
            found = Assembled((), ())
            problems.append(f"expected at most {MOST} statements of an article, found more")
        places: list[int] = []
        known = {(one.source, one.cue, one.content): n for n, one in enumerate(self._parts)}
        for one in found.statements:
            key = one.source, one.cue, one.content
            place = known.setdefault(key, len(self._parts))
            places.append(place)
            if place == len(self._parts):
                self._parts.append(replace(one, parent=None, denies=None))
                self._origins.append(origin)
                continue
            before = self._parts[place].stance
            if one.stance is not None and before not in (None, one.stance):
                words = " … ".join(marking.article.text[s.start : s.end] for s in one.content)
                problems.append(
                    f"content {words!r:.80}: expected one stance, found {before} and {one.stance}"
                )
            self._parts[place] = replace(self._parts[place], stance=before or one.stance)
        for place, one in zip(places, found.statements, strict=True):
            self._link(place, one, places, problems)
        for problem in problems:
            rejected(marking.line, self._article.id, problem + _IN_PART, file=marking.file)
        self._whole = self._whole and not problems

    def _link(self, place: int, one: Parts, places: Sequence[int], problems: list[str]) -> None:
        """Set the links of a statement, whose places in the row are now others."""
        mine = self._parts[place]
        denies = mine.denies if one.denies is None else places[one.denies]
        parent = mine.parent
        if one.parent is not None and not reaches(
            [other.parent for other in self._parts], places[one.parent], place
        ):
            parent = places[one.parent]
        elif one.parent is not None:
            problems.append("expected no circle of relations inside, found one")
        self._parts[place] = replace(mine, parent=parent, denies=denies)

    def finished(self, convention: str) -> LabelledArticle:
        """The article; `PARTIAL` where something in it could not be read."""
        article = self._article
        names = [f"{article.id}#{n}" for n in range(len(self._parts))]
        return LabelledArticle(
            id=article.id,
            text=article.text,
            title=article.title,
            outlet=article.outlet,
            published=article.published,
            convention=convention if self._whole else Convention.PARTIAL,
            statements=tuple(
                LabelledStatement(
                    id=name,
                    doc=article.id,
                    source=one.source,
                    cue=one.cue,
                    content=one.content,
                    stance=one.stance,
                    annotator=self._annotator,
                    parent=None if one.parent is None else names[one.parent],
                    denies=None if one.denies is None else names[one.denies],
                    origin=origin,
                )
                for name, one, origin in zip(names, nest(self._parts), self._origins, strict=True)
            ),
            annotator=self._annotator,
        )

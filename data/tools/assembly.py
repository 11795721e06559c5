"""Regions and links that one person marked → the statements of an article, and back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from data.records import LabelledArticle
from data.tools.parts import Parts, nest, reaches
from data.tools.regions import DENIES, INSIDE, Link, Marking, Region, trimmed
from sayso.tags import ROLES

__all__ = ["MOST", "Assembled", "assemble", "take_apart"]

MOST = 4_000
"""Most regions, and most statements, of an article."""

_PAIRS = (INSIDE, DENIES)


@dataclass(frozen=True, slots=True)
class Assembled:
    """The statements of a marking, in the order of their first regions.

    Attributes:
        statements: each with a content.
        problems: for each region or link that made none: what was expected and what was found.
    """

    statements: tuple[Parts, ...]
    problems: tuple[str, ...]


def assemble(marking: Marking) -> Assembled:
    """Put statements together.

    A cue and what is linked to it are a statement, in whichever direction; pieces of the same role
    are pieces of one source, cue or content, and a piece linked to several cues belongs to each.
    Regions of the same `group` are a statement whatever is linked. Where there are neither groups
    nor links and there is one cue, everything belongs to it. Contents without a cue are a
    statement if a source or another content is linked to them, or if a stance was chosen on them.
    """
    regions = marking.regions
    if len(regions) > MOST:
        return Assembled((), (f"expected at most {MOST} regions, found {len(regions)}",))
    builder = _Builder(marking)
    members = builder.members()
    found = [builder.parts([regions[n] for n in ids]) for ids in members]
    builder.name_left_over(members)
    statements = [parts for parts in found if parts is not None]
    if marking.stance is not None:
        if len(statements) == 1 and statements[0].stance in (None, marking.stance):
            statements[0] = replace(statements[0], stance=marking.stance)
        else:
            builder.problems.append(
                f"expected one statement without another stance for the stance {marking.stance} "
                f"of the task, found {len(statements)} statements"
            )
    whole = [ids for ids, parts in zip(members, found, strict=True) if parts is not None]
    return Assembled(tuple(builder.linked(statements, whole)), tuple(builder.problems))


def take_apart(article: LabelledArticle) -> tuple[tuple[Region, ...], tuple[Link, ...]]:
    """The regions and links that `assemble` makes the article's statements of.

    A region a piece, the cue's first, with the stance; links go from it to the others, from a
    statement to its parent where `nest` would not find it, and to the one that it denies.

    Raises:
        InputError: a piece is blank.
    """
    found = nest([Parts(one.source, one.cue, one.content) for one in article.statements])
    places = {one.id: n for n, one in enumerate(article.statements)}
    regions: list[Region] = []
    links: list[Link] = []
    for number, one in enumerate(article.statements):
        group = str(number + 1)
        pieces = [
            (role, span) for role in ("cue", "content", "source") for span in getattr(one, role)
        ]
        for n, (role, span) in enumerate(pieces):
            stance = None if n else one.stance
            spans = (trimmed(article.text, span),)
            regions.append(Region(f"{group}.{n}", role, spans, stance, group))
            if n:
                links.append(Link(f"{group}.0", f"{group}.{n}", role))
        for name, other, known in (
            (INSIDE, one.parent, found[number].parent),
            (DENIES, one.denies, None),
        ):
            place = places.get(other) if other is not None else None
            if place is not None and place != known:
                links.append(Link(f"{group}.0", f"{place + 1}.0", name))
    return tuple(regions), tuple(links)


class _Builder:
    """Finds which regions belong together and what is wrong with the rest."""

    def __init__(self, marking: Marking) -> None:
        self.text = marking.article.text
        self.regions = marking.regions
        self.problems: list[str] = []
        self._places = {region.id: n for n, region in enumerate(self.regions)}
        self._near: dict[int, set[int]] = defaultdict(set)
        self._pairs: list[tuple[Link, int, int]] = []
        for link in marking.links:
            self._take(link)

    def _take(self, link: Link) -> None:
        first, second = self._places.get(link.first), self._places.get(link.second)
        if first is None or second is None or first == second:
            self.problems.append(
                f"expected a relation between two regions, found one from {link.first:.60} to "
                f"{link.second:.60}"
            )
        elif link.name in _PAIRS:
            self._pairs.append((link, first, second))
        else:
            self._near[first].add(second)
            self._near[second].add(first)

    def members(self) -> list[list[int]]:
        """The regions of each statement, in the order of the first ones."""
        groups, cues = self._groups(), self._cues()
        if len(cues) == 1 and not groups and not self._near:
            return [list(range(len(self.regions)))]
        owners: dict[int, set[int]] = defaultdict(set)
        for seed in (*groups, *cues, *self._own_stance()):
            for n in seed:
                owners[n].add(seed[0])
        self._spread(owners)
        for seed in self._without_cue(owners):
            for n in seed:
                owners[n].add(seed[0])
        found: dict[int, list[int]] = defaultdict(list)
        for n in sorted(owners):
            for owner in owners[n]:
                found[owner].append(n)
        return [found[owner] for owner in sorted(found, key=lambda one: (found[one][0], one))]

    def _groups(self) -> list[list[int]]:
        groups: dict[str, list[int]] = defaultdict(list)
        for n, region in enumerate(self.regions):
            if region.group is not None:
                groups[region.group].append(n)
        return list(groups.values())

    def _cues(self) -> list[list[int]]:
        """Cues without a group, those that are linked to each other together."""
        cues = {n for n, one in enumerate(self.regions) if one.role == "cue" and one.group is None}
        return self._clusters(cues)

    def _own_stance(self) -> list[list[int]]:
        """Contents with a stance of their own and no link to a cue."""
        roles = [one.role for one in self.regions]
        return [
            [n]
            for n, one in enumerate(self.regions)
            if one.role == "content"
            and one.stance is not None
            and one.group is None
            and all(roles[other] != "cue" for other in self._near.get(n, ()))
        ]

    def _without_cue(self, owners: Mapping[int, set[int]]) -> list[list[int]]:
        left = {n for n, one in enumerate(self.regions) if n not in owners}
        return [
            cluster
            for cluster in self._clusters(left)
            if len(cluster) > 1 and any(self.regions[n].role == "content" for n in cluster)
        ]

    def _clusters(self, among: set[int]) -> list[list[int]]:
        """The connected ones, in order."""
        left, clusters = set(among), []
        for n in sorted(among):
            if n not in left:
                continue
            cluster, ahead = [], [n]
            left.discard(n)
            while ahead:
                at = ahead.pop()
                cluster.append(at)
                more = self._near[at] & left if at in self._near else set()
                left -= more
                ahead.extend(more)
            clusters.append(sorted(cluster))
        return clusters

    def _spread(self, owners: dict[int, set[int]]) -> None:
        """Give sources and contents that are linked to a statement's pieces to that statement."""
        edge = sorted(owners)
        while edge:
            gained: dict[int, set[int]] = defaultdict(set)
            for n in edge:
                for other in self._near.get(n, ()):
                    if other not in owners and self.regions[other].group is None:
                        gained[other] |= owners[n]
            owners.update(gained)
            edge = sorted(gained)

    def parts(self, regions: Sequence[Region]) -> Parts | None:
        """A statement of its regions; None, with a problem, where they make none."""
        spans = {
            role: tuple(sorted({s for one in regions if one.role == role for s in one.spans}))
            for role in ROLES
        }
        stances = {one.stance for one in regions if one.stance is not None}
        if not spans["content"]:
            self._name(regions, "a content")
            return None
        for role, pieces in spans.items():
            if any(one.end > other.start for one, other in pairwise(pieces)):
                self._name(regions, f"pieces of a {role} that do not overlap", found="some that do")
                return None
        if len(stances) > 1:
            self._name(regions, "one stance", found=", ".join(sorted(stances)))
        stance = stances.pop() if len(stances) == 1 else None
        return Parts(spans["source"], spans["cue"], spans["content"], stance)

    def name_left_over(self, members: Sequence[Sequence[int]]) -> None:
        """A problem for each region that is in no statement."""
        used = {n for ids in members for n in ids}
        for n, region in enumerate(self.regions):
            if n not in used:
                wanted = "a cue" if region.role == "source" else "a cue or a source"
                self._name([region], f"a relation to {wanted}")

    def linked(self, statements: Sequence[Parts], members: Sequence[Sequence[int]]) -> list[Parts]:
        """The statements with `parent` and `denies` as the links say."""
        owners: dict[int, set[int]] = defaultdict(set)
        for place, ids in enumerate(members):
            for n in ids:
                owners[n].add(place)
        parents: list[int | None] = [None] * len(statements)
        denies: list[int | None] = [None] * len(statements)
        for link, first, second in self._pairs:
            taken = parents if link.name == INSIDE else denies
            if (
                len(owners[first]) != 1
                or len(owners[second]) != 1
                or owners[first] == owners[second]
            ):
                self._unfit(link, "two statements")
                continue
            child, other = min(owners[first]), min(owners[second])
            if taken[child] not in (None, other):
                self._unfit(link, "one such relation a statement")
            elif link.name == INSIDE and reaches(parents, other, child):
                self._unfit(link, "no circle of statements")
            else:
                taken[child] = other
        return [
            replace(one, parent=parents[n], denies=denies[n]) for n, one in enumerate(statements)
        ]

    def _unfit(self, link: Link, wanted: str) -> None:
        self.problems.append(
            f"expected {wanted} for the relation {link.name}, found it from {link.first:.60} to "
            f"{link.second:.60}"
        )

    def _name(self, regions: Sequence[Region], wanted: str, *, found: str = "none") -> None:
        first = regions[0]
        words = " … ".join(self.text[span.start : span.end] for span in first.spans)
        more = f" and {len(regions) - 1} more" if len(regions) > 1 else ""
        self.problems.append(
            f"{first.role} {words!r:.80} (region {first.id:.60}){more}: expected {wanted}, found "
            f"{found}"
        )

"""What is wrong in the marks of one article: its spans, labels and links."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from data.findings import ERROR, WARNING, Finding
from data.records import LabelledArticle, LabelledStatement
from sayso.records import FORMS, KINDS, Span
from sayso.tags import ROLES

__all__ = ["check_marks"]

Problem = tuple[str, str, str, str | None]
"""Kind, severity, words and the statement's id."""


def check_marks(article: LabelledArticle, file: str, line: int) -> list[Finding]:
    """All that is wrong in what one person marked in an article.

    Errors are statements with neither cue nor content, spans of white space alone, spans of
    different roles that overlap (a token has one tag in a layer), labels that there are not, and
    links to no statement or round in a circle. Warnings are statements without content, spans that
    cut a word, take white space along or overlap one of the same role, statements marked twice, and
    nested ones that stand outside their parent's content.

    Args:
        article: whose spans stand in its text.
        file: that was read.
        line: of it.
    """
    problems: list[Problem] = []
    for one in article.statements:
        for check in (_labels, _emptiness, _overlaps, _edges):
            problems += check(one, article.text)
    by_id = {one.id: one for one in article.statements}
    problems += [problem for one in article.statements for problem in _links(one, by_id)]
    problems += _twice(article.statements)
    return [
        Finding(kind, severity, words, file, line, article.id, statement)
        for kind, severity, words, statement in problems
    ]


def _labels(one: LabelledStatement, _: str) -> Iterator[Problem]:
    for name, known in (("form", FORMS), ("kind", KINDS)):
        found = getattr(one, name)
        if found is not None and found not in known:
            words = f"expected {name} to be one of {', '.join(known)}, found {found!r:.60}"
            yield "label", ERROR, words, one.id


def _emptiness(one: LabelledStatement, text: str) -> Iterator[Problem]:
    if not one.cue and not one.content:
        yield "empty", ERROR, "expected a cue or a content, found neither", one.id
    elif not one.content:
        yield "empty", WARNING, "expected a content, found none", one.id
    for role in ROLES:
        for span in getattr(one, role):
            if not text[span.start : span.end].strip():
                words = f"expected words in the {role} {_place(span)}, found white space"
                yield "empty", ERROR, words, one.id


def _overlaps(one: LabelledStatement, _: str) -> Iterator[Problem]:
    pieces = sorted((span, role) for role in ROLES for span in getattr(one, role))
    for (first, role), (second, other) in pairwise(pieces):
        if second.start < first.end:
            words = (
                f"expected spans apart, found the {role} {_place(first)} over the {other} "
                f"{_place(second)}"
            )
            yield "overlap", WARNING if role == other else ERROR, words, one.id


def _edges(one: LabelledStatement, text: str) -> Iterator[Problem]:
    for role in ROLES:
        for span in getattr(one, role):
            piece = text[span.start : span.end]
            if not piece.strip():
                continue
            if piece != piece.strip():
                words = f"expected no white space at the edge of the {role} {_place(span)}"
                yield "edge", WARNING, f"{words}, found {piece!r:.60}", one.id
            elif _cuts(text, span.start) or _cuts(text, span.end):
                words = f"expected whole words as the {role} {_place(span)}"
                yield "edge", WARNING, f"{words}, found {piece!r:.60}", one.id


def _links(one: LabelledStatement, by_id: Mapping[str, LabelledStatement]) -> Iterator[Problem]:
    for name in ("parent", "denies"):
        found = getattr(one, name)
        if found is not None and found not in by_id:
            words = f"expected {name} to be a statement of the article, found {found!r:.60}"
            yield "link", ERROR, words, one.id
    parent = by_id.get(one.parent) if one.parent is not None else None
    if parent is None:
        return
    if _circles(one, by_id):
        yield "link", ERROR, "expected parents that end on top, found a circle", one.id
    elif not _within(one.content, parent.content):
        words = f"expected the content within that of {parent.id}, found it reaching out"
        yield "nested", WARNING, words, one.id


def _circles(one: LabelledStatement, by_id: Mapping[str, LabelledStatement]) -> bool:
    """Whether a statement stands, by way of its parents, in itself."""
    seen: set[str] = set()
    above: str | None = one.parent
    while above is not None and above not in seen:
        if above == one.id:
            return True
        seen.add(above)
        above = by_id[above].parent if above in by_id else None
    return False


def _twice(statements: Sequence[LabelledStatement]) -> Iterator[Problem]:
    """Statements of the same spans: a conflict if their stances differ."""
    alike: dict[object, list[LabelledStatement]] = defaultdict(list)
    for one in statements:
        alike[(one.source, one.cue, one.content)].append(one)
    for group in alike.values():
        names = " and ".join(one.id for one in group)
        stances = sorted({one.stance for one in group if one.stance is not None})
        if len(stances) > 1:
            words = f"expected one stance, found {' and '.join(stances)} in {names}"
            yield "conflict", ERROR, words, group[-1].id
        elif len(group) > 1:
            yield "twice", WARNING, f"expected it once, found {names}", group[-1].id


def _within(inner: Sequence[Span], outer: Sequence[Span]) -> bool:
    return all(any(o.start <= i.start and i.end <= o.end for o in outer) for i in inner)


def _cuts(text: str, place: int) -> bool:
    """Whether a word goes on across a place."""
    return 0 < place < len(text) and text[place - 1].isalnum() and text[place].isalnum()


def _place(span: Span) -> str:
    return f"[{span.start}, {span.end}]"

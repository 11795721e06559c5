"""Denials tied to what they deny, measured on labelled links; baselines; sides of statements."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from data.denials import DeniedArticle, Placed
from data.records import LabelledArticle
from eval.denialfit import fit_weights
from eval.denialsaid import Told, said_of
from eval.figures import Figure, Scores, accuracy, interval, scores
from eval.tuples import match_statements
from sayso.claims.denials import Said, link_denials
from sayso.claims.polarity import position
from sayso.records import join_pieces

__all__ = [
    "FOLDS",
    "LinkScores",
    "Linker",
    "by_folds",
    "first_only",
    "latest_other",
    "measure_found",
    "measure_links",
    "measure_positions",
    "most_shared",
]

Linker: TypeAlias = Callable[[Sequence[Said]], list[int | None]]
Counts: TypeAlias = npt.NDArray[np.int64]

FOLDS = 6
"""Parts of the labelled articles that are held out in turn."""

_SEED = 13


@dataclass(frozen=True, slots=True)
class LinkScores:
    """How well denials are tied.

    Attributes:
        links: precision over the links made, recall over the labelled ones, and their F1. A link
            is right if it is to a statement that the label names.
        nothing: share of the denials of nothing written that are left untied.
        denials, linked: how many there are, and how many deny a statement of their article.
    """

    links: Scores
    nothing: Figure
    denials: int
    linked: int


def latest_other(said: Sequence[Said]) -> list[int | None]:
    """Baseline: the nearest statement before a denial that is another source's."""
    links: list[int | None] = [None] * len(said)
    for n, one in enumerate(said):
        if one.stance == "denial":
            others = (k for k in range(n - 1, -1, -1) if said[k].source_entity != one.source_entity)
            links[n] = next(others, None)
    return links


def most_shared(said: Sequence[Said]) -> list[int | None]:
    """Baseline: the other statement whose content shares most words with the denial's (Jaccard)."""
    words = [frozenset((one.content_text or "").lower().split()) for one in said]
    links: list[int | None] = [None] * len(said)
    for n, one in enumerate(said):
        if one.stance == "denial":
            shares = [
                len(words[n] & other) / max(len(words[n] | other), 1) * (k != n)
                for k, other in enumerate(words)
            ]
            best = int(np.argmax(shares))
            links[n] = best if shares[best] > 0 else None
    return links


def measure_links(articles: Sequence[DeniedArticle], link: Linker = link_denials) -> LinkScores:
    """Tie the denials of articles on their labelled spans and stances."""
    told = [said_of(article.article) for article in articles]
    return _scores(articles, [_named(one, link(one.said)) for one in told])


def by_folds(
    articles: Sequence[DeniedArticle], *, folds: int = FOLDS
) -> tuple[LinkScores, LinkScores]:
    """As `measure_links`, each article by weights that were fitted on the other folds alone.

    Returns:
        Of the articles of news, and of those that were made.
    """
    order = np.random.default_rng(_SEED).permutation(len(articles))
    found: dict[int, dict[str, str]] = {}
    for fold in range(folds):
        held = set(order[fold::folds].tolist())
        weights = fit_weights([a for n, a in enumerate(articles) if n not in held])
        for n in sorted(held):
            told = said_of(articles[n].article)
            found[n] = _named(told, link_denials(told.said, weights=weights))
    news, made = ([n for n, a in enumerate(articles) if a.made == kind] for kind in (False, True))
    return (
        _scores([articles[n] for n in news], [found[n] for n in news]),
        _scores([articles[n] for n in made], [found[n] for n in made]),
    )


def measure_found(
    articles: Sequence[DeniedArticle], scored: Sequence[LabelledArticle]
) -> LinkScores:
    """Tie the denials that a scorer found, with its spans, stances and sources.

    Args:
        articles: with the labels.
        scored: the same with the statements found; they stand for the labelled ones that they
            match by overlap, and what matches none counts as wrong where it is tied.
    """
    found = []
    for article, one in zip(articles, scored, strict=True):
        told = said_of(one)
        matches = match_statements(article.article.statements, one.statements)
        names = {match.predicted.id: match.gold.id for match in matches}
        links = _named(told, link_denials(told.said))
        found.append({names.get(a, f"? {a}"): names.get(b, "?") for a, b in links.items()})
    return _scores(articles, found)


def measure_positions(placed: Sequence[Placed]) -> Figure:
    """Share of labelled statements whose side is told right, over articles."""
    right: dict[str, list[int]] = {}
    for one in placed:
        text, statement = one.article.text, one.statement
        told = position(
            join_pieces(text, statement.content),
            join_pieces(text, statement.cue),
            statement.stance,
        )
        right.setdefault(one.article.id, [0, 0])[told != one.position] += 1
    return interval([[counts, [0, 0]] for counts in right.values()], accuracy)


def first_only(articles: Sequence[DeniedArticle]) -> list[DeniedArticle]:
    """The labels with one statement a denial, the most direct one; links to others are wrong."""
    return [
        DeniedArticle(one.article, {denial: ones[:1] for denial, ones in one.denies.items()})
        for one in articles
    ]


def _named(told: Told, links: Sequence[int | None]) -> dict[str, str]:
    return {told.ids[n]: told.ids[to] for n, to in enumerate(links) if to is not None}


def _scores(articles: Sequence[DeniedArticle], found: Sequence[Mapping[str, str]]) -> LinkScores:
    pairs = list(zip(articles, found, strict=True))
    whole = np.array([_link_counts(article, links) for article, links in pairs]).reshape(-1, 3)
    nothing = [_nothing_counts(article, links) for article, links in pairs]
    return LinkScores(
        links=scores(whole),
        nothing=interval(nothing, accuracy),
        denials=sum(len(article.denies) for article in articles),
        linked=int(whole[:, 2].sum()),
    )


def _link_counts(article: DeniedArticle, links: Mapping[str, str]) -> Counts:
    """Right, made and labelled links."""
    right = sum(links.get(denial, "") in ones for denial, ones in article.denies.items())
    return np.array([right, len(links), sum(bool(ones) for ones in article.denies.values())])


def _nothing_counts(article: DeniedArticle, links: Mapping[str, str]) -> list[list[int]]:
    """Denials of nothing written that are left untied, and that are tied."""
    tied = [denial in links for denial, ones in article.denies.items() if not ones]
    return [[len(tied) - sum(tied), sum(tied)], [0, 0]]

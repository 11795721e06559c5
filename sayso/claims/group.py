"""Statements on the same claim, across articles and outlets, and what repeats a wire story."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from sayso.claims.blocks import candidate_parts
from sayso.claims.clusters import components, group_items
from sayso.claims.contents import Contents, Groups
from sayso.claims.copies import copied_statements
from sayso.claims.items import Items, make_items
from sayso.claims.likeness import Likeness, load_likeness, probabilities
from sayso.claims.terms import CHUNK, read_terms
from sayso.claims.vectors import load_vectors

__all__ = ["Contents", "Groups", "group_claims"]

IntArray = npt.NDArray[np.int32]
FloatArray = npt.NDArray[np.float32]


def group_claims(
    contents: Contents, *, likeness: Likeness | None = None, chunk: int = CHUNK
) -> Groups:
    """Group statements by the claim that they are on, and find those that repeat a wire story.

    Contents become terms (`sayso.claims.terms`), pairs that share rare ones are judged by what they
    share in words, names, numbers and meaning (`sayso.claims.likeness`), and groups are joined
    while their members are alike on average (`sayso.claims.clusters`). Negation counts for nothing:
    both sides of a claim are one group. A denial and what it denies are always one.

    Args:
        contents: the statements.
        likeness: how pairs are judged; as it ships if left out.
        chunk: contents that are read at a time; the groups do not depend on it.
    """
    terms = read_terms(contents.propositions(), chunk=chunk)
    items = make_items(contents, terms, load_vectors(terms.vocabulary.plain))
    group = _grouped(items, contents, likeness or load_likeness())
    claim = np.arange(len(contents), dtype=np.int32)
    told = items.item >= 0
    claim[told] = items.row[group[items.item[told]]]
    return Groups(
        claim=_ordinals(_with_denials(claim, contents)),
        copy_of=copied_statements(contents, items),
    )


def _grouped(items: Items, contents: Contents, likeness: Likeness) -> IntArray:
    """The least item of each item's group."""

    def score(i: IntArray, j: IntArray) -> FloatArray:
        return probabilities(items, contents, i, j, likeness)

    found = [_likely(items, contents, *part, likeness) for part in candidate_parts(items, contents)]
    i, j, chance = (np.concatenate(columns) for columns in zip(*found, strict=True))
    tied = _tied(items, contents)
    return group_items(len(items), i, j, chance, score, link=likeness.link, must=tied)


def _likely(
    items: Items, contents: Contents, i: IntArray, j: IntArray, likeness: Likeness
) -> tuple[IntArray, IntArray, FloatArray]:
    """The pairs that reach the link, with their probabilities."""
    chance = probabilities(items, contents, i, j, likeness, least=likeness.link)
    kept = chance >= likeness.link
    return i[kept], j[kept], chance[kept]


def _tied(items: Items, contents: Contents) -> tuple[IntArray, IntArray]:
    """Pairs of items of which one denies the other."""
    rows = np.flatnonzero(contents.denies >= 0)
    one, other = items.item[rows], items.item[contents.denies[rows]]
    kept = (one >= 0) & (other >= 0) & (one != other)
    pairs = np.unique(np.sort(np.stack([one[kept], other[kept]]), axis=0), axis=1)
    return pairs[0].astype(np.int32), pairs[1].astype(np.int32)


def _with_denials(claim: IntArray, contents: Contents) -> IntArray:
    """Claims joined where one denies the other, and -1 for what is neither written nor linked."""
    rows = np.flatnonzero(contents.denies >= 0)
    targets = contents.denies[rows]
    joined = components(len(claim), claim[rows], claim[targets])[claim]
    empty = np.asarray(contents.content.is_null().to_numpy(zero_copy_only=False), dtype=np.bool_)
    empty[rows] = empty[targets] = False
    return np.where(empty, -1, joined).astype(np.int32)


def _ordinals(claim: IntArray) -> IntArray:
    """Claims counted from 0 by first appearance; -1 stays."""
    _, first, codes = np.unique(claim, return_index=True, return_inverse=True)
    none = claim[first] < 0
    order = np.argsort(np.where(none, -1, first), kind="stable")
    ordinal = np.empty(len(order), np.int32)
    ordinal[order] = np.arange(len(order), dtype=np.int32) - int(none.any())
    return ordinal[codes]

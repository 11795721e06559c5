"""The tables of `sayso sources`: their columns, one row a source, outlet, claim or statement."""

from __future__ import annotations

from typing import Any, Protocol

import pyarrow as pa

__all__ = ["CLAIMS", "OUTLETS", "POSITIONS", "SAID", "SOURCES", "Profiled"]

POSITIONS = ("for", "against", "open")
"""What a statement does with its claim: puts it forward (asserted or hedged), rejects it, or
leaves it open (speculation)."""


def _schema(columns: dict[str, Any]) -> pa.Schema:
    return pa.schema([pa.field(name, kind) for name, kind in columns.items()])


_TEXT, _COUNT, _SHARE = pa.string(), pa.int32(), pa.float32()
_TEXTS = pa.list_(pa.field("item", pa.string()))

_MANNER = {
    "share_assertion": _SHARE,  # of its statements; the four sum to 1
    "share_denial": _SHARE,
    "share_hedge": _SHARE,
    "share_speculation": _SHARE,
    "share_direct": _SHARE,  # of form direct
    "share_nested": _SHARE,  # second-hand: told inside another's statement
}

_EVIDENCE = {
    "claims": _COUNT,  # on which it takes a side
    "shared": _COUNT,  # of these, claims on which another independent source takes a side
    "agreed": _COUNT,  # of the shared, those on which most of the others take its side
    "contradicted": _COUNT,  # of the shared, those on which most take the other side
    "share_contested": _SHARE,  # of its claims, those with sources on both sides; null without any
    "changed": _COUNT,  # claims on which it took one side and later the other
    "known": _COUNT,  # claims on which an outcome was given and it takes a side
    "right": _COUNT,  # of the known, those on which it was right
    "brier": _SHARE,  # mean squared error of what its stances commit it to; null without outcomes
    "log_loss": _SHARE,  # the same by the logarithmic score, in nats
    "reliability": _SHARE,  # probability that what it states is so: posterior mean
    "reliability_low": _SHARE,  # 90 % interval
    "reliability_high": _SHARE,
    "prior": _SHARE,  # what the estimate shrinks to
    "checked": _SHARE,  # how many claims' worth of evidence the estimate rests on
    "copied": _SHARE,  # of its claims, the share judged to be taken over from `copies`
    "copies": _TEXT,  # id of the source it follows most, or null
    "letter": _TEXT,  # Admiralty reliability, A to F
    "reasons": _TEXTS,  # for the letter, in words
    "evidence": _TEXTS,  # statement ids behind it, ten at most
}

SOURCES = _schema(
    {
        "id": _TEXT,
        "name": _TEXT,  # one name across articles
        "kind": _TEXT,  # as in `sayso.records.KINDS`
        "aliases": _TEXTS,  # other names it goes by, most frequent first
        "statements": _COUNT,
        "articles": _COUNT,
        "outlets": _COUNT,
        "first": _TEXT,  # earliest and latest `published`, as written; null where none is given
        "last": _TEXT,
        **_MANNER,
        **_EVIDENCE,
    }
)
"""One row a source with a name; unnamed ones appear in `SAID` only. Sorted by statements, name."""

OUTLETS = _schema(
    {
        "id": _TEXT,
        "name": _TEXT,
        "statements": _COUNT,
        "articles": _COUNT,
        "sources": _COUNT,
        "first": _TEXT,
        "last": _TEXT,
        **_MANNER,
        "share_unnamed": _SHARE,  # statements whose source is unnamed, or not written
        "share_unsourced": _SHARE,  # statements without a written source
        "p_high": _SHARE,  # how likely its factual reporting is high, mixed or low, by how it
        "p_mixed": _SHARE,  # reports (`sayso.profiles.factual`: weak evidence); null for outlets of
        "p_low": _SHARE,  # few articles. No part of the letter
        **_EVIDENCE,
    }
)
"""One row an outlet. What an outlet carries counts as its own claim; near-copies count once."""

CLAIMS = _schema(
    {
        "id": _TEXT,
        "text": _TEXT,  # content of the statement that stands for it
        "statement": _TEXT,  # that statement's id
        "statements": _COUNT,
        "articles": _COUNT,
        "outlets": _COUNT,
        "sources": _COUNT,  # independent ones: copies left out, a source counted once
        "asserting": _COUNT,  # of these by their latest stance; the four sum to `sources`
        "denying": _COUNT,
        "hedging": _COUNT,
        "speculating": _COUNT,
        "supporting": _COUNT,  # of `sources` by their latest side: for it, without a hedge
        "supporting_hedged": _COUNT,  # for it with a hedge
        "opposing": _COUNT,  # against it, without a hedge
        "opposing_hedged": _COUNT,  # against it with a hedge; the rest leave it open
        "carriers": _COUNT,  # outlets with a statement that takes a side and is no near-copy; an
        # article without an outlet is its own
        "first": _TEXT,
        "last": _TEXT,
        "contested": pa.bool_(),  # some for it, some against
        "p_true": _SHARE,  # from the sources' estimated reliability
        "outcome": pa.bool_(),  # as the user's file says; null where unknown
        "digit": _TEXT,  # Admiralty credibility of the claim, "1" to "6"
        "reasons": _TEXTS,  # for the digit, in words
    }
)
"""One row a claim, those of one statement too. Sorted by sources (most first), then id."""

SAID = _schema(
    {
        "statement_id": _TEXT,
        "article_id": _TEXT,
        "outlet_id": _TEXT,  # null where no outlet is given
        "source_id": _TEXT,  # null where no source is written; unnamed ones are of one article
        "claim_id": _TEXT,
        "position": _TEXT,  # one of `POSITIONS`
        "denies": _TEXT,  # statement id, in the same article, of what this denial denies
        "copy_of": _TEXT,  # statement id of what this one is a near-copy of, or null
        "digit": _TEXT,  # credibility of what this statement says: the claim's, or its contrary's
    }
)
"""One row a statement, in the order of the input's articles."""


class Profiled(Protocol):
    """The four tables of a corpus."""

    @property
    def sources(self) -> pa.Table:
        """Of `SOURCES`."""

    @property
    def outlets(self) -> pa.Table:
        """Of `OUTLETS`."""

    @property
    def claims(self) -> pa.Table:
        """Of `CLAIMS`."""

    @property
    def said(self) -> pa.Table:
        """Of `SAID`."""

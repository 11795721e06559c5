"""The tables of a small invented corpus, as `sayso sources` makes them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from sayso.profiles.schema import CLAIMS, OUTLETS, SAID, SOURCES
from sayso.table import STATEMENT_SCHEMA

SPOKEN: tuple[tuple[Any, ...], ...] = (
    ("a1", "s1", "Ruth Abeni", "c1", "for", "assertion", "o1", "the bridge is safe", None, "3"),
    ("a1", "s2", "Noa Leilani", "c1", "against", "denial", "o1", "it is not", "a1#0", "3"),
    ("a1", "u1", "an engineer", "c1", "against", "hedge", "o1", "it may not hold", None, "3"),
    ("a2", "s1", "Abeni", "c2", "for", "assertion", "o2", "=SUM(A1) <b>tolls</b> rise", None, "1"),
    ("a2", "s2", "Leilani", "c2", "for", "assertion", "o2", "tolls rise", None, "1"),
    ("a3", None, None, "c3", "open", "speculation", None, "“who knows” – é\n\t☃", None, "6"),
    ("a4", "s2", "Leilani", "c4", "against", "denial", "o2", "no vote was held", None, "6"),
    ("a4", "s1", "Abeni", "c4", "open", None, "o2", None, None, "6"),
)
"""What is said: article, source and how it is written, claim and position, stance, outlet, content,
what it denies, digit."""

PUBLISHED = {"a1": "2031-04-02", "a2": "yesterday", "a4": "May 9, 2031"}
"""When the articles were published."""

CLAIMED: tuple[tuple[Any, ...], ...] = (
    ("c1", "the bridge is safe", "3", 0.62, None, (1, 0, 1, 1)),
    ("c2", "tolls rise", "1", 0.97, True, (2, 0, 0, 0)),
    ("c3", "“who knows” – é", "6", 0.5, None, (0, 0, 0, 0)),
    ("c4", "no vote was held", "6", None, None, (0, 0, 1, 0)),
)
"""A tie, a claim known to be true, and two that cannot be judged: id, text, digit, probability,
outcome, sources for it, for it with a hedge, against it, against it with a hedge."""

SOURCED: tuple[dict[str, Any], ...] = (
    {
        "id": "s1",
        "name": "Ruth Abeni",
        "kind": "person",
        "aliases": ["Abeni", "@ruth"],
        "letter": "B",
        "reasons": ["Right on 7 of 8."],
        "reliability": 0.82,
    },
    {
        "id": "s2",
        "name": "+Noa Leilani",
        "kind": "person",
        "aliases": [],
        "letter": "F",
        "reasons": ["Too little to go by."],
        "reliability": float("nan"),
    },
)
CARRIED: tuple[dict[str, Any], ...] = (
    {"id": "o1", "name": "The Courier", "letter": "C", "reasons": ["So so."]},
    {"id": "o2", "name": '-Post, "daily"', "letter": "F", "reasons": None},
)


@dataclass(frozen=True)
class Corpus:
    """The tables, and the statements that they were made of."""

    sources: pa.Table
    outlets: pa.Table
    claims: pa.Table
    said: pa.Table
    statements: pa.Table


def rows(schema: pa.Schema, values: Sequence[dict[str, Any]]) -> pa.Table:
    """Rows of a table; columns that they leave out are null."""
    names = schema.names
    return pa.table({n: [one.get(n) for one in values] for n in names}, schema=schema)


def invented_corpus() -> Corpus:
    """Eight statements of four articles, two outlets, two named sources."""
    said, statements = [], []
    numbers = Counter[str]()
    for article, source, written, claim, position, stance, outlet, content, denies, digit in SPOKEN:
        name = f"{article}#{numbers[article]}"
        numbers[article] += 1
        said.append(
            {
                "statement_id": name,
                "article_id": article,
                "outlet_id": outlet,
                "source_id": source,
                "claim_id": claim,
                "position": position,
                "denies": denies,
                "digit": digit,
            }
        )
        statements.append(
            {
                "article_id": article,
                "statement_id": name,
                "source_text": written,
                "content_text": content,
                "stance": stance,
                "published": PUBLISHED.get(article),
            }
        )
    return Corpus(
        sources=rows(SOURCES, SOURCED),
        outlets=rows(OUTLETS, CARRIED),
        claims=rows(CLAIMS, [_claim(*values) for values in CLAIMED]),
        said=rows(SAID, said),
        statements=rows(STATEMENT_SCHEMA, statements[::-1]),
    )


def _claim(
    name: str,
    text: str,
    digit: str,
    p_true: float | None,
    outcome: bool | None,
    sides: tuple[int, int, int, int],
) -> dict[str, Any]:
    kinds = ("supporting", "supporting_hedged", "opposing", "opposing_hedged")
    return {
        "id": name,
        "text": text,
        "digit": digit,
        "p_true": p_true,
        "outcome": outcome,
        "contested": bool(sides[0] and sides[2]),
        "carriers": 1,
        "reasons": [f"So it is with {name}."],
        **dict(zip(kinds, sides, strict=True)),
    }

"""A made corpus of scored statements: as many as asked for, with Zipfian sources and claims."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from sayso.bundle import load_bundle
from sayso.records import FORMS, STANCES
from sayso.table import STATEMENT_SCHEMA

__all__ = ["ARTICLE", "made_statements", "write_statements"]

ARTICLE = 16
"""Statements of an article."""

_BATCH = 2_000 * ARTICLE
_SHARES = (0.78, 0.08, 0.09, 0.05)
"""Of the stances, as in news."""

_RETOLD = 0.4
"""Share of statements that are on a claim which another article is on too."""

_FIRST = "Ada Bruno Carla Dario Edith Felix Greta Hugo Irma Jonas Klara Lukas Mina Nils Olga Pavel"
_TITLES = "minister senator president governor spokesman judge professor director".split()
_BODIES = "ministry council agency union bank court party institute".split()
_UNNAMED = ("officials", "a senior official", "residents", "two witnesses", "critics", "analysts")
_CUES = "said told added announced wrote stated noted claimed warned argued".split()
_DENIED = "denied rejected disputed dismissed".split()
_VERBS = "will close|has signed|opened|has lost|may sell|must repay|bombed|voted against|found"


def made_statements(count: int, seed: int = 0) -> Iterator[pa.Table]:
    """Tables of `STATEMENT_SCHEMA` with `count` rows in all.

    Words are those of the shipped bundle's vocabulary, the frequent ones more often. Claims are
    retold in other words, with another cue and stance; sources are persons, bodies and unnamed.
    """
    words = _vocabulary()
    rng = np.random.default_rng(seed)
    for first in range(0, count, _BATCH):
        yield _table(first, min(_BATCH, count - first), count, words, rng)


def write_statements(count: int, path: Path, seed: int = 0) -> None:
    """Write `made_statements` to a Parquet file."""
    with pq.ParquetWriter(path, STATEMENT_SCHEMA) as out:
        for table in made_statements(count, seed):
            out.write_table(table)


def _vocabulary() -> list[str]:
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(load_bundle().folder / "tokenizer.json"))
    ids = sorted((number, word) for word, number in tokenizer.get_vocab().items())
    return [word for _, word in ids if word.isascii() and word.isalpha() and len(word) > 3]


def _table(
    first: int, rows: int, count: int, words: list[str], rng: np.random.Generator
) -> pa.Table:
    number = np.arange(first, first + rows)
    claim = np.where(
        rng.random(rows) < _RETOLD,
        (count / 12 * rng.random(rows) ** 3).astype(np.int64),  # some are on many tongues
        count + number,  # nobody else's
    )
    stance = rng.choice(len(STANCES), rows, p=_SHARES)
    source = (max(count / 8, 4) * rng.random(rows) ** 4).astype(np.int64)
    contents = [_content(int(one), words, rng) for one in claim]
    people = [_source(int(one), words) for one in source]
    cues = [
        rng.choice(_DENIED) if STANCES[one] == "denial" else rng.choice(_CUES) for one in stance
    ]
    article = number // ARTICLE
    place = (number % ARTICLE) * 200
    p = np.full((rows, len(STANCES)), 0.05, np.float32)
    p[np.arange(rows), stance] = 0.85
    columns = {
        "article_id": [f"made-{one:08d}" for one in article],
        "statement_id": [
            f"made-{one:08d}#{at}" for one, at in zip(article, number % ARTICLE, strict=True)
        ],
        "source_spans": _spans(place, [len(one[0]) for one in people]),
        "cue_spans": _spans(place + 80, [len(one) for one in cues]),
        "content_spans": _spans(place + 95, [len(one) for one in contents]),
        "source_text": [one[0] for one in people],
        "cue_text": cues,
        "content_text": contents,
        "form": [FORMS[one] for one in rng.choice(len(FORMS), rows, p=(0.2, 0.1, 0.7))],
        "stance": [STANCES[one] for one in stance],
        **{f"p_{name}": p[:, at] for at, name in enumerate(STANCES)},
        "p_statement": np.full(rows, 0.97, np.float32),
        "source_entity": [one[1] for one in people],
        "source_kind": [one[2] for one in people],
        "parent_id": [None] * rows,
        "outlet": [f"Outlet {one % 300}" for one in article],
        "published": [
            (date(2024, 1, 1) + timedelta(int(one) % 360)).isoformat() for one in article
        ],
        "model": ["made"] * rows,
    }
    return pa.table(
        {field.name: pa.array(columns[field.name], field.type) for field in STATEMENT_SCHEMA},
        schema=STATEMENT_SCHEMA,
    )


def _spans(
    starts: np.ndarray[tuple[int], np.dtype[np.int64]], lengths: list[int]
) -> list[list[dict[str, int]]]:
    return [
        [{"start": int(start), "end": int(start) + length}]
        for start, length in zip(starts, lengths, strict=True)
    ]


def _source(number: int, words: list[str]) -> tuple[str, str, str]:
    """What is written, the name and the kind of a source."""
    if number % 5 == 4:
        written = _UNNAMED[number % len(_UNNAMED)]
        return written, written, "unnamed"
    if number % 5 == 3:
        body = f"{words[number * 7 % len(words)].title()} {_BODIES[number % len(_BODIES)].title()}"
        return f"the {body}", body, "organisation"
    firsts = _FIRST.split()
    surname = (words[number * 11 % len(words)] + words[number * 13 % len(words)][:3]).title()
    name = f"{firsts[number % len(firsts)]} {surname}"
    return f"{_TITLES[number % len(_TITLES)]} {name}", name, "person"


def _content(claim: int, words: list[str], rng: np.random.Generator) -> str:
    """A claim in words of its own, some of which change from telling to telling."""
    own = np.random.default_rng(claim)
    at = (len(words) * own.random(9) ** 2).astype(np.int64)
    verbs = _VERBS.split("|")
    subject = f"the {words[at[0]]} {words[at[1]]}" if claim % 2 else f"{words[at[0]].title()}"
    core = f"{subject} {verbs[claim % len(verbs)]} the {words[at[2]]} {words[at[3]]}"
    more = f"in {words[at[4]].title()}" if claim % 3 else f"for {claim % 97 + 3} {words[at[4]]}s"
    filler = words[int(len(words) * rng.random() ** 2)]
    told = rng.integers(4)
    if told == 0:
        return f"{core} {more}"
    if told == 1:
        return f"that {core} {more} after the {filler}"
    if told == 2:
        return f"{core} {more}, with the {words[at[5]]} of {words[at[6]]}"
    return f"that, as the {filler} goes on, {core} {more} and the {words[at[7]]}"

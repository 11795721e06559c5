"""Tables and articles as the JSON that the page's script reads."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from sayso.page.choice import Choice, choose, renumbered
from sayso.page.counts import DIGITS, counts, stance_codes
from sayso.page.limits import Limits
from sayso.page.tables import NOWHERE, IntArray, Tables, places
from sayso.page.texts import Texts, printable, read_texts, utf16_places, whole
from sayso.profiles.schema import POSITIONS, Profiled
from sayso.records import FORMS, STANCES, Article, Span, join_pieces

__all__ = ["Model", "make_model", "script_json"]

_ROLES = ("source", "cue", "content")
_DIGITS = 4
_CUT = "…"
_ESCAPED = "<>&\u2028\u2029"


@dataclass(frozen=True, slots=True)
class Model:
    """What a page holds.

    Attributes:
        data: title, counts, and columns of sources, outlets, claims, articles and statements.
        texts: the articles' texts, by their place among the articles, as text.
    """

    data: dict[str, Any]
    texts: dict[str, str]


def make_model(
    profiles: Profiled,
    statements: pa.Table,
    articles: Iterable[Article] | None,
    *,
    title: str,
    limits: Limits,
) -> Model:
    """Everything that a page shows; see `sayso.page.page.build_page`."""
    tables = Tables.of(profiles, statements)
    choice = choose(tables, limits)
    rows = tables.statements.take(pa.array(choice.statements)).to_pylist()
    contested = _contested(tables, choice)
    wanted: dict[str, tuple[int, int]] = {}
    for row, fought in zip(rows, contested, strict=True):
        row["article_id"] = name = printable(row["article_id"])
        many, all_of = wanted.get(name, (0, 0))
        wanted[name] = (many + fought, all_of + 1)
    read = read_texts(articles, wanted, limits)
    texts, strange = _as_scored(read.texts, rows)
    names = {name: place for place, name in enumerate(wanted)}
    data = {
        "title": printable(title),
        **counts(tables, choice),
        "left_out": [*choice.left_out, *_left_out(read, strange)],
        "with_texts": bool(texts),
        "sources": _columns(tables.sources, choice.sources, tables),
        "outlets": _columns(tables.outlets, choice.outlets, tables),
        "claims": _columns(tables.claims, choice.claims, tables),
        "articles": _articles(tables, choice, names, read),
        "statements": _statements(tables, choice, rows, names, texts, limits),
    }
    for name in ("sources", "outlets"):
        evidence = data[name].pop("evidence")
        data[name]["evidence"] = _evidence(evidence, rows)
    kept = tables.statements["statement_id"].take(pa.array(choice.statements))
    stands = pa.chunked_array([pa.array(data["claims"].pop("statement"), pa.string())])
    data["claims"]["statement"] = places(stands, kept).tolist()
    return Model(data, {str(names[name]): text for name, text in texts.items()})


def script_json(value: Any) -> str:
    """JSON that can stand in a script element: no `<`, `>`, `&`, nor line separators."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    for letter in _ESCAPED:
        text = text.replace(letter, f"\\u{ord(letter):04x}")
    return text


def _columns(table: pa.Table, rows: IntArray, tables: Tables) -> dict[str, list[Any]]:
    kept = table.take(pa.array(rows))
    out = {}
    for name in kept.column_names:
        values = kept[name].to_pylist()
        kind = kept.schema.field(name).type
        if pa.types.is_floating(kind):
            values = [_rounded(value) for value in values]
        elif pa.types.is_string(kind) and name != "statement":
            values = [value if value is None else printable(value) for value in values]
        elif pa.types.is_list(kind) and name != "evidence":
            values = [[printable(one) for one in value or () if one] for value in values]
        out[name] = values
    return out


def _rounded(value: float | None) -> float | None:
    return None if value is None or not np.isfinite(value) else round(value, _DIGITS)


def _evidence(ids: Sequence[Sequence[str] | None], rows: Sequence[dict[str, Any]]) -> list[Any]:
    at = {row["statement_id"]: place for place, row in enumerate(rows)}
    return [[at[one] for one in each or () if one in at] for each in ids]


def _contested(tables: Tables, choice: Choice) -> list[bool]:
    flags = [bool(flag) for flag in tables.claims["contested"].to_pylist()] + [False]
    return [flags[claim] for claim in tables.claim[choice.statements].tolist()]


def _as_scored(
    texts: Mapping[str, str], rows: Sequence[dict[str, Any]]
) -> tuple[dict[str, str], int]:
    """The texts in which every statement's pieces stand where they were found, and how many not."""
    kept = {name: whole(text) for name, text in texts.items()}
    for row in rows:
        text = kept.get(row["article_id"])
        if text is None:
            continue
        for role in _ROLES:
            spans = [Span(span["start"], span["end"]) for span in row[f"{role}_spans"]]
            if join_pieces(text, spans) != row[f"{role}_text"]:
                kept.pop(row["article_id"], None)
    return {name: printable(text) for name, text in kept.items()}, len(texts) - len(kept)


def _left_out(read: Texts, strange: int) -> list[str]:
    notes = []
    if read.crowded:
        notes.append(
            f"The text of {read.crowded:,} articles is not in this page, to keep it small; "
            "their statements are shown without it."
        )
    if strange:
        notes.append(
            f"The text of {strange:,} articles is not the one that was scored, and is not shown."
        )
    return notes


def _articles(
    tables: Tables, choice: Choice, names: Mapping[str, int], read: Texts
) -> dict[str, list[Any]]:
    """Columns of the articles of which a statement is shown."""
    ids = tables.statements["article_id"]
    whole: Counter[str] = Counter()
    for each in pc.value_counts(ids).to_pylist():
        whole[printable(each["values"])] += each["counts"]
    first: dict[str, int] = {}
    kept = ids.take(pa.array(choice.statements)).to_pylist()
    for row, name in zip(choice.statements.tolist(), kept, strict=True):
        first.setdefault(printable(name), row)
    outlet = renumbered(tables.outlet, choice.outlets, tables.outlets.num_rows)
    out: dict[str, list[Any]] = {"id": list(names), "statements": [whole[n] for n in names]}
    rows = [first[name] for name in names]
    out["outlet"] = outlet[rows].tolist() if rows else []
    out["day"] = tables.day[rows].tolist() if rows else []
    taken = tables.statements.select(["outlet", "published"]).take(pa.array(rows, pa.int64()))
    given = taken.to_pylist()
    for name in ("title", "url", "outlet", "published"):
        values = []
        for place, key in enumerate(names):
            article = read.articles.get(key)
            value = getattr(article, name) if article else None
            value = value or given[place].get(name)
            values.append(None if value is None else printable(value))
        out["outlet_name" if name == "outlet" else name] = values
    return out


def _statements(
    tables: Tables,
    choice: Choice,
    rows: Sequence[dict[str, Any]],
    names: Mapping[str, int],
    texts: Mapping[str, str],
    limits: Limits,
) -> dict[str, list[Any]]:
    """Columns of the statements; rows of other tables and of statements are places in the page."""
    use = choice.statements
    said = tables.said.take(pa.array(use))
    at = {row["statement_id"]: place for place, row in enumerate(rows)}
    codes = stance_codes(tables)[use].tolist()
    out: dict[str, list[Any]] = {
        "ordinal": [_ordinal(row) for row in rows],
        "article": [names[row["article_id"]] for row in rows],
        "source": renumbered(tables.source, choice.sources, tables.sources.num_rows)[use].tolist(),
        "outlet": renumbered(tables.outlet, choice.outlets, tables.outlets.num_rows)[use].tolist(),
        "claim": renumbered(tables.claim, choice.claims, tables.claims.num_rows)[use].tolist(),
        "stance": codes,
        "p": [
            [round(row[f"p_{stance}"], 3) for stance in STANCES] + [round(row["p_statement"], 3)]
            for row in rows
        ],
        "form": [FORMS.index(row["form"]) if row["form"] in FORMS else NOWHERE for row in rows],
        "kind": [row["source_kind"] for row in rows],
        "entity": [_cut(row["source_entity"], limits) for row in rows],
        "parent": [at.get(row["parent_id"], NOWHERE) for row in rows],
        "spans": _spans(rows, texts),
    }
    for name in ("denies", "copy_of"):
        out[name] = [at.get(one, NOWHERE) for one in said[name].to_pylist()]
    out["position"] = [_place(one, POSITIONS) for one in said["position"].to_pylist()]
    out["digit"] = [one if one in DIGITS else None for one in said["digit"].to_pylist()]
    for role in _ROLES:
        out[f"{role}_text"] = [_cut(row[f"{role}_text"], limits) for row in rows]
    return out


def _place(value: str | None, names: Sequence[str]) -> int:
    return names.index(value) if value in names else NOWHERE


def _ordinal(row: dict[str, Any]) -> str:
    return printable(str(row["statement_id"])).removeprefix(f"{row['article_id']}#")


def _cut(text: str | None, limits: Limits) -> str | None:
    if text is None:
        return None
    most = limits.statement_characters
    return printable(text if len(text) <= most else text[:most] + _CUT)


def _spans(rows: Sequence[dict[str, Any]], texts: Mapping[str, str]) -> list[Any]:
    """For each statement source, cue and content as flat starts and ends in UTF-16 units.

    0 stands for a statement whose article's text is not in the page.
    """
    maps = {name: utf16_places(text) for name, text in texts.items()}
    out: list[Any] = []
    for row in rows:
        if row["article_id"] not in texts:
            out.append(0)
            continue
        units = maps[row["article_id"]]
        each = []
        for role in _ROLES:
            flat = [place for s in row[f"{role}_spans"] for place in (s["start"], s["end"])]
            each.append(flat if units is None else units[np.array(flat, np.int64)].tolist())
        out.append(each)
    return out

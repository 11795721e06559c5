"""The one way in for labelled data: PolNeAR, news marked in full, stance labels, our own gold.

Every loader takes the data's place and yields `data.records`. A folder given as `root` is looked
through for each file by name, at the top, in `corpora/` and in `labels/`.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import zlib
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import replace
from itertools import product
from operator import index
from pathlib import Path
from typing import Any

from data.records import LABELS, Convention, LabelledArticle, LabelledStatement, Origin
from sayso.errors import InputError
from sayso.records import Span

__all__ = [
    "GOLD",
    "SHIPPED",
    "TEXTS",
    "load_full",
    "load_gold",
    "load_labels",
    "load_polnear",
    "load_stances",
    "locate",
    "with_stances",
]

GOLD = Path(__file__).parent / "gold"
"""Our own gold: fictional articles written and marked for this project."""

SHIPPED = Path(__file__).parent / "labels"
"""The stance labels on PolNeAR that ship with the project: offsets and labels, no article text."""

TEXTS = ("articles.jsonl", "outlets.articles.jsonl", "outlets.articles.jsonl.gz")
"""Files whose articles' texts the rows of label files without text refer to."""

_PLACES = ("", "corpora", "labels", "polnear")


def locate(root: Path | str, name: str) -> Path:
    """The path of the file or folder `name` under `root`, or among the labels that ship.

    Raises:
        InputError: it is in none of the places looked at.
    """
    for path in (*(Path(root) / place / name for place in _PLACES), SHIPPED / name):
        if path.exists():
            return path
    looked = ", ".join(str(Path(root) / place / name) for place in _PLACES)
    raise InputError(f"expected {name} under {root}, found none of: {looked}")


def load_polnear(root: Path | str, split: str) -> list[LabelledArticle]:
    """PolNeAR articles of a split (`train`, `dev`, …), spans only, marked `FLAT`.

    Reads `polnear.<split>.jsonl`, or PolNeAR's own folder `<split>/` of brat `.ann` beside `.txt`
    (Newell, Margolin and Ruths 2018).

    Raises:
        InputError: neither is there, or a row is malformed (names file and line).
    """
    try:
        path = locate(root, f"polnear.{split}.jsonl")
    except InputError:
        from data.brat import load_brat

        return load_brat(locate(root, split))
    return [_article(row, path, line, Convention.FLAT) for line, row in _rows(path)]


def load_full(root: Path | str, name: str) -> list[LabelledArticle]:
    """Articles with spans, stance, form, entity, kind and parent marked, e.g. `news.train.jsonl`.

    A row without `text` takes it from the article of the same id in those of `TEXTS` that are
    under `root`, and is checked against the row's `text_sha256`.

    Raises:
        InputError: a file is missing, a row is malformed, or a text is not the one that was marked.
    """
    path = locate(root, name)
    rows = list(_rows(path))
    lacking = {str(row.get("id")) for _, row in rows if "text" not in row}
    texts = _texts(root, lacking, path) if lacking else {}
    return [
        _article(_with_text(row, texts, path, line), path, line, Convention.FULL)
        for line, row in rows
    ]


def load_gold(root: Path | str = GOLD) -> list[LabelledArticle]:
    """Our own gold: `articles.jsonl` and its sibling `labels.jsonl`.

    Raises:
        InputError: a file is missing, a row is malformed or names an unknown article.
    """
    path, labels = locate(root, "articles.jsonl"), locate(root, "labels.jsonl")
    articles = {r["id"]: _article(r, path, n, Convention.FULL) for n, r in _rows(path)}
    by_doc: dict[str, list[LabelledStatement]] = defaultdict(list)
    for line, row in _rows(labels):
        doc = str(row.get("doc"))
        if doc not in articles:
            raise InputError(
                f"expected doc of an article in {path}, found {doc!r}", file=str(labels), line=line
            )
        by_doc[doc].append(_statement(row, articles[doc].text, labels, line))
    return [replace(a, statements=tuple(by_doc[a.id])) for a in articles.values()]


def load_labels(path: Path) -> list[LabelledArticle]:
    """Labels of your own with their texts, as `python -m data import` writes them.

    A row is an article as one person marked it: as in `load_full`, with `convention` (`full` where
    it is not said), `annotator`, and `origin` with each attribution.

    Raises:
        InputError: the file is missing or a row is malformed (names file and line).
    """
    articles = []
    for line, row in _rows(path):
        convention = row.get("convention", Convention.FULL)
        if convention not in (Convention.FULL, Convention.FLAT, Convention.PARTIAL):
            raise InputError(
                f"expected convention to be full, flat or partial, found {convention!r:.60}",
                file=str(path),
                line=line,
            )
        articles.append(_article(row, path, line, convention))
    return articles


def load_stances(path: Path) -> list[LabelledStatement]:
    """Stance labels on spans of articles that are not in the file (`stance.<split>.jsonl`).

    Raises:
        InputError: the file is missing or a row is malformed.
    """
    return [_statement(row, None, path, line) for line, row in _rows(path)]


def with_stances(
    articles: Sequence[LabelledArticle], labels: Sequence[LabelledStatement]
) -> list[LabelledArticle]:
    """The articles with each statement's stance taken from the label of the same cue and content.

    A label that matches no marked statement is added as one of its own. Labels of articles that
    are not among `articles` raise.

    Raises:
        InputError: a label names an article that is not there, or spans outside its text.
    """
    texts = {article.id: article.text for article in articles}
    by_doc: dict[str, dict[object, LabelledStatement]] = defaultdict(dict)
    for label in labels:
        if label.doc not in texts:
            raise InputError(f"label {label.id}: expected an article {label.doc!r}, found none")
        _check_spans((*label.source, *label.cue, *label.content), texts[label.doc], label.id)
        by_doc[label.doc][(label.cue, label.content)] = label
    out = []
    for article in articles:
        left = by_doc[article.id]
        merged = []
        for statement in article.statements:
            found = left.pop((statement.cue, statement.content), None)
            merged.append(replace(found, source=statement.source) if found else statement)
        out.append(replace(article, statements=(*merged, *left.values())))
    return out


def _texts(root: Path | str, wanted: Set[str], path: Path) -> dict[str, str]:
    """The texts of articles by id, from those of `TEXTS` that are there."""
    texts: dict[str, str] = {}
    places = []
    for name in TEXTS:
        try:
            places.append(locate(root, name))
        except InputError:
            continue
    for place in places:
        rows = (row for _, row in _rows(place) if row.get("id") in wanted)
        texts = {row["id"]: str(row.get("text")) for row in rows} | texts
    if not places:
        raise InputError(
            f"expected the texts of {len(wanted)} articles in {' or '.join(TEXTS)} under {root}, "
            "found no such file",
            file=str(path),
        )
    return texts


def _with_text(
    row: dict[str, Any], texts: Mapping[str, str], path: Path, line: int
) -> dict[str, Any]:
    if "text" in row:
        return row
    text = texts.get(str(row.get("id")))
    if text is None:
        raise InputError(
            f"expected the text of article {row.get('id')!r}, found none", file=str(path), line=line
        )
    found = hashlib.sha256(text.encode()).hexdigest()
    if found != row.get("text_sha256"):
        raise InputError(
            f"expected the text of {row['id']!r} to have sha256 {row.get('text_sha256')}, found "
            f"{found}",
            file=str(path),
            line=line,
        )
    return {**row, "text": text}


def _rows(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    try:
        whole = path.read_bytes()
        lines = (gzip.decompress(whole) if path.suffix == ".gz" else whole).split(b"\n")
    except (OSError, EOFError, zlib.error) as error:
        raise InputError(f"expected a file to read, found {error}", file=str(path)) from error
    for line, raw in enumerate(lines, 1):
        if not raw.strip():
            continue
        try:
            row = json.loads(raw.decode("utf-8"))
        except ValueError as error:
            raise InputError(
                f"expected a JSON object in UTF-8, found {error}", file=str(path), line=line
            ) from error
        if not isinstance(row, dict):
            raise InputError(
                f"expected a JSON object, found {type(row).__name__}", file=str(path), line=line
            )
        yield line, row


def _article(row: Mapping[str, Any], path: Path, line: int, convention: str) -> LabelledArticle:
    for key in ("id", "text"):
        if not isinstance(row.get(key), str):
            raise InputError(
                f"expected a string {key!r}, found {row.get(key)!r:.60}", file=str(path), line=line
            )
    marks = row.get("attributions", [])
    if not isinstance(marks, list) or not all(isinstance(mark, dict) for mark in marks):
        raise InputError(
            f"expected attributions as a list of objects, found {marks!r:.60}",
            file=str(path),
            line=line,
        )
    rows = [{**mark, "id": f"{row['id']}#{n}", "doc": row["id"]} for n, mark in enumerate(marks)]
    for mark, name in product(rows, ("parent", "denies")):
        other = mark.get(name)
        if isinstance(other, int):
            if not 0 <= other < len(rows):
                raise InputError(
                    f"expected {name} to be one of {len(rows)} attributions, found {other}",
                    file=str(path),
                    line=line,
                )
            mark[name] = rows[other]["id"]
    return LabelledArticle(
        id=row["id"],
        text=row["text"],
        title=row.get("title"),
        outlet=row.get("outlet") or row.get("publisher"),
        published=row.get("published"),
        convention=convention,
        statements=tuple(_statement(mark, row["text"], path, line) for mark in rows),
        annotator=row.get("annotator"),
    )


def _statement(
    row: Mapping[str, Any], text: str | None, path: Path, line: int
) -> LabelledStatement:
    stance = row.get("stance")
    if stance is not None and stance not in LABELS:
        raise InputError(
            f"expected stance to be one of {', '.join(LABELS)}, found {stance!r}",
            file=str(path),
            line=line,
        )
    try:
        spans = {
            role: tuple(sorted(Span(index(start), index(end)) for start, end in row[role]))
            for role in ("source", "cue", "content")
        }
        name, doc = str(row["id"]), str(row["doc"])
        weight = float(row.get("weight", 1.0))
    except (KeyError, TypeError, ValueError) as error:
        raise InputError(
            "expected id, doc, source, cue and content as lists of [start, end], and a number as "
            f"weight, found {error!r}",
            file=str(path),
            line=line,
        ) from error
    if text is not None:
        pieces = [piece for role in spans.values() for piece in role]
        _check_spans(pieces, text, name, file=str(path), line=line)
    return LabelledStatement(
        id=name,
        doc=doc,
        source=spans["source"],
        cue=spans["cue"],
        content=spans["content"],
        stance=stance,
        sure=bool(row.get("sure", True)),
        weight=weight,
        annotator=row.get("annotator"),
        form=row.get("form"),
        entity=row.get("entity"),
        kind=row.get("kind"),
        parent=row.get("parent"),
        denies=row.get("denies"),
        origin=_origin(row.get("origin"), path, line),
    )


def _origin(found: Any, path: Path, line: int) -> Origin | None:
    if found is None:
        return None
    try:
        origin = Origin(**found)
    except TypeError:
        origin = None
    texts = () if origin is None else (origin.file, origin.tool, origin.date or "")
    if not texts or not all(isinstance(text, str) for text in texts):
        raise InputError(
            f"expected origin as an object of file, tool and date, found {found!r:.80}",
            file=str(path),
            line=line,
        )
    return origin


def _check_spans(
    spans: Sequence[Span], text: str, name: str, *, file: str | None = None, line: int | None = None
) -> None:
    for span in spans:
        if not 0 <= span.start < span.end <= len(text):
            raise InputError(
                f"{name}: expected 0 <= start < end <= {len(text)}, found "
                f"[{span.start}, {span.end}]",
                file=file,
                line=line,
            )

"""The one way in for labelled data: PolNeAR, news marked in full, stance labels, our own gold.

Every loader takes the data's place and yields `data.records`. A folder given as `root` is looked
through for each file by name, at the top, in `corpora/` and in `labels/`; what its
`withdrawn.jsonl` names is left out (see `data.withdrawn`).
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import replace
from pathlib import Path
from typing import Any

from data.records import Convention, LabelledArticle, LabelledStatement
from data.rows import (
    ReadArticle,
    article_of,
    check_spans,
    convention_of,
    parse_line,
    read_article,
    read_lines,
    read_rows,
    statement_of,
)
from data.withdrawn import load_withdrawn
from sayso.errors import InputError

__all__ = [
    "GOLD",
    "PLACES",
    "SHIPPED",
    "TEXTS",
    "each_label",
    "load_full",
    "load_gold",
    "load_labels",
    "load_polnear",
    "load_stances",
    "load_texts",
    "locate",
    "with_stances",
]

GOLD = Path(__file__).parent / "gold"
"""Our own gold: fictional articles written and marked for this project."""

SHIPPED = Path(__file__).parent / "labels"
"""The stance labels on PolNeAR that ship with the project: offsets and labels, no article text."""

TEXTS = ("articles.jsonl", "outlets.articles.jsonl", "outlets.articles.jsonl.gz")
"""Files whose articles' texts the rows of label files without text refer to."""

PLACES = ("", "corpora", "labels", "polnear")
"""Folders of the data's root in which files are looked for."""


def locate(root: Path | str, name: str) -> Path:
    """The path of the file or folder `name` under `root`, or among the labels that ship.

    Raises:
        InputError: it is in none of the places looked at.
    """
    for path in (*(Path(root) / place / name for place in PLACES), SHIPPED / name):
        if path.exists():
            return path
    looked = ", ".join(str(Path(root) / place / name) for place in PLACES)
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

        found = load_brat(locate(root, split))
    else:
        found = [article_of(row, path, line, Convention.FLAT) for line, row in read_rows(path)]
    return load_withdrawn(root).keep_articles(found)


def load_full(root: Path | str, name: str) -> list[LabelledArticle]:
    """Articles with spans, stance, form, entity, kind and parent marked, e.g. `news.train.jsonl`.

    A row without `text` takes it from the article of the same id in those of `TEXTS` that are
    under `root`, and is checked against the row's `text_sha256`.

    Raises:
        InputError: a file is missing, a row is malformed, or a text is not the one that was marked.
    """
    path, withdrawn = locate(root, name), load_withdrawn(root)
    rows = [(line, row) for line, row in read_rows(path) if not withdrawn.takes_row(row)]
    lacking = {str(row.get("id")) for _, row in rows if "text" not in row}
    texts = load_texts(root, lacking, path) if lacking else {}
    found = [
        article_of(_with_text(row, texts, path, line), path, line, Convention.FULL)
        for line, row in rows
    ]
    return withdrawn.keep_articles(found)


def load_gold(root: Path | str = GOLD) -> list[LabelledArticle]:
    """Our own gold: `articles.jsonl` and its sibling `labels.jsonl`.

    Raises:
        InputError: a file is missing, a row is malformed or names an unknown article.
    """
    path, labels = locate(root, "articles.jsonl"), locate(root, "labels.jsonl")
    articles = {r["id"]: article_of(r, path, n, Convention.FULL) for n, r in read_rows(path)}
    by_doc: dict[str, list[LabelledStatement]] = defaultdict(list)
    for line, row in read_rows(labels):
        doc = str(row.get("doc"))
        if doc not in articles:
            raise InputError(
                f"expected doc of an article in {path}, found {doc!r}", file=str(labels), line=line
            )
        by_doc[doc].append(statement_of(row, articles[doc].text, labels, line))
    return [replace(a, statements=tuple(by_doc[a.id])) for a in articles.values()]


def load_labels(path: Path, *, root: Path | str | None = None) -> list[LabelledArticle]:
    """Labels of your own with their texts, as `python -m data import` writes them.

    A row is an article as one person marked it: as in `load_full`, with `convention` (`full` where
    it is not said), `annotator`, and `origin` with each attribution.

    Args:
        path: the file.
        root: the folder of the labelled data; what was withdrawn from it is left out.

    Raises:
        InputError: the file is missing or a row is malformed (names file and line).
    """
    articles = []
    for row in each_label(path):
        if row.article is None:
            raise row.errors[0]
        articles.append(row.article)
    return articles if root is None else load_withdrawn(root).keep_articles(articles)


def each_label(path: Path) -> Iterator[ReadArticle]:
    """As `load_labels`, row by row: one that cannot be read comes with all that is wrong in it.

    Raises:
        InputError: the file is missing.
    """
    for line, raw in read_lines(path):
        try:
            row = parse_line(raw, path, line)
            convention = convention_of(row, path, line)
        except InputError as error:
            yield ReadArticle(line, None, (error,))
        else:
            yield read_article(row, path, line, convention)


def load_stances(path: Path, *, root: Path | str | None = None) -> list[LabelledStatement]:
    """Stance labels on spans of articles that are not in the file (`stance.<split>.jsonl`).

    Args:
        path: the file.
        root: the folder of the labelled data; what was withdrawn from it is left out.

    Raises:
        InputError: the file is missing or a row is malformed.
    """
    found = [statement_of(row, None, path, line) for line, row in read_rows(path)]
    return found if root is None else load_withdrawn(root).keep_labels(found)


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
        check_spans((*label.source, *label.cue, *label.content), texts[label.doc], label.id)
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


def load_texts(root: Path | str, wanted: Set[str], path: Path) -> dict[str, str]:
    """The texts of articles by id, from those of `TEXTS` that are there."""
    texts: dict[str, str] = {}
    places = []
    for name in TEXTS:
        try:
            places.append(locate(root, name))
        except InputError:
            continue
    for place in places:
        rows = (row for _, row in read_rows(place) if str(row.get("id")) in wanted)
        texts = {str(row["id"]): str(row.get("text")) for row in rows} | texts
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
    found = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    if found != row.get("text_sha256"):
        raise InputError(
            f"expected the text of {row['id']!r} to have sha256 {row.get('text_sha256')}, found "
            f"{found}",
            file=str(path),
            line=line,
        )
    return {**row, "text": text}

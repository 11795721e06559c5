"""A scorer whose figures are known, and small data in every part for it."""

from __future__ import annotations

import hashlib
import json
import shutil
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from data.records import LABELS, Convention, LabelledArticle, LabelledStatement
from eval.corpora import Corpora
from sayso.bundle import BUNDLE_FORMAT, CONFIG, DEFAULT_BUNDLE, FILES, MANIFEST
from sayso.decode import Attribution
from sayso.records import NONE, STANCES, Article, Span, Statement
from sayso.scorer import ScoredArticle

TEXT = "The clerk said the gate was shut. Nobody denied that it rained."


def _mark(doc: str, number: int, stance: str | None, parent: str | None) -> LabelledStatement:
    spans = ((0, 9), (10, 14), (15, 32)) if number == 0 else ((34, 40), (41, 47), (48, 62))
    source, cue, content = ((Span(start, end),) for start, end in spans)
    return LabelledStatement(
        id=f"{doc}#{number}",
        doc=doc,
        source=source,
        cue=cue,
        content=content,
        stance=stance,
        form="indirect",
        parent=parent,
    )


def article(doc: str, number: int, *, convention: str) -> LabelledArticle:
    """Two statements; where marked in full, the second stands in the first."""
    full = convention == Convention.FULL
    stances = (LABELS[number % 5], LABELS[(number + 1) % 5]) if full else (None, None)
    marks = (
        _mark(doc, 0, stances[0], None),
        _mark(doc, 1, stances[1], f"{doc}#0" if full else None),
    )
    return LabelledArticle(doc, TEXT, None, None, None, convention, marks)


def corpora(articles: int = 20) -> Corpora:
    """PolNeAR with a stance for each first statement, wire and gold, of as many articles each."""
    flat = [article(f"p{n}", n, convention=Convention.FLAT) for n in range(articles)]
    labels = [_mark(one.id, 0, LABELS[n % 5], None) for n, one in enumerate(flat)]
    wire = [article(f"w{n}", n, convention=Convention.FULL) for n in range(articles)]
    gold = [article(f"g{n}", n, convention=Convention.FULL) for n in range(articles)]
    return Corpora("dev", flat, labels, wire, gold)


def small_bundle(folder: Path, *, model: str, data: Mapping[str, str] | None = None) -> Path:
    """A folder that passes for a whole bundle until its graphs are run."""
    folder.mkdir(parents=True)
    for name in FILES:
        (folder / name).write_text(f"{name} of {model}")
    shutil.copy(DEFAULT_BUNDLE / CONFIG, folder / CONFIG)
    files = {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in FILES}
    manifest = {"format": BUNDLE_FORMAT, "model": model, "files": files, "data": data or {}}
    (folder / MANIFEST).write_text(json.dumps(manifest))
    return folder


class Stub:
    """Gives the marks back, but for those it is told to miss or to get wrong.

    Args:
        data: what it knows.
        model: its id.
        misses: which statements it does not find.
        errs: which labels it takes for another.
        sure: probability of its label.
        delay: seconds an article.
    """

    def __init__(
        self,
        data: Corpora,
        *,
        model: str = "stub",
        misses: Callable[[LabelledStatement], bool] = lambda s: False,
        errs: Callable[[LabelledStatement], bool] = lambda s: False,
        sure: float = 1.0,
        delay: float = 0.0,
    ) -> None:
        self.model_id = model
        self._misses, self._errs, self._sure, self._delay = misses, errs, sure, delay
        known = [*(data.polnear or ()), *(data.wire or ()), *data.gold]
        self._known = {one.id: one for one in known}
        self._labels = {s.doc: s for s in data.stances or ()}

    def score_each(self, articles: Iterable[Article]) -> Iterator[ScoredArticle]:
        """What is known of each article and not missed."""
        for text in articles:
            time.sleep(self._delay)
            known = self._known.get(text.id)
            found = [s for s in known.statements if not self._misses(s)] if known else []
            yield ScoredArticle(text, tuple(self._row(s) for s in found))

    def classify(
        self, article: Article, attributions: Sequence[Attribution]
    ) -> npt.NDArray[np.float64]:
        """The known label with the probability it is told, the rest spread evenly."""
        marked = self._labels[article.id]
        row = np.full(len(LABELS), (1 - self._sure) / (len(LABELS) - 1))
        row[LABELS.index(self._label(marked))] = self._sure
        return np.tile(row, (len(attributions), 1))

    def count_tokens(self, text: str) -> int:
        """Words."""
        return len(text.split())

    def _label(self, statement: LabelledStatement) -> str:
        number = LABELS.index(statement.stance or NONE)
        return LABELS[(number + 1) % len(LABELS)] if self._errs(statement) else LABELS[number]

    def _row(self, s: LabelledStatement) -> Statement:
        parent = None if s.parent is None or self._misses_parent(s) else s.parent
        return as_found(s, self._label(s), parent_id=parent, model=self.model_id)

    def _misses_parent(self, statement: LabelledStatement) -> bool:
        known = {s.id: s for s in self._known[statement.doc].statements}
        return self._misses(known[str(statement.parent)])


def as_found(
    statement: LabelledStatement,
    label: str | None,
    *,
    model: str,
    parent_id: str | None,
    form: str = "indirect",
    source_entity: str | None = None,
    source_kind: str | None = None,
) -> Statement:
    """A labelled statement as a scorer's row that is sure of `label`; None counts as assertion."""
    stance = "assertion" if label in (None, NONE) else str(label)
    shares = {f"p_{name}": float(name == stance) for name in STANCES}
    return Statement(
        article_id=statement.doc,
        statement_id=statement.id,
        source_spans=statement.source,
        cue_spans=statement.cue,
        content_spans=statement.content,
        source_text=None,
        cue_text=None,
        content_text=None,
        form=form,
        stance=stance,
        p_statement=0.1 if label == NONE else 0.9,
        source_entity=source_entity,
        source_kind=source_kind,
        parent_id=parent_id,
        outlet=None,
        published=None,
        model=model,
        **shares,
    )

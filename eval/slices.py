"""Slices: the same figures on parts of the data that may be harder or are of interest alone."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from data.records import LabelledArticle, LabelledStatement
from eval.answers import StanceAnswers
from eval.figures import Figure, Scores, parted_scores
from eval.spans import comparable
from eval.stance import stance_scores
from eval.tuples import match_statements, part_counts
from sayso.bundle import DEFAULT_BUNDLE, TOKENIZER
from sayso.cast import Cast, read_cast
from sayso.form import form_of
from sayso.records import FORMS, Span
from sayso.tags import ROLES
from sayso.tokens import TextTokenizer

__all__ = [
    "ExtractionSlice",
    "StanceSlice",
    "extraction_slices",
    "length_of",
    "source_place",
    "stance_slices",
]

LENGTHS = {
    "under_400_words": 400,
    "400_to_799_words": 800,
    "800_to_1199_words": 1200,
    "1200_words_or_more": math.inf,
}
"""Bins of articles' lengths by what they lie under, in words parted by white space."""

LEAST_ARTICLES = 3
"""Outlets with fewer articles are no slice."""

_KINDS = ("form", "source", "outlet", "length")

PLACES = ("same_sentence", "other_sentence", "no_source")

Counts = dict[str, npt.NDArray[np.int64]]


@dataclass(frozen=True, slots=True)
class ExtractionSlice:
    """How well the attributions of one sort were found.

    Precision is over what was found of the sort, recall over what is marked so, each side by its
    own marks; a piece is right if it is exact in a statement of any sort.

    Attributes:
        articles: that hold a marked statement of the sort.
        statements: marked ones.
        pieces: by role, exact pieces; a role that neither side has in the slice is left out.
        tuple_overlap: whole statements, as of `eval.tuples.match_statements`.
    """

    articles: int
    statements: int
    pieces: Mapping[str, Scores]
    tuple_overlap: Scores

    def to_dict(self) -> dict[str, Any]:
        """F1 alone, as a JSON object."""
        return {
            "articles": self.articles,
            "statements": self.statements,
            **{f"{role}_f1": scores.f1.to_dict() for role, scores in self.pieces.items()},
            "tuple_overlap_f1": self.tuple_overlap.f1.to_dict(),
        }


@dataclass(frozen=True, slots=True)
class StanceSlice:
    """Stance on gold spans of one sort, each figure as of `eval.stance.StanceScores`."""

    items: int
    four: Figure
    five: Figure
    accuracy: Figure

    def to_dict(self) -> dict[str, Any]:
        """As a JSON object."""
        return {
            "items": self.items,
            "macro_f1_four": self.four.to_dict(),
            "macro_f1_five": self.five.to_dict(),
            "accuracy": self.accuracy.to_dict(),
        }


def extraction_slices(
    pairs: Sequence[tuple[LabelledArticle, LabelledArticle]],
) -> dict[str, dict[str, ExtractionSlice]]:
    """Slices by form, by where the source stands, by outlet and by length of the article.

    Args:
        pairs: gold and prediction of each article, as of `eval.extraction.measure_extraction`.
    """
    tokenizer = TextTokenizer.load(DEFAULT_BUNDLE / TOKENIZER)
    rows: dict[Sort, list[Counts]] = defaultdict(list)
    for gold, found in pairs:
        for sort, counts in _counts(gold, found, tokenizer).items():
            rows[sort].append(counts)
    outlets = Counter(gold.outlet for gold, _ in pairs if gold.outlet)
    out: dict[str, dict[str, ExtractionSlice]] = {}
    for kind, value in sorted(rows, key=_order):
        if kind != "outlet" or outlets[value] >= LEAST_ARTICLES:
            out.setdefault(kind, {})[value] = _slice(rows[kind, value])
    return out


def stance_slices(answers: StanceAnswers) -> dict[str, dict[str, StanceSlice]]:
    """Slices by form and by whether the annotator was sure; sorts without an item are left out."""
    sorts = {
        "form": {form: answers.forms == form for form in FORMS},
        "annotator": {"sure": answers.sure, "unsure": ~answers.sure},
    }
    out: dict[str, dict[str, StanceSlice]] = {}
    for kind, values in sorts.items():
        for value, mine in values.items():
            if mine.any():
                found = stance_scores(
                    answers.gold[mine], answers.probabilities[mine], answers.documents[mine]
                )
                out.setdefault(kind, {})[value] = StanceSlice(
                    found.items, found.four, found.five, found.accuracy
                )
    return out


def source_place(cast: Cast, statement: LabelledStatement) -> str:
    """One of `PLACES`: whether a sentence of the source is one of the content's."""
    if not statement.source:
        return "no_source"
    source, content = (
        {
            number
            for span in spans
            for number in range(cast.sentence(span.start), cast.sentence(span.end - 1) + 1)
        }
        for spans in (statement.source, statement.content)
    )
    return "same_sentence" if source & content else "other_sentence"


def length_of(text: str) -> str:
    """The bin of `LENGTHS` that an article's text is in."""
    words = len(text.split())
    return next(name for name, bound in LENGTHS.items() if words < bound)


Sort = tuple[str, str]


def _by_sort(
    article: LabelledArticle,
    statements: Sequence[LabelledStatement],
    forms: Sequence[str],
    cast: Cast,
) -> dict[Sort, list[LabelledStatement]]:
    """The statements by kind and value of slice."""
    out: dict[Sort, list[LabelledStatement]] = defaultdict(list)
    for statement, form in zip(statements, forms, strict=True):
        out["form", form].append(statement)
        out["source", source_place(cast, statement)].append(statement)
        out["outlet", article.outlet or ""].append(statement)
        out["length", length_of(article.text)].append(statement)
    return out


def _counts(
    gold: LabelledArticle, found: LabelledArticle, tokenizer: TextTokenizer
) -> dict[Sort, Counts]:
    """What one article adds to each slice: [4] counts as of `parted_scores`, by role and whole."""
    tokens, cast = tokenizer(gold.text), read_cast(gold.text, ())
    sides = [comparable(one, gold.convention) for one in (gold, found)]
    theirs, mine = (
        _by_sort(gold, some, [form_of(tokens, s.content) for s in some], cast) for some in sides
    )
    matches = match_statements(*sides)
    out = {}
    for sort in theirs.keys() | mine.keys():
        marked, here = theirs.get(sort, []), mine.get(sort, [])
        counts = {"whole": part_counts(matches, marked, here)}
        for role in ROLES:
            have, want = _pieces(here, role), _pieces(marked, role)
            right, hit = have & _pieces(sides[0], role), want & _pieces(sides[1], role)
            counts[role] = np.array([len(right), len(have), len(hit), len(want)])
        out[sort] = counts
    return out


def _pieces(statements: Sequence[LabelledStatement], role: str) -> set[Span]:
    return {span for s in statements for span in getattr(s, role)}


def _slice(rows: Sequence[Counts]) -> ExtractionSlice:
    marked = [int(counts["whole"][-1]) for counts in rows]
    return ExtractionSlice(
        articles=sum(count > 0 for count in marked),
        statements=sum(marked),
        pieces={
            role: parted_scores([counts[role] for counts in rows])
            for role in ROLES
            if any(counts[role].any() for counts in rows)
        },
        tuple_overlap=parted_scores([counts["whole"] for counts in rows]),
    )


def _order(sort: Sort) -> tuple[int, int, str]:
    kind, value = sort
    known = (*FORMS, *PLACES, *LENGTHS)
    return _KINDS.index(kind), known.index(value) if value in known else 0, value

"""Articles as several people might mark them, for tests of agreement."""

from __future__ import annotations

from data.records import Convention, LabelledArticle, LabelledStatement
from sayso.records import Span

TEXT = "x" * 2000


def statement(
    place: int, stance: str | None, *, shift: int = 0, cue: bool = True, number: int | None = None
) -> LabelledStatement:
    """The statement at a place of the text: source, cue and content of ten characters each."""
    low = 100 * place
    return LabelledStatement(
        id=f"a#{place if number is None else number}",
        doc="a",
        source=(Span(low, low + 10),),
        cue=(Span(low + 10, low + 20),) if cue else (),
        content=(Span(low + 20 + shift, low + 30 + shift),),
        stance=stance,
    )


def article(
    annotator: str | None, *statements: LabelledStatement, name: str = "a", text: str = TEXT
) -> LabelledArticle:
    return LabelledArticle(name, text, None, None, None, Convention.FULL, statements, annotator)

"""Labels in each tool's format, and what was marked in them."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

from data.records import LabelledArticle
from data.tools.importing import import_labels
from data.tools.rejected import Rejected
from sayso.records import join_pieces
from sayso.rejects import Reject

FOLDER = Path(__file__).parent / "fixtures" / "labels"

FILES = {
    "label-studio": "label-studio.json",
    "doccano": "doccano.jsonl",
    "prodigy": "prodigy.jsonl",
    "argilla": "argilla.json",
    "brat": "brat",
    "csv": "sheet.csv",
    "jsonl": "labels.jsonl",
}
"""A file or folder of each format, with the same marked in it."""

TODAY = date(2031, 5, 6)

CHOIR = ("Ida Holm", "wrote", "it was perhaps too loud")
"""The statement of the files' second article."""

Said = tuple[str | None, str | None, str | None, str | None, int | None]


def bring(tool: str, path: Path, **options: str) -> tuple[list[LabelledArticle], list[Reject]]:
    """What is imported of a file, and what is rejected."""
    rejects: list[Reject] = []
    rejected = Rejected(str(path), rejects.append)
    return list(import_labels(path, tool, rejected, today=TODAY, **options)), rejects


def fixture(tool: str, folder: Path) -> Path:
    """A copy of a format's file, called after its annotator where the tool does so."""
    path = FOLDER / FILES[tool]
    target = folder / ("anna@example.org.jsonl" if tool == "doccano" else path.name)
    if path.is_dir():
        shutil.copytree(path, target)
    else:
        shutil.copy(path, target)
    return target


def said(article: LabelledArticle) -> list[Said]:
    """Source, cue, content and stance of each statement, and the place of its parent."""
    places = {one.id: n for n, one in enumerate(article.statements)}
    return [
        (
            join_pieces(article.text, one.source),
            join_pieces(article.text, one.cue),
            join_pieces(article.text, one.content),
            one.stance,
            places.get(one.parent or ""),
        )
        for one in article.statements
    ]

"""The report as one file of HTML that asks nothing of any other host.

Articles and names are data: they stand as JSON in script elements that are not run, and the script
that reads them makes text nodes only. The policy in the page's head allows this one style sheet and
this one script by their digests, and nothing else (CSP level 3; Trusted Types).
"""

from __future__ import annotations

import base64
import hashlib
import html
from collections.abc import Iterable
from importlib.resources import files
from pathlib import Path
from string import Template

import pyarrow as pa

from sayso.errors import UsageError
from sayso.page.limits import Limits
from sayso.page.model import make_model, script_json
from sayso.page.texts import printable
from sayso.profiles.schema import Profiled
from sayso.records import Article
from sayso.write import whole_file

__all__ = ["SCRIPTS", "STYLES", "build_page", "write_page"]

SCRIPTS = (
    "dom",
    "words",
    "data",
    "signs",
    "charts",
    "pieces",
    "table",
    "marks",
    "statements",
    "overview",
    "profiles",
    "profile",
    "claims",
    "claim",
    "reading",
    "articles",
    "about",
    "app",
)
"""The script's parts, in the order in which they are joined."""

STYLES = ("page", "views")
"""The style sheet's parts, in their order."""


def build_page(
    profiles: Profiled,
    statements: pa.Table,
    articles: Iterable[Article] | None = None,
    *,
    title: str = "Sources",
    limits: Limits | None = None,
) -> str:
    """The report on a scored and profiled corpus.

    Args:
        profiles: its tables.
        statements: the rows that were profiled, columns as in `sayso.records.Statement`.
        articles: that were scored; read once. Without them statements are shown without what
            stands around them.
        title: of the page.
        limits: how much goes in; what does not is said on the page.

    Returns:
        HTML, which can be written as UTF-8.

    Raises:
        InputError: a table lacks a column, or a statement is not among the profiles.
    """
    model = make_model(profiles, statements, articles, title=title, limits=limits or Limits())
    style = "\n".join(_read(f"{name}.css") for name in STYLES)
    parts = "\n".join(_read(f"{name}.js") for name in SCRIPTS)
    script = f'"use strict";\n(() => {{\n{parts}}})();\n'
    return Template(_read("page.html")).substitute(
        title=html.escape(printable(title)),
        style_digest=_digest(style),
        script_digest=_digest(script),
        style=style,
        script=script,
        data=script_json(model.data),
        texts=script_json(model.texts),
    )


def check_page(path: Path) -> None:
    """See that a page can be written to a path.

    Raises:
        UsageError: it is a folder, or in none.
    """
    if path.is_dir():
        raise UsageError(f"expected a file to write the report to, found the folder {path}")
    if not path.absolute().parent.is_dir():
        raise UsageError(f"expected a file in a folder that is there, found {path}")


def write_page(
    path: str | Path,
    profiles: Profiled,
    statements: pa.Table,
    articles: Iterable[Article] | None = None,
    *,
    title: str = "Sources",
    limits: Limits | None = None,
) -> None:
    """Write the report to a file, whole or not at all; see `build_page`.

    Raises:
        InputError: see `build_page`.
        UsageError: the path is a folder, or in none.
    """
    path = Path(path)
    check_page(path)
    page = build_page(profiles, statements, articles, title=title, limits=limits)
    with whole_file(path) as fresh:
        fresh.write_text(page, encoding="utf-8", newline="\n")


def _read(name: str) -> str:
    return (files(__package__) / name).read_text(encoding="utf-8")


def _digest(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()

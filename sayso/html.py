"""The article in an HTML page, through trafilatura (extra `html`)."""

from __future__ import annotations

import re

from sayso.errors import InputError, UsageError

__all__ = ["read_html"]

MAX_TAGS = 50_000
"""Most tags of a page, since what finds the article in it takes time by their square."""

MAX_ATTRIBUTES = 2_000
"""Most attributes of one of them, for the same reason."""

_LOADED = re.compile(rf"<[a-zA-Z](?:[^<>\s]*\s+){{{MAX_ATTRIBUTES}}}")


def read_html(page: str) -> dict[str, object]:
    """The main text of a page with title, outlet, date and address, as far as they are found.

    Raises:
        InputError: no article text is found in the page, or it has too many tags or attributes.
        UsageError: trafilatura is not installed.
    """
    try:
        import trafilatura
    except ImportError as error:
        raise UsageError('reading HTML takes an extra: pip install "sayso[html]"') from error
    tags = page.count("<")
    if tags > MAX_TAGS:
        raise InputError(f"expected a page of at most {MAX_TAGS} tags, found {tags}")
    if _LOADED.search(page):
        raise InputError(f"expected a tag of at most {MAX_ATTRIBUTES} attributes, found more")
    try:
        found = trafilatura.bare_extraction(page, with_metadata=True, include_comments=False)
    except Exception as error:
        raise InputError(f"expected a page that can be parsed, found {error}") from error
    text = getattr(found, "text", None)
    if not text:
        raise InputError("expected a page with an article, found no article text in it")
    values = {
        "text": text,
        "title": getattr(found, "title", None),
        "outlet": getattr(found, "sitename", None),
        "published": getattr(found, "date", None),
        "url": getattr(found, "url", None),
    }
    return {name: value for name, value in values.items() if value}

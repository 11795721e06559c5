"""The article in an HTML page, through trafilatura (extra `html`)."""

from __future__ import annotations

from sayso.errors import InputError, UsageError

__all__ = ["read_html"]


def read_html(page: str) -> dict[str, object]:
    """The main text of a page with title, outlet, date and address, as far as they are found.

    Raises:
        InputError: no article text is found in the page.
        UsageError: trafilatura is not installed.
    """
    try:
        import trafilatura
    except ImportError as error:
        raise UsageError('reading HTML takes an extra: pip install "sayso[html]"') from error
    found = trafilatura.bare_extraction(page, with_metadata=True, include_comments=False)
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

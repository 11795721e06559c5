"""Articles from values by field name, whatever they were read from."""

from __future__ import annotations

from datetime import date, datetime

from sayso.errors import InputError
from sayso.records import Article

__all__ = ["article_from_values"]

MAX_TEXT = 1_000_000
"""Most characters of an article's text."""

MAX_FIELD = 65_536
"""Most characters of its id and of any other field."""


def article_from_values(values: dict[str, object]) -> Article:
    """An article from values by field name, each checked.

    Raises:
        InputError: `id` or `text` is missing, or a value is of another type than expected or
            longer than `MAX_TEXT` or `MAX_FIELD`.
    """
    text = values.get("text")
    if not isinstance(text, str):
        raise InputError(f"expected text to be a string, found {_described(text)}")
    if len(text) > MAX_TEXT:
        raise InputError(f"expected a text of at most {MAX_TEXT} characters, found {len(text)}")
    name = values.get("id")
    if isinstance(name, bool) or not isinstance(name, str | int) or name == "":
        raise InputError(f"expected id to be a string or a whole number, found {_described(name)}")
    rest = {key: _optional(key, values.get(key)) for key in ("title", "outlet", "published", "url")}
    return Article(id=_short("id", str(name)), text=text, **rest)


def _optional(key: str, value: object) -> str | None:
    if value is None:
        return None
    if isinstance(value, str):
        return _short(key, value)
    if isinstance(value, datetime | date):
        return value.isoformat()
    if key == "published" and isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    raise InputError(f"expected {key} to be a string, found {_described(value)}")


def _short(key: str, value: str) -> str:
    if len(value) > MAX_FIELD:
        raise InputError(
            f"expected {key} to be of at most {MAX_FIELD} characters, found {len(value)}"
        )
    return value


def _described(value: object) -> str:
    """The type of a value, and its beginning where that is cheap to tell."""
    if value is None:
        return "nothing"
    if isinstance(value, str | bytes):
        return f"{type(value).__name__} {value[:60]!r}"
    if isinstance(value, bool | int | float):
        return f"{type(value).__name__} {value!r:.60}"
    return type(value).__name__

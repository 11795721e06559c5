"""The day that a date of publication, as written, falls on."""

from __future__ import annotations

import re
from datetime import date

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

__all__ = ["UNKNOWN_DAY", "day_of", "days"]

UNKNOWN_DAY = -1
"""Stands for a date that is missing, ambiguous, before 1970 or in no known form."""

_EPOCH = date(1970, 1, 1).toordinal()
_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_NAME = (
    "(jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b\.?"
)
_DAY, _YEAR = r"(?<!\d)(\d{1,2})(?:st|nd|rd|th)?", r"(\d{4})(?!\d)"

_NUMBERS = re.compile(r"(\d{4})([-/.]?)(\d{2})\2(\d{2})(?:\d{4}|\d{6})?(?:$|[T\sZ,])")
_ISO_WEEK = re.compile(r"\d{4}-?W\d\d-?\d(?=$|[T\s])")
_DAY_FIRST = re.compile(rf"{_DAY}[\s-]+(?:of\s+)?{_NAME},?[\s-]*{_YEAR}", re.IGNORECASE)
_MONTH_FIRST = re.compile(rf"\b{_NAME}\s*{_DAY},?\s+{_YEAR}", re.IGNORECASE)
_SLASHED = re.compile(r"(\d{1,2})([/.-])(\d{1,2})\2(\d{4})(?:$|[\s,])")

_ISO_TIMES = r"^\s*(\d{4}-\d\d-\d\d)(?:[T ][0-9:.,+\-Z ]*)?\s*$"
_LONGEST = 200


def days(published: pa.Array | pa.ChunkedArray) -> npt.NDArray[np.int32]:
    """Days of dates as written; each distinct value is read once.

    Args:
        published: [n] strings, null where none is given.

    Returns:
        [n] days since 1970-01-01, `UNKNOWN_DAY` where `day_of` finds none.
    """
    if isinstance(published, pa.ChunkedArray):
        published = published.combine_chunks()
    short = pc.replace_substring_regex(published.cast(pa.string()), _ISO_TIMES, r"\1")
    coded = short.dictionary_encode(null_encoding="encode")
    known = [day_of(value) for value in coded.dictionary.to_pylist()]
    places = coded.indices.to_numpy(zero_copy_only=False)
    return np.array(known, np.int32)[places] if len(places) else np.zeros(0, np.int32)


def day_of(published: str | None) -> int:
    """The day of a date as written, in the place where it was written.

    Read are ISO 8601 (`2016-03-05`, `20160305`, `2016-W09-6`, each with or without a time), mail's
    dates (RFC 2822), and English ones (`March 5, 2016`, `5 March 2016`) with whatever stands
    around them. `9/28/2016` can be read one way only and is; `03/04/2016` is unknown.

    Returns:
        Days since 1970-01-01, or `UNKNOWN_DAY`.
    """
    text = (published or "").strip()[:_LONGEST]
    if found := _NUMBERS.match(text):
        return _day(int(found[1]), int(found[3]), int(found[4]))
    if found := _ISO_WEEK.match(text):
        try:
            return _since(date.fromisoformat(found[0]))
        except ValueError:
            return UNKNOWN_DAY
    if found := _SLASHED.match(text):
        return _slashed(int(found[1]), int(found[3]), int(found[4]))
    named = {(int(year), _month(name), int(day)) for day, name, year in _DAY_FIRST.findall(text)}
    named |= {(int(year), _month(name), int(day)) for name, day, year in _MONTH_FIRST.findall(text)}
    return _day(*named.pop()) if len(named) == 1 else UNKNOWN_DAY


def _month(name: str) -> int:
    return _MONTHS.index(name[:3].lower()) + 1


def _slashed(first: int, second: int, year: int) -> int:
    readings = {_day(year, first, second), _day(year, second, first)} - {UNKNOWN_DAY}
    return readings.pop() if len(readings) == 1 else UNKNOWN_DAY


def _day(year: int, month: int, day: int) -> int:
    try:
        return _since(date(year, month, day))
    except ValueError:
        return UNKNOWN_DAY


def _since(found: date) -> int:
    return max(found.toordinal() - _EPOCH, UNKNOWN_DAY)

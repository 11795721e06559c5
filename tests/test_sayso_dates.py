"""Dates of publication as days."""

from __future__ import annotations

from datetime import date

import pyarrow as pa
import pytest

from sayso.profiles.dates import UNKNOWN_DAY, day_of, days

MARCH_5 = (date(2016, 3, 5) - date(1970, 1, 1)).days


@pytest.mark.parametrize(
    "written",
    [
        "2016-03-05",
        " 2016-03-05 ",
        "2016-03-05T23:30:00-05:00",
        "2016-03-05 01:02:03.5Z",
        "2016/03/05",
        "20160305",
        "20160305T120000Z",
        "20160305143000",
        "2016-W09-6",
        "Sat, 05 Mar 2016 12:00:00 +0000",
        "5 Mar 2016",
        "05-Mar-2016",
        "March 5, 2016",
        "Mar. 5 2016",
        "Saturday, March 5th, 2016 at 3:14 pm",
        "Updated 10:12 EST, the 5th of March, 2016",
        "MARCH 5, 2016",
    ],
)
def test_forms_of_one_day(written: str) -> None:
    assert day_of(written) == MARCH_5


@pytest.mark.parametrize(
    "written",
    [
        None,
        "",
        "yesterday",
        "03/04/2016",
        "3.4.2016",
        "3/5/16",
        "2016",
        "2016-03",
        "March 2016",
        "2016-13-05",
        "2016-02-30",
        "30 February 2016",
        "2016-W60-1",
        "0001-01-01",
        "1969-12-30",
        "1457136000",
        "May 5, 2016 to May 8, 2016",
        "Decoy 5, 2016",
        "9" * 100_000,
    ],
)
def test_unknown(written: str | None) -> None:
    assert day_of(written) == UNKNOWN_DAY


def test_slashes_that_can_be_read_one_way() -> None:
    assert day_of("9/28/2016") == day_of("28.09.2016") == day_of("2016-09-28")
    assert day_of("05/05/2016 10:00") == day_of("2016-05-05")
    assert day_of("14/15/2016") == UNKNOWN_DAY


def test_columns() -> None:
    written = ["2016-03-05T10:00:00Z", None, "2016-03-05", "odd", "1970-01-01"]
    expected = [MARCH_5, -1, MARCH_5, -1, 0]
    assert days(pa.array(written)).tolist() == expected
    chunks = pa.chunked_array([written[:2], written[2:]], pa.large_string())
    assert days(chunks).tolist() == expected
    assert days(pa.array([], pa.string())).tolist() == []
    assert days(pa.nulls(2)).tolist() == [-1, -1]
    assert days(chunks).dtype == "int32"


def test_a_corpus_of_times_is_quick() -> None:
    times = [f"2016-03-05T{n // 3600:02}:{n // 60 % 60:02}:{n % 60:02}Z" for n in range(86_400)]
    assert set(days(pa.array(times)).tolist()) == {MARCH_5}

"""Instants: what is read, what is kept of it, and that ``datetime`` agrees where it can."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mappings.times import (
    MAX_YEAR,
    days_in_month,
    first_second,
    from_seconds,
    last_second,
    parse_instant,
    year_of,
)
from tests.strategies import days, instants

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
FAR = st.integers(-MAX_YEAR, MAX_YEAR)


@given(instants(FAR))
def test_a_canonical_instant_is_read_as_itself(instant: str) -> None:
    assert parse_instant(instant) == instant


@given(instants(FAR))
def test_an_instant_spans_at_least_a_second_and_at_most_a_leap_year(instant: str) -> None:
    seconds = last_second(instant) - first_second(instant)
    assert 0 <= seconds < 366 * 86400
    assert (seconds == 0) == ("T" in instant)


@given(instants(FAR))
def test_a_year_holds_all_of_its_instants(instant: str) -> None:
    year = parse_instant(instant[: instant.index("-", 1)] if "-" in instant[1:] else instant)
    assert year_of(instant) == year_of(year)
    assert first_second(year) <= first_second(instant) <= last_second(instant) <= last_second(year)


@given(st.integers(-(10**13), 10**13))
def test_seconds_and_instants_are_the_same_thing(seconds: int) -> None:
    instant = from_seconds(seconds)
    assert first_second(instant) == last_second(instant) == seconds
    assert parse_instant(instant) == instant


@given(days())
def test_days_are_those_of_datetime(day: tuple[int, int, int]) -> None:
    midnight = datetime(*day, tzinfo=UTC)
    text = midnight.date().isoformat()
    assert parse_instant(text) == text
    assert first_second(text) == (midnight - EPOCH) // timedelta(seconds=1)
    assert last_second(text) == first_second(text) + 86399


@given(
    st.datetimes(min_value=datetime(2, 1, 1), max_value=datetime(9998, 12, 31)),  # noqa: DTZ001
    st.integers(-14 * 60, 14 * 60),
)
def test_zones_are_those_of_datetime(moment: datetime, offset: int) -> None:
    local = moment.replace(tzinfo=timezone(timedelta(minutes=offset)))
    utc = local.astimezone(UTC).replace(microsecond=0, tzinfo=None)
    assert parse_instant(local.isoformat()) == utc.isoformat() + "Z"


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2003", "2003"),
        ("2003-07", "2003-07"),
        ("200307", "2003-07"),
        ("20030705", "2003-07-05"),
        (" 2003-07-05 ", "2003-07-05"),
        ("2003-07-05T06", "2003-07-05T06:00:00Z"),
        ("2003-07-05T06:07", "2003-07-05T06:07:00Z"),
        ("2003-07-05 06:07:08", "2003-07-05T06:07:08Z"),
        ("20030705T060708Z", "2003-07-05T06:07:08Z"),
        ("20030705060708", "2003-07-05T06:07:08Z"),
        ("2003-07-05T06:07:08.999Z", "2003-07-05T06:07:08Z"),
        ("2003-07-05T06:07:08,5 UTC", "2003-07-05T06:07:08Z"),
        ("2003-07-05T02:00:00+08:00", "2003-07-04T18:00:00Z"),
        ("2003-07-05T20:00:00-0530", "2003-07-06T01:30:00Z"),
        ("2003-12-31T24:00:00Z", "2004-01-01T00:00:00Z"),
        ("2016-12-31T23:59:60Z", "2017-01-01T00:00:00Z"),
        ("2004-02-29", "2004-02-29"),
        ("0000", "0000"),
        ("-0044-03-15", "-0044-03-15"),
        ("-10000", "-10000"),
        ("+12000-01", "+12000-01"),
        ("+2003-07", "2003-07"),
    ],
)
def test_iso_8601_is_read(text: str, instant: str) -> None:
    assert parse_instant(text) == instant


@pytest.mark.parametrize(
    "text",
    [
        "",
        "now",
        "12000",
        "203-07",
        "2003-13",
        "2003-00",
        "2003-02-29",
        "1900-02-29",
        "2003-04-31",
        "2003-07-32",
        "2003-07-05T25:00",
        "2003-07-05T06:60",
        "2003-07-05T06:07:61Z",
        "2003/07/05",
        "05-07-2003",
        "2003-07-05T06:07:08+8",
        "-1000000",
        "２００３x",
    ],
)
def test_anything_else_is_refused_with_the_text_in_the_reason(text: str) -> None:
    with pytest.raises(ValueError, match=r"ISO 8601|does not exist|beyond"):
        parse_instant(text)


def test_the_refusal_names_the_text() -> None:
    with pytest.raises(ValueError, match=r"'2003-02-29' names a day that does not exist"):
        parse_instant("2003-02-29")


@pytest.mark.parametrize(
    ("instant", "first", "last"),
    [
        ("1970", 0, 365 * 86400 - 1),
        ("1970-01", 0, 31 * 86400 - 1),
        ("1970-01-01", 0, 86399),
        ("1970-01-01T00:00:01Z", 1, 1),
        ("1969-12-31T23:59:59Z", -1, -1),
        ("-0001", -62198755200, -62167219201),  # 1 January of 2 BC to the last second before year 0
    ],
)
def test_spans(instant: str, first: int, last: int) -> None:
    assert (first_second(instant), last_second(instant)) == (first, last)


@pytest.mark.parametrize(
    ("year", "month", "length"),
    [(2000, 2, 29), (1900, 2, 28), (2004, 2, 29), (0, 2, 29), (-4, 2, 29), (-100, 2, 28), (2003, 4, 30)],
)
def test_months(year: int, month: int, length: int) -> None:
    assert days_in_month(year, month) == length

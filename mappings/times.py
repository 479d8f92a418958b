"""Instants as ISO 8601 text of the precision that is known, and the seconds they span.

An *instant* is one of ``YYYY``, ``YYYY-MM``, ``YYYY-MM-DD``, ``YYYY-MM-DDThh:mm:ssZ`` (ISO 8601-1:2019 §5.2, §5.4),
with fractions of a second dropped and every zone converted to UTC. Years before 0 and beyond 9999 are signed
(``-10000`` is the palaeo year 10001 BC, astronomical numbering), so no ``datetime`` is involved; seconds are proleptic
Gregorian seconds since 1970-01-01T00:00:00Z and fit 64 bits.
"""

from __future__ import annotations

import re
from functools import lru_cache

_INSTANT = re.compile(
    r"(?P<year>[+-]\d{4,9}|\d{4})"
    r"(?:-?(?P<month>0[1-9]|1[0-2])"
    r"(?:-?(?P<day>0[1-9]|[12]\d|3[01])"
    r"(?:[T ]?(?P<hour>[01]\d|2[0-4])(?::?(?P<minute>[0-5]\d)(?::?(?P<second>[0-5]\d|60)(?:[.,]\d+)?)?)?"
    r"\s?(?P<zone>Z|z|UTC|GMT|[+-]\d{2}(?::?\d{2})?)?)?)?)?"
)
_MONTH_DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
MAX_YEAR = 999_999


def parse_instant(text: str) -> str:
    """The canonical instant for ``text``, keeping the precision it has.

    Accepts the extended and the basic ISO 8601 forms and a space for the ``T``. A time without a zone is UTC.
    Raises ``ValueError`` with a readable reason for anything else, or for a day that does not exist.
    """
    match = _INSTANT.fullmatch(text.strip())
    if match is None:
        raise ValueError(f"{text!r} is not an ISO 8601 date or time")
    year = int(match["year"])
    if abs(year) > MAX_YEAR:
        raise ValueError(f"the year of {text!r} is beyond {MAX_YEAR}")
    if match["month"] is None:
        return _year_text(year)
    month = int(match["month"])
    if match["day"] is None:
        return f"{_year_text(year)}-{month:02d}"
    day = int(match["day"])
    if day > days_in_month(year, month):
        raise ValueError(f"{text!r} names a day that does not exist")
    if match["hour"] is None:
        return f"{_year_text(year)}-{month:02d}-{day:02d}"
    seconds = _epoch_day(year, month, day) * 86400 + int(match["hour"]) * 3600
    seconds += int(match["minute"] or 0) * 60 + int(match["second"] or 0) - _offset_seconds(match["zone"])
    return from_seconds(seconds)


def from_seconds(seconds: int) -> str:
    """The instant, to the second, of ``seconds`` since 1970-01-01T00:00:00Z."""
    day, rest = divmod(seconds, 86400)
    year, month, dom = _civil(day)
    return (
        f"{_year_text(year)}-{month:02d}-{dom:02d}T{rest // 3600:02d}:{rest // 60 % 60:02d}:{rest % 60:02d}Z"
    )


@lru_cache(maxsize=65536)
def first_second(instant: str) -> int:
    """The first second that a canonical instant covers (``2003`` starts at 2003-01-01T00:00:00Z)."""
    return _span(instant)[0]


@lru_cache(maxsize=65536)
def last_second(instant: str) -> int:
    """The last second that a canonical instant covers (``2003`` ends at 2003-12-31T23:59:59Z)."""
    return _span(instant)[1]


def year_of(instant: str) -> int:
    """The year of a canonical instant."""
    return _parts(instant)[0]


def days_in_month(year: int, month: int) -> int:
    """Days of a month in the proleptic Gregorian calendar."""
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    return 29 if month == 2 and leap else _MONTH_DAYS[month - 1]


def month_of(seconds: int) -> int:
    """The month in which a second lies, counted from January of the year 0."""
    year, month, _ = _civil(seconds // 86400)
    return year * 12 + month - 1


def month_start(number: int) -> int:
    """The first second of a month as ``month_of`` counts them."""
    return _epoch_day(number // 12, number % 12 + 1, 1) * 86400


def _year_text(year: int) -> str:
    if year > 9999:
        return f"+{year}"
    return f"{year:04d}" if year >= 0 else f"-{-year:04d}"


def _offset_seconds(zone: str | None) -> int:
    if zone is None or zone in {"Z", "z", "UTC", "GMT"}:
        return 0
    digits = zone[1:].replace(":", "")
    seconds = int(digits[:2]) * 3600 + int(digits[2:4] or 0) * 60
    return -seconds if zone[0] == "-" else seconds


def _parts(instant: str) -> tuple[int, int | None, int | None, str | None]:
    date, _, time = instant.partition("T")
    sign, body = (-1, date[1:]) if date.startswith("-") else (1, date.removeprefix("+"))
    pieces = body.split("-")
    year = sign * int(pieces[0])
    month = int(pieces[1]) if len(pieces) > 1 else None
    day = int(pieces[2]) if len(pieces) > 2 else None
    return year, month, day, time or None


def _span(instant: str) -> tuple[int, int]:
    year, month, day, time = _parts(instant)
    if month is None:
        return _epoch_day(year, 1, 1) * 86400, _epoch_day(year + 1, 1, 1) * 86400 - 1
    if day is None:
        first = _epoch_day(year, month, 1)
        return first * 86400, (first + days_in_month(year, month)) * 86400 - 1
    start = _epoch_day(year, month, day) * 86400
    if time is None:
        return start, start + 86399
    second = start + int(time[0:2]) * 3600 + int(time[3:5]) * 60 + int(time[6:8])
    return second, second


def _epoch_day(year: int, month: int, day: int) -> int:
    """Days since 1970-01-01, by counting from the first of March so that leap days fall at a year's end."""
    year -= month <= 2
    era, yoe = divmod(year, 400)
    doy = (153 * (month + (-3 if month > 2 else 9)) + 2) // 5 + day - 1
    return era * 146097 + yoe * 365 + yoe // 4 - yoe // 100 + doy - 719468


def _civil(epoch_day: int) -> tuple[int, int, int]:
    """The inverse of ``_epoch_day``."""
    era, doe = divmod(epoch_day + 719468, 146097)
    yoe = (doe - doe // 1460 + doe // 36524 - doe // 146096) // 365
    doy = doe - (365 * yoe + yoe // 4 - yoe // 100)
    mp = (5 * doy + 2) // 153
    month = mp + 3 if mp < 10 else mp - 9
    return yoe + era * 400 + (month <= 2), month, doy - (153 * mp + 2) // 5 + 1

"""When a source is harvested: ``every 6h``, or a cron line (``15 3 * * 1-5``) in UTC."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from apscheduler.triggers.base import BaseTrigger
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger

from mappings.errors import ConfigurationError

SHORTEST = timedelta(minutes=1)
_EVERY = re.compile(r"every\s+(\d{1,6})?\s*(m|min|minutes?|h|hours?|d|days?|w|weeks?)", re.IGNORECASE)
_UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
_DAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
_HELP = 'use "every 30m", "every 6h", "every 2d", or a cron line of five fields such as "15 3 * * 1-5"'


def interval(schedule: str) -> timedelta | None:
    """The time between runs of an ``every`` schedule; None for a cron line. Raises ``ConfigurationError``."""
    match = _EVERY.fullmatch(schedule.strip())
    if match is None:
        return None
    found = timedelta(**{_UNITS[match[2][0].lower()]: int(match[1] or 1)})
    if found < SHORTEST:
        raise ConfigurationError(f"the schedule {schedule!r} is too short: harvest at most every minute")
    return found


def trigger(schedule: str) -> BaseTrigger:
    """The APScheduler trigger of a schedule. Raises ``ConfigurationError`` that says how one is written."""
    every = interval(schedule)
    if every is not None:
        return IntervalTrigger(seconds=int(every.total_seconds()), timezone=UTC)
    fields = schedule.split()
    if len(fields) != 5:
        raise ConfigurationError(f"the schedule {schedule!r} is not understood: {_HELP}")
    minute, hour, day, month, weekday = fields
    try:
        return CronTrigger(
            minute=minute,
            hour=hour,
            day=day,
            month=month,
            day_of_week=",".join(_weekdays(weekday)),
            timezone=UTC,
        )
    except ValueError as error:
        raise ConfigurationError(f"the schedule {schedule!r} is not understood ({error}): {_HELP}") from error


def first_run(schedule: str, last: datetime | None, now: datetime) -> datetime | None:
    """When a source that last ran at ``last`` is due: an ``every`` schedule that was missed is due now.

    None leaves it to the trigger, which knows when a cron line is next due.
    """
    every = interval(schedule)
    if every is None:
        return None
    return now if last is None else max(now, last + every)


def _weekdays(field: str) -> Iterator[str]:
    """A cron line's days of the week by name: cron counts from Sunday, APScheduler from Monday."""
    if field == "*":
        yield "*"
        return
    for part in field.lower().split(","):
        days, _, step = part.partition("/")
        first, _, last = ("0-6" if days == "*" else days).partition("-")
        start, end = _weekday(first), _weekday(last or first)
        if end < start:
            end += 7
        for number in range(start, end + 1, int(step or 1) or 1):
            yield _DAYS[number % 7]


def _weekday(text: str) -> int:
    """0 or 7 is Sunday. Raises ``ValueError``."""
    if text in _DAYS:
        return _DAYS.index(text)
    number = int(text)
    if not 0 <= number <= 7:
        raise ValueError(f"{text} is not a day of the week; 0 and 7 are Sunday")
    return number

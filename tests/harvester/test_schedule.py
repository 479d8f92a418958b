"""When a source is harvested."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from harvester.schedule import first_run, interval, trigger
from mappings.errors import ConfigurationError

MONDAY = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("schedule", "expected"),
    [
        ("every 30m", timedelta(minutes=30)),
        ("every 6h", timedelta(hours=6)),
        ("Every 2 days", timedelta(days=2)),
        ("every 1 minute", timedelta(minutes=1)),
        ("every hour", timedelta(hours=1)),
        ("every week", timedelta(weeks=1)),
        ("15 3 * * *", None),
    ],
)
def test_intervals(schedule: str, expected: timedelta | None) -> None:
    assert interval(schedule) == expected


@pytest.mark.parametrize(
    ("cron", "expected"),
    [
        ("15 3 * * *", datetime(2026, 11, 24, 3, 15, tzinfo=UTC)),
        ("*/20 * * * *", datetime(2026, 11, 23, 12, 0, tzinfo=UTC)),
        ("0 0 1 * *", datetime(2026, 12, 1, tzinfo=UTC)),
        ("0 6 * * 0", datetime(2026, 11, 29, 6, tzinfo=UTC)),
        ("0 6 * * 7", datetime(2026, 11, 29, 6, tzinfo=UTC)),
        ("0 6 * * 1", datetime(2026, 11, 30, 6, tzinfo=UTC)),
        ("0 6 * * mon-fri", datetime(2026, 11, 24, 6, tzinfo=UTC)),
        ("0 6 * * 6,0", datetime(2026, 11, 28, 6, tzinfo=UTC)),
        ("0 6 * * 5-7", datetime(2026, 11, 27, 6, tzinfo=UTC)),
        ("0 6 * * */3", datetime(2026, 11, 25, 6, tzinfo=UTC)),
        ("0 6 * 2 sat", datetime(2027, 2, 6, 6, tzinfo=UTC)),
    ],
)
def test_cron_lines_are_in_utc_and_count_the_week_from_sunday(cron: str, expected: datetime) -> None:
    assert trigger(cron).get_next_fire_time(None, MONDAY) == expected


@pytest.mark.parametrize(
    "schedule",
    [
        "",
        "daily",
        "every",
        "every 0m",
        "every 5s",
        "every -1h",
        "60 * * * *",
        "* * * *",
        "0 0 * * 8",
        "0 0 * * x",
        "0 0 * * 1-9",
    ],
)
def test_what_is_no_schedule_is_refused_with_the_way_to_write_one(schedule: str) -> None:
    with pytest.raises(ConfigurationError, match=r"every 30m|at most every minute"):
        trigger(schedule)


def test_an_interval_that_was_missed_is_due_now() -> None:
    assert first_run("every 6h", None, MONDAY) == MONDAY
    assert first_run("every 6h", MONDAY - timedelta(hours=7), MONDAY) == MONDAY
    assert first_run("every 6h", MONDAY - timedelta(hours=2), MONDAY) == MONDAY + timedelta(hours=4)
    assert first_run("0 6 * * *", None, MONDAY) is None

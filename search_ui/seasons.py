"""``season=11-02`` in URLs: from one month to another of any year, over New Year where the first is the later one."""

from __future__ import annotations

import re

Months = tuple[int, int]
"""First and last month, 1 to 12, both included."""

_SEASON = re.compile(r"(\d{1,2})(?:\s*-\s*(\d{1,2}))?", re.ASCII)


def read(text: str) -> Months:
    """Two months, or one. Raises ``ValueError`` that says what is allowed."""
    match = _SEASON.fullmatch(text)
    months = [int(month) for month in match.groups() if month] if match else []
    if not months or not all(1 <= month <= 12 for month in months):
        raise ValueError(f"{text!r} is not two months such as 11-02, or one such as 06")
    return months[0], months[-1]


def text(season: Months) -> str:
    """``11-02``; a single month is written once."""
    first, last = season
    return f"{first:02d}" if first == last else f"{first:02d}-{last:02d}"

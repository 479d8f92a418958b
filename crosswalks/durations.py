"""Durations: reading the ways sources write them, and counting from an instant."""

from __future__ import annotations

import re

from crosswalks.words import table
from mappings.times import days_in_month, first_second, from_seconds, last_second

_ISO = re.compile(
    r"P(?=.)(?:(\d+(?:\.\d+)?)Y)?(?:(\d+(?:\.\d+)?)M)?(?:(\d+(?:\.\d+)?)W)?(?:(\d+(?:\.\d+)?)D)?"
    r"(?:T(?=.)(?:(\d+(?:\.\d+)?)H)?(?:(\d+(?:\.\d+)?)M)?(?:(\d+(?:\.\d+)?)S)?)?"
)
_WORDS = re.compile(
    r"(\d+(?:\.\d+)?)?\s*"
    r"(years?|months?|weeks?|days?|hours?|hrs?|hr|h|minutes?|mins?|min|seconds?|secs?|sec|s|d)\b\.?",
    re.IGNORECASE,
)
_LETTERS = {"y": "Y", "mo": "M", "w": "W", "d": "D", "h": "TH", "mi": "TM", "s": "TS"}
_WORD_NAMES = table("durations")
_SECONDS = {
    "Y": 31_556_952.0,
    "M": 2_629_746.0,
    "W": 604_800.0,
    "D": 86_400.0,
    "TH": 3600.0,
    "TM": 60.0,
    "TS": 1.0,
}


def parse_duration(text: str) -> str:
    """The ISO 8601 duration that ``text`` means: ``P1D``, ``1 day``, ``daily``, ``30 minutes``, ``10 days``.

    Raises ``ValueError`` for anything else.
    """
    text = text.strip()
    if text.startswith("P") and _ISO.fullmatch(text):
        return text
    if text.lower() in _WORD_NAMES:
        return _WORD_NAMES[text.lower()]
    match = _WORDS.fullmatch(text)
    if match is None or match[1] is None:
        raise ValueError(f"{text!r} is not a duration such as P1D or 1 day")
    unit = match[2].lower()
    letter = _LETTERS[unit[:2] if unit[:2] in _LETTERS else unit[:1]]
    return f"P{letter[:-1]}{_number(match[1])}{letter[-1]}"


def from_unit(amount: float, unit: str) -> str:
    """The ISO 8601 duration of so many ``year``, ``month``, ``day``, ``hour``, ``minute`` or ``second``."""
    return parse_duration(f"{_number(repr(amount))} {unit}")


def duration_seconds(duration: str) -> float:
    """Roughly how many seconds an ISO 8601 duration lasts (mean months and years)."""
    match = _ISO.fullmatch(duration)
    if match is None:
        raise ValueError(f"{duration!r} is not an ISO 8601 duration")
    return sum(
        float(part) * weight for part, weight in zip(match.groups(), _SECONDS.values(), strict=True) if part
    )


def add_duration(instant: str, duration: str, *, backwards: bool = False) -> str:
    """The instant that lies ``duration`` after (or before) a canonical instant; whole months and years by the
    calendar."""
    text = parse_duration(duration)
    match = _ISO.fullmatch(text)
    years, months = (match[1], match[2]) if match else (None, None)
    whole = re.fullmatch(r"P(?:\d+Y)?(?:\d+M)?", text)
    if whole and re.fullmatch(r"-?\d{4}-\d\d-\d\d.*", instant):
        return _add_months(instant, (int(years or 0) * 12 + int(months or 0)) * (-1 if backwards else 1))
    seconds = round(duration_seconds(text))
    moved = from_seconds(last_second(instant) - seconds if backwards else first_second(instant) + seconds)
    return moved if "T" in instant or "T" in text else moved[: moved.index("T")]


def _add_months(instant: str, months: int) -> str:
    sign, body = (-1, instant[1:]) if instant.startswith("-") else (1, instant)
    date, t, time = body.partition("T")
    year, month, day = date.split("-")
    total = sign * int(year) * 12 + int(month) - 1 + months
    new_year, new_month = divmod(total, 12)
    new_day = min(int(day), days_in_month(new_year, new_month + 1))
    text = f"{new_year:04d}" if new_year >= 0 else f"-{-new_year:04d}"
    return f"{text}-{new_month + 1:02d}-{new_day:02d}{t}{time}"


def _number(text: str) -> str:
    value = float(text)
    return str(int(value)) if value == int(value) else repr(value)

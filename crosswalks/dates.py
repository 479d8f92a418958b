"""Dates as people write them, to canonical instants (``mappings.times``)."""

from __future__ import annotations

import re
from calendar import month_abbr

from crosswalks.words import listed
from mappings.times import parse_instant

_OPEN_WORDS = listed("open_ends")
_SLASHED = re.compile(r"(\d{4})[/.](\d{1,2})[/.](\d{1,2})(?:[ T]+(\d{1,2}:\d{2}(?::\d{2})?).*)?")
_LOOSE = re.compile(
    r"(\d{4})-(\d{1,2})-(\d{1,2})"
    r"(?:[ T]+(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?\s*(Z|UTC|GMT|[+-]\d\d:?\d\d)?)?"
)
_ZONED_DATE = re.compile(r"(\d{4}-?\d\d-?\d\d)\s*(?:Z|UTC|GMT|[+-]\d\d:?\d\d)")
_JAVA = re.compile(r"[A-Z][a-z]{2} ([A-Z][a-z]{2}) +(\d{1,2}) \d\d:\d\d:\d\d [A-Z]{3,4} (\d{4})")
_NO_MONTH = re.compile(r"(-?\d{4})-00(?:-00)?Z?")
_NO_DAY = re.compile(r"(-?\d{4}-\d\d)-00Z?")
_MONTH_FIRST = re.compile(r"([A-Za-z]{3})[a-z]*\.? (\d{1,2}),? (\d{4})")
_AMERICAN = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")
_NAMED = re.compile(r"(\d{1,2})[- ]([A-Za-z]{3})[a-z]*[- ](\d{4})(?:[ T]+(\d{1,2}:\d{2}(?::\d{2})?))?")
_CHINESE = re.compile(r"(\d{4})年(?:(\d{1,2})月(?:(\d{1,2})日)?)?")
_MONTHS = {name.lower(): number for number, name in enumerate(month_abbr) if name}


def to_instant(text: str) -> str | None:
    """The canonical instant for ISO 8601 and its near misses; None for words such as ``now`` (``open_ends``).

    Raises ``ValueError`` for anything else.
    """
    if text.strip().lower() in _OPEN_WORDS:
        return None
    try:
        return parse_instant(text)
    except ValueError:
        if other := _near_miss(text.strip()):
            return parse_instant(other)
        raise


def _near_miss(text: str) -> str | None:
    """ISO 8601 for dates that people write otherwise: 2003/4/5, 5-APR-2003, 2003年4月5日, 2003-4-5 6:30."""
    if match := _ZONED_DATE.fullmatch(text) or _NO_MONTH.fullmatch(text) or _NO_DAY.fullmatch(text):
        return None if match[1] == "0000" else match[1]
    if match := _LOOSE.fullmatch(text):
        date = f"{match[1]}-{int(match[2]):02d}-{int(match[3]):02d}"
        return (
            f"{date}T{int(match[4]):02d}:{match[5]}:{match[6] or '00'}{match[7] or 'Z'}" if match[4] else date
        )
    if match := _SLASHED.fullmatch(text):
        return f"{match[1]}-{int(match[2]):02d}-{int(match[3]):02d}" + _clock(match[4])
    if (match := _NAMED.fullmatch(text)) and match[2].lower() in _MONTHS:
        return f"{match[3]}-{_MONTHS[match[2].lower()]:02d}-{int(match[1]):02d}" + _clock(match[4])
    if (match := _MONTH_FIRST.fullmatch(text) or _JAVA.fullmatch(text)) and match[1].lower() in _MONTHS:
        return f"{match[3]}-{_MONTHS[match[1].lower()]:02d}-{int(match[2]):02d}"
    if match := _CHINESE.fullmatch(text):
        return "-".join(part if len(part) == 4 else f"{int(part):02d}" for part in match.groups() if part)
    if (match := _AMERICAN.fullmatch(text)) and int(match[2]) > 12:
        return f"{match[3]}-{int(match[1]):02d}-{int(match[2]):02d}"
    if match := re.fullmatch(r"(\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d)?)(?:\.\d+)?\s*[A-Za-z]{2,4}", text):
        return None if match is None else match[1] + "Z"
    return None


def _clock(time: str | None) -> str:
    return f"T{time.zfill(8 if time.count(':') == 2 else 5)}Z" if time else ""

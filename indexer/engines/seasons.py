"""Months that come again every year: which periods reach into them, exactly, and what an index is asked of that.

Every engine has the months of a document, all its periods together, as the numbers of the field ``MONTH``.
"""

from __future__ import annotations

from dataclasses import dataclass

from indexer.query import Season
from mappings.times import first_second, last_second, month_of, month_start

MONTH = "month"
Period = tuple[int | None, int | None]
"""First and last second; ``None`` is an open end."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A season in seconds: the asked span, and the first and the last second of the season that lie in it.

    A period of which a part lies in the season inside the span

    * lies within the span and has one of the season's months,
    * or begins before the span and goes on to ``first`` at least,
    * or ends after the span and has begun by ``last``.
    """

    where: Season
    start: int | None
    end: int | None
    first: int | None
    last: int | None

    @property
    def spans(self) -> bool:
        """Whether a span is asked for at all."""
        return self.start is not None or self.end is not None

    @property
    def across_start(self) -> tuple[int, int] | None:
        """The start of the span and ``first``, where a period from before the span can match; else None."""
        if self.where.relation == "within" or self.start is None or self.first is None:
            return None
        return (self.start, self.first) if self.end is None or self.first <= self.end else None

    @property
    def across_end(self) -> tuple[int, int] | None:
        """``last`` and the end of the span, where a period to after the span can match; else None."""
        if self.where.relation == "within" or self.end is None or self.last is None:
            return None
        return (self.last, self.end) if self.start is None or self.last >= self.start else None

    def holds(self, period: Period) -> bool:
        """Whether one period matches."""
        start, end = period
        if self.where.relation == "within" and not (
            (self.start is None or (start is not None and start >= self.start))
            and (self.end is None or (end is not None and end <= self.end))
        ):
            return False
        begin, finish = _later(start, self.start), _earlier(end, self.end)
        if begin is None or finish is None:
            return True
        return begin <= finish and first_of(self.where, begin) <= finish


def asked(where: Season) -> Asked:
    """The season in seconds."""
    start = None if where.start is None else first_second(where.start)
    end = None if where.end is None else last_second(where.end)
    return Asked(
        where,
        start,
        end,
        None if start is None else first_of(where, start),
        None if end is None else last_of(where, end),
    )


def first_of(where: Season, second: int) -> int:
    """The first second of the season from this one on."""
    month = month_of(second)
    if _has(where, month):
        return second
    return month_start(next(later for later in range(month + 1, month + 12) if _has(where, later)))


def last_of(where: Season, second: int) -> int:
    """The last second of the season up to this one."""
    month = month_of(second)
    if _has(where, month):
        return second
    return month_start(next(later for later in range(month, month - 12, -1) if _has(where, later - 1))) - 1


def _has(where: Season, month: int) -> bool:
    return month % 12 + 1 in where.months


def _later(one: int | None, other: int | None) -> int | None:
    return one if other is None else other if one is None else max(one, other)


def _earlier(one: int | None, other: int | None) -> int | None:
    return one if other is None else other if one is None else min(one, other)

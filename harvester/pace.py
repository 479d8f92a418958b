"""How fast a host may be asked: a rate per host, its robots.txt Crawl-delay, and the wait before a request is tried
again."""

from __future__ import annotations

import random
import time
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.robotparser import RobotFileParser

MAX_CRAWL_DELAY = 30.0
"""Seconds; some sites write days."""


class Pace:
    """When the next request to each host may start. Times are seconds of a steady clock."""

    def __init__(self, requests_per_second: float) -> None:
        self._interval = 1 / requests_per_second if requests_per_second > 0 else 0.0
        self._delays: dict[str, float] = {}
        self._next: dict[str, float] = {}

    def is_new(self, host: str) -> bool:
        """Whether nothing was asked of ``host`` yet."""
        return host not in self._next and host not in self._delays

    def slow_down(self, host: str, seconds: float) -> None:
        """Leave at least ``seconds`` between requests to ``host``."""
        self._delays[host] = min(seconds, MAX_CRAWL_DELAY)

    def wait(self, host: str) -> float:
        """Seconds until a request to ``host`` may start; takes that place in the queue."""
        now = time.monotonic()
        start = max(now, self._next.get(host, now))
        self._next[host] = start + max(self._interval, self._delays.get(host, 0.0))
        return start - now


def crawl_delay(robots_txt: str, user_agent: str) -> float:
    """The Crawl-delay in seconds that a robots.txt asks of ``user_agent``; 0 where it asks for none."""
    parser = RobotFileParser()
    parser.parse(robots_txt.splitlines())
    return float(parser.crawl_delay(user_agent) or 0)


def backoff(attempt: int, base: float) -> float:
    """Seconds before try number ``attempt`` + 1: doubling from ``base``, with jitter of half (never in step with
    others)."""
    return base * 2.0 ** (attempt - 1) * random.uniform(0.5, 1.5)  # noqa: S311 - jitter is no secret


def retry_after(value: str | None) -> float | None:
    """Seconds of a Retry-After header (RFC 9110 §10.2.3: seconds or a date); None where it is absent or unreadable."""
    if value is None:
        return None
    if value.strip().isdecimal():
        return float(value)
    try:
        when = parsedate_to_datetime(value)
    except ValueError:
        return None
    if when.tzinfo is None:
        when = when.replace(tzinfo=UTC)
    return max(0.0, (when - datetime.now(UTC)).total_seconds())

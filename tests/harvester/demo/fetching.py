"""Asking an endpoint the plainest way."""

from __future__ import annotations

from urllib.error import HTTPError
from urllib.request import Request, urlopen


def fetch(url: str, body: bytes | None = None) -> tuple[int, bytes]:
    """Status and body of the answer to a GET, or to a POST of ``body``."""
    request = Request(url, body, {"Content-Type": "application/xml"} if body else {})
    try:
        with urlopen(request, timeout=10) as answer:
            return answer.status, answer.read()
    except HTTPError as error:
        with error:
            return error.code, error.read()

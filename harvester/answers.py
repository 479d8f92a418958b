"""What a server answered, and how to say so in a sentence."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus

from mappings.errors import EndpointBusy, EndpointError

_TAG = re.compile(r"<(script|style|title)\b.*?</\1>|<[^>]*>", re.IGNORECASE | re.DOTALL)
_TITLE = re.compile(r"<title[^>]*>(.*?)</title>", re.IGNORECASE | re.DOTALL)
_SHOWN = 200


@dataclass(frozen=True, slots=True)
class Response:
    """An answer. ``url`` is where it came from after redirects; ``headers`` ignore case."""

    status: int
    url: str
    content: bytes
    headers: Mapping[str, str]

    @property
    def ok(self) -> bool:
        return 200 <= self.status < 300

    @property
    def is_busy(self) -> bool:
        """Whether asking again later may help (RFC 9110 §15.6, RFC 6585 §4)."""
        return self.status == 429 or self.status >= 500

    @property
    def is_html(self) -> bool:
        start = self.content[:500].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
        return start.startswith((b"<!doctype html", b"<html")) or b"<html" in start


class RefusedError(EndpointError):
    """The server answered with a status that asking again does not change (4xx). ``response`` is that answer."""

    def __init__(self, url: str, response: Response) -> None:
        advice = {
            401: "it wants a log-in, which Halocline does not do",
            403: "it does not let Halocline in; ask its operator",
            404: "check the address",
            410: "it was taken away for good",
        }.get(response.status, "check the address and the source's options")
        super().__init__(f"{url} answered {describe(response)}: {advice}.")
        self.response = response


class BusyError(EndpointBusy):
    """The server went on answering 429 or 5xx. ``response`` is its last answer."""

    def __init__(self, url: str, response: Response, wait: float | None) -> None:
        later = f" and asks to wait {wait:.0f} s" if wait is not None else ""
        super().__init__(
            f"{url} answered {describe(response)}{later}: the server is overloaded or failing; try again "
            f"later."
        )
        self.response = response


def describe(response: Response) -> str:
    """Status and the gist of the body: ``404 Not Found (“Unknown datasetID=x”)``."""
    try:
        status = f"{response.status} {HTTPStatus(response.status).phrase}"
    except ValueError:
        status = str(response.status)
    said = gist(response.content)
    return f"{status} (“{said}”)" if said else status


def gist(content: bytes) -> str:
    """The first words of an answer meant for people: the title and text of a page, or plain text."""
    text = content[:20_000].decode("utf-8", "replace")
    title = _TITLE.search(text)
    parts = (title[1] if title else "", _TAG.sub(" ", text))
    words = ": ".join(said for said in (" ".join(html.unescape(part).split()) for part in parts) if said)
    words = "".join(c if c.isprintable() else "." for c in words)
    return words if len(words) <= _SHOWN else words[: _SHOWN - 1] + "…"

"""Requests for data that are not open: what a person must say, how it is checked, and what was decided."""

from __future__ import annotations

import hashlib
import re
import secrets
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

from mappings.errors import InvalidQuery
from mappings.record import BoundingBox
from mappings.times import first_second, last_second, parse_instant

RequestStatus = Literal["pending", "approved", "refused"]

MAX_NAME = 200
MAX_INSTITUTION = 300
MAX_EMAIL = 254  # RFC 5321 §4.5.3.1.3, less the angle brackets
MIN_PURPOSE = 10
MAX_PURPOSE = 5000
MAX_REASON = 5000
MAX_VARIABLES = 200
MAX_VARIABLE = 300
MAX_RECORD_ID = 2000
MAX_PENDING = 20
"""One e-mail address may have this many undecided requests."""

_EMAIL = re.compile(r"[^\s@<>(),;:\\\"\[\]]+@[^\s@<>(),;:\\\"\[\].]+(?:\.[^\s@<>(),;:\\\"\[\].]+)+")


@dataclass(frozen=True, slots=True)
class DataRequest:
    """Who wants which part of a dataset and what for.

    ``start`` and ``end`` are instants, ``box`` is in degrees; ``language`` (``zh`` or ``en``) is that of the
    form, and the one to answer in.
    """

    record_id: str
    name: str
    institution: str
    email: str
    purpose: str
    box: BoundingBox | None = None
    start: str | None = None
    end: str | None = None
    variables: tuple[str, ...] = ()
    language: str = "zh"


@dataclass(frozen=True, slots=True)
class StoredRequest:
    """A request and its fate: ``reason`` is for the requester, ``decided_by`` for the stewards alone."""

    id: int
    request: DataRequest
    status: RequestStatus
    submitted: str
    reason: str | None = None
    decided_by: str | None = None
    decided: str | None = None


def checked_request(request: DataRequest) -> DataRequest:
    """``request`` with its texts trimmed and its instants canonical.

    Raises ``InvalidQuery`` whose ``parameter`` is the name of the first attribute that will not do.
    """
    start, end = _period(request.start, request.end)
    if request.language not in {"zh", "en"}:
        raise InvalidQuery("language", "must be zh or en")
    if len(request.variables) > MAX_VARIABLES:
        raise InvalidQuery("variables", f"choose at most {MAX_VARIABLES}")
    return replace(
        request,
        record_id=_line("record_id", request.record_id, MAX_RECORD_ID),
        name=_line("name", request.name, MAX_NAME),
        institution=_line("institution", request.institution, MAX_INSTITUTION),
        email=_email(request.email),
        purpose=_prose("purpose", request.purpose, MIN_PURPOSE, MAX_PURPOSE),
        start=start,
        end=end,
        variables=tuple(dict.fromkeys(_line("variables", v, MAX_VARIABLE) for v in request.variables)),
    )


def checked_decision(reason: str, by: str) -> tuple[str, str]:
    """The reason and who decided, trimmed. Raises ``InvalidQuery`` for an empty or overlong one."""
    return _prose("reason", reason, 1, MAX_REASON), _line("by", by, MAX_NAME)


def new_token() -> str:
    """An unguessable address of a status page: 256 random bits, URL-safe."""
    return secrets.token_urlsafe(32)


def token_digest(token: str) -> str:
    """What is kept of a token: who reads the database cannot open status pages with it."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def _line(parameter: str, text: str, longest: int) -> str:
    trimmed = text.strip()
    if not trimmed:
        raise InvalidQuery(parameter, "is missing")
    if len(trimmed) > longest:
        raise InvalidQuery(parameter, f"is longer than {longest} characters")
    if any(_controls(trimmed)):
        raise InvalidQuery(parameter, "must be one line without control characters")
    return trimmed


def _prose(parameter: str, text: str, shortest: int, longest: int) -> str:
    trimmed = text.replace("\r\n", "\n").strip()
    if len(trimmed) < shortest:
        raise InvalidQuery(
            parameter, "is missing" if not trimmed else f"needs at least {shortest} characters"
        )
    if len(trimmed) > longest:
        raise InvalidQuery(parameter, f"is longer than {longest} characters")
    if any(character not in "\n\t" for character in _controls(trimmed)):
        raise InvalidQuery(parameter, "must not have control characters")
    return trimmed


def _controls(text: str) -> Iterator[str]:
    """Control characters and lone surrogates, which neither a page nor a database should get."""
    return (character for character in text if unicodedata.category(character) in {"Cc", "Cs"})


def _email(text: str) -> str:
    address = _line("email", text, MAX_EMAIL)
    if not _EMAIL.fullmatch(address):
        raise InvalidQuery("email", "is not an e-mail address such as name@institute.org")
    return address


def _period(start: str | None, end: str | None) -> tuple[str | None, str | None]:
    first, last = _instant("start", start), _instant("end", end)
    if first is not None and last is not None and first_second(first) > last_second(last):
        raise InvalidQuery("end", "is before the start")
    return first, last


def _instant(parameter: str, text: str | None) -> str | None:
    if text is None or not text.strip():
        return None
    try:
        return parse_instant(text)
    except ValueError as error:
        raise InvalidQuery(parameter, str(error)) from error

"""The errors Halocline raises, banded by what the caller does about them.

::

    HaloclineError
    ├── FatalError            the run (or the command) cannot go on: fix something, start again
    │   ├── ConfigurationError    a setting, a source option or a definition file is wrong
    │   └── EndpointError         a server is unreachable, refuses, or lies about what it sends
    ├── RetryableError        the same call may succeed later
    │   ├── EndpointBusy          time-outs, 429 and 5xx answers, broken connections
    │   └── IndexUnavailable      the search engine is away or its writer is taken
    ├── RecordError           this one record is no good: quarantine it and go on
    │   ├── UnreadableRecord      the bytes are not what they claim to be (place: line, offset or path)
    │   └── CrosswalkError        the bytes were read but no Record could be made of them
    ├── InvalidQuery          a request asks for something impossible; names the parameter
    └── NotFound              no such record, source, run or request

Every message is a sentence a data manager can act on. A front maps bands to its protocol in one table.
"""

from __future__ import annotations


class HaloclineError(Exception):
    """The root of all errors that Halocline raises on purpose."""


class FatalError(HaloclineError):
    """Nothing more can be done in this run or command."""


class ConfigurationError(FatalError):
    """A setting, a source option or a definition file is wrong; the message names it."""


class EndpointError(FatalError):
    """An endpoint cannot be used: unreachable, refusing, or answering something else than its protocol."""


class RetryableError(HaloclineError):
    """The same call may succeed later."""


class EndpointBusy(RetryableError):
    """A time-out, a broken connection, or an answer of 429 or 5xx."""


class IndexUnavailable(RetryableError):
    """The search engine is away, or another process is writing to it."""


class RecordError(HaloclineError):
    """One record is no good.

    ``place`` says where in its bytes (``line 12``, ``offset 300``, an XPath, a field name), if known.
    """

    def __init__(self, reason: str, place: str | None = None) -> None:
        super().__init__(reason if place is None else f"{reason} (at {place})")
        self.reason = reason
        self.place = place


class UnreadableRecord(RecordError):
    """The bytes are not well-formed, too large, too deep, or not of the format they claim."""


class CrosswalkError(RecordError):
    """The record was read, but something a Record must have is missing or unusable."""


class InvalidQuery(HaloclineError):
    """A request cannot be answered as asked. ``parameter`` names the offending part."""

    def __init__(self, parameter: str, reason: str) -> None:
        super().__init__(f"{parameter}: {reason}")
        self.parameter = parameter
        self.reason = reason


class NotFound(HaloclineError):
    """No such record, source, run, quarantined item or request."""

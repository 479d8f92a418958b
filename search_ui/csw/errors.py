"""What a CSW client is told when something is wrong (OGC 05-008 table 17, OGC 06-121r9 table 28)."""

from __future__ import annotations

from typing import Literal

from mappings.errors import HaloclineError, InvalidQuery, RecordError, RetryableError

ExceptionCode = Literal[
    "OperationNotSupported",
    "MissingParameterValue",
    "InvalidParameterValue",
    "VersionNegotiationFailed",
    "OptionNotSupported",
    "NotFound",
    "NoApplicableCode",
]

STATUS: dict[ExceptionCode, int] = {"NotFound": 404}
"""HTTP status where it is not 400: the client can do something about all the others."""


class OwsError(HaloclineError):
    """A request that is answered by an ``ows:ExceptionReport``. ``locator`` names the parameter that is
    wrong.
    """

    def __init__(
        self, code: ExceptionCode, locator: str | None, text: str, status: int | None = None
    ) -> None:
        super().__init__(f"{code} ({locator}): {text}")
        self.code = code
        self.locator = locator
        self.text = text
        self.status = status or STATUS.get(code, 400)


def invalid(locator: str, text: str) -> OwsError:
    """A parameter whose value cannot be used."""
    return OwsError("InvalidParameterValue", locator, text)


def missing(locator: str) -> OwsError:
    """A mandatory parameter that was not given."""
    return OwsError("MissingParameterValue", locator, f"the parameter {locator} is mandatory")


def unsupported(locator: str, text: str) -> OwsError:
    """Something the standard has and this server has not."""
    return OwsError("OptionNotSupported", locator, text)


QUERY_PARAMETERS = {"size": "maxRecords", "page": "startPosition", "sort": "SortBy", "filter": "Constraint"}
"""What CSW calls the parts of a ``Query`` that ``indexer.query.check`` names."""


def as_ows(error: HaloclineError) -> OwsError:
    """The one table from Halocline's errors to OWS exceptions."""
    match error:
        case OwsError():
            return error
        case InvalidQuery():
            return invalid(QUERY_PARAMETERS.get(error.parameter, error.parameter), error.reason)
        case RetryableError():
            return OwsError("NoApplicableCode", None, f"not available now, try again later: {error}", 503)
        case RecordError():
            return OwsError("NoApplicableCode", "request", f"the request cannot be read: {error}", 400)
        case _:
            return OwsError("NoApplicableCode", None, str(error), 500)

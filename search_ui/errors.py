"""What becomes of an error on the web: one table from Halocline's errors to HTTP, as a page or as problem+json.

The CSW front answers its own mistakes with an ExceptionReport; what is not one of those ends up here too.
"""

from __future__ import annotations

import json
import logging
from dataclasses import dataclass
from http import HTTPStatus

from flask import Flask, Response, render_template, request
from flask_babel import lazy_gettext as _l
from werkzeug.exceptions import HTTPException

from mappings.errors import (
    ConfigurationError,
    HaloclineError,
    IndexUnavailable,
    InvalidQuery,
    NotFound,
    RetryableError,
)
from search_ui.parameter_help import TAKES

log = logging.getLogger(__name__)

RETRY_AFTER = "30"
FOR_PROGRAMS = (".json", ".atom")
"""Paths that only programs ask for: their errors are problem+json, whatever is accepted."""


@dataclass(frozen=True, slots=True)
class Answer:
    """How one kind of error is answered: status, and a heading and an explanation in the reader's language."""

    status: HTTPStatus
    title: object
    explanation: object


_AWAY = Answer(
    HTTPStatus.SERVICE_UNAVAILABLE,
    _l("The search index is away"),
    _l("The records are safe, but they cannot be searched at the moment. Please try again in a minute."),
)
TABLE: tuple[tuple[type[HaloclineError], Answer], ...] = (
    (
        InvalidQuery,
        Answer(
            HTTPStatus.BAD_REQUEST,
            _l("This request cannot be answered as asked"),
            _l("One of its parameters is not what it has to be."),
        ),
    ),
    (
        NotFound,
        Answer(
            HTTPStatus.NOT_FOUND,
            _l("There is nothing at this address"),
            _l("It may have been withdrawn by its source, or the address may be incomplete."),
        ),
    ),
    (IndexUnavailable, _AWAY),
    (ConfigurationError, _AWAY),  # an index of another schema, until someone rebuilds it
    (
        RetryableError,
        Answer(
            HTTPStatus.SERVICE_UNAVAILABLE,
            _l("The catalogue is busy"),
            _l("Please try again in a minute."),
        ),
    ),
)
UNEXPECTED = Answer(
    HTTPStatus.INTERNAL_SERVER_ERROR,
    _l("Something went wrong on our side"),
    _l("It has been noted. Please try again, or search for something else."),
)
REFUSED = (
    _l("The server does not answer requests of this kind"),
    _l("The method, the size or the form of the request is not one that is understood at this address."),
)


def set_up_errors(app: Flask) -> None:
    """Answer every error of ``app`` by the table."""
    app.register_error_handler(HaloclineError, _known)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _unexpected)


def _known(error: HaloclineError) -> Response:
    answer = next((answer for kind, answer in TABLE if isinstance(error, kind)), UNEXPECTED)
    if answer.status >= 500:
        _log(error)
    return _respond(answer, error)


def _http(error: HTTPException) -> Response:
    if error.code == HTTPStatus.NOT_FOUND:
        return _known(NotFound("no page has this address"))
    status = HTTPStatus(error.code or HTTPStatus.INTERNAL_SERVER_ERROR)
    response = _respond(Answer(status, *REFUSED), None)
    for name, value in error.get_headers():
        if name.lower() not in {"content-type", "content-length"}:
            response.headers.add(name, value)
    return response


def _unexpected(error: Exception) -> Response:
    _log(error)
    return _respond(UNEXPECTED, None)


def _log(error: Exception) -> None:
    # The rule, not the path: the path of a status page holds its token.
    rule = request.url_rule.rule if request.url_rule else None
    log.error("request_failed method=%s rule=%s", request.method, rule, exc_info=error)


def _respond(answer: Answer, error: HaloclineError | None) -> Response:
    response = _problem(answer, error) if _wants_json() else _page(answer, error)
    response.status_code = answer.status
    if answer.status == HTTPStatus.SERVICE_UNAVAILABLE:
        response.headers["Retry-After"] = RETRY_AFTER
    response.headers["Cache-Control"] = "no-store"
    return response


def _page(answer: Answer, error: HaloclineError | None) -> Response:
    parameter = error.parameter if isinstance(error, InvalidQuery) else None
    page = render_template(
        "error.html",
        answer=answer,
        parameter=parameter,
        given=request.args.getlist(parameter) if parameter else [],
        takes=TAKES.get(parameter) if parameter else None,
        reason=error.reason if isinstance(error, InvalidQuery) else None,
    )
    return Response(page, mimetype="text/html")


def _problem(answer: Answer, error: HaloclineError | None) -> Response:
    """RFC 9457, in English: for programs and those who write them."""
    problem: dict[str, object] = {
        "type": "about:blank",
        "title": answer.status.phrase,
        "status": int(answer.status),
    }
    if error is not None and answer.status < 500:
        problem["detail"] = str(error)
    elif answer is _AWAY:
        problem["detail"] = "The search index is away: the records cannot be searched at the moment."
    if isinstance(error, InvalidQuery):
        problem["parameter"] = error.parameter
    return Response(json.dumps(problem, ensure_ascii=False), mimetype="application/problem+json")


def _wants_json() -> bool:
    if request.path.endswith(FOR_PROGRAMS):
        return True
    best = request.accept_mimetypes.best_match(["text/html", "application/json", "application/problem+json"])
    return best is not None and best != "text/html"

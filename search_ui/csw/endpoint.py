"""``/csw`` over HTTP: bytes in, bytes out, and an ExceptionReport for whatever goes wrong."""

from __future__ import annotations

from typing import Any, Protocol
from urllib.parse import parse_qsl

from flask import Blueprint, Response, request

from crosswalks.readers.xml import parse
from indexer.catalogue import Catalogue
from mappings.errors import HaloclineError
from search_ui.csw import answers, kvp, operations, posted
from search_ui.csw.errors import OwsError, as_ows
from search_ui.csw.protocol import DEFAULT_VERSION, Request, Version

MAX_BODY = 1024 * 1024
"""Bytes of a posted request: a filter with the most conditions allowed stays well below."""
FORM = "application/x-www-form-urlencoded"


class Services(Protocol):
    """What this front needs of ``search_ui.services.Services``."""

    @property
    def catalogue(self) -> Catalogue: ...
    @property
    def base_url(self) -> str: ...


def blueprint(services: Services) -> Blueprint:
    """The CSW front as a Flask blueprint with one address, ``/csw``."""
    front = Blueprint("csw", __name__)
    title = getattr(services, "site_name", "Halocline")
    url = f"{services.base_url.rstrip('/')}/csw"

    @front.route("/csw", methods=["GET", "POST"])
    def csw() -> Response:
        version = DEFAULT_VERSION
        try:
            decoded, version = _decoded()
            content = operations.answer(
                decoded, operations.Service(services.catalogue, url, title, request.url)
            )
        except _Refused as refused:
            return _report(refused.error, refused.version)
        except HaloclineError as error:
            return _report(as_ows(error), version)
        return Response(content, content_type=operations.media_type(decoded))

    return front


class _Refused(Exception):  # noqa: N818 - carries the version that the report is to be written in
    def __init__(self, error: OwsError, version: Version | None) -> None:
        super().__init__(str(error))
        self.error = error
        self.version = version or DEFAULT_VERSION


def _decoded() -> tuple[Request, Version]:
    """The request, from the body if there is an XML one, from a form or from the URL otherwise."""
    hint: Version | None = None
    try:
        body = _body() if request.method == "POST" else b""
        if body.lstrip()[:1] == b"<" or (body and request.mimetype != FORM):
            root: Any = parse(body, max_bytes=MAX_BODY)
            hint = posted.version_hint(root)
            decoded = posted.decode(root)
        else:
            pairs = [*request.args.items(multi=True), *_form(body)]
            hint = kvp.version_hint({name.lower(): value for name, value in pairs})
            decoded = kvp.decode(kvp.parameters_of(pairs))
    except HaloclineError as error:
        raise _Refused(as_ows(error), hint) from error
    return decoded, decoded.version


def _body() -> bytes:
    """The posted bytes, no more than ``MAX_BODY`` of which are ever read."""
    if (request.content_length or 0) <= MAX_BODY:
        body = request.stream.read(MAX_BODY + 1)
        if len(body) <= MAX_BODY:
            return body
    raise OwsError(
        "NoApplicableCode", "request", f"a posted request may have {MAX_BODY:,} bytes at most", 413
    )


def _form(body: bytes) -> list[tuple[str, str]]:

    try:
        return parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=100)
    except ValueError as error:
        raise OwsError("NoApplicableCode", "request", f"the posted form cannot be read: {error}") from error


def _report(error: OwsError, version: Version) -> Response:
    return Response(
        answers.exception_report(error, version), status=error.status, content_type="application/xml"
    )

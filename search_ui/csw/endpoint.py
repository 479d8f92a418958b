"""``/csw`` over HTTP: bytes in, bytes out, and an ExceptionReport for whatever goes wrong."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Protocol
from urllib.parse import parse_qsl

from flask import Blueprint, Response, request

from crosswalks.readers.xml import parse
from indexer.catalogue import Catalogue
from mappings.errors import HaloclineError
from search_ui.csw import answers, kvp, operations, posted, soap
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
    @property
    def site_name(self) -> str: ...


def blueprint(services: Services) -> Blueprint:
    """The CSW front as a Flask blueprint with one address, ``/csw``."""
    front = Blueprint("csw", __name__)
    url = f"{services.base_url.rstrip('/')}/csw"

    @front.route("/csw", methods=["GET", "POST"])
    def csw() -> Response:
        exchange = _Exchange()
        try:
            decoded = exchange.decode()
            service = operations.Service(services.catalogue, url, services.site_name, request.url)
            return exchange.reply(operations.answer(decoded, service), operations.media_type(decoded))
        except HaloclineError as error:
            return exchange.refuse(as_ows(error))

    return front


@dataclass
class _Exchange:
    """One request and its answer, and what both have in common: the version and, perhaps, an envelope."""

    version: Version = field(default=DEFAULT_VERSION)
    envelope: str | None = None

    def decode(self) -> Request:
        """The request, from the body if there is an XML one, from a form or from the URL otherwise."""
        body = _body() if request.method == "POST" else b""
        if body.lstrip()[:1] == b"<" or (body and request.mimetype != FORM):
            return self._from_xml(parse(body, max_bytes=MAX_BODY))
        pairs = [*request.args.items(multi=True), *_form(body)]
        self.version = kvp.version_hint({name.lower(): value for name, value in pairs}) or self.version
        return kvp.decode(kvp.parameters_of(pairs))

    def _from_xml(self, root: Any) -> Request:
        self.envelope = soap.namespace_of(root)
        if self.envelope:
            root = soap.opened(root)
        self.version = posted.version_hint(root) or self.version
        return posted.decode(root)

    def reply(self, content: bytes, media_type: str) -> Response:
        if self.envelope:
            return Response(
                soap.enclosed(content, self.envelope), content_type=soap.MEDIA_TYPES[self.envelope]
            )
        return Response(content, content_type=media_type)

    def refuse(self, error: OwsError) -> Response:
        report = answers.exception_report(error, self.version)
        if self.envelope:
            content, media_type = soap.fault(report, error, self.envelope), soap.MEDIA_TYPES[self.envelope]
            return Response(content, status=error.status, content_type=media_type)
        return Response(report, status=error.status, content_type="application/xml")


def _body() -> bytes:
    """The posted bytes, no more than ``MAX_BODY`` of which are ever read."""
    if (request.content_length or 0) <= MAX_BODY:
        body: bytes = request.stream.read(MAX_BODY + 1)
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

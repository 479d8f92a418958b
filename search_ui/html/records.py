"""``/records/<id>``: a record as a page, as ISO 19115-2, or as JSON; by suffix, by ``?format=`` or by Accept."""

from __future__ import annotations

import json
from typing import Literal, get_args

from flask import Blueprint, Response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from indexer.catalogue import Catalogue, StoredRecord
from mappings.codec import encode
from mappings.errors import IndexUnavailable, InvalidQuery, NotFound
from search_ui import parameters
from search_ui.html.record_view import resolver_url, view_of
from search_ui.html.results import Result, as_json, result_of, subset_of
from search_ui.presentation import safe_url
from search_ui.services import Services

SIMILAR = 5
"""How many similar datasets are shown."""
Format = Literal["html", "xml", "json"]
SUFFIXES: dict[str, Format] = {".xml": "xml", ".json": "json"}
MEDIA_TYPES: dict[str, Format] = {
    "text/html": "html",
    "application/xhtml+xml": "html",
    "application/xml": "xml",
    "text/xml": "xml",
    "application/vnd.iso.19139+xml": "xml",
    "application/json": "json",
}


def add_routes(front: Blueprint, services: Services) -> None:
    """Add the one address under which every record is."""
    catalogue = services.catalogue

    @front.get("/records/<record_id:id>/similar.json")
    def similar(id: str) -> ResponseReturnValue:
        records = [as_json(stored) for stored in catalogue.similar(id, SIMILAR)]
        response = Response(json.dumps({"records": records}, ensure_ascii=False), mimetype="application/json")
        response.vary.update(("Accept-Language", "Cookie"))
        return response

    @front.get("/records/<record_id:id>")
    def record(id: str) -> ResponseReturnValue:
        stored, form = _find(catalogue, id)
        form = form or _asked_format()
        if form == "xml":
            return _data(catalogue.document(stored.id), "application/xml")
        if form == "json":
            return _data(encode(stored.record), "application/json")
        return _page(catalogue, stored)


def _find(catalogue: Catalogue, asked: str) -> tuple[StoredRecord, Format | None]:
    """The record, and the format its suffix asks for. An id that itself ends in ``.xml`` comes first."""
    try:
        return catalogue.get(asked), None
    except NotFound:
        for suffix, form in SUFFIXES.items():
            if asked.endswith(suffix) and asked != suffix:
                return catalogue.get(asked.removesuffix(suffix)), form
        raise


def _asked_format() -> Format:
    asked = request.args.get("format")
    if asked:
        for form in get_args(Format):
            if asked == form:
                return form  # type: ignore[no-any-return]
        raise InvalidQuery("format", f"{asked!r} is not one of {', '.join(get_args(Format))}")
    best = request.accept_mimetypes.best_match(list(MEDIA_TYPES), "text/html")
    return MEDIA_TYPES[best]


def _page(catalogue: Catalogue, stored: StoredRecord) -> Response:
    subset = subset_of(parameters.decode(request.args))
    response = Response(
        render_template(
            "record.html",
            stored=stored,
            record=stored.record,
            view=view_of(stored),
            resolver_url=resolver_url,
            similar=_similar(catalogue, stored.id),
            source_url=_source_url(stored),
            request_url=url_for("access.ask", id=stored.id) + parameters.query_string(subset),
            xml_url=_format_url(catalogue, stored.id, ".xml"),
            json_url=_format_url(catalogue, stored.id, ".json"),
        ),
        mimetype="text/html",
    )
    response.vary.add("Accept")
    return response


def _similar(catalogue: Catalogue, record_id: str) -> list[Result]:
    """Datasets like this one; none while the index is away: the record itself can be read all the same."""
    try:
        return [result_of(other) for other in catalogue.similar(record_id, SIMILAR)]
    except IndexUnavailable:
        return []


def _source_url(stored: StoredRecord) -> str | None:
    provenance = stored.record.provenance
    return None if provenance is None else safe_url(provenance.location)


def _format_url(catalogue: Catalogue, record_id: str, suffix: str) -> str:
    """``/records/<id>.xml``, unless another record is called just that."""
    try:
        catalogue.get(record_id + suffix)
    except NotFound:
        return url_for("html.record", id=record_id + suffix)
    return url_for("html.record", id=record_id, format=suffix.removeprefix("."))


def _data(content: bytes, media_type: str) -> Response:
    response = Response(content, mimetype=media_type)
    response.vary.add("Accept")
    return response

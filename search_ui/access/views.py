"""``/records/<id>/request`` and ``/requests/<token>``. The token of a status page is never logged or passed on."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from wtforms import Field

from indexer.catalogue import StoredRecord
from mappings.errors import InvalidQuery, NotFound
from search_ui import parameters
from search_ui.access.forms import TOO_MANY, RequestForm
from search_ui.services import Services

MAX_FORM = 128 * 1024
"""Bytes of a posted form."""
REQUESTABLE = ("restricted", "closed")


def blueprint(services: Services) -> Blueprint:
    """The data requests as a Flask blueprint."""
    front = Blueprint("access", __name__)
    catalogue, stewardship = services.catalogue, services.stewardship

    @front.get("/records/<record_id:id>/request")
    def ask(id: str) -> ResponseReturnValue:
        stored = _requestable(catalogue.get(id))
        state = parameters.decode(request.args)
        form = RequestForm()
        form.offer(stored.record)
        form.prefill(state, stored.record)
        return _form_page(stored, form)

    @front.post("/records/<record_id:id>/request")
    def submit(id: str) -> ResponseReturnValue:
        request.max_content_length = request.max_form_memory_size = MAX_FORM
        stored = _requestable(catalogue.get(id))
        form = RequestForm()
        form.offer(stored.record)
        if (wanted := form.request_for(stored.id)) is not None:
            try:
                token = stewardship.submit_request(wanted)
            except InvalidQuery as error:
                form.blame(error, TOO_MANY)
            else:
                return redirect(url_for("access.status", token=token), HTTPStatus.SEE_OTHER)
        return _form_page(stored, form), HTTPStatus.BAD_REQUEST

    @front.get("/requests/<token>")
    def status(token: str) -> Response:
        asked = stewardship.request_by_token(token)
        try:
            stored = catalogue.get(asked.request.record_id)
        except NotFound:  # withdrawn since
            stored = None
        page = Response(
            render_template("request_status.html", asked=asked, stored=stored), mimetype="text/html"
        )
        return _kept_private(page)

    return front


def _requestable(stored: StoredRecord) -> StoredRecord:
    if stored.record.access_level not in REQUESTABLE:
        raise NotFound("the data of this record need no request: its page has the links to them")
    return stored


def _form_page(stored: StoredRecord, form: RequestForm) -> Response:
    problems = list(form.form_errors)
    if form.csrf_token.errors:
        problems.append(
            gettext("This form was open for too long, or cookies are off. Please send it once more.")
        )
    if form.looks_automatic():
        problems.append(gettext("Please leave the hidden field empty, and send the form once more."))
    page = render_template(
        "request_form.html",
        stored=stored,
        record=stored.record,
        form=form,
        problems=problems,
        has_errors=bool(form.errors or problems),
        attributes=_attributes,
        variables={variable.name: variable for variable in stored.record.variables},
    )
    response = Response(page, mimetype="text/html")
    response.headers["Cache-Control"] = "no-store"
    return response


def _attributes(field: Field, small: bool = False, **more: Any) -> dict[str, Any]:
    """The HTML attributes of an input: how it looks, and where a screen reader finds what is wrong with it."""
    classes = ["form-control", "form-control-sm" if small else "", "is-invalid" if field.errors else ""]
    wrong = {"aria-invalid": "true", "aria-describedby": f"{field.id}-error"} if field.errors else {}
    return {**more, **wrong, "class": " ".join(filter(None, classes))}


def _kept_private(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response

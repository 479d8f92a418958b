"""The web application: its fronts, and what they share."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from flask import Flask, url_for
from flask_wtf import CSRFProtect

from search_ui import access, csw, feeds, html, presentation
from search_ui.errors import set_up_errors
from search_ui.languages import set_up_languages
from search_ui.record_ids import RecordIdConverter
from search_ui.security import add_security_headers
from search_ui.services import Services

MAX_BODY = 2 * 1024 * 1024
"""Bytes of any request; fronts that know better set narrower bounds."""
ASSET_AGE = timedelta(days=365)
DIST = Path(__file__).with_name("static") / "dist"


def create_app(services: Services) -> Flask:
    """The WSGI application that serves ``services`` to the world."""
    app = Flask("search_ui")
    app.config.update(
        SECRET_KEY=services.secret_key,
        MAX_CONTENT_LENGTH=MAX_BODY,
        SEND_FILE_MAX_AGE_DEFAULT=ASSET_AGE,
        SESSION_COOKIE_NAME="halocline_session",
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=services.base_url.startswith("https:"),
        WTF_CSRF_TIME_LIMIT=None,  # as long as the session: a form may be filled in over days
    )
    app.url_map.converters["record_id"] = RecordIdConverter
    app.url_map.merge_slashes = False  # an id may be a URL
    app.jinja_options = {"trim_blocks": True, "lstrip_blocks": True}
    set_up_languages(app)
    set_up_errors(app)
    add_security_headers(app)
    presentation.set_up(app, services)
    app.jinja_env.globals["asset"] = _asset_urls()
    _register_fronts(app, services)
    return app


def _register_fronts(app: Flask, services: Services) -> None:
    csrf = CSRFProtect(app)
    catalogue_service = csw.blueprint(services)
    data_requests = access.blueprint(services)
    csrf.exempt(catalogue_service)  # a protocol for programs: it reads, and knows no cookies
    csrf.exempt(data_requests)  # its form checks the token itself, so that nothing typed is lost
    for front in (html.blueprint(services), data_requests, catalogue_service, feeds.blueprint(services)):
        app.register_blueprint(front)


def _asset_urls() -> Callable[[str], str]:
    """A function from the name of a bundled file to a URL that changes with its content."""
    versions = {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()[:12]
        for path in DIST.iterdir()
        if path.is_file()
    }

    def asset(name: str) -> str:
        return url_for("static", filename=f"dist/{name}", v=versions[name])

    return asset

"""The portal: landing page, search, saved searches, records, quarantine, and whether the service is well."""

from __future__ import annotations

from flask import Blueprint

from search_ui.html import health, landing, quarantine, records, saved, search, suggesting
from search_ui.services import Services


def blueprint(services: Services) -> Blueprint:
    """The portal as a Flask blueprint."""
    front = Blueprint("html", __name__)
    for part in (landing, search, saved, records, quarantine, suggesting, health):
        part.add_routes(front, services)
    return front

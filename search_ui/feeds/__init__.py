"""What programs follow: Atom feeds of searches, and the description by which browsers search."""

from __future__ import annotations

from flask import Blueprint

from search_ui.feeds import feed, opensearch
from search_ui.services import Services


def blueprint(services: Services) -> Blueprint:
    """The addresses as a Flask blueprint."""
    front = Blueprint("feeds", __name__)
    for part in (feed, opensearch):
        part.add_routes(front, services)
    return front

"""``/healthz``: the process answers. ``/readyz``: it can also search. For machines that watch."""

from __future__ import annotations

import json

from flask import Blueprint, Response

from mappings.errors import HaloclineError
from search_ui.services import Services


def add_routes(front: Blueprint, services: Services) -> None:
    """Add the two probes."""

    @front.get("/healthz")
    def healthz() -> Response:
        return _answer({"status": "ok"}, 200)

    @front.get("/readyz")
    def readyz() -> Response:
        try:
            status = services.catalogue.status()
        except HaloclineError as error:
            return _answer({"status": "unavailable", "reason": str(error)}, 503)
        counts = {"records": status.records, "searchable": status.documents, "pending": status.pending}
        return _answer({"status": "ready", **counts}, 200)


def _answer(content: dict[str, object], status: int) -> Response:
    response = Response(json.dumps(content), status=status, mimetype="application/json")
    response.headers["Cache-Control"] = "no-store"
    return response

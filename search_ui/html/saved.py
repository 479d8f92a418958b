"""``/saved``: the searches that a reader keeps; and ``/search/count.json``: how many records a search finds.

There are no accounts: the list is in the reader's browser, and a script shows it. The server only says what to keep of
a search, and how many records have come since the instant that is kept with it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace

from flask import Blueprint, Response, render_template, request

from search_ui.parameters import SearchState, decode, query_string
from search_ui.searches import described
from search_ui.services import Services


@dataclass(frozen=True, slots=True)
class SavedSearch:
    """What is kept of a search: its parameters as they stand in a URL, what to call it, and from when on what changes
    in it will be new.
    """

    key: str
    name: str
    as_of: str

    @classmethod
    def of(cls, state: SearchState, as_of: str) -> SavedSearch:
        """A search that is looked at now. One for what is new in it is the same search."""
        asked = replace(state.question, updated_since=None)
        return cls(query_string(asked), described(asked), as_of)


def add_routes(front: Blueprint, services: Services) -> None:
    """Add the page, and the number that it asks for."""
    catalogue = services.catalogue

    @front.get("/saved")
    def saved() -> str:
        return render_template("saved.html")

    @front.get("/search/count.json")
    def count_json() -> Response:
        state = decode(request.args)
        as_of = catalogue.as_of()  # asked first: what is stored meanwhile will be counted next time
        total = catalogue.total(state.where())
        response = Response(json.dumps({"total": total, "as_of": as_of}), mimetype="application/json")
        response.headers["Cache-Control"] = "no-cache"
        return response

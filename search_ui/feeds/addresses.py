"""Whole addresses of the portal, as they stand in documents that leave it."""

from __future__ import annotations

from dataclasses import dataclass

from flask import url_for

from search_ui.parameters import SearchState, query_string


@dataclass(frozen=True, slots=True)
class Addresses:
    """``base`` is the address under which the world reaches the portal."""

    base: str

    def of(self, endpoint: str, **values: str) -> str:
        """A page of the portal."""
        return self.base.rstrip("/") + url_for(endpoint, **values)  # type: ignore[arg-type]

    def search(self, state: SearchState) -> str:
        """The page of a search."""
        return self.of("html.search") + query_string(state)

    def feed(self, state: SearchState) -> str:
        """The feed of a search."""
        return self.of("feeds.atom") + query_string(state)

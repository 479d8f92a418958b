"""Data requests: a form for a record that is not open, and a page that says what became of the request."""

from search_ui.access.views import blueprint

__all__ = ["blueprint"]

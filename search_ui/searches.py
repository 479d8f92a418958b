"""What is said of a search on several pages: it in words, and where its feed is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from flask import url_for
from flask_babel import gettext

from search_ui.extents import box_text
from search_ui.languages import current_language
from search_ui.parameters import SearchState, number_text, query_string
from search_ui.presentation import code_label, instant, season_text

FEED_SIZE = 100


def described(state: SearchState) -> str:
    """What is asked for, in the reader's language: ``temperature · 119°E – 126°E, 32°N – 41°N · Ship``."""
    return " · ".join(_pieces(state)) or str(gettext("All records"))


def feed_url(state: SearchState) -> str:
    """The feed of what is new in a search, in the language of the page, of as many entries as a harvest may bring."""
    followed = replace(state.question, size=FEED_SIZE, lang=current_language())
    return url_for("feeds.atom") + query_string(followed)


def _pieces(state: SearchState) -> Iterator[str]:
    if state.q is not None:
        yield " ".join(state.q.split())
    if state.box is not None:
        yield box_text(state.box)
    if state.start is not None or state.end is not None:
        yield f"{state.start or '…'} – {state.end or '…'}"
    if state.season is not None:
        yield season_text(state.season)
    if state.depth_min is not None or state.depth_max is not None:
        limits = (state.depth_min, state.depth_max)
        yield " – ".join("…" if limit is None else number_text(limit) for limit in limits) + " m"
    for facet, values in state.terms:
        yield ", ".join(code_label(facet, value) for value in values)
    if state.updated_since is not None:
        yield str(gettext("since %(start)s", start=instant(state.updated_since)))

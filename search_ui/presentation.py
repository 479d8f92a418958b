"""What every page of every front can say: texts in the reader's language, safe links, dates, extents."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import urlencode, urlsplit

from babel.dates import get_month_names
from flask import Flask, request, url_for
from flask_babel import get_locale, gettext
from markupsafe import Markup, escape

from mappings.fields import load_fields
from mappings.record import ISO_LANGUAGES, BoundingBox, Extent, LocalisedText, Period
from search_ui import labels
from search_ui.extents import Drawing, box_text, drawing
from search_ui.languages import HTML_CODES, LANGUAGES, PARAMETER, current_language
from search_ui.parameters import number_text
from search_ui.seasons import Months
from search_ui.services import Services

LINK_SCHEMES = frozenset({"http", "https", "ftp"})
"""A link of any other scheme (javascript:, data:) is shown as text and never followed."""
MAX_GEOMETRY = 50_000
"""Characters of WKT that a page hands to its map; of larger geometries the boxes are drawn."""
_HTML_LANGUAGES = {iso: HTML_CODES[code] for code, iso in ISO_LANGUAGES.items()}


@dataclass(frozen=True, slots=True)
class Wording:
    """A text as it is shown, and its language (BCP 47) if that is known."""

    text: str
    language: str | None


class InLanguage(Protocol):
    """What has a language of its own, as a record has."""

    @property
    def language(self) -> str | None: ...


def set_up(app: Flask, services: Services) -> None:
    """Give the templates of ``app`` these functions."""
    app.jinja_env.filters.update(
        say=say,
        words=words,
        safe_url=safe_url,
        instant=instant,
        period=period_text,
        short_period=short_period_text,
        grouped=grouped,
        boxes=boxes_json,
        degrees=number_text,
    )
    app.jinja_env.globals.update(
        label=code_label,
        field_label=field_label,
        box_text=box_text,
        depth_text=depth_text,
        draw=draw,
        map_geometry=map_geometry,
        languages=LANGUAGES,
        html_languages=HTML_CODES,
        current_language=current_language,
        language_url=language_url,
        site_name=services.site_name,
    )


def wording(text: LocalisedText, record: InLanguage) -> Wording:
    """The wording for the reader: in the language of the page where there is one, else as the record has it."""
    wanted = ISO_LANGUAGES[current_language()]
    for translation in text.translations:
        if translation.language == wanted:
            return Wording(translation.text, _HTML_LANGUAGES[wanted])
    return Wording(text.text, _HTML_LANGUAGES.get(record.language or ""))


def words(text: LocalisedText, record: InLanguage) -> str:
    """``wording`` as plain text."""
    return wording(text, record).text


def say(text: LocalisedText, record: InLanguage) -> Markup:
    """``wording`` as HTML that says which language it is, where that is not the language of the page."""
    chosen = wording(text, record)
    return in_language(escape(chosen.text), chosen.language)


def in_language(content: Markup, language: str | None) -> Markup:
    """``content``, marked with its language where it differs from that of the page."""
    if language is None or language == HTML_CODES[current_language()]:
        return content
    return Markup('<span lang="{}">{}</span>').format(language, content)


def safe_url(url: str | None) -> str | None:
    """``url`` where it may stand in an ``href``: an absolute http, https or ftp address; None otherwise."""
    if url is None or any(ord(character) <= 0x20 or ord(character) == 0x7F for character in url):
        return None
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return url if parts.scheme.lower() in LINK_SCHEMES and parts.netloc else None


def code_label(group: str, value: str) -> str:
    """The readable name of a code value."""
    return labels.label(group, value, current_language())


def field_label(name: str) -> str:
    """What people call a searchable field."""
    return load_fields()[name].label(current_language())


def instant(value: str) -> str:
    """A canonical instant for reading: ``2003-05-21``, ``2003-05-21 06:00 UTC``."""
    day, _, time = value.partition("T")
    if not time:
        return day
    return f"{day} {time[:5] if time[5:8] == ':00' else time[:8]} UTC"


def period_text(period: Period) -> str:
    """``2003-05 – 2004``, with words for an open end."""
    return _period(*(None if value is None else instant(value) for value in (period.start, period.end)))


def short_period_text(period: Period) -> str:
    """``period_text`` to the day."""
    return _period(
        *(None if value is None else value.partition("T")[0] for value in (period.start, period.end))
    )


def _period(start: str | None, end: str | None) -> str:
    if start is None:
        return str(gettext("until %(end)s", end=end))
    if end is None:
        return str(gettext("since %(start)s", start=start))
    return start if start == end else f"{start} – {end}"


def month_names() -> list[str]:
    """The twelve months in the reader's language."""
    return [str(name) for name in get_month_names("wide", "stand-alone", get_locale()).values()]


def season_text(season: Months) -> str:
    """``November – February``, or one month."""
    names = month_names()
    first, last = (names[month - 1] for month in season)
    return first if first == last else f"{first} – {last}"


def depth_text(extent: Extent) -> str | None:
    """``0 – 2000 m``; heights above the surface are said as such."""
    vertical = extent.vertical
    if vertical is None:
        return None
    top, bottom = number_text(vertical.top), number_text(vertical.bottom)
    if vertical.bottom <= 0 and vertical.top < 0:
        low, high = bottom.lstrip("-"), top.lstrip("-")
        return str(gettext("%(low)s – %(high)s m above the surface", low=low, high=high))
    return f"{top} m" if top == bottom else f"{top} – {bottom} m"


def grouped(number: int) -> str:
    """A count with its thousands set apart."""
    return f"{number:,}"


def boxes_json(boxes: Iterable[BoundingBox]) -> str:
    """Boxes for the map script: ``[[west, south, east, north], ...]``."""
    return json.dumps([[box.west, box.south, box.east, box.north] for box in boxes], separators=(",", ":"))


def map_geometry(extent: Extent) -> str | None:
    """The WKT for the map script, where there is one of reasonable size."""
    return extent.geometry if extent.geometry and len(extent.geometry) <= MAX_GEOMETRY else None


def draw(boxes: Sequence[BoundingBox], whole_world: bool = False) -> Drawing:
    """See ``extents.drawing``."""
    return drawing(boxes, whole_world=whole_world)


def language_url(language: str) -> str:
    """The page at hand in another language."""
    if request.method != "GET" or request.url_rule is None:
        return f"{url_for('html.landing')}?{urlencode({PARAMETER: language})}"
    others = [(name, value) for name, value in request.args.items(multi=True) if name != PARAMETER]
    address = url_for(request.url_rule.endpoint, **(request.view_args or {}))
    return f"{address}?{urlencode([*others, (PARAMETER, language)])}"

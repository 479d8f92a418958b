"""Hits as they are listed: on the search page, on the landing page, and in ``/search.json``."""

from __future__ import annotations

from dataclasses import dataclass, replace

from flask import url_for
from markupsafe import Markup

from indexer.areas import box_around
from indexer.catalogue import StoredRecord
from mappings.boxes import hull
from mappings.record import BoundingBox, Period, Record
from search_ui.extents import overall_period
from search_ui.html.snippets import NOTHING, Sought, has_marks, highlighted, matching, snippet
from search_ui.parameters import SearchState, encode
from search_ui.presentation import in_language, wording

NEEDS_REQUEST = ("restricted", "closed")
SHOWN_VARIABLES = 5
SHOWN_MATCHES = 4


@dataclass(frozen=True, slots=True)
class Result:
    """One hit, ready to be shown."""

    id: str
    url: str
    title: Markup
    snippet: Markup | None
    matched: tuple[Markup, ...]
    period: Period | None
    box: BoundingBox | None
    boxes: tuple[BoundingBox, ...]
    variables: tuple[str, ...]
    more_variables: int
    stored: StoredRecord


def result_of(stored: StoredRecord, sought: Sought = NOTHING, state: SearchState | None = None) -> Result:
    """A hit, with what is ``sought`` marked. Where neither title nor abstract has it, ``matched`` has subject words
    that do.
    """
    record = stored.record
    title = wording(record.title, record)
    abstract = None if record.abstract is None else wording(record.abstract, record)
    shown = in_language(highlighted(title.text, sought), title.language)
    part = None if abstract is None else in_language(snippet(abstract.text, sought), abstract.language)
    told = has_marks(shown) or (part is not None and has_marks(part))
    names = tuple(dict.fromkeys(v.standard_name or v.long_name or v.name for v in record.variables))
    return Result(
        id=stored.id,
        url=record_url(stored, state),
        title=shown,
        snippet=part,
        matched=() if told else _matched(record, sought),
        period=overall_period(record.extent.periods),
        box=hull(record.extent.boxes),
        boxes=record.extent.boxes,
        variables=names[:SHOWN_VARIABLES],
        more_variables=max(0, len(names) - SHOWN_VARIABLES),
        stored=stored,
    )


def _matched(record: Record, sought: Sought) -> tuple[Markup, ...]:
    """The first subject words that have what is sought: keywords, variables, platforms, instruments, places."""
    instruments = (*record.instruments, *(one for each in record.platforms for one in each.instruments))
    texts = [
        *(label for group in record.keyword_groups for word in group.keywords for label in word.label.all()),
        *(name for one in record.variables for name in (one.standard_name, one.long_name, one.name) if name),
        *(name for platform in record.platforms for name in (platform.name, platform.kind) if name),
        *(name for instrument in instruments for name in (instrument.name, instrument.kind) if name),
        *record.extent.places,
    ]
    return matching(texts, sought)[:SHOWN_MATCHES]


def record_url(stored: StoredRecord, state: SearchState | None = None) -> str:
    """A record's page. One that may be asked for takes the box, dates and variables of the search along, so
    that they are in the form when it opens.
    """
    if state is None or stored.record.access_level not in NEEDS_REQUEST:
        return url_for("html.record", id=stored.id)
    subset: dict[str, list[str]] = {}
    for name, value in encode(subset_of(state)):
        subset.setdefault(name, []).append(value)
    return url_for("html.record", id=stored.id, **subset)  # type: ignore[arg-type]


def subset_of(state: SearchState) -> SearchState:
    """Only what of a search describes a part of a dataset: box, dates, variables."""
    terms = tuple((name, values) for name, values in state.terms if name == "variable")
    return replace(
        SearchState(),
        box=state.box or (None if state.area is None else box_around(state.area)),
        start=state.start,
        end=state.end,
        terms=terms,
    )


def as_json(stored: StoredRecord) -> dict[str, object]:
    """A hit in ``/search.json``; the title is in the language of the request where the record has it."""
    record = stored.record
    box, period, depth = (
        hull(record.extent.boxes),
        overall_period(record.extent.periods),
        record.extent.vertical,
    )
    abstract = None if record.abstract is None else wording(record.abstract, record).text
    return {
        "id": stored.id,
        "title": wording(record.title, record).text,
        "abstract": abstract,
        "type": record.type,
        "bbox": None if box is None else [box.west, box.south, box.east, box.north],
        "boxes": [[b.west, b.south, b.east, b.north] for b in record.extent.boxes],
        "start": None if period is None else period.start,
        "end": None if period is None else period.end,
        "depth_min": None if depth is None else depth.top,
        "depth_max": None if depth is None else depth.bottom,
        "variables": [v.standard_name for v in record.variables if v.standard_name],
        "access": record.access_level,
        "source": stored.source,
        "updated": stored.updated,
        "url": url_for("html.record", id=stored.id),
    }

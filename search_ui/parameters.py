"""URL parameters to a search and back: ``/search``, ``/search.json`` and the prefilled data request share this.

``q bbox polygon near relation start end time_relation season depth_min depth_max updated_since <facet>... sort page
size`` are the whole state of a search; ``more`` names facets whose long list is wanted, ``find_<facet>`` is looked
for in the values of one, ``lang`` is the language, and ``priors=off`` orders hits by nothing but what is asked for
(``search_ui.preferences``). A facet may be repeated: its values are alternatives, different facets all have to match;
where the values are ids of a vocabulary, its wordings are understood too. Parameters without a value, and unknown
ones, do not count.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Protocol, TypeVar, get_args
from urllib.parse import quote, urlencode

from indexer.areas import Area, box_around, read_area
from indexer.document import UPDATED
from indexer.query import (
    DISTANCE,
    MAX_PAGE,
    MAX_PATTERN,
    MAX_TERMS,
    And,
    Compare,
    Condition,
    DepthRange,
    During,
    Everything,
    FacetRequest,
    Page,
    Preference,
    Query,
    Season,
    Sort,
    Spatial,
    SpatialRelation,
    TemporalRelation,
    Terms,
    conjunction,
)
from mappings.boxes import middle_of
from mappings.errors import InvalidQuery
from mappings.fields import load_fields, value_id
from mappings.record import BoundingBox
from mappings.times import first_second, last_second, parse_instant
from search_ui import seasons
from search_ui.most_words import relaxed
from search_ui.preferences import ALL_WORDS, preferences
from search_ui.query_language import Asked, read

DEFAULT_SIZE = 20
MORE_VALUES = 200
"""How many values a facet shows when more are asked for."""
BOUNDS = ("west", "south", "east", "north")
"""What the form calls the parts of ``bbox``; they are understood in its stead."""
FIND = "find_"
"""Before the name of a facet: what is looked for in its values."""
RELATIONS: tuple[SpatialRelation, ...] = get_args(SpatialRelation)
TIME_RELATIONS: tuple[TemporalRelation, ...] = get_args(TemporalRelation)
SEASON_MONTHS = ("season_from", "season_to")
"""What the form calls the months of ``season``; they are understood in its stead."""
LANGUAGES = ("zh", "en")
SWITCH = ("on", "off")

_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,3})?", re.ASCII)
T = TypeVar("T")


class Parameters(Protocol):
    """Parsed URL parameters, such as ``werkzeug.datastructures.MultiDict``."""

    def getlist(self, key: str) -> list[str]: ...


@dataclass(frozen=True, slots=True)
class SearchState:
    """Everything a search URL says. ``terms`` are facet fields with their chosen values, in the fields' order."""

    q: str | None = None
    box: BoundingBox | None = None
    area: Area | None = None
    near: tuple[float, float] | None = None
    relation: SpatialRelation = "intersects"
    start: str | None = None
    end: str | None = None
    time_relation: TemporalRelation = "overlaps"
    season: seasons.Months | None = None
    depth_min: float | None = None
    depth_max: float | None = None
    updated_since: str | None = None
    terms: tuple[tuple[str, tuple[str, ...]], ...] = ()
    sort: str | None = None
    page: int = 1
    size: int = DEFAULT_SIZE
    more: tuple[str, ...] = ()
    lang: str | None = None
    priors: bool | None = None
    least: int | None = None
    """How many of the words have to occur, if not all. It is not in the URL: it follows from what there is."""
    find: tuple[tuple[str, str], ...] = ()

    def chosen(self, facet: str) -> tuple[str, ...]:
        """The chosen values of a facet."""
        return dict(self.terms).get(facet, ())

    def choosing(self, facet: str, values: tuple[str, ...]) -> SearchState:
        """The state with other values of a facet, back on its first page."""
        terms = {**dict(self.terms), facet: values}
        ordered = tuple(
            (field.name, terms[field.name]) for field in load_fields().facets if terms.get(field.name)
        )
        return replace(self, terms=ordered, page=1)

    def toggling(self, facet: str, value: str) -> SearchState:
        """The state with one facet value chosen, or no longer chosen."""
        values = self.chosen(facet)
        left = tuple(other for other in values if other != value)
        return self.choosing(facet, left if value in values else (*values, value))

    @property
    def question(self) -> SearchState:
        """What is asked for, in whatever order and language and however many at a time it is shown."""
        shown = replace(self, sort=None, page=1, size=DEFAULT_SIZE, more=(), lang=None)
        return replace(shown, priors=None, find=())

    @property
    def order(self) -> str:
        """The sort key in force: as asked, else by relevance where words were asked for, else latest first."""
        return self.sort or ("relevance" if self.asked.words else "-modified")

    @property
    def point(self) -> tuple[float, float] | None:
        """Where distances are measured from: the point that is asked for, else the middle of the asked region."""
        if self.near is not None or (self.box is None and self.area is None):
            return self.near
        around = self.box or (None if self.area is None else box_around(self.area))
        return None if around is None else middle_of(around)

    def _sort(self) -> Sort:
        if self.order == DISTANCE:
            return Sort(DISTANCE, near=self.point)
        return Sort(self.order.removeprefix("-"), self.order.startswith("-"))

    @property
    def asked(self) -> Asked:
        """What the text asks for."""
        return read(self.q or "")

    @property
    def is_narrowed(self) -> bool:
        """Whether anything at all is asked for."""
        return not isinstance(self.where(), Everything)

    @property
    def has_only_noise(self) -> bool:
        """Whether there is text, but no word in it to search for."""
        return self.q is not None and not self.asked.conditions

    def sought(self, facet: str) -> str | None:
        """What is looked for in the values of a facet."""
        return dict(self.find).get(facet)

    def where(self, without: str | None = None) -> Condition:
        """The condition, leaving out that of the facet ``without``."""
        parts = tuple(self._parts(without))
        return conjunction(parts) if parts else Everything()

    def query(self, facets: tuple[FacetRequest, ...] = (), *, priors: bool = True) -> Query:
        """What to ask the catalogue. ``priors`` is what holds where the URL does not say."""
        wanted = priors if self.priors is None else self.priors
        prefer = preferences(self.q or "", self.asked, priors=wanted, today=datetime.now(UTC).date())
        if self.least is not None:
            prefer = (Preference(And(self.asked.conditions), ALL_WORDS), *prefer)
        return Query(
            prefer=prefer,
            where=self.where(),
            sort=self._sort(),
            facets=facets,
            page=Page((self.page - 1) * self.size, self.size),
        )

    def _parts(self, without: str | None) -> Iterator[Condition]:
        if self.q is not None:
            conditions = self.asked.conditions
            yield from conditions if self.least is None else relaxed(conditions, self.least)
        if self.box is not None:
            yield Spatial(self.relation, self.box)
        if self.area is not None:
            yield Spatial(self.relation, self.area)
        if self.season is not None:
            yield Season(*self.season, self.start, self.end, self.time_relation)
        elif self.start is not None or self.end is not None:
            yield During(self.start, self.end, self.time_relation)
        if self.depth_min is not None or self.depth_max is not None:
            yield DepthRange(self.depth_min, self.depth_max)
        if self.updated_since is not None:
            yield Compare(UPDATED, ">=", self.updated_since)
        for facet, values in self.terms:
            if facet != without:
                yield Terms(facet, values)


def decode(args: Parameters) -> SearchState:
    """The state that URL parameters describe. Raises ``InvalidQuery`` that names the parameter."""
    start, end = _optional(args, "start", _instant), _optional(args, "end", _instant)
    if start is not None and end is not None and first_second(start) > last_second(end):
        raise InvalidQuery("end", f"{end} is before the start, {start}")
    top, bottom = _optional(args, "depth_min", _number), _optional(args, "depth_max", _number)
    if top is not None and bottom is not None and top > bottom:
        raise InvalidQuery("depth_max", "is less than depth_min; depths are metres below the surface")
    return SearchState(
        q=_one(args, "q"),
        box=_box(args),
        area=_optional(args, "polygon", _area),
        near=_optional(args, "near", _point),
        relation=_optional(args, "relation", _one_of(RELATIONS)) or "intersects",
        start=start,
        end=end,
        time_relation=_optional(args, "time_relation", _one_of(TIME_RELATIONS)) or "overlaps",
        season=_season(args),
        depth_min=top,
        depth_max=bottom,
        updated_since=_optional(args, "updated_since", _instant),
        terms=tuple(_terms(args)),
        sort=_optional(args, "sort", _one_of(sort_keys())),
        page=_optional(args, "page", _whole(1, 10**6)) or 1,
        size=_size(args),
        more=_more(args),
        lang=_optional(args, "lang", _one_of(LANGUAGES)),
        priors=_optional(args, "priors", _switch),
        find=tuple(_find(args)),
    )


def encode(state: SearchState) -> list[tuple[str, str]]:
    """The parameters of a state, in one order and without what goes without saying. Inverse of ``decode``."""
    scalars = {
        "q": state.q,
        "bbox": None if state.box is None else bbox_text(state.box),
        "polygon": None if state.area is None else state.area.wkt,
        "near": None if state.near is None else ",".join(map(number_text, state.near)),
        "relation": None if state.relation == "intersects" else state.relation,
        "start": state.start,
        "end": state.end,
        "time_relation": None if state.time_relation == "overlaps" else state.time_relation,
        "season": None if state.season is None else seasons.text(state.season),
        "depth_min": None if state.depth_min is None else number_text(state.depth_min),
        "depth_max": None if state.depth_max is None else number_text(state.depth_max),
        "updated_since": state.updated_since,
    }
    view = {
        "sort": state.sort,
        "page": None if state.page == 1 else str(state.page),
        "size": None if state.size == DEFAULT_SIZE else str(state.size),
    }
    pairs = [(name, value) for name, value in scalars.items() if value is not None]
    pairs += [(facet, value) for facet, values in state.terms for value in values]
    pairs += [(name, value) for name, value in view.items() if value is not None]
    pairs += [("more", facet) for facet in state.more]
    if state.priors is not None:
        pairs.append(("priors", "on" if state.priors else "off"))
    pairs += [(f"{FIND}{facet}", text) for facet, text in state.find]
    return pairs if state.lang is None else [*pairs, ("lang", state.lang)]


def query_string(state: SearchState) -> str:
    """``encode`` as it stands in a URL, with its question mark; nothing for the state that asks for nothing."""
    encoded = urlencode(encode(state), quote_via=quote, safe=",:/")
    return f"?{encoded}" if encoded else ""


def number_text(value: float) -> str:
    """The shortest text that reads back as ``value``."""
    return repr(float(value)).removesuffix(".0")


def bbox_text(box: BoundingBox) -> str:
    """``W,S,E,N``."""
    return ",".join(map(number_text, (box.west, box.south, box.east, box.north)))


def sort_keys() -> tuple[str, ...]:
    """What ``sort`` takes: ``relevance``, and each sortable field upwards and, with a hyphen, downwards."""
    names = [field.name for field in load_fields().sortable]
    return ("relevance", DISTANCE, *(key for name in names for key in (name, f"-{name}")))


def _one(args: Parameters, name: str) -> str | None:
    given = [value for value in args.getlist(name) if value.strip()]
    if len(given) > 1:
        raise InvalidQuery(name, "is given more than once; it takes one value")
    return given[0].strip() if given else None


def _optional(args: Parameters, name: str, read: Callable[[str, str], T]) -> T | None:
    given = _one(args, name)
    return None if given is None else read(name, given)


def _number(name: str, text: str) -> float:
    if not _NUMBER.fullmatch(text) or abs(float(text)) > 1e9:
        raise InvalidQuery(name, f"{text!r} is not a number such as 12.5")
    return float(text)


def _whole(least: int, most: int) -> Callable[[str, str], int]:
    def read(name: str, text: str) -> int:
        if not re.fullmatch(r"\d{1,9}", text, re.ASCII) or not least <= int(text) <= most:
            raise InvalidQuery(name, f"{text!r} is not a whole number from {least} to {most:,}")
        return int(text)

    return read


def _size(args: Parameters) -> int:
    size = _optional(args, "size", _whole(0, MAX_PAGE))
    return DEFAULT_SIZE if size is None else size


def _instant(name: str, text: str) -> str:
    try:
        return parse_instant(text)
    except ValueError as error:
        raise InvalidQuery(
            name, f"{error}; write 2003, 2003-05, 2003-05-21 or 2003-05-21T06:00:00Z"
        ) from error


def _one_of(allowed: tuple[T, ...]) -> Callable[[str, str], T]:
    def read(name: str, text: str) -> T:
        for value in allowed:
            if text == value:
                return value
        raise InvalidQuery(name, f"{text!r} is not one of {', '.join(map(str, allowed))}")

    return read


def _season(args: Parameters) -> seasons.Months | None:
    given = _optional(args, "season", _months)
    if given is not None:
        return given
    first, last = (_optional(args, name, _whole(1, 12)) for name in SEASON_MONTHS)
    first, last = first or last, last or first  # one alone is the only month
    return None if first is None or last is None else (first, last)


def _months(name: str, text: str) -> seasons.Months:
    try:
        return seasons.read(text)
    except ValueError as error:
        raise InvalidQuery(name, str(error)) from error


def _switch(name: str, text: str) -> bool:
    return _one_of(SWITCH)(name, text) == "on"


def _box(args: Parameters) -> BoundingBox | None:
    given = _one(args, "bbox")
    if given is None:
        return _box_of_bounds(args)
    parts = given.split(",")
    if len(parts) != 4:
        raise InvalidQuery("bbox", "takes four numbers west,south,east,north in degrees, separated by commas")
    return _checked_box("bbox", [_number("bbox", part.strip()) for part in parts])


def _area(name: str, text: str) -> Area:
    try:
        return read_area(text)
    except ValueError as error:
        raise InvalidQuery(name, str(error)) from error


def _point(name: str, text: str) -> tuple[float, float]:
    parts = text.split(",")
    if len(parts) == 2:
        longitude, latitude = (_number(name, part.strip()) for part in parts)
        if abs(longitude) <= 180 and abs(latitude) <= 90:
            return longitude, latitude
    raise InvalidQuery(name, f"{text!r} is not a longitude and a latitude in degrees, such as 121.5,36")


def _box_of_bounds(args: Parameters) -> BoundingBox | None:
    bounds = [_optional(args, name, _number) for name in BOUNDS]
    given = [bound for bound in bounds if bound is not None]
    if not given:
        return None
    if len(given) < 4:
        missing = BOUNDS[bounds.index(None)]
        raise InvalidQuery(missing, "is missing; a box takes all of west, south, east and north")
    return _checked_box("bbox", given)


def _checked_box(name: str, bounds: list[float]) -> BoundingBox:
    try:
        return BoundingBox(*bounds)
    except ValueError as error:
        raise InvalidQuery(name, f"{error}; west > east means across the antimeridian") from error


def _terms(args: Parameters) -> Iterator[tuple[str, tuple[str, ...]]]:
    for field in load_fields().facets:
        given = (value for value in args.getlist(field.name) if value.strip())
        values = tuple(dict.fromkeys(value_id(field, value) or value for value in given))
        if len(values) > MAX_TERMS:
            raise InvalidQuery(field.name, f"takes at most {MAX_TERMS} values")
        if field.type == "integer" and not all(re.fullmatch(r"-?\d{1,9}", v, re.ASCII) for v in values):
            raise InvalidQuery(field.name, "takes whole numbers")
        if values:
            yield field.name, values


def _find(args: Parameters) -> Iterator[tuple[str, str]]:
    for field in load_fields().facets:
        text = _one(args, f"{FIND}{field.name}")
        if text is not None:
            yield field.name, text[:MAX_PATTERN]


def _more(args: Parameters) -> tuple[str, ...]:
    facets = {field.name for field in load_fields().facets}
    given = tuple(dict.fromkeys(value for value in args.getlist("more") if value))
    for value in given:
        if value not in facets:
            raise InvalidQuery("more", f"{value!r} is not a facet: {', '.join(sorted(facets))}")
    return given

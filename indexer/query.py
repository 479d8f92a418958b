"""What may be asked of the catalogue. Every front decodes into ``Query``; every engine compiles from it.

Conditions are frozen values and form a closed union, ``Condition``. Field names are those of
``mappings/fields.yaml``; a condition on a field whose type does not fit is refused with ``InvalidQuery`` by
``check``.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from indexer.areas import Area, check_area
from mappings.errors import InvalidQuery
from mappings.fields import Field, Fields, FieldType, load_fields
from mappings.record import BoundingBox
from mappings.tiles import MAX_ZOOM, Tile
from mappings.times import first_second, last_second, parse_instant

MAX_PAGE = 1000
MAX_OFFSET = 100_000
MAX_DEPTH = 32
MAX_CONDITIONS = 1000
MAX_TERMS = 1000
MAX_TEXT = 1000
"""Characters in one Text or Phrase."""
MAX_PATTERN = 200
"""Characters in one Like."""
MAX_ORDERED = 25
"""Characters in a keyword that is compared for order."""
MAX_FACET = 1000
MAX_INTEGER = 2**62
SORTED_CHARACTERS = 100
MAX_PREFERENCES = 100
MAX_WEIGHT = 10_000

DISTANCE = "distance"
"""The order that is no field's."""

SpatialRelation = Literal["intersects", "within", "contains"]
TemporalRelation = Literal["overlaps", "within"]
Operator = Literal["=", "<>", "<", "<=", ">", ">="]


@dataclass(frozen=True, slots=True)
class Everything:
    """Every record."""


@dataclass(frozen=True, slots=True)
class Text:
    """Records in which every word of ``words`` occurs, in ``field`` or, without one, in any text of the
    record.

    A run of Han characters counts as one phrase, and so do words joined by ``_ - . / :`` (``CTD-2019/07``).
    Words are analysed (case, accents, width and inflection do not matter; see ``indexer.analysis``). Without
    any word in ``words`` (blanks, only punctuation) there is nothing to search for, and every record matches:
    a front says so. Only this condition and Phrase, and preferences, give hits a relevance.
    """

    words: str
    field: str | None = None


@dataclass(frozen=True, slots=True)
class Phrase:
    """Records in which the words stand together in this order, within one value. Without any word, every
    record.
    """

    words: str
    field: str | None = None


@dataclass(frozen=True, slots=True)
class Like:
    """A pattern with ``*`` for any run and ``?`` for any one character; ``\\`` takes the next character
    literally.

    On a keyword field the whole value must match, ignoring case. On a text field each blank-separated word of
    the pattern must match one whole word of the field, ignoring case, accents and width but not inflection.
    Words joined by ``_ - . / :`` are matched one by one and as a whole. A Han character is a word of its own:
    its literal characters are matched as single words, all of which must occur. A pattern without anything to
    match stands for any word.
    """

    field: str
    pattern: str


@dataclass(frozen=True, slots=True)
class Terms:
    """Records that have at least one of the values in a keyword or integer field, matched exactly; with no
    values, none.
    """

    field: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Compare:
    """Records with at least one value that stands in this relation to ``value``.

    Keywords compare as text ignoring case, integers as numbers, instants (``value`` is canonical ISO 8601
    text) as spans: ``=`` means the stored span overlaps the asked one; ``<`` that it begins before the asked
    one begins; ``<=`` that it begins no later than the asked one ends; ``>`` that it ends after the asked one
    ends; ``>=`` that it ends no earlier than the asked one begins. Text fields take only ``=`` and ``<>``,
    comparing whole values ignoring case: only ``title`` has these. ``<>`` is "has a value, and none is
    equal".
    """

    field: str
    operator: Operator
    value: str


@dataclass(frozen=True, slots=True)
class Exists:
    """Records that have any value in ``field``."""

    field: str


@dataclass(frozen=True, slots=True)
class Spatial:
    """Records whose extent stands in ``relation`` to ``region``, a box or an area: it intersects it, lies within
    it, or contains it.

    Borders belong to a region. A box with ``west > east`` crosses the antimeridian. A record with several boxes is
    their union: it is within when all of them are; it contains when their union covers. A record with a
    geometry is that geometry (its boxes cover it). -180 and 180 are the same meridian; a pole is a parallel
    like any other, not a point. A record with no extent never matches.
    """

    relation: SpatialRelation
    region: BoundingBox | Area


@dataclass(frozen=True, slots=True)
class During:
    """Records one of whose periods overlaps (or lies within) the asked one; ``None`` is an open end of
    either.

    Ends are canonical instants, whole spans included: end ``2003`` reaches to the last second of 2003.
    """

    start: str | None
    end: str | None
    relation: TemporalRelation = "overlaps"


@dataclass(frozen=True, slots=True)
class Season:
    """Records one of whose periods reaches into the months from ``first`` to ``last`` (1 to 12, both included) of any
    year; ``first > last`` runs over New Year.

    With ``start`` or ``end`` one and the same period has to do so inside the asked span ("overlaps"), or lie within it
    ("within"). A period with an open end goes on for ever, and so has every month, as has one of a year or more.
    """

    first: int
    last: int
    start: str | None = None
    end: str | None = None
    relation: TemporalRelation = "overlaps"

    @property
    def months(self) -> tuple[int, ...]:
        """The months, in their order through the season."""
        count = (self.last - self.first) % 12 + 1
        return tuple((self.first - 1 + number) % 12 + 1 for number in range(count))


@dataclass(frozen=True, slots=True)
class DepthRange:
    """Records whose vertical range overlaps [top, bottom], metres positive downwards; ``None`` is open."""

    top: float | None
    bottom: float | None


@dataclass(frozen=True, slots=True)
class And:
    """All of the parts; with no parts, everything."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """Any of the parts; with no parts, nothing."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class AtLeast:
    """What ``count`` or more of the parts match; a hit's relevance is that of the parts which it matches."""

    count: int
    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """What the part does not match."""

    part: Condition


Condition = (
    Everything
    | Text
    | Phrase
    | Like
    | Terms
    | Compare
    | Exists
    | Spatial
    | During
    | Season
    | DepthRange
    | And
    | Or
    | AtLeast
    | Not
)


def conjunction(parts: Iterable[Condition]) -> Condition:
    """All of the parts, as one condition: a single one is itself."""
    listed = tuple(parts)
    return listed[0] if len(listed) == 1 else And(listed)


@dataclass(frozen=True, slots=True)
class Sort:
    """Order by ``relevance`` (best first), by ``distance`` (nearest first) or by a sortable field.

    Distance is along the great circle from ``near`` to the middle of the box around a record's extent; records without
    an extent come last, ties go by ``engines.ordering.tie``.

    A field with several values sorts by its first, texts by their first ``SORTED_CHARACTERS`` as
    ``analysis.fold`` makes them. Records without a value come last in either direction. Ties, and the records
    without a value, go by ``engines.ordering.tie``, a number of each id's own, in the same direction. Without a
    Text, a Phrase or a preference nothing is more relevant than another, and relevance goes by that number,
    ascending; otherwise equally relevant hits keep an order that is the same on every page while the index stands
    still.
    """

    by: str = "relevance"
    descending: bool = False
    near: tuple[float, float] | None = None
    """Longitude and latitude of the point that ``DISTANCE`` is measured from; for no other order."""


@dataclass(frozen=True, slots=True)
class FacetRequest:
    """Count the ``size`` most frequent values of ``field`` among the hits; equal counts go by value (integers
    as numbers).

    ``where`` counts among the records of another condition than the query's: what a facet would show if nothing were
    chosen in it. With ``containing`` or ``among`` only those values are counted that contain the text (case, accents,
    width, and ``_`` for a blank do not matter) or are among the given ones, and with ``starting`` only those that
    begin with one of its texts, as they are; of a field with more than 60,000 values in the hits, only the 60,000
    most frequent are looked at for that.
    """

    field: str
    size: int = 10
    where: Condition | None = None
    containing: str | None = None
    among: tuple[str, ...] = ()
    starting: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Cursor:
    """A place in a walk through all hits, page by page; without arguments, its beginning.

    A walk sees the index as it was when the walk began (``moment``): every hit of then comes once, in order, whatever
    is written meanwhile. A moment is lost when nobody has asked for it for some minutes, or with the process or the
    node that kept it. A walk in an order that stands still (by a field, or without words and preferences) then goes
    on after its last hit (``key``) in the index as it is: what has been there all the time, with the same value in
    the sort field, still comes once. A walk by relevance cannot, as every write moves all hits: it has expired.

    What ``moment`` and ``key`` hold is known to the engine that is called ``engine`` alone.
    """

    engine: str = ""
    moment: str = ""
    key: tuple[str | int | float | None, ...] = ()


@dataclass(frozen=True, slots=True)
class Page:
    """Which hits: ``size`` of them, from ``offset`` or ``after`` a place in a walk. Size 0 asks for total and facets
    alone.
    """

    offset: int = 0
    size: int = 20
    after: Cursor | None = None


@dataclass(frozen=True, slots=True)
class Preference:
    """Hits that also match ``condition`` have so much more relevance. It finds nothing, and hides nothing.

    One word that only one record in a thousand has in its title, and few others there, is worth some 50. However
    often or rarely ``condition`` is met, the weight is the same; relevance of the words in it does not count.
    """

    condition: Condition
    weight: float


@dataclass(frozen=True, slots=True)
class Query:
    """One question to the catalogue. ``prefer`` has a say only where hits are sorted by relevance. ``heatmap`` is the
    zoom at which hits are counted by map tile; None: not at all. ``totals`` are other conditions, of each of which one
    wants to know how many records match: ``And((where, more))`` is how many of the hits do.

    Facets are answered by field: a field may be asked for once.
    """

    where: Condition = Everything()
    sort: Sort = Sort()
    facets: tuple[FacetRequest, ...] = ()
    page: Page = Page()
    prefer: tuple[Preference, ...] = ()
    heatmap: int | None = None
    totals: tuple[Condition, ...] = ()


@dataclass(frozen=True, slots=True)
class FacetValue:
    """A value as indexed, and how many hits have it."""

    value: str
    count: int


@dataclass(frozen=True, slots=True)
class TileCount:
    """How many hits have the middle of their extent in a map tile (``mappings.tiles``)."""

    tile: Tile
    count: int


@dataclass(frozen=True, slots=True)
class SearchResult:
    """What an engine answers: ids of one page in order, the exact number of all hits, counted facet values by
    field, counted map tiles from north to south and west to east. ``next`` is where a walk goes on; None at its end,
    and outside of walks. ``totals`` has the numbers of records that match the other conditions. Facets and these may
    still be counted, and are waited for when they are looked at.
    """

    ids: tuple[str, ...]
    total: int
    facets: Mapping[str, tuple[FacetValue, ...]]
    heatmap: tuple[TileCount, ...] = ()
    next: Cursor | None = None
    totals: Mapping[Condition, int] = field(default_factory=dict)


_TYPES_OF: dict[type, tuple[FieldType, ...]] = {
    Text: ("text",),
    Phrase: ("text",),
    Like: ("text", "keyword"),
    Terms: ("keyword", "integer"),
    Compare: ("keyword", "integer", "instant", "text"),
    Exists: ("text", "keyword", "integer", "instant", "region", "periods", "range"),
}


def check(query: Query, fields: Fields | None = None) -> None:
    """Refuse what no engine should be asked. Raises ``InvalidQuery`` that names the part and says what is
    allowed.
    """
    known = fields or load_fields()
    if not 0 <= query.page.size <= MAX_PAGE:
        raise InvalidQuery("size", f"must be between 0 and {MAX_PAGE}")
    if not 0 <= query.page.offset <= MAX_OFFSET:
        raise InvalidQuery(
            "page",
            f"only the first {MAX_OFFSET:,} hits can be paged through; narrow the search, or use a cursor",
        )
    if query.page.after is not None and (query.page.offset or not query.page.size):
        raise InvalidQuery("cursor", "takes the place of a page number, and needs a size above 0")
    if query.page.after is not None and query.sort.by == DISTANCE:
        raise InvalidQuery("cursor", "cannot be used with sort=distance; turn pages, or choose another order")
    _check_sort(query.sort, known)
    _check_facets(query.facets, known)
    _check_preferences(query.prefer, known)
    if query.heatmap is not None and not 0 <= query.heatmap <= MAX_ZOOM:
        raise InvalidQuery("heatmap", f"must be a zoom between 0 and {MAX_ZOOM}")
    for where in (query.where, *query.totals):
        _check_condition(where, known)


def _check_sort(sort: Sort, known: Fields) -> None:
    sorts = ("relevance", DISTANCE, *(field.name for field in known.sortable))
    if sort.by not in sorts:
        raise InvalidQuery("sort", f"{sort.by!r} is not one of {', '.join(sorts)}")
    if sort.by != DISTANCE:
        return
    if sort.near is None or sort.descending:
        raise InvalidQuery("sort", "by distance is from a point, the nearest first")
    longitude, latitude = sort.near
    if not (abs(longitude) <= 180 and abs(latitude) <= 90):
        raise InvalidQuery("near", f"{longitude},{latitude} is no longitude and latitude in degrees")


def _check_facets(requests: tuple[FacetRequest, ...], known: Fields) -> None:
    facets = {field.name for field in known.facets}
    for request in requests:
        if request.field not in facets:
            raise InvalidQuery("facets", f"{request.field!r} is not a facet")
        if not 1 <= request.size <= MAX_FACET:
            raise InvalidQuery(
                "facets", f"between 1 and {MAX_FACET} values of {request.field} can be counted"
            )
        if len(request.containing or "") > MAX_PATTERN or len(request.among + request.starting) > MAX_TERMS:
            raise InvalidQuery(
                "facets",
                f"values of {request.field} are looked for by at most {MAX_PATTERN} characters or {MAX_TERMS} values",
            )
        if request.where is not None:
            _check_condition(request.where, known)
    if len({request.field for request in requests}) < len(requests):
        raise InvalidQuery("facets", "names a field twice")


def _check_preferences(prefer: tuple[Preference, ...], known: Fields) -> None:
    if len(prefer) > MAX_PREFERENCES:
        raise InvalidQuery("prefer", f"more than {MAX_PREFERENCES} preferences")
    for preference in prefer:
        if not 0 < preference.weight <= MAX_WEIGHT:
            raise InvalidQuery("prefer", f"a weight has to be above 0 and at most {MAX_WEIGHT}")
    _check_condition(And(tuple(preference.condition for preference in prefer)), known)


def _check_condition(where: Condition, known: Fields) -> None:
    """Walk without recursion, so that no nesting can exhaust the stack."""
    stack: list[tuple[Condition, int]] = [(where, 1)]
    count = 0
    while stack:
        condition, depth = stack.pop()
        count += 1
        if depth > MAX_DEPTH or count > MAX_CONDITIONS:
            raise InvalidQuery(
                "filter", f"more than {MAX_CONDITIONS} conditions, or nested deeper than {MAX_DEPTH}"
            )
        stack += [(part, depth + 1) for part in _parts(condition)]
        match condition:
            case Text() | Phrase() | Like() | Terms() | Compare() | Exists():
                _check_leaf(condition, known)
            case Spatial(_, Area() as area):
                _check_area(area)
            case During(start, end):
                _check_period(start, end)
            case Season():
                _check_season(condition)
            case DepthRange(top, bottom):
                _check_depths(top, bottom)
            case AtLeast(least, parts) if not 1 <= least <= len(parts):
                raise InvalidQuery("filter", f"{least} of {len(parts)} conditions cannot hold")
            case _:
                pass


def _parts(condition: Condition) -> tuple[Condition, ...]:
    """The conditions that a condition is made of."""
    match condition:
        case And(parts) | Or(parts) | AtLeast(_, parts):
            return parts
        case Not(part):
            return (part,)
        case _:
            return ()


def _check_leaf(condition: Text | Phrase | Like | Terms | Compare | Exists, known: Fields) -> None:
    if isinstance(condition, Text | Phrase) and len(condition.words) > MAX_TEXT:
        raise InvalidQuery(condition.field or "text", f"longer than {MAX_TEXT} characters")
    if condition.field is None:
        return
    field = _field(condition.field, known)
    _check_kind(condition, field)
    if isinstance(condition, Like) and len(condition.pattern) > MAX_PATTERN:
        raise InvalidQuery(field.name, f"a pattern longer than {MAX_PATTERN} characters")
    if isinstance(condition, Terms):
        if len(condition.values) > MAX_TERMS:
            raise InvalidQuery(field.name, f"more than {MAX_TERMS} values")
        if field.type == "integer":
            for value in condition.values:
                _check_integer(field, value)
    if isinstance(condition, Compare):
        _check_comparison(condition, field)


def _check_kind(condition: Text | Phrase | Like | Terms | Compare | Exists, field: Field) -> None:
    if field.type not in _TYPES_OF[type(condition)]:
        raise InvalidQuery(field.name, f"a field of type {field.type} cannot be searched this way")
    if field.exact and isinstance(condition, Like | Compare):
        raise InvalidQuery(field.name, "is found by whole values only")


def _check_comparison(condition: Compare, field: Field) -> None:
    ordered = condition.operator not in {"=", "<>"}
    if field.type == "text" and not field.sort:
        raise InvalidQuery(field.name, "has no whole values to compare with; search it by words")
    if field.type == "text" and ordered:
        raise InvalidQuery(field.name, "a text can only be compared for being equal or not")
    if field.type == "keyword" and ordered and len(condition.value) > MAX_ORDERED:
        raise InvalidQuery(
            field.name, f"a value longer than {MAX_ORDERED} characters cannot be compared for order"
        )
    if field.type == "integer":
        _check_integer(field, condition.value)
    if field.type == "instant":
        _check_instant(field.name, condition.value)


def _check_integer(field: Field, value: str) -> None:
    if not re.fullmatch(r"-?\d{1,19}", value, re.ASCII) or abs(int(value)) > MAX_INTEGER:
        raise InvalidQuery(field.name, f"{value!r} is not a whole number")


def _check_instant(parameter: str, value: str) -> None:
    try:
        canonical = parse_instant(value)
    except ValueError as error:
        raise InvalidQuery(parameter, str(error)) from error
    if canonical != value:
        raise InvalidQuery(parameter, f"{value!r} has to be written {canonical!r}")


def _check_area(area: Area) -> None:
    try:
        check_area(area)
    except ValueError as error:
        raise InvalidQuery("polygon", str(error)) from error


def _check_period(start: str | None, end: str | None) -> None:
    for parameter, instant in (("start", start), ("end", end)):
        if instant is not None:
            _check_instant(parameter, instant)
    if start is not None and end is not None and first_second(start) > last_second(end):
        raise InvalidQuery("end", f"{end} is before the start, {start}")


def _check_season(where: Season) -> None:
    for month in (where.first, where.last):
        if not 1 <= month <= 12:
            raise InvalidQuery("season", f"{month} is not a month from 1 to 12")
    _check_period(where.start, where.end)


def _check_depths(top: float | None, bottom: float | None) -> None:
    if any(depth is not None and not math.isfinite(depth) for depth in (top, bottom)):
        raise InvalidQuery("depth", "has to be a finite number of metres")
    if top is not None and bottom is not None and top > bottom:
        raise InvalidQuery("depth", f"the upper limit, {top} m, is below the lower one, {bottom} m")


def _field(name: str, known: Fields) -> Field:
    if name not in known:
        raise InvalidQuery(name, "is not a searchable field")
    return known[name]

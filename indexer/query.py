"""What may be asked of the catalogue. Every front decodes into ``Query``; every engine compiles from it.

Conditions are frozen values and form a closed union, ``Condition``. Field names are those of ``mappings/fields.yaml``;
a condition on a field whose type does not fit is refused with ``InvalidQuery`` by ``check``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from mappings.errors import InvalidQuery
from mappings.fields import Field, Fields, FieldType, load_fields
from mappings.record import BoundingBox

MAX_PAGE = 1000
MAX_OFFSET = 100_000
MAX_DEPTH = 32
MAX_CONDITIONS = 512
MAX_TERMS = 1000

SpatialRelation = Literal["intersects", "within", "contains"]
TemporalRelation = Literal["overlaps", "within"]
Operator = Literal["=", "<>", "<", "<=", ">", ">="]


@dataclass(frozen=True, slots=True)
class Everything:
    """Every record."""


@dataclass(frozen=True, slots=True)
class Text:
    """Records in which every word of ``words`` occurs, in ``field`` or, without one, in any text of the record.

    A run of Han characters counts as one phrase. Words are analysed (case, accents, width and inflection do not matter).
    Only this condition and Phrase give hits a relevance.
    """

    words: str
    field: str | None = None


@dataclass(frozen=True, slots=True)
class Phrase:
    """Records in which the words stand together in this order."""

    words: str
    field: str | None = None


@dataclass(frozen=True, slots=True)
class Like:
    """A pattern with ``*`` for any run and ``?`` for any one character; ``\\`` takes the next character literally.

    On a keyword field the whole value must match, ignoring case. On a text field each blank-separated word of the pattern
    must match one whole word of the field, ignoring case, accents and width but not inflection. (A Han character is
    a word of its own: text fields match its literal characters as single words, all of which must occur.)
    """

    field: str
    pattern: str


@dataclass(frozen=True, slots=True)
class Terms:
    """Records that have at least one of the values in a keyword or integer field, matched exactly."""

    field: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Compare:
    """Records with at least one value that stands in this relation to ``value``.

    Keywords compare as text ignoring case, integers as numbers, instants (``value`` is canonical ISO 8601 text)
    as spans: ``=`` means the stored span overlaps the asked one; ``<`` that it begins before the asked one begins;
    ``<=`` that it begins no later than the asked one ends; ``>`` that it ends after the asked one ends; ``>=`` that it ends no
    earlier than the asked one begins. Text fields take only ``=`` and ``<>``, comparing whole values ignoring
    case: only ``title`` has these. ``<>`` is "has a value, and none is equal".
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
    """Records whose extent stands in ``relation`` to ``box``: it intersects it, lies within it, or contains it.

    Borders belong to a box. ``box.west > box.east`` crosses the antimeridian. A record with several boxes is their union:
    it is within when all of them are; it contains when their union covers. -180 and 180 are the same meridian.
    A record with no extent never matches.
    """

    relation: SpatialRelation
    box: BoundingBox


@dataclass(frozen=True, slots=True)
class During:
    """Records one of whose periods overlaps (or lies within) the asked one; ``None`` is an open end of either.

    Ends are canonical instants, whole spans included: end ``2003`` reaches to the last second of 2003.
    """

    start: str | None
    end: str | None
    relation: TemporalRelation = "overlaps"


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
class Not:
    """What the part does not match."""

    part: Condition


Condition = (
    Everything | Text | Phrase | Like | Terms | Compare | Exists | Spatial | During | DepthRange | And | Or | Not
)


@dataclass(frozen=True, slots=True)
class Sort:
    """Order by ``relevance`` (best first) or by a sortable field. Ties, and records without a value, go by id.

    Records without a value come last in either direction. A field with several values sorts by its first.
    """

    by: str = "relevance"
    descending: bool = False


@dataclass(frozen=True, slots=True)
class FacetRequest:
    """Count the ``size`` most frequent values of ``field`` among the hits; equal counts go by value."""

    field: str
    size: int = 10


@dataclass(frozen=True, slots=True)
class Page:
    """Which hits: ``size`` of them from ``offset``. Size 0 asks for total and facets alone."""

    offset: int = 0
    size: int = 20


@dataclass(frozen=True, slots=True)
class Query:
    """One question to the catalogue."""

    where: Condition = Everything()
    sort: Sort = Sort()
    facets: tuple[FacetRequest, ...] = ()
    page: Page = Page()


@dataclass(frozen=True, slots=True)
class FacetValue:
    """A value as indexed, and how many hits have it."""

    value: str
    count: int


@dataclass(frozen=True, slots=True)
class SearchResult:
    """What an engine answers: ids of one page in order, the exact number of all hits, counted facet values by field."""

    ids: tuple[str, ...]
    total: int
    facets: dict[str, tuple[FacetValue, ...]]


_TYPES_OF: dict[type, tuple[FieldType, ...]] = {
    Text: ("text",),
    Phrase: ("text",),
    Like: ("text", "keyword"),
    Terms: ("keyword", "integer"),
    Compare: ("keyword", "integer", "instant", "text"),
    Exists: ("text", "keyword", "integer", "instant", "region", "periods", "range"),
}


def check(query: Query, fields: Fields | None = None) -> None:
    """Refuse what no engine should be asked. Raises ``InvalidQuery`` that names the part and says what is allowed."""
    known = fields or load_fields()
    if not 0 <= query.page.size <= MAX_PAGE:
        raise InvalidQuery("size", f"must be between 0 and {MAX_PAGE}")
    if not 0 <= query.page.offset <= MAX_OFFSET:
        raise InvalidQuery("page", f"only the first {MAX_OFFSET:,} hits can be paged through; narrow the search")
    sorts = ("relevance", *(field.name for field in known.sortable))
    if query.sort.by not in sorts:
        raise InvalidQuery("sort", f"{query.sort.by!r} is not one of {', '.join(sorts)}")
    facets = {field.name for field in known.facets}
    for request in query.facets:
        if request.field not in facets:
            raise InvalidQuery("facets", f"{request.field!r} is not a facet")
    _check_condition(query.where, known)


def _check_condition(where: Condition, known: Fields) -> None:
    """Walk without recursion, so that no nesting can exhaust the stack."""
    stack: list[tuple[Condition, int]] = [(where, 1)]
    count = 0
    while stack:
        condition, depth = stack.pop()
        count += 1
        if depth > MAX_DEPTH or count > MAX_CONDITIONS:
            raise InvalidQuery("filter", f"more than {MAX_CONDITIONS} conditions, or nested deeper than {MAX_DEPTH}")
        match condition:
            case And(parts) | Or(parts):
                stack += [(part, depth + 1) for part in parts]
            case Not(part):
                stack.append((part, depth + 1))
            case Text() | Phrase() | Like() | Terms() | Compare() | Exists():
                _check_leaf(condition, known)
            case _:
                pass


def _check_leaf(condition: Text | Phrase | Like | Terms | Compare | Exists, known: Fields) -> None:
    if condition.field is None:
        return
    field = _field(condition.field, known)
    if field.type not in _TYPES_OF[type(condition)]:
        raise InvalidQuery(field.name, f"a field of type {field.type} cannot be searched this way")
    if isinstance(condition, Terms) and len(condition.values) > MAX_TERMS:
        raise InvalidQuery(field.name, f"more than {MAX_TERMS} values")
    if isinstance(condition, Compare) and field.type == "text":
        if not field.sort:
            raise InvalidQuery(field.name, "has no whole values to compare with; search it by words")
        if condition.operator not in {"=", "<>"}:
            raise InvalidQuery(field.name, "a text can only be compared for being equal or not")


def _field(name: str, known: Fields) -> Field:
    if name not in known:
        raise InvalidQuery(name, "is not a searchable field")
    return known[name]

"""The engine contract: random documents and questions, answered as the memory engine answers them.

The values come from small pools made of what is hard: so they meet often, on borders, in ties and in nests.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TypeVar

from hypothesis import strategies as st

from indexer.areas import Area
from indexer.document import Document
from indexer.engines.base import Deletion
from indexer.query import (
    And,
    AtLeast,
    Compare,
    Condition,
    DepthRange,
    During,
    Everything,
    Exists,
    FacetRequest,
    Like,
    Not,
    Or,
    Page,
    Phrase,
    Preference,
    Query,
    Season,
    Sort,
    Spatial,
    TemporalRelation,
    Terms,
    Text,
)
from mappings.record import BoundingBox
from mappings.tiles import MAX_ZOOM
from mappings.times import first_second, last_second
from tests.contracts.engine_documents import SORTABLE, Instants, document

T = TypeVar("T")
WORDS = (
    "sea", "Sea", "water", "temperature", "temperatures", "sea_water_temperature", "CTD-2019/07", "2019", "ctd",
    "erdMH1chla8day", "chla", "8day", "été", "ÉTÉ", "ete", "pH", "CO2", "0.25", "a.b.c", "station's", "½",
    "海表温度", "温度", "海", "表SST", "SST", "ｓｓｔ", "ﬁeld", "Straße", "strasse", "ёлка", "елка", ",", "...", "_",
)  # fmt: skip
LONGITUDES = (-180.0, -179.9, -170.0, -45.1, -0.0, 0.0, 0.1, 45.1, 90.0, 170.0, 179.9, 180.0)
LATITUDES = (-90.0, -89.9, -45.0, -0.0, 0.1, 5.0, 45.0, 90.0)
INSTANTS = (
    "1999", "2003", "2003-05", "2003-05-07", "2003-05-07T10:00:00Z", "2003-12-31T23:59:59Z", "2004", "2004-02-29",
    "-12000", "-0001-03", "0000", "1970-01-01T00:00:00Z",
)  # fmt: skip
KEYWORDS = (
    "Sonne",
    "sonne",
    "SONNE II",
    "向阳红09",
    "a*b",
    "a?b",
    "[x]",
    "x\\y",
    "line\nbreak",
    "z",
    "é",
    "É",
    "",
    " ",
)
PATTERNS = (
    "*", "?", "??", "s*", "*a", "sea", "*sea*", "SEA_*", "*_water_*", "*温*", "温度", "c?d*", "2019*", "t*ure?", "\\*",
    "a\\*b", "a*b", "x\\\\y", "*\n*", "[x]", "sonne *", "été", ".*", "a.b", "", "\\", "ctd-*", "*/07", "向阳红??",
)  # fmt: skip
TILES = (0, 1, 255, 256, 16_383, 16_384, 32_767)
GEOMETRIES = (
    "POLYGON ((0 0, 45.1 0, 0 45, 0 0))",
    "POLYGON ((170 0, 190 0, 190 5, 170 5, 170 0))",
    "MULTIPOINT (0 5, 180 45)",
    "LINESTRING (-170 -45, 45.1 45)",
    "POLYGON ((-180 45, 180 45, 180 90, -180 90, -180 45))",
    "POINT EMPTY",
    "nonsense",
)


AREAS = (
    "POLYGON ((0 0, 45.1 0, 0 45, 0 0))",
    "POLYGON ((-45.1 -45, 90 -45, 45.1 45, -170 90, -45.1 -45))",
    "POLYGON ((170 0, 190 0, 190 5, 170 5, 170 0))",
    "POLYGON ((90 -45, 270 -45, 180 45, 90 -45))",
    "MULTIPOLYGON (((170 -45, 180 -45, 180 45, 170 -45)), ((-180 -45, -170 -45, -180 45, -180 -45)))",
    "MULTIPOLYGON (((0 0, 45.1 0, 45.1 5, 0 0)), ((90 0, 170 5, 90 5, 90 0)), ((-45.1 -45, -45 0, -60 0, -45.1 -45)))",
    "POLYGON ((-180 45, 180 45, 180 90, -180 90, -180 45))",
    "POLYGON ((-180 -90, 180 -90, 180 90, -180 90, -180 -90))",
    "POLYGON ((0 0, 90 45, 90 0, 0 45, 0 0))",
    "POLYGON ((-170 -45, 170 -45, 170 45, -170 45, -170 -45), (-45.1 -45, 45.1 -45, 45.1 45, -45.1 -45))",
    "LINESTRING (-170 -45, 45.1 45)",
    "MULTIPOINT (0 5, 180 45)",
    "GEOMETRYCOLLECTION (POINT (0 5), LINESTRING (180 0, 180 45), POLYGON ((0 0, 45.1 0, 0 45, 0 0)))",
)


def documents() -> st.SearchStrategy[Document]:
    """One document, under one of few ids."""
    return st.builds(
        document,
        st.sampled_from(["a", "b", "c", "d", "é", "a b", "A", "10", "9"]),
        version=st.integers(1, 3),
        texts=st.dictionaries(
            st.sampled_from(["title", "abstract", "subject"]), _some(_phrases(), 1, 3), max_size=3
        ),
        keywords=st.dictionaries(
            st.sampled_from(["platform", "keyword", "parent", "region"]),
            _some(st.sampled_from(KEYWORDS), 1, 4),
            max_size=4,
        ),
        instants=st.dictionaries(
            st.sampled_from(["modified", "begin", "updated"]),
            _some(st.sampled_from(INSTANTS), 1, 3),
            max_size=3,
        ),
        boxes=_some(_bounds(), 0, 3),
        geometry=st.one_of(st.none(), st.none(), st.sampled_from(GEOMETRIES)),
        periods=_some(_periods(), 0, 3),
        depth=st.one_of(st.none(), _ordered(st.sampled_from([-10.0, -0.0, 0.0, 0.1, 200.0]))),
        years=_some(st.sampled_from([-5, 0, 1999, 2003, 2004]), 0, 3),
        tile=st.one_of(st.none(), st.sampled_from(TILES)),
    )


def changes() -> st.SearchStrategy[list[Document | Deletion]]:
    """Writes and deletions in any order of versions."""
    deletions = st.builds(Deletion, st.sampled_from(["a", "b", "c", "d"]), st.integers(1, 3))
    return st.lists(st.one_of(documents(), documents(), documents(), deletions), max_size=12)


def queries() -> st.SearchStrategy[Query]:
    """A question of any kind, asking for all hits."""
    asked = st.builds(
        Query,
        conditions(),
        st.builds(Sort, st.sampled_from(["relevance", *SORTABLE]), st.booleans()),
        st.lists(_facets(), max_size=3, unique_by=lambda request: request.field).map(tuple),
        st.just(Page(0, 1000)),
        _some(st.builds(Preference, conditions(), st.sampled_from([0.25, 1.0, 30.0])), 0, 3),
        st.one_of(st.none(), st.integers(0, MAX_ZOOM)),
        _some(conditions(), 0, 2),
    )
    return st.builds(_with_shares, asked, _some(conditions(), 0, 1))


def _with_shares(query: Query, more: tuple[Condition, ...]) -> Query:
    """The question, and how many of its hits match more, or one of the alternatives that are asked for."""
    alternatives = query.where.parts[:1] if isinstance(query.where, Or | AtLeast) else ()
    shares = tuple(And((query.where, each)) for each in (*more, *alternatives))
    return replace(query, totals=(*query.totals, *shares))


def _facets() -> st.SearchStrategy[FacetRequest]:
    """Values of one field, all or some, of the hits or of other records."""
    among = _some(st.sampled_from((*KEYWORDS, "2003", "0")), 0, 3)
    return st.builds(
        FacetRequest,
        st.sampled_from(["platform", "keyword", "region", "year"]),
        st.sampled_from([1, 2, 10]),
        st.one_of(st.none(), conditions()),
        st.one_of(st.none(), st.sampled_from(["", "sonne", "É", "向阳", "*", " ", "200", "\\"])),
        among,
        _some(st.sampled_from(["S", "son", "向", "", "a*"]), 0, 2),
    )


def conditions() -> st.SearchStrategy[Condition]:
    """Any condition that ``check`` lets pass."""
    texts = st.sampled_from(["title", "abstract", "subject", "anytext"])
    leaf = st.one_of(
        st.just(Everything()),
        st.builds(Text, _phrases(), st.one_of(st.none(), texts)),
        st.builds(Phrase, _phrases(), st.one_of(st.none(), texts)),
        st.builds(
            Like, st.sampled_from(["title", "anytext", "platform", "keyword"]), st.sampled_from(PATTERNS)
        ),
        st.builds(Terms, st.sampled_from(["platform", "keyword"]), _some(st.sampled_from(KEYWORDS), 0, 3)),
        st.builds(Terms, st.just("year"), _some(st.sampled_from(["-5", "0", "1999", "2004"]), 0, 3)),
        _comparisons(),
        st.builds(
            Exists,
            st.sampled_from(["title", "platform", "year", "modified", "where", "time", "depth", "created"]),
        ),
        st.builds(
            Spatial,
            st.sampled_from(["intersects", "within", "contains"]),
            _bounds().map(lambda bounds: BoundingBox(*bounds)) | st.sampled_from(AREAS).map(Area),
        ),
        _asked_periods(),
        _asked_seasons(),
        st.builds(
            lambda pair, top, bottom: DepthRange(top and pair[0], bottom and pair[1]),
            _ordered(st.sampled_from([-10.0, -0.0, 0.0, 0.05, 200.0])),
            st.sampled_from([1, None]),
            st.sampled_from([1, None]),
        ),
    )
    return st.recursive(
        leaf,
        lambda parts: st.one_of(
            st.builds(And, _some(parts, 0, 3)),
            st.builds(Or, _some(parts, 0, 3)),
            st.builds(Not, parts),
            st.builds(
                lambda listed, count: AtLeast(min(count, len(listed)), listed),
                _some(parts, 1, 4),
                st.integers(1, 4),
            ),
        ),
        max_leaves=6,
    )


def _comparisons() -> st.SearchStrategy[Compare]:
    operators = st.sampled_from(["=", "<>", "<", "<=", ">", ">="])
    return st.one_of(
        st.builds(
            Compare, st.sampled_from(["platform", "keyword"]), operators, st.sampled_from((*KEYWORDS, "t"))
        ),
        st.builds(Compare, st.just("year"), operators, st.sampled_from(["-5", "0", "2000", "2003"])),
        st.builds(
            Compare, st.sampled_from(["modified", "begin", "updated"]), operators, st.sampled_from(INSTANTS)
        ),
        st.builds(Compare, st.just("title"), st.sampled_from(["=", "<>"]), _phrases()),
    )


def _phrases() -> st.SearchStrategy[str]:
    return st.lists(st.sampled_from(WORDS), max_size=4).map(" ".join)


def _bounds() -> st.SearchStrategy[tuple[float, float, float, float]]:
    longitude = st.sampled_from(LONGITUDES)
    return st.builds(
        lambda west, east, latitudes: (west, latitudes[0], east, latitudes[1]),
        longitude,
        longitude,
        _ordered(st.sampled_from(LATITUDES)),
    )


def _periods() -> st.SearchStrategy[Instants]:
    """A period with at least one end, in order."""

    def ordered(start: str | None, end: str | None) -> Instants:
        if start is not None and end is not None and first_second(start) > last_second(end):
            return end, start
        return ("1999", None) if start is end is None else (start, end)

    instant = st.one_of(st.none(), st.sampled_from(INSTANTS))
    return st.builds(ordered, instant, instant)


def _asked_periods() -> st.SearchStrategy[During]:
    open_ends: st.SearchStrategy[Instants] = st.just((None, None))
    relations: st.SearchStrategy[TemporalRelation] = st.sampled_from(["overlaps", "within"])
    return st.builds(
        lambda period, relation: During(period[0], period[1], relation), open_ends | _periods(), relations
    )


def _asked_seasons() -> st.SearchStrategy[Season]:
    months = st.integers(1, 12)
    return st.builds(
        lambda first, last, span: Season(first, last, span.start, span.end, span.relation),
        months,
        months,
        _asked_periods(),
    )


def _ordered(values: st.SearchStrategy[float]) -> st.SearchStrategy[tuple[float, float]]:
    return st.builds(lambda a, b: (min(a, b), max(a, b)), values, values)


def _some(values: st.SearchStrategy[T], least: int, most: int) -> st.SearchStrategy[tuple[T, ...]]:
    return st.lists(values, min_size=least, max_size=most).map(tuple)

"""The engine contract: where, when and how deep."""

from __future__ import annotations

from indexer.areas import read_area
from indexer.engines.base import Engine
from indexer.query import (
    And,
    DepthRange,
    During,
    Not,
    Or,
    Season,
    Spatial,
    SpatialRelation,
    TemporalRelation,
    Text,
)
from mappings.record import BoundingBox
from tests.contracts.engine_documents import Bounds, Instants, document, found

_REGIONS: dict[str, list[Bounds]] = {
    "atlantic": [(-40, 0, -20, 20)],
    "pacific": [(170, -10, -170, 10)],
    "east": [(170, -10, 180, 10)],
    "west": [(-180, -10, -170, 10)],
    "meridian": [(180, -5, 180, 5)],
    "globe": [(-180, -90, 180, 90)],
    "station": [(-30, 10, -30, 10)],
    "pole": [(-180, 80, 180, 90)],
    "two": [(-170, 0, -160, 10), (10, 0, 20, 10)],
    "row": [(100, 0, 110, 10), (110, 0, 120, 10)],
}
_SPATIAL: list[tuple[SpatialRelation, Bounds, set[str]]] = [
    ("intersects", (-50, -10, -30, 10), {"atlantic", "station", "globe"}),
    ("intersects", (-20, 20, -10, 30), {"atlantic", "globe"}),  # a corner shared
    ("intersects", (-19.999, 0, -10, 10), {"globe"}),
    ("intersects", (-100, 0, -90, 10), {"globe"}),  # between the two boxes of "two"
    ("intersects", (175, 0, -175, 1), {"pacific", "east", "west", "meridian", "globe"}),
    ("intersects", (160, 0, 175, 1), {"pacific", "east", "globe"}),
    ("intersects", (-175, 0, -165, 1), {"pacific", "west", "two", "globe"}),
    ("intersects", (180, 0, 180, 1), {"pacific", "east", "west", "meridian", "globe"}),
    ("intersects", (-180, 0, -180, 1), {"pacific", "east", "west", "meridian", "globe"}),
    ("intersects", (160, 0, 180, 1), {"pacific", "east", "west", "meridian", "globe"}),
    ("intersects", (0, 90, 0, 90), {"pole", "globe"}),
    ("intersects", (30, -90, 40, -89), {"globe"}),
    ("intersects", (105, 5, 115, 6), {"row", "globe"}),
    ("within", (-40, 0, -20, 20), {"atlantic", "station"}),
    ("within", (-180, -90, 180, 90), set(_REGIONS)),
    ("within", (160, -20, -160, 20), {"pacific", "east", "west", "meridian"}),
    ("within", (170, -10, 180, 10), {"east", "meridian"}),
    ("within", (-180, -10, -170, 10), {"west", "meridian"}),
    ("within", (0, -10, 180, 10), {"east", "meridian", "row"}),
    ("within", (100, 0, 120, 10), {"row"}),
    ("within", (100, 0, 115, 10), set()),
    ("within", (10, 0, -160, 10), {"row", "two"}),
    ("within", (-180, 79, 180, 90), {"pole"}),
    ("contains", (-30, 10, -30, 10), {"atlantic", "station", "globe"}),
    ("contains", (-35, 5, -25, 15), {"atlantic", "globe"}),
    ("contains", (175, 0, -175, 5), {"pacific", "globe"}),
    ("contains", (180, -1, 180, 1), {"pacific", "east", "west", "meridian", "globe"}),
    ("contains", (105, 0, 115, 10), {"row", "globe"}),
    ("contains", (12, 0, 18, 10), {"two", "globe"}),
    ("contains", (-165, 0, 15, 10), {"globe"}),
    ("contains", (-180, -90, 180, 90), {"globe"}),
    ("contains", (-10, 85, 10, 90), {"pole", "globe"}),
    ("contains", (170, 82, -170, 88), {"pole", "globe"}),
]
_PERIODS: dict[str, list[Instants]] = {
    "nineties": [("1990", "1999")],
    "may": [("2003-05", "2003-05")],
    "since": [("2003-06-15", None)],
    "until": [(None, "1980")],
    "twice": [("1970", "1972"), ("2010", "2012")],
    "palaeo": [("-12000", "-11000")],
}
_TIMES: list[tuple[TemporalRelation, str | None, str | None, set[str]]] = [
    ("overlaps", "1999-12-31T23:59:59Z", "2003-04", {"nineties"}),
    ("overlaps", "2000", "2003-04", set()),
    ("overlaps", "2003", "2003", {"may", "since"}),
    ("overlaps", "2003-05-31", "2003-06-14", {"may"}),
    ("overlaps", "2003-06-15", "2003-06-15", {"since"}),
    ("overlaps", "1973", "1979", {"until"}),
    ("overlaps", "1973", "2009", {"nineties", "may", "since", "until"}),
    ("overlaps", "1981", "1989", set()),
    ("overlaps", "2011", None, {"since", "twice"}),
    ("overlaps", None, "1971", {"until", "twice", "palaeo"}),
    ("overlaps", None, "-11500", {"until", "palaeo"}),
    ("overlaps", None, None, set(_PERIODS)),
    ("within", "1990", "1999", {"nineties"}),
    ("within", "1990", "1998", set()),
    ("within", "2003-05", "2003-05", {"may"}),
    ("within", "2003", "2003", {"may"}),
    ("within", "2003", "2100", {"may", "twice"}),
    ("within", "2003", None, {"may", "since", "twice"}),
    ("within", None, "1980", {"until", "twice", "palaeo"}),
    ("within", "1971", "2011", {"nineties", "may"}),
    ("within", None, None, set(_PERIODS)),
]
_SEASONAL: dict[str, list[Instants]] = {
    "winter": [("2003-12-30", "2004-01-02")],
    "may": [("2003-05", "2003-05")],
    "june to august": [("1998-06-15", "1998-08-02")],
    "eleven months": [("2010-02", "2010-12")],
    "a year": [("2001-03-31", "2002-03-01")],
    "since": [("2015-07", None)],
    "until": [(None, "1960-04")],
    "two springs": [("1990-03-10", "1990-04-20"), ("1995-04-01", "1995-05-31")],
    "palaeo": [("-12000-07", "-12000-07")],
}
_ALWAYS = {"a year", "since", "until"}
_SEASONS: list[tuple[Season, set[str]]] = [
    (Season(11, 2), {"winter", "eleven months"} | _ALWAYS),
    (Season(1, 1), {"winter"} | _ALWAYS),
    (Season(5, 5), {"may", "eleven months", "two springs"} | _ALWAYS),
    (Season(7, 7), {"june to august", "eleven months", "palaeo"} | _ALWAYS),
    (Season(1, 12), set(_SEASONAL)),
    (Season(6, 5), set(_SEASONAL)),
    (Season(11, 2, "2004-01-02", "2004-06"), {"winter"}),
    (Season(11, 2, "2004-01-03", "2004-06"), set()),
    (Season(11, 2, "2001-06", "2001-10"), set()),  # no such month in the span
    (Season(11, 2, "2001-06", "2001-11-01"), {"a year"}),
    (Season(4, 4, "1990-04-20", "1995-03-31"), {"two springs"}),
    (Season(4, 4, "1990-04-21", "1995-03-31"), set()),
    (Season(5, 5, "1990", "1990"), set()),  # the other period has a May
    (Season(4, 4, None, "1960-03-31"), {"until"}),
    (Season(4, 4, "1970", None), {"eleven months", "a year", "since", "two springs"}),
    (Season(8, 8, "2015", "2015"), {"since"}),
    (Season(6, 6, "2015", "2015"), set()),
    (Season(7, 7, None, "-11999"), {"until", "palaeo"}),
    (Season(11, 2, "2003-12", "2004-01", "within"), {"winter"}),
    (Season(3, 3, "2003-12", "2004-01", "within"), set()),
    (Season(5, 5, "1990", "1995", "within"), {"two springs"}),
    (Season(3, 3, "1991", "1995", "within"), set()),
    (Season(3, 3, "2001", None, "within"), {"a year", "since", "eleven months"}),
]
_GEOMETRIC: list[tuple[SpatialRelation, Bounds, set[str]]] = [
    ("intersects", (8, 8, 9, 9), set()),  # in the triangle's box, not in the triangle
    ("intersects", (0, 0, 5, 5), {"triangle"}),
    ("intersects", (-179, 1, -178, 2), {"unwrapped"}),
    ("intersects", (178, 1, 179, 2), {"unwrapped"}),
    ("intersects", (50, 50, 60, 60), {"track"}),
    ("intersects", (55, 50, 56, 50.5), set()),
    ("within", (0, 0, 10, 10), {"triangle"}),
    ("within", (170, 0, -170, 10), {"unwrapped"}),
    ("within", (40, 40, 70, 70), {"track"}),
    ("contains", (1, 1, 2, 2), {"triangle"}),
    ("contains", (175, 1, -175, 2), {"unwrapped"}),
    ("contains", (1, 1, 9, 9), set()),
    ("intersects", (20, 20, 20, 20), {"unreadable"}),
]
_TRIANGLE = "POLYGON ((-60 0, 0 0, -60 60, -60 0))"
_AROUND_180 = "POLYGON ((160 -20, 200 -20, 180 20, 160 -20))"
_SPLIT = "MULTIPOLYGON (((160 -20, 180 -20, 180 20, 160 -20)), ((-180 -20, -160 -20, -180 20, -180 -20)))"
_CAP = "POLYGON ((-180 70, 180 70, 180 90, -180 90, -180 70))"
_ELL = "POLYGON ((0 0, 30 0, 30 10, 10 10, 10 30, 0 30, 0 0))"
_AREAS: list[tuple[SpatialRelation, str, set[str]]] = [
    ("intersects", _TRIANGLE, {"atlantic", "station", "globe"}),
    ("within", _TRIANGLE, {"atlantic", "station"}),
    ("contains", _TRIANGLE, {"globe"}),
    ("intersects", "POLYGON ((-19.9 20, -19 20, -19 21, -19.9 20))", {"globe"}),
    ("intersects", "POLYGON ((-10 0, -10 60, -40.1 60, -10 0))", {"globe", "atlantic"}),
    ("intersects", "POLYGON ((-10 20.1, -10 60, -40.1 60, -10 20.1))", {"globe"}),  # only its box does
    ("within", "POLYGON ((-40 0, -20 0, -20 20, -40 20, -40 0))", {"atlantic", "station"}),
    ("within", "POLYGON ((-40 0, -20 0, -20.001 20, -40 20, -40 0))", {"station"}),
    ("intersects", _AROUND_180, {"pacific", "east", "west", "meridian", "two", "globe"}),
    ("within", _AROUND_180, {"meridian"}),
    ("contains", _AROUND_180, {"globe"}),
    ("intersects", _SPLIT, {"pacific", "east", "west", "meridian", "two", "globe"}),
    ("within", _SPLIT, {"meridian"}),
    ("contains", _SPLIT, {"globe"}),
    ("within", "POLYGON ((160 -20, 200 -20, 200 20, 160 20, 160 -20))", {"pacific", "east", "west", "meridian"}),
    ("contains", "POLYGON ((175 -1, 185 0, 175 1, 175 -1))", {"pacific", "globe"}),
    ("contains", "POLYGON ((-185 -1, -175 0, -185 1, -185 -1))", {"pacific", "globe"}),
    ("intersects", _CAP, {"pole", "globe"}),
    ("within", _CAP, {"pole"}),
    ("contains", "POLYGON ((-180 85, 180 85, 180 90, -180 90, -180 85))", {"pole", "globe"}),
    ("intersects", _ELL, {"two", "globe"}),
    ("contains", "POLYGON ((101 1, 119 1, 110 9, 101 1))", {"row", "globe"}),
    ("within", "POLYGON ((100 0, 120 0, 120 10, 100 10, 100 0))", {"row"}),
    ("within", "POLYGON ((100 0, 120 0, 120 10, 110 9.999, 100 10, 100 0))", set()),
    ("contains", "MULTIPOLYGON (((-169 1, -161 1, -165 9, -169 1)), ((11 1, 19 1, 15 9, 11 1)))", {"two", "globe"}),
    ("contains", "MULTIPOLYGON (((171 1, 172 1, 171 2, 171 1)), ((-172 1, -171 1, -172 2, -172 1)))",
     {"pacific", "globe"}),
    ("intersects", "MULTIPOLYGON (((60 0, 61 0, 60 1, 60 0)), ((-60 0, -59 0, -60 1, -60 0)))", {"globe"}),
    ("intersects", "POLYGON ((-30 10, 0 -40, 30 -40, -30 10))", {"atlantic", "station", "globe"}),  # its corner
]  # fmt: skip
_DEPTHS: list[tuple[float | None, float | None, set[str]]] = [
    (0, 0, {"surface", "profile", "balloon"}),
    (10, 20, {"profile"}),
    (-20, -10, {"balloon"}),
    (200, 300, {"profile", "abyss"}),
    (200.5, None, {"abyss"}),
    (None, -0.5, {"balloon"}),
    (None, None, {"surface", "profile", "balloon", "abyss"}),
    (-0.0, 0.0, {"surface", "profile", "balloon"}),
]


class ExtentsContract:
    """Spatial, During, Season, DepthRange."""

    def test_boxes(self, engine: Engine) -> None:
        engine.apply([document(key, boxes=boxes) for key, boxes in _REGIONS.items()] + [document("nowhere")])
        answers = [(by, box, found(engine, Spatial(by, BoundingBox(*box)))) for by, box, _ in _SPATIAL]
        assert answers == _SPATIAL
        others = [found(engine, Not(Spatial(by, BoundingBox(*box)))) for by, box, _ in _SPATIAL]
        assert others == [{*_REGIONS, "nowhere"} - expected for *_, expected in _SPATIAL]

    def test_geometries(self, engine: Engine) -> None:
        unwrapped = "POLYGON ((175 0, 185 0, 185 5, 175 5, 175 0))"
        engine.apply(
            [
                document("triangle", boxes=[(0, 0, 10, 10)], geometry="POLYGON ((0 0, 10 0, 0 10, 0 0))"),
                document("unwrapped", boxes=[(175, 0, -175, 5)], geometry=unwrapped),
                document("track", boxes=[(50, 50, 60, 60)], geometry="LINESTRING (50 50, 60 60)"),
                document("unreadable", boxes=[(20, 20, 21, 21)], geometry="POLYGON ((20 20, nonsense"),
            ]
        )
        answers = [(by, box, found(engine, Spatial(by, BoundingBox(*box)))) for by, box, _ in _GEOMETRIC]
        assert answers == _GEOMETRIC

    def test_areas(self, engine: Engine) -> None:
        engine.apply([document(key, boxes=boxes) for key, boxes in _REGIONS.items()] + [document("nowhere")])
        asked = [(Spatial(by, read_area(area)), expected) for by, area, expected in _AREAS]
        assert [(one, found(engine, one)) for one, _ in asked] == asked
        others = [(one, found(engine, Not(one))) for one, _ in asked]
        assert others == [(one, {*_REGIONS, "nowhere"} - expected) for one, expected in asked]

    def test_areas_and_geometries(self, engine: Engine) -> None:
        unwrapped = "POLYGON ((175 0, 185 0, 185 5, 175 5, 175 0))"
        engine.apply(
            [
                document("triangle", boxes=[(0, 0, 10, 10)], geometry="POLYGON ((0 0, 10 0, 0 10, 0 0))"),
                document("unwrapped", boxes=[(175, 0, -175, 5)], geometry=unwrapped),
                document("track", boxes=[(50, 50, 60, 60)], geometry="LINESTRING (50 50, 60 60)"),
            ]
        )

        def ids(by: SpatialRelation, area: str) -> set[str]:
            return found(engine, Spatial(by, read_area(area)))

        assert ids("intersects", "POLYGON ((9 9, 4 5.9, 9 2, 9 9))") == {"triangle"}
        assert ids("intersects", "POLYGON ((9 9, 6 9, 9 0.9, 9 9))") == {"triangle"}
        assert ids("intersects", "POLYGON ((9 9, 6 9, 9 6, 9 9))") == set()  # in its box, beside the triangle
        assert ids("within", "POLYGON ((-1 -1, 12 -1, -1 12, -1 -1))") == {"triangle"}
        assert ids("contains", "POLYGON ((1 1, 4 1, 1 4, 1 1))") == {"triangle"}
        assert ids("contains", "POLYGON ((-184 1, -176 2, -184 4, -184 1))") == {"unwrapped"}
        assert ids("within", "POLYGON ((45 45, 65 46, 65 65, 46 65, 45 45))") == {"track"}
        assert ids("intersects", "POLYGON ((54 55.1, 50 60, 50 51, 54 55.1))") == set()
        assert ids("intersects", "POLYGON ((54.9 54.9, 50 60, 50 51, 54.9 54.9))") == {"track"}

    def test_borders_are_exact(self, engine: Engine) -> None:
        """Also where an engine that rounds coordinates has to look twice."""
        step = 1e-9
        regions: dict[str, list[Bounds]] = {}
        for name, (west, north) in {
            "on": (10, 5),
            "off": (10 + step, 5 + step),
            "in": (10 - step, 5 - step),
        }.items():
            regions |= {
                f"box {name}": [(west, 0, 20, 4)],
                f"two {name}": [(west, 0, 20, 4), (30, 0, 40, 4)],
                f"inside {name}": [(2, 2, 3, north)],
                f"both inside {name}": [(2, 2, 3, north), (4, 2, 5, north)],
            }
        engine.apply([document(key, boxes=boxes) for key, boxes in regions.items()])
        inside = {key for key in regions if "inside" in key}
        touching = inside | {key for key in regions if "off" not in key}
        around = BoundingBox(0, -1, 10, 5)
        same = read_area("POLYGON ((0 -1, 10 -1, 10 5, 0 5, 0 -1))")
        for region in (around, same):
            assert found(engine, Spatial("intersects", region)) == touching
            assert found(engine, Spatial("within", region)) == {key for key in inside if "off" not in key}
        line = BoundingBox(10, 1, 12, 2)
        across = read_area("POLYGON ((10 1, 12 1, 12 2, 10 2, 10 1))")
        for region in (line, across):
            expected = {key for key in regions if key not in inside and "off" not in key}
            assert found(engine, Spatial("contains", region)) == expected

    def test_an_area_narrows_what_stands_beside_it(self, engine: Engine) -> None:
        engine.apply(
            [
                document("in", texts={"title": ["sea"]}, boxes=[(1, 1, 2, 2)]),
                document("beside", texts={"title": ["sea"]}, boxes=[(9, 9, 9, 9)]),
                document("same place, other words", texts={"title": ["ice"]}, boxes=[(9, 9, 9, 9)]),
                document("no", texts={"title": ["ice"]}, boxes=[(1, 1, 2, 2)]),
            ]
        )
        area = Spatial("intersects", read_area("POLYGON ((0 0, 10 0, 0 10, 0 0))"))
        other = Spatial("intersects", read_area("POLYGON ((0 0, 20 0, 20 20, 0 0))"))
        assert found(engine, And((area, Text("sea")))) == {"in"}
        assert found(engine, And((Text("sea"), area, other))) == {"in"}
        assert found(engine, And((Text("sea"), Not(area)))) == {"beside"}
        assert found(engine, Or((And((Text("ice"), area)), And((Text("sea"), other))))) == {
            "no",
            "in",
            "beside",
        }

    def test_periods(self, engine: Engine) -> None:
        engine.apply(
            [document(key, periods=periods) for key, periods in _PERIODS.items()] + [document("never")]
        )
        answers = [(by, start, end, found(engine, During(start, end, by))) for by, start, end, _ in _TIMES]
        assert answers == _TIMES
        others = [found(engine, Not(During(start, end, by))) for by, start, end, _ in _TIMES]
        assert others == [{*_PERIODS, "never"} - expected for *_, expected in _TIMES]

    def test_seasons(self, engine: Engine) -> None:
        engine.apply(
            [document(key, periods=periods) for key, periods in _SEASONAL.items()] + [document("never")]
        )
        assert [(asked, found(engine, asked)) for asked, _ in _SEASONS] == _SEASONS
        others = [found(engine, Not(asked)) for asked, _ in _SEASONS]
        assert others == [{*_SEASONAL, "never"} - expected for _, expected in _SEASONS]

    def test_depths(self, engine: Engine) -> None:
        engine.apply(
            [
                document("surface", depth=(0, 0)),
                document("profile", depth=(0, 200)),
                document("balloon", depth=(-1000, -0.0)),
                document("abyss", depth=(200.0, 6000)),
                document("none"),
            ]
        )
        assert [
            (top, bottom, found(engine, DepthRange(top, bottom))) for top, bottom, _ in _DEPTHS
        ] == _DEPTHS

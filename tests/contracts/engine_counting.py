"""The engine contract: facets of other conditions, some values of a facet, map tiles."""

from __future__ import annotations

from indexer.engines.base import Engine
from indexer.query import (
    And,
    AtLeast,
    Condition,
    Everything,
    FacetRequest,
    FacetValue,
    Not,
    Or,
    Page,
    Query,
    Spatial,
    Terms,
    Text,
    TileCount,
)
from mappings.record import BoundingBox
from mappings.tiles import MAX_ZOOM, Tile
from tests.contracts.engine_documents import document, titled

NONE = Page(size=0)


class CountingContract:
    """What is counted beside the hits."""

    def test_facets_of_another_condition(self, engine: Engine) -> None:
        engine.apply(
            [
                titled("1", "sea", keywords={"platform": ["a"], "keyword": ["x"]}),
                titled("2", "sea", keywords={"platform": ["b"], "keyword": ["x", "y"]}),
                titled("3", "sea", keywords={"platform": ["b"], "keyword": ["y"]}),
                titled("4", "ice", keywords={"platform": ["c"], "keyword": ["y"]}),
            ]
        )
        chosen = Query(
            Terms("platform", ("a",)),
            facets=(
                FacetRequest("platform", where=Text("sea")),
                FacetRequest("keyword"),
                FacetRequest("year", where=Text("sea")),
            ),
            page=NONE,
        )
        found = engine.search(chosen)
        assert found.total == 1
        assert list(found.facets) == ["platform", "keyword", "year"]
        assert found.facets["platform"] == (FacetValue("b", 2), FacetValue("a", 1))
        assert found.facets["keyword"] == (FacetValue("x", 1),)
        assert found.facets["year"] == ()

    def test_totals_of_other_conditions(self, engine: Engine) -> None:
        engine.apply(
            [
                titled("1", "sea ice", keywords={"platform": ["a"]}),
                titled("2", "sea", keywords={"platform": ["b"]}),
                titled("3", "sea"),
            ]
        )
        others = (Text("sea"), Terms("platform", ("a", "b")), Everything(), Text("nowhere"), Text("ice"))
        found = engine.search(Query(Text("ice"), totals=others))
        assert (found.ids, found.total) == (("1",), 1)
        assert dict(found.totals) == dict(zip(others, (3, 2, 3, 0, 1), strict=True))
        counted = engine.search(Query(Text("nowhere"), page=NONE, totals=(Text("sea"), Text("sea"))))
        assert (counted.total, dict(counted.totals)) == (0, {Text("sea"): 3})
        assert not engine.search(Query(Text("ice"))).totals

    def test_totals_that_are_shares_of_the_hits(self, engine: Engine) -> None:
        engine.apply(
            [
                titled("1", "sea ice", keywords={"platform": ["a"]}, boxes=[(0, 0, 1, 1)]),
                titled("2", "sea", keywords={"platform": ["a", "b"]}, boxes=[(5, 5, 6, 6)]),
                titled("3", "cloud", keywords={"platform": ["b"]}, boxes=[(0, 0, 1, 1)]),
                titled("4", "wind", keywords={"platform": ["a"]}, boxes=[(0, 0, 1, 1)]),
            ]
        )
        sea, ice, cloud = Text("sea"), Text("ice"), Text("cloud")
        some = AtLeast(1, (sea, ice, cloud))
        here = Spatial("intersects", BoundingBox(0, 0, 2, 2))
        shares: dict[Condition, int] = {
            And((some, sea)): 2,
            And((some, Or((ice, cloud)))): 2,
            And((some, cloud, Terms("platform", ("b",)))): 1,
            And((some, Not(sea), here)): 1,
            And((some,)): 3,
            And((sea, some)): 2,  # the same, but not told by its form
            And((AtLeast(2, (sea, ice, cloud)), ice)): 1,
        }
        request = FacetRequest("platform")
        found = engine.search(Query(some, facets=(request,), totals=tuple(shares)))
        assert (found.total, dict(found.totals)) == (3, shares)
        assert found.facets["platform"] == (FacetValue("a", 2), FacetValue("b", 2))
        assert dict(engine.search(Query(some, page=NONE, totals=tuple(shares))).totals) == shares

    def test_values_that_contain_a_text_or_are_named(self, engine: Engine) -> None:
        engine.apply(
            [
                document("1", keywords={"platform": ["Élan", "elan II", "向阳红09", "a*b"]}, years=[1999]),
                document("2", keywords={"platform": ["ELAN", "向阳红09", "z"]}, years=[1999, 2009]),
            ]
        )

        def values(field: str, containing: str | None, *among: str, size: int = 10) -> list[str]:
            request = FacetRequest(field, size, containing=containing, among=among)
            return [value.value for value in engine.search(Query(facets=(request,), page=NONE)).facets[field]]

        assert values("platform", "élan") == ["ELAN", "elan II", "Élan"]
        assert values("platform", "elan", size=2) == ["ELAN", "elan II"]
        assert values("platform", "阳红") == ["向阳红09"]
        assert values("platform", "*") == ["a*b"]
        assert values("platform", "nothing") == []
        assert values("platform", None, "z", "Z", "elan II") == ["elan II", "z"]
        assert values("platform", "*", "z") == ["a*b", "z"]
        assert values("platform", "") == ["向阳红09", "ELAN", "a*b", "elan II", "z", "Élan"]
        assert values("year", "99") == ["1999"]
        assert values("year", "9", "2009") == ["1999", "2009"]

    def test_values_that_begin_so(self, engine: Engine) -> None:
        terms = ["GCMD::Oceans", "gcmd::x", "NASA/GCMD::Oceans", "CF::sea_ice", "CF::Sea Ice area"]
        engine.apply(
            [document("1", keywords={"platform": terms}), document("2", keywords={"platform": terms[3:]})]
        )

        def values(**asked: object) -> list[str]:
            request = FacetRequest("platform", **asked)  # type: ignore[arg-type]
            found = engine.search(Query(facets=(request,), page=NONE)).facets["platform"]
            return [value.value for value in found]

        assert values(starting=("GCMD::",)) == ["GCMD::Oceans"]
        assert values(starting=("GCMD::", "CF::"), size=2) == ["CF::Sea Ice area", "CF::sea_ice"]
        assert values(starting=("CF::",), containing="sea ice a") == ["CF::Sea Ice area"]
        assert values(containing="sea ice") == ["CF::Sea Ice area", "CF::sea_ice"]
        assert values(starting=("NASA",), among=("CF::sea_ice",)) == []

    def test_rare_values_are_found_among_many(self, engine: Engine) -> None:
        common = [f"common {number:04d}" for number in range(3000)]
        engine.apply([document(str(n), keywords={"platform": common}) for n in range(3)])
        engine.apply([document("rare", keywords={"platform": ["Rare one"]})])
        for request in (
            FacetRequest("platform", 1, containing="rare"),
            FacetRequest("platform", 1, among=("Rare one",)),
        ):
            facet = engine.search(Query(facets=(request,), page=NONE)).facets["platform"]
            assert facet == (FacetValue("Rare one", 1),)

    def test_hits_are_counted_by_tile(self, engine: Engine) -> None:
        engine.apply([titled(str(n), "sea", tile=tile) for n, tile in enumerate([0, 1, 1, 256, 32_767])])
        engine.apply([titled("nowhere", "sea"), titled("ice", "ice", tile=0)])

        def tiles(zoom: int) -> list[tuple[Tile, int]]:
            found = engine.search(Query(Text("sea"), page=NONE, heatmap=zoom))
            assert found.total == 6
            return [(each.tile, each.count) for each in found.heatmap]

        corner = Tile(MAX_ZOOM, 255, 127)
        assert tiles(MAX_ZOOM) == [
            (Tile(MAX_ZOOM, 0, 0), 1),
            (Tile(MAX_ZOOM, 1, 0), 2),
            (Tile(MAX_ZOOM, 0, 1), 1),
            (corner, 1),
        ]
        assert tiles(MAX_ZOOM - 1) == [(Tile(6, 0, 0), 4), (Tile(6, 127, 63), 1)]
        assert tiles(0) == [(Tile(0, 0, 0), 4), (Tile(0, 1, 0), 1)]

    def test_tiles_are_those_of_the_hits_and_only_when_asked_for(self, engine: Engine) -> None:
        engine.apply([titled("1", "sea", tile=0)])
        assert engine.search(Query(Text("ice"), heatmap=3)).heatmap == ()
        assert engine.search(Query(Everything())).heatmap == ()
        engine.apply([titled("1", "sea", version=2, tile=32_767)])
        assert engine.search(Query(heatmap=0)).heatmap == (TileCount(Tile(0, 1, 0), 1),)

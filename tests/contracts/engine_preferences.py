"""The engine contract: what is preferred comes first, and nothing is found or lost by it."""

from __future__ import annotations

from indexer.engines.base import Engine
from indexer.engines.ordering import tie
from indexer.query import (
    And,
    Compare,
    Condition,
    DepthRange,
    During,
    Everything,
    FacetRequest,
    FacetValue,
    Not,
    Page,
    Phrase,
    Preference,
    Query,
    Sort,
    Spatial,
    Terms,
    Text,
)
from mappings.record import BoundingBox
from tests.contracts.engine_documents import document, titled


class PreferencesContract:
    """``Query.prefer``."""

    def test_the_preferred_come_first(self, engine: Engine) -> None:
        engine.apply(
            [
                titled("a", "Salinity", keywords={"platform": ["Sonne"]}, boxes=[(0, 0, 1, 1)]),
                titled("b", "Salinity", depth=(0, 10), periods=[("2001", "2002")]),
                titled("c", "Salinity of the sea", instants={"modified": ["2025"]}),
            ]
        )
        preferred: dict[Condition, str] = {
            Terms("platform", ("Sonne",)): "a",
            Compare("platform", "=", "SONNE"): "a",
            Compare("title", "=", "salinity of the SEA"): "c",
            Compare("modified", ">=", "2024"): "c",
            Compare("identifier", "=", "B"): "b",
            Phrase("the sea", "title"): "c",
            Text("sea", "title"): "c",
            Spatial("intersects", BoundingBox(0, 0, 5, 5)): "a",
            During("2001", None): "b",
            DepthRange(5, None): "b",
            And((Not(Text("sea")), Not(Terms("platform", ("Sonne",))))): "b",
        }
        for where in (Everything(), And(()), Text("salinity")):
            first = {
                condition: _order(engine, Query(where, prefer=(Preference(condition, 50.0),)))[0]
                for condition in preferred
            }
            assert first == preferred

    def test_weights_add_up(self, engine: Engine) -> None:
        engine.apply([document(key, keywords={"keyword": list(words)}) for key, words in _SETS.items()])
        prefer = tuple(Preference(Terms("keyword", (word,)), weight) for word, weight in _WEIGHTS.items())
        worth = {key: sum(_WEIGHTS[word] for word in words) for key, words in _SETS.items()}
        assert len(set(worth.values())) == len(worth)
        assert _order(engine, Query(prefer=prefer)) == sorted(worth, key=worth.__getitem__, reverse=True)

    def test_the_same_weight_for_the_rare_and_the_frequent(self, engine: Engine) -> None:
        engine.apply(
            [document(f"many{number}", keywords={"keyword": ["x"]}) for number in range(30)]
            + [document("one", keywords={"keyword": ["y"]})]
        )
        prefer = (Preference(Terms("keyword", ("x",)), 1.5), Preference(Terms("keyword", ("y",)), 1.0))
        assert _order(engine, Query(prefer=prefer, page=Page(0, 100)))[-1] == "one"

    def test_a_small_weight_decides_between_equals_only(self, engine: Engine) -> None:
        engine.apply(
            [
                titled("open", "salt", keywords={"access": ["open"]}),
                titled("closed", "salt", keywords={"access": ["restricted"]}),
                titled("salty", "salt", "salt", "salt"),
                titled("other", "ice", keywords={"access": ["open"]}),
            ]
        )
        prefer = (Preference(Terms("access", ("open",)), 0.01),)
        order = _order(engine, Query(Text("salt"), prefer=prefer))
        assert sorted(order) == ["closed", "open", "salty"]
        assert order.index("open") < order.index("closed")
        assert order[0] == "salty"

    def test_nothing_is_found_or_lost(self, engine: Engine) -> None:
        engine.apply(
            [titled(key, "sea", keywords={"keyword": [key]}) for key in "abc"] + [titled("d", "lake")]
        )
        prefer = tuple(Preference(Terms("keyword", (key,)), 3.0) for key in "bd")
        facets = (FacetRequest("keyword"),)
        for where, ids in (
            (And(()), set("abcd")),
            (Text("sea"), {"a", "b", "c"}),
            (Not(Text("sea")), {"d"}),
            (Text("no"), set()),
        ):
            answer = engine.search(Query(where, facets=facets, prefer=prefer, page=Page(0, 2)))
            assert answer.total == len(ids)
            assert set(answer.ids) <= ids
            assert len(answer.ids) == min(2, len(ids))
            assert {value.value for value in answer.facets["keyword"]} == ids - {"d"}
        counted = engine.search(Query(Text("sea"), facets=facets, prefer=prefer, page=Page(0, 0)))
        assert counted.total == 3
        assert counted.facets["keyword"] == tuple(FacetValue(key, 1) for key in "abc")

    def test_pages_go_on(self, engine: Engine) -> None:
        engine.apply([document(str(number), keywords={"keyword": [str(number % 3)]}) for number in range(30)])
        prefer = (
            Preference(Terms("keyword", ("1",)), 2.0),
            Preference(Terms("keyword", ("2",)), 1.0),
        )
        pages = [
            key
            for offset in range(0, 30, 7)
            for key in engine.search(Query(page=Page(offset, 7), prefer=prefer)).ids
        ]
        assert sorted(pages, key=int) == [str(number) for number in range(30)]
        assert [int(key) % 3 for key in pages] == [1] * 10 + [2] * 10 + [0] * 10

    def test_other_orders_know_no_preference(self, engine: Engine) -> None:
        engine.apply([titled(key, key) for key in "abc"])
        prefer = (Preference(Compare("title", "=", "b"), 100.0),)
        assert _order(engine, Query(sort=Sort("title"), prefer=prefer)) == ["a", "b", "c"]
        assert _order(engine, Query()) == sorted("abc", key=tie)


_SETS = {"none": "", "x": "x", "y": "y", "xy": "xy", "z": "z", "xz": "xz", "yz": "yz", "xyz": "xyz"}
_WEIGHTS = {"x": 1.0, "y": 2.0, "z": 4.0}


def _order(engine: Engine, query: Query) -> list[str]:
    return list(engine.search(query).ids)

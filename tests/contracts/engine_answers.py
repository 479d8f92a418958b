"""The engine contract: order, pages, totals and facets."""

from __future__ import annotations

import pytest

from indexer.document import Document
from indexer.engines.base import Engine
from indexer.engines.ordering import tie
from indexer.query import (
    Everything,
    FacetRequest,
    FacetValue,
    Not,
    Page,
    Query,
    Sort,
    Terms,
    Text,
)
from tests.contracts.engine_documents import SORTABLE, ask, document, titled


class AnswersContract:
    """Sorts, pages, counts and facets."""

    def test_sorts_by_title(self, engine: Engine) -> None:
        engine.apply(
            [
                titled("1", "Élan"),
                titled("2", "echo"),
                titled("4", "Échø"),
                titled("3", "zulu", "alpha"),
                titled("5", "海温"),
                document("7"),
                document("6"),
            ]
        )
        alike, without = sorted("24", key=tie), sorted("67", key=tie)
        up = ask(engine, Everything(), Sort("title"))
        down = ask(engine, Everything(), Sort("title", descending=True))
        assert up == [*alike, "1", "3", "5", *without]
        assert down == ["5", "3", "1", *alike[::-1], *without[::-1]]

    @pytest.mark.parametrize("field", ["modified", "begin", "updated"])
    def test_sorts_by_instants(self, engine: Engine, field: str) -> None:
        engine.apply(
            [
                document("b", instants={field: ["2003"]}),
                document("a", instants={field: ["2003-01-01", "1950"]}),
                document("e", instants={field: ["-12000"]}),
                document("d", instants={field: ["2003-01-02"]}),
                document("c"),
            ]
        )
        alike = sorted("ab", key=tie)
        assert ask(engine, Everything(), Sort(field)) == ["e", *alike, "d", "c"]
        assert ask(engine, Everything(), Sort(field, descending=True)) == ["d", *alike[::-1], "e", "c"]

    def test_sorts_by_distance_from_a_point(self, engine: Engine) -> None:
        engine.apply(
            [
                document("here", boxes=[(9, 9, 11, 11)]),
                document("twin", boxes=[(8, 8, 12, 12)]),
                document("near", boxes=[(12, 10, 12, 10)]),
                document("two boxes", boxes=[(0, 0, 1, 1), (39, 20, 40, 21)]),  # around 20, 10.5
                document("across", boxes=[(170, 0, -160, 0)]),  # around -175, 0
                document("east", boxes=[(178, 0, 178, 0)]),
                document("pole", boxes=[(-180, 90, 180, 90)]),
                document(
                    "geometry",
                    boxes=[(-60, -60, -50, -50)],
                    geometry="POINT (-60 -60)",
                ),
                document("nowhere"),
                document("nowhere else"),
            ]
        )
        ends = sorted(["nowhere", "nowhere else"], key=tie)
        first = sorted(["here", "twin"], key=tie)

        def near(longitude: float, latitude: float) -> list[str]:
            return ask(engine, Everything(), Sort("distance", near=(longitude, latitude)))

        assert near(10, 10) == [*first, "near", "two boxes", "pole", "geometry", "east", "across", *ends]
        assert near(179.5, 0)[:2] == ["east", "across"]
        assert near(-179.5, 0)[:2] == ["east", "across"]
        assert near(-178, 0)[:2] == ["across", "east"]
        assert near(0, 90)[0] == near(77, 89.9)[0] == "pole"
        assert near(10, 10) == [
            engine.search(Query(sort=Sort("distance", near=(10, 10)), page=Page(at, 1))).ids[0]
            for at in range(10)
        ]

    def test_titles_that_begin_alike(self, engine: Engine) -> None:
        long = [titled(key, "x" * 200 + key) for key in "ab"]
        engine.apply(
            [*long, titled("c", "x" * 50), titled("d", "xxxxxxx y"), titled("e", "xxxxxxx"), titled("f", "x")]
        )
        assert ask(engine, Everything(), Sort("title")) == ["f", "e", "d", "c", *sorted("ab", key=tie)]

    def test_without_words_relevance_goes_by_tie(self, engine: Engine) -> None:
        keys = ["b", "é", "a", "10", "9"]
        engine.apply([titled(key, "sea") for key in keys])
        expected = sorted(keys, key=tie)
        assert ask(engine, Everything(), Sort()) == expected
        assert ask(engine, Everything(), Sort(descending=True)) == expected
        assert ask(engine, Text("..."), Sort()) == expected
        assert ask(engine, Not(Text("ice")), Sort()) == expected

    @pytest.mark.parametrize("by", ["relevance", *SORTABLE])
    @pytest.mark.parametrize("descending", [False, True])
    def test_pages_put_together_are_all_hits_once(self, engine: Engine, by: str, descending: bool) -> None:
        engine.apply(_many(range(30)))
        engine.apply(_many(range(30, 57)))
        for where in (Text("sea"), Everything()):
            sort = Sort(by, descending)
            pages = [engine.search(Query(where, sort, page=Page(offset, 7))) for offset in range(0, 63, 7)]
            ids = [key for page in pages for key in page.ids]
            assert {page.total for page in pages} == {57}
            assert len(ids) == len(set(ids)) == 57
            assert ids == list(engine.search(Query(where, sort, page=Page(0, 57))).ids)

    def test_empty_pages(self, engine: Engine) -> None:
        assert engine.search(Query()).total == 0
        assert engine.search(Query(facets=(FacetRequest("platform"),))).facets == {"platform": ()}
        engine.apply(_many(range(5)))
        beyond = engine.search(Query(sort=Sort("title"), page=Page(100_000, 10)))
        assert (beyond.ids, beyond.total) == ((), 5)
        none = engine.search(Query(Text("sea"), page=Page(0, 0), facets=(FacetRequest("platform"),)))
        assert (none.ids, none.total) == ((), 5)
        assert len(none.facets["platform"]) == 3

    def test_facets_count_hits_and_ties_go_by_value(self, engine: Engine) -> None:
        engine.apply(
            [
                titled("1", "sea", keywords={"platform": ["b", "a", "b"]}, years=[2001, 999]),
                titled("2", "sea", keywords={"platform": ["a"]}, years=[999, -5]),
                titled("3", "sea", keywords={"platform": ["B", "é"]}, years=[-5]),
                titled("4", "ice", keywords={"platform": ["b"]}, years=[1]),
                titled("5", "sea"),
            ]
        )
        query = Query(Text("sea"), facets=(FacetRequest("platform", 3), FacetRequest("year")))
        facets = engine.search(query).facets
        assert facets["platform"] == (FacetValue("a", 2), FacetValue("B", 1), FacetValue("b", 1))
        assert facets["year"] == (FacetValue("-5", 2), FacetValue("999", 2), FacetValue("2001", 1))

    def test_facets_of_many_values_with_equal_counts(self, engine: Engine) -> None:
        values = [f"platform {number:04d}" for number in range(700)]
        engine.apply(
            [document(str(n), keywords={"platform": values[n * 100 : n * 100 + 100]}) for n in range(7)][::-1]
        )
        engine.apply([document("again", keywords={"platform": [values[650]]})])
        facet = engine.search(Query(facets=(FacetRequest("platform", 3),))).facets["platform"]
        assert [(value.value, value.count) for value in facet] == [
            (values[650], 2),
            (values[0], 1),
            (values[1], 1),
        ]

    def test_facets_are_those_of_now(self, engine: Engine) -> None:
        query = Query(facets=(FacetRequest("platform"),))
        engine.apply([document("a", keywords={"platform": ["x"]})])
        assert engine.search(query).facets["platform"] == (FacetValue("x", 1),)
        engine.apply([document("a", version=2, keywords={"platform": ["y"]})])
        assert engine.search(query).facets["platform"] == (FacetValue("y", 1),)
        narrowed = Query(Terms("platform", ("x",)), facets=query.facets)
        assert engine.search(narrowed).facets["platform"] == ()


def _many(numbers: range) -> list[Document]:
    """Documents of which many sort alike, and some have nothing to sort by."""
    return [
        document(
            f"id-{number * 37 % 101:03d}",
            texts={"title": [f"title {number % 4}"] if number % 5 else [], "abstract": ["sea"]},
            keywords={"platform": [f"platform {number % 3}"]},
            instants={"modified": [str(2000 + number % 3)], "begin": [] if number % 7 else ["1999"]},
        )
        for number in numbers
    ]

from __future__ import annotations

import math

import pytest

from indexer.query import (
    MAX_CONDITIONS,
    MAX_DEPTH,
    MAX_FACET,
    MAX_OFFSET,
    MAX_ORDERED,
    MAX_PAGE,
    MAX_PATTERN,
    MAX_TERMS,
    MAX_TEXT,
    And,
    AtLeast,
    Compare,
    Condition,
    Cursor,
    DepthRange,
    During,
    Everything,
    Exists,
    FacetRequest,
    Like,
    Not,
    Operator,
    Or,
    Page,
    Phrase,
    Query,
    Season,
    Sort,
    Spatial,
    Terms,
    Text,
    check,
)
from mappings.errors import InvalidQuery
from mappings.fields import load_fields
from mappings.record import BoundingBox


def nested(depth: int) -> Condition:
    where: Condition = Everything()
    for _ in range(depth - 1):
        where = Not(where)
    return where


@pytest.mark.parametrize(
    "where",
    [
        Everything(),
        Text(""),
        Text("海温", "title"),
        Phrase("sea ice", "anytext"),
        Like("abstract", "*sea*"),
        Like("identifier", "a?"),
        Terms("platform", ()),
        Terms("year", ("-12000", "2003")),
        Compare("year", "<", "2003"),
        Compare("modified", ">=", "2003-05"),
        Compare("title", "<>", "x"),
        Compare("platform", "=", "x" * 9000),
        Spatial("within", BoundingBox(170, -10, -170, 10)),
        During(None, None),
        During("2003", "2003"),
        During("2003-06", "2003"),  # the end reaches to the last second of 2003
        Season(11, 2),
        Season(1, 12, "2003", "2003-05", "within"),
        AtLeast(2, (Text("a"), Text("b"))),
        DepthRange(None, -10.0),
        DepthRange(5, 5),
        *(Exists(name) for name in load_fields()),
        nested(MAX_DEPTH),
        And((Or(()),) * (MAX_CONDITIONS - 1)),
    ],
)
def test_passes(where: Condition) -> None:
    check(Query(where))


@pytest.mark.parametrize(
    ("where", "message"),
    [
        (Text("x", "nowhere"), "nowhere: is not a searchable field"),
        (Text("x", "platform"), "platform: a field of type keyword cannot be searched this way"),
        (Phrase("x", "year"), "year: a field of type integer cannot be searched this way"),
        (Like("concept", "x*"), "concept: is found by whole values only"),
        (Compare("concept", "=", "x"), "concept: is found by whole values only"),
        (Like("modified", "2*"), "modified: a field of type instant"),
        (Terms("title", ("x",)), "title: a field of type text"),
        (Compare("where", "=", "x"), "where: a field of type region"),
        (Text("x" * (MAX_TEXT + 1)), "text: longer than"),
        (Phrase("x" * (MAX_TEXT + 1), "title"), "title: longer than"),
        (Like("title", "x" * (MAX_PATTERN + 1)), "title: a pattern longer than"),
        (Terms("platform", ("x",) * (MAX_TERMS + 1)), "platform: more than"),
        (Terms("year", ("2003", "x")), "year: 'x' is not a whole number"),
        (Compare("year", "=", "2003.5"), "year: '2003.5' is not a whole number"),
        (Compare("year", "=", "9" * 19), "is not a whole number"),
        (Compare("year", "=", "²"), "is not a whole number"),
        (Compare("modified", "<", "yesterday"), "modified: 'yesterday' is not an ISO 8601"),
        (Compare("modified", "<", "20030507"), "modified: '20030507' has to be written '2003-05-07'"),
        (Compare("platform", "<", "x" * (MAX_ORDERED + 1)), "platform: a value longer than"),
        (Compare("title", "<", "x"), "title: a text can only be compared for being equal"),
        (Compare("abstract", "=", "x"), "abstract: has no whole values"),
        (Exists("nowhere"), "nowhere: is not a searchable field"),
        (During("2003-02-30", None), "start: "),
        (During("2004", "2003"), "end: 2003 is before the start, 2004"),
        (Season(0, 3), "season: 0 is not a month"),
        (Season(1, 13), "season: 13 is not a month"),
        (Season(1, 2, "2004", "2003"), "end: 2003 is before the start, 2004"),
        (AtLeast(0, (Everything(),)), "filter: 0 of 1 conditions"),
        (AtLeast(2, (Everything(),)), "filter: 2 of 1 conditions"),
        (AtLeast(1, (Text("x", "nowhere"),)), "nowhere: is not a searchable field"),
        (DepthRange(math.nan, None), "depth: has to be a finite number"),
        (DepthRange(None, math.inf), "depth: has to be a finite number"),
        (DepthRange(10, 5), "depth: the upper limit, 10 m, is below the lower one"),
        (nested(MAX_DEPTH + 1), "filter: more than"),
        (And((Everything(),) * MAX_CONDITIONS), "filter: more than"),
    ],
)
def test_refuses_and_names_the_part(where: Condition, message: str) -> None:
    for query in (Query(where), Query(Or((Everything(), where)))):
        with pytest.raises(InvalidQuery) as caught:
            check(query)
        assert message in str(caught.value)


def test_refuses_at_any_depth_without_recursion() -> None:
    where: Condition = Everything()
    for _ in range(100_000):
        where = Not(where)
    with pytest.raises(InvalidQuery, match="filter: "):
        check(Query(where))
    while isinstance(where, Not):  # so that freeing it does not recurse either
        where = where.part


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        (Query(page=Page(0, MAX_PAGE + 1)), "size"),
        (Query(page=Page(0, -1)), "size"),
        (Query(page=Page(-1, 10)), "page"),
        (Query(page=Page(MAX_OFFSET + 1, 10)), "page"),
        (Query(sort=Sort("abstract")), "sort"),
        (Query(sort=Sort("distance")), "sort"),
        (Query(sort=Sort("distance", near=(0, 0)), page=Page(0, 10, Cursor())), "cursor"),
        (Query(sort=Sort("distance", True, (0, 0))), "sort"),
        (Query(sort=Sort("distance", near=(181, 0))), "near"),
        (Query(sort=Sort("distance", near=(0, math.nan))), "near"),
        (Query(sort=Sort("")), "sort"),
        (Query(facets=(FacetRequest("title"),)), "facets"),
        (Query(facets=(FacetRequest("platform", 0),)), "facets"),
        (Query(facets=(FacetRequest("platform", MAX_FACET + 1),)), "facets"),
    ],
)
def test_refuses_pages_sorts_and_facets(query: Query, parameter: str) -> None:
    with pytest.raises(InvalidQuery) as caught:
        check(query)
    assert caught.value.parameter == parameter


def test_sorts_and_facets_are_those_of_the_fields_file() -> None:
    fields = load_fields()
    for field in fields.sortable:
        check(Query(sort=Sort(field.name, descending=True)))
    check(Query(facets=tuple(FacetRequest(field.name) for field in fields.facets)))


@pytest.mark.parametrize("operator", ["=", "<>"])
def test_every_field_with_words_takes_its_conditions(operator: Operator) -> None:
    for field in load_fields().of_type("keyword"):
        patterns = () if field.exact else (Compare(field.name, operator, "x"), Like(field.name, "x*"))
        check(Query(And((Terms(field.name, ("x",)), *patterns))))

"""CQL texts become the conditions they state; whatever else a client sends is refused and harms nothing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.areas import Area
from indexer.query import (
    And,
    Compare,
    Condition,
    During,
    Exists,
    Like,
    Not,
    Or,
    Phrase,
    Query,
    Spatial,
    check,
)
from mappings.errors import InvalidQuery
from mappings.record import BoundingBox
from search_ui.csw import cql
from search_ui.csw.errors import OwsError

ANY = Like("anytext", "*ctd*")
BOX = Spatial("intersects", BoundingBox(119, 32, 126, 41))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("AnyText like '%ctd%'", ANY),
        ("csw:AnyText LIKE '%海温%'", Phrase("海温", "anytext")),
        ("\"dc:title\" = 'O''Brien'", Compare("title", "=", "O'Brien")),
        ("dc:type <> 'series'", Compare("type", "<>", "series")),
        ("dc:type != 'series'", Compare("type", "<>", "series")),
        ("dct:modified >= 2003-01-01", Compare("modified", ">=", "2003-01-01")),
        ("dct:modified > '2003-01-01T00:00:00Z'", Compare("modified", ">", "2003-01-01T00:00:00Z")),
        ("dct:modified AFTER 2003-01-01T00:00:00Z", Compare("modified", ">", "2003-01-01T00:00:00Z")),
        ("dct:temporal DURING 2003-01-01/2004-01-01", During("2003-01-01", "2004-01-01", "within")),
        (
            "dct:modified BETWEEN 2001 AND 2003",
            And((Compare("modified", ">=", "2001"), Compare("modified", "<=", "2003"))),
        ),
        ("dc:format IS NULL", Not(Exists("format"))),
        ("dc:format IS NOT NULL", Not(Not(Exists("format")))),
        (
            "dc:type IN ('dataset', 'series')",
            Or((Compare("type", "=", "dataset"), Compare("type", "=", "series"))),
        ),
        ("dc:type NOT IN ('series')", Not(Compare("type", "=", "series"))),
        ("dc:identifier NOT LIKE 'a_b%'", Not(Like("identifier", "a?b*"))),
        ("BBOX(ows:BoundingBox, 119, 32, 126, 41)", BOX),
        ("BBOX(ows:BoundingBox, 32, 119, 41, 126, 'urn:ogc:def:crs:EPSG::4326')", BOX),
        ("intersects(ows:BoundingBox, ENVELOPE(119, 126, 41, 32))", BOX),
        (
            "INTERSECTS(ows:BoundingBox, POLYGON((119 32, 126 32, 126 41, 119 32)))",
            Spatial("intersects", Area("POLYGON ((119 32, 126 32, 126 41, 119 32))")),
        ),
        (
            "WITHIN(ows:BoundingBox, MULTIPOLYGON(((0 0, 9 0, 9 9, 0 0)), ((20 0, 29 0, 29 9, 20 0))))",
            Spatial("within", Area("MULTIPOLYGON (((0 0, 9 0, 9 9, 0 0)), ((20 0, 29 0, 29 9, 20 0)))")),
        ),
        (
            "WITHIN(BoundingBox, ENVELOPE(170,-170,10,-10))",
            Spatial("within", BoundingBox(170, -10, -170, 10)),
        ),
        ("NOT AnyText LIKE '%ctd%'", Not(ANY)),
        (
            "AnyText LIKE '%ctd%' AND dc:format IS NULL OR BBOX(BoundingBox,119,32,126,41)",
            Or((And((ANY, Not(Exists("format")))), BOX)),
        ),
        (
            "AnyText LIKE '%ctd%' AND (dc:format IS NULL OR BBOX(BoundingBox,119,32,126,41))",
            And((ANY, Or((Not(Exists("format")), BOX)))),
        ),
    ],
)
def test_texts_become_conditions(text: str, expected: Condition) -> None:
    assert cql.decode(text) == expected
    check(Query(cql.decode(text)))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "the end"),
        ("AnyText", "a comparison"),
        ("AnyText LIKE", "a value in quotes"),
        ("AnyText LIKE 'a' AND", "a property name"),
        ("AnyText LIKE 'a' dc:type", "AND, OR or the end"),
        ("(AnyText LIKE 'a'", ")"),
        ("AnyText LIKE 'a", "cannot be read at character 13"),
        ("dc:type = dataset", "a value in quotes"),
        ("dc:type = 'a'; DROP TABLE records", "cannot be read"),
        ("BBOX(ows:BoundingBox, 1, 2, 3)", "expected"),
        ("BBOX(dc:title, 1, 2, 3, 4)", "is not a region"),
        ("sleep('10')", "no CQL function"),
        ("INTERSECTS(BoundingBox, CIRCLE(1 2, 3))", "no geometry"),
        ("(" * 100 + "dc:type = 'a'" + ")" * 100, "nested deeper"),
        ("NOT " * 100 + "dc:type = 'a'", "nested deeper"),
        ("dc:type = '" + "a" * 30_000 + "'", "longer than"),
    ],
)
def test_mistakes_are_told(text: str, said: str) -> None:
    with pytest.raises(OwsError) as refused:
        cql.decode(text)
    assert said in refused.value.text


TOKENS = (
    (
        "AnyText",
        "dc:type",
        "dct:modified",
        "ows:BoundingBox",
        '"dc:title"',
        "'a%'",
        "2003-01-01",
        "1",
        "-2.5",
    ),
    ("LIKE", "=", "<", "(", ")", ",", "/", ";", "AND", "OR", "NOT", "IS", "NULL", "BETWEEN", "IN", "AFTER"),
    ("BBOX", "WITHIN", "POLYGON", "ENVELOPE"),
)
texts_of_tokens = st.lists(st.sampled_from(TOKENS).flatmap(st.sampled_from), max_size=20).map(" ".join)


@given(st.one_of(texts_of_tokens, st.text(max_size=100)))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        condition = cql.decode(text)
    except OwsError:
        return
    try:
        check(Query(condition))
    except InvalidQuery as refused:
        assert refused.parameter  # noqa: PT017

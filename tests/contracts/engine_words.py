"""The engine contract: words, patterns, values."""

from __future__ import annotations

from indexer.engines.base import Engine
from indexer.engines.ordering import tie
from indexer.query import (
    And,
    AtLeast,
    Compare,
    Everything,
    Exists,
    Like,
    Not,
    Operator,
    Or,
    Page,
    Phrase,
    Query,
    Sort,
    Terms,
    Text,
)
from tests.contracts.engine_documents import ask, document, found, refill, titled

_TEXTS: list[tuple[str, set[str]]] = [
    ("temperature", {"en", "mix"}),
    ("TEMPERATURES", {"en", "mix"}),
    ("ｔｅｍｐｅｒａｔｕｒｅ", {"en", "mix"}),
    ("sea temperature", {"en"}),
    ("données", {"fr"}),
    ("DONNEES oceaniques", {"fr"}),
    ("海表温度", {"zh"}),
    ("温度", {"zh", "mix"}),
    ("表海", set()),
    ("海 度", {"zh"}),
    ("海表 SST", {"zh"}),
    ("nothing of the kind", set()),
    ("salt", set()),
    ("", {"en", "fr", "zh", "mix", "ids"}),
    (" ,。!", {"en", "fr", "zh", "mix", "ids"}),
]

_LIKE: list[tuple[str, str, set[str]]] = [
    ("title", "temp*", {"a", "b"}),
    ("title", "TEMPERATURE", {"a"}),
    ("title", "temperature?", {"b"}),
    ("title", "*emperat*", {"a", "b"}),
    ("title", "sea temp*", {"a"}),
    ("title", "*sea_water*", {"a"}),
    ("title", "sea*temperature", {"a"}),
    ("title", "sea_w?ter_temp*", {"a"}),
    ("title", "*海温*", {"c"}),
    ("title", "温", {"c"}),
    ("title", "ete*", {"b"}),
    ("title", "*", {"a", "b", "c", "d"}),
    ("title", "t.mp*", set()),
    ("title", "temp\\*", set()),
    ("title", "no*such", set()),
    ("keyword", "NetCDF*", {"a", "b"}),
    ("keyword", "netcdf-4", {"a"}),
    ("keyword", "netcdf?4 *", {"b"}),
    ("keyword", "*[a.b]*", {"c"}),
    ("keyword", "*\\**", {"d"}),
    ("keyword", "*\\?", set()),
    ("keyword", "*line two", {"d"}),
    ("keyword", "网*", {"c"}),
    ("keyword", "", set()),
    ("keyword", "*", {"a", "b", "c", "d"}),
    ("identifier", "?", {"a", "b", "c", "d"}),
]

_COMPARE: list[tuple[str, Operator, str, set[str]]] = [
    ("year", "=", "2000", {"a"}),
    ("year", "<>", "2000", {"b"}),
    ("year", "<", "2000", {"a", "b"}),
    ("year", "<=", "-4", {"b"}),
    ("year", ">", "2000", set()),
    ("year", ">=", "2000", {"a"}),
    ("platform", "=", "SONNE", {"a"}),
    ("platform", "<>", "sonne", {"b"}),
    ("platform", "<", "meteor", set()),
    ("platform", "<=", "METEOR", {"b"}),
    ("platform", "<", "meteor i", {"b"}),
    ("platform", ">", "Meteor", {"a", "b"}),
    ("platform", ">", "sonne", {"b"}),
    ("platform", ">=", "向阳红", {"b"}),
    ("platform", ">", "向阳红09", set()),
    ("platform", "<", "", set()),
    ("platform", ">=", "", {"a", "b"}),
    ("title", "=", "sea surface temperature", {"a"}),
    ("title", "=", "sea surface", set()),
    ("title", "<>", "Sea Surface Temperature", {"b"}),
]

_COMPARE_INSTANTS: list[tuple[Operator, str, set[str]]] = [
    ("=", "2003", {"year", "month", "day", "second"}),
    ("=", "2003-05", {"year", "month", "day", "second"}),
    ("=", "2003-05-07", {"year", "month", "day", "second"}),
    ("=", "2003-05-08", {"year", "month"}),
    ("=", "2003-05-07T10:00:00Z", {"year", "month", "day", "second"}),
    ("=", "2003-05-07T10:00:01Z", {"year", "month", "day"}),
    ("=", "-12000", {"old"}),
    ("<>", "2003-05-08", {"day", "second", "old"}),
    ("<", "2003", {"old"}),
    ("<", "2003-05", {"old", "year"}),
    ("<", "2003-05-07T10:00:00Z", {"old", "year", "month", "day"}),
    ("<=", "2003-05-07", {"old", "year", "month", "day", "second"}),
    ("<=", "2003-04", {"old", "year"}),
    (">", "2003-05-07", {"year", "month"}),
    (">", "2003", set()),
    (">=", "2003-05-08", {"year", "month"}),
    (">=", "2004", set()),
]


class WordsContract:
    """Text, Phrase, Like, Terms, Compare, Exists, and their combination."""

    def test_text_needs_every_word(self, engine: Engine) -> None:
        _fill(engine)
        answers = [(words, found(engine, Text(words))) for words, _ in _TEXTS]
        assert answers == _TEXTS

    def test_identifiers_are_found_by_parts_and_whole(self, engine: Engine) -> None:
        _fill(engine)
        asked = [
            "chla", "erd", "8 day", "erdMH1chla8day", "ERDMH1CHLA8DAY", "sea_water_salinity", "water salinity",
            "sea water salinity", "CTD-2019/07", "ctd 2019", "2019/07", "10.5194/bg-12-1", "station", "stations",
        ]  # fmt: skip
        assert [words for words in asked if found(engine, Text(words)) != {"ids"}] == []

    def test_parts_of_a_compound_stand_in_a_row(self, engine: Engine) -> None:
        _fill(engine)
        asked = ["sea_salinity", "2019/08", "07/2019", "CTD_07", "water_sea"]
        assert [words for words in asked if found(engine, Text(words)) != set()] == []

    def test_text_of_one_field(self, engine: Engine) -> None:
        engine.apply([titled("a", "Salinity"), document("b", texts={"abstract": ["Salinity"]})])
        assert found(engine, Text("salinity", "title")) == {"a"}
        assert found(engine, Text("salinity", "abstract")) == {"b"}
        assert found(engine, Text("salinity", "subject")) == set()
        assert found(engine, Text("salinity")) == {"a", "b"}

    def test_words_may_stand_in_different_fields(self, engine: Engine) -> None:
        engine.apply([document("a", texts={"title": ["Salinity"], "abstract": ["of the gulf"]})])
        assert found(engine, Text("gulf salinity")) == {"a"}
        assert found(engine, Text("gulf salinity", "title")) == set()

    def test_phrase(self, engine: Engine) -> None:
        engine.apply(
            [
                titled("a", "Sea surface temperature"),
                titled("b", "Surface of the sea, temperature"),
                titled("c", "sea", "surface temperature"),
                titled("d", "东海表层温度"),
            ]
        )
        assert found(engine, Phrase("Sea Surface temperatures")) == {"a"}
        assert found(engine, Phrase("surface temperature", "title")) == {"a", "c"}
        assert found(engine, Phrase("temperature")) == {"a", "b", "c"}
        assert found(engine, Phrase("表层 温度")) == {"d"}
        assert found(engine, Phrase("?!")) == {"a", "b", "c", "d"}

    def test_like(self, engine: Engine) -> None:
        engine.apply(
            [
                titled("a", "sea_water_temperature", keywords={"keyword": ["netCDF-4"]}),
                titled("b", "temperatures, été", keywords={"keyword": ["NetCDF 4 classic", "zip"]}),
                titled("c", "海水温度", keywords={"keyword": ["x[a.b]y", "网格"]}),
                titled("d", "salt", keywords={"keyword": ["a*b", "line one\nline two"]}),
            ]
        )
        answers = [(field, pattern, found(engine, Like(field, pattern))) for field, pattern, _ in _LIKE]
        assert answers == _LIKE

    def test_terms_match_exactly(self, engine: Engine) -> None:
        engine.apply(
            [
                document("a", keywords={"platform": ["RV Sonne", "Sonne"]}, years=[1999, 2000]),
                document("b", keywords={"platform": ["rv sonne"]}, years=[-4]),
                document("c", keywords={"platform": ["x" * 9000]}),
            ]
        )
        assert found(engine, Terms("platform", ("RV Sonne",))) == {"a"}
        assert found(engine, Terms("platform", ("Sonne", "rv sonne", "RV"))) == {"a", "b"}
        assert found(engine, Terms("platform", ("RV*",))) == set()
        assert found(engine, Terms("platform", ())) == set()
        assert found(engine, Terms("platform", ("x" * 8000,))) == {"c"}
        assert found(engine, Terms("year", ("2000", "-4"))) == {"a", "b"}
        assert found(engine, Terms("identifier", ("b",))) == {"b"}

    def test_compare(self, engine: Engine) -> None:
        engine.apply(
            [
                titled(
                    "a",
                    "Sea Surface Temperature",
                    "SST",
                    keywords={"platform": ["Sonne"]},
                    years=[1999, 2000],
                ),
                titled("b", "Salinity", keywords={"platform": ["Meteor", "向阳红09"]}, years=[-4]),
                document("c"),
            ]
        )
        answers = [
            (field, operator, value, found(engine, Compare(field, operator, value)))
            for field, operator, value, _ in _COMPARE
        ]
        assert answers == _COMPARE

    def test_compare_instants_as_spans(self, engine: Engine) -> None:
        instants = {
            "year": "2003",
            "month": "2003-05",
            "day": "2003-05-07",
            "second": "2003-05-07T10:00:00Z",
            "old": "-12000",
        }
        engine.apply(
            [document(key, instants={"modified": [value]}) for key, value in instants.items()]
            + [document("none")]
        )
        answers = [
            (operator, value, found(engine, Compare("modified", operator, value)))
            for operator, value, _ in _COMPARE_INSTANTS
        ]
        assert answers == _COMPARE_INSTANTS

    def test_no_value_is_put_together_of_two(self, engine: Engine) -> None:
        engine.apply([document("a", instants={"begin": ["2001", "2005-03"]})])
        assert found(engine, Compare("begin", "=", "2003")) == set()
        assert found(engine, Compare("begin", "<>", "2003")) == {"a"}
        assert found(engine, Compare("begin", "=", "2005-03-09")) == {"a"}

    def test_exists(self, engine: Engine) -> None:
        engine.apply(
            [
                document(
                    "full", texts={"abstract": ["x"]}, keywords={"platform": ["y"]}, instants={"modified": ["2001"]},
                    boxes=[(0, 0, 1, 1)], periods=[("2001", None)], depth=(0, 1), years=[2001],
                ),
                document("empty"),
            ]
        )  # fmt: skip
        for field in ("abstract", "anytext", "platform", "modified", "where", "time", "depth", "year"):
            assert found(engine, Exists(field)) == {"full"}, field
        assert found(engine, Exists("identifier")) == {"full", "empty"}
        assert found(engine, Exists("created")) == set()

    def test_and_or_not(self, engine: Engine) -> None:
        engine.apply(
            [titled("a", "sea ice"), titled("b", "sea salt"), titled("c", "lake ice"), document("d")]
        )
        sea, ice = Text("sea"), Text("ice")
        assert found(engine, And((sea, ice))) == {"a"}
        assert found(engine, Or((sea, ice))) == {"a", "b", "c"}
        assert found(engine, Not(sea)) == {"c", "d"}
        assert found(engine, Not(Not(sea))) == {"a", "b"}
        assert found(engine, And((Not(sea), Not(ice)))) == {"d"}
        assert found(engine, Or((Not(sea), And((sea, Not(ice)))))) == {"b", "c", "d"}
        assert found(engine, Not(Or((sea, ice)))) == {"d"}
        assert found(engine, And(())) == {"a", "b", "c", "d"}
        assert found(engine, Or(())) == set()
        assert found(engine, Not(Everything())) == set()
        assert found(engine, Not(Text("...", "title"))) == set()

    def test_at_least_some(self, engine: Engine) -> None:
        engine.apply([
            titled("all", "sea ice salt"),
            titled("two", "sea ice"),
            titled("other", "salt and sea", keywords={"platform": ["x"]}),
            titled("one", "ice", "Ice"),
            titled("none", "wind"),
        ])  # fmt: skip
        words = (Text("sea"), Text("ice"), Text("salt"))
        assert found(engine, AtLeast(1, words)) == {"all", "two", "other", "one"}
        assert found(engine, AtLeast(2, words)) == {"all", "two", "other"}
        assert found(engine, AtLeast(3, words)) == {"all"}
        assert found(engine, Not(AtLeast(2, words))) == {"one", "none"}
        assert found(engine, AtLeast(2, (*words, Terms("platform", ("x",)), Everything()))) == {
            "all", "two", "other", "one",
        }  # fmt: skip
        assert found(engine, AtLeast(2, (Text("ice"), Not(Text("sea")), Or(())))) == {"one"}
        assert ask(engine, AtLeast(1, words), Sort())[0] == "all"

    def test_the_title_counts_most(self, engine: Engine) -> None:
        filler = "long words about nothing much at all"
        engine.apply(
            [
                document("b", texts={"title": [filler], "abstract": [f"{filler} salinity"]}),
                document("a", texts={"title": [f"{filler} salinity"], "abstract": [filler]}),
                document("c", texts={"title": [filler], "abstract": [filler]}),
            ]
        )
        where = And((Text("salinity"), Or((Everything(), Terms("identifier", ("b",))))))
        assert engine.search(Query(where, page=Page(0, 10))).ids == ("a", "b")

    def test_only_words_give_relevance(self, engine: Engine) -> None:
        engine.apply([document(key, keywords={"platform": [key]}) for key in "cab"])
        where = Or((Terms("platform", ("c",)), Terms("platform", ("a", "b", "c"))))
        assert ask(engine, where, sort=Query().sort) == sorted("abc", key=tie)

    def test_words_of_an_alternative_that_does_not_match_give_none(self, engine: Engine) -> None:
        refill(engine, [titled("a", "salinity"), titled("b", "salinity depth"), titled("c", "depth")])
        where = Or((Text("salinity ice"), Terms("identifier", ("a", "b", "c"))))
        assert [engine.worth((where,), key) for key in "abc"] == [(0.0,)] * 3
        partly = AtLeast(1, (Text("salinity"), Text("depth ice"), Everything()))
        assert ask(engine, partly, sort=Query().sort)[0] == "a"


def _fill(engine: Engine) -> None:
    engine.apply(
        [
            titled("en", "Sea surface temperature"),
            titled("fr", "Donne\u0301es Océaniques"),
            titled("zh", "东海海表温度SST数据集"),
            titled("mix", "Temperature 温度"),
            titled(
                "ids", "erdMH1chla8day of CTD-2019/07: sea_water_salinity, the station's doi:10.5194/bg-12-1"
            ),
        ]
    )

"""What people write, and what it means; and that nothing they write is an error."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.document import document_of
from indexer.engines.memory import MemoryEngine
from indexer.query import And, Compare, Condition, Like, Not, Or, Phrase, Query, Terms, Text, check
from mappings.record import LocalisedText, Record
from search_ui.query_language import Slip, read
from tests.contracts.engine_documents import found, titled


def either(words: str, concept: str) -> Condition:
    """What words become that name a concept."""
    return Or((Text(words), Terms("concept", (concept,))))


MEANINGS: list[tuple[str, list[Condition]]] = [
    ("", []),
    ("?! -- ()", []),
    ("deep casts", [Text("deep casts")]),
    ('"sea surface" casts', [Phrase("sea surface"), Text("casts")]),
    ("“海表温度” 数据", [Phrase("海表温度"), Text("数据")]),
    ("SST", [either("SST", "sea_surface_temperature")]),
    ("daily 海表温度 casts", [And((Text("daily casts"), either("海表温度", "sea_surface_temperature")))]),
    ("-sea_surface_temperature", [Not(either("sea_surface_temperature", "sea_surface_temperature"))]),
    ("a -b c", [Text("a c"), Not(Text("b"))]),
    ("XY-2019/07 - x", [Text("XY-2019/07 x")]),
    ('-"sea ice"', [Not(Phrase("sea ice"))]),
    ("salin* sea", [Like("anytext", "salin*"), Text("sea")]),
    ("what?", [Text("what?")]),
    ("a b OR c d", [Text("a d"), Or((Text("b"), Text("c")))]),
    ("a OR b OR c", [Or((Text("a"), Text("b"), Text("c")))]),
    ("OR a", [Text("OR a")]),
    ("a OR", [Text("a OR")]),
    ("a or b", [Text("a or b")]),
    ("(a b) OR -(c OR d)", [Or((And((Text("a b"),)), Not(Or((Text("c"), Text("d"))))))]),
    ("(a -b) OR c", [Or((And((Text("a"), Not(Text("b")))), Text("c")))]),
    ("title:sea", [Text("sea", "title")]),
    ('Title:"sea ice"', [Phrase("sea ice", "title")]),
    ("title:sal*", [Like("title", "sal*")]),
    ("标题：黄海", [Text("黄海", "title")]),
    ('platform:"Xue Long"', [Like("platform", "Xue Long")]),
    ("平台:雪龙* -access:open", [Like("platform", "雪龙*"), Not(Like("access", "open"))]),
    ("platform:what?", [Like("platform", "what\\?")]),
    ("year:2003", [Terms("year", ("2003",))]),
    ("year:2003..2005", [Terms("year", ("2003", "2004", "2005"))]),
    ("year:..1950", [Compare("year", "<=", "1950")]),
    ("modified:2020-05", [Compare("modified", "=", "2020-05")]),
    ("begin:2001..2003-05", [And((Compare("begin", ">=", "2001"), Compare("begin", "<=", "2003-05")))]),
]
SLIPS: list[tuple[str, list[Condition], list[Slip]]] = [
    ("platfrom:ship", [Phrase("platfrom:ship")], [Slip("field", "platfrom:ship")]),
    ("year:soon", [Phrase("year:soon")], [Slip("value", "year:soon")]),
    ("where:here", [Phrase("where:here")], [Slip("field", "where:here")]),
    ('deep "casts', [Text("deep casts")], [Slip("half", '"')]),
    ("(deep", [Text("deep")], [Slip("half", "(")]),
    ("deep) casts", [Text("deep casts")], [Slip("half", ")")]),
    ("https://example.org/a", [Text("https://example.org/a")], []),
]


@pytest.mark.parametrize(("text", "conditions"), MEANINGS)
def test_what_is_written_means_this(text: str, conditions: list[Condition]) -> None:
    asked = read(text)
    assert [plain(condition) for condition in asked.conditions] == [plain(one) for one in conditions]
    assert asked.slips == ()


@pytest.mark.parametrize(("text", "conditions", "slips"), SLIPS)
def test_slips_are_searched_as_words_and_told(
    text: str, conditions: list[Condition], slips: list[Slip]
) -> None:
    asked = read(text)
    assert asked.conditions == tuple(conditions)
    assert asked.slips == tuple(slips)


def test_only_words_that_hits_have_are_shown() -> None:
    assert (
        read('ice -snow "sea floor" temp* title:salt access:open -(x y)').words == "ice sea floor temp  salt"
    )


@given(st.text() | st.text(alphabet='ab *-()"“:：ORplatform2.y\\?温', max_size=200))
def test_nothing_that_is_written_is_an_error(text: str) -> None:
    asked = read(text[:1000])
    check(Query(And(asked.conditions)))


@pytest.mark.parametrize(
    "text", ["(" * 1000, "-(" * 500, "a OR " * 200, '-"' * 500, "a* " * 333, "*" * 1000, "x:(" * 300]
)
def test_no_length_is_an_error(text: str) -> None:
    check(Query(And(read(text).conditions)))


def test_it_finds_what_it_says() -> None:
    engine = MemoryEngine()
    engine.apply(
        [
            titled("1", "Sea surface temperature", keywords={"platform": ["Xue Long"]}, years=[2003]),
            titled("2", "Sea ice", keywords={"platform": ["Buoy 7"]}, years=[1999]),
            titled("3", "Salinity of the surface", keywords={"platform": ["xue long 2"]}, years=[2010]),
        ]
    )

    def ids(text: str) -> set[str]:
        return found(engine, And(read(text).conditions))

    assert ids("sea -ice") == {"1"}
    assert ids('ice OR "surface temperature"') == {"1", "2"}
    assert ids("platform:xue*") == {"1", "3"}
    assert ids('platform:"xue long" OR salin*') == {"1", "3"}
    assert ids("surface -year:2005..") == {"1"}


def test_what_stands_between_concepts_does_not_become_one_word() -> None:
    (asked,) = read("翠屿潮位站逐时潮位").conditions
    assert isinstance(asked, And)
    assert asked.parts[0] == Text("翠屿 逐时")


def test_names_of_one_thing_find_each_other() -> None:
    titles = {
        "a": "Analysed SST",
        "b": "黄海海表温度",
        "c": "Sea surface temperatures",
        "d": "Sea ice",
        "e": "CTD casts",
    }
    records = {key: Record(key, LocalisedText(title)) for key, title in titles.items()}
    engine = MemoryEngine()
    engine.apply([document_of(key, 1, record) for key, record in records.items()])

    def ids(text: str) -> set[str]:
        return found(engine, And(read(text).conditions))

    for name in ("SST", "海表温度", "sea_surface_temperature", "sea surface temperature", "海面温度"):
        assert ids(name) == {"a", "b", "c"}
    assert ids("temperature") >= {"a", "b", "c"}  # the wider concept
    assert ids("温盐深") == {"e"}
    assert ids("SST -黄海") == {"a", "c"}
    assert ids('"SST"') == {"a"}


def plain(condition: Condition) -> Condition:
    """Without groups of one part, which mean the same."""
    match condition:
        case And((one,)) | Or((one,)):
            return plain(one)
        case And(parts):
            return And(tuple(map(plain, parts)))
        case Or(parts):
            return Or(tuple(map(plain, parts)))
        case Not(part):
            return Not(plain(part))
    return condition

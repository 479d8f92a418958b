from __future__ import annotations

import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.analysis import MAX_WORD, Analysed, Word, analyse, fold, phrase, placed_words, spans, units
from indexer.patterns import Literally, key_pattern, word_patterns

TEXTS = st.text(
    st.one_of(
        st.characters(codec="utf-8"), st.sampled_from("aZ9é\u0301_-./:' ①ﬁ½ßİ海温度ｶﾞ℃\u2011\u00ad\u3005ёЁ")
    ),
    max_size=40,
)


def stems(text: str) -> list[str]:
    return analyse([text]).stems[0].split(" ") if analyse([text]).stems else []


def words(*texts: str) -> set[str]:
    return set(" ".join(analyse(texts).words).split())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Sea surface temperatures", ["sea", "surfac", "temperatur"]),
        ("ＳＥＡ　ｔｅｍｐｅｒａｔｕｒｅ", ["sea", "temperatur"]),
        ("données océaniques", ["donne", "oceaniqu"]),
        ("donne\u0301es", ["donne"]),
        ("Straße, STRASSE", ["strass", "strass"]),
        ("Ålesund Tromsø Łódź", ["alesund", "tromso", "lodz"]),
        ("ёлка Й", ["елка", "и"]),
        ("海表温度", ["海", "表", "温", "度"]),
        ("东海SST数据", ["东", "海", "sst", "数", "据"]),
        ("海水温度(℃)为25", ["海", "水", "温", "度", "为", "25"]),
        ("⽔温", ["水", "温"]),  # a Kangxi radical is its character
        ("ガラス ｶﾞﾗｽ", ["ガラス", "ガラス"]),  # Japanese is kept as words, its marks are not accents
        ("sea_water_temperature", ["sea", "water", "temperatur"]),
        ("CTD-2019/07", ["ctd", "2019", "07"]),
        ("https://doi.org/10.5194/bg-12-1", ["https", "doi", "org", "10", "5194", "bg", "12", "1"]),
        ("the station's data", ["the", "station", "data"]),
        ("the station’s data", ["the", "station", "data"]),
        ("O'Brien", ["o", "brien"]),
        ("① ½ ﬁeld", ["1", "1", "2", "field"]),
        ("", []),
        (" ,。—“”!", []),
        ("\ud83d\ude00".encode("utf-16", "surrogatepass").decode("utf-16"), []),
    ],
)
def test_stems(text: str, expected: list[str]) -> None:
    assert stems(text) == expected


def test_words_keep_their_inflection_and_compounds_are_whole_too() -> None:
    assert words("Temperatures of sea_water: CTD-2019/07") == {
        "temperatures", "of", "sea", "water", "sea_water", "ctd", "2019", "07", "ctd-2019/07",
    }  # fmt: skip
    assert words("海温 Été") == {"海", "温", "ete"}
    assert words("ＣＴＤ－２０", "CTD\u201120") == {"ctd", "20", "ctd-20"}


@pytest.mark.parametrize(
    ("word", "parts"),
    [
        ("erdMH1chla8day", ["erd mh 1 chla 8 day"]),
        ("seaWaterTemp", ["sea water temp"]),
        ("CO2", ["co 2"]),
        ("jplMURSST41_v2", ["jpl mursst 41 2"]),
        ("pH", []),
        ("SST", []),
        ("Temperature", []),
        ("Größe", []),
        ("2019", []),
    ],
)
def test_parts_follow_in_runs_of_their_own(word: str, parts: list[str]) -> None:
    analysed = analyse([f"the {word} data", "other"])
    assert list(analysed.stems[2:]) == parts
    assert analysed.stems[0].split(" ")[1].startswith(word[:2].lower())


def test_each_value_is_a_run_and_values_without_words_are_none() -> None:
    assert analyse(["sea water", "...", "ice"]).stems == ("sea water", "ice")
    assert analyse([]) == analyse(["?"]) == Analysed((), ())


def test_long_words_are_cut_in_documents_and_queries_alike() -> None:
    long = "x" * (3 * MAX_WORD)
    assert units(long) == (("x" * MAX_WORD,),)
    assert stems(long) == ["x" * MAX_WORD]
    assert max(map(len, words(f"{long}_{long}"))) == MAX_WORD


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("Sea temperatures", (("sea",), ("temperatur",))),
        ("海表温度 SST", (("海", "表", "温", "度"), ("sst",))),
        ("海表SST温度", (("海", "表"), ("sst",), ("温", "度"))),
        ("海 表", (("海",), ("表",))),
        ("海，表", (("海",), ("表",))),
        ("sea_water CTD-2019/07", (("sea", "water"), ("ctd", "2019", "07"))),
        ("erdMH1chla8day", (("erdmh1chla8day",),)),
        ("sea Sea SEA", (("sea",),)),
        (" ?! ", ()),
    ],
)
def test_units_of_a_query(asked: str, expected: tuple[tuple[str, ...], ...]) -> None:
    assert units(asked) == expected


def test_a_phrase_is_all_stems_in_order() -> None:
    assert phrase("Sea-surface 温度, sea") == ("sea", "surfac", "温", "度", "sea")


@given(TEXTS)
def test_spans_are_where_the_words_stand(text: str) -> None:
    found = list(spans(text))
    assert [stem for span in found for stem in span.stems] == stems(text)
    ends = [0, *(span.end for span in found)]
    assert all(end <= span.start < span.end <= len(text) for end, span in zip(ends, found, strict=False))
    for span in found:
        assert list(span.stems) == stems(text[span.start : span.end])


@given(TEXTS)
def test_tokens_can_be_split_on_blanks_again(text: str) -> None:
    analysed = analyse([text])
    for run in (*analysed.stems, *analysed.words):
        assert run == " ".join(run.split())
        assert all(run.split(" "))


@given(TEXTS)
def test_a_text_is_found_by_itself_and_its_normal_forms(text: str) -> None:
    runs = [run.split(" ") for run in analyse([text]).stems]
    for unit in units(text):
        assert any(tuple(run[i : i + len(unit)]) == unit for run in runs for i in range(len(run)))
    for case in (unicodedata.normalize("NFD", text), unicodedata.normalize("NFC", text)):
        assert stems(case) == stems(text)


@given(TEXTS)
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)


def test_speed() -> None:
    """Two million words a second are usual; a tenth of that would be a mistake."""
    text = " ".join(f"sea surface temperature of station {number % 500}" for number in range(20_000))
    analyse([text])
    start = time.thread_time()
    analyse([text + "."])
    assert 120_000 / (time.thread_time() - start) > 200_000


def test_key_patterns() -> None:
    assert key_pattern("NetCDF*?\\*") == (Literally("netcdf"), "*", "?", Literally("*"))
    assert key_pattern("a**b") == (Literally("a"), "*", Literally("b"))
    assert key_pattern("\\") == (Literally("\\"),)
    assert key_pattern("") == ()


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("Temp*", [(Literally("temp"), "*")]),
        ("*sea water*", [("*", Literally("sea")), (Literally("water"), "*")]),
        ("*sea_water*", [("*", Literally("sea_water"), "*")]),
        ("*海温*", [(Literally("海"),), (Literally("温"),)]),
        ("海abc*", [(Literally("海"),), (Literally("abc"), "*")]),
        ("été,*", [(Literally("ete"),)]),
        ("_a_", [(Literally("a"),)]),
        ("*.nc", [("*", Literally(".nc"))]),
        ("a\\*b", [(Literally("a"),), (Literally("b"),)]),
        ("??", [("?", "?")]),
        ("", [("*",)]),
        (",", [("*",)]),
    ],
)
def test_word_patterns(pattern: str, expected: list[object]) -> None:
    assert list(word_patterns(pattern)) == expected


def test_placed_words_are_written_folded_and_stemmed() -> None:
    assert list(placed_words("Ｓea_Surfaces' 海")) == [
        Word(0, 3, "Sea", "sea", "sea"),
        Word(4, 12, "Surfaces", "surfaces", "surfac"),
        Word(14, 15, "海", "海", "海"),
    ]


@given(TEXTS)
def test_placed_words_are_where_they_say(text: str) -> None:
    end = 0
    for word in placed_words(text):
        assert 0 <= word.start < word.end <= len(text)
        assert word.start >= end or word.end == end
        assert fold(text[word.start : word.end]).find(word.folded) >= 0
        end = word.end

"""What is marked in a hit: what was asked for, as it was asked for."""

from __future__ import annotations

import re
import time
from itertools import pairwise

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from indexer.analysis import phrase, units
from search_ui.html.snippets import LENGTH, Sought, highlighted, matching, snippet
from search_ui.query_language import read

SALINITY = Sought(concepts=frozenset({"sea_water_salinity"}))

MARKED = [
    # a run of Han is a row
    ("海表温度", "南海的海表温度", "南海的<mark>海表温度</mark>"),
    ("海表温度", "南海表层，温度", "南海表层，温度"),
    ("海 温", "南海水温", "南<mark>海</mark>水<mark>温</mark>"),
    ("渤海 观测", "渤海观测站", "<mark>渤海观测</mark>站"),
    ("渤海 海峡", "渤海峡谷", "<mark>渤海峡</mark>谷"),
    ("逐日记录", "逐日 记录, 记录", "<mark>逐日 记录</mark>, 记录"),
    # and so are words in quotation marks, and compounds
    (
        '"sea ice"',
        "The sea under Sea Ice and sea-ice",
        "The sea under <mark>Sea Ice</mark> and <mark>sea-ice</mark>",
    ),
    ('"sea ice', "ice in the sea", "<mark>ice</mark> in the <mark>sea</mark>"),
    ("sea ice", "ice in the sea", "<mark>ice</mark> in the <mark>sea</mark>"),
    ("leg-2019/07", "LEG 1, leg 2019 07, 2019", "LEG 1, <mark>leg 2019 07</mark>, 2019"),
    ('title:"sea ice"', "sea ice, ice", "<mark>sea ice</mark>, ice"),
    ('"ice sea" "sea floor"', "an ice sea floor sea", "an <mark>ice sea floor</mark> sea"),
    ('"sea ice" ice', "sea ice, ice sea", "<mark>sea ice</mark>, <mark>ice</mark> sea"),
    ('"casts casts"', "casts casts casts, cast", "<mark>casts casts casts, cast</mark>"),
    ('"deep casts" cast', "deep", "deep"),
    # a pattern asks for single words
    ("cast_dee*", "a cast and <dee>", "a <mark>cast</mark> and &lt;<mark>dee</mark>&gt;"),
    ("title:deep*", "deep casts", "<mark>deep</mark> casts"),
    ("platform:deep*", "deep casts", "deep casts"),
    # what must not be is not marked, nor a part of it
    ("casts -deep", "deep casts", "deep <mark>casts</mark>"),
    ('casts -"deep casts"', "cast deep", "<mark>cast</mark> deep"),
    ("casts -(deep OR -title:long)", "long deep casts", "long deep <mark>casts</mark>"),
    ("-title:深海 观测", "深海观测", "深海<mark>观测</mark>"),
    # either
    (
        '深海 OR ("deep casts" -long)',
        "深海: deep, long, deep casts",
        "<mark>深海</mark>: deep, long, <mark>deep casts</mark>",
    ),
    # the names of what was meant, where none of the words is there
    ("盐度", "Salinity of the sea", "<mark>Salinity</mark> of the sea"),
    ("海水盐度", "海水的盐度", "海水的盐度"),
    ("海水盐度", "海水盐度, salinity", "<mark>海水盐度</mark>, salinity"),
    ("casts -盐度", "Salinity casts", "Salinity <mark>casts</mark>"),
    ("", "nothing", "nothing"),
]


@pytest.mark.parametrize(("asked", "text", "marked"), MARKED)
def test_what_was_asked_for_is_marked_as_a_whole(asked: str, text: str, marked: str) -> None:
    sought = Sought.of(read(asked))
    assert highlighted(text, sought) == marked
    assert snippet(text, sought) == marked
    assert matching([text, text], sought) == ((marked,) if "<mark>" in marked else ())


@given(
    st.text(alphabet='ab 海温-_"é', max_size=12),
    st.text(alphabet="ab 海温-_.é<", max_size=40),
)
def test_what_is_marked_has_a_row_that_was_asked_for(asked: str, text: str) -> None:
    sought = Sought.of(read(asked))
    places = sought.places(text)
    assert all(before[1] < after[0] for before, after in pairwise(places))
    for start, end in places:
        stems = phrase(text[start:end])
        assert any(_stands_in(row, stems) for row in sought.rows)
    assert bool(places) == any(_stands_in(row, phrase(text)) for row in sought.rows)


def _stands_in(row: tuple[str, ...], stems: tuple[str, ...]) -> bool:
    return any(stems[start : start + len(row)] == row for start in range(len(stems)))


def test_a_snippet_begins_where_the_row_stands() -> None:
    text = "南海 " * 100 + "的海表温度" + " 温度" * 100
    shown = snippet(text, Sought(frozenset(units("海表温度"))))
    assert shown.startswith("… ")
    assert shown.count("<mark>") == 1
    assert "<mark>海表温度</mark>" in shown
    assert "<mark>海水盐度</mark>" in snippet("x " * 300 + "海水盐度", SALINITY)


def test_a_row_longer_than_a_snippet_is_marked_as_far_as_it_is_shown() -> None:
    text = "casts of the deep " * 30
    shown = snippet(text, Sought.of(read(f'"{text}"')))
    assert re.fullmatch(r"<mark>[^<]+</mark> …", shown)
    assert len(shown) <= LENGTH + len("<mark></mark> …")


def test_names_of_what_is_meant_are_marked() -> None:
    assert highlighted("海水盐度 <b>", SALINITY) == "<mark>海水盐度</mark> &lt;b&gt;"
    assert matching(["depth", "海水盐度", "海水盐度"], SALINITY) == ("<mark>海水盐度</mark>",)


@pytest.mark.parametrize(
    "asked",
    [
        "海" * 1000,
        " ".join(f"海{'温' * length}" for length in range(40)),
        " ".join(f"a-{n}" for n in range(200)),
    ],
)
def test_whatever_is_asked_for_a_long_text_is_marked_soon(asked: str) -> None:
    sought = Sought.of(read(asked))
    text = "海" * 1500 + " a" * 700
    begun = time.process_time()
    snippet(text, sought)
    assert time.process_time() - begun < 1


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_no_single_character_of_a_chinese_word_is_marked(client: FlaskClient, lang: str) -> None:
    page = client.get(f"/search?q=海表温度&size=100&lang={lang}").text
    marked = set(re.findall("<mark>(.*?)</mark>", page))
    assert marked
    assert not {one for one in marked if len(one) < 2}

"""Unknown words and those that were probably meant, on records whose words are known."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from crosswalks.writers import iso19115_2
from indexer.catalogue import Catalogue
from indexer.stored import Ingest
from indexer.workspace import Workspace
from mappings.record import LocalisedText, RawRecord, Record
from mappings.vocabularies.loading import load_vocabularies
from search_ui import spelling
from search_ui.spelling import Correction, Speller, Spelling, places

TITLES = (
    *[f"Sea temperature {number}" for number in range(12)],
    *[f"Salinity and oxygen {number}" for number in range(3)],
    "Temperatuer of the deep",
    "东海海表温度数据集",
    "Chlorophyll near the coast",
    "Wave height", "Wage of fishers", "Cave dwellers", "Waves",
    "Sediment cores from 温跃层",
)  # fmt: skip


def fill(catalogue: Catalogue) -> None:
    records = [Record(f"r{number}", LocalisedText(title)) for number, title in enumerate(TITLES)]
    catalogue.ingest(
        [
            Ingest.of("tests", RawRecord(one.file_identifier, "iso19115-2", b"x"), one, iso19115_2.write(one))
            for one in records
        ]
    )
    catalogue.drain()


@pytest.fixture(scope="module", params=["memory:", None], ids=["memory", "tantivy"])
def speller(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Speller]:
    opened = Workspace(tmp_path_factory.mktemp("spelling"), search_url=request.param)
    fill(opened.catalogue)
    yield Speller(opened.catalogue)
    opened.close()


@pytest.mark.parametrize(
    ("written", "corrected", "exactly"),
    [
        ("temprature", "temperature", '"temprature"'),
        ("Sea TEMPRATURE deep", "Sea temperature deep", 'Sea "TEMPRATURE" deep'),
        ("oxigen -temprature", "oxygen -temprature", '"oxigen" -temprature'),
        ("(oxigen OR salintiy)", "(oxygen OR salinity)", '("oxigen" OR "salintiy")'),
        ("sea_surface_temprature", "sea_surface_temperature", '"sea_surface_temprature"'),
        ("chlorphyl", "chlorophyll", '"chlorphyl"'),
        ("海表温渡", "海表温度", '"海表温渡"'),
        ("东海海表温渡 oxigen", "东海海表温度 oxygen", '"东海海表温渡" "oxigen"'),
        ("wayve", "wave", '"wayve"'),
        ("thermoclien", "thermocline", '"thermoclien"'),
    ],
)
def test_unknown_words_are_replaced(
    speller: Speller, written: str, corrected: str | None, exactly: str | None
) -> None:
    found = speller.corrected(written)
    assert (found and found.text, found and found.exactly) == (corrected, exactly)


def test_words_as_near_are_alternatives(speller: Speller) -> None:
    assert speller.corrected("wawe") == Spelling(
        "(wave OR wage)", '"wawe"', (Correction("wawe", ("wave", "wage")),)
    )


@pytest.mark.parametrize(
    "written",
    [
        "temperature", "salt", '"temprature"', "tempratur*", "-temprature", "title:temprature", "xyz", "qqqqqqqq", "",
        "OR",
        "海表",
        "温渡", "12345678", "emperature",
    ],
)  # fmt: skip
def test_what_is_known_too_short_or_meant_exactly_stays(speller: Speller, written: str) -> None:
    assert speller.corrected(written) is None


def test_parts_of_a_long_run_are_no_longer_than_what_they_are_compared_with(
    speller: Speller, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert speller.corrected("海表温渡") is not None  # what wordings are compared by is made only once
    lengths: set[int] = set()
    masked = spelling._masked

    def measured(part: str) -> Iterator[str]:
        lengths.add(len(part))
        return masked(part)

    monkeypatch.setattr(spelling, "_masked", measured)
    assert speller.corrected("中" * 900) is None
    wordings = [wording.text for concept in load_vocabularies() for wording in concept.wordings]
    assert 3 < max(lengths) <= max(len(text) for text in wordings if re.fullmatch("[\u3400-\u9fff]+", text))


def test_what_is_exact_is_not_corrected_again(speller: Speller) -> None:
    found = speller.corrected("Sea temprature 海表温渡")
    assert found is not None
    assert speller.corrected(found.exactly) is None
    assert speller.corrected(found.text) is None


def test_a_much_more_frequent_word_may_have_been_meant(speller: Speller) -> None:
    found = speller.meant("deep temperatuer")
    assert found is not None
    assert found.text == "deep temperature"
    assert speller.corrected("deep temperatuer") is None  # some record has it
    assert speller.meant("temperature") is None
    assert speller.meant("wages") is None


def test_places() -> None:
    assert [(place.start, place.end, place.text) for place in places("SST海表温度_Élan")] == [
        (0, 3, "SST"),
        (3, 7, "海表温度"),
        (8, 12, "Élan"),
    ]

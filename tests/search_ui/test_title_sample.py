"""Titles that are suggested from a sample: those that have the words, and only where many do."""

from __future__ import annotations

import time
from pathlib import Path
from random import Random

import pytest

from crosswalks.writers import iso19115_2
from indexer.stored import Ingest, Titled
from indexer.workspace import Workspace
from mappings.record import LocalisedText, RawRecord, Record, Translation
from search_ui.html.suggesting import TITLES, Suggester
from search_ui.html.title_sample import MOST, SHARE, TitleSample

TITLES_DRAWN = (
    *[f"Sea temperatures near Malta {number}" for number in range(60)],
    *[f"Seasonal ice, series {number}" for number in range(60)],
    "Rare turtles of the sea",
)


def sample(titles: tuple[str, ...] = TITLES_DRAWN) -> TitleSample:
    return TitleSample.of(Titled(text, LocalisedText(text), "eng") for text in titles)


@pytest.mark.parametrize(
    ("text", "begun", "having"),
    [
        ("sea", True, "Sea"),
        ("se", True, "Sea"),
        ("sea", False, "Sea "),
        ("ice seas", True, "Seasonal ice"),
        ("near temperature", True, "Sea temperatures"),
        ("temp", False, None),
        ("turtles malta", True, None),
        ("nothing", True, None),
        ("", True, None),
        ("sea_ice", True, None),
        ("海冰", False, None),
    ],
)
def test_what_has_the_words(text: str, *, begun: bool, having: str | None) -> None:
    found = sample().with_words(text, begun=begun)
    if having is None:
        assert found is None
    else:
        assert found
        assert len(found) <= MOST
        assert all(one.title.text.startswith(having) for one in found)


def test_rare_words_are_left_to_the_engine() -> None:
    common = tuple(f"Sea {number}" for number in range(2 * SHARE))
    assert sample((*common, "Rare turtles")).with_words("turtles", begun=True) is None
    assert sample((*common, *["Rare turtles"] * 3)).with_words("turtles", begun=True)


def test_translations_count() -> None:
    title = LocalisedText("渤海观测", (Translation("eng", "Bohai observations"),))
    found = TitleSample.of([Titled("one", title, "zho")]).with_words("bohai obs", begun=True)
    assert found == (Titled("one", title, "zho"),)


def test_a_large_catalogue_suggests_titles_from_a_sample(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("search_ui.html.suggesting.LARGE", 100)
    rng = Random(2)
    own = Workspace(tmp_path)
    records = [
        Record(f"r{number}", LocalisedText(title))
        for number, title in enumerate(rng.sample(TITLES_DRAWN, len(TITLES_DRAWN)))
    ]
    own.catalogue.ingest(
        [
            Ingest.of("tests", RawRecord(one.file_identifier, "iso19115-2", b"x"), one, iso19115_2.write(one))
            for one in records
        ]
    )
    own.catalogue.drain()
    suggester = Suggester(own.catalogue)
    suggester.names()
    for _ in range(500):
        if suggester.sampled:
            break
        time.sleep(0.01)
    assert suggester.sampled == len(records)
    monkeypatch.setattr(own.catalogue, "titles", lambda _query: pytest.fail("the engine is asked"))
    found = suggester.titles("sea")
    assert len(found) == TITLES
    assert all(one.title.text.startswith("Sea") for one in found)
    monkeypatch.undo()
    monkeypatch.setattr("search_ui.html.title_sample.SHARE", 20)
    assert len(suggester.titles("turtles of the sea")) == 1  # asked of the engine, where the sample has few
    assert {one.title.text[:3] for one in suggester.titles("sea m")} == {"Sea"}
    own.close()

"""Titles that are suggested from a sample: those that have the words, and only where many do."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from random import Random
from threading import Event

import pytest

from crosswalks.writers import iso19115_2
from indexer.engines.ordering import tie
from indexer.stored import Ingest, Titled
from indexer.workspace import Workspace
from mappings.record import LocalisedText, RawRecord, Record, Translation
from search_ui.application import create_app
from search_ui.html.suggesting import FRESH, SUGGESTER, TITLES, Suggester
from search_ui.html.title_sample import MOST, TitleSample
from search_ui.services import Services

TITLES_DRAWN = (
    *[f"Sea temperatures near Malta {number}" for number in range(60)],
    *[f"Seasonal ice, series {number}" for number in range(60)],
    "Rare turtles of the sea",
)


def sample(titles: tuple[str, ...] = TITLES_DRAWN) -> TitleSample:
    return TitleSample().with_more(titled(titles))


def titled(titles: Iterable[str]) -> list[Titled]:
    return [Titled(str(number), LocalisedText(text), "eng") for number, text in enumerate(titles)]


@pytest.mark.parametrize(
    ("text", "begun", "having"),
    [
        ("sea", True, "Sea"),
        ("se", True, "Sea"),
        ("sea", False, "Sea "),
        ("ice seas", True, "Seasonal ice"),
        ("near temperature", True, "Sea temperatures"),
        ("temp", False, None),
        ("turtles", True, None),
        ("turtles malta", True, None),
        ("nothing", True, None),
        ("", True, None),
        ("sea_ice", True, None),
        ("海冰", False, None),
    ],
)
def test_what_has_the_words(text: str, *, begun: bool, having: str | None) -> None:
    found = sample().with_words(text, begun=begun, least=4)
    if having is None:
        assert found is None
    else:
        assert found
        assert len(found) <= MOST
        assert all(one.title.text.startswith(having) for one in found)


def test_rare_words_are_left_to_the_engine() -> None:
    rare = sample((*TITLES_DRAWN, "Rare turtles"))
    assert rare.with_words("turtles", begun=True, least=3) is None
    assert rare.with_words("turtles", begun=True, least=2)


@pytest.mark.parametrize("piece", [1, 7, 50])
def test_a_sample_that_grew_is_the_same_as_one_drawn_at_once(piece: int) -> None:
    grown, drawn = TitleSample(), titled(TITLES_DRAWN)
    for start in range(0, len(drawn), piece):
        grown = grown.with_more(drawn[max(0, start - 2) : start + piece])  # some come twice
    assert grown == sample()


def test_translations_count() -> None:
    title = LocalisedText("渤海观测", (Translation("eng", "Bohai observations"),))
    found = (
        TitleSample().with_more([Titled("one", title, "zho")]).with_words("bohai obs", begun=True, least=1)
    )
    assert found == (Titled("one", title, "zho"),)


def test_a_large_catalogue_suggests_titles_from_a_sample(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("search_ui.html.suggesting.LARGE", 100)
    monkeypatch.setattr("search_ui.html.suggesting.PAUSE", 0)
    own = Workspace(tmp_path)
    fill(own, Random(2).sample(TITLES_DRAWN, len(TITLES_DRAWN)))
    suggester = Suggester(own.catalogue)
    suggester.names()
    wait_for(lambda: suggester.sampled == len(TITLES_DRAWN))
    monkeypatch.setattr(own.catalogue, "titles", lambda _query: pytest.fail("the engine is asked"))
    found = suggester.titles("sea")
    assert len(found) == TITLES
    assert all(one.title.text.startswith("Sea") for one in found)
    assert {one.title.text[:3] for one in suggester.titles("sea m")} == {"Sea"}
    monkeypatch.undo()
    assert len(suggester.titles("turtles of the sea")) == 1  # asked of the engine, where the sample has few
    own.close()


def test_a_server_draws_before_anybody_types(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("search_ui.html.suggesting.LARGE", 100)
    monkeypatch.setattr("search_ui.html.suggesting.PAUSE", 0)
    own = Workspace(tmp_path)
    fill(own, TITLES_DRAWN)
    served = create_app(Services(own.catalogue, own.stewardship, "http://localhost", "not a secret"))
    suggester = served.extensions[SUGGESTER]
    assert suggester.sampled == 0
    suggester.prepare()
    wait_for(lambda: suggester.sampled == len(TITLES_DRAWN))
    own.close()


def test_titles_drawn_so_far_answer_until_there_are_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("search_ui.html.suggesting.LARGE", 100)
    monkeypatch.setattr("search_ui.html.suggesting.SAMPLE", 120)
    monkeypatch.setattr("search_ui.html.suggesting.PIECE", 30)
    monkeypatch.setattr("search_ui.html.suggesting.PAUSE", 0)
    own, going_on, now, ended = Workspace(tmp_path), Event(), [0.0], list[bool]()
    seasonal = [f"Seasonal ice, series {number}" for number in range(100)]
    fill(own, [*seasonal[:30], *["Ice and snow"] * 20, *seasonal[30:]])
    drawn_titles = own.catalogue.drawn_titles

    def halting(size: int, at_once: int) -> Iterator[tuple[Titled, ...]]:
        for number, titles in enumerate(drawn_titles(size, at_once)):
            assert number == 0 or going_on.wait(10)
            yield titles
        ended.append(True)

    monkeypatch.setattr(own.catalogue, "drawn_titles", halting)
    suggester = Suggester(own.catalogue, lambda: now[0])
    suggester.names()
    wait_for(lambda: suggester.sampled == 30)
    early = suggester.titles("ice")
    assert [one.title.text for one in early] == seasonal[:TITLES]
    assert len(suggester.titles("snow")) == TITLES  # asked of the engine
    going_on.set()
    wait_for(lambda: suggester.sampled == 120)
    assert {one.title.text for one in suggester.titles("ice")} == {"Ice and snow"}  # it begins so

    going_on.clear()
    fill(own, ["Another one"])
    now[0] = 2 * FRESH
    suggester.names()
    time.sleep(0.05)
    assert suggester.sampled == 120  # the sample from before answers until there is as large a one
    going_on.set()
    wait_for(lambda: len(ended) == 2)
    own.close()


def fill(workspace: Workspace, titles: Sequence[str]) -> None:
    """Records with these titles, which the engine has by lot in the same order."""
    ids = sorted((f"{len(titles)}-{number}" for number in range(len(titles))), key=tie)
    records = [Record(id, LocalisedText(title)) for id, title in zip(ids, titles, strict=True)]
    workspace.catalogue.ingest(
        [
            Ingest.of("tests", RawRecord(one.file_identifier, "iso19115-2", b"x"), one, iso19115_2.write(one))
            for one in records
        ]
    )
    workspace.catalogue.drain()


def wait_for(condition: Callable[[], bool]) -> None:
    for _ in range(500):
        if condition():
            return
        time.sleep(0.01)
    raise AssertionError("it does not come")

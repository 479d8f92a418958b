"""What is asked beside a search that finds little: no more than helps, with the outcome of asking everything."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest
from flask import Flask

from crosswalks.writers import iso19115_2
from indexer.catalogue import Catalogue
from indexer.engines.memory import MemoryEngine
from indexer.query import And, Cursor, Or, Page, Query, SearchResult, Text
from indexer.store import open_store
from indexer.stored import Ingest
from mappings.record import LocalisedText, RawRecord, Record
from search_ui.html.advice import advice_on, without_each
from search_ui.html.asking import FEW, MostWords, ask
from search_ui.most_words import has_alternatives, words_in
from search_ui.parameters import SearchState
from search_ui.query_language import read

WORDS = ("anchor", "beacon", "cable", "drifter", "eddy", "frazil", "glider")


class CountingEngine(MemoryEngine):
    """The plain engine, which counts what it is asked, and is told something after one of the searches."""

    def __init__(self) -> None:
        super().__init__()
        self.searches = 0
        self.spellings = 0
        self.afterwards: dict[int, Callable[[], object]] = {}

    def search(self, query: Query) -> SearchResult:
        self.searches += 1 + len(query.totals)
        found = super().search(query)
        self.afterwards.pop(self.searches, lambda: None)()
        return found

    def words_near(self, word: str, edits: int) -> tuple[str, ...]:
        self.spellings += 1
        return super().words_near(word, edits)


@pytest.fixture(scope="module")
def engine() -> CountingEngine:
    return CountingEngine()


@pytest.fixture(scope="module")
def catalogue(engine: CountingEngine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Catalogue]:
    rng = Random(5)
    titles = [" ".join(rng.sample(WORDS, rng.randint(1, 4))) for _ in range(40)]
    with filled(tmp_path_factory.mktemp("asking"), engine, titles) as catalogue:
        yield catalogue


@contextmanager
def filled(folder: Path, engine: CountingEngine, titles: Sequence[str]) -> Iterator[Catalogue]:
    store = open_store(f"sqlite:///{folder / 'halocline.db'}")
    catalogue = Catalogue(store, engine)
    catalogue.ingest([ingested(number, title) for number, title in enumerate(titles)])
    catalogue.drain()
    yield catalogue
    store.close()


@pytest.fixture
def request_context(application: Flask) -> Iterator[None]:
    """Labels are in the language of a request."""
    with application.test_request_context():
        yield


def ingested(number: int, title: str) -> Ingest:
    record = Record(
        f"r{number}", LocalisedText(title), access_level="restricted" if number % 3 == 0 else "open"
    )
    raw = RawRecord(record.file_identifier, "iso19115-2", b"x")
    return Ingest.of("tests", raw, record, iso19115_2.write(record))


def forget(catalogue: Catalogue, engine: CountingEngine) -> None:
    """Nothing is remembered, and nothing was asked."""
    catalogue.rebuild()
    engine.searches = engine.spellings = 0


def count(catalogue: Catalogue, state: SearchState) -> int:
    return catalogue.search(Query(state.where(), page=Page(size=0))).total


def expected(catalogue: Catalogue, state: SearchState) -> tuple[int, int, tuple[str, ...]]:
    """Total, least number of words and those that are left out, by counting everything that could be counted."""
    words = words_in(state.asked.conditions)
    total, asked, half = count(catalogue, state), len(words), (len(words) + 1) // 2
    if total >= FEW or asked < 2:
        return total, asked, ()
    alone = SearchState(q=state.q)
    by_number = {least: replace(state, least=least) for least in range(half, asked)}
    if 0 < count(catalogue, alone) < FEW:
        enough = [least for least in by_number if count(catalogue, replace(alone, least=least)) >= FEW]
        least = max(enough, default=half)
    else:
        least = (
            max((n for n in by_number if count(catalogue, by_number[n])), default=half) if not total else 0
        )
    found = count(catalogue, by_number[least]) if least else 0
    if found <= total:
        return total, asked, ()
    where, complete = by_number[least].where(), count(catalogue, alone)
    having = [
        catalogue.search(Query(And((where, word.condition)), page=Page(size=0))).total for word in words
    ]
    missing = [] if 0 < complete < FEW else [w.text for w, n in zip(words, having, strict=True) if not n]
    return found, least, tuple(missing)


def test_the_outcome_is_that_of_counting_everything(catalogue: Catalogue, engine: CountingEngine) -> None:
    rng = Random(7)
    outcomes = set()
    for _ in range(150):
        q = " ".join(rng.sample((*WORDS, "qqqxyz", "wwwxyz"), rng.randint(1, 6)))
        terms = (("access", (rng.choice(["restricted", "open", "closed"]),)),) if rng.random() < 0.5 else ()
        state = SearchState(q=q, terms=terms)
        forget(catalogue, engine)
        answer = ask(catalogue, state, priors=False)
        searches = engine.searches
        most = answer.most
        told = (
            answer.page.total,
            len(words_in(state.asked.conditions)) if most is None else most.least,
            () if most is None else most.left_out,
        )
        assert told == expected(catalogue, state), state
        assert searches <= 16, state
        outcomes.add((most is None, most is not None and bool(most.left_out), bool(answer.page.total)))
    assert {(True, False, True), (True, False, False), (False, True, True), (False, False, True)} <= outcomes


@pytest.mark.usefixtures("request_context")
@pytest.mark.parametrize(
    ("state", "searches", "spellings"),
    [
        (SearchState(q="anchor"), 1, 0),
        (SearchState(q="anchor glider"), 1, 0),
        (SearchState(q="anchor beacon", terms=(("access", ("closed",)),)), 5, 0),
        (SearchState(terms=(("access", ("closed",)),)), 2, 0),
        (SearchState(q="qqqxyz", terms=(("access", ("open",)), ("source", ("none",)))), 3, 1),
    ],
    ids=["enough", "enough of both", "no record here", "no words", "no such word"],
)
def test_no_more_is_asked_than_helps(
    catalogue: Catalogue, engine: CountingEngine, state: SearchState, searches: int, spellings: int
) -> None:
    forget(catalogue, engine)
    advice_on(catalogue, state, ask(catalogue, state, priors=False))
    assert (engine.searches, engine.spellings) == (searches, spellings)


@pytest.mark.usefixtures("request_context")
def test_what_was_asked_before_is_not_asked_again(catalogue: Catalogue, engine: CountingEngine) -> None:
    state = SearchState(q="anchor beacon", terms=(("access", ("closed",)),))
    advice_on(catalogue, state, ask(catalogue, state, priors=False))
    engine.searches = 0
    advice_on(catalogue, state, ask(catalogue, state, priors=False))
    assert engine.searches == 4  # with all words; with one of them, and what is counted beside


@pytest.mark.parametrize(
    ("titles", "q"),
    [
        (["vessel building"], "ship building ship"),
        (["vessel building yard", "vessel building"], "ship building ship yard"),
        (["温度 quokka"], "temperature " * 21 + "quokka"),
        (["sea surface temperature bar"], "foo OR concept:sea_surface_temperature foo bar"),
        (["ctd frazil"], "CTD ctd glider"),
        (["海表温度 eddy"], "SST 海表温度 glider"),
    ],
)
def test_a_word_that_is_written_twice_or_means_another(tmp_path: Path, titles: list[str], q: str) -> None:
    state = SearchState(q=q)
    with filled(tmp_path, CountingEngine(), titles) as catalogue:
        answer = ask(catalogue, state, priors=False)
        assert answer.most is not None
        told = (answer.page.total, answer.most.least, answer.most.left_out)
        assert told == expected(catalogue, state)


def test_what_is_told_of_a_page_is_of_the_same_moment(tmp_path: Path) -> None:
    engine = CountingEngine()
    with filled(tmp_path, engine, ["anchor", "beacon"]) as catalogue:

        def another() -> None:
            catalogue.ingest([ingested(9, "anchor")])
            catalogue.drain()

        forget(catalogue, engine)
        engine.afterwards[4] = (
            another  # after the search for one of the words, with what is counted beside it
        )
        answer = ask(catalogue, SearchState(q="anchor beacon"), priors=False)
        assert not engine.afterwards
        assert answer.most == MostWords(1, 2, ())


def test_later_pages_of_a_walk_ask_for_themselves_alone(tmp_path: Path) -> None:
    engine = CountingEngine()
    with filled(tmp_path, engine, ["anchor", "beacon", "cable"]) as catalogue:
        first = ask(catalogue, SearchState(q="anchor beacon", size=1), priors=False, after=Cursor())
        assert first.most == MostWords(1, 2, ())
        engine.searches = 0
        second = ask(catalogue, first.state, priors=False, after=first.page.next)
        assert (second.page.total, engine.searches) == (2, 1)


def test_hits_are_of_the_respelt_words(tmp_path: Path) -> None:
    titles = ["temperature", "temperature", "salinity", "glider"]
    with filled(tmp_path, CountingEngine(), titles) as catalogue:
        answer = ask(catalogue, SearchState(q="temprature glider"), priors=False)
        assert answer.spelling is not None
        assert answer.most == MostWords(1, 2, ())
        assert sorted(hit.id for hit in answer.page.hits) == sorted(
            hit.id for hit in catalogue.search(Query(Or((Text("temperature"), Text("glider"))))).hits
        )


@pytest.mark.usefixtures("request_context")
def test_without_the_words_is_all_that_helps_where_no_record_has_them(catalogue: Catalogue) -> None:
    state = SearchState(q="qqqxyz", terms=(("access", ("open",)),))
    (without,) = without_each(catalogue, state)
    assert (without.value, without.total) == ("qqqxyz", 26)


@pytest.mark.parametrize(
    ("text", "alternatives"),
    [
        ("anchor beacon", False),
        ("sea surface temperature in anchor", False),
        ("anchor OR beacon", True),
        ("cable (anchor (beacon OR eddy))", True),
        ('"anchor beacon" -cable title:eddy', False),
        ("", False),
    ],
)
def test_alternatives(text: str, *, alternatives: bool) -> None:
    assert has_alternatives(read(text).conditions) is alternatives

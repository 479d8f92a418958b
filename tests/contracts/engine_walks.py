"""The engine contract: walks through all hits by cursor, while the index changes."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from indexer.document import Document
from indexer.engines.base import Deletion, Engine
from indexer.query import (
    Cursor,
    FacetRequest,
    Page,
    Preference,
    Query,
    Sort,
    Spatial,
    Terms,
    Text,
)
from mappings.errors import InvalidQuery
from mappings.record import BoundingBox
from tests.contracts.engine_documents import document, refill, titled

MANY = 10_000
WALKS = (
    Query(),
    Query(sort=Sort("title")),
    Query(sort=Sort("title", descending=True)),
    Query(sort=Sort("modified")),
    Query(sort=Sort("modified", descending=True)),
    Query(Text("sea")),
    Query(prefer=(Preference(Terms("platform", ("ship 1",)), 3.0),)),
)
RELEVANCE = WALKS[-2:]
TITLES = ("sea", "sea water", "sea water temperature", "sea water temperature of the south", "Sea", "")


class WalksContract:
    """A walk gives every hit once, in order, whatever is written meanwhile."""

    def lose_moment(self, engine: Engine, cursor: Cursor) -> Cursor:
        """The cursor as it is when nobody keeps its moment any more."""
        return replace(cursor, moment="gone")

    @pytest.mark.parametrize("size", [1, 2, 7, 12, 1000])
    def test_walks_give_what_pages_give(self, engine: Engine, size: int) -> None:
        engine.apply([_odd(number) for number in range(36)])
        for query in WALKS:
            expected = engine.search(replace(query, page=Page(size=1000)))
            pages = list(walk(engine, query, size))
            assert sum(pages, ()) == expected.ids
            assert all(len(page) == size for page in pages[:-1])

    def test_the_first_page_has_total_and_facets(self, engine: Engine) -> None:
        engine.apply([_odd(number) for number in range(12)])
        query = Query(Text("sea"), facets=(FacetRequest("platform"),), heatmap=0)
        asked, walked = (
            engine.search(replace(query, page=page)) for page in (Page(size=3), Page(size=3, after=Cursor()))
        )
        assert asked.next is None
        assert walked.next is not None
        assert replace(walked, next=None) == asked

    def test_nothing_found_is_walked_at_once(self, engine: Engine) -> None:
        found = engine.search(Query(Text("nowhere"), page=Page(size=3, after=Cursor())))
        assert (found.ids, found.total, found.next) == ((), 0, None)

    @pytest.mark.parametrize("query", WALKS)
    def test_what_is_written_meanwhile_does_not_disturb(self, engine: Engine, query: Query) -> None:
        engine.apply([_odd(number) for number in range(30)])
        expected = engine.search(replace(query, page=Page(size=1000))).ids
        seen: tuple[str, ...] = ()
        for step, page in enumerate(walk(engine, query, 4)):
            seen += page
            engine.apply([_odd(number, version=2 + step) for number in range(step, 30, 3)])
            engine.apply([Deletion(str(step), 100), _odd(100 + step)])
        assert seen == expected

    def test_shapes_that_change_meanwhile_are_walked(self, engine: Engine) -> None:
        def shaped(number: int, version: int) -> Document:
            boxes = [(number, 0.0, number + 0.5, 1.0), (number + version, 2.0, number + version + 0.5, 3.0)]
            return document(str(number), version=version, boxes=boxes)

        engine.apply([shaped(number, 1) for number in range(10)])
        query = Query(Spatial("within", BoundingBox(-20, -20, 50, 20)))
        seen: tuple[str, ...] = ()
        for step, page in enumerate(walk(engine, query, 3)):
            seen += page
            engine.apply([shaped(number, 2 + step) for number in range(10)])
        assert sorted(seen) == sorted(map(str, range(10)))

    @pytest.mark.parametrize("query", [query for query in WALKS if query not in RELEVANCE])
    def test_a_walk_whose_moment_is_lost_goes_on(self, engine: Engine, query: Query) -> None:
        """What has been there all the time comes once; what comes and goes may be seen or not."""
        engine.apply([_odd(number) for number in range(30)])
        expected = engine.search(replace(query, page=Page(size=1000))).ids
        seen: tuple[str, ...] = ()
        steps = 0
        for page in walk(engine, query, 4, lambda cursor: self.lose_moment(engine, cursor)):
            seen += page
            engine.apply([Deletion(str(steps), 100), _odd(100 + steps)])
            steps += 1
        stayed = [key for key in expected if int(key) >= steps]
        assert [key for key in seen if key in stayed] == stayed
        assert len(set(seen)) == len(seen)

    @pytest.mark.parametrize("query", RELEVANCE)
    def test_a_walk_by_relevance_expires_with_its_moment(self, engine: Engine, query: Query) -> None:
        engine.apply([_odd(number) for number in range(10)])
        begun = engine.search(replace(query, page=Page(size=4, after=Cursor()))).next
        assert begun is not None
        with pytest.raises(InvalidQuery, match="cursor: has expired"):
            engine.search(replace(query, page=Page(size=4, after=self.lose_moment(engine, begun))))

    def test_a_rebuild_does_not_stop_a_walk(self, engine: Engine) -> None:
        written = [_odd(number) for number in range(10)]
        engine.apply(written)
        query = Query(sort=Sort("title"))
        expected = engine.search(query).ids
        seen: tuple[str, ...] = ()
        for page in walk(engine, query, 3):
            seen += page
            refill(engine, sorted(written, key=lambda one: one.id))
        assert seen == expected

    def test_a_walk_of_another_engine_has_expired(self, engine: Engine) -> None:
        engine.apply([titled("a", "sea")])
        with pytest.raises(InvalidQuery, match="has expired"):
            engine.search(Query(page=Page(after=Cursor("another", "moment", (None, 1)))))

    @pytest.mark.parametrize("query", WALKS[1::2])
    def test_ten_thousand_are_walked_while_others_come_and_go(self, engine: Engine, query: Query) -> None:
        """Some are rewritten, others added and deleted, by another thread all the time, as often as there are pages."""
        refill(engine, sorted((_many(number) for number in range(MANY)), key=lambda one: one.id))
        stop = threading.Event()
        rounds: list[int] = []
        written = threading.Semaphore(0)

        def once_more_is_written(cursor: Cursor) -> Cursor:
            assert written.acquire(timeout=60)
            return cursor

        def write() -> None:
            while not stop.wait(0.02):
                version = 2 + len(rounds)
                engine.apply([_many(number, version=version) for number in range(0, MANY, 100)])
                engine.apply([_many(MANY + number, version=version) for number in range(20)])
                engine.apply([Deletion(str(MANY + number), version) for number in range(10)])
                rounds.append(version)
                written.release()

        writer = threading.Thread(target=write)
        writer.start()
        try:
            seen = [int(key) for page in walk(engine, query, 1000, once_more_is_written) for key in page]
        finally:
            stop.set()
            writer.join()
        assert rounds
        assert len(set(seen)) == len(seen)
        assert sorted(key for key in seen if key < MANY) == list(range(MANY))


def walk(
    engine: Engine, query: Query, size: int, between: Callable[[Cursor], Cursor] = lambda cursor: cursor
) -> Iterator[tuple[str, ...]]:
    """The pages of a walk; ``between`` changes the cursor on its way."""
    after: Cursor | None = Cursor()
    while after is not None:
        found = engine.search(replace(query, page=Page(size=size, after=after)))
        yield found.ids
        after = None if found.next is None else between(found.next)


def _odd(number: int, version: int = 1) -> Document:
    """Titles that share their first bytes or all, dates that are the same or missing: every kind of tie."""
    turn = number + (version - 1) * 5
    title = TITLES[turn % len(TITLES)]
    modified = (["2003"], ["2003-05"], ["-12000"], [])[turn % 4]
    return document(
        str(number),
        version=version,
        texts={"title": [title] if title else [], "abstract": ["the sea " * (turn % 5 + 1)]},
        keywords={"platform": [f"ship {turn % 3}"]},
        instants={"modified": modified},
    )


def _many(number: int, version: int = 1) -> Document:
    """Few different titles and dates, which change with the version."""
    turn = number * 7 + version
    return document(
        str(number),
        version=version,
        texts={"title": [f"sea water {'temperature' if turn % 2 else 'salinity'} {turn % 50}"]},
        instants={"modified": [f"20{turn % 90 + 10}-01-01"]},
    )

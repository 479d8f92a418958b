"""Records go in, are found, and come out."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import chain
from pathlib import Path
from typing import Any

import pytest

from indexer.catalogue import Catalogue
from indexer.document import Document, document_of
from indexer.engines.base import Deletion
from indexer.engines.memory import MemoryEngine
from indexer.engines.tantivy.engine import TantivyEngine
from indexer.query import Compare, Cursor, FacetRequest, Page, Query, SearchResult, Sort, Terms, Text
from indexer.store import Store, open_store
from indexer.stored import Differences, IngestCounts, content_hash
from indexer.workspace import Workspace
from mappings.errors import IndexUnavailable, InvalidQuery, NotFound
from mappings.record import BoundingBox, Extent
from tests.contracts.engine_documents import refill
from tests.indexer.samples import CROSSWALK, sample


class FlakyEngine(MemoryEngine):
    """Loses its connection when told to, in the middle of a batch. Counts what it is asked."""

    def __init__(self) -> None:
        super().__init__()
        self.away = False
        self.asked = 0

    def search(self, query: Query) -> SearchResult:
        self.asked += 1 + len(query.totals)
        return super().search(query)

    def apply(self, changes: Sequence[Document | Deletion]) -> None:
        if self.away:
            super().apply(changes[: len(changes) // 2])
            raise IndexUnavailable("the index is away")
        super().apply(changes)


@pytest.fixture
def engine() -> FlakyEngine:
    return FlakyEngine()


@pytest.fixture
def catalogue(store: Store, engine: FlakyEngine) -> Catalogue:
    return Catalogue(store, engine)


def titles(catalogue: Catalogue, words: str) -> set[str]:
    return {hit.record.title.text for hit in catalogue.search(Query(Text(words))).hits}


def test_a_record_is_found_and_read_in_every_form(catalogue: Catalogue) -> None:
    item = sample("ctd")
    assert catalogue.ingest([item, sample("adcp", "Currents")]) == IngestCounts(created=2)
    assert catalogue.drain() == 2
    page = catalogue.search(Query(Text("temperature"), facets=(FacetRequest("source"),)))
    [hit] = page.hits
    assert (hit.id, hit.record, page.total) == ("ctd", item.record, 1)
    assert [(value.value, value.count) for value in page.facets["source"]] == [("yellow-sea", 1)]
    assert catalogue.search_documents(Query(Text("水温"))).documents == (item.iso,)
    assert catalogue.get("ctd") == hit
    assert catalogue.document("ctd") == item.iso
    assert catalogue.raw("ctd") == item.raw
    assert [listed.id for listed in catalogue.listing()] == ["adcp", "ctd"]
    assert catalogue.known_hashes("yellow-sea")["ctd"] == content_hash(item.raw, CROSSWALK)


def test_hits_keep_the_order_of_the_engine(catalogue: Catalogue) -> None:
    catalogue.ingest([sample(f"r{number}", f"Series {number:02d}") for number in range(30)])
    catalogue.drain()
    query = Query(sort=Sort("title", descending=True), page=Page(5, 10))
    page = catalogue.search(query)
    assert [hit.id for hit in page.hits] == [f"r{number}" for number in range(24, 14, -1)]
    assert page.total == 30
    assert catalogue.search_documents(query).documents == tuple(
        f"<gmi>Series {number:02d}</gmi>".encode() for number in range(24, 14, -1)
    )


def test_records_are_found_and_sorted_by_when_the_catalogue_changed_them(
    catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    for second, items in enumerate([[sample("a"), sample("b")], [sample("c")], [sample("a", "Currents")]]):
        monkeypatch.setattr("time.time", lambda second=second: 1_800_000_000.0 + second)
        catalogue.ingest(items)
    newest_first = Query(Compare("updated", ">=", "2027-01-15T08:00:01Z"), Sort("updated", descending=True))
    for fill in (catalogue.drain, catalogue.rebuild):
        fill()
        hits = catalogue.search(newest_first).hits
        assert [(hit.id, hit.created[-3:], hit.updated[-3:]) for hit in hits] == [
            ("a", "00Z", "02Z"),
            ("c", "01Z", "01Z"),
        ]


def test_a_hit_that_is_gone_from_sql_is_left_out(catalogue: Catalogue) -> None:
    catalogue.ingest([sample("a"), sample("b")])
    catalogue.drain()
    catalogue.delete("yellow-sea", ["a"])
    assert [hit.id for hit in catalogue.search(Query()).hits] == ["b"]
    assert len(catalogue.search_documents(Query()).documents) == 1
    assert catalogue.drain() == 1
    assert catalogue.search(Query()).total == 1


@pytest.mark.parametrize("read", ["get", "document", "raw"])
def test_an_unknown_id_is_not_found(catalogue: Catalogue, read: str) -> None:
    with pytest.raises(NotFound, match="CTD 7"):
        getattr(catalogue, read)("CTD 7")


def test_a_query_is_checked(catalogue: Catalogue) -> None:
    with pytest.raises(InvalidQuery, match="depth"):
        catalogue.search(Query(Terms("depth", ("5",))))
    with pytest.raises(InvalidQuery, match="size"):
        catalogue.search_documents(Query(page=Page(size=-1)))


def test_an_update_replaces_what_was_found(catalogue: Catalogue) -> None:
    catalogue.ingest([sample("a", "Salinity")])
    catalogue.drain()
    assert catalogue.ingest([sample("a", "Chlorophyll")]) == IngestCounts(updated=1)
    assert catalogue.drain() == 1
    assert titles(catalogue, "salinity") == set()
    assert titles(catalogue, "chlorophyll") == {"Chlorophyll"}


def test_changes_wait_while_the_index_is_away(catalogue: Catalogue, engine: FlakyEngine) -> None:
    engine.away = True
    catalogue.ingest([sample(name) for name in "abcd"])
    catalogue.delete("yellow-sea", ["d"])
    assert catalogue.drain() == 0
    assert catalogue.pending() == 5
    engine.away = False
    assert catalogue.drain() == 5
    assert catalogue.pending() == 0
    assert catalogue.search(Query()).total == 3


def test_a_drain_may_be_limited(catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("indexer.catalogue.DRAIN", 2)
    catalogue.ingest([sample(f"r{number}") for number in range(7)])
    assert catalogue.drain(limit=3) == 3
    assert catalogue.search(Query()).total == 3
    assert catalogue.drain() == 4


def test_a_change_made_while_it_is_indexed_is_not_lost(store: Store) -> None:
    class Interrupted(MemoryEngine):
        def apply(self, changes: Sequence[Document | Deletion]) -> None:
            super().apply(changes)
            if changes and changes[0].version == 1:
                store.writer.ingest([sample("a", "Changed meanwhile")])

    catalogue = Catalogue(store, Interrupted())
    catalogue.ingest([sample("a", "First")])
    catalogue.drain(limit=1)
    assert catalogue.pending() > 0
    catalogue.drain()
    assert titles(catalogue, "changed") == {"Changed meanwhile"}


def test_a_new_process_with_a_forgetful_engine_finds_everything(store: Store) -> None:
    first = Catalogue(store, MemoryEngine())
    first.ingest([sample("a"), sample("b")])
    first.drain()
    first.ingest([sample("c")])
    again = Catalogue(store, MemoryEngine())
    assert again.search(Query()).total == 3
    assert again.pending() == 0


def test_a_change_during_a_rebuild_reaches_the_new_index(store: Store, database_url: str) -> None:
    class Slow(MemoryEngine):
        def _publish(self, entries: dict[str, Any]) -> None:
            if entries:
                # Another process stores, deletes, and gives both to the index that is being replaced.
                store.writer.ingest([sample("a", "Changed meanwhile")])
                store.writer.delete("yellow-sea", ["b"])
                taken = store.outbox.oldest(100)
                self.apply([Deletion("b", 2)])
                store.outbox.settle(taken, {"a": 2, "b": None})
            super()._publish(entries)

    catalogue = Catalogue(store, Slow())
    catalogue.ingest([sample("a"), sample("b"), sample("c")])
    catalogue.drain()
    done: list[int] = []
    assert catalogue.rebuild(done.append) == 3
    assert done == [3]
    catalogue.drain()
    assert titles(catalogue, "changed") == {"Changed meanwhile"}
    assert {hit.id for hit in catalogue.search(Query()).hits} == {"a", "c"}


def test_records_that_move_during_a_rebuild_are_there_once(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def at(longitude: float) -> Extent:
        return Extent(boxes=(BoundingBox(longitude, 0, longitude, 0),))

    def move(done: int) -> None:
        if done == 2:  # one is in the index already and comes again, the other was ahead and is now behind
            store.writer.ingest(
                [sample("first", "moved", extent=at(3)), sample("last", "moved", extent=at(1))]
            )

    for name in ("indexer.store.reading.STREAM", "indexer.catalogue.PART", "indexer.catalogue.TOLD"):
        monkeypatch.setattr(name, 1)
    catalogue = Catalogue(store, TantivyEngine(tmp_path / "index"))
    places = {"first": 1, "second": 2, "third": 2.5, "last": 4}
    catalogue.ingest([sample(key, "unmoved", extent=at(place)) for key, place in places.items()])
    catalogue.rebuild(move)
    catalogue.drain()
    assert catalogue.status().documents == 4
    assert len(catalogue.compare()) == 0
    for word, ids in (("moved", ["first", "last"]), ("unmoved", ["second", "third"])):
        assert sorted(hit.id for hit in catalogue.search(Query(Text(word))).hits) == ids
    catalogue.close()


def test_a_lost_index_is_noticed(store: Store) -> None:
    catalogue = Catalogue(store, MemoryEngine())
    assert not catalogue.index_is_lost()
    catalogue.ingest([sample("a")])
    assert not catalogue.index_is_lost()
    catalogue.drain()
    assert not catalogue.index_is_lost()
    engine = MemoryEngine()
    other = Catalogue(store, engine)
    refill(engine, [])
    assert other.index_is_lost()
    other.rebuild()
    assert not other.index_is_lost()


def test_differences_are_found_and_mended(catalogue: Catalogue, engine: FlakyEngine) -> None:
    catalogue.ingest([sample("same"), sample("missing"), sample("outdated")])
    catalogue.ingest([sample("outdated", "Changed")])
    catalogue.drain()
    assert not catalogue.compare()
    kept = {record.id: record for record in map(catalogue.get, ("same", "missing", "outdated"))}
    with engine.filling("tests", "") as fresh:
        fresh.add(
            [document_of("same", 1, kept["same"].record), document_of("gone", 4, kept["same"].record)],
            lambda: "gone",
        )
        fresh.add([document_of("outdated", 1, kept["outdated"].record)], lambda: "outdated")
        fresh.publish()
    found = catalogue.compare()
    assert found == Differences((("missing", 1),), (("outdated", 2),), (("gone", 4),))
    assert not catalogue.repair(found)
    assert {hit.id for hit in catalogue.search(Query()).hits} == {"same", "missing", "outdated"}
    assert titles(catalogue, "changed") == {"Changed"}


def test_what_waits_for_the_index_is_no_difference(catalogue: Catalogue) -> None:
    catalogue.ingest([sample("a"), sample("b")])
    catalogue.drain()
    catalogue.ingest([sample("a", "Changed"), sample("c")])
    catalogue.delete("yellow-sea", ["b"])
    assert not catalogue.compare()


def test_what_is_newer_in_the_index_is_left_for_a_rebuild(catalogue: Catalogue, engine: FlakyEngine) -> None:
    catalogue.ingest([sample("a")])
    catalogue.drain()
    engine.apply([document_of("a", 7, catalogue.get("a").record)])  # as after SQL came back from a backup
    found = catalogue.compare()
    assert found.outdated == (("a", 1),)
    assert catalogue.repair(found) == found
    catalogue.rebuild()
    assert not catalogue.compare()


def test_the_status_says_what_is_where(catalogue: Catalogue, store: Store) -> None:
    catalogue.ingest([sample("a"), sample("b")])
    catalogue.drain(limit=1)
    status = catalogue.status()
    assert (status.records, status.documents, status.pending) == (2, 1, 1)
    assert status.database == store.location
    assert status.database_size is not None
    assert status.database_size > 10_000


def test_a_source_is_taken_out_whole(catalogue: Catalogue) -> None:
    catalogue.ingest([sample("a"), sample("b"), sample("c", source="other")])
    assert catalogue.delete_source("yellow-sea") == 2
    catalogue.drain()
    assert [hit.id for hit in catalogue.search(Query()).hits] == ["c"]


def test_many_threads_and_another_process_store_at_once(store: Store, database_url: str) -> None:
    catalogue = Catalogue(store, MemoryEngine())
    other = open_store(database_url)  # with connections and locks of its own, as another process has

    def work(number: int) -> None:
        for step in range(5):
            batch = [sample(f"{number}-{item}", f"Step {step}") for item in range(10)]
            (catalogue.ingest if number % 2 else other.writer.ingest)(batch)
            catalogue.drain()
            catalogue.search(Query(Text("step")))
        catalogue.delete("yellow-sea", [f"{number}-0"])

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(work, range(8)))
    other.close()
    catalogue.drain()
    assert catalogue.pending() == 0
    hits = catalogue.search(Query(page=Page(size=1000))).hits
    assert len(hits) == 8 * 9 == catalogue.count()
    assert {(hit.version, hit.record.title.text) for hit in hits} == {(5, "Step 4")}


def test_the_data_folder_may_have_any_name(tmp_path: Path) -> None:
    folder = tmp_path / "data of 2026 100%25"
    workspace = Workspace(folder)
    workspace.catalogue.ingest([sample("a")])
    workspace.catalogue.drain()
    assert workspace.catalogue.status().index == str(folder / "index")
    assert (folder / "index").is_dir()
    workspace.close()


def test_totals_are_asked_once_until_something_changes(catalogue: Catalogue, engine: FlakyEngine) -> None:
    where = Text("temperature")
    catalogue.ingest([sample("ctd")])
    assert catalogue.total(where) == 0  # not indexed yet
    catalogue.drain()
    assert catalogue.search(Query(where)).total == 1
    asked = engine.asked
    assert (catalogue.total(where), engine.asked) == (1, asked)
    assert (catalogue.total(Text("nowhere")), catalogue.total(Text("nowhere")), engine.asked) == (
        0,
        0,
        asked + 1,
    )
    asked = engine.asked
    totals = catalogue.totals([where, Text("none"), Text("nowhere"), where, Text("sea"), Text("none")])
    assert totals == {where: 1, Text("none"): 0, Text("nowhere"): 0, Text("sea"): 1}
    assert engine.asked == asked + 2  # of all these two were new
    catalogue.delete("yellow-sea", ["ctd"])
    catalogue.drain()
    assert catalogue.total(where) == 0
    with pytest.raises(InvalidQuery):
        catalogue.totals([where, Terms("nothing", ("x",))])
    assert catalogue.totals([]) == {}


def test_a_walk_through_the_past_tells_no_total(catalogue: Catalogue) -> None:
    where = Text("series")
    catalogue.ingest([sample(f"r{number}", f"Series {number}") for number in range(3)])
    catalogue.drain()
    first = catalogue.search(Query(where, page=Page(size=1, after=Cursor())))
    assert first.next is not None
    catalogue.delete("yellow-sea", ["r0", "r1"])
    catalogue.drain()
    past = catalogue.search(Query(where, page=Page(size=1, after=first.next), totals=(Text("0"), Text("2"))))
    assert (past.total, past.totals) == (3, {Text("0"): 1, Text("2"): 1})
    assert catalogue.totals([where, Text("0"), Text("2")]) == {where: 1, Text("0"): 0, Text("2"): 1}


def test_what_a_search_counts_beside_is_remembered(catalogue: Catalogue, engine: FlakyEngine) -> None:
    catalogue.ingest([sample(f"r{number}", f"Series {number}") for number in range(3)])
    catalogue.drain()
    others = (Text("0"), Text("series"), Text("none"))
    totals = {Text("0"): 1, Text("series"): 3, Text("none"): 0}
    assert catalogue.search(Query(Text("1"), totals=others)).totals == totals
    asked = engine.asked
    assert (catalogue.totals(others), engine.asked) == (totals, asked)


def test_what_another_process_changes_changes_the_mark(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("indexer.catalogue.MARKED", -1.0)
    one, other = Workspace(tmp_path), Workspace(tmp_path)
    marks = [one.catalogue.mark()]
    assert marks == [one.catalogue.mark()]
    other.catalogue.ingest([sample("ctd")])
    marks.append(one.catalogue.mark())
    assert one.catalogue.total(Text("temperature")) == 0
    other.catalogue.drain()
    marks.append(one.catalogue.mark())
    assert one.catalogue.total(Text("temperature")) == 1
    assert len(set(marks)) == 3
    one.close()
    other.close()


def test_what_is_mended_or_rebuilt_changes_the_mark(catalogue: Catalogue, engine: FlakyEngine) -> None:
    catalogue.ingest([sample("ctd")])
    catalogue.drain()
    engine.apply([Deletion("ctd", 1)])  # behind the catalogue's back
    assert catalogue.total(Text("temperature")) == 0
    before = catalogue.mark()
    catalogue.rebuild()
    assert catalogue.mark() != before
    assert catalogue.total(Text("temperature")) == 1


def test_titles_of_hits(catalogue: Catalogue) -> None:
    items = [sample("ctd"), sample("adcp", "Currents")]
    catalogue.ingest(items)
    catalogue.drain()
    query = Query(sort=Sort("title"))
    hits = catalogue.search(query).hits
    assert [(one.id, one.title, one.language) for one in catalogue.titles(query)] == [
        (hit.id, hit.record.title, hit.record.language) for hit in hits
    ]
    assert catalogue.titles(Query(Text("nowhere"))) == ()


def test_titles_are_drawn_by_lot_some_at_once(catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("indexer.catalogue.MAX_PAGE", 5)
    catalogue.ingest([sample(str(number), f"Title {number}") for number in range(12)])
    catalogue.drain()
    drawn = list(catalogue.drawn_titles(9, at_once=2))
    assert [len(titles) for titles in drawn] == [2, 2, 1, 2, 2]
    every = catalogue.titles(Query())
    assert tuple(chain(*drawn)) == every[:9]
    assert tuple(chain(*catalogue.drawn_titles(100, at_once=7))) == every

"""The catalogue against a dictionary: whatever is done in whatever order, SQL and index end as the dictionary says."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from indexer.catalogue import Catalogue
from indexer.document import Document
from indexer.engines.base import Deletion
from indexer.engines.memory import MemoryEngine
from indexer.query import Page, Query
from indexer.store import Store, open_store
from indexer.stored import Ingest, IngestCounts
from mappings.errors import IndexUnavailable
from tests.indexer.samples import sample

SOURCES = ("fio", "noaa")
NATIVE_IDS = tuple("abcdef")
IDENTIFIERS = ("X", "Y", "X@fio", "Z")
Key = tuple[str, str]

ITEMS = st.builds(
    lambda source, native_id, identifier, title, crosswalk: sample(
        native_id, title, source=source, file_identifier=identifier, crosswalk=crosswalk
    ),
    st.sampled_from(SOURCES),
    st.sampled_from(NATIVE_IDS),
    st.sampled_from(IDENTIFIERS),
    st.sampled_from(("salinity", "temperature", "oxygen")),
    st.sampled_from(("iso19139@1", "iso19139@2")),
)


class KeptEngine(MemoryEngine):
    """Outlives the catalogue, as an index on disk does, and breaks off in a batch when told to."""

    capabilities = type(MemoryEngine.capabilities)(persistent=True, shared=False)

    def __init__(self) -> None:
        super().__init__()
        self.breaks_at: int | None = None

    def apply(self, changes: Sequence[Document | Deletion]) -> None:
        if self.breaks_at is not None:
            super().apply(changes[: self.breaks_at])
            raise IndexUnavailable("the index is away")
        super().apply(changes)


class CatalogueMachine(RuleBasedStateMachine):
    """``self.expected`` is what the catalogue must hold."""

    folder: Path
    store: Store

    @initialize()
    def begin(self) -> None:
        self.folder = Path(tempfile.mkdtemp())
        self.engine = KeptEngine()
        self.expected: dict[Key, Ingest] = {}
        self.highest: dict[str, int] = {}
        self.open()

    def open(self) -> None:
        self.store = open_store(f"sqlite:///{self.folder}/halocline.db")
        self.catalogue = Catalogue(self.store, self.engine)

    @rule(batch=st.lists(ITEMS, min_size=1, max_size=8))
    def ingest(self, batch: list[Ingest]) -> None:
        latest = {(item.source, item.raw.native_id): item for item in batch}
        created = sum(key not in self.expected for key in latest)
        unchanged = sum(_same(self.expected.get(key), item) for key, item in latest.items())
        counts = self.catalogue.ingest(batch)
        assert counts == IngestCounts(created, len(latest) - created - unchanged, unchanged)
        for key, item in latest.items():
            if not _same(self.expected.get(key), item):
                self.expected[key] = item

    @rule(source=st.sampled_from(SOURCES), native_ids=st.sets(st.sampled_from(NATIVE_IDS)))
    def delete(self, source: str, native_ids: set[str]) -> None:
        gone = [(source, name) for name in native_ids if self.expected.pop((source, name), None)]
        assert self.catalogue.delete(source, native_ids) == len(gone)

    @rule(limit=st.none() | st.integers(1, 4), breaks_at=st.none() | st.integers(0, 3))
    def drain(self, limit: int | None, breaks_at: int | None) -> None:
        self.engine.breaks_at = breaks_at
        before = self.catalogue.pending()
        done = self.catalogue.drain(limit)
        self.engine.breaks_at = None
        assert self.catalogue.pending() == before - done

    @rule()
    def rebuild(self) -> None:
        assert self.catalogue.rebuild() == len(self.expected)
        assert self.catalogue.pending() == 0

    @rule()
    def reopen(self) -> None:
        self.store.close()
        self.open()

    @invariant()
    def sql_is_as_expected(self) -> None:
        if not hasattr(self, "expected"):
            return
        ids = [document.id for document in self.store.reader.stream()]
        stored = {(one.source, one.native_id): one for one in self.store.reader.stored(ids).values()}
        assert stored.keys() == self.expected.keys()
        assert len({one.id for one in stored.values()}) == len(stored)
        for key, one in stored.items():
            item = self.expected[key]
            assert one.record == item.record
            assert self.catalogue.raw(one.id) == item.raw
            assert self.catalogue.document(one.id) == item.iso
            assert one.id.split("@")[0] == item.record.file_identifier.split("@")[0]
            assert one.version >= self.highest.get(one.id, 0)
            self.highest[one.id] = one.version

    def teardown(self) -> None:
        if not hasattr(self, "expected"):
            return
        self.catalogue.drain()
        assert self.catalogue.pending() == 0
        hits = self.catalogue.search(Query(page=Page(size=1000))).hits
        assert {(hit.source, hit.native_id) for hit in hits} == self.expected.keys()
        indexed = {entry.document.id: entry.document for entry in self.engine._entries.values()}
        assert {hit.id: hit.version for hit in hits} == {one.id: one.version for one in indexed.values()}
        assert all(indexed[hit.id].whole["title"][0] == hit.record.title.text for hit in hits)
        self.store.close()
        shutil.rmtree(self.folder)


def _same(before: Ingest | None, item: Ingest) -> bool:
    """By what the hash covers. The identifier is in the Record alone, as if made from elsewhere."""
    if before is None or before.raw != item.raw:
        return False
    assert before.record.provenance is not None
    assert item.record.provenance is not None
    return before.record.provenance.crosswalk == item.record.provenance.crosswalk


TestCatalogueModel = CatalogueMachine.TestCase
TestCatalogueModel.settings = settings(
    max_examples=25, stateful_step_count=20, suppress_health_check=list(HealthCheck)
)

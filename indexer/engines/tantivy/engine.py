"""The engine itself: batches in, answers out."""

from __future__ import annotations

import logging
from collections.abc import Container, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

import tantivy

from indexer.document import Document
from indexer.engines.base import Capabilities, Deletion, IndexStatus
from indexer.engines.changes import newest, rank
from indexer.engines.counting import by_condition, heatmap
from indexer.engines.moments import Moments, check_engine, expired
from indexer.engines.ordering import TIES, ranks
from indexer.engines.shapes import Known
from indexer.engines.tantivy import facets, schema
from indexer.engines.tantivy.absorbing import absorbed
from indexer.engines.tantivy.atoms import Clauses, between, every, term, terms, without
from indexer.engines.tantivy.conditions import Compiler
from indexer.engines.tantivy.counting import Counting
from indexer.engines.tantivy.documents import encode, encode_deletion
from indexer.engines.tantivy.facets import Facets
from indexer.engines.tantivy.failures import reading, writing
from indexer.engines.tantivy.filling import TantivyFilling
from indexer.engines.tantivy.lexicon import words_of
from indexer.engines.tantivy.paging import Ids, page_of
from indexer.engines.tantivy.refinement import Refiner, count_of
from indexer.engines.tantivy.spelling import Words
from indexer.engines.tantivy.storage import Snapshot, Storage
from indexer.engines.tantivy.walking import walked
from indexer.query import (
    Condition,
    Cursor,
    Everything,
    FacetRequest,
    FacetValue,
    Query,
    SearchResult,
    TileCount,
)
from indexer.remembered import Remembered
from mappings.errors import ConfigurationError

log = logging.getLogger(__name__)

NAME = "tantivy"
WRITER_BYTES = 32_000_000
MAX_PAGES, MAX_FACETS, MAX_HEATMAPS = 512, 128, 8
"""Answers that are remembered while the index stays the same. Each heatmap may have 32,768 tiles, which are counted
finely and shown at any zoom.
"""
CENSUS_PARTS = 64
_COUNTING = ThreadPoolExecutor(thread_name_prefix="counting")

_Counted = tuple[Condition, tuple[FacetRequest, ...]]


class TantivyEngine:
    """An index in a folder, which is made when it is first used."""

    capabilities = Capabilities(persistent=True, shared=False)

    def __init__(self, folder: Path) -> None:
        self._storage = Storage(folder)
        self._location = str(folder)
        self._known = Known()
        self._words = Words()
        self._gone: Remembered[None, bool] = Remembered(1)
        self._pages: Remembered[Query, tuple[Ids, int]] = Remembered(MAX_PAGES)
        self._facets: Remembered[_Counted, Facets] = Remembered(MAX_FACETS)
        self._tiles: Remembered[Condition, dict[int, int]] = Remembered(MAX_HEATMAPS)
        self._moments: Moments[Snapshot] = Moments()

    @property
    def needs_rebuild(self) -> bool:
        """See ``Engine.needs_rebuild``."""
        try:
            self._storage.snapshot()
        except ConfigurationError:
            return True
        return False

    def search(self, query: Query) -> SearchResult:
        """See ``Engine.search``. Facets and totals are counted beside the search for hits, and beside what is done with
        these until somebody looks at them: tantivy lets other threads run.
        """
        snapshot = self._moment(query)
        with reading(self._location):
            compiler = self._compiler(snapshot)
            found = compiler.clauses(query.where if _by_relevance(query) else absorbed(query.where))
            counting = self._counting(snapshot, compiler, found, query)
            totals = Counting(
                {where: _COUNTING.submit(self._total, snapshot, where) for where in query.totals}
            )
            ids, total, after = self._hits(snapshot, compiler, found, query)
            tiles = self._heatmap(snapshot, compiler, found, query)
        return SearchResult(ids, total, counting, tiles, after, totals)

    def _hits(
        self, snapshot: Snapshot, compiler: Compiler, found: Clauses, query: Query
    ) -> tuple[Ids, int, Cursor | None]:
        def asked() -> tantivy.Query:
            if _by_relevance(query):
                return compiler.ranked(found, query.prefer)
            return compiler.matching(found)

        if query.page.after is not None:
            ids, total, key = walked(snapshot.searcher, asked(), query)
            return ids, total, None if key is None else Cursor(NAME, self._moments.keep(snapshot), key)
        question = replace(query, facets=(), heatmap=None, totals=())
        ids, total = self._pages.answer(
            snapshot.mark, question, lambda: page_of(snapshot.searcher, asked(), query)
        )
        return ids, total, None

    def _counting(
        self, snapshot: Snapshot, compiler: Compiler, found: Clauses, query: Query
    ) -> Counting[str, tuple[FacetValue, ...]]:
        """The facets, which other threads begin to count."""
        parts: dict[str, Future[Facets]] = {}
        for asked in _together(query):
            among = found if asked[0] == query.where else None
            part = _COUNTING.submit(self._count, snapshot, compiler, asked, among)
            parts |= {request.field: part for request in asked[1]}
        return Counting({request.field: parts[request.field] for request in query.facets})

    def _total(self, snapshot: Snapshot, where: Condition) -> dict[Condition, int]:
        with reading(self._location):
            compiler = self._compiler(snapshot)
            return {where: count_of(snapshot.searcher, compiler.matching(compiler.clauses(absorbed(where))))}

    def _count(
        self, snapshot: Snapshot, compiler: Compiler, asked: _Counted, found: Clauses | None
    ) -> Facets:
        """The facets that are asked for among the records of one condition, which may be compiled already."""
        where, requests = asked

        def count() -> Facets:
            with reading(self._location):
                among = compiler.clauses(where) if found is None else found
                return facets.count(snapshot.searcher, compiler.matching(among), requests)

        return self._facets.answer(snapshot.mark, asked, count)

    def _heatmap(
        self, snapshot: Snapshot, compiler: Compiler, found: Clauses, query: Query
    ) -> tuple[TileCount, ...]:
        if query.heatmap is None:
            return ()
        counts = self._tiles.answer(
            snapshot.mark,
            query.where,
            lambda: facets.count_tiles(snapshot.searcher, compiler.matching(found)),
        )
        return heatmap(counts, query.heatmap)

    def _compiler(self, snapshot: Snapshot) -> Compiler:
        refine = Refiner(snapshot.searcher, self._known)
        return Compiler(refine, snapshot.lexicon, self._some_gone(snapshot))

    def _some_gone(self, snapshot: Snapshot) -> bool:
        return self._gone.answer(
            snapshot.mark, None, lambda: count_of(snapshot.searcher, term(schema.GONE, 1)) > 0
        )

    def _moment(self, query: Query) -> Snapshot:
        """That in which the walk began, or, where there is none, the newest."""
        self._moments.let_go()
        after = query.page.after
        if after is None or after == Cursor():
            return self._storage.snapshot()
        check_engine(after, NAME)
        kept = self._moments.find(after.moment)
        if kept is None and ranks(query):
            raise expired()
        return self._storage.snapshot() if kept is None else kept

    def words_near(self, word: str, edits: int) -> tuple[str, ...]:
        """See ``Engine.words_near``."""
        snapshot = self._storage.snapshot()
        with reading(self._location):
            return self._words.near(snapshot, word, edits)

    def worth(self, conditions: Sequence[Condition], record_id: str) -> tuple[float | None, ...]:
        """See ``Engine.worth``."""
        snapshot = self._storage.snapshot()
        with reading(self._location):
            compiler = self._compiler(snapshot)
            own = term(schema.ID, record_id)
            found = [
                snapshot.searcher.search(every(compiler.query(where), own), limit=1).hits
                for where in conditions
            ]
        return tuple(hits[0][0] if hits else None for hits in found)

    def apply(self, changes: Sequence[Document | Deletion]) -> None:
        """See ``Engine.apply``. Holds the index's lock for as long as it takes."""
        latest = newest(changes)
        if not latest:
            return
        self._storage.snapshot()  # makes the first index, before the lock is taken
        with self._storage.lock():
            self._storage.discard_leftovers()
            snapshot = self._storage.snapshot()
            with writing(self._location):
                versions = _ranks(snapshot.searcher, list(latest))
                taken = [change for key, change in latest.items() if rank(change) >= versions.get(key, 0)]
                if taken:
                    snapshot.lexicon.add(words_of(one for one in taken if isinstance(one, Document)))
                    _write(snapshot.index, taken, known=versions.keys())
            self._storage.snapshot()

    @contextmanager
    def filling(self, label: str, note: str) -> Iterator[TantivyFilling]:
        """See ``Engine.filling``. Other processes cannot write meanwhile, and find the new index afterwards."""
        with self._storage.lock(), closing(TantivyFilling(self._storage, label, note)) as filling:
            yield filling

    def status(self) -> IndexStatus:
        """See ``Engine.status``."""
        snapshot = self._storage.snapshot()
        with reading(self._location):
            gone = count_of(snapshot.searcher, term(schema.GONE, 1))
            return IndexStatus(snapshot.searcher.num_docs - gone, self._storage.size(), self._location)

    def census(self) -> Iterator[tuple[str, int]]:
        """See ``Engine.census``."""
        searcher = self._storage.snapshot().searcher
        step = TIES // CENSUS_PARTS
        for low in range(0, TIES, step):  # in parts: a list of all hits would take much memory
            with reading(self._location):
                part = without(between(schema.TIE, low, low + step - 1), term(schema.GONE, 1))
                counted = count_of(searcher, part)
                hits = searcher.search(part, limit=max(counted, 1), count=False).hits
                addresses = [address for _, address in hits]
                versions = searcher.fast_field_values(schema.VERSION, addresses)
                ids = [searcher.doc(address)[schema.ID][0] for address in addresses]
            yield from zip(ids, (int(version or 0) for version in versions), strict=True)

    def close(self) -> None:
        """Let go of the files."""
        self._storage.forget()


def _by_relevance(query: Query) -> bool:
    """Whether hits are wanted in an order of relevance, which what is absorbed would change."""
    return bool(query.page.size) and ranks(query)


def _together(query: Query) -> Iterator[_Counted]:
    """The facet requests that are counted in one pass. Of all records counting takes much longer than finding them: a
    pass for each facet keeps all processors busy to the end.
    """
    for where, requests in by_condition(query):
        if where == Everything():
            yield from ((where, (request,)) for request in requests)
        else:
            yield where, requests


def _encode(change: Document | Deletion) -> str:
    return encode(change) if isinstance(change, Document) else encode_deletion(change.id, change.version)


def _ranks(searcher: tantivy.Searcher, ids: list[str]) -> dict[str, int]:
    """``changes.rank`` of what the index has under each id."""
    hits = searcher.search(terms(schema.ID, ids), limit=len(ids), count=False).hits
    addresses = [address for _, address in hits]
    ids = [searcher.doc(address)[schema.ID][0] for address in addresses]
    versions = (int(number or 0) for number in searcher.fast_field_values(schema.VERSION, addresses))
    gone = (mark is not None for mark in searcher.fast_field_values(schema.GONE, addresses))
    return {key: 2 * version + deleted for key, version, deleted in zip(ids, versions, gone, strict=True)}


def _write(index: tantivy.Index, changes: list[Document | Deletion], known: Container[str]) -> None:
    writer = index.writer(WRITER_BYTES, 1)
    try:
        writer.garbage_collect_files()  # a killed writer leaves files under names that this one will want
        _replace(writer, changes, known)
    except ValueError:  # a writer that failed goes on losing documents until it is rolled back
        log.warning("index_write_repeated", exc_info=True)
        writer.rollback()
        _replace(writer, changes, known)
    finally:
        writer.wait_merging_threads()


def _replace(writer: tantivy.IndexWriter, changes: list[Document | Deletion], known: Container[str]) -> None:
    for change in changes:
        if change.id in known:
            writer.delete_documents_by_term(schema.ID, change.id)
        writer.add_json(_encode(change))  # indexed in the writer's own thread while the next one is encoded
    writer.commit()

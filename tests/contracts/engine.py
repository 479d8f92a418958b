"""The contract of search engines: subclass ``ComparedContract`` and say how the engine is made.

Relevance is part of the contract: fresh indexes of the same documents rank hits alike (``TOLERANCE``), conditions
other than Text and Phrase count nothing unless they are preferred, and the pages of one question put together are
all hits, each once.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from indexer.document import Document
from indexer.engines.base import Deletion, Engine
from indexer.engines.centres import Point, centre_of, distance_keys
from indexer.engines.memory import MemoryEngine
from indexer.engines.ordering import ranks
from indexer.engines.regions import region_of
from indexer.query import DISTANCE, Condition, Page, Query, Sort, check
from tests.contracts.engine_answers import AnswersContract
from tests.contracts.engine_changes import ChangesContract
from tests.contracts.engine_counting import CountingContract
from tests.contracts.engine_documents import refill
from tests.contracts.engine_extents import ExtentsContract
from tests.contracts.engine_nearness import NearnessContract
from tests.contracts.engine_preferences import PreferencesContract
from tests.contracts.engine_random import LATITUDES, LONGITUDES, changes, conditions, documents, queries
from tests.contracts.engine_walks import WalksContract, walk
from tests.contracts.engine_words import WordsContract

TOLERANCE = 1e-5
"""Hits whose relevance differs by a smaller share may stand either way round: engines reckon in 32 bits."""
EARTH_RADIUS = 6_371_000


class EngineContract(
    WordsContract,
    ExtentsContract,
    AnswersContract,
    CountingContract,
    PreferencesContract,
    NearnessContract,
    ChangesContract,
    WalksContract,
):
    """What every engine does."""

    def make(self, folder: Path) -> Engine:
        """A fresh engine; ``folder`` is its own."""
        raise NotImplementedError

    @pytest.fixture
    def engine(self, tmp_path: Path) -> Iterator[Engine]:
        engine = self.make(tmp_path / "index")
        yield engine
        engine.close()


class ComparedContract(EngineContract):
    """What every engine but the plain one does: answer random questions as the plain one answers them."""

    def test_answers_as_memory_does(self, engine: Engine) -> None:
        @settings(max_examples=40)
        @given(changes=changes(), asked=st.lists(queries(), min_size=1, max_size=12))
        def answers_alike(changes: list[Document | Deletion], asked: list[Query]) -> None:
            plain = MemoryEngine()
            refill(engine, [])
            half = len(changes) // 2
            for batch in (changes[:half], changes[half:]):
                plain.apply(batch)
                engine.apply(batch)
            assert engine.status().documents == plain.status().documents
            for query in asked:
                check(query)
                event(f"hits: {min(plain.search(query).total, 3)}")
                compare(engine, plain, query)

        answers_alike()

    def test_ranks_as_memory_does(self, engine: Engine) -> None:
        """Fresh indexes, as engines that have replaced documents still count the old ones' words for a while."""

        @settings(max_examples=25)
        @given(
            found=st.lists(documents(), min_size=2, max_size=8, unique_by=lambda one: one.id),
            asked=st.lists(queries(), min_size=1, max_size=8),
        )
        def ranked_alike(found: list[Document], asked: list[Query]) -> None:
            plain = MemoryEngine()
            refill(plain, found)
            refill(engine, found)
            for query in asked:
                if ranks(query):
                    worth = plain.relevance(query)
                    ordered = [worth[record_id] for record_id in engine.search(query).ids]
                    event(f"different values: {min(len(set(ordered)), 3)}")
                    assert ordered == pytest.approx(sorted(ordered, reverse=True), rel=TOLERANCE)

        ranked_alike()

    def test_goes_by_distance_as_memory_does(self, engine: Engine) -> None:
        """Middles as far as one another, but for a metre, may stand either way round."""

        @settings(max_examples=15)
        @given(
            found=st.lists(documents(), min_size=2, max_size=8, unique_by=lambda one: one.id),
            near=st.tuples(st.sampled_from(LONGITUDES), st.sampled_from(LATITUDES)),
            where=conditions(),
        )
        def nearest_first(found: list[Document], near: Point, where: Condition) -> None:
            plain = MemoryEngine()
            refill(plain, found)
            refill(engine, found)
            query = Query(where, Sort(DISTANCE, near=near), page=Page(0, 100))
            check(query)
            ids = engine.search(query).ids
            away = distances({one.id: one for one in found}, near)
            metres = [away[record_id] for record_id in ids]
            event(f"different distances: {min(len(set(metres)), 4)}")
            assert metres == pytest.approx(sorted(metres), abs=1.0)
            assert sorted(ids) == sorted(plain.search(query).ids)
            pages = [engine.search(replace(query, page=Page(at, 2))).ids for at in range(0, len(ids), 2)]
            assert [record_id for page in pages for record_id in page] == list(ids)

        nearest_first()


def distances(found: Mapping[str, Document], near: Point) -> dict[str, float]:
    """Metres from a point to the middle of each document, and farther than all others for those that are nowhere."""
    away = dict.fromkeys(found, 1e9)
    for record_id, one in found.items():
        region = region_of(one)
        if region is not None:
            key = float(distance_keys(near, np.array([centre_of(one, region)]))[0])
            away[record_id] = EARTH_RADIUS * math.acos(max(-1.0, min(1.0, 1 - key)))
    return away


def compare(engine: Engine, plain: Engine, query: Query) -> None:
    """Assert that two engines answer alike: ids, total, facets, and order except by relevance."""
    answer, expected = engine.search(query), plain.search(query)
    if ranks(query):
        assert set(answer.ids) == set(expected.ids)
        assert len(answer.ids) == len(expected.ids)
    else:
        assert answer.ids == expected.ids
        for offset in range(3):
            page = engine.search(replace(query, page=Page(offset, 2), facets=()))
            assert page.ids == expected.ids[offset : offset + 2]
    walked = [key for page in walk(engine, replace(query, facets=(), heatmap=None), 3) for key in page]
    assert sorted(walked) == sorted(expected.ids) if ranks(query) else walked == list(expected.ids)
    assert answer.total == expected.total
    assert answer.facets == expected.facets
    assert answer.heatmap == expected.heatmap
    assert answer.totals == expected.totals

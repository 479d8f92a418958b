"""Writing to a real Elasticsearch that is short of memory, or whose connection breaks: nothing is lost."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from elasticsearch import Elasticsearch

from indexer.catalogue import Catalogue
from indexer.engines import open_engine
from indexer.query import Query
from indexer.store import open_store
from tests.indexer.samples import sample
from tests.peers.elasticsearch import TEST_PREFIX
from tests.peers.relay import Relay, relay

pytestmark = pytest.mark.peer
BREAKER = "network.breaker.inflight_requests.limit"
_numbers = itertools.count()


@pytest.fixture
def relayed(elasticsearch_url: str) -> Iterator[Relay]:
    with relay(elasticsearch_url) as made:
        yield made


@pytest.fixture
def catalogue(relayed: Relay, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Catalogue]:
    """A catalogue whose engine has to go through the relay."""
    monkeypatch.setattr("indexer.engines.elasticsearch.bulk.BACKOFF", 0.01)
    with (
        closing(open_store(f"sqlite:///{tmp_path}/halocline.db")) as store,
        closing(open_engine(f"{relayed.url}/{TEST_PREFIX}trouble-{next(_numbers)}", tmp_path)) as engine,
    ):
        made = Catalogue(store, engine)
        made.ingest([sample("first")])
        assert made.drain() == 1
        yield made


def test_a_server_that_is_short_of_memory_is_told_later(catalogue: Catalogue, elasticsearch_url: str) -> None:
    with Elasticsearch(elasticsearch_url) as client:
        client.cluster.put_settings(transient={BREAKER: "10kb"})
        try:
            catalogue.ingest([sample(f"record {number}") for number in range(40)])
            assert (catalogue.drain(), catalogue.pending()) == (0, 40)
        finally:
            client.cluster.put_settings(transient={BREAKER: None})
    assert (catalogue.drain(), catalogue.pending()) == (40, 0)
    assert catalogue.search(Query()).total == 41


@pytest.mark.parametrize("answered", [False, True], ids=["in the middle of a request", "before the answer"])
def test_a_connection_that_breaks_loses_nothing(
    catalogue: Catalogue, relayed: Relay, *, answered: bool
) -> None:
    relayed.cuts, relayed.answered = b"/_bulk", answered
    catalogue.ingest([sample(f"record {number}") for number in range(40)])
    assert (catalogue.drain(), catalogue.pending()) == (0, 40)
    assert relayed.cut
    relayed.cuts = None
    assert (catalogue.drain(), catalogue.pending()) == (40, 0)
    assert catalogue.search(Query()).total == 41

"""Elasticsearch, the real one, held to the contract of engines; and what is its own."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from contextlib import closing
from copy import deepcopy
from pathlib import Path
from random import Random

import pytest
from elasticsearch import Elasticsearch

from indexer.areas import read_area
from indexer.catalogue import Catalogue
from indexer.document import Document
from indexer.engines import open_engine
from indexer.engines.base import Engine
from indexer.engines.elasticsearch import answers, filling, mapping
from indexer.engines.elasticsearch import documents as documents_module
from indexer.engines.elasticsearch.documents import encode
from indexer.engines.elasticsearch.engine import ElasticsearchEngine
from indexer.engines.memory import MemoryEngine
from indexer.query import (
    And,
    Compare,
    Condition,
    Cursor,
    Everything,
    FacetRequest,
    FacetValue,
    Not,
    Or,
    Query,
    Spatial,
    Terms,
    Text,
    check,
)
from indexer.store import open_store
from mappings.errors import ConfigurationError, IndexUnavailable, InvalidQuery
from mappings.record import BoundingBox
from tests.contracts.engine import ComparedContract
from tests.contracts.engine_documents import Bounds, document, found, refill, titled
from tests.indexer.samples import sample
from tests.peers.elasticsearch import TEST_PREFIX
from tests.peers.servers import free_port

pytestmark = pytest.mark.peer
_numbers = itertools.count()


class TestElasticsearchEngine(ComparedContract):
    @pytest.fixture(autouse=True)
    def _server(self, elasticsearch_url: str) -> None:
        self.url = elasticsearch_url

    def make(self, folder: Path) -> Engine:
        return open_engine(f"{self.url}/{TEST_PREFIX}{next(_numbers)}", folder)

    def lose_moment(self, engine: Engine, cursor: Cursor) -> Cursor:
        with Elasticsearch(self.url) as client:
            client.options(ignore_status=404).close_point_in_time(id=cursor.moment)
        return cursor


@pytest.fixture
def engine(elasticsearch_url: str, tmp_path: Path) -> Iterator[ElasticsearchEngine]:
    opened = open_engine(f"{elasticsearch_url}/{TEST_PREFIX}{next(_numbers)}", tmp_path)
    assert isinstance(opened, ElasticsearchEngine)
    yield opened
    opened.close()


@pytest.fixture
def away(tmp_path: Path) -> Engine:
    """An engine whose cluster is not there."""
    return open_engine(f"http://127.0.0.1:{free_port()}/halocline", tmp_path)


def test_an_index_of_another_version_has_to_be_rebuilt(
    engine: ElasticsearchEngine, elasticsearch_url: str
) -> None:
    engine.apply([titled("a", "sea")])
    with Elasticsearch(elasticsearch_url) as client:
        client.indices.put_mapping(index=alias(engine), meta={"halocline": "another"})
    later = open_engine(engine.status().location, Path())
    assert later.needs_rebuild
    with pytest.raises(ConfigurationError, match="index rebuild"):
        later.search(Query())
    assert refill(later, [titled("b", "sea")]) == 1
    assert found(later, Everything()) == {"b"}


def test_what_the_index_refuses_does_not_stop_the_others(
    engine: ElasticsearchEngine, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(document: Document) -> dict[str, object]:
        return encode(document) | ({"unheard_of": 1} if document.id == "b" else {})

    monkeypatch.setattr(documents_module, "encode", broken)
    engine.apply([titled(key, "sea") for key in "abc"])
    assert found(engine, Everything()) == {"a", "c"}
    assert "document_refused" in caplog.text
    assert "unheard_of" in caplog.text


def test_rebuilding_leaves_one_index(engine: ElasticsearchEngine, elasticsearch_url: str) -> None:
    for _ in range(2):
        refill(engine, [titled("a", "sea")])
    with Elasticsearch(elasticsearch_url) as client:
        assert len(client.indices.get(index=f"{alias(engine)}*").body) == 1


def test_a_lost_index_is_not_made_again_by_guesses(
    engine: ElasticsearchEngine, elasticsearch_url: str
) -> None:
    engine.apply([titled("a", "sea")])
    with Elasticsearch(elasticsearch_url) as client:
        client.indices.delete(index=f"{alias(engine)}-first")
        for _ in range(2):
            with pytest.raises(IndexUnavailable, match="not there"):
                engine.apply([titled("b", "sea")])
            engine.apply([titled("b", "sea")])  # the next use makes an empty one
            assert found(engine, Everything()) == {"b"}
            client.indices.delete(index=f"{alias(engine)}-first")
    for where in (None, Text("sea")):
        with pytest.raises(IndexUnavailable, match="not there"):
            engine.search(Query(facets=(FacetRequest("platform", where=where),)))
        engine.status()  # makes an empty one
        with Elasticsearch(elasticsearch_url) as client:
            client.indices.delete(index=f"{alias(engine)}-first")


def test_the_longest_ids_and_values_are_kept(engine: ElasticsearchEngine) -> None:
    long_id, long_value = "x" * 2000, "ΐ" * 9000  # whose folded form is three times as long
    engine.apply([document(long_id, keywords={"platform": [long_value]})])
    assert found(engine, Terms("platform", (long_value[:8000],))) == {long_id}
    assert found(engine, Compare("platform", "=", long_value)) == {long_id}


def test_too_complex_a_question_is_refused_as_one(engine: ElasticsearchEngine) -> None:
    words = " ".join(f"w{number}" for number in range(180))
    where = Or(tuple(Text(f"{words} x{number}") for number in range(400)))
    nested: Condition = Text("z")
    for number in range(8):
        nested = Or((Text(f"b{number}"), Not(And((Text(f"a{number}"), nested)))))
    for query in (Query(where), Query(facets=(FacetRequest("platform", where=where),)), Query(nested)):
        check(query)
        with pytest.raises(InvalidQuery, match="filter"):
            engine.search(query)


NEAR = BoundingBox(0.0200001, 0.01, 0.04, 0.04)
"""Nearer to the boxes of ``EXTENTS["beside"]`` than Elasticsearch can tell, but apart from them."""
INSIDE, FAR = BoundingBox(19, 19, 31, 31), BoundingBox(100, 40, 110, 50)
POLYGON = read_area("POLYGON ((20 20, 30 20, 25 30, 20 20))")
EXTENTS: dict[str, list[Bounds]] = {
    "beside": [(0.01, 0.01, 0.02, 0.02), (0.05, 0.05, 0.06, 0.06)],
    "two": [(20, 20, 21, 21), (29, 29, 30, 30)],
    "one": [(24, 22, 26, 23)],
    "corner": [(20, 29, 21, 30)],
}


@pytest.mark.parametrize(
    ("where", "facets", "requests"),
    [
        (Spatial("intersects", FAR), (), 1),
        (Spatial("intersects", INSIDE), (), 1),
        (Spatial("within", INSIDE), (), 1),
        (Spatial("intersects", NEAR), (), 2),  # what was supposed is not so
        (And((Text("one"), Spatial("intersects", NEAR))), (), 1),  # the doubtful is no hit
        (Spatial("intersects", POLYGON), (), 1),
        (Not(Spatial("intersects", NEAR)), (), 2),  # where supposing would find too little
        (Everything(), (Spatial("intersects", INSIDE), Text("one")), 1),
        (Spatial("intersects", POLYGON), (Spatial("intersects", NEAR), Text("one")), 2),
    ],
)
def test_what_is_doubtful_seldom_costs_a_request(
    engine: ElasticsearchEngine,
    elasticsearch_url: str,
    where: Condition,
    facets: tuple[Condition, ...],
    requests: int,
) -> None:
    plain = MemoryEngine()
    written = [titled(key, key, boxes=boxes, keywords={"platform": [key]}) for key, boxes in EXTENTS.items()]
    fields = ("platform", "topic")
    query = Query(
        where,
        facets=tuple(FacetRequest(field, where=one) for field, one in zip(fields, facets, strict=False)),
    )
    refill(plain, written)
    refill(engine, written)
    engine.search(query)  # descriptions of regions are read once
    with Elasticsearch(elasticsearch_url) as client:
        before = searches(client)
        answer = engine.search(query)
        assert searches(client) - before == requests
    assert (answer.ids, answer.total, answer.facets) == (
        plain.search(query).ids,
        plain.search(query).total,
        plain.search(query).facets,
    )


def test_after_a_wrong_supposition_what_is_doubtful_is_listed_first(
    engine: ElasticsearchEngine, elasticsearch_url: str
) -> None:
    refill(engine, [titled(key, key, boxes=boxes) for key, boxes in EXTENTS.items()])
    assert len(found(engine, Spatial("intersects", INSIDE))) == 3  # descriptions of regions are read once
    assert found(engine, Spatial("intersects", NEAR)) == set()
    with Elasticsearch(elasticsearch_url) as client:
        for requests in (2, 1):  # which is found to be right, and then supposed again
            before = searches(client)
            assert found(engine, Spatial("intersects", INSIDE)) == {"two", "one", "corner"}
            assert searches(client) - before == requests


@pytest.mark.parametrize("key", [mapping.BOX, mapping.GEOMETRY])
def test_a_region_that_elasticsearch_cannot_cut_into_triangles_is_decided_all_the_same(
    engine: ElasticsearchEngine, elasticsearch_url: str, monkeypatch: pytest.MonkeyPatch, key: str
) -> None:
    crossed = {"type": "Polygon", "coordinates": [[[0, 0], [10, 10], [10, 0], [0, 10], [0, 0]]]}
    name = {mapping.BOX: "envelope", mapping.GEOMETRY: "geo_shape"}[key]
    monkeypatch.setattr(documents_module, name, lambda _: crossed)
    more = {mapping.BOX: [], mapping.GEOMETRY: [(50.0, 50.0, 51.0, 51.0)]}[key]
    refill(engine, [document("a", boxes=[(20, 20, 21, 21), *more]), titled("b", "nowhere")])
    with Elasticsearch(elasticsearch_url) as client:
        assert client.count(index=alias(engine), query={"term": {"_ignored": key}})["count"] == 1
    area = read_area("POLYGON ((20 20, 30 20, 25 30, 20 20))")
    for region in (BoundingBox(20.5, 20.5, 30, 30), area):
        assert found(engine, Spatial("intersects", region)) == {"a"}
        assert found(engine, Spatial("within", region)) == set()
        assert found(engine, Not(Spatial("intersects", region))) == {"b"}
    assert found(engine, Spatial("contains", BoundingBox(20.5, 20.5, 20.6, 20.6))) == {"a"}
    assert found(engine, Spatial("within", BoundingBox(0, 0, 60, 60))) == {"a"}


def searches(client: Elasticsearch) -> int:
    """How many requests with searches the server has had."""
    nodes = client.nodes.usage(metric="rest_actions").body["nodes"].values()
    actions = ("search_action", "msearch_action")
    return sum(node["rest_actions"].get(action, 0) for node in nodes for action in actions)


@pytest.mark.parametrize("where", [Everything(), Spatial("intersects", INSIDE)])
def test_what_is_remembered_of_an_answer_ends_with_the_next_change(
    engine: ElasticsearchEngine, where: Condition
) -> None:
    query = Query(where, facets=(FacetRequest("platform"),))
    for number in range(1, 4):
        changed = document(str(number), keywords={"platform": ["ship"]}, boxes=[(20, 20, 21, 21)])
        engine.apply([changed])
        for _ in range(2):
            answer = engine.search(query)
            assert answer.total == number
            assert answer.facets["platform"] == (FacetValue("ship", number),)


def test_facets_are_exact_over_several_shards(
    engine: ElasticsearchEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answers, "SHARD_VALUES", 2)
    body = deepcopy(mapping.index_body())
    body["settings"]["index"]["number_of_shards"] = 4
    monkeypatch.setattr(mapping, "index_body", lambda: body)
    rng, plain = Random(5), MemoryEngine()
    written = [
        document(
            str(number), keywords={"platform": [f"p{int(rng.paretovariate(0.6)) % 200}" for _ in range(3)]}
        )
        for number in range(400)
    ]
    refill(engine, written)
    refill(plain, written)
    query = Query(facets=(FacetRequest("platform", 5),))
    assert engine.search(query).facets == plain.search(query).facets


def test_a_filled_index_is_merged_before_it_answers(
    engine: ElasticsearchEngine, elasticsearch_url: str
) -> None:
    fill_in_parts(engine)
    with Elasticsearch(elasticsearch_url) as client:
        statistics = client.indices.stats(index=alias(engine), metric="segments").body
    assert statistics["_all"]["primaries"]["segments"]["count"] == 1
    assert engine.search(Query(Text("salinity"))).total == 9


def test_an_index_that_takes_too_long_to_merge_answers_all_the_same(
    engine: ElasticsearchEngine, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(filling, "MERGING", 1e-6)
    fill_in_parts(engine)
    assert "merge_left_to_the_cluster" in caplog.text
    assert engine.search(Query(Text("salinity"))).total == 9


def fill_in_parts(engine: ElasticsearchEngine) -> None:
    """Nine documents in at least three segments."""
    with engine.filling("tests", "") as fresh:
        for number in range(3):
            fresh.add([titled(f"{number} {n}", "salinity") for n in range(3)], lambda: "")
        fresh.publish()


def test_a_catalogue_without_its_cluster_loses_nothing(
    away: Engine, elasticsearch_url: str, tmp_path: Path
) -> None:
    with closing(open_store(f"sqlite:///{tmp_path}/halocline.db")) as store:
        without = Catalogue(store, away)
        without.ingest([sample("a"), sample("b")])
        assert without.drain() == 0
        assert without.pending() == 2
        assert without.get("a").record.title.text
        for call in (lambda: without.search(Query()), without.status, without.index_is_lost, without.rebuild):
            with pytest.raises(IndexUnavailable, match="does not answer"):
                call()
        back = Catalogue(store, open_engine(f"{elasticsearch_url}/{TEST_PREFIX}{next(_numbers)}", tmp_path))
        assert back.drain() == 2
        assert back.search(Query()).total == 2


def alias(engine: ElasticsearchEngine) -> str:
    return engine.status().location.rpartition("/")[2]


def test_a_blocked_index_loses_nothing(
    elasticsearch_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A write block, and that of a disk which is nearly full: changes wait in the outbox until it is lifted."""
    monkeypatch.setattr("indexer.engines.elasticsearch.bulk.BACKOFF", 0.01)
    opened = open_engine(f"{elasticsearch_url}/{TEST_PREFIX}{next(_numbers)}", tmp_path)
    with (
        closing(open_store(f"sqlite:///{tmp_path}/halocline.db")) as store,
        Elasticsearch(elasticsearch_url) as client,
    ):
        catalogue = Catalogue(store, opened)
        catalogue.ingest([sample("first")])
        assert catalogue.drain() == 1
        name = opened.status().location.rpartition("/")[2]
        for number, block in enumerate(("write", "read_only_allow_delete"), 1):
            settings = {f"index.blocks.{block}": True}
            client.indices.put_settings(index=name, settings=settings)
            catalogue.ingest([sample(f"{block} {n}") for n in range(5)])
            assert (catalogue.drain(), catalogue.pending()) == (0, 5)
            assert catalogue.search(Query()).total == 5 * number - 4
            client.indices.put_settings(index=name, settings={f"index.blocks.{block}": None})
            assert (catalogue.drain(), catalogue.pending()) == (5, 0)
            assert catalogue.search(Query()).total == 5 * number + 1

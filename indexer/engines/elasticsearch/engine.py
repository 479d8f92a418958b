"""The engine itself: batches in, answers out, a fresh index behind the alias at each rebuild."""

from __future__ import annotations

import logging
import threading
import uuid
from collections.abc import Iterable, Sequence
from typing import Any

from elasticsearch import ApiError, BadRequestError, NotFoundError
from elasticsearch.helpers import streaming_bulk

from indexer.document import Document
from indexer.engines.base import Capabilities, IndexStatus
from indexer.engines.changes import Change, newest
from indexer.engines.elasticsearch import mapping
from indexer.engines.elasticsearch.answers import answer
from indexer.engines.elasticsearch.conditions import Compiler
from indexer.engines.elasticsearch.connection import REBUILD, Address, check_version, speaking_to
from indexer.engines.elasticsearch.documents import action
from indexer.engines.elasticsearch.refinement import Refiner
from indexer.engines.shapes import Known
from indexer.query import Query, SearchResult
from mappings.errors import ConfigurationError, IndexUnavailable, InvalidQuery

log = logging.getLogger(__name__)

CHUNK, CHUNK_BYTES = 500, 8 * 1024 * 1024
"""Documents and bytes of one bulk request."""
RETRIES, BACKOFF = 5, 0.5
"""How often a document is sent again that the cluster was too busy to take, and the seconds before the first time."""
_MISSING, _CONFLICT = 404, 409
_BUSY = {429, 503}
_TOO_MUCH = "maxClauseCount", "max_nested_depth", "nested depth", "too complex"
"""What servers of different versions say of a query that is too large for them."""


class ElasticsearchEngine:
    """An index in a cluster, which is made when it is first used."""

    capabilities = Capabilities(persistent=True, shared=True)

    def __init__(self, address: Address) -> None:
        self._address = address
        self._alias = address.prefix
        self._client = address.client()
        self._known = Known()
        self._checked = False
        self._checking = threading.Lock()

    @property
    def needs_rebuild(self) -> bool:
        """See ``Engine.needs_rebuild``. Raises ``IndexUnavailable`` where the cluster is away."""
        with speaking_to(self._address):
            check_version(self._client, self._address)
            self._create_first()
            return self._fingerprint() != mapping.fingerprint()

    def search(self, query: Query) -> SearchResult:
        """See ``Engine.search``."""
        self._check()
        with speaking_to(self._address):
            compiler = Compiler(Refiner(self._ask, self._known))
            return answer(self._ask, compiler.query, query)

    def _ask(self, body: dict[str, Any]) -> dict[str, Any]:
        try:
            found: dict[str, Any] = self._client.search(index=self._alias, body=body).body
        except NotFoundError as error:
            self._checked = False
            raise IndexUnavailable(f"the index {self._alias} is not there at this moment") from error
        except ApiError as error:
            if any(reason in str(error) for reason in _TOO_MUCH):
                raise InvalidQuery(
                    "filter", "has too many words or conditions, or too complex a pattern"
                ) from error
            raise
        if found["timed_out"] or found["_shards"]["failed"]:
            raise IndexUnavailable(f"a part of the index at {self._address.shown} does not answer")
        return found

    def apply(self, changes: Sequence[Change]) -> None:
        """See ``Engine.apply``."""
        latest = newest(changes)
        if not latest:
            return
        self._check()
        with speaking_to(self._address):
            self._send(latest.values(), self._alias)
            self._client.indices.refresh(index=self._alias)

    def rebuild(self, documents: Iterable[Document]) -> int:
        """See ``Engine.rebuild``. What was remembered of deleted documents is forgotten."""
        with speaking_to(self._address):
            check_version(self._client, self._address)
            fresh = f"{self._alias}-{uuid.uuid4().hex[:12]}"
            self._create(fresh, {"refresh_interval": "-1"})
            try:
                count = self._send(documents, fresh)
                self._client.indices.put_settings(index=fresh, settings={"index": {"refresh_interval": None}})
                self._client.indices.refresh(index=fresh)
                self._swap(fresh)
            except BaseException:
                self._client.options(ignore_status=404).indices.delete(index=fresh)
                raise
        return count

    def _swap(self, fresh: str) -> None:
        """Put the alias on ``fresh``, in one step for everyone, and delete what it was on."""
        old = self._behind_alias()
        add = {"add": {"index": fresh, "alias": self._alias}}
        remove = [{"remove": {"index": name, "alias": self._alias}} for name in old]
        self._client.indices.update_aliases(actions=[*remove, add])
        for name in old:
            self._client.options(ignore_status=404).indices.delete(index=name)

    def status(self) -> IndexStatus:
        """See ``Engine.status``."""
        self._check()
        with speaking_to(self._address):
            living = {"bool": {"must_not": [{"term": {mapping.GONE: True}}]}}
            documents = self._client.count(index=self._alias, query=living)["count"]
            size = self._client.indices.stats(index=self._alias, metric="store")["_all"]["primaries"]["store"]
            return IndexStatus(documents, size["size_in_bytes"], self._address.shown)

    def close(self) -> None:
        """Let go of the connections."""
        self._client.close()

    def _send(self, changes: Iterable[Change], index: str) -> int:
        """Write changes in bulk, waiting where the cluster is busy. Gives how many were sent."""
        sent = 0
        results: Iterable[tuple[bool, dict[str, Any]]] = streaming_bulk(
            self._client,
            (action(change, index) for change in changes),
            chunk_size=CHUNK,
            max_chunk_bytes=CHUNK_BYTES,
            max_retries=RETRIES,
            initial_backoff=BACKOFF,
            raise_on_error=False,
            require_alias=index == self._alias,  # or a lost index would be made again by guesses
        )
        for written, result in results:
            sent += 1
            if not written:
                self._refused(result["index"])
        return sent

    def _refused(self, result: dict[str, Any]) -> None:
        """A late write loses as it should. A document that cannot be indexed must not stop the others."""
        if result["status"] == _CONFLICT:
            return
        if result["status"] == _MISSING:
            self._checked = False
            raise IndexUnavailable(f"the index {self._alias} is not there at this moment")
        if result["status"] in _BUSY:
            raise IndexUnavailable(f"Elasticsearch at {self._address.shown} is too busy to index")
        log.error("document_refused key=%s reason=%s", result["_id"], result.get("error"))

    def _check(self) -> None:
        """Once, before the first use: the server is new enough, and the index is there and of this version."""
        if self._checked:
            return
        with self._checking:
            if self.needs_rebuild:
                raise ConfigurationError(
                    f"the index at {self._address.shown} was made by another version of Halocline; {REBUILD}"
                )
            self._checked = True

    def _create_first(self) -> None:
        """Make an empty index where there is none. Two processes that do so at once make the same."""
        if not self._client.indices.exists_alias(name=self._alias):
            self._create(f"{self._alias}-first", {}, alias=self._alias)

    def _create(self, name: str, settings: dict[str, Any], alias: str | None = None) -> None:
        body = mapping.index_body()
        try:
            self._client.indices.create(
                index=name,
                settings={"index": {**body["settings"]["index"], **settings}},
                mappings=body["mappings"],
                aliases={alias: {}} if alias else {},
                wait_for_active_shards=1,
            )
        except BadRequestError as error:
            if error.error != "resource_already_exists_exception":
                raise

    def _behind_alias(self) -> list[str]:
        found = self._client.options(ignore_status=404).indices.get_alias(name=self._alias)
        return [] if found.meta.status == 404 else list(found.body)

    def _fingerprint(self) -> str | None:
        """What the index says of its version."""
        for index in self._client.indices.get_mapping(index=self._alias).body.values():
            found: str | None = index["mappings"].get("_meta", {}).get("halocline")
            return found
        return None

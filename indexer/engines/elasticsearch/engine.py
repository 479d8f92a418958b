"""The engine itself: batches in, answers out, a fresh index behind the alias at each rebuild."""

from __future__ import annotations

import logging
import threading
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any

from elasticsearch import ApiError, BadRequestError, NotFoundError

from indexer.engines.base import Capabilities, IndexStatus
from indexer.engines.changes import Change, newest, version_of
from indexer.engines.elasticsearch import mapping
from indexer.engines.elasticsearch.answers import NAME, answer
from indexer.engines.elasticsearch.asking import Asker, Trust
from indexer.engines.elasticsearch.bulk import TOO_LARGE, send
from indexer.engines.elasticsearch.conditions import Compiler
from indexer.engines.elasticsearch.connection import REBUILD, Address, check_version, speaking_to
from indexer.engines.elasticsearch.explaining import words_near, worth
from indexer.engines.elasticsearch.filling import FAST, ElasticsearchFilling, usual
from indexer.engines.elasticsearch.moments import KEEP_ALIVE, MomentLost, PointsInTime, losing_moments
from indexer.engines.elasticsearch.refinement import Refiner
from indexer.engines.elasticsearch.requests import Body, searched
from indexer.engines.moments import check_engine, expired
from indexer.engines.ordering import ranks
from indexer.engines.shapes import Known
from indexer.query import Condition, Query, SearchResult
from mappings.errors import ConfigurationError, IndexUnavailable, InvalidQuery

log = logging.getLogger(__name__)

CENSUS_PART = 5000
_MISSING, _CONFLICT = 404, 409
_UNFIT = {400, TOO_LARGE}
"""What is said of a document that this index will never take."""
_TOO_MUCH = "maxClauseCount", "max_nested_depth", "nested depth", "too complex"
"""What servers of different versions say of a query that is too large for them, some only of its innermost part."""


class ElasticsearchEngine:
    """An index in a cluster, which is made when it is first used."""

    capabilities = Capabilities(persistent=True, shared=True)

    def __init__(self, address: Address) -> None:
        self._address = address
        self._alias = address.prefix
        self._client = address.client()
        self._known = Known()
        self._trust = Trust()
        self._moments = PointsInTime(self._client, self._alias)
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
        after = query.page.after
        with speaking_to(self._address):
            if after is None:
                return answer(Asker(self._ask_all, self._known, self._trust), query)
            check_engine(after, NAME)
            try:
                return self._answer_at(after.moment or self._moments.shared, query)
            except MomentLost as lost:
                if after.key and ranks(query):
                    raise expired() from lost
            return self._answer_at(self._moments.fresh, query)

    def _answer_at(self, moment: str | Callable[[], str], query: Query) -> SearchResult:
        """The answer in a point in time. Raises ``MomentLost``."""
        if callable(moment):
            try:
                moment = moment()
            except NotFoundError as error:
                raise self._lost() from error
        return answer(Asker(partial(self._ask_at, moment), self._known, self._trust), query)

    def words_near(self, word: str, edits: int) -> tuple[str, ...]:
        """See ``Engine.words_near``."""
        self._check()
        with speaking_to(self._address):
            return words_near(self._ask, word, edits)

    def worth(self, conditions: Sequence[Condition], record_id: str) -> tuple[float | None, ...]:
        """See ``Engine.worth``."""
        self._check()
        with speaking_to(self._address):
            compiler = Compiler(Refiner(self._ask, self._known))
            return tuple(worth(self._ask_all, map(compiler.query, conditions), record_id))

    def _ask(self, body: dict[str, Any]) -> dict[str, Any]:
        return self._ask_all([body])[0]

    def _ask_all(self, bodies: Sequence[Body]) -> Sequence[Body]:
        """The answers to several searches, in one request. The cluster remembers them until something is written."""
        try:
            return self._found(bodies, index=self._alias, request_cache=True)
        except NotFoundError as error:
            raise self._lost() from error

    def _ask_at(self, moment: str, bodies: Sequence[Body]) -> Sequence[Body]:
        """As ``_ask_all``, in a point in time. Raises ``MomentLost``."""
        with losing_moments():
            return self._found([{**body, "pit": {"id": moment, "keep_alive": KEEP_ALIVE}} for body in bodies])

    def _found(self, bodies: Sequence[Body], **where: Any) -> Sequence[Body]:
        try:
            found = searched(self._client, bodies, **where)
        except ApiError as error:
            if any(reason in str(error.body) for reason in _TOO_MUCH):
                raise InvalidQuery(
                    "filter", "has too many words or conditions, or too complex a pattern"
                ) from error
            raise
        if any(one["timed_out"] or one["_shards"]["failed"] for one in found):
            raise IndexUnavailable(f"a part of the index at {self._address.shown} does not answer")
        return found

    def _lost(self) -> IndexUnavailable:
        self._checked = False
        return IndexUnavailable(f"the index {self._alias} is not there at this moment")

    def apply(self, changes: Sequence[Change]) -> None:
        """See ``Engine.apply``."""
        latest = newest(changes)
        if not latest:
            return
        self._check()
        with speaking_to(self._address):
            self._send(latest.values(), self._alias)
            self._client.indices.refresh(index=self._alias)
        self._moments.forget()

    @contextmanager
    def filling(self, label: str, note: str) -> Iterator[ElasticsearchFilling]:
        """See ``Engine.filling``. What was remembered of deleted documents is forgotten."""
        with speaking_to(self._address):
            check_version(self._client, self._address)
            index, progress = self._left(label) or self._begun({"label": label, "note": note, "after": ""})
            yield ElasticsearchFilling(
                self._client, index, progress, self._send, self._swap, usual(self._address.spread)
            )
        self._moments.forget()

    def _left(self, label: str) -> tuple[str, dict[str, str]] | None:
        """An index that a killed filling has left, and how far it was; others are removed."""
        found = None
        current = self._behind_alias()
        for name, index in self._client.indices.get_mapping(index=f"{self._alias}-*").body.items():
            meta = index["mappings"].get("_meta", {})
            if "filling" not in meta or name in current:
                continue
            kinds = (meta["filling"]["label"], meta["halocline"]), (label, mapping.fingerprint())
            if found is None and kinds[0] == kinds[1] and self._is_whole(name):
                found = name, meta["filling"]
            else:
                self._client.options(ignore_status=404).indices.delete(index=name)
        return found

    def _is_whole(self, index: str) -> bool:
        """Whether all its shards are there: one that is being filled has no replicas, and may die with a node."""
        return bool(self._client.cluster.health(index=index)["status"] != "red")

    def _begun(self, progress: dict[str, str]) -> tuple[str, dict[str, str]]:
        fresh = f"{self._alias}-{uuid.uuid4().hex[:12]}"
        self._create(fresh, settings=FAST, meta={"filling": progress})
        return fresh, progress

    def _swap(self, fresh: str) -> None:
        """Put the alias on ``fresh``, in one step for everyone, and delete what it was on."""
        old = [name for name in self._behind_alias() if name != fresh]
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

    def census(self) -> Iterator[tuple[str, int]]:
        """See ``Engine.census``."""
        self._check()
        body: dict[str, Any] = {
            "query": {"bool": {"must_not": [{"term": {mapping.GONE: True}}]}},
            "sort": [{mapping.TIE: "asc"}],
            "size": CENSUS_PART,
            "docvalue_fields": [mapping.ID],
            "version": True,
            "track_total_hits": False,
        }
        while True:
            with speaking_to(self._address):
                hits = self._ask(body)["hits"]["hits"]
            for hit in hits:
                yield hit["fields"][mapping.ID][0], version_of(hit["_version"])
            if len(hits) < CENSUS_PART:
                return
            body["search_after"] = hits[-1]["sort"]

    def close(self) -> None:
        """Let go of the connections."""
        self._client.close()

    def _send(self, changes: Iterable[Change], index: str) -> None:
        """Write changes in bulk."""
        for refusal in send(self._client, changes, index, require_alias=index == self._alias):
            self._refused(refusal)

    def _refused(self, result: dict[str, Any]) -> None:
        """A late write loses as it should. A document that cannot be indexed must not stop the others. Whatever else
        is wrong is wrong with the index: the changes have to wait.
        """
        status, reason = result["status"], result.get("error")
        if status == _CONFLICT:
            return
        if status == _MISSING:
            raise self._lost()
        if status not in _UNFIT:
            kind = reason.get("type") if isinstance(reason, dict) else reason
            raise IndexUnavailable(
                f"Elasticsearch at {self._address.shown} takes no documents at this moment ({status}, {kind})"
            )
        log.error("document_refused key=%s reason=%s", result["_id"], reason)

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
            self._create(f"{self._alias}-first", aliases={self._alias: {}})

    def _create(
        self,
        name: str,
        *,
        settings: Mapping[str, Any] = {},
        meta: Mapping[str, Any] = {},
        aliases: Mapping[str, Any] = {},
    ) -> None:
        body = mapping.index_body()
        try:
            self._client.indices.create(
                index=name,
                settings={"index": {**body["settings"]["index"], **self._address.spread, **settings}},
                mappings={**body["mappings"], "_meta": {**body["mappings"]["_meta"], **meta}},
                aliases=aliases,
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

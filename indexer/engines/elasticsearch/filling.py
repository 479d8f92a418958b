"""A fresh index that is being filled from SQL, beside the one that answers. Killed, it goes on where it was."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping
from math import ceil
from typing import Any

from elasticsearch import ApiError, ConnectionTimeout, Elasticsearch

from indexer.document import Document
from indexer.engines.elasticsearch.mapping import AUTOMATIC

log = logging.getLogger(__name__)

FAST = {
    "refresh_interval": "-1",
    "number_of_replicas": 0,
    "auto_expand_replicas": False,
    "translog": {"durability": "async"},
}
"""Settings of an index that nobody reads yet, and that is made anew if it is lost."""
REPLICAS = "60s"
"""How long replicas are waited for before a filled index is published."""
MERGING = 3600.0
"""Seconds that merging is waited for. It goes on in the cluster after that."""
SEGMENT_BYTES = 4 << 30
"""Elasticsearch does not merge segments of over 5 GB again before they hold mostly what is deleted."""


def usual(spread: Mapping[str, Any]) -> dict[str, Any]:
    """What is set instead before an index is published; ``spread`` is what the URL says of replicas."""
    replicas = {name: value for name, value in spread.items() if name != "number_of_shards"}
    automatic = {"auto_expand_replicas": AUTOMATIC, "number_of_replicas": None}
    return {"refresh_interval": None, "translog": {"durability": None}, **automatic, **replicas}


class ElasticsearchFilling:
    """See ``base.Filling``. How far it is stands in the metadata of the index's mapping."""

    def __init__(
        self,
        client: Elasticsearch,
        index: str,
        progress: dict[str, str],
        write: Callable[[Iterable[Document], str], None],
        swap: Callable[[str], None],
        usual: Mapping[str, Any],
    ) -> None:
        """``write`` puts documents into an index; ``swap`` makes an index the one that answers, with ``usual``
        settings.
        """
        self._client = client
        self._index = index
        self._progress = progress
        self._write = write
        self._swap = swap
        self._usual = usual

    @property
    def note(self) -> str:
        """See ``base.Filling.note``."""
        return self._progress["note"]

    @property
    def after(self) -> str:
        """See ``base.Filling.after``."""
        return self._progress["after"]

    def add(self, documents: Iterable[Document], bookmark: Callable[[], str]) -> None:
        """See ``base.Filling.add``. What is written twice, after a kill, stays what it is."""
        self._write(documents, self._index)
        self._client.indices.flush(index=self._index)
        self._progress = {**self._progress, "after": bookmark()}
        self._keep({"filling": self._progress})

    def publish(self) -> None:
        """See ``base.Filling.publish``. Segments are merged, and then copied to replicas as far as there are nodes for
        them.
        """
        self._merge()
        self._client.indices.put_settings(index=self._index, settings={"index": self._usual})
        self._client.indices.refresh(index=self._index)
        self._client.options(ignore_status=408).cluster.health(
            index=self._index, wait_for_no_initializing_shards=True, timeout=REPLICAS
        )
        self._keep({})
        self._swap(self._index)

    def _merge(self) -> None:
        """A search looks through all segments, of which bulk requests leave dozens: few large ones answer faster."""
        found = self._client.indices.stats(index=self._index, metric="store").body
        size = found["_all"]["primaries"]["store"]["size_in_bytes"] / max(1, found["_shards"]["successful"])
        patient = self._client.options(request_timeout=MERGING, max_retries=0)
        try:
            patient.indices.forcemerge(index=self._index, max_num_segments=max(1, ceil(size / SEGMENT_BYTES)))
        except (ApiError, ConnectionTimeout) as error:  # it can be searched as it is, though not as fast
            log.warning("merge_left_to_the_cluster index=%s reason=%s", self._index, error)

    def _keep(self, more: dict[str, Any]) -> None:
        mappings = self._client.indices.get_mapping(index=self._index).body[self._index]["mappings"]
        meta = {key: value for key, value in mappings["_meta"].items() if key != "filling"}
        self._client.indices.put_mapping(index=self._index, meta={**meta, **more})

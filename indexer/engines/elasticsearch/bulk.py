"""Many changes at once: sent as ready bytes, while the next ones are being made."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

from elasticsearch import ApiError, Elasticsearch
from elasticsearch.helpers import streaming_bulk

from indexer.engines.changes import Change
from indexer.engines.elasticsearch.documents import Line, action

CHUNK, CHUNK_BYTES = 1000, 8 * 1024 * 1024
"""Documents and bytes of one bulk request."""
RETRIES, BACKOFF = 5, 0.5
"""How often a document is sent again that the cluster was too busy to take, and the seconds before the first time."""
SENDERS = 2
"""Requests on their way at once: a cluster indexes each in one thread for each shard."""

TOO_LARGE = 413

Refusal = dict[str, Any]


def send(
    client: Elasticsearch, changes: Iterable[Change], index: str, *, require_alias: bool
) -> Iterator[Refusal]:
    """Write changes, waiting where the cluster is busy, and give what it says of each that it did not take.

    With ``require_alias`` an index that is lost is not made again by guesses.
    """

    def deliver(chunk: list[Line]) -> list[Refusal]:
        try:
            return attempt(chunk)
        except ApiError as error:
            if error.status_code != TOO_LARGE:
                raise
        if len(chunk) == 1:
            return [
                {"_id": chunk[0][0].decode(), "status": TOO_LARGE, "error": "larger than the server takes"}
            ]
        half = len(chunk) // 2  # a proxy may take less than Elasticsearch itself
        return deliver(chunk[:half]) + deliver(chunk[half:])

    def attempt(chunk: list[Any]) -> list[Refusal]:
        results = streaming_bulk(
            client,
            chunk,
            expand_action_callback=_as_it_is,
            index=index,
            chunk_size=CHUNK,
            max_chunk_bytes=CHUNK_BYTES,
            max_retries=RETRIES,
            initial_backoff=BACKOFF,
            raise_on_error=False,
            yield_ok=False,
            require_alias=require_alias,
        )
        return [result["index"] for _, result in results]

    under_way: deque[Future[list[Refusal]]] = deque()
    with ThreadPoolExecutor(SENDERS, "bulk") as pool:
        for chunk in _chunks(map(action, changes)):
            under_way.append(pool.submit(deliver, chunk))
            while len(under_way) > SENDERS:
                yield from under_way.popleft().result()
        while under_way:
            yield from under_way.popleft().result()


def _as_it_is(line: Any) -> Any:
    """A ``Line`` needs no expanding."""
    return line


def _chunks(lines: Iterable[Line]) -> Iterator[list[Line]]:
    chunk: list[Line] = []
    size = 0
    for line in lines:
        chunk.append(line)
        size += len(line[0]) + len(line[1])
        if len(chunk) == CHUNK or size >= CHUNK_BYTES:
            yield chunk
            chunk, size = [], 0
    if chunk:
        yield chunk

"""Searches on their way to the cluster."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from elasticsearch import ApiError, Elasticsearch
from elasticsearch.exceptions import HTTP_EXCEPTIONS

Body = dict[str, Any]


def searched(
    client: Elasticsearch, bodies: Sequence[Body], index: str | None = None, request_cache: bool | None = None
) -> Sequence[Body]:
    """The answers to several searches, in one request. Raises ``ApiError`` for the first that is refused."""
    if len(bodies) == 1:
        return [client.search(index=index, body=bodies[0], request_cache=request_cache).body]
    header = {} if request_cache is None else {"request_cache": request_cache}
    answered = client.msearch(index=index, searches=[part for body in bodies for part in (header, body)])
    found: Sequence[Body] = answered.body["responses"]
    for one in found:
        if "error" in one:
            status, meta = one["status"], replace(answered.meta, status=one["status"])
            raise HTTP_EXCEPTIONS.get(status, ApiError)(message=one["error"]["type"], meta=meta, body=one)
    return found

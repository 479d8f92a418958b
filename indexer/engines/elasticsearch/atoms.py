"""The few Elasticsearch queries that conditions are made of."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

Q = dict[str, Any]
NOTHING: Q = {"match_none": {}}


def term(name: str, value: str | int | bool) -> Q:
    """Documents with this value."""
    return {"term": {name: {"value": value}}}


def terms(name: str, values: Sequence[str] | Sequence[int]) -> Q:
    """Documents with at least one of the values."""
    return {"terms": {name: list(values)}} if values else NOTHING


def some(parts: Iterable[Q]) -> Q:
    """Documents that match at least one part."""
    listed = list(parts)
    return listed[0] if len(listed) == 1 else at_least_some(1, listed)


def at_least_some(count: int, parts: Sequence[Q]) -> Q:
    """Documents that match ``count`` parts or more."""
    return {"bool": {"should": list(parts), "minimum_should_match": count}}


def all_of(parts: Iterable[Q]) -> Q:
    """Documents that match all parts, without relevance."""
    return {"bool": {"filter": list(parts)}}


def without(base: Q, part: Q) -> Q:
    """Documents of ``base`` that do not match ``part``, without relevance."""
    return {"bool": {"filter": [base], "must_not": [part]}}

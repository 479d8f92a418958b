"""What every engine sorts by, said once."""

from __future__ import annotations

from hashlib import blake2b
from typing import Any

from indexer.analysis import fold, units
from indexer.document import Document
from indexer.query import SORTED_CHARACTERS, And, AtLeast, Condition, Or, Phrase, Query, Text
from mappings.fields import Field


def sort_value(document: Document, field: Field) -> str | int | None:
    """The value that ``document`` has in an order by ``field``: folded text, or seconds since 1970; None
    without one.
    """
    if field.type == "text":
        texts = document.whole.get(field.name)
        return fold(texts[0])[:SORTED_CHARACTERS].replace("\0", " ") if texts else None
    instants = document.instants.get(field.name)
    return instants[0][0] if instants else None


TIES = 1 << 62
"""Ties are less than this."""


def tie(record_id: str) -> int:
    """A number that orders ids as if drawn by lot: 62 bits, so that no two of ten million ids share one.

    Numbers, unlike texts, are sorted fast at any depth, and CSW clients read whole catalogues page by page.
    """
    return int.from_bytes(blake2b(record_id.encode(), digest_size=8).digest()) >> 2


def ranks(query: Query) -> bool:
    """Whether hits differ in relevance: the order is asked for, and something is preferred, or words are searched
    somewhere outside a Not.
    """
    return query.sort.by == "relevance" and (bool(query.prefer) or has_words(query.where))


def has_words(where: Condition) -> bool:
    """Whether words are searched that give hits a relevance."""
    match where:
        case Text() | Phrase():
            return bool(units(where.words))
        case And(parts) | Or(parts) | AtLeast(_, parts):
            return any(map(has_words, parts))
        case _:
            return False


def comes_after(value: Any, number: int, key: tuple[Any, Any], *, descending: bool) -> bool:
    """Whether a hit with this sort value and ``tie`` follows the hit with those of ``key``, in a sort by a field."""
    other, other_number = key
    if value == other:
        return bool(number < other_number if descending else number > other_number)
    if value is None or other is None:
        return value is None
    return bool(value < other if descending else value > other)

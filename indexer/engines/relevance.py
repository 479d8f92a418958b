"""How relevance is reckoned: BM25 as tantivy and Elasticsearch both have it, said plainly for the plain engine.

Each word (or phrase) that is asked for adds, for each text field, ``weight * rarity * saturated(times, length)``. Both
engines keep the length of a text in one byte, so lengths from 40 words on are rounded down.
"""

from __future__ import annotations

import math
from functools import cache

from mappings.fields import load_fields

K1, B = 1.2, 0.75
_EXACT = 24
"""Lengths below 24 + 16 words are kept exactly."""

NO_WORDS = "\N{EMPTY SET}"
"""What a text field without any word is indexed with: no analysis makes such a word, so nobody can ask for it.

Elasticsearch judges how rare a word is, and how long a text, by the documents that have the field; tantivy by all
documents. With this every document has every text field, and both give the same relevance.
"""


@cache
def stem_fields() -> tuple[str, ...]:
    """The index fields that relevance is taken from."""
    return tuple(f"stems_{field.name}" for field in load_fields().of_type("text"))


def rarity(documents: int, having: int) -> float:
    """How much it says that a document has a word which ``having`` of all ``documents`` have."""
    return math.log(1 + (documents - having + 0.5) / (having + 0.5))


def saturated(times: int, length: int, average: float) -> float:
    """What a word counts that stands so many ``times`` in a text of ``length`` words; never more than ``K1 + 1``."""
    normed = 1 - B + B * kept_length(length) / average
    return (K1 + 1) * times / (times + K1 * normed)


def kept_length(length: int) -> int:
    """The length as one byte holds it: four significant bits beyond the first ``_EXACT``."""
    beyond = length - _EXACT
    if beyond < 16:
        return length
    shift = beyond.bit_length() - 4
    return _EXACT + (beyond >> shift << shift)

"""The endings of words: ``*salin*`` is found as an ending that begins with ``salin``, without reading every word.

Only words without joints have them. A pattern without joints that matches inside a compound (``sea_water_temperature``)
matches inside one of its words, and those are indexed beside it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from indexer.analysis import CACHED_WORDS, JOINTS
from indexer.patterns import Literally, Pattern

SHORTEST = 3
"""Shorter endings are not kept; shorter patterns match so many words that nothing is gained."""

_JOINT = re.compile(f"[{JOINTS}]")


def of_words(words: Iterable[str]) -> str:
    """The endings of blank-separated words, blank-separated."""
    return " ".join(filter(None, map(_endings, dict.fromkeys(" ".join(words).split(" ")))))


def of_pattern(pattern: Pattern) -> Pattern | None:
    """The pattern that the endings of a matching word match: ``*x*`` becomes ``x*``, and ``*x`` becomes ``x``.

    None where the words themselves must be asked.
    """
    match pattern:
        case ("*", Literally(text), *rest) if rest in ([], ["*"]):
            return pattern[1:] if len(text) >= SHORTEST and not _JOINT.search(text) else None
        case _:
            return None


@lru_cache(maxsize=CACHED_WORDS)
def _endings(word: str) -> str:
    if _JOINT.search(word):
        return ""
    return " ".join([word[start:] for start in range(len(word) - SHORTEST + 1)])

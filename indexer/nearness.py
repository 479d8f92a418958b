"""Which words are spelt nearly alike: one measure for all engines, so that they offer the same words.

An edit is one character more, less, or another one, or two neighbours swapped.
"""

from __future__ import annotations

from collections.abc import Iterable

from rapidfuzz import process
from rapidfuzz.distance import OSA

MOST = 20
"""How many words are given at most."""


def nearest(word: str, words: Iterable[str], edits: int) -> tuple[str, ...]:
    """The ``words`` that begin as ``word`` does and are no more than ``edits`` away, nearest first; not itself."""
    alike = {other for other in words if other[:1] == word[:1] and abs(len(other) - len(word)) <= edits}
    found = process.extract(
        word, alike - {word}, scorer=OSA.distance, processor=None, score_cutoff=edits, limit=None
    )
    return tuple(other for other, _, _ in sorted(found, key=lambda each: (each[1], each[0]))[:MOST])

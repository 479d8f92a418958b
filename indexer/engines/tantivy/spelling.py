"""Words that are spelt nearly alike, from the index's own lists of words.

tantivy gives all words of a field with a beginning. These lists are remembered, unless they are long, as those of
identifiers may be: these stand in ``ANYTEXT``, which is asked first whether it has any word that is near.
"""

from __future__ import annotations

from collections.abc import Iterator

import tantivy

from indexer.document import ANYTEXT, searched_fields
from indexer.engines.tantivy import schema
from indexer.engines.tantivy.storage import Snapshot
from indexer.nearness import nearest
from indexer.remembered import Remembered

MAX_LISTS, MAX_WORDS = 128, 20_000
"""Lists that are remembered, each of the words of one field that begin with one letter; and words in one of them."""
FARTHEST = 2
"""Edits up to which tantivy tells whether a word is near."""


class Words:
    """The words of one index."""

    def __init__(self) -> None:
        self._lists: Remembered[tuple[str, str], tuple[str, ...]] = Remembered(MAX_LISTS)

    def near(self, snapshot: Snapshot, word: str, edits: int) -> tuple[str, ...]:
        """See ``Engine.words_near``."""
        if not word or edits < 1:
            return ()
        return nearest(word, self._candidates(snapshot, word, edits), edits)

    def _candidates(self, snapshot: Snapshot, word: str, edits: int) -> Iterator[str]:
        for field in searched_fields(ANYTEXT):
            if field != ANYTEXT or _has_near(snapshot.searcher, f"words_{field}", word, edits):
                yield from self._beginning(snapshot, f"words_{field}", word[:1])

    def _beginning(self, snapshot: Snapshot, name: str, letter: str) -> tuple[str, ...]:
        """The words of an index field that begin with a letter."""
        mark, asked = snapshot.mark, (name, letter)
        known = self._lists.find(mark, asked)
        if known is None:
            known = tuple(word for word, _ in snapshot.searcher.terms_with_prefix(name, letter))
            if len(known) <= MAX_WORDS:
                self._lists.keep(mark, asked, known)
        return known


def _has_near(searcher: tantivy.Searcher, name: str, word: str, edits: int) -> bool:
    if edits > FARTHEST:
        return True
    near = tantivy.Query.fuzzy_term_query(
        schema.schema(), name, word, distance=edits, transposition_cost_one=True
    )
    return bool(searcher.search(tantivy.Query.const_score_query(near, 0.0), limit=1, count=False).hits)

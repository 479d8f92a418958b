"""Every distinct word of an index, kept once and turned at each of its letters, so that ``*salin*`` finds words by the
beginning of what they are kept as, without reading every word.

The lexicon is a small index of its own beside the one whose words it has. It has them all, always: words are safe on
the disk before the commit that brings them into the index. It may have more, of documents that are gone or never came.

Only words without joints are kept. A pattern without joints that matches inside a compound (``sea_water_temperature``)
matches inside one of its words, and those are words of the index too.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import tantivy

from indexer.analysis import JOINTS
from indexer.document import Document
from indexer.engines.tantivy.schema import BLANK, register
from indexer.patterns import Literally, Pattern

SHORTEST = 3
"""Words are not turned at their last letters; shorter patterns match so many words that nothing is gained."""
MAX_WORDS = 5000
"""Where more words match a pattern, it is no slower to read all words than to look up so many."""
WRITER_BYTES = 32_000_000

_TURNED = "turned"
_END = "\0"  # the end of a word, before its beginning; no word contains it
_JOINT = re.compile(f"[{JOINTS}]")


class Lexicon:
    """The words of the index in whose folder it lies. Only who holds that index's lock may ``add``."""

    def __init__(self, folder: Path, *, reuse: bool) -> None:
        self._folder = folder
        self._index = tantivy.Index(_schema(), str(folder), reuse=reuse)
        register(self._index)
        self.reload()

    def reload(self) -> None:
        """See what was added since, by any process. Called after the index is, this is never the older one."""
        self._index.reload()
        self._searcher = self._index.searcher()

    def words(self, pattern: Pattern) -> list[str] | None:
        """The words that match, and maybe some that no document has; None where the index's own must all be asked."""
        beginning = _beginning(pattern)
        if beginning is None:
            return None
        found = self._searcher.terms_with_prefix(_TURNED, beginning, limit=MAX_WORDS + 1)
        return None if len(found) > MAX_WORDS else sorted({_turned_back(turned) for turned, _ in found})

    def add(self, words: Iterable[str]) -> None:
        """Keep words. They are safe from a power cut when this returns; where it fails, none of them may be."""
        missing = [word for word in words if _is_kept(word) and not self._has(word)]
        if not missing:
            return
        writer = self._index.writer(WRITER_BYTES, 1)
        try:
            writer.garbage_collect_files()  # what a killed writer has left
            for word in missing:
                writer.add_document(tantivy.Document.from_dict({_TURNED: _turned(word)}, _schema()))
            writer.commit()
        finally:
            writer.wait_merging_threads()
        _sync(self._folder)
        self.reload()

    def _has(self, word: str) -> bool:
        return self._searcher.doc_freq(_TURNED, word + _END) > 0


def words_of(documents: Iterable[Document]) -> set[str]:
    """The distinct words of the texts of documents, compounds among them."""
    values = {value for one in documents for text in one.texts.values() for value in text.words}
    return {word for value in values for word in value.split(" ")}


@cache
def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field(_TURNED, tokenizer_name=BLANK, index_option="basic")
    return builder.build()


def _is_kept(word: str) -> bool:
    return len(word) >= SHORTEST and not _JOINT.search(word)


def _turned(word: str) -> str:
    return " ".join([word[at:] + _END + word[:at] for at in range(len(word) - SHORTEST + 1)])


def _turned_back(turned: str) -> str:
    end, _, beginning = turned.partition(_END)
    return beginning + end


def _beginning(pattern: Pattern) -> str | None:
    """How matching words begin when they are turned; None for patterns that do not tell."""
    match pattern:
        case ("*", Literally(text), *rest) if rest in ([], ["*"]):
            told = len(text) >= SHORTEST and not _JOINT.search(text)
            return (text if rest else text + _END) if told else None
        case _:
            return None


def _sync(folder: Path) -> None:
    """Make the names of a folder's files safe: tantivy does so before it replaces its list of them, not after."""
    if sys.platform != "win32":  # which has nothing like it
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)

"""A fresh index that is being filled from SQL, beside the one that answers. Killed, it goes on where it was."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import islice

import msgspec
import tantivy

from indexer.document import Document
from indexer.engines.tantivy.documents import encode
from indexer.engines.tantivy.failures import writing
from indexer.engines.tantivy.lexicon import words_of
from indexer.engines.tantivy.storage import Generation, Storage

WRITER_BYTES = 256_000_000
WRITER_THREADS = 1
"""A second one has nothing to do while documents are written down as fast as one indexes them, and makes twice as many
segments, which every search has to look through.
"""
MAX_WORDS = 500_000
"""How many distinct words wait for the commit."""
_CHUNK = 25
"""Documents that are written down before the writer gets them: few, so that they stay in the processor's cache."""


class Progress(msgspec.Struct, frozen=True):
    """How far a generation is filled, written before each commit: with ``documents`` in the index that commit is still
    to come, and the index ends ``before`` it; with more it was made, and the index ends ``after`` it.
    """

    label: str
    note: str
    before: str = ""
    after: str = ""
    documents: int = 0


class TantivyFilling:
    """See ``base.Filling``. The lock must be held for as long as it is used, and it must be closed."""

    def __init__(self, storage: Storage, label: str, note: str) -> None:
        """Goes on with what a killed one has left, if it has the same label, or begins afresh."""
        self._storage = storage
        self._generation, self._progress = _left(storage, label) or _begun(storage, Progress(label, note))
        with writing(storage.location):
            self._writer: tantivy.IndexWriter | None = self._generation.index.writer(
                WRITER_BYTES, WRITER_THREADS
            )

    @property
    def note(self) -> str:
        """See ``base.Filling.note``."""
        return self._progress.note

    @property
    def after(self) -> str:
        """See ``base.Filling.after``."""
        return self._progress.after

    def add(self, documents: Iterable[Document], bookmark: Callable[[], str]) -> None:
        """See ``base.Filling.add``. Segments are merged while the next documents come."""
        writer = self._writer
        if writer is None:
            raise ValueError("nothing is added to an index that is published or closed")
        remaining = iter(documents)
        words: set[str] = set()
        while chunk := list(islice(remaining, _CHUNK)):
            encoded = list(map(encode, chunk))
            with writing(self._storage.location):
                for document in encoded:
                    writer.add_json(document)
            words |= words_of(chunk)
            if len(words) > MAX_WORDS:
                self._keep(words)
                words.clear()
        self._keep(words)
        self._commit(writer, bookmark())

    def _keep(self, words: set[str]) -> None:
        """Before the commit, whatever happens then."""
        with writing(self._storage.location):
            self._generation.lexicon.add(words)

    def _commit(self, writer: tantivy.IndexWriter, last: str) -> None:
        documents = count(self._generation.index)
        self._progress = Progress(self._progress.label, self.note, self.after, last, documents)
        self._generation.write_progress(msgspec.json.encode(self._progress))
        with writing(self._storage.location):
            writer.commit()

    def publish(self) -> None:
        """See ``base.Filling.publish``."""
        self.close()
        self._storage.publish(self._generation.name)
        self._storage.discard_leftovers()

    def close(self) -> None:
        """Wait for segments that are being merged, and let the index go."""
        writer, self._writer = self._writer, None
        if writer is not None:
            with writing(self._storage.location):
                writer.wait_merging_threads()


def count(index: tantivy.Index) -> int:
    """How many documents the last commit holds."""
    index.reload()
    return int(index.searcher().num_docs)


def _left(storage: Storage, label: str) -> tuple[Generation, Progress] | None:
    for generation, written in storage.unfinished():
        progress = msgspec.json.decode(written, type=Progress)
        if progress.label == label:
            if count(generation.index) == progress.documents:
                progress = msgspec.structs.replace(progress, after=progress.before)
            return generation, progress
        storage.discard(generation.name)
    return None


def _begun(storage: Storage, progress: Progress) -> tuple[Generation, Progress]:
    with writing(storage.location):
        generation = storage.new_generation()
        generation.write_progress(msgspec.json.encode(progress))
    return generation, progress

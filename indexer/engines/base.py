"""The port that every search engine implements. An index is disposable: SQL is the truth and can fill it
again.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from indexer.document import Document
from indexer.query import Query, SearchResult


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What an engine can do beyond the contract every engine keeps. Asked for here, never by an engine's
    name.
    """

    persistent: bool
    shared: bool  # several processes may write at once


@dataclass(frozen=True, slots=True)
class Deletion:
    """Take ``id`` out of the index, unless a document of a higher version is there. Later, a document of this
    version or a lower one does not come back.
    """

    id: str
    version: int


@dataclass(frozen=True, slots=True)
class IndexStatus:
    """How many documents are searchable, how large the index is (bytes, None if unknown) and where it is."""

    documents: int
    size: int | None
    location: str


class Engine(Protocol):
    """A search engine.

    Errors: ``IndexUnavailable`` where a call may succeed later (away, or another process is writing),
    ``ConfigurationError`` where it cannot (wrong address, an index of another schema: rebuild).
    """

    @property
    def capabilities(self) -> Capabilities: ...

    @property
    def needs_rebuild(self) -> bool:
        """Whether the index is of another schema than this version's, or damaged: until ``rebuild``,
        ``apply``, ``search`` and ``status`` raise ``ConfigurationError``. (An index that is merely empty is
        not told from a new one here.)
        """
        ...

    def apply(self, changes: Sequence[Document | Deletion]) -> None:
        """Write a batch, durable and searchable when this returns. All of it or, with an error, a part that
        may be applied again: applying twice, or out of order, ends in the state of the highest version of
        each id.
        """
        ...

    def search(self, query: Query) -> SearchResult:
        """Answer a checked query (``indexer.query.check``). Totals and facet counts are exact."""
        ...

    def rebuild(self, documents: Iterable[Document]) -> int:
        """Fill a fresh index from ``documents`` and swap it in; the old one answers until then. Gives their
        number.
        """
        ...

    def status(self) -> IndexStatus: ...

    def close(self) -> None:
        """Let go of files and connections."""
        ...

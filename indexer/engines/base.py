"""The port that every search engine implements. An index is disposable: SQL is the truth and can fill it
again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol

from indexer.document import Document
from indexer.query import Condition, Query, SearchResult


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


class Filling(Protocol):
    """A fresh index on its way."""

    @property
    def note(self) -> str:
        """What whoever began it wanted to remember."""
        ...

    @property
    def after(self) -> str:
        """The bookmark of the last document that is safe here; empty before the first."""
        ...

    def add(self, documents: Iterable[Document], bookmark: Callable[[], str]) -> None:
        """Index more documents. When this returns they are safe, and ``after`` is what ``bookmark`` said of the last.

        One that was given before, as it was then, may come again: it has been queued as a change.
        """
        ...

    def publish(self) -> None:
        """Make this the index that answers, in one step for everyone, and remove the old one."""
        ...


class Engine(Protocol):
    """A search engine.

    Errors: ``IndexUnavailable`` where a call may succeed later (away, or another process is writing),
    ``ConfigurationError`` where it cannot (wrong address, an index of another schema: rebuild).
    """

    @property
    def capabilities(self) -> Capabilities: ...

    @property
    def needs_rebuild(self) -> bool:
        """Whether the index is of another schema than this version's, or damaged: until a fresh one
        is published, ``apply``, ``search`` and ``status`` raise ``ConfigurationError``. (An index that is
        merely empty is not told from a new one here.)
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

    def words_near(self, word: str, edits: int) -> tuple[str, ...]:
        """Words of any text of any record that are spelt nearly as ``word`` is, see ``indexer.nearness.nearest``.

        Words are folded and not stemmed, as ``word`` has to be (``analysis.fold``). There may be words among them that
        only deleted records had: who offers one looks whether anything has it.
        """
        ...

    def worth(self, conditions: Sequence[Condition], record_id: str) -> tuple[float | None, ...]:
        """The relevance that each condition alone gives one record; None where the record does not match it."""
        ...

    def filling(self, label: str, note: str) -> AbstractContextManager[Filling]:
        """A fresh index, to be filled and published; until then the old one answers.

        It goes on with what an earlier one, which ended before it was published, has left under the same ``label``,
        and keeps the ``note`` of that one. What was left under another label is removed.
        """
        ...

    def status(self) -> IndexStatus: ...

    def census(self) -> Iterator[tuple[str, int]]:
        """Id and version of every document, in no order; those that come and go meanwhile may be seen or not."""
        ...

    def close(self) -> None:
        """Let go of files and connections."""
        ...

"""What a reader is: bytes to nodes, paths to functions that find nodes, nodes to text."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

from mappings.record import RawRecord

Select = Callable[[Any], Sequence[Any]]
"""Gives the nodes that a path finds from a node, in document order."""
Namespaces = Mapping[str, Sequence[str]]
"""Prefix to the namespaces it stands for; a path with such a prefix finds nodes in any of them."""
Report = Callable[[str, str | None], None]
"""Takes a sentence about something wrong in the source, and its place."""


class Reader(Protocol):
    """One way of reading bytes. Readers have no state; nodes are whatever suits them.

    ``open`` raises ``UnreadableRecord``; ``select`` raises ``ValueError`` where the path is not one that
    the reader knows.
    """

    def open(self, raw: RawRecord, content: bytes, report: Report, /) -> Any: ...

    def select(self, path: str, namespaces: Namespaces, /) -> Select: ...

    def text(self, node: Any, /) -> str | None: ...

    def place(self, node: Any, /) -> str | None: ...

    def describe(self, root: Any, /) -> str: ...


def decoded(content: bytes) -> str:
    """Text of bytes that name no encoding: UTF-8, else Latin-1 (which DAP 2 servers of old send)."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("latin-1")

"""Cursors as they stand in URLs: opaque, signed, and good for one search alone.

``cursor=*`` begins a walk through all hits; each page names the cursor of the next.
"""

from __future__ import annotations

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NoBase64
from dataclasses import dataclass, replace
from hashlib import blake2b

import msgspec

from indexer.query import Cursor
from mappings.errors import InvalidQuery
from search_ui.parameters import SearchState

BEGINNING = "*"
MAX_CURSOR = 8000
"""Characters; a cursor of a cluster grows with the number of its shards."""
_SIGNATURE = 16


@dataclass(frozen=True, slots=True)
class _Written:
    """``least``: how many of the words hits must have; ``q``: what was searched for instead: as the first page says."""

    cursor: Cursor
    least: int | None
    q: str | None


@dataclass(frozen=True, slots=True)
class Cursors:
    """Writes cursors, and reads them back. ``secret`` is the application's key."""

    secret: str

    def write(self, cursor: Cursor, asked: SearchState, answered: SearchState) -> str:
        """The text of a cursor for the search ``asked``, whose first page was that of ``answered``."""
        content = msgspec.json.encode(
            _Written(cursor, answered.least, answered.q if answered.q != asked.q else None)
        )
        return urlsafe_b64encode(self._signature(content, asked) + content).decode().rstrip("=")

    def read(self, text: str, state: SearchState) -> tuple[Cursor, SearchState]:
        """The cursor, and the search as it was asked in the end. Raises ``InvalidQuery`` for one that is none of ours,
        or of another search.
        """
        if text == BEGINNING:
            return Cursor(), state
        try:
            if len(text) > MAX_CURSOR:
                raise ValueError("too long")
            signed = urlsafe_b64decode(text.encode("ascii") + b"=" * (-len(text) % 4))
            signature, content = signed[:_SIGNATURE], signed[_SIGNATURE:]
            written = msgspec.json.decode(content, type=_Written)
        except (ValueError, NoBase64, msgspec.DecodeError) as error:
            raise _refused() from error
        if not hmac.compare_digest(signature, self._signature(content, state)):
            raise _refused()
        return written.cursor, replace(state, least=written.least, q=written.q or state.q)

    def _signature(self, content: bytes, state: SearchState) -> bytes:
        key = blake2b(self.secret.encode(), digest_size=32).digest()
        question = f"{state.where()!r} {state.order} {state.priors}".encode()
        signed = blake2b(question, key=key, digest_size=_SIGNATURE, person=b"cursor")
        signed.update(b"\0" + content)
        return signed.digest()


def _refused() -> InvalidQuery:
    return InvalidQuery(
        "cursor", "is not one that this search has given, or was changed; begin again with cursor=*"
    )

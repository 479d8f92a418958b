"""Which id a record gets: its file identifier, unless another record has it (DECISIONS.md, "Record ids")."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import blake2b
from itertools import count

MAX_IDENTIFIER = 400
"""Characters of an identifier that go into an id; of a longer one the rest becomes a digest."""


def candidates(file_identifier: str, source: str, native_id: str) -> Iterator[str]:
    """The ids a record may get, best first, without end."""
    identifier = shortened(file_identifier)
    yield identifier
    yield f"{identifier}@{source}"
    full = f"{identifier}@{source}/{shortened(native_id)}"
    yield full
    yield from (f"{full}~{number}" for number in count(2))


def shortened(identifier: str) -> str:
    """``identifier``, or of an overlong one its beginning and a digest of the whole."""
    if len(identifier) <= MAX_IDENTIFIER:
        return identifier
    digest = blake2b(identifier.encode("utf-8", "surrogatepass"), digest_size=12).hexdigest()
    return f"{identifier[: MAX_IDENTIFIER - len(digest) - 1]}~{digest}"
